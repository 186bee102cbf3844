# Sign-in
signin-title = Iniciar sesión
signin-lead = para continuar en { $client }
signin-lead-plain = en su cuenta
signin-email = Correo electrónico
signin-password = Contraseña
signin-remember = Mantener mi sesión abierta en este dispositivo
signin-submit = Iniciar sesión
signin-back = Volver a { $client }
signin-refused = El correo electrónico o la contraseña no son correctos. Revise ambos e inténtelo de nuevo.
signin-throttled = Demasiados intentos. Espere { $minutes ->
    [one] un minuto
   *[other] { $minutes } minutos
  } e inténtelo de nuevo.
signin-busy = Ahora mismo tenemos mucho trabajo. Inténtelo de nuevo en unos segundos.
signin-missing = Escriba su correo electrónico y su contraseña.
signin-too-long = Esa contraseña es demasiado larga. Una contraseña tiene como máximo 128 caracteres.
signin-again = Por su seguridad, inicie sesión de nuevo.
signin-expired-title = Este inicio de sesión ha caducado
signin-expired-text = Estuvo abierto demasiado tiempo. No se ha perdido nada: empiece de nuevo y volverá al lugar donde estaba.
signin-elsewhere-title = Este inicio de sesión pertenece a otro navegador
signin-elsewhere-text = El enlace se abrió en un navegador distinto del que lo inició. Empiece de nuevo desde la tienda.
signin-unmet-title = Se necesita un inicio de sesión más seguro
signin-show-problem = Hay un problema

# Second factor
totp-title = Escriba su código
totp-lead = Abra su aplicación de autenticación y escriba las seis cifras que muestra para esta cuenta.
totp-code = Código
totp-submit = Continuar
totp-malformed = Un código tiene seis cifras. Escriba el que su aplicación muestra ahora.
totp-wrong = Ese código no es el actual. Espere al siguiente y compruebe que la hora de su teléfono se ajusta automáticamente.
totp-used = Ese código ya se usó. Espere al siguiente.

totp-instead = Usar el código de una aplicación de autenticación
recovery-code-title = Escriba un código de recuperación
recovery-code-lead = Escriba uno de los códigos que guardó. Cada uno sirve una sola vez.
recovery-code-code = Código de recuperación
recovery-code-instead = Usar un código de recuperación
recovery-code-malformed = Un código de recuperación tiene diez letras y cifras, como 4k7xp-0w2ed.
recovery-code-wrong = Ese no es uno de sus códigos de recuperación. Revíselo o pruebe con otro.
recovery-code-used = Ese código de recuperación ya se usó. Pruebe con otro.
email-code-title = Revise su correo
email-code-lead = Podemos enviar un código a { $target }.
email-code-sent = Hay un código en camino a { $target }. Es válido durante diez minutos.
email-code-code = Código
email-code-instead = Recibir un código por correo electrónico
email-code-malformed = Un código tiene seis cifras.
email-code-wrong = Ese no es el código. Revíselo o pida otro.
email-code-used = Ese código ya no es válido. Pida otro.
sms-code-title = Revise su teléfono
sms-code-lead = Podemos enviar un código por mensaje de texto a su número terminado en { $target }.
sms-code-sent = Hay un código en camino a su número terminado en { $target }. Es válido durante diez minutos.
sms-code-code = Código
sms-code-instead = Recibir un código por mensaje de texto
sms-code-malformed = Un código tiene seis cifras.
sms-code-wrong = Ese no es el código. Revíselo o pida otro.
sms-code-used = Ese código ya no es válido. Pida otro.
challenge-send = Enviarme un código
challenge-send-again = Enviar otro código
challenge-trust = No volver a pedirlo en este dispositivo durante { $days ->
    [one] un día
   *[other] { $days } días
  }
challenge-other = ¿No puede usarlo?

# Passkeys
passkey-signin = Iniciar sesión con una llave de acceso (passkey)
passkey-title = Use su llave de acceso
passkey-lead = Use el dispositivo, el teléfono o la llave de seguridad que añadió a esta cuenta.
passkey-use = Continuar
passkey-instead = Usar una llave de acceso o una llave de seguridad
passkey-without = Su navegador no puede usar llaves de acceso aquí. Active JavaScript o elija otra forma.
passkey-failed = No se usó ninguna llave. Inténtelo de nuevo o inicie sesión de otra forma.
passkey-expired = Tardó demasiado. Inténtelo de nuevo.
passkey-unknown = No conocemos esa llave de acceso. Puede que se haya quitado de su cuenta.
passkey-unverified = Su llave no comprobó que es usted. Configure en ella un PIN o una huella digital, o inicie sesión con su contraseña.
passkey-cloned = Se rechazó esta llave porque puede existir una copia de ella. Inicie sesión de otra forma y reemplácela.
passkey-refused = Se rechazó esa llave de acceso. Inténtelo de nuevo o inicie sesión de otra forma.

# Choose account
choose-title = Elija una cuenta
choose-lead = para continuar en { $client }
choose-continue = Continuar como { $name }
choose-other = Usar otra cuenta

# Consent
consent-title = { $client } pide acceso
consent-lead = Ha iniciado sesión como { $name }. Si lo permite, { $client } podrá ver:
consent-scope-openid = que es usted, mediante un identificador creado para esa tienda
consent-scope-profile = su perfil: nombre, idioma y datos similares
consent-scope-email = su dirección de correo electrónico
consent-scope-address = su dirección postal
consent-scope-phone = su número de teléfono
consent-scope-offline_access = estos datos también cuando usted no está
consent-scope-order_facts = y anotar aquí los números de sus pedidos, para que usted pueda dar uno si pierde su cuenta
activity-order-fact-told = Una tienda anotó un pedido suyo
consent-scope-other = acceso a “{ $scope }”
consent-allow = Permitir
consent-deny = No permitir
consent-policy = Política de privacidad
consent-terms = Condiciones del servicio

# Continue by form post
post-title = Un momento
post-text = Está volviendo a { $client }.
post-submit = Continuar

# Sign-out
signout-title = ¿Cerrar sesión?
signout-text = { $client } pide cerrar su sesión. ¿Quiere cerrarla?
signout-text-plain = ¿Quiere cerrar la sesión de su cuenta en este dispositivo?
signout-submit = Cerrar sesión
signout-stay = Seguir con la sesión abierta
signed-out-title = Ha cerrado sesión
signed-out-text = Se ha cerrado su sesión en este dispositivo. Las tiendas que usó pueden mantener su sesión abierta un tiempo; ciérrela también allí si otras personas usan este dispositivo.
signed-out-again = Iniciar sesión de nuevo

# Account
account-title = Su cuenta
account-who = Ha iniciado sesión
account-name = Nombre
account-email = Correo electrónico
account-since = Sesión iniciada
account-how = Cómo
account-how-password = con su contraseña
account-how-second-factor = con su contraseña y un código
account-signout = Cerrar sesión
account-minutes-ago = { $minutes ->
    [0] hace un momento
    [one] hace un minuto
   *[other] hace { $minutes } minutos
  }
account-recovering = Alguien está recuperando su cuenta con pruebas débiles. Si no es usted, deténgalo ahora.
account-not-verified = no verificado
account-verified = verificado
account-safety-title = Protéjase
account-safety-text = Nunca le pedimos su contraseña por correo electrónico ni por teléfono. Antes de escribirla, compruebe que la barra de direcciones muestra { $host }.

# Security
security-title = Inicio de sesión y seguridad
security-lead = Cómo demuestra que es usted.
security-keys = Llaves de acceso (passkeys) y llaves de seguridad
security-no-keys = Todavía no tiene ninguna. Con una llave de acceso inicia sesión con su huella digital, su cara o el PIN de su dispositivo. Nadie puede quitársela con engaños.
security-keys-without = Su navegador no puede usar llaves de acceso aquí, o JavaScript está desactivado.
security-add-passkey = Añadir una llave de acceso
security-add-key = Añadir una llave de seguridad
security-key-whole = Basta por sí sola para iniciar sesión
security-key-second = Además de su contraseña
passkey-default-name = Llave de acceso
key-default-name = Llave de seguridad
key-failed = No se añadió nada. Inténtelo de nuevo cuando quiera.
key-taken = Esta llave ya se usa en una cuenta de aquí.
key-model = Este modelo de llave no se acepta aquí. Pregunte a la tienda cuáles se aceptan.
key-unverified = Esta llave no comprueba quién la usa. Configure en ella un PIN o una huella digital e inténtelo de nuevo.
key-refused = No funcionó. No se añadió nada; inténtelo de nuevo.
security-apps = Aplicaciones de autenticación
security-no-apps = Todavía no tiene ninguna. Con una aplicación en su teléfono, su contraseña por sí sola no abre nada.
security-name = Nombre de la aplicación o del teléfono
security-name-example = Mi teléfono
security-add-app = Añadir una aplicación de autenticación
security-remove = Quitar
security-remove-label = Quitar { $name }
security-used = { $days ->
    [0] Se usó hoy
    [one] Se usó ayer
   *[other] Se usó hace { $days } días
  }
