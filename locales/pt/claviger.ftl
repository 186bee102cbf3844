# Sign-in
signin-title = Entrar
signin-lead = para continuar em { $client }
signin-lead-plain = na sua conta
signin-email = E-mail
signin-password = Senha
signin-remember = Manter minha sessão aberta neste dispositivo
signin-submit = Entrar
signin-back = Voltar para { $client }
signin-refused = Este e-mail e esta senha não combinam. Confira os dois e tente de novo.
signin-throttled = Tentativas demais. Espere { $minutes ->
    [one] um minuto
   *[other] { $minutes } minutos
  } e tente de novo.
signin-busy = Temos muito movimento neste momento. Tente de novo em alguns segundos.
signin-missing = Digite seu e-mail e sua senha.
signin-too-long = Esta senha é longa demais. Uma senha tem no máximo 128 caracteres.
signin-again = Para sua segurança, entre de novo.
signin-expired-title = Este acesso expirou
signin-expired-text = Ele ficou aberto por tempo demais. Nada se perdeu: comece de novo, e você volta para onde estava.
signin-elsewhere-title = Este acesso pertence a outro navegador
signin-elsewhere-text = O link foi aberto em um navegador que não começou este acesso. Comece de novo na loja.
signin-unmet-title = É preciso um acesso mais seguro
signin-show-problem = Há um problema

# Second factor
totp-title = Digite seu código
totp-lead = Abra seu aplicativo autenticador e digite os seis dígitos que ele mostra para esta conta.
totp-code = Código
totp-submit = Continuar
totp-malformed = Um código tem seis dígitos. Digite o que o aplicativo mostra agora.
totp-wrong = Este não é o código atual. Espere o próximo e confira se o relógio do seu celular se acerta sozinho.
totp-used = Este código já foi usado. Espere o próximo.

totp-instead = Usar o código de um aplicativo autenticador
recovery-code-title = Digite um código de recuperação
recovery-code-lead = Digite um dos códigos que você guardou. Cada um funciona uma vez.
recovery-code-code = Código de recuperação
recovery-code-instead = Usar um código de recuperação
recovery-code-malformed = Um código de recuperação tem dez letras e dígitos, como 4k7xp-0w2ed.
recovery-code-wrong = Este não é um dos seus códigos de recuperação. Confira ou tente outro.
recovery-code-used = Este código de recuperação já foi usado. Tente outro.
email-code-title = Veja seu e-mail
email-code-lead = Podemos enviar um código para { $target }.
email-code-sent = Um código está a caminho de { $target }. Ele vale por dez minutos.
email-code-code = Código
email-code-instead = Receber um código por e-mail
email-code-malformed = Um código tem seis dígitos.
email-code-wrong = O código não é este. Confira ou peça outro.
email-code-used = Este código não vale mais. Peça outro.
sms-code-title = Veja seu celular
sms-code-lead = Podemos enviar um código por SMS para o seu número que termina em { $target }.
sms-code-sent = Um código está a caminho do seu número que termina em { $target }. Ele vale por dez minutos.
sms-code-code = Código
sms-code-instead = Receber um código por SMS
sms-code-malformed = Um código tem seis dígitos.
sms-code-wrong = O código não é este. Confira ou peça outro.
sms-code-used = Este código não vale mais. Peça outro.
challenge-send = Enviar um código
challenge-send-again = Enviar outro código
challenge-trust = Não perguntar de novo neste dispositivo por { $days ->
    [one] um dia
   *[other] { $days } dias
  }
challenge-other = Não consegue usar esta opção?

# Passkeys
passkey-signin = Entrar com uma chave de acesso (passkey)
passkey-title = Use sua chave de acesso
passkey-lead = Use o dispositivo, o celular ou a chave de segurança que você adicionou a esta conta.
passkey-use = Continuar
passkey-instead = Usar uma chave de acesso (passkey) ou chave de segurança
passkey-without = Seu navegador não pode usar chaves de acesso aqui. Ative o JavaScript ou escolha outra forma.
passkey-failed = Nenhuma chave foi usada. Tente de novo ou entre de outra forma.
passkey-expired = Demorou demais. Tente de novo.
passkey-unknown = Não conhecemos esta chave de acesso. Talvez ela tenha sido removida da sua conta.
passkey-unverified = Sua chave não verificou se é você. Configure nela um PIN ou uma impressão digital, ou entre com sua senha.
passkey-cloned = Esta chave foi recusada, porque pode existir uma cópia dela. Entre de outra forma e troque a chave.
passkey-refused = Esta chave de acesso foi recusada. Tente de novo ou entre de outra forma.

# Choose account
choose-title = Escolha uma conta
choose-lead = para continuar em { $client }
choose-continue = Continuar como { $name }
choose-other = Usar outra conta

# Consent
consent-title = { $client } pede acesso
consent-lead = Você entrou como { $name }. Se você permitir, { $client } poderá ver:
consent-scope-openid = que é você, por um identificador feito só para essa loja
consent-scope-profile = seu perfil: nome, idioma e dados parecidos
consent-scope-email = seu endereço de e-mail
consent-scope-address = seu endereço postal
consent-scope-phone = seu número de telefone
consent-scope-offline_access = estes dados também quando você não está aqui
consent-scope-order_facts = e também anotar aqui os números dos seus pedidos, para você poder citar um deles se perder sua conta
activity-order-fact-told = Uma loja anotou um pedido seu
consent-scope-other = acesso a “{ $scope }”
consent-allow = Permitir
consent-deny = Não permitir
consent-policy = Política de privacidade
consent-terms = Termos de serviço

# Continue by form post
post-title = Um momento
post-text = Você está voltando para { $client }.
post-submit = Continuar

# Sign-out
signout-title = Sair?
signout-text = { $client } pede para encerrar sua sessão. Você quer sair?
signout-text-plain = Você quer sair da sua conta neste dispositivo?
signout-submit = Sair
signout-stay = Não sair
signed-out-title = Você saiu
signed-out-text = Sua sessão neste dispositivo foi encerrada. Nas lojas que você usou, a sessão pode continuar aberta por um tempo. Saia lá também se outras pessoas usam este dispositivo.
signed-out-again = Entrar de novo

# Account
account-title = Sua conta
account-who = Sua sessão está aberta
account-name = Nome
account-email = E-mail
account-since = Entrada
account-how = Como
account-how-password = com sua senha
account-how-second-factor = com sua senha e um código
account-signout = Sair
account-minutes-ago = { $minutes ->
    [0] agora mesmo
    [one] há um minuto
   *[other] há { $minutes } minutos
  }
account-recovering = Alguém está recuperando sua conta com provas fracas. Se não é você, interrompa agora.
account-not-verified = não verificado
account-verified = verificado
account-safety-title = Fique em segurança
account-safety-text = Nunca pedimos sua senha por e-mail ou telefone. Antes de digitar a senha, confira se a barra de endereço mostra { $host }.

# Security
security-title = Acesso e segurança
security-lead = Como você prova que é você.
security-keys = Chaves de acesso (passkeys) e chaves de segurança
security-no-keys = Você ainda não tem nenhuma. Com uma chave de acesso, você entra com a impressão digital, o rosto ou o PIN do seu dispositivo. Ninguém consegue tirar essa chave de você com um truque.
security-keys-without = Seu navegador não pode usar chaves de acesso aqui, ou o JavaScript está desativado.
security-add-passkey = Adicionar uma chave de acesso (passkey)
security-add-key = Adicionar uma chave de segurança
security-key-whole = Basta sozinha para entrar
security-key-second = Junto com sua senha
passkey-default-name = Chave de acesso
key-default-name = Chave de segurança
key-failed = Nada foi adicionado. Tente de novo quando quiser.
key-taken = Esta chave já é usada em uma conta aqui.
key-model = Este modelo de chave não é aceito aqui. Pergunte à loja quais são aceitos.
key-unverified = Esta chave não verifica quem a usa. Configure nela um PIN ou uma impressão digital e tente de novo.
key-refused = Não deu certo. Nada foi adicionado; tente de novo.
security-apps = Aplicativos autenticadores
security-no-apps = Você ainda não tem nenhum. Com um aplicativo no seu celular, sua senha sozinha não abre nada.
security-name = Nome do aplicativo ou do celular
security-name-example = Meu celular
security-add-app = Adicionar um aplicativo autenticador
security-remove = Remover
security-remove-label = Remover { $name }
security-used = { $days ->
    [0] Último uso: hoje
    [one] Último uso: ontem
   *[other] Último uso: há { $days } dias
  }
security-added = { $days ->
    [0] Cadastro: hoje
    [one] Cadastro: ontem
   *[other] Cadastro: há { $days } dias
  }
security-channels = Códigos por e-mail ou SMS
security-channels-weak = É a forma mais fraca: outras pessoas podem ler ou desviar essas mensagens. Uma chave de acesso ou um aplicativo protege você melhor.
security-email-codes = Códigos por e-mail
security-sms-codes = Códigos por SMS
security-channel-on = Ativado: pedimos um código quando você entra
security-channel-off = Desativado
security-channel-start = Ativar
security-channel-stop = Desativar
security-unproven = Seu endereço ou número ainda não foi comprovado.
security-throttled = Mensagens demais. Espere um minuto e tente de novo.
security-level = Não deixar ninguém entrar sem
security-level-usual = o que eu adicionei, exceto em dispositivos em que confio
security-level-second = uma segunda etapa todas as vezes, em qualquer dispositivo
security-level-strong = uma chave de acesso ou chave de segurança todas as vezes (um aplicativo ou um código de recuperação então não basta)
security-level-set = Salvar
security-done-chosen = Salvo.
security-needed = Isto é necessário: sem isto, você não poderia mais entrar. Adicione outra forma primeiro.
security-devices = Dispositivos em que não pedimos uma segunda etapa
security-device-remove = Pedir de novo
security-device-remove-label = Pedir de novo em { $name }
security-codes = Códigos de recuperação
security-codes-left = { $left ->
    [0] Você já usou todos os seus códigos.
    [one] Resta um código.
   *[other] Restam { $left } códigos.
  }
security-codes-get = Obter códigos de recuperação
security-codes-again = Obter novos códigos (os antigos deixam de funcionar)
codes-title = Seus códigos de recuperação
codes-why = Mais uma coisa: se você perder o celular ou a chave, é com estes códigos que você entra. Sem eles, você poderia perder sua conta.
codes-lead = Cada um funciona uma vez, quando você não pode usar o aplicativo ou a chave. Eles só aparecem agora.
codes-keep = Imprima esta página ou copie os códigos para um lugar seguro, longe do seu celular. Quem tem um deles e a sua senha consegue entrar.
codes-saved = Guardei os códigos
codes-go-on = Continuar
security-back = Voltar para sua conta
security-done-added = Adicionado. A partir de agora, pedimos isto quando você entra.
security-done-saved = Seus códigos de recuperação estão prontos.
security-done-removed = Removido.
security-full = Você já tem o máximo que uma conta pode ter. Remova um item primeiro.
security-link = Acesso e segurança
account-offer = Entre mais rápido na próxima vez: com uma chave de acesso (passkey), basta a impressão digital, o rosto ou um PIN.
account-offer-link = Adicionar uma chave de acesso
account-soon = { $days ->
    [one] A partir de amanhã
   *[other] Daqui a { $days } dias
  }, esta conta precisa de uma segunda forma de provar que é você.
offer-title = Entre mais rápido na próxima vez
offer-lead = Com uma chave de acesso (passkey) neste dispositivo, você entra com a impressão digital, o rosto ou o PIN dele. Não há nada para lembrar, e ninguém consegue tirar essa chave de você com um truque.
offer-soon = { $days ->
    [one] A partir de amanhã
   *[other] Daqui a { $days } dias
  }, esta conta precisa de uma segunda forma de provar que é você. Adicione agora uma chave de acesso, e está resolvido.
offer-not-now = Agora não
offer-other = Outras formas de provar que é você
enrol-title = Mais uma etapa
enrol-lead = { $client } pede uma segunda forma de provar que é você. Adicione uma agora; leva um minuto.
enrol-lead-plain = Esta conta precisa de uma segunda forma de provar que é você. Adicione uma agora; leva um minuto.
enrol-totp-title = Adicione um aplicativo autenticador
enrol-totp-scan = Leia este código com seu aplicativo autenticador.
enrol-totp-qr = Código QR para seu aplicativo autenticador
enrol-totp-by-hand = Ou digite uma chave à mão
enrol-totp-type = Digite os seis dígitos que o aplicativo mostra agora.
enrol-totp-submit = Adicionar o aplicativo
enrol-sign-out-elsewhere = Encerrar minhas outras sessões
enrol-cancel = Cancelar

# Errors
error-title = Algo não está certo
error-help = Se você veio de uma loja, volte para ela e tente de novo. Se isto continuar, informe à loja esta referência:
error-back = Voltar para { $client }
error-home = Ir para sua conta
error-not-found-title = Não há nada aqui
error-not-found-text = O endereço pode ter um erro de digitação, ou a página pode ter mudado de lugar.
error-forbidden-title = Este pedido foi recusado
error-forbidden-text = A página ficou aberta por tempo demais, ou o pedido veio de outro site. Volte, recarregue a página e tente de novo.
error-unavailable-title = Já voltamos
error-unavailable-text = Parte do serviço não responde no momento. Nada se perdeu: tente de novo em um minuto.
error-internal-title = Foi erro nosso
error-internal-text = Algo deu errado do nosso lado. Tente de novo.
error-request-title = Não podemos responder a este pedido
error-redirect-uri-title = redirect_uri não registrado
error-redirect-uri-text = A loja pediu que levássemos você a um endereço que ela não registrou. Não levamos você para lá.
error-redirect-uri-missing-title = Falta redirect_uri
error-redirect-uri-missing-text = A loja não disse para onde levar você depois.
error-client-title = Cliente desconhecido
error-client-text = Não conhecemos a loja que trouxe você aqui.
error-logout-uri-title = post_logout_redirect_uri não registrado
error-logout-uri-text = A loja pediu que levássemos você a um endereço que ela não registrou. Não levamos você para lá.
error-hint-title = O id_token_hint foi recusado
error-hint-text = A loja enviou um token que não emitimos para ela.
error-answered-title = Você já continuou
error-answered-text = Esta página já foi usada para voltar à loja.

# Passwords
password-new = Nova senha
password-save = Salvar a senha
password-hint = No mínimo { $least } caracteres. Algumas palavras que não têm ligação entre si são fáceis de lembrar e difíceis de adivinhar. Você pode colar de um gerenciador de senhas.
password-change-title = Mude sua senha
password-change-lead = Suas outras sessões serão encerradas.
password-set-title = Crie uma senha
password-set-lead = Você ainda não tem senha. Com uma, você pode entrar onde não tem sua chave de acesso à mão.
password-done = Sua senha foi mudada. Suas outras sessões foram encerradas.
password-empty = Digite uma nova senha.
password-too-short = É curta demais. Use no mínimo { $least } caracteres.
password-letters-digits = Use letras e dígitos.
password-breached = Esta senha apareceu em um vazamento de dados: criminosos a têm em suas listas. Escolha outra.
password-context = Isto é quase só o seu próprio nome ou o nome da loja. Escolha outra coisa.
password-used-before = Você já usou esta senha antes. Escolha outra.
password-guessable = Esta senha é fácil de adivinhar.
password-grade-0 = Muito fácil de adivinhar.
password-grade-1 = Fácil de adivinhar.
password-grade-2 = Suficiente.
password-grade-3 = Forte.
password-grade-4 = Muito forte.
password-weak-keys = Teclas vizinhas estão entre as primeiras coisas que alguém tenta.
password-weak-repeats = Caracteres ou palavras repetidos ajudam pouco.
password-weak-common = É parecida com uma que muita gente usa.
password-weak-sequences = Sequências como abc ou 6543 ajudam pouco.
password-weak-dates = Anos e datas são fáceis de adivinhar.
password-weak-word = Uma palavra sozinha é fácil de adivinhar.
password-weak-names = Nomes são fáceis de adivinhar.
password-advice-words = Acrescente mais uma ou duas palavras que não têm ligação entre si.
password-advice-capitals = Letras maiúsculas não ajudam muito; mais palavras ajudam.
password-advice-tricks = Escrever de trás para a frente ou trocar letras por dígitos não ajuda muito; mais palavras ajudam.
password-advice-patterns = Evite repetições e padrões; acrescente palavras.
password-advice-dates = Deixe de fora anos e datas; acrescente palavras.
replace-title = Escolha uma nova senha
replace-lead = Outras pessoas podem conhecer sua senha: ela apareceu em um vazamento de dados, ou você nos disse que outra pessoa entrou. Troque a senha e siga em frente.
replace-lead-staff = As contas da equipe seguem regras mais rígidas para senhas. Escolha uma que as cumpra e que não use em nenhum outro lugar.
security-password = Senha
security-password-change = Mudar a senha
security-password-set = Criar uma senha