security-added = { $days ->
    [0] Se añadió hoy
    [one] Se añadió ayer
   *[other] Se añadió hace { $days } días
  }
security-channels = Códigos por correo electrónico o mensaje de texto
security-channels-weak = Es la forma más débil: otras personas pueden leer o desviar esos mensajes. Una llave de acceso o una aplicación le protegen mejor.
security-email-codes = Códigos por correo electrónico
security-sms-codes = Códigos por mensaje de texto
security-channel-on = Activado: se le pide uno al iniciar sesión
security-channel-off = Desactivado
security-channel-start = Activar
security-channel-stop = Desactivar
security-unproven = Su dirección o su número todavía no se han verificado.
security-throttled = Demasiados mensajes. Espere un minuto e inténtelo de nuevo.
security-level = No dejar entrar a nadie sin
security-level-usual = lo que he añadido, excepto en los dispositivos de confianza
security-level-second = un segundo paso cada vez, en todos los dispositivos
security-level-strong = una llave de acceso o una llave de seguridad cada vez (entonces no basta con una aplicación o un código de recuperación)
security-level-set = Guardar
security-done-chosen = Guardado.
security-needed = Es necesario: sin esto ya no podría iniciar sesión. Añada antes otra forma.
security-devices = Dispositivos en los que no se pide un segundo paso
security-device-remove = Volver a pedirlo
security-device-remove-label = Volver a pedirlo en { $name }
security-codes = Códigos de recuperación
security-codes-left = { $left ->
    [0] Ha usado todos sus códigos.
    [one] Le queda un código.
   *[other] Le quedan { $left } códigos.
  }
security-codes-get = Obtener códigos de recuperación
security-codes-again = Obtener códigos nuevos (los anteriores dejan de servir)
codes-title = Sus códigos de recuperación
codes-why = Una cosa más: si pierde su teléfono o su llave, estos códigos le permiten entrar. Sin ellos podría perder su cuenta.
codes-lead = Cada uno sirve una sola vez, cuando no puede usar su aplicación o su llave. Solo se muestran ahora.
codes-keep = Imprima esta página o copie los códigos en un lugar seguro, lejos de su teléfono. Quien tenga uno y su contraseña puede entrar.
codes-saved = Los he guardado
codes-go-on = Continuar
security-back = Volver a su cuenta
security-done-added = Añadido. A partir de ahora se le pedirá al iniciar sesión.
security-done-saved = Sus códigos de recuperación están listos.
security-done-removed = Eliminado.
security-full = Tiene el máximo que permite una cuenta. Quite antes alguno de los que tiene.
security-link = Inicio de sesión y seguridad
account-offer = Inicie sesión más rápido la próxima vez: con una llave de acceso (passkey) basta su huella digital, su cara o un PIN.
account-offer-link = Añadir una llave de acceso
account-soon = { $days ->
    [one] A partir de mañana
   *[other] Dentro de { $days } días
  } esta cuenta necesitará una segunda forma de demostrar que es usted.
offer-title = Inicie sesión más rápido la próxima vez
offer-lead = Con una llave de acceso (passkey) en este dispositivo, inicia sesión con su huella digital, su cara o el PIN. No hay nada que recordar, y nadie puede quitársela con engaños.
offer-soon = { $days ->
    [one] A partir de mañana
   *[other] Dentro de { $days } días
  } esta cuenta necesitará una segunda forma de demostrar que es usted. Añada ahora una llave de acceso y ya lo tendrá resuelto.
offer-not-now = Ahora no
offer-other = Otras formas de demostrar que es usted
enrol-title = Un paso más
enrol-lead = { $client } pide una segunda forma de demostrar que es usted. Añada una ahora; solo tarda un minuto.
enrol-lead-plain = Esta cuenta necesita una segunda forma de demostrar que es usted. Añada una ahora; solo tarda un minuto.
enrol-totp-title = Añadir una aplicación de autenticación
enrol-totp-scan = Escanee esto con su aplicación de autenticación.
enrol-totp-qr = Código QR para su aplicación de autenticación
enrol-totp-by-hand = Escribir una clave a mano
enrol-totp-type = Escriba las seis cifras que la aplicación muestra ahora.
enrol-totp-submit = Añadir la aplicación
enrol-sign-out-elsewhere = Cerrar mi sesión en todos los demás lugares
enrol-cancel = Cancelar

# Errors
error-title = Algo no está bien
error-help = Si viene de una tienda, vuelva a ella e inténtelo de nuevo. Si sigue pasando, dé esta referencia a la tienda:
error-back = Volver a { $client }
error-home = Ir a su cuenta
error-not-found-title = Aquí no hay nada
error-not-found-text = Puede que la dirección esté mal escrita o que la página haya cambiado de lugar.
error-forbidden-title = Se rechazó esta solicitud
error-forbidden-text = La página estuvo abierta demasiado tiempo, o la solicitud llegó desde otro sitio. Vuelva atrás, recargue la página e inténtelo de nuevo.
error-unavailable-title = Volvemos enseguida
error-unavailable-text = Una parte del servicio no responde en este momento. No se ha perdido nada: inténtelo de nuevo en un minuto.
error-internal-title = Fue un error nuestro
error-internal-text = Algo falló de nuestro lado. Inténtelo de nuevo.
error-request-title = No se puede responder a esta solicitud
error-redirect-uri-title = redirect_uri no registrada
error-redirect-uri-text = La tienda nos pidió enviarle a una dirección que no ha registrado. No se le envió allí.
error-redirect-uri-missing-title = Falta redirect_uri
error-redirect-uri-missing-text = La tienda no dijo adónde enviarle después.
error-client-title = Cliente desconocido
error-client-text = No conocemos la tienda que le envió aquí.
error-logout-uri-title = post_logout_redirect_uri no registrada
error-logout-uri-text = La tienda nos pidió enviarle a una dirección que no ha registrado. No se le envió allí.
error-hint-title = Se rechazó id_token_hint
error-hint-text = La tienda envió un token que no emitimos para ella.
error-answered-title = Ya ha continuado
error-answered-text = Esta página ya se usó para volver a la tienda.

# Passwords
password-new = Contraseña nueva
password-save = Guardar la contraseña
password-hint = Al menos { $least } caracteres. Unas cuantas palabras sin relación entre sí son fáciles de recordar y difíciles de adivinar. Puede pegarla desde un gestor de contraseñas.
password-change-title = Cambie su contraseña
password-change-lead = Se cerrará su sesión en todos los demás lugares.
password-set-title = Cree una contraseña
password-set-lead = Todavía no tiene ninguna. Con una contraseña puede iniciar sesión cuando no tiene a mano su llave de acceso.
password-done = Su contraseña se ha cambiado. Se ha cerrado su sesión en todos los demás lugares.
password-empty = Escriba una contraseña nueva.
password-too-short = Es demasiado corta. Use al menos { $least } caracteres.
password-letters-digits = Use letras y cifras.
password-breached = Esa contraseña apareció en una filtración de datos: los delincuentes la tienen en sus listas. Elija otra.
password-context = Es casi solo su propio nombre o el nombre de la tienda. Elija otra cosa.
password-used-before = Ya usó esa contraseña antes. Elija otra.
password-guessable = Esa contraseña es fácil de adivinar.
password-grade-0 = Muy fácil de adivinar.
password-grade-1 = Fácil de adivinar.
password-grade-2 = Suficiente.
password-grade-3 = Segura.
password-grade-4 = Muy segura.
password-weak-keys = Las teclas vecinas son de lo primero que se prueba.
password-weak-repeats = Repetir caracteres o palabras ayuda poco.
password-weak-common = Se parece a una que usa mucha gente.
password-weak-sequences = Las secuencias como abc o 6543 ayudan poco.
password-weak-dates = Los años y las fechas son fáciles de adivinar.
password-weak-word = Una sola palabra es fácil de adivinar.
password-weak-names = Los nombres son fáciles de adivinar.
password-advice-words = Añada una o dos palabras más, sin relación entre sí.
password-advice-capitals = Las mayúsculas no ayudan mucho; más palabras, sí.
password-advice-tricks = Escribir al revés o poner cifras en lugar de letras no ayuda mucho; más palabras, sí.
password-advice-patterns = Evite repeticiones y patrones; añada palabras.
password-advice-dates = No ponga años ni fechas; añada palabras.
replace-title = Elija una contraseña nueva
replace-lead = Puede que otras personas conozcan su contraseña: apareció en una filtración de datos, o usted nos dijo que alguien más había entrado. Reemplácela y continúe.
replace-lead-staff = Las cuentas del equipo siguen reglas más estrictas para las contraseñas. Elija una que las cumpla y que no use en ningún otro sitio.
security-password = Contraseña
security-password-change = Cambiar la contraseña
security-password-set = Crear una contraseña

# Joining
signin-forgot = ¿No puede iniciar sesión?
signin-new = ¿Es su primera vez aquí?
signin-join = Crear una cuenta
join-title = Crear una cuenta
join-lead-plain = Solo tarda un minuto.
join-send = Enviarme un código
join-have = ¿Tiene una cuenta?
join-code-lead = Hemos enviado un código a { $email }. Escríbalo aquí. Si no llega nada, mire en la carpeta de correo no deseado.
join-code-proven = para { $email }
join-other = Usar otra dirección
join-email-wrong = Eso no es una dirección de correo electrónico. Revísela.
join-email-blocked = Aquí no se pueden usar direcciones de este proveedor. Use otra.
join-details-lead = Su dirección está verificada. ¿Quién es usted?
join-name = Nombre
join-birth-date = Fecha de nacimiento
join-optional = (opcional)
join-terms = Acepto las
join-name-missing = Escriba su nombre, con un máximo de 100 caracteres.
join-terms-missing = Acepte las condiciones para continuar.
join-birth-date-wrong = Escriba su fecha de nacimiento.
join-too-young = No tiene la edad necesaria para una cuenta aquí.
join-credential-title = ¿Cómo va a iniciar sesión?
join-credential-lead = Con una llave de acceso (passkey) basta su huella digital, su cara o el PIN de este dispositivo: no hay nada que recordar, y nadie puede quitársela con engaños.
join-passkey = Crear una llave de acceso
join-or = o con una contraseña
join-password = Crear la cuenta

# Sessions, shops, activity, messages
ago-minutes = { $count ->
    [0] hace un momento
    [one] hace un minuto
   *[other] hace { $count } minutos
  }
ago-hours = { $count ->
    [one] hace una hora
   *[other] hace { $count } horas
  }
ago-days = { $count ->
    [one] hace un día
   *[other] hace { $count } días
  }
sessions-title = Dónde tiene la sesión abierta
sessions-lead = ¿Hay algo que no conoce? Cierre esa sesión.
sessions-this = esta
sessions-unknown = Dispositivo desconocido
sessions-begun = desde { $when }
sessions-seen = se usó { $when }
sessions-end-label = Cerrar sesión en { $name }
sessions-end-others = Cerrar sesión en todos los demás lugares
sessions-not-me = Hay alguien más aquí: proteger mi cuenta
shops-title = Tiendas conectadas
shops-lead = Estas tiendas pueden ver datos suyos.
shops-none = No comparte nada con ninguna tienda.
shops-remove = Desconectar
shops-remove-label = Desconectar { $name }
shops-note = Después, la tienda tendrá que volver a pedirle permiso. Lo que ya sabe, lo conserva según sus propias reglas.
activity-title = Qué ha pasado
activity-lead = Todo lo que se hizo en su cuenta, lo más reciente primero.
activity-older = Anteriores
activity-note = ¿Hay algo que no hizo usted? Proteja su cuenta:
activity-decision-judged = Nuestro personal revisó un inicio de sesión o un pedido suyo que era inusual
activity-change-held = Se retuvo un cambio porque el inicio de sesión anterior parecía inusual
activity-signin-confirmed = Usted dijo que un inicio de sesión inusual fue suyo
activity-signed-in = Usted inició sesión
activity-signin-advanced = Se superó el primer paso de un inicio de sesión
activity-signin-refused = Se rechazó un inicio de sesión
activity-challenge-refused = Se rechazó un segundo paso
activity-session-replaced = Se cerró su sesión, porque otra persona inició sesión en el mismo navegador
activity-session-ended = Usted cerró la sesión en otro navegador
activity-signed-out = Usted cerró sesión
activity-code-sent = Se le envió un código
activity-code-not-sent = Se pidió un código demasiadas veces y no se envió
activity-device-trusted = Usted eligió confiar en un dispositivo
activity-device-distrusted = Usted dejó de confiar en un dispositivo
activity-passkey-cloned = Se rechazó una llave, porque puede existir una copia de ella
activity-address-checked = Una tienda hizo comparar una dirección con las de su cuenta
activity-authenticator-added = Usted añadió una forma de iniciar sesión
activity-level-raised = Desde entonces ese inicio de sesión vale más
activity-authenticator-removed = Usted quitó una forma de iniciar sesión
activity-authenticator-refused = No se añadió una forma de iniciar sesión
activity-level-chosen = Usted eligió el nivel de seguridad de su inicio de sesión
activity-recovery-codes-given = Usted obtuvo códigos de recuperación nuevos
activity-recovery-codes-kept = Usted guardó sus códigos de recuperación en un lugar seguro
activity-password-changed = Se cambió su contraseña
activity-password-flagged = Su contraseña apareció en una filtración de datos
activity-account-secured = Usted dijo “No fui yo”: se cerraron todas las sesiones
activity-customer-joined = Usted creó esta cuenta
activity-customer-added = La tienda creó esta cuenta para usted
activity-customer-changed = La tienda cambió su cuenta
activity-recovery-begun = Se inició una recuperación de su cuenta
activity-recovery-proof = Se presentó una prueba en una recuperación
activity-recovery-waits = Una recuperación con pruebas débiles empezó a esperar
activity-recovery-stopped = Se detuvo una recuperación
activity-account-recovered = Se recuperó su cuenta
activity-contact-changed = Se cambió una dirección o un número
activity-contact-restored = Se deshizo un cambio
activity-sharing-ended = Usted desconectó una tienda
activity-consent-given = Usted permitió que una tienda vea sus datos
activity-purchase-confirmed = Confirmó una compra
activity-consent-denied = Usted no permitió que una tienda vea sus datos
activity-message-checked = Usted preguntó si un mensaje era nuestro
activity-why-unusual = Inusual: { $reasons }
activity-why-new-device = Desde un navegador que era nuevo para nosotros.
activity-why-second-factor = Pedimos algo más, porque su cuenta está protegida con un segundo paso.
activity-why-wrong-password = La contraseña era incorrecta.
activity-why-wrong = Lo que se presentó era incorrecto.
activity-why-used = El código ya se había usado.
activity-why-throttled = Hubo demasiados intentos.
activity-why-locked = La cuenta estaba bloqueada.
activity-why-cloned = Puede existir una copia de la llave.
activity-why-foreign = El mensaje no era nuestro.
activity-why-altered = No era lo que habíamos enviado.
activity-why-replayed = Se lo habíamos enviado a otra persona.
messages-title = Mensajes nuestros
messages-lead = Aquí están todos los mensajes que le hemos enviado. Lo que no está aquí, no es nuestro.
messages-verify = Comprobar un mensaje
messages-none = Todavía no le hemos enviado ningún mensaje.
messages-text = Mensaje de texto
verify-title = ¿Es nuestro este mensaje?
verify-lead = Pegue un mensaje o escriba el código que aparece al final. Le diremos si lo enviamos nosotros.
verify-label = Mensaje o código
verify-submit = Comprobar
verify-note = Nunca le pedimos su contraseña ni un código por correo, mensaje de texto o teléfono. Si alguien se los pide, no somos nosotros.
verify-when = Se envió { $when }.
verify-safe = Cuidar mi cuenta
verify-genuine-title = Sí, es nuestro.
verify-genuine-text = Enviamos un mensaje con este código. Si lo pegó entero, su texto también es nuestro.
verify-went-to = Se envió a { $to }. Si no es usted, alguien se lo pasó: no haga lo que dice. Se compararon palabras, no enlaces: mire a dónde lleva un enlace antes de abrirlo.
verify-altered-title = No. Alguien alteró este mensaje.
verify-altered-text = Lleva el código de un mensaje nuestro, pero su texto no es nuestro. No siga ningún enlace que contenga. Hemos anotado su aviso.
verify-replayed-title = Este mensaje no se le envió a usted.
verify-replayed-text = Se lo enviamos a otra persona. Quien se lo pasó intenta engañarle.
verify-foreign-title = No, no es nuestro.
verify-foreign-text = No enviamos ese mensaje. No siga ningún enlace que contenga y no dé un código a nadie. Hemos anotado su aviso.
verify-throttled-title = Demasiadas consultas.
verify-throttled-text = Inténtelo de nuevo en una hora.

# Privacy
privacy-title = Sus datos
privacy-export-title = Lléveselos
privacy-export-text = Todo lo que se guarda sobre usted, en un solo paquete: una página para leer y un archivo para máquinas.
privacy-export = Descargar mis datos
privacy-archive-title = Lo que se guarda sobre usted
privacy-erase-title = Irse
privacy-erase-text = Su cuenta y todo lo que contiene se borran después de { $days } días. Hasta entonces puede iniciar sesión y conservarla. Después, nadie puede recuperarla.
privacy-sure = Quiero que se borre mi cuenta
privacy-unticked = Marque la casilla si de verdad quiere irse.
privacy-erase = Borrar mi cuenta
privacy-leaving = { $days ->
    [0] Su cuenta se borrará en unas horas.
    [one] Su cuenta se borrará mañana.
   *[other] Su cuenta se borrará en { $days } días.
  }
privacy-keep = Conservar mi cuenta
activity-erasure-asked = Usted pidió que se borrara su cuenta
activity-erasure-cancelled = Usted conserva su cuenta
activity-data-exported = Usted descargó sus datos