# Joining
signin-forgot = Não consegue entrar?
signin-new = É sua primeira vez aqui?
signin-join = Criar uma conta
join-title = Crie uma conta
join-lead-plain = Leva um minuto.
join-send = Enviar um código
join-have = Você já tem uma conta?
join-code-lead = Enviamos um código para { $email }. Digite o código aqui. Se nada chegar, olhe na pasta de spam.
join-code-proven = para { $email }
join-other = Usar outro endereço
join-email-wrong = Isto não é um endereço de e-mail. Confira.
join-email-blocked = Endereços deste provedor não podem ser usados aqui. Use outro.
join-details-lead = Seu endereço está comprovado. Quem é você?
join-name = Nome
join-birth-date = Data de nascimento
join-optional = (opcional)
join-terms = Aceito os
join-name-missing = Digite seu nome, com no máximo 100 caracteres.
join-terms-missing = Aceite os termos para continuar.
join-birth-date-wrong = Digite sua data de nascimento.
join-too-young = Você ainda não tem idade para ter uma conta aqui.
join-credential-title = Como você vai entrar?
join-credential-lead = Com uma chave de acesso (passkey), basta a impressão digital, o rosto ou o PIN deste dispositivo: não há nada para lembrar, e ninguém consegue tirar essa chave de você com um truque.
join-passkey = Criar uma chave de acesso
join-or = ou com uma senha
join-password = Criar a conta

# Sessions, shops, activity, messages
ago-minutes = { $count ->
    [0] agora mesmo
    [one] há um minuto
   *[other] há { $count } minutos
  }
ago-hours = { $count ->
    [one] há uma hora
   *[other] há { $count } horas
  }
ago-days = { $count ->
    [one] há um dia
   *[other] há { $count } dias
  }
sessions-title = Onde sua sessão está aberta
sessions-lead = Há algo que você não conhece? Encerre essa sessão.
sessions-this = esta
sessions-unknown = Dispositivo desconhecido
sessions-begun = início: { $when }
sessions-seen = último uso: { $when }
sessions-end-label = Sair em { $name }
sessions-end-others = Encerrar todas as outras sessões
sessions-not-me = Há outra pessoa aqui: proteger minha conta
shops-title = Lojas conectadas
shops-lead = Estas lojas podem ver dados seus.
shops-none = Você não compartilha nada com nenhuma loja.
shops-remove = Desconectar
shops-remove-label = Desconectar { $name }
shops-note = Depois disso, a loja precisa pedir de novo a você. O que ela já sabe, ela guarda pelas suas próprias regras.
activity-title = O que aconteceu
activity-lead = Tudo o que foi feito na sua conta, com o mais recente primeiro.
activity-older = Mais antigos
activity-note = Há algo que não foi você? Proteja sua conta:
activity-decision-judged = Nossa equipe analisou um acesso ou um pedido seu que era incomum
activity-change-held = Uma mudança foi retida porque o acesso anterior pareceu incomum
activity-signin-confirmed = Você disse que um acesso incomum foi seu
activity-signed-in = Você entrou
activity-signin-advanced = A primeira etapa de um acesso foi concluída
activity-signin-refused = Um acesso foi recusado
activity-challenge-refused = Uma segunda etapa foi recusada
activity-session-replaced = Sua sessão foi encerrada, porque outra pessoa entrou no mesmo navegador
activity-session-ended = Você saiu em outro navegador
activity-signed-out = Você saiu
activity-code-sent = Um código foi enviado a você
activity-code-not-sent = Um código foi pedido vezes demais e não foi enviado
activity-device-trusted = Você escolheu confiar em um dispositivo
activity-device-distrusted = Você não confia mais em um dispositivo
activity-passkey-cloned = Uma chave foi recusada, porque pode existir uma cópia dela
activity-address-checked = Uma loja mandou comparar um endereço com os da sua conta
activity-authenticator-added = Você adicionou uma forma de entrar
activity-level-raised = Desde então, esse início de sessão vale mais
activity-authenticator-removed = Você removeu uma forma de entrar
activity-authenticator-refused = Uma forma de entrar não foi adicionada
activity-level-chosen = Você escolheu o nível de segurança do seu acesso
activity-recovery-codes-given = Você recebeu novos códigos de recuperação
activity-recovery-codes-kept = Você guardou seus códigos de recuperação em um lugar seguro
activity-password-changed = Sua senha foi mudada
activity-password-flagged = Sua senha apareceu em um vazamento de dados
activity-account-secured = Você disse "não fui eu": todas as sessões foram encerradas
activity-customer-joined = Você criou esta conta
activity-customer-added = A loja criou esta conta para você
activity-customer-changed = A loja alterou sua conta
activity-recovery-begun = Uma recuperação da sua conta começou
activity-recovery-proof = Algo foi apresentado em uma recuperação
activity-recovery-waits = Começou a espera de uma recuperação com provas fracas
activity-recovery-stopped = Uma recuperação foi interrompida
activity-account-recovered = Sua conta foi recuperada
activity-contact-changed = Um endereço ou número foi mudado
activity-contact-restored = Uma mudança foi desfeita
activity-sharing-ended = Você desconectou uma loja
activity-consent-given = Você deixou uma loja ver seus dados
activity-purchase-confirmed = Você confirmou uma compra
activity-consent-denied = Você não deixou uma loja ver seus dados
activity-message-checked = Você perguntou se uma mensagem era nossa
activity-why-unusual = Incomum: { $reasons }
activity-why-new-device = De um navegador que ainda não conhecíamos.
activity-why-second-factor = Pedimos mais, porque sua conta é protegida por uma segunda etapa.
activity-why-wrong-password = A senha estava errada.
activity-why-wrong = O que foi apresentado estava errado.
activity-why-used = O código já tinha sido usado.
activity-why-throttled = Houve tentativas demais.
activity-why-locked = A conta estava bloqueada.
activity-why-cloned = Pode existir uma cópia da chave.
activity-why-foreign = Não era nossa.
activity-why-altered = Não era o que tínhamos enviado.
activity-why-replayed = Nós a tínhamos enviado a outra pessoa.
messages-title = Mensagens nossas
messages-lead = Toda mensagem que enviamos a você está aqui. O que não está aqui não é nosso.
messages-verify = Verificar uma mensagem
messages-none = Ainda não enviamos nenhuma mensagem a você.
messages-text = SMS
verify-title = Esta mensagem é nossa?
verify-lead = Cole uma mensagem ou digite o código que está no fim dela. Dizemos se fomos nós que a enviamos.
verify-label = Mensagem ou código
verify-submit = Verificar
verify-note = Nunca pedimos sua senha ou um código por e-mail, SMS ou telefone. Se alguém pedir, não somos nós.
verify-when = Foi enviada { $when }.
verify-safe = Cuidar da minha conta
verify-genuine-title = Sim, é nossa.
verify-genuine-text = Enviamos uma mensagem com este código. Se você colou a mensagem inteira, as palavras também são nossas.
verify-went-to = Ela foi enviada para { $to }. Se não for você, alguém a repassou: não faça o que ela pede. Comparamos palavras, não links: veja aonde um link leva antes de abri-lo.
verify-altered-title = Não. Alguém alterou esta mensagem.
verify-altered-text = Ela traz o código de uma mensagem nossa, mas as palavras não são nossas. Não abra nenhum link dela. Registramos seu aviso.
verify-replayed-title = Esta mensagem não foi enviada a você.
verify-replayed-text = Nós a enviamos a outra pessoa. Quem a repassou está tentando enganar você.
verify-foreign-title = Não, não é nossa.
verify-foreign-text = Não enviamos essa mensagem. Não abra nenhum link dela e não dê nenhum código a ninguém. Registramos seu aviso.
verify-throttled-title = Perguntas demais.
verify-throttled-text = Tente de novo em uma hora.

# Privacy
privacy-title = Seus dados
privacy-export-title = Leve com você
privacy-export-text = Tudo o que é guardado sobre você, em um só arquivo compactado: uma página para ler e um arquivo para máquinas.
privacy-export = Baixar meus dados
privacy-archive-title = O que é guardado sobre você
privacy-erase-title = Deixar o serviço
privacy-erase-text = Sua conta e tudo o que está nela são apagados após { $days } dias. Até lá, você pode entrar e manter a conta. Depois disso, ninguém pode trazê-la de volta.
privacy-sure = Quero que minha conta seja apagada
privacy-unticked = Marque a caixa se você realmente quer apagar sua conta.
privacy-erase = Apagar minha conta
privacy-leaving = { $days ->
    [0] Sua conta será apagada em algumas horas.
    [one] Sua conta será apagada amanhã.
   *[other] Sua conta será apagada em { $days } dias.
  }
privacy-keep = Manter minha conta
activity-erasure-asked = Você pediu que sua conta fosse apagada
activity-erasure-cancelled = Você manteve sua conta
activity-data-exported = Você baixou seus dados