# Profile and addresses
language-name = Español
profile-title = Su perfil
profile-lead = Las tiendas reciben la parte que usted les deja ver.
profile-given-name = Nombre
profile-family-name = Apellidos
profile-nickname = Apodo
profile-language = Idioma de nuestros mensajes
profile-language-browser = el de mi navegador
profile-birth-date-fixed = Solo puede cambiarla el servicio de atención al cliente de la tienda.
profile-saved = Guardado.
profile-nameless = Escriba su nombre.
profile-long = Un nombre tiene como máximo 100 caracteres.
addresses-title = Sus direcciones
addresses-lead = Adonde llegan sus pedidos. La primera se comunica a las tiendas a las que usted deja verla.
addresses-none = Todavía no tiene ninguna.
addresses-preferred = Se comunica a las tiendas
addresses-add = Añadir una dirección
addresses-edit = Cambiar
addresses-edit-label = Cambiar { $line }
addresses-edit-title = Cambiar una dirección
addresses-prefer = Poner en primer lugar
addresses-save = Guardar
addresses-saved = Guardado. También se lo hemos comunicado por correo.
addresses-back = Volver a sus direcciones
addresses-full = Tiene el máximo que permite una cuenta. Quite antes una.
addresses-recipient = Destinatario, si no es usted
addresses-recipient-long = Un nombre tiene como máximo 100 caracteres.
addresses-street = Calle y número
addresses-postal-code = Código postal
addresses-locality = Localidad
addresses-region = Estado, provincia o prefectura
addresses-region-when = (si se usa en su país)
addresses-country = País
addresses-wrong = Revise los campos marcados.
addresses-wrong-street = Escriba la calle y el número, en tres líneas como máximo.
addresses-wrong-postal-code = Ese no es un código postal de este país.
addresses-wrong-locality = Escriba la localidad.
addresses-wrong-region = Este país necesita el estado, la provincia o la prefectura; si tiene una abreviatura, como CA, escríbala.
addresses-wrong-country = Elija el país.
addresses-frozen = Su cuenta está en pausa durante un día, porque usted nos dijo que alguien más había entrado. Inténtelo de nuevo mañana.
addresses-stale = Mientras tanto se cambió otra cosa. Inténtelo de nuevo.
addresses-unknown = Esa dirección no existe.
addresses-same = Es lo que ya tiene.
activity-address-changed = Usted cambió sus direcciones postales
activity-profile-changed = Usted cambió su perfil

# Contact
contact-title = Cómo le contactamos
contact-lead = Un cambio se verifica en la dirección nueva y se comunica a la anterior. Desde allí se puede deshacer durante tres días.
contact-email = Dirección de correo electrónico
contact-email-none = Todavía ninguna.
contact-email-new = Nueva dirección de correo electrónico
contact-backup-email = Segundo buzón
contact-backup-email-none = Todavía ninguno. Con un segundo buzón, mejor en otro proveedor, recupera su cuenta con más facilidad y se entera de lo que pasa en ella.
contact-backup-email-new = Dirección del segundo buzón
contact-phone = Teléfono
contact-phone-none = Todavía ninguno.
contact-phone-new = Número nuevo, en formato internacional, como +44 20 7946 0000
contact-add = Añadir
contact-change = Cambiar
contact-sent = Si { $target } se puede usar aquí, hay un código en camino. Es válido durante diez minutos.
contact-changed = Cambiado. Se avisó a la dirección anterior.
contact-removed = Eliminado. Se le avisó por correo.
contact-refused-form = Esa no es una dirección ni un número que podamos usar. Revíselo.
contact-refused-same = Es lo que ya tiene.
contact-refused-frozen = Su cuenta está en pausa durante un día, porque usted nos dijo que alguien más había entrado. Inténtelo de nuevo mañana.
contact-refused-throttled = Demasiados mensajes o intentos. Espere unos minutos e inténtelo de nuevo.
contact-refused-no-way = Aquí no podemos enviar mensajes de texto, así que no se puede verificar un número.
contact-refused-code = Ese no es el código. Revíselo o pida otro.
undo-ask-title = ¿Deshacer este cambio?
undo-ask-text = Con solo pulsar el botón, su cuenta vuelve a estar como antes del cambio: direcciones, teléfono, perfil, contraseña y formas de iniciar sesión. Se cierran todas las sesiones y no se puede cambiar nada durante un día.
undo-submit = Deshacer
undo-note = Si el cambio lo hizo usted, no tiene que hacer nada. Cierre esta página.
undo-done-title = Su cuenta está como antes
undo-done-text = Se deshizo el cambio, con todo lo que se cambió después, y se cerraron todas las sesiones. Inicie sesión y elija una contraseña nueva: puede que otra persona conozca la anterior.
undo-expired-title = Este enlace ya no es válido
undo-expired-text = Ya se usó, o han pasado los tres días. Si otra persona cambió su cuenta, recupérela o pregunte al servicio de atención al cliente de la tienda.

# Recovery
recovery-title = Recupere su cuenta
recovery-lead = Escriba la dirección de correo electrónico de su cuenta. Le enviaremos allí un código.
recovery-back = Volver al inicio de sesión
recovery-prove-lead = Si hay una cuenta con { $email }, hay un código en camino. Escríbalo aquí.
recovery-no-mailbox = No puedo entrar en este buzón
recovery-no-mailbox-text = Entonces presente otra cosa que solo usted tiene.
recovery-more-title = Presente algo más
recovery-more-lead = Su cuenta está protegida con un segundo paso, así que una sola prueba no basta. Presente otra.
recovery-may-wait-lead = Lo que ha presentado basta si pasan { $hours } horas sin que nadie se oponga. Le avisamos por todos los canales de su cuenta.
recovery-wait = Empezar las { $hours } horas
recovery-faster = O presente algo más y termine antes
recovery-show = Presentar
recovery-desk = ¿No puede presentar nada más? Entonces pregunte al servicio de atención al cliente de la tienda.
recovery-waiting-title = Su cuenta se está recuperando
recovery-waiting-lead = { $hours ->
    [one] En una hora aproximadamente
   *[other] En unas { $hours } horas
  } podrá elegir nuevas formas de iniciar sesión.
recovery-waiting-text = Se lo hemos comunicado por todos los canales de su cuenta, con un enlace para detenerlo. Cuando pase el tiempo, un correo le dirá cómo continuar. Puede cerrar esta página.
recovery-finish-password = Después podrá continuar. Si su cuenta tiene un segundo paso, se le pedirá como siempre.
recovery-finish-factor = Se quitan sus formas anteriores de iniciar sesión y se cierran todas las sesiones.
recovery-vetoed-title = Se detuvo esta recuperación
recovery-vetoed-text = La persona titular de la cuenta dijo que no la había pedido. Si esa persona es usted y no dijo eso, pregunte al servicio de atención al cliente de la tienda.
recovery-over-title = Esta recuperación ha terminado
recovery-over-text = Estuvo abierta demasiado tiempo, se inició otra o la cuenta se cambió mientras tanto. No se ha perdido nada: empiece de nuevo.
recovery-done-title = Tiene una contraseña nueva
recovery-done-text = Inicie sesión con ella.
recovery-again = Empezar de nuevo
recovery-lost-factor = Tampoco puedo usar mi aplicación, mi llave de acceso ni mi teléfono para el segundo paso
recovery-have-factor = Sí tengo mi segundo paso
recovery-too-new = se cambió hace poco y aún no cuenta
recovery-mailbox-name = Su buzón
recovery-mailbox-label = Código de su buzón
recovery-mailbox-lead = Podemos enviar un código a { $target }.
recovery-mailbox-wrong = Ese no es el código. Revíselo o pida otro.
recovery-second-mailbox-name = Su segundo buzón
recovery-second-mailbox-label = Código de su segundo buzón
recovery-second-mailbox-lead = Podemos enviar un código a su segundo buzón, { $target }.
recovery-second-mailbox-wrong = Ese no es el código. Revíselo o pida otro.
recovery-phone-name = Su teléfono
recovery-phone-label = Código de su teléfono
recovery-phone-lead = Podemos enviar un código por mensaje de texto a su número terminado en { $target }.
recovery-phone-wrong = Ese no es el código. Revíselo o pida otro.
recovery-passkey-name = Su llave de acceso o llave de seguridad
recovery-passkey-label = Si aún tiene una llave de acceso (passkey) o una llave de seguridad de esta cuenta, úsela.
recovery-passkey-use = Usar mi llave
recovery-passkey-wrong = No se ha aceptado. Inténtelo de nuevo o muestre otra cosa.
recovery-recovery-code-name = Un código de recuperación
recovery-recovery-code-label = Un código de recuperación que usted guardó
recovery-recovery-code-wrong = Ese no es uno de sus códigos de recuperación. Revíselo o pruebe con otro.
recovery-password-name = Su contraseña
recovery-password-label = Su contraseña
recovery-password-wrong = Esa no es la contraseña.
recovery-trusted-device-name = Un dispositivo de confianza
recovery-past-order-name = Un pedido suyo
recovery-past-order-label = El número de un pedido de hace más de tres días
recovery-past-order-wrong = No conocemos ese pedido.
recovery-link-stop-title = ¿Detener la recuperación?
recovery-link-stop-text = Alguien está recuperando su cuenta con pruebas débiles. Si no es usted, deténgalo.
recovery-link-stop-submit = No soy yo: detener
recovery-link-stopped-title = La recuperación se ha detenido
recovery-link-stopped-text = No entró nadie. Si usted no la pidió, puede que alguien lea su correo o sus mensajes: cambie también la contraseña de su buzón.
recovery-link-go-on-title = Recupere su cuenta
recovery-link-go-on-text = La espera ha terminado y nadie se opuso. Continúe en este navegador.
recovery-link-go-on-submit = Continuar
recovery-link-expired-title = Este enlace ya no es válido
recovery-link-expired-text = Ya se usó, es demasiado antiguo o la recuperación se detuvo.

# This was not me
not-me-ask-title = ¿No fue usted?
not-me-about = Le avisamos de esto: { $subject }
not-me-ask-text = Con solo pulsar el botón, se cierran todas las sesiones en todas partes, su contraseña deja de servir hasta que la reemplace y sus direcciones no se pueden cambiar durante un día.
not-me-submit = No fui yo: proteger mi cuenta
not-me-note = Si fue usted, no tiene que hacer nada. Cierre esta página.
not-me-done-title = Su cuenta está protegida
not-me-done-text = Se cerraron todas las sesiones. Nadie puede cambiar sus direcciones durante un día. Ahora elija una contraseña nueva.
not-me-signin-title = ¿Fue usted?
not-me-me-submit = Sí, fui yo
not-me-me-note = Si fue usted, no le pasa nada a su cuenta. Su respuesta nos ayuda a distinguirle de otras personas, y los cambios que esperaban ya no tienen que esperar.
not-me-known-title = Gracias
not-me-known-text = Ahora sabemos que fue usted. No se ha cambiado nada en su cuenta, y lo que esperaba puede hacerse ya.
held-title = Este cambio espera
held-text = Su último inicio de sesión parecía inusual. Durante { $hours -> 
    [one] una hora más
   *[other] { $hours } horas más
} nadie puede cambiar cómo inicia sesión, cómo le contactamos ni adónde se envían los pedidos.
held-faster = No tiene que esperar si hace una de estas cosas:
held-mail = Abra nuestro mensaje sobre este inicio de sesión y diga allí que fue usted.
held-browser = Inicie sesión con un navegador que ya haya usado aquí.
held-factor = Inicie sesión con una llave de acceso o su aplicación de autenticación, si la tiene.
held-why = Un ladrón que encontró su contraseña cambiaría primero su dirección. Este es el tiempo en que usted lo notaría.
held-back = A mi cuenta
not-me-used-title = Este enlace ya cumplió su función
not-me-used-text = Ya se usó, o se usó otro enlace igual. Si todavía no ha reemplazado su contraseña, hágalo ahora.
not-me-expired-title = Este enlace ya no es válido
not-me-expired-text = Es demasiado antiguo o no está completo. Todavía puede iniciar sesión y cambiar su contraseña, o recuperar su cuenta.
not-me-recover = Recuperar mi cuenta
not-me-code-title = ¿No pidió usted este código?
not-me-code-text = Alguien escribió su dirección para recuperar su cuenta. Sin el código no entra nadie. Con pulsar una vez se termina lo que empezó.
not-me-code-submit = No fui yo: terminarlo
not-me-stopped-title = Se ha terminado
not-me-stopped-text = El código ya no sirve. Si cree que alguien lee su correo, inicie sesión, elija otra dirección y proteja allí su cuenta.

# Mail
mail-phrase = Su frase: { $phrase }
mail-foot = --
    { $brand }. ¿Es nuestro este mensaje? Escriba su código { $code } en { $link }
mail-code-link = O abra esta página en el mismo navegador y pulse allí el botón: { $link }
mail-not-me = Si no fue usted, pulse el botón de esta página. Funciona sin iniciar sesión: { $link }
mail-new-device-subject = Nuevo inicio de sesión en su cuenta
mail-new-device-text = Alguien inició sesión en su cuenta desde un navegador que no habíamos visto antes.

    Si fue usted, no tiene que hacer nada.
mail-password-changed-subject = Se cambió su contraseña
mail-password-changed-text = Se cambió la contraseña de su cuenta. Se cerraron todas las sesiones.
mail-password-breached-subject = Los delincuentes conocen su contraseña
mail-password-breached-text = La contraseña de su cuenta en { $brand } está en una lista que viene de una filtración de datos. La filtración no tiene por qué haber ocurrido aquí: muchas personas usan la misma contraseña en varios lugares.

    Elija una nueva, también en los demás lugares donde la usa: { $link }
mail-locked-subject = Se bloqueó su cuenta
mail-locked-text = El personal de la tienda bloqueó su cuenta. Póngase en contacto con la tienda para que la abran de nuevo.
mail-authenticator-added-subject = Se añadió una nueva forma de iniciar sesión
mail-authenticator-added-text = Se añadió a su cuenta una nueva forma de iniciar sesión: una aplicación de autenticación, una llave de acceso, una llave de seguridad o códigos por mensaje. Puede verla aquí: { $link }
mail-authenticator-removed-subject = Se quitó una forma de iniciar sesión
mail-authenticator-removed-text = Se quitó de su cuenta una forma de iniciar sesión: una aplicación de autenticación, una llave de acceso, una llave de seguridad o códigos por mensaje. Puede ver aquí las que quedan: { $link }
mail-recovery-code-used-subject = Se usó un código de recuperación
mail-recovery-code-used-text = Alguien inició sesión en su cuenta con su contraseña y uno de sus códigos de recuperación. Cada uno sirve una sola vez.
mail-passkey-cloned-subject = Se rechazó una llave de seguridad
mail-passkey-cloned-text = Alguien intentó iniciar sesión en su cuenta con una llave suya que puede haber sido copiada. Se rechazó.

    Quite esa llave y añada otra: { $link }
mail-few-recovery-codes-subject = Le quedan pocos códigos de recuperación
mail-few-recovery-codes-text = Alguien inició sesión en su cuenta con su contraseña y uno de sus códigos de recuperación. Le quedan pocos: obtenga códigos nuevos en { $link }
mail-already-joined-subject = Ya tiene una cuenta
mail-already-joined-text = Alguien, quizá usted, quiso crear una cuenta en { $brand } con esta dirección. Ya existe una, y no se cambió nada.

    Si fue usted, inicie sesión aquí; allí también puede elegir una contraseña nueva: { $link }
mail-welcome-subject = Le damos la bienvenida a { $brand }
mail-welcome-text = Su cuenta está lista. En ella puede ver cómo inicia sesión, dónde tiene la sesión abierta y todos los mensajes que le hemos enviado: { $link }
mail-recovery-waits-subject = Alguien está recuperando su cuenta
mail-recovery-waits-text = Alguien, quizá usted, está recuperando su cuenta en { $brand } y no puede presentar muchas pruebas. En { $hours } horas, esa persona podrá elegir nuevas formas de iniciar sesión.

    Si es usted, no tiene que hacer nada. Si no lo es, deténgalo ahora; basta con pulsar un botón, y funciona sin iniciar sesión: { $link }
mail-recovery-ready-subject = Ya puede recuperar su cuenta
mail-recovery-ready-text = La espera ha terminado y nadie se opuso. Continúe aquí en el plazo de un día: { $link }
mail-recovered-subject = Se recuperó su cuenta
mail-recovered-text = Se recuperó su cuenta: tiene una contraseña nueva, y se quitaron sus formas anteriores de iniciar sesión. Se cerraron todas las sesiones. Puede verla aquí: { $link }
mail-contact-undo-subject = Cambio en su cuenta: { $what }
mail-contact-undo-text = En su cuenta en { $brand } se cambió lo siguiente: { $what }.

    Si fue usted, no tiene que hacer nada. Si no fue usted, deshaga el cambio con solo pulsar un botón; funciona durante tres días, sin iniciar sesión, y restaura todo lo que se cambió desde entonces: { $link }
mail-address-changed-subject = Se cambiaron sus direcciones postales
mail-address-changed-text = En su cuenta en { $brand } se añadió o se cambió una dirección postal, o se puso otra en primer lugar. Puede verlo aquí: { $link }
mail-contact-changed-subject = Esta es ahora la dirección de su cuenta
mail-contact-changed-text = A partir de ahora, los correos de su cuenta en { $brand } llegan a esta dirección. Puede verlo aquí: { $link }
mail-restored-subject = Su cuenta está como antes
mail-restored-text = Se deshizo un cambio de su dirección, y con él todo lo que se cambió después. Se cerraron todas las sesiones. No se puede cambiar nada durante un día.

    Inicie sesión en el propio sitio de la tienda y elija una contraseña nueva: puede que otra persona conozca la anterior.
mail-erasure-asked-subject = Su cuenta se borrará
mail-erasure-asked-text = Como usted pidió, su cuenta en { $brand } y todo lo que contiene se borrarán en { $days } días, y se cerraron todas las sesiones. Hasta entonces puede conservarla: inicie sesión en { $link }

    Si no fue usted, inicie sesión, conserve su cuenta y cambie su contraseña.