# Profile and addresses
language-name = Português
profile-title = Seu perfil
profile-lead = As lojas recebem a parte que você deixa que elas vejam.
profile-given-name = Nome
profile-family-name = Sobrenome
profile-nickname = Apelido
profile-language = Idioma das nossas mensagens
profile-language-browser = como no meu navegador
profile-birth-date-fixed = Só o atendimento ao cliente da loja pode mudá-la.
profile-saved = Salvo.
profile-nameless = Digite seu nome.
profile-long = Um nome tem no máximo 100 caracteres.
addresses-title = Seus endereços
addresses-lead = Para onde vão seus pedidos. O primeiro é informado às lojas que você deixa ver seu endereço.
addresses-none = Você ainda não tem nenhum.
addresses-preferred = Informado às lojas
addresses-add = Adicionar um endereço
addresses-edit = Mudar
addresses-edit-label = Mudar { $line }
addresses-edit-title = Mudar um endereço
addresses-prefer = Pôr em primeiro lugar
addresses-save = Salvar
addresses-saved = Salvo. Também avisamos você por e-mail.
addresses-back = Voltar para seus endereços
addresses-full = Você já tem o máximo que uma conta pode ter. Remova um primeiro.
addresses-recipient = Destinatário, se não for você
addresses-recipient-long = Um nome tem no máximo 100 caracteres.
addresses-street = Rua e número
addresses-postal-code = Código postal (CEP)
addresses-locality = Cidade
addresses-region = Estado, província ou região
addresses-region-when = (onde seu país usa)
addresses-country = País
addresses-wrong = Confira os campos marcados.
addresses-wrong-street = Digite rua e número, em no máximo três linhas.
addresses-wrong-postal-code = Isto não é um código postal deste país.
addresses-wrong-locality = Digite a cidade.
addresses-wrong-region = Este país precisa do estado, da província ou da região; se houver uma sigla, como CA, digite a sigla.
addresses-wrong-country = Escolha o país.
addresses-frozen = Sua conta está congelada por um dia, porque você nos disse que outra pessoa entrou. Tente de novo amanhã.
addresses-stale = Outra coisa foi mudada nesse meio-tempo. Tente de novo.
addresses-unknown = Este endereço não existe.
addresses-same = É o que você já tem.
activity-address-changed = Você mudou seus endereços postais
activity-profile-changed = Você mudou seu perfil

# Contact
contact-title = Como falamos com você
contact-lead = Uma mudança é comprovada no novo endereço e avisada no antigo. Pelo antigo, ela pode ser desfeita durante três dias.
contact-email = Endereço de e-mail
contact-email-none = Ainda nenhum.
contact-email-new = Novo endereço de e-mail
contact-backup-email = Segunda caixa de e-mail
contact-backup-email-none = Ainda nenhuma. Com uma segunda caixa de e-mail, de preferência em outro provedor, você recupera sua conta com mais facilidade e fica sabendo do que acontece com ela.
contact-backup-email-new = Endereço da segunda caixa de e-mail
contact-phone = Telefone
contact-phone-none = Ainda nenhum.
contact-phone-new = Novo número, no formato internacional, como +44 20 7946 0000
contact-add = Adicionar
contact-change = Mudar
contact-sent = Se { $target } puder ser usado aqui, um código está a caminho. Ele vale por dez minutos.
contact-changed = Mudado. O endereço antigo foi avisado.
contact-removed = Removido. Avisamos você por e-mail.
contact-refused-form = Não podemos usar este endereço ou número. Confira.
contact-refused-same = É o que você já tem.
contact-refused-frozen = Sua conta está congelada por um dia, porque você nos disse que outra pessoa entrou. Tente de novo amanhã.
contact-refused-throttled = Mensagens ou tentativas demais. Espere alguns minutos e tente de novo.
contact-refused-no-way = Não podemos enviar SMS aqui, por isso um número não pode ser comprovado.
contact-refused-code = O código não é este. Confira ou peça outro.
undo-ask-title = Desfazer esta mudança?
undo-ask-text = Um clique deixa sua conta como estava antes da mudança: endereços, telefone, perfil, senha e formas de entrar. Todas as sessões são encerradas, e nada pode ser mudado por um dia.
undo-submit = Desfazer
undo-note = Se a mudança foi sua, não há nada a fazer. Feche esta página.
undo-done-title = Sua conta está como era antes
undo-done-text = A mudança foi desfeita, com tudo o que foi mudado depois dela, e todas as sessões foram encerradas. Entre e escolha uma nova senha: outra pessoa pode conhecer a antiga.
undo-expired-title = Este link não vale mais
undo-expired-text = Ele já foi usado, ou os três dias passaram. Se outra pessoa mudou sua conta, recupere a conta ou peça ajuda ao atendimento ao cliente da loja.

# Recovery
recovery-title = Recupere sua conta
recovery-lead = Digite o endereço de e-mail da sua conta. Enviamos um código para lá.
recovery-back = Voltar para a entrada
recovery-prove-lead = Se existe uma conta com { $email }, um código está a caminho. Digite o código aqui.
recovery-no-mailbox = Não consigo abrir esta caixa de e-mail
recovery-no-mailbox-text = Então apresente outra coisa que só você tem.
recovery-more-title = Apresente um pouco mais
recovery-more-lead = Sua conta é protegida por uma segunda etapa, por isso uma prova não basta. Apresente outra.
recovery-may-wait-lead = O que você apresentou basta depois de { $hours } horas sem que ninguém se oponha. Avisamos você por todos os canais da sua conta.
recovery-wait = Começar as { $hours } horas
recovery-faster = Ou apresente mais, e vá mais rápido
recovery-show = Apresentar
recovery-desk = Não há mais nada que você possa apresentar? Então fale com o atendimento ao cliente da loja.
recovery-waiting-title = Sua conta está sendo recuperada
recovery-waiting-lead = { $hours ->
    [one] Em cerca de uma hora
   *[other] Em cerca de { $hours } horas
  }, você pode escolher novas formas de entrar.
recovery-waiting-text = Avisamos você por todos os canais da sua conta, com um link que interrompe a recuperação. Quando o tempo acabar, um e-mail diz como continuar. Você pode fechar esta página.
recovery-finish-password = Depois você segue adiante. Se sua conta tem uma segunda etapa, ela é pedida como sempre.
recovery-finish-factor = Suas formas antigas de entrar são removidas, e todas as sessões são encerradas.
recovery-vetoed-title = Esta recuperação foi interrompida
recovery-vetoed-text = A pessoa dona da conta disse que não era ela. Se essa pessoa é você e você não disse isso, fale com o atendimento ao cliente da loja.
recovery-over-title = Esta recuperação acabou
recovery-over-text = Ela ficou aberta por tempo demais, outra foi começada, ou a conta foi mudada nesse meio-tempo. Nada se perdeu: comece de novo.
recovery-done-title = Você tem uma nova senha
recovery-done-text = Entre com ela.
recovery-again = Começar de novo
recovery-lost-factor = Também não posso usar meu aplicativo, minha chave de acesso ou meu celular para a segunda etapa
recovery-have-factor = Eu tenho, sim, minha segunda etapa
recovery-too-new = mudou há pouco e ainda não conta
recovery-mailbox-name = Sua caixa de e-mail
recovery-mailbox-label = Código da sua caixa de e-mail
recovery-mailbox-lead = Podemos enviar um código para { $target }.
recovery-mailbox-wrong = O código não é este. Confira ou peça outro.
recovery-second-mailbox-name = Sua segunda caixa de e-mail
recovery-second-mailbox-label = Código da sua segunda caixa de e-mail
recovery-second-mailbox-lead = Podemos enviar um código para sua segunda caixa de e-mail, { $target }.
recovery-second-mailbox-wrong = O código não é este. Confira ou peça outro.
recovery-phone-name = Seu telefone
recovery-phone-label = Código do seu telefone
recovery-phone-lead = Podemos enviar um código por SMS para o seu número que termina em { $target }.
recovery-phone-wrong = O código não é este. Confira ou peça outro.
recovery-passkey-name = Sua chave de acesso ou de segurança
recovery-passkey-label = Se você ainda tem uma chave de acesso (passkey) ou chave de segurança desta conta, use-a.
recovery-passkey-use = Usar minha chave
recovery-passkey-wrong = Não foi aceito. Tente de novo ou mostre outra coisa.
recovery-recovery-code-name = Um código de recuperação
recovery-recovery-code-label = Um código de recuperação que você guardou
recovery-recovery-code-wrong = Este não é um dos seus códigos de recuperação. Confira ou tente outro.
recovery-password-name = Sua senha
recovery-password-label = Sua senha
recovery-password-wrong = A senha não é esta.
recovery-trusted-device-name = Um dispositivo em que você confia
recovery-past-order-name = Um pedido seu
recovery-past-order-label = O número de um pedido feito há mais de três dias
recovery-past-order-wrong = Não conhecemos esse pedido.
recovery-link-stop-title = Interromper a recuperação?
recovery-link-stop-text = Alguém está recuperando sua conta com provas fracas. Se não é você, interrompa.
recovery-link-stop-submit = Não sou eu: interromper
recovery-link-stopped-title = A recuperação foi interrompida
recovery-link-stopped-text = Ninguém entrou. Se não foi você que pediu, alguém pode estar lendo seus e-mails ou suas mensagens: mude essa senha também.
recovery-link-go-on-title = Recupere sua conta
recovery-link-go-on-text = A espera acabou, e ninguém se opôs. Continue neste navegador.
recovery-link-go-on-submit = Continuar
recovery-link-expired-title = Este link não vale mais
recovery-link-expired-text = Ele já foi usado, ou é antigo demais, ou a recuperação foi interrompida.

# This was not me
not-me-ask-title = Não foi você?
not-me-about = Avisamos você: { $subject }
not-me-ask-text = Um clique encerra todas as sessões em todos os lugares, torna sua senha inútil até você trocá-la e impede qualquer mudança dos seus endereços por um dia.
not-me-submit = Não fui eu: proteger minha conta
not-me-note = Se foi você, não há nada a fazer. Feche esta página.
not-me-done-title = Sua conta está protegida
not-me-done-text = Todas as sessões foram encerradas. Ninguém pode mudar seus endereços por um dia. Agora escolha uma nova senha.
not-me-signin-title = Foi você?
not-me-me-submit = Sim, fui eu
not-me-me-note = Se foi você, nada acontece com sua conta. Sua resposta nos ajuda a distinguir você de outras pessoas, e as mudanças que esperavam não precisam mais esperar.
not-me-known-title = Obrigado
not-me-known-text = Agora sabemos que foi você. Nada foi alterado na sua conta, e o que esperava pode ser feito já.
held-title = Esta mudança está em espera
held-text = Seu último acesso pareceu incomum. Por { $hours -> 
    [one] mais uma hora
   *[other] mais { $hours } horas
} ninguém pode mudar como você entra, como falamos com você ou para onde vão os pedidos.
held-faster = Você não precisa esperar se fizer uma destas coisas:
held-mail = Abra nossa mensagem sobre este acesso e diga ali que foi você.
held-browser = Entre com um navegador que você já usou aqui.
held-factor = Entre com uma chave de acesso ou seu aplicativo autenticador, se tiver um.
held-why = Um ladrão que achou sua senha mudaria primeiro o seu endereço. Este é o tempo em que você perceberia.
held-back = Ir para minha conta
not-me-used-title = Este link já cumpriu sua função
not-me-used-text = Ele já foi usado, ou outro link como ele. Se você ainda não trocou sua senha, troque agora.
not-me-expired-title = Este link não vale mais
not-me-expired-text = Ele é antigo demais ou não está completo. Você ainda pode entrar e mudar sua senha, ou recuperar sua conta.
not-me-recover = Recuperar minha conta
not-me-code-title = Você não pediu este código?
not-me-code-text = Alguém digitou o seu endereço para recuperar a sua conta. Sem o código ninguém entra. Um toque encerra o que foi começado.
not-me-code-submit = Não fui eu: encerrar
not-me-stopped-title = Foi encerrado
not-me-stopped-text = O código não vale mais nada. Se acha que alguém lê os seus e-mails, entre, escolha outro endereço e proteja a sua conta ali.

# Mail
mail-phrase = Sua frase: { $phrase }
mail-foot = --
    { $brand }. Esta mensagem é nossa? Digite o código dela, { $code }, em { $link }
mail-code-link = Ou abra esta página no mesmo navegador e clique no botão que há nela: { $link }
mail-not-me = Se não foi você, clique no botão desta página. Funciona sem entrar na conta: { $link }
mail-new-device-subject = Novo acesso à sua conta
mail-new-device-text = Alguém entrou na sua conta com um navegador que ainda não conhecíamos.

    Se foi você, não há nada a fazer.
mail-password-changed-subject = Sua senha foi mudada
mail-password-changed-text = A senha da sua conta foi mudada. Todas as sessões foram encerradas.
mail-password-breached-subject = Criminosos conhecem sua senha
mail-password-breached-text = A senha da sua conta em { $brand } está em uma lista de um vazamento de dados. O vazamento não precisa ter sido aqui: muitas pessoas usam a mesma senha em vários lugares.

    Escolha uma nova, também nos outros lugares em que você a usa: { $link }
mail-locked-subject = Sua conta foi bloqueada
mail-locked-text = Sua conta foi bloqueada pela equipe da loja. Fale com a loja para que ela seja desbloqueada.
mail-authenticator-added-subject = Uma nova forma de entrar foi adicionada
mail-authenticator-added-text = Uma nova forma de entrar foi adicionada à sua conta: um aplicativo autenticador, uma chave de acesso (passkey), uma chave de segurança ou códigos por mensagem. Você pode ver aqui: { $link }
mail-authenticator-removed-subject = Uma forma de entrar foi removida
mail-authenticator-removed-text = Uma forma de entrar foi removida da sua conta: um aplicativo autenticador, uma chave de acesso (passkey), uma chave de segurança ou códigos por mensagem. Você pode ver aqui o que restou: { $link }
mail-recovery-code-used-subject = Um código de recuperação foi usado
mail-recovery-code-used-text = Alguém entrou na sua conta com sua senha e um dos seus códigos de recuperação. Cada um funciona uma vez.
mail-passkey-cloned-subject = Uma chave de segurança foi recusada
mail-passkey-cloned-text = Alguém tentou entrar na sua conta com uma chave sua que pode ter sido copiada. A chave foi recusada.

    Remova essa chave e adicione outra: { $link }
mail-few-recovery-codes-subject = Restam poucos códigos de recuperação
mail-few-recovery-codes-text = Alguém entrou na sua conta com sua senha e um dos seus códigos de recuperação. Restam poucos: obtenha novos em { $link }
mail-already-joined-subject = Você já tem uma conta
mail-already-joined-text = Alguém, talvez você, quis criar uma conta em { $brand } com este endereço. Já existe uma, e nada foi mudado.

    Se foi você, entre aqui; você também pode escolher uma nova senha lá: { $link }
mail-welcome-subject = Boas-vindas a { $brand }
mail-welcome-text = Sua conta está pronta. Nela você encontra como você entra, onde sua sessão está aberta e toda mensagem que enviamos a você: { $link }
mail-recovery-waits-subject = Alguém está recuperando sua conta
mail-recovery-waits-text = Alguém, talvez você, está recuperando sua conta em { $brand } e não pode apresentar muita coisa. Em { $hours } horas, essa pessoa pode escolher novas formas de entrar.

    Se é você, não há nada a fazer. Se não é, interrompa agora; basta um clique, e funciona sem entrar na conta: { $link }
mail-recovery-ready-subject = Agora você pode recuperar sua conta
mail-recovery-ready-text = A espera acabou, e ninguém se opôs. Continue aqui dentro de um dia: { $link }
mail-recovered-subject = Sua conta foi recuperada
mail-recovered-text = Sua conta foi recuperada: ela tem uma nova senha, e as formas antigas de entrar foram removidas. Todas as sessões foram encerradas. Você pode ver a conta aqui: { $link }
mail-contact-undo-subject = Sua conta foi mudada: { $what }
mail-contact-undo-text = Na sua conta em { $brand }, isto foi mudado: { $what }.

    Se foi você, não há nada a fazer. Se não foi você, desfaça com um clique; funciona por três dias, sem entrar na conta, e restaura tudo o que foi mudado desde então: { $link }
mail-address-changed-subject = Seus endereços postais foram mudados
mail-address-changed-text = Na sua conta em { $brand }, um endereço postal foi adicionado ou mudado, ou outro foi posto em primeiro lugar. Você pode ver aqui: { $link }
mail-contact-changed-subject = Este endereço agora é o da sua conta
mail-contact-changed-text = A partir de agora, os e-mails da sua conta em { $brand } chegam a este endereço. Você pode ver a conta aqui: { $link }
mail-restored-subject = Sua conta está como era antes
mail-restored-text = Uma mudança do seu endereço foi desfeita, e com ela tudo o que foi mudado depois. Todas as sessões foram encerradas. Nada pode ser mudado por um dia.

    Entre pelo próprio site da loja e escolha uma nova senha: outra pessoa pode conhecer a antiga.
mail-erasure-asked-subject = Sua conta será apagada
mail-erasure-asked-text = Como você pediu, sua conta em { $brand } e tudo o que está nela serão apagados em { $days } dias, e todas as sessões foram encerradas. Até lá, você pode manter a conta: entre em { $link }

    Se não foi você, entre, mantenha sua conta e mude sua senha.