mail-kept-subject = Usted conserva su cuenta
mail-kept-text = Su cuenta no se borrará. Puede verla aquí: { $link }
mail-erased-subject = Se borró su cuenta
mail-erased-text = Se borró su cuenta en { $brand }, con todo lo que contenía. Las copias de seguridad que todavía guardan una copia de su clave desaparecen después de 30 días; sin la clave, no se puede leer nada de ella.

    Este es el comprobante, firmado por nosotros. Guárdelo si quizá quiera demostrar la fecha:

    { $receipt }

    Este es el último correo que recibe de nosotros.
mail-secured-subject = Su cuenta está protegida
mail-secured-text = Como nos dijo que no fue usted, se cerraron todas las sesiones, su contraseña debe reemplazarse antes de que abra nada y sus direcciones no se pueden cambiar durante un día.

    Inicie sesión o recupere su cuenta en el propio sitio de la tienda, y elija una contraseña nueva.
mail-code-signin-subject = Su código para iniciar sesión
mail-code-signin-text = Su código es { $code }. Es válido durante diez minutos para iniciar sesión en su cuenta en { $brand }, y para nada más.

    Escríbalo solo en la página donde lo pidió. Nadie de la tienda se lo pedirá nunca, ni por teléfono ni de otra forma. Si usted no lo pidió, alguien conoce su contraseña: cámbiela.
mail-code-purchase-subject = Su código para confirmar una compra
mail-code-purchase-text = Su código es { $code }. Confirma una compra de { $amount } en { $shop }, y nada más. Es válido durante diez minutos.

    Escríbalo solo en la página donde está comprando. Nadie de la tienda se lo pedirá nunca, ni por teléfono ni de otra forma. Si usted no está comprando esto, alguien conoce su contraseña: cámbiela.
mail-code-password-subject = Su código para elegir una contraseña nueva
mail-code-password-text = Su código es { $code }. Es válido durante diez minutos para elegir una contraseña nueva para su cuenta en { $brand }, y para nada más.

    Escríbalo solo en la página donde lo pidió. Nadie de la tienda se lo pedirá nunca, ni por teléfono ni de otra forma.
mail-code-signup-subject = Su código para crear una cuenta
mail-code-signup-text = Su código es { $code }. Es válido durante diez minutos para crear una cuenta en { $brand } con esta dirección.

    Escríbalo solo en la página donde lo pidió. Si usted no lo pidió, no tiene que hacer nada: sin el código, nadie puede usar su dirección.
mail-code-address-subject = Su código para verificar esta dirección
mail-code-address-text = Su código es { $code }. Es válido durante diez minutos para añadir esta dirección a una cuenta en { $brand }.

    Escríbalo solo en la página donde lo pidió. Si usted no lo pidió, no tiene que hacer nada.
mail-code-recovery-subject = Su código para recuperar su cuenta
mail-code-recovery-text = Su código es { $code }. Es válido durante diez minutos para recuperar su cuenta en { $brand }, y para nada más.

    Escríbalo solo en la página donde lo pidió. Nadie de la tienda se lo pedirá nunca, ni por teléfono ni de otra forma.
sms-notice-text = { $brand }: se añadió o se quitó una forma de iniciar sesión en su cuenta. Si no fue usted, avise enseguida a la tienda. ({ $message })
sms-code-text = { $brand }: su código es { $code }. Nadie se lo pedirá nunca. ({ $message })
sms-caller-text = { $brand }: { $code } muestra a atención al cliente que es usted quien llama. { $purpose } Si alguien le llamó, no se lo diga a nadie. ({ $message })
sms-purchase-text = { $brand }: { $code } confirma { $amount } en { $shop }. ¿No es usted? No lo escriba en ningún sitio. Nadie se lo pedirá nunca. ({ $message })

# Safety: check-up, cards, phrase, quiz, theft, reports
account-frozen = Su cuenta sigue en pausa { $hours ->
    [one] una hora más
   *[other] { $hours } horas más
  }: las direcciones no se pueden cambiar, y las tiendas lo saben.
checkup-title = Revisión de seguridad
checkup-points = { $score } de 100 puntos
checkup-verdict-best = Su cuenta está tan segura como puede estarlo una cuenta.
checkup-verdict-good = Bien protegida. Queda poco por hacer.
checkup-verdict-fair = Mejor que la mayoría. La primera línea de abajo es la que más ayuda.
checkup-verdict-poor = Quien consiga su contraseña puede entrar. La primera línea de abajo cambia eso.
checkup-well = Hecho
checkup-back = Volver a la revisión
checkup-note = Los puntos indican una protección medida: lo que nadie puede quitarle con engaños cuenta más. Los códigos por mensaje no suman ninguno.
checkup-password-title = Una contraseña que no está en las listas de los delincuentes
checkup-password-why = La suya es conocida, o usted nos dijo que alguien más había entrado.
checkup-password-do = Reemplazar la contraseña
checkup-passkey-title = Una llave de acceso (passkey) o una llave de seguridad
checkup-passkey-why = Nadie puede quitársela con engaños, y una página copiada no consigue nada.
checkup-passkey-do = Añadir una llave de acceso
checkup-second-factor-title = Un segundo paso que usted tiene en la mano
checkup-second-factor-why = Así, una contraseña robada por sí sola no abre nada.
checkup-second-factor-do = Añadir una aplicación o una llave
checkup-recovery-codes-title = Códigos de recuperación en un lugar seguro
checkup-recovery-codes-why = Con ellos vuelve a entrar al momento si pierde su teléfono.
checkup-recovery-codes-do = Obtener códigos de recuperación
checkup-second-mailbox-title = Un segundo buzón
checkup-second-mailbox-why = Se entera de lo que pasa en su cuenta aunque alguien se apodere del primero.
checkup-second-mailbox-do = Añadir un buzón
checkup-devices-title = Solo sus propios navegadores tienen la sesión abierta
checkup-devices-why = { $count ->
    [one] Un navegador tiene la sesión abierta.
   *[other] { $count } navegadores tienen la sesión abierta.
  } ¿Es todo suyo?
checkup-devices-do = Sí, todo es mío
checkup-devices-look = Ver los navegadores
checkup-old-shops-title = Solo las tiendas que usa ven sus datos
checkup-old-shops-why = Hay una tienda que no ha usado desde hace un año.
checkup-old-shops-do = Desconectar tiendas antiguas
checkup-phrase-title = Una frase que solo conocemos usted y nosotros
checkup-phrase-why = Aparece en todos nuestros correos. Lo que llega sin ella no es nuestro.
checkup-phrase-do = Elegir una frase
card-breached-title = Olvídese de las contraseñas en listas
card-breached-text = La contraseña que tenía estaba en una lista que usan los delincuentes. Una llave de acceso (passkey) no se puede filtrar: añada una y ninguna lista importará.
card-breached-do = Añadir una llave de acceso
card-recovered-title = Haga más corta la próxima recuperación
card-recovered-text = Con códigos de recuperación en un cajón vuelve a entrar en un minuto, y nadie más puede hacerlo.
card-recovered-do = Obtener códigos de recuperación
card-phished-title = Alguien intenta engañarle
card-phished-text = Gracias por avisarnos. Esos mensajes llevan a páginas copiadas. Una llave de acceso (passkey) solo funciona en la verdadera.
card-phished-do = Añadir una llave de acceso
card-new-address-title = Se añadió una dirección nueva
card-new-address-text = ¿Fue usted? Si no fue usted, mírela ahora y proteja su cuenta.
card-new-address-do = Ver mis direcciones
card-new-payee-title = ¿Pagó a alguien nuevo?
card-new-payee-text = Confirmó una compra a favor de alguien a quien no había pagado antes. Si no fue usted, o si alguien se lo pidió, compruébelo ahora.
card-new-payee-do = Ver qué pasó
card-checkup-title = Dos minutos para su seguridad
card-checkup-text = Vea el nivel de protección de su cuenta y arregle lo que falta, con un botón para cada cosa.
card-checkup-do = Empezar la revisión
phrase-title = Su frase
phrase-lead = Todos nuestros correos la llevarán. Un correo sin ella no es nuestro.
phrase-label = Frase
phrase-other = Elegir otra
phrase-current = Su frase es:
phrase-save = Usar esta frase
phrase-saved = Guardado. A partir de ahora nuestros correos la llevan.
phrase-removed = Eliminada. Nuestros correos ya no llevan ninguna frase.
phrase-remove = No usar ninguna frase
phrase-wrong = Una frase tiene entre 4 y 60 caracteres.
phrase-note = No la mostramos en ningún lugar antes de que inicie sesión, y nadie se la pedirá nunca. No es una contraseña: aunque un correo la lleve, eso no es motivo para dar un código.
quiz-link = ¿Reconocería un mensaje falso?
quiz-title = ¿Auténtico o alterado?
quiz-lead = Seis mensajes con nuestro nombre. Algunos son tal como los enviamos; otros los alteró alguien que quiere algo de usted. Se tarda alrededor de un minuto y medio.
quiz-message = Mensaje { $number }
quiz-genuine = Auténtico
quiz-altered = Alterado
quiz-submit = Ver las respuestas
quiz-missing = Valore antes todos los mensajes.
quiz-result = Aciertos: { $right } de 6.
quiz-right = Correcto.
quiz-wrong = No exactamente.
quiz-passkey = Protéjase incluso cuando se equivoca: añada una llave de acceso
quiz-again = Otros seis
quiz-lure-look-alike = Confirme en el plazo de un día que fue usted.
quiz-lure-call-us = Para que se abra enseguida, llame al +1 900 555 0123 y tenga su tarjeta a mano.
quiz-lure-send-code = Para detener el pago, responda a este correo con el código.
quiz-lure-hurry = Si no actúa en 24 horas, se eliminarán su cuenta y todos sus pedidos.
quiz-why-genuine = Es nuestro: sus enlaces llevan a { $host } y no pide nada.
quiz-why-look-alike = Los enlaces llevan a { $foreign }, una dirección que solo se parece a la nuestra.
quiz-why-call-us = Nunca damos un número al que llamar, y nunca pedimos una tarjeta.
quiz-why-send-code = Un código se escribe en nuestra página y en ningún otro lugar. Ninguno de nosotros lo pide.
quiz-why-hurry = Amenaza y le mete prisa para ir a { $foreign }, una dirección que no es nuestra.
theft-title = Alguien usó mi cuenta
theft-lead = Siga este orden. Cada paso tarda un minuto.
theft-secure-title = Cierre el paso
theft-secure-text = Se cierran todas las sesiones, su contraseña no sirve hasta que la reemplace y las direcciones no se pueden cambiar durante un día. También se cierra su sesión, y usted elige una contraseña nueva.
theft-look-title = Vea qué se cambió
theft-look-text = Deshaga lo que no hizo usted:
theft-keep-title = Guarde lo que se vio
theft-keep-text = Un paquete con todo lo que pasó en su cuenta: cuándo, desde qué dirección, con qué navegador. La policía y los bancos lo piden.
theft-days = ¿Desde cuándo?
theft-days-option = { $days ->
    [one] El último día
   *[other] Los últimos { $days } días
  }