mail-kept-subject = Você manteve sua conta
mail-kept-text = Sua conta não será apagada. Você pode ver a conta aqui: { $link }
mail-erased-subject = Sua conta foi apagada
mail-erased-text = Sua conta em { $brand } foi apagada, com tudo o que estava nela. As cópias de segurança que ainda guardam uma cópia da chave dela somem após 30 dias; sem a chave, nada dela pode ser lido.

    Este é o recibo, assinado por nós. Guarde-o se você quiser um dia provar a data:

    { $receipt }

    Este é o último e-mail que você recebe de nós.
mail-secured-subject = Sua conta está protegida
mail-secured-text = Como você nos disse que não foi você, todas as sessões foram encerradas, sua senha precisa ser trocada antes de abrir qualquer coisa, e seus endereços não podem ser mudados por um dia.

    Entre ou recupere sua conta pelo próprio site da loja e escolha uma nova senha.
mail-code-signin-subject = Seu código para entrar
mail-code-signin-text = Seu código é { $code }. Ele vale por dez minutos, para entrar na sua conta em { $brand }, e para mais nada.

    Digite o código só na página em que você o pediu. Ninguém da loja vai pedir esse código a você, nem por telefone nem de outra forma. Se você não o pediu, alguém conhece sua senha: mude a senha.
mail-code-purchase-subject = Seu código para confirmar uma compra
mail-code-purchase-text = Seu código é { $code }. Ele confirma uma compra de { $amount } em { $shop }, e mais nada. Vale por dez minutos.

    Digite o código só na página em que você está comprando. Ninguém da loja vai pedir esse código a você, nem por telefone nem de outra forma. Se você não está comprando isso, alguém conhece sua senha: mude a senha.
mail-code-password-subject = Seu código para escolher uma nova senha
mail-code-password-text = Seu código é { $code }. Ele vale por dez minutos, para escolher uma nova senha para sua conta em { $brand }, e para mais nada.

    Digite o código só na página em que você o pediu. Ninguém da loja vai pedir esse código a você, nem por telefone nem de outra forma.
mail-code-signup-subject = Seu código para criar uma conta
mail-code-signup-text = Seu código é { $code }. Ele vale por dez minutos, para criar uma conta em { $brand } com este endereço.

    Digite o código só na página em que você o pediu. Se você não o pediu, não há nada a fazer: sem o código, ninguém pode usar seu endereço.
mail-code-address-subject = Seu código para comprovar este endereço
mail-code-address-text = Seu código é { $code }. Ele vale por dez minutos, para adicionar este endereço a uma conta em { $brand }.

    Digite o código só na página em que você o pediu. Se você não o pediu, não há nada a fazer.
mail-code-recovery-subject = Seu código para recuperar sua conta
mail-code-recovery-text = Seu código é { $code }. Ele vale por dez minutos, para recuperar sua conta em { $brand }, e para mais nada.

    Digite o código só na página em que você o pediu. Ninguém da loja vai pedir esse código a você, nem por telefone nem de outra forma.
sms-notice-text = { $brand }: uma forma de entrar na sua conta foi adicionada ou removida. Se não foi você, fale logo com a loja. ({ $message })
sms-code-text = { $brand }: seu código é { $code }. Ninguém vai pedir esse código a você. ({ $message })
sms-caller-text = { $brand }: { $code } mostra ao atendimento que é você quem liga. { $purpose } Se alguém ligou para você, não diga a ninguém. ({ $message })
sms-purchase-text = { $brand }: { $code } confirma { $amount } em { $shop }. Não é você? Não digite em lugar nenhum. Ninguém vai pedir esse código a você. ({ $message })

# Safety: check-up, cards, phrase, quiz, theft, reports
account-frozen = Sua conta fica congelada por mais { $hours ->
    [one] uma hora
   *[other] { $hours } horas
  }: os endereços não podem ser mudados, e as lojas sabem disso.
checkup-title = Verificação de segurança
checkup-points = { $score } de 100 pontos
checkup-verdict-best = Sua conta está tão segura quanto uma conta pode estar.
checkup-verdict-good = Bem protegida. Falta pouco.
checkup-verdict-fair = Melhor que a maioria. A primeira linha abaixo é a que mais ajuda.
checkup-verdict-poor = Quem descobrir sua senha consegue entrar. A primeira linha abaixo muda isso.
checkup-well = Feito
checkup-back = Voltar para a verificação
checkup-note = Os pontos representam proteção medida: o que ninguém consegue tirar de você com um truque vale mais. Códigos por mensagem não dão nenhum ponto.
checkup-password-title = Uma senha que não está nas listas de criminosos
checkup-password-why = A sua é conhecida, ou você nos disse que outra pessoa entrou.
checkup-password-do = Trocar a senha
checkup-passkey-title = Uma chave de acesso (passkey) ou chave de segurança
checkup-passkey-why = Ninguém consegue tirá-la de você com um truque, e uma página copiada não recebe nada.
checkup-passkey-do = Adicionar uma chave de acesso
checkup-second-factor-title = Uma segunda etapa que você tem na mão
checkup-second-factor-why = Assim, uma senha roubada sozinha não abre nada.
checkup-second-factor-do = Adicionar um aplicativo ou uma chave
checkup-recovery-codes-title = Códigos de recuperação em um lugar seguro
checkup-recovery-codes-why = Com eles, você volta a entrar na hora se perder o celular.
checkup-recovery-codes-do = Obter códigos de recuperação
checkup-second-mailbox-title = Uma segunda caixa de e-mail
checkup-second-mailbox-why = Você fica sabendo do que acontece com sua conta mesmo se alguém tomar a primeira.
checkup-second-mailbox-do = Adicionar uma caixa de e-mail
checkup-devices-title = Só os seus navegadores têm a sessão aberta
checkup-devices-why = { $count ->
    [one] Um navegador tem a sessão aberta.
   *[other] { $count } navegadores têm a sessão aberta.
  } São todos seus?
checkup-devices-do = São todos meus
checkup-devices-look = Ver os navegadores
checkup-old-shops-title = Só as lojas que você usa veem seus dados
checkup-old-shops-why = Há uma loja que você não usa há um ano.
checkup-old-shops-do = Desconectar lojas antigas
checkup-phrase-title = Uma frase que só nós e você conhecemos
checkup-phrase-why = Ela está em todo e-mail nosso. O que vem sem ela não é nosso.
checkup-phrase-do = Escolher uma frase
card-breached-title = Deixe para trás as senhas que estão em listas
card-breached-text = A senha que você tinha estava em uma lista que criminosos usam. Uma chave de acesso (passkey) não pode vazar: adicione uma, e nenhuma lista importa.
card-breached-do = Adicionar uma chave de acesso
card-recovered-title = Faça a próxima recuperação ser curta
card-recovered-text = Com códigos de recuperação em uma gaveta, você volta a entrar em um minuto, e mais ninguém entra.
card-recovered-do = Obter códigos de recuperação
card-phished-title = Alguém está tentando enganar você
card-phished-text = Agradecemos seu aviso. Essas mensagens levam a páginas copiadas. Uma chave de acesso (passkey) só funciona na verdadeira.
card-phished-do = Adicionar uma chave de acesso
card-new-address-title = Um novo endereço foi adicionado
card-new-address-text = Foi você? Se não foi, veja agora e proteja sua conta.
card-new-address-do = Ver meus endereços
card-new-payee-title = Você pagou alguém novo?
card-new-payee-text = Você confirmou uma compra para alguém que nunca tinha pago antes. Se não foi você, ou se alguém pediu que fizesse isso, confira agora.
card-new-payee-do = Ver o que aconteceu
card-checkup-title = Dois minutos para sua segurança
card-checkup-text = Veja se sua conta está bem protegida e resolva o que falta, com um botão para cada coisa.
card-checkup-do = Começar a verificação
phrase-title = Sua frase
phrase-lead = Todo e-mail nosso vai trazer esta frase. Um e-mail sem ela não é nosso.
phrase-label = Frase
phrase-other = Escolher outra
phrase-current = Sua frase é:
phrase-save = Usar esta frase
phrase-saved = Salva. A partir de agora, nossos e-mails trazem a frase.
phrase-removed = Removida. Nossos e-mails não trazem mais uma frase.
phrase-remove = Não usar frase
phrase-wrong = Uma frase tem de 4 a 60 caracteres.
phrase-note = Não mostramos a frase em lugar nenhum antes de você entrar, e ninguém vai pedir a frase a você. Ela não é uma senha: mesmo um e-mail que traz a frase não é motivo para dar um código a alguém.
quiz-link = Você reconheceria uma mensagem falsa?
quiz-title = Verdadeira ou alterada?
quiz-lead = Seis mensagens com o nosso nome. Algumas são exatamente como as enviamos, outras foram alteradas por alguém que quer algo de você. Leva cerca de um minuto e meio.
quiz-message = Mensagem { $number }
quiz-genuine = Verdadeira
quiz-altered = Alterada
quiz-submit = Ver as respostas
quiz-missing = Avalie todas as mensagens primeiro.
quiz-result = Acertos: { $right } de 6.
quiz-right = Certo.
quiz-wrong = Não foi desta vez.
quiz-passkey = Tenha proteção mesmo quando errar: adicione uma chave de acesso (passkey)
quiz-again = Outras seis
quiz-lure-look-alike = Confirme dentro de um dia que foi você.
quiz-lure-call-us = Para desbloquear agora mesmo, ligue para +1 900 555 0123 e tenha seu cartão à mão.
quiz-lure-send-code = Para cancelar o pagamento, responda a este e-mail com o código.
quiz-lure-hurry = Se você não agir em 24 horas, sua conta e todos os seus pedidos serão apagados.
quiz-why-genuine = É nossa: os links levam a { $host }, e ela não pede nada.
quiz-why-look-alike = Os links levam a { $foreign }, que só parece ser nosso.
quiz-why-call-us = Nunca damos um número para ligar e nunca pedimos um cartão.
quiz-why-send-code = Um código é digitado na nossa página e em nenhum outro lugar. Ninguém da nossa equipe pede o código.
quiz-why-hurry = Ela ameaça e apressa você para { $foreign }, que não é nosso.
theft-title = Alguém usou minha conta
theft-lead = Siga nesta ordem. Cada etapa leva um minuto.
theft-secure-title = Tire essa pessoa da conta
theft-secure-text = Todas as sessões são encerradas, sua senha fica inútil até você trocá-la, e os endereços ficam congelados por um dia. Sua sessão também é encerrada, e você escolhe uma nova senha.
theft-look-title = Veja o que foi mudado
theft-look-text = Desfaça o que não foi você que fez:
theft-keep-title = Guarde o que foi visto
theft-keep-text = Um arquivo compactado com todos os eventos da sua conta: quando, de qual endereço, com qual navegador. A polícia e os bancos pedem isso.
theft-days = Desde quando?
theft-days-option = { $days ->
    [one] O último dia
   *[other] Os últimos { $days } dias
  }
theft-download = Baixar o relatório
theft-tell-title = Denuncie
theft-tell-text = Informe o número do relatório. Onde denunciar:
theft-bank-title = Avise seu banco
theft-bank-text = Se algo foi comprado, peça que o pagamento seja cancelado ou devolvido. Se alguém pode ter seu nome e sua data de nascimento, peça a um serviço de proteção ao crédito que bloqueie ou sinalize seu cadastro.
theft-elsewhere-title = Olhe também em outros lugares
theft-elsewhere-text = Se você usa a mesma senha em outro lugar, mude-a lá. Comece pela sua caixa de e-mail: quem consegue lê-la consegue entrar em tudo.
theft-report-title = Relatório { $case }
theft-report-text = O que foi visto na conta, com o mais recente primeiro. Os horários estão em UTC.
theft-report-shop = Loja
theft-report-subject = Conta
theft-report-made = Criado em
theft-report-when = Quando
theft-report-what = O quê
theft-report-where = De onde
safety-title = Fique em segurança
safety-lead = O que deve saber quem recebe mensagens em nome de { $brand }.
safety-never-title = Nós nunca
safety-never-password = pedimos sua senha, por e-mail, SMS ou telefone
safety-never-code = pedimos que você diga, envie ou encaminhe um código
safety-never-gift-card = pedimos pagamento com cartões-presente, nem que você leia os números deles para nós
safety-never-move = pedimos que você transfira dinheiro ou instale um programa
safety-address-title = Um só endereço
safety-address-text = Você entra em { $host } e em nenhum outro lugar. Uma chave de acesso (passkey) confere isso por você.
safety-doubt-title = Na dúvida
safety-doubt-text = Toda mensagem nossa traz um código. Digite o código ou cole a mensagem inteira: dizemos se ela é nossa.
safety-in-title = Alguém está na sua conta?
safety-in-text = O link "não fui eu" em qualquer mensagem nossa tira essa pessoa da conta com um clique. Se você não tem nenhuma mensagem à mão, vá para cá:
safety-best-title = O que mais ajuda
safety-best-text = Uma chave de acesso (passkey). Uma página copiada não recebe nada dela, e não há nada para lembrar.
report-title = Denuncie um golpe
report-lead = Conte sobre uma mensagem, uma página ou uma ligação que usa o nosso nome. Lemos todas as denúncias e avisamos outras pessoas.
report-kind = O que foi?
report-kind-message = Um e-mail ou SMS
report-kind-site = Uma página na internet
report-kind-call = Uma ligação telefônica
report-kind-other = Outra coisa
report-text = O que aconteceu? Cole a mensagem, o endereço ou o número.
report-send = Enviar a denúncia
report-missing = Escolha o que foi e conte o que aconteceu.
report-thanks = Agradecemos. Recebemos sua denúncia.
report-after = Se você deu uma senha ou um código a alguém, mude a senha agora. Se você pagou, ligue para seu banco.
activity-devices-reviewed = Você conferiu os navegadores com a sessão aberta
activity-phrase-chosen = Você escolheu ou removeu sua frase
activity-theft-report-made = Você baixou um relatório para a polícia e o banco
activity-scam-reported = Você denunciou um golpe

# Later
privacy-staff = Sua conta é da equipe da loja. Peça antes a um proprietário que remova você.
privacy-frozen = Um endereço ou número da sua conta mudou há pouco, ou a conta está parada. Para sua segurança, ela pode ser apagada três dias depois de uma mudança assim.
account-leaving = Sua conta será apagada.
account-leaving-link = Mantê-la
verify-said = Isto é o que dissemos, e nada mais:
brand-support = Ajuda
shops-receipt = Recibo
shops-receipt-label = Recibo do que você aceitou com { $name }

upstream-with = Continuar com { $provider }
upstream-title = Sua conta { $provider }
upstream-connect-lead = Conecte-a e, a partir de agora, { $provider } abrirá a sua sessão aqui. Conecte somente uma conta que seja sua.
upstream-own = Sua conta aqui
upstream-connect = Conectar
upstream-not-now = Agora não
upstream-unknown = { $provider } diz que você é { $label }. Aqui ainda não há nenhuma conta conectada a isso.
upstream-have-account = Já tenho uma conta aqui
upstream-have-account-hint = Entre uma vez como sempre faz. Depois perguntamos se você quer conectar as duas.
upstream-join = Sou novo aqui
upstream-join-hint = Crie uma conta que { $provider } abre. Você não precisa de senha.
upstream-join-with = Entrar com { $provider } a partir de agora
upstream-or = ou
upstream-join-with-hint = Você pode adicionar uma chave de acesso ou uma senha depois.
upstream-denied = O outro serviço não abriu a sua sessão. Tente de novo ou entre por aqui.
upstream-unreachable = O outro serviço não está respondendo agora. Entre por aqui ou tente de novo em um minuto.
upstream-invalid = A resposta do outro serviço não era válida e por isso não conta. Tente de novo ou entre por aqui.
upstream-not-fresh = Esta etapa exige que você entre de novo, e o outro serviço não confirmou isso. Entre por aqui de outra forma. Se não tiver nenhuma, em “Não consegue entrar?” você pode criar uma senha.
upstream-taken = Essa conta está conectada a outra conta daqui. Desconecte-a lá primeiro.
security-upstreams = Contas de outros serviços com que você entra
security-upstream-add = Conectar { $provider }
security-upstream-remove = Desconectar
security-upstream-remove-label = Desconectar { $provider }
security-done-connected = Conectada.
activity-upstream-connected = Você conectou uma conta de outro serviço
activity-upstream-disconnected = Uma conta de outro serviço foi desconectada

# Purchases
purchase-title = Você está confirmando uma compra
purchase-at = Em { $client }
purchase-payee = Pago a { $payee }
purchase-order = Pedido { $order }
purchase-warning = Não é isso que você está comprando? Então saia desta página. Ninguém da loja vai pedir que você confirme uma compra por ele nem que leia um código para ele.
pause-title = Antes de comprar cartões-presente
pause-lead = { $client } nos informa que há cartões-presente na sua compra de { $amount }. Respire um pouco antes.
pause-early = Mais um momento: você pode continuar em { $seconds ->
    [one] { $seconds } segundo
   *[other] { $seconds } segundos
  }.
pause-nobody = Nenhuma autoridade, banco, empresa ou loja pede pagamento com cartões-presente. Quem pede é golpista.
pause-gone = Quem sabe o número do cartão tem o dinheiro. Ninguém consegue recuperar para você.
pause-secret = Há alguém ao telefone ou em uma conversa enquanto você faz isso, ou disseram para você ter pressa ou não contar a ninguém? Desligue e pergunte a alguém de confiança.
pause-stop = Parar esta compra
pause-go-on = Ninguém me mandou comprar: continuar
pause-wait = Você pode continuar depois de dez segundos. Nada foi pago ainda.
pause-report = Denunciar um golpe