theft-download = Descargar el informe
theft-tell-title = Denúncielo
theft-tell-text = Dé el número del informe. Aquí puede denunciar:
theft-bank-title = Avise a su banco
theft-bank-text = Si se compró algo, pida que el pago se detenga o se devuelva. Si alguien puede tener su nombre y su fecha de nacimiento, pida a una agencia de información crediticia que bloquee o marque su expediente.
theft-elsewhere-title = Mire también en otros lugares
theft-elsewhere-text = Si usa la misma contraseña en otro lugar, cámbiela allí. Empiece por su buzón: quien lo lee puede entrar en todo.
theft-report-title = Informe { $case }
theft-report-text = Lo que se vio en la cuenta, lo más reciente primero. Las horas están en UTC.
theft-report-shop = Tienda
theft-report-subject = Cuenta
theft-report-made = Creado
theft-report-when = Cuándo
theft-report-what = Qué
theft-report-where = Desde dónde
safety-title = Protéjase
safety-lead = Lo que debe saber quien recibe mensajes en nombre de { $brand }.
safety-never-title = Nosotros nunca
safety-never-password = le pedimos su contraseña por correo, mensaje de texto o teléfono
safety-never-code = le pedimos que diga, envíe o reenvíe un código
safety-never-gift-card = le pedimos que pague con tarjetas de regalo ni que nos lea sus números
safety-never-move = le pedimos que mueva dinero ni que instale un programa
safety-address-title = Una sola dirección
safety-address-text = Usted inicia sesión en { $host } y en ningún otro lugar. Una llave de acceso lo comprueba por usted.
safety-doubt-title = Si tiene dudas
safety-doubt-text = Todos nuestros mensajes llevan un código. Escríbalo o pegue el mensaje entero: le diremos si es nuestro.
safety-in-title = ¿Hay alguien en su cuenta?
safety-in-text = El enlace “No fui yo” de cualquiera de nuestros mensajes cierra el paso a esa persona con solo pulsarlo. Si no tiene ninguno a mano, vaya aquí:
safety-best-title = Lo que más ayuda
safety-best-text = Una llave de acceso (passkey). Una página copiada no consigue nada de ella, y no hay nada que recordar.
report-title = Avisar de una estafa
report-lead = Avísenos de un mensaje, una página o una llamada que usa nuestro nombre. Leemos todos los avisos y advertimos a otras personas.
report-kind = ¿Qué fue?
report-kind-message = Un correo o un mensaje de texto
report-kind-site = Una página web
report-kind-call = Una llamada telefónica
report-kind-other = Otra cosa
report-text = ¿Qué pasó? Pegue el mensaje, la dirección o el número.
report-send = Enviar el aviso
report-missing = Elija qué fue y díganos qué pasó.
report-thanks = Gracias. Hemos recibido su aviso.
report-after = Si dio una contraseña o un código, cambie la contraseña ahora. Si pagó, llame a su banco.
activity-devices-reviewed = Usted revisó los navegadores que tienen la sesión abierta
activity-phrase-chosen = Usted eligió o quitó su frase
activity-theft-report-made = Usted descargó un informe para la policía y el banco
activity-scam-reported = Usted avisó de una estafa

# Later
privacy-staff = Su cuenta es del personal de la tienda. Pida antes a un propietario que le quite de la lista.
privacy-frozen = Una dirección o un número de su cuenta cambió hace poco, o la cuenta está detenida. Por su seguridad, se puede borrar tres días después de un cambio así.
account-leaving = Su cuenta se borrará.
account-leaving-link = Conservarla
verify-said = Esto es lo que dijimos, y nada más:
brand-support = Ayuda
shops-receipt = Recibo
shops-receipt-label = Recibo de lo que aceptó con { $name }

upstream-with = Continuar con { $provider }
upstream-title = Su cuenta de { $provider }
upstream-connect-lead = Conéctela y, a partir de ahora, { $provider } le abrirá la sesión aquí. Conecte solo una cuenta que sea suya.
upstream-own = Su cuenta aquí
upstream-connect = Conectar
upstream-not-now = Ahora no
upstream-unknown = { $provider } dice que usted es { $label }. Aquí todavía no hay ninguna cuenta conectada con eso.
upstream-have-account = Ya tengo una cuenta aquí
upstream-have-account-hint = Inicie sesión como siempre, una sola vez. Después le preguntamos si quiere conectar las dos.
upstream-join = Soy nuevo aquí
upstream-join-hint = Cree una cuenta que se abre con { $provider }. No necesita contraseña.
upstream-join-with = Iniciar sesión con { $provider } desde ahora
upstream-or = o
upstream-join-with-hint = Más tarde puede añadir una llave de acceso o una contraseña.
upstream-denied = El otro servicio no inició su sesión. Inténtelo de nuevo o inicie sesión aquí.
upstream-unreachable = El otro servicio no responde en este momento. Inicie sesión aquí o inténtelo de nuevo en un minuto.
upstream-invalid = La respuesta del otro servicio no era válida, así que no cuenta. Inténtelo de nuevo o inicie sesión aquí.
upstream-not-fresh = Este paso requiere que inicie sesión de nuevo, y el otro servicio no confirmó que lo hiciera. Inicie sesión aquí de otra forma. Si no tiene ninguna, en «¿No puede iniciar sesión?» puede crear una contraseña.
upstream-taken = Esa cuenta está conectada con otra cuenta de aquí. Desconéctela allí primero.
security-upstreams = Cuentas de otros servicios con las que inicia sesión
security-upstream-add = Conectar { $provider }
security-upstream-remove = Desconectar
security-upstream-remove-label = Desconectar { $provider }
security-done-connected = Conectada.
activity-upstream-connected = Conectó una cuenta de otro servicio
activity-upstream-disconnected = Se desconectó una cuenta de otro servicio

# Purchases
purchase-title = Está confirmando una compra
purchase-at = En { $client }
purchase-payee = Pago a { $payee }
purchase-order = Pedido { $order }
purchase-warning = ¿No es esto lo que está comprando? Entonces salga de esta página. Nadie de la tienda le pedirá nunca que confirme una compra por él ni que le lea un código.
pause-title = Antes de comprar tarjetas regalo
pause-lead = { $client } nos indica que en su compra de { $amount } hay tarjetas regalo. Respire un momento antes de seguir.
pause-early = Un momento más: podrá continuar en { $seconds ->
    [one] { $seconds } segundo
   *[other] { $seconds } segundos
  }.
pause-nobody = Ninguna autoridad, banco, empresa ni tienda pide nunca que se le pague con tarjetas regalo. Quien lo pide es un estafador.
pause-gone = Quien conoce el número de la tarjeta tiene el dinero. Nadie puede recuperarlo por usted.
pause-secret = ¿Hay alguien al teléfono o en un chat mientras hace esto, o le han dicho que se dé prisa o que no lo cuente? Cuelgue y pregunte a alguien de confianza.
pause-stop = Detener esta compra
pause-go-on = Nadie me lo ha pedido: continuar
pause-wait = Podrá continuar después de diez segundos. Todavía no se ha pagado nada.
pause-report = Denunciar una estafa