# O que o atendimento faz, como os clientes ficam sabendo.
activity-staff-note = { $name }, do atendimento: { $reason }
activity-staff-by = { $name }, do atendimento
activity-staff-caller-asked = O atendimento pediu a quem ligava que mostrasse que é você
activity-staff-caller-checked = Foi mostrado, ou não, que é você quem liga para o atendimento
activity-staff-customer-revealed = O atendimento viu seus dados de contato e seu perfil por inteiro
activity-staff-customer-viewed = O atendimento olhou suas páginas como você as vê
activity-staff-customer-locked = O atendimento bloqueou sua conta
activity-staff-customer-unlocked = O atendimento desbloqueou sua conta
activity-staff-sessions-ended = O atendimento encerrou suas sessões em todos os lugares
activity-staff-recovery-started = O atendimento enviou a você o caminho para recuperar sua conta
activity-staff-message-resent = O atendimento reenviou uma mensagem a você
activity-staff-case-asked = Foi pedida ao atendimento uma mudança na sua conta
activity-staff-case-approved = Uma segunda pessoa do atendimento aprovou uma mudança na sua conta
activity-staff-case-refused = O atendimento recusou ou retirou uma mudança na sua conta
activity-staff-case-vetoed = Uma mudança pedida ao atendimento foi interrompida a partir da sua caixa de e-mail
activity-staff-case-confirmed = A nova caixa de e-mail da sua conta foi confirmada
activity-staff-case-done = Uma mudança pedida ao atendimento foi feita
activity-staff-case-expired = Uma mudança pedida ao atendimento não foi feita
activity-admin-joined = Você entrou para a equipe
activity-admin-changed = Suas funções foram alteradas
activity-admin-removed = Você não faz mais parte da equipe
case-remove-factors = remover todas as formas de entrar além da senha
case-remove-factor = remover uma das formas de entrar
case-change-email = mudar o endereço de e-mail
case-erase = apagar a conta
case-requests-title = O que foi pedido ao atendimento
case-requests-none = Nada está pendente. O que foi decidido está na sua atividade.
case-requests-item = Alguém pediu a { $name }, do atendimento, para { $what }: “{ $reason }”
case-link-stop-title = Interromper o que foi pedido ao atendimento?
case-link-stop-text = Alguém que falou com o atendimento pediu uma mudança na sua conta. Se não foi você, interrompa.
case-link-stop-submit = Não fui eu: interromper
case-link-stopped-title = Foi interrompido
case-link-stopped-text = Nada foi alterado. O atendimento vê que você disse não.
case-link-confirm-title = Usar esta caixa de e-mail na sua conta?
case-link-confirm-text = Você pediu ao atendimento que este seja o endereço de e-mail da sua conta. Confirme só se foi você.
case-link-confirm-submit = Sim, esta caixa é minha
case-link-confirmed-title = A caixa de e-mail está confirmada
case-link-confirmed-text = Ela passa a ser a da sua conta assim que a espera terminar. Você será avisado aqui.
case-link-expired-title = Este link não vale mais
case-link-expired-text = Ele foi usado, é antigo demais, ou o assunto está resolvido.
call-title = Ao telefone com o atendimento
call-lead = { $name }, do atendimento, quer saber se é você quem está ligando.
call-number-label = O número para comparar
call-compare = Diga sim só se você ligou para nós e lhe dizem exatamente este número.
call-warning = Se alguém ligou para você, não somos nós. Diga não e desligue: nunca pedimos um código ou uma senha.
call-purpose = Se disser que sim, o atendimento poderá { $what }.
call-purpose-talk = Isso não muda nada: o atendimento apenas conversa com você sobre sua conta.
call-code-purpose = Quem o ouvir no atendimento poderá então { $what }.
call-yes = Sim, sou eu quem liga
call-no = Não, não sou eu
call-yes-done = Obrigado. O atendimento vê que é você.
call-no-done = O atendimento vê que não é você quem liga. Alguém quis se passar por você: veja como sua conta está protegida.
call-nobody = No momento ninguém do atendimento pergunta por você. Deixe esta página aberta e olhe de novo quando pedirem.
mail-viewed-subject = O atendimento olhou sua conta
mail-viewed-text = Alguém do atendimento de { $brand } olhou as páginas da sua conta como você as vê. Nada foi alterado. Quem foi e por quê está na sua atividade: { $link }
mail-unlocked-subject = Sua conta foi desbloqueada
mail-unlocked-text = Sua conta em { $brand } foi desbloqueada pela equipe da loja. Você pode entrar de novo: { $link }
mail-recovery-offered-subject = Como voltar à sua conta
mail-recovery-offered-text = O atendimento de { $brand } envia a você o caminho para recuperar sua conta. Abra esta página e mostre o que você tem: { $link }

    Ninguém do atendimento precisa da sua senha nem de um código para isso. Se você não pediu, não precisa fazer nada.
mail-case-waits-subject = Foi pedida ao atendimento uma mudança na sua conta
mail-case-waits-text = Alguém, talvez você, pediu ao atendimento de { $brand } para { $what }. Será feito em { $hours } horas.

    Se foi você, não precisa fazer nada. Se não, interrompa agora; basta um clique, sem entrar na conta: { $link }
mail-case-confirm-subject = Confirme esta caixa de e-mail
mail-case-confirm-text = Foi pedido ao atendimento de { $brand } que este seja o endereço de e-mail de uma conta. Se foi você quem pediu, confirme aqui: { $link }

    Se não foi você, não faça nada: então nada acontece.
mail-code-caller-subject = Seu código para o telefone
mail-code-caller-text = Seu código é { $code }. Diga-o em voz alta só se você mesmo ligou para o atendimento de { $brand }, no número que está no nosso site. Ele mostra que é você quem liga, e não abre nada.

    Se alguém ligou para você, não somos nós: não diga o código a ninguém e desligue.
mail-signin-unusual-subject = Início de sessão invulgar na sua conta
mail-signin-unusual-text = Alguém iniciou sessão na sua conta de uma forma invulgar para si e mostrou tudo o que pedimos.

    Se foi você, não precisa de fazer nada.
mail-signin-stopped-subject = Impedimos um início de sessão na sua conta
mail-signin-stopped-text = Alguém escreveu a sua palavra-passe correta, mas de uma forma tão invulgar para si que não deixámos entrar.

    Se foi você, inicie sessão num navegador que já tenha usado, ou recupere a sua conta. Se não foi você, alguém conhece a sua palavra-passe: escolha uma nova aqui: { $link }
stopped-title = Não pudemos ter a certeza de que é você
stopped-lead = A palavra-passe estava certa. Mas este início de sessão não se parece com nenhum dos seus, e não há mais nada registado que possa mostrar aqui. Por isso impedimo-lo.
stopped-known-device = Inicie sessão num navegador que já tenha usado aqui.
stopped-recovery = Ou recupere a sua conta: demora um pouco mais e funciona de qualquer lugar.
stopped-recover = Recuperar a conta
stopped-again = Tentar de novo
stopped-told = Avisámos o titular da conta por e-mail.
risk-reason-place = Outro lugar do que o habitual
risk-reason-device = Outro navegador ou sistema do que o habitual
risk-reason-habit = Com que frequência inicia sessão
risk-reason-known-device = Um navegador que já tinha usado
risk-reason-new-device = Um navegador que ainda não conhecíamos
risk-reason-travel = Outro país do que pouco antes
risk-reason-stuffing-address = De um endereço que experimenta muitas contas
risk-reason-stuffing-network = De uma rede que experimenta muitas contas
risk-reason-hosting = De um centro de dados
risk-reason-anonymiser = Através de um serviço que oculta a origem
risk-reason-program = Por um programa em vez de um navegador
risk-reason-dormant = Após muito tempo sem iniciar sessão
risk-reason-time = A outra hora do dia do que o habitual
activity-order-judged = Uma loja perguntou se uma das suas encomendas é invulgar
activity-order-outcome-told = Uma loja indicou o que aconteceu a uma das suas encomendas

puzzle-working = Um momento. Estamos verificando que você não é um programa…
puzzle-progress = Progresso
puzzle-wait = Muitos programas estão tentando este formulário agora. Seu navegador não executa scripts aqui: preencha o formulário, espere { $seconds } segundos e envie.
puzzle-needed = Muitos programas estão tentando este formulário agora. Envie mais uma vez: enquanto isso, seu navegador mostra que você não é um deles.
puzzle-early = Obrigado por esperar. Mais { $seconds } segundos e envie de novo.
contact-refused-disposable = Este tipo de caixa postal é descartável. Use uma que continue sendo sua.