# Lo que hace el servicio de atención, tal como se dice a los clientes.
activity-staff-note = { $name }, de atención al cliente: { $reason }
activity-staff-by = { $name }, de atención al cliente
activity-staff-caller-asked = Atención al cliente pidió a quien llamaba que mostrara que es usted
activity-staff-caller-checked = Se mostró, o no, que es usted quien llama a atención al cliente
activity-staff-customer-revealed = Atención al cliente vio sus datos de contacto y su perfil completos
activity-staff-customer-viewed = Atención al cliente miró sus páginas tal como usted las ve
activity-staff-customer-locked = Atención al cliente bloqueó su cuenta
activity-staff-customer-unlocked = Atención al cliente desbloqueó su cuenta
activity-staff-sessions-ended = Atención al cliente cerró su sesión en todas partes
activity-staff-recovery-started = Atención al cliente le envió la forma de recuperar su cuenta
activity-staff-message-resent = Atención al cliente le envió de nuevo un mensaje
activity-staff-case-asked = Se pidió a atención al cliente un cambio en su cuenta
activity-staff-case-approved = Una segunda persona de atención al cliente aprobó un cambio en su cuenta
activity-staff-case-refused = Atención al cliente rechazó o retiró un cambio en su cuenta
activity-staff-case-vetoed = Un cambio pedido a atención al cliente se detuvo desde su buzón
activity-staff-case-confirmed = Se confirmó el nuevo buzón de su cuenta
activity-staff-case-done = Se hizo un cambio pedido a atención al cliente
activity-staff-case-expired = No se hizo un cambio pedido a atención al cliente
activity-admin-joined = Usted se incorporó al personal
activity-admin-changed = Se cambiaron sus funciones
activity-admin-removed = Usted ya no forma parte del personal
case-remove-factors = quitar todas las formas de iniciar sesión menos la contraseña
case-remove-factor = quitar una de las formas de iniciar sesión
case-change-email = cambiar la dirección de correo
case-erase = borrar la cuenta
case-requests-title = Lo que se pidió a atención al cliente
case-requests-none = Nada está pendiente. Lo decidido figura en su actividad.
case-requests-item = Alguien pidió a { $name }, de atención al cliente, { $what }: «{ $reason }»
case-link-stop-title = ¿Detener lo que se pidió a atención al cliente?
case-link-stop-text = Alguien que habló con atención al cliente pidió un cambio en su cuenta. Si no fue usted, deténgalo.
case-link-stop-submit = No fui yo: detener
case-link-stopped-title = Se ha detenido
case-link-stopped-text = No se cambió nada. Atención al cliente ve que usted dijo que no.
case-link-confirm-title = ¿Usar este buzón para su cuenta?
case-link-confirm-text = Usted pidió a atención al cliente que esta sea la dirección de correo de su cuenta. Confírmelo solo si fue usted.
case-link-confirm-submit = Sí, es mi buzón
case-link-confirmed-title = El buzón está confirmado
case-link-confirmed-text = Será el de su cuenta en cuanto termine la espera. Se le avisará aquí.
case-link-expired-title = Este enlace ya no sirve
case-link-expired-text = Se usó, es demasiado antiguo o el asunto está resuelto.
call-title = Al teléfono con atención al cliente
call-lead = { $name }, de atención al cliente, quiere saber si es usted quien llama.
call-number-label = El número que hay que comparar
call-compare = Diga que sí solo si usted nos llamó y le dicen exactamente este número.
call-warning = Si alguien le llamó a usted, no somos nosotros. Diga que no y cuelgue: nunca le pedimos un código ni una contraseña.
call-purpose = Si dice que sí, atención al cliente podrá { $what }.
call-purpose-talk = No cambia nada: atención al cliente solo habla con usted de su cuenta.
call-code-purpose = Quien lo oiga en atención al cliente podrá entonces { $what }.
call-yes = Sí, soy yo quien llama
call-no = No, no soy yo
call-yes-done = Gracias. Atención al cliente ve que es usted.
call-no-done = Atención al cliente ve que no es usted quien llama. Alguien quiso hacerse pasar por usted: revise cómo está protegida su cuenta.
call-nobody = En este momento nadie de atención al cliente pregunta por usted. Deje esta página abierta y vuelva a mirar cuando se lo pidan.
mail-viewed-subject = Atención al cliente miró su cuenta
mail-viewed-text = Alguien de atención al cliente de { $brand } miró las páginas de su cuenta tal como usted las ve. No se cambió nada. Quién fue y por qué está en su actividad: { $link }
mail-unlocked-subject = Se desbloqueó su cuenta
mail-unlocked-text = El personal de la tienda desbloqueó su cuenta en { $brand }. Puede volver a iniciar sesión: { $link }
mail-recovery-offered-subject = Cómo volver a entrar en su cuenta
mail-recovery-offered-text = Atención al cliente de { $brand } le envía la forma de recuperar su cuenta. Abra esta página y muestre lo que tenga: { $link }

    Nadie de atención al cliente necesita para ello su contraseña ni un código. Si no lo pidió, no tiene que hacer nada.
mail-case-waits-subject = Se pidió a atención al cliente cambiar su cuenta
mail-case-waits-text = Alguien, quizá usted, pidió a atención al cliente de { $brand }: { $what }. Se hará en { $hours } horas.

    Si fue usted, no tiene que hacer nada. Si no, deténgalo ahora; basta un clic, sin iniciar sesión: { $link }
mail-case-confirm-subject = Confirme este buzón
mail-case-confirm-text = Se pidió a atención al cliente de { $brand } que esta sea la dirección de correo de una cuenta. Si lo pidió usted, confírmelo aquí: { $link }

    Si no fue usted, no haga nada: entonces no pasa nada.
mail-code-caller-subject = Su código para el teléfono
mail-code-caller-text = Su código es { $code }. Dígalo en voz alta solo si usted mismo llamó a atención al cliente de { $brand }, al número que está en nuestro sitio. Muestra que es usted quien llama y no abre nada.

    Si alguien le llamó a usted, no somos nosotros: no diga el código a nadie y cuelgue.
mail-signin-unusual-subject = Inicio de sesión inusual en su cuenta
mail-signin-unusual-text = Alguien inició sesión en su cuenta de una manera inusual para usted y mostró todo lo que pedimos.

    Si fue usted, no tiene que hacer nada.
mail-signin-stopped-subject = Impedimos un inicio de sesión en su cuenta
mail-signin-stopped-text = Alguien escribió su contraseña correcta, pero de una manera tan inusual para usted que no le dejamos entrar.

    Si fue usted, inicie sesión desde un navegador que ya haya usado, o recupere su cuenta. Si no fue usted, alguien conoce su contraseña: elija una nueva aquí: { $link }
stopped-title = No pudimos estar seguros de que sea usted
stopped-lead = La contraseña era correcta. Pero este inicio de sesión no se parece a ninguno de los suyos, y no hay nada más registrado que pueda mostrar aquí. Por eso lo impedimos.
stopped-known-device = Inicie sesión desde un navegador que ya haya usado aquí.
stopped-recovery = O recupere su cuenta: tarda un poco más y se puede hacer desde cualquier lugar.
stopped-recover = Recuperar la cuenta
stopped-again = Intentarlo de nuevo
stopped-told = Avisamos al titular de la cuenta por correo.
risk-reason-place = Otro lugar que de costumbre
risk-reason-device = Otro navegador o sistema que de costumbre
risk-reason-habit = Con qué frecuencia inicia sesión
risk-reason-known-device = Un navegador que ya había usado
risk-reason-new-device = Un navegador que no habíamos visto antes
risk-reason-travel = Otro país que poco antes
risk-reason-stuffing-address = Desde una dirección que prueba muchas cuentas
risk-reason-stuffing-network = Desde una red que prueba muchas cuentas
risk-reason-hosting = Desde un centro de datos
risk-reason-anonymiser = A través de un servicio que oculta el origen
risk-reason-program = Por un programa en lugar de un navegador
risk-reason-dormant = Tras mucho tiempo sin iniciar sesión
risk-reason-time = A otra hora del día que de costumbre
activity-order-judged = Una tienda preguntó si uno de sus pedidos es inusual
activity-order-outcome-told = Una tienda indicó qué pasó con uno de sus pedidos

puzzle-working = Un momento. Estamos comprobando que usted no es un programa…
puzzle-progress = Progreso
puzzle-wait = Muchos programas prueban ahora este formulario. Su navegador no ejecuta scripts aquí: rellene el formulario, espere { $seconds } segundos y envíelo.
puzzle-needed = Muchos programas prueban ahora este formulario. Envíelo una vez más: mientras tanto, su navegador muestra que usted no es uno de ellos.
puzzle-early = Gracias por esperar. { $seconds } segundos más y vuelva a enviarlo.
contact-refused-disposable = Este tipo de buzón se desecha al cabo de un tiempo. Use uno que siga siendo suyo.
