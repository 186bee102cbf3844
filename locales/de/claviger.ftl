# Sign-in
signin-title = Anmelden
signin-lead = weiter zu { $client }
signin-lead-plain = bei Ihrem Konto
signin-email = E-Mail
signin-password = Passwort
signin-remember = Auf diesem Gerät angemeldet bleiben
signin-submit = Anmelden
signin-back = Zurück zu { $client }
signin-refused = E-Mail und Passwort passen nicht zusammen. Prüfen Sie beides und versuchen Sie es noch einmal.
signin-throttled = Zu viele Versuche. Warten Sie { $minutes ->
    [one] eine Minute
   *[other] { $minutes } Minuten
  } und versuchen Sie es noch einmal.
signin-busy = Gerade ist sehr viel los. Bitte versuchen Sie es in ein paar Sekunden noch einmal.
signin-missing = Geben Sie E-Mail und Passwort ein.
signin-too-long = Das Passwort ist zu lang. Passwörter haben höchstens 128 Zeichen.
signin-again = Zu Ihrer Sicherheit: Bitte melden Sie sich noch einmal an.
signin-expired-title = Diese Anmeldung ist abgelaufen
signin-expired-text = Sie war zu lange offen. Nichts ist verloren: Beginnen Sie neu, und Sie kommen dorthin zurück, wo Sie waren.
signin-elsewhere-title = Diese Anmeldung gehört zu einem anderen Browser
signin-elsewhere-text = Der Link wurde in einem Browser geöffnet, der sie nicht begonnen hat. Beginnen Sie im Shop noch einmal.
signin-unmet-title = Eine stärkere Anmeldung ist nötig
signin-show-problem = Es gibt ein Problem

# Second factor
totp-title = Geben Sie Ihren Code ein
totp-lead = Öffnen Sie Ihre Authenticator-App und tippen Sie die sechs Ziffern ein, die sie für dieses Konto zeigt.
totp-code = Code
totp-submit = Weiter
totp-malformed = Ein Code hat sechs Ziffern. Tippen Sie den ein, den Ihre App jetzt zeigt.
totp-wrong = Das ist nicht der aktuelle Code. Warten Sie auf den nächsten, und prüfen Sie, ob sich die Uhr Ihres Telefons von selbst stellt.
totp-used = Dieser Code wurde schon benutzt. Warten Sie auf den nächsten.

totp-instead = Den Code einer Authenticator-App benutzen
recovery-code-title = Geben Sie einen Wiederherstellungscode ein
recovery-code-lead = Tippen Sie einen der Codes ein, die Sie aufbewahrt haben. Jeder gilt einmal.
recovery-code-code = Wiederherstellungscode
recovery-code-instead = Einen Wiederherstellungscode benutzen
recovery-code-malformed = Ein Wiederherstellungscode hat zehn Buchstaben und Ziffern, etwa 4k7xp-0w2ed.
recovery-code-wrong = Das ist keiner Ihrer Wiederherstellungscodes. Prüfen Sie ihn, oder nehmen Sie einen anderen.
recovery-code-used = Dieser Wiederherstellungscode wurde schon benutzt. Nehmen Sie einen anderen.
email-code-title = Sehen Sie in Ihre E-Mail
email-code-lead = Wir können einen Code an { $target } senden.
email-code-sent = Ein Code ist unterwegs an { $target }. Er gilt zehn Minuten.
email-code-code = Code
email-code-instead = Einen Code per E-Mail senden lassen
email-code-malformed = Ein Code hat sechs Ziffern.
email-code-wrong = Das ist nicht der Code. Prüfen Sie ihn, oder lassen Sie einen neuen senden.
email-code-used = Dieser Code gilt nicht mehr. Lassen Sie einen neuen senden.
sms-code-title = Sehen Sie auf Ihr Telefon
sms-code-lead = Wir können einen Code per SMS an Ihre Nummer senden, die auf { $target } endet.
sms-code-sent = Ein Code ist unterwegs an Ihre Nummer, die auf { $target } endet. Er gilt zehn Minuten.
sms-code-code = Code
sms-code-instead = Einen Code per SMS senden lassen
sms-code-malformed = Ein Code hat sechs Ziffern.
sms-code-wrong = Das ist nicht der Code. Prüfen Sie ihn, oder lassen Sie einen neuen senden.
sms-code-used = Dieser Code gilt nicht mehr. Lassen Sie einen neuen senden.
challenge-send = Code senden
challenge-send-again = Noch einen Code senden
challenge-trust = Auf diesem Gerät { $days ->
    [one] einen Tag
   *[other] { $days } Tage
  } lang nicht mehr fragen
challenge-other = Nicht zur Hand?

# Passkeys
passkey-signin = Mit einem Passkey anmelden
passkey-title = Benutzen Sie Ihren Passkey
passkey-lead = Nehmen Sie das Gerät, das Telefon oder den Sicherheitsschlüssel, den Sie diesem Konto hinzugefügt haben.
passkey-use = Weiter
passkey-instead = Einen Passkey oder Sicherheitsschlüssel benutzen
passkey-without = Ihr Browser kann hier keine Passkeys benutzen. Schalten Sie JavaScript ein, oder nehmen Sie einen anderen Weg.
passkey-failed = Es wurde nichts benutzt. Versuchen Sie es noch einmal, oder melden Sie sich anders an.
passkey-expired = Das hat zu lange gedauert. Bitte versuchen Sie es noch einmal.
passkey-unknown = Diesen Passkey kennen wir nicht. Vielleicht wurde er aus Ihrem Konto entfernt.
passkey-unverified = Ihr Schlüssel hat nicht geprüft, ob Sie es sind. Richten Sie eine PIN oder einen Fingerabdruck ein, oder melden Sie sich mit dem Passwort an.
passkey-cloned = Dieser Schlüssel wurde abgelehnt, denn vielleicht gibt es eine Kopie davon. Melden Sie sich anders an und ersetzen Sie ihn.
passkey-refused = Dieser Passkey wurde abgelehnt. Versuchen Sie es noch einmal, oder melden Sie sich anders an.

# Choose account
choose-title = Wählen Sie ein Konto
choose-lead = weiter zu { $client }
choose-continue = Weiter als { $name }
choose-other = Ein anderes Konto benutzen

# Consent
consent-title = { $client } bittet um Zugriff
consent-lead = Sie sind angemeldet als { $name }. Wenn Sie es erlauben, sieht { $client }:
consent-scope-openid = dass Sie es sind, an einer eigens dafür gemachten Kennung
consent-scope-profile = Ihr Profil: Name, Sprache und Ähnliches
consent-scope-email = Ihre E-Mail-Adresse
consent-scope-address = Ihre Postanschrift
consent-scope-phone = Ihre Telefonnummer
consent-scope-offline_access = diese Daten auch, während Sie nicht da sind
consent-scope-order_facts = die Nummern Ihrer Bestellungen hier vermerken, damit Sie eine nennen können, wenn Sie Ihr Konto verlieren
activity-order-fact-told = Ein Shop hat eine Bestellung von Ihnen vermerkt
consent-scope-other = Zugriff auf „{ $scope }“
consent-allow = Erlauben
consent-deny = Nicht erlauben
consent-policy = Datenschutz
consent-terms = Nutzungsbedingungen

# Continue by form post
post-title = Einen Moment
post-text = Sie werden zu { $client } zurückgebracht.
post-submit = Weiter

# Sign-out
signout-title = Abmelden?
signout-text = { $client } möchte Sie abmelden. Möchten Sie sich abmelden?
signout-text-plain = Möchten Sie sich auf diesem Gerät von Ihrem Konto abmelden?
signout-submit = Abmelden
signout-stay = Angemeldet bleiben
signed-out-title = Sie sind abgemeldet
signed-out-text = Sie wurden auf diesem Gerät abgemeldet. Shops, die Sie benutzt haben, lassen Sie vielleicht noch eine Weile angemeldet; melden Sie sich auch dort ab, wenn andere dieses Gerät benutzen.
signed-out-again = Wieder anmelden

# Account
account-title = Ihr Konto
account-who = Sie sind angemeldet
account-name = Name
account-email = E-Mail
account-since = Angemeldet
account-how = Wie
account-how-password = mit Ihrem Passwort
account-how-second-factor = mit Passwort und Code
account-signout = Abmelden
account-minutes-ago = { $minutes ->
    [0] gerade eben
    [one] vor einer Minute
   *[other] vor { $minutes } Minuten
  }
account-recovering = Jemand stellt Ihr Konto mit schwachen Nachweisen wieder her. Wenn Sie das nicht sind, halten Sie es jetzt auf.
account-not-verified = nicht bestätigt
account-verified = bestätigt
account-safety-title = Bleiben Sie sicher
account-safety-text = Wir fragen nie per E-Mail oder Telefon nach Ihrem Passwort. Prüfen Sie, bevor Sie es eintippen, ob in der Adresszeile { $host } steht.

# Security
security-title = Anmeldung und Sicherheit
security-lead = Wie Sie zeigen, dass Sie es sind.
security-keys = Passkeys und Sicherheitsschlüssel
security-no-keys = Sie haben noch keine. Ein Passkey meldet Sie mit Fingerabdruck, Gesicht oder der PIN Ihres Geräts an. Niemand kann ihn Ihnen ablisten.
security-keys-without = Ihr Browser kann hier keine Passkeys benutzen, oder JavaScript ist aus.
security-add-passkey = Passkey hinzufügen
security-add-key = Sicherheitsschlüssel hinzufügen
security-key-whole = Meldet Sie allein an
security-key-second = Neben Ihrem Passwort
passkey-default-name = Passkey
key-default-name = Sicherheitsschlüssel
key-failed = Es wurde nichts hinzugefügt. Versuchen Sie es noch einmal, wenn Sie so weit sind.
key-taken = Dieser Schlüssel wird hier schon für ein Konto benutzt.
key-model = Dieses Modell wird hier nicht angenommen. Fragen Sie den Shop, welche es sind.
key-unverified = Dieser Schlüssel prüft nicht, wer ihn benutzt. Richten Sie eine PIN oder einen Fingerabdruck ein und versuchen Sie es noch einmal.
key-refused = Das hat nicht geklappt. Es wurde nichts hinzugefügt; versuchen Sie es noch einmal.
security-apps = Authenticator-Apps
security-no-apps = Sie haben noch keine. Mit einer App auf Ihrem Telefon öffnet Ihr Passwort allein nichts.
security-name = Name der App oder des Telefons
security-name-example = Mein Telefon
security-add-app = Authenticator-App hinzufügen
security-remove = Entfernen
security-remove-label = { $name } entfernen
security-used = { $days ->
    [0] Heute benutzt
    [one] Gestern benutzt
   *[other] Vor { $days } Tagen benutzt
  }
security-added = { $days ->
    [0] Heute hinzugefügt
    [one] Gestern hinzugefügt
   *[other] Vor { $days } Tagen hinzugefügt
  }
security-channels = Codes per E-Mail oder SMS
security-channels-weak = Der schwächere Weg: Andere können solche Nachrichten lesen oder umleiten. Ein Passkey oder eine App schützt Sie besser.
security-email-codes = Codes per E-Mail
security-sms-codes = Codes per SMS
security-channel-on = An: Sie werden beim Anmelden danach gefragt
security-channel-off = Aus
security-channel-start = Einschalten
security-channel-stop = Ausschalten
security-unproven = Ihre Adresse oder Nummer ist noch nicht bestätigt.
security-throttled = Zu viele Nachrichten. Warten Sie eine Minute und versuchen Sie es noch einmal.
security-level = Niemanden hereinlassen ohne
security-level-usual = das, was ich hinzugefügt habe, außer auf Geräten, denen ich vertraue
security-level-second = einen zweiten Schritt, jedes Mal und auf jedem Gerät
security-level-strong = einen Passkey oder Sicherheitsschlüssel, jedes Mal (eine App oder ein Wiederherstellungscode reicht dann nicht)
security-level-set = Speichern
security-done-chosen = Gespeichert.
security-needed = Das wird gebraucht: Ohne das könnten Sie sich nicht mehr anmelden. Fügen Sie zuerst etwas anderes hinzu.
security-devices = Geräte, auf denen nicht nach einem zweiten Schritt gefragt wird
security-device-remove = Wieder fragen
security-device-remove-label = Auf { $name } wieder fragen
security-codes = Wiederherstellungscodes
security-codes-left = { $left ->
    [0] Sie haben alle Ihre Codes benutzt.
    [one] Sie haben noch einen Code.
   *[other] Sie haben noch { $left } Codes.
  }
security-codes-get = Wiederherstellungscodes holen
security-codes-again = Neue Codes holen (die alten gelten dann nicht mehr)
codes-title = Ihre Wiederherstellungscodes
codes-why = Noch etwas: Wenn Sie Ihr Telefon oder Ihren Schlüssel verlieren, lassen diese Codes Sie herein. Ohne sie könnten Sie Ihr Konto verlieren.
codes-lead = Jeder gilt einmal, wenn Sie App oder Schlüssel nicht benutzen können. Sie werden nur jetzt gezeigt.
codes-keep = Drucken Sie diese Seite, oder schreiben Sie die Codes an einen sicheren Ort, nicht auf Ihr Telefon. Wer einen hat und Ihr Passwort kennt, kommt herein.
codes-saved = Ich habe sie aufbewahrt
codes-go-on = Weiter
security-back = Zurück zu Ihrem Konto
security-done-added = Hinzugefügt. Von nun an werden Sie beim Anmelden danach gefragt.
security-done-saved = Ihre Wiederherstellungscodes sind bereit.
security-done-removed = Entfernt.
security-full = Sie haben so viele, wie ein Konto haben kann. Entfernen Sie zuerst etwas.
security-link = Anmeldung und Sicherheit
account-offer = Nächstes Mal geht es schneller: Mit einem Passkey genügen Fingerabdruck, Gesicht oder PIN.
account-offer-link = Passkey hinzufügen
account-soon = { $days ->
    [one] Ab morgen
   *[other] In { $days } Tagen
  } braucht dieses Konto einen zweiten Weg, um zu zeigen, dass Sie es sind.
offer-title = Nächstes Mal schneller anmelden
offer-lead = Mit einem Passkey auf diesem Gerät melden Sie sich mit Fingerabdruck, Gesicht oder seiner PIN an. Es gibt nichts zu merken, und niemand kann ihn Ihnen ablisten.
offer-soon = { $days ->
    [one] Ab morgen
   *[other] In { $days } Tagen
  } braucht dieses Konto einen zweiten Weg, um zu zeigen, dass Sie es sind. Fügen Sie jetzt einen Passkey hinzu, dann ist es erledigt.
offer-not-now = Jetzt nicht
offer-other = Andere Wege, um zu zeigen, dass Sie es sind
enrol-title = Noch ein Schritt
enrol-lead = { $client } verlangt einen zweiten Weg, um zu zeigen, dass Sie es sind. Fügen Sie ihn jetzt hinzu; es dauert eine Minute.
enrol-lead-plain = Dieses Konto braucht einen zweiten Weg, um zu zeigen, dass Sie es sind. Fügen Sie ihn jetzt hinzu; es dauert eine Minute.
enrol-totp-title = Authenticator-App hinzufügen
enrol-totp-scan = Scannen Sie das mit Ihrer Authenticator-App.
enrol-totp-qr = QR-Code für Ihre Authenticator-App
enrol-totp-by-hand = Stattdessen einen Schlüssel von Hand eintippen
enrol-totp-type = Tippen Sie die sechs Ziffern ein, die die App jetzt zeigt.
enrol-totp-submit = App hinzufügen
enrol-sign-out-elsewhere = Überall sonst abmelden
enrol-cancel = Abbrechen

# Brands
brand-support = Hilfe

# Errors
error-title = Etwas stimmt nicht
error-help = Wenn Sie von einem Shop kamen, gehen Sie dorthin zurück und versuchen Sie es noch einmal. Bleibt es dabei, nennen Sie dem Shop diese Kennung:
error-back = Zurück zu { $client }
error-home = Zu Ihrem Konto
error-not-found-title = Hier ist nichts
error-not-found-text = Vielleicht ist die Adresse vertippt, oder die Seite ist umgezogen.
error-forbidden-title = Diese Anfrage wurde abgelehnt
error-forbidden-text = Die Seite war zu lange offen, oder die Anfrage kam von einer anderen Website. Gehen Sie zurück, laden Sie die Seite neu und versuchen Sie es noch einmal.
error-unavailable-title = Wir sind gleich wieder da
error-unavailable-text = Ein Teil des Dienstes antwortet gerade nicht. Nichts ist verloren: Bitte versuchen Sie es in einer Minute noch einmal.
error-internal-title = Das war unser Fehler
error-internal-text = Bei uns ging etwas schief. Bitte versuchen Sie es noch einmal.
error-request-title = Diese Anfrage lässt sich nicht beantworten
error-redirect-uri-title = redirect_uri ist nicht registriert
error-redirect-uri-text = Der Shop wollte Sie an eine Adresse schicken, die er nicht registriert hat. Sie wurden nicht dorthin geschickt.
error-redirect-uri-missing-title = redirect_uri fehlt
error-redirect-uri-missing-text = Der Shop hat nicht gesagt, wohin Sie danach sollen.
error-client-title = Unbekannter Client
error-client-text = Der Shop, der Sie hierher geschickt hat, ist uns nicht bekannt.
error-logout-uri-title = post_logout_redirect_uri ist nicht registriert
error-logout-uri-text = Der Shop wollte Sie an eine Adresse schicken, die er nicht registriert hat.
error-hint-title = Der id_token_hint wurde abgelehnt
error-hint-text = Der Shop hat ein Token gesandt, das wir nicht für ihn ausgestellt haben.
error-answered-title = Sie sind schon weitergegangen
error-answered-text = Über diese Seite ging es schon einmal zurück zum Shop.

# Passwords
password-new = Neues Passwort
password-save = Passwort speichern
password-hint = Mindestens { $least } Zeichen. Ein paar Wörter, die nicht zusammengehören, sind leicht zu merken und schwer zu erraten. Sie können aus einem Passwort-Manager einfügen.
password-change-title = Passwort ändern
password-change-lead = Sie werden überall sonst abgemeldet.
password-set-title = Ein Passwort festlegen
password-set-lead = Sie haben noch keins. Damit können Sie sich anmelden, wo Ihr Passkey nicht zur Hand ist.
password-done = Ihr Passwort ist geändert. Überall sonst sind Sie abgemeldet.
password-empty = Tippen Sie ein neues Passwort ein.
password-too-short = Das ist zu kurz. Nehmen Sie mindestens { $least } Zeichen.
password-letters-digits = Nehmen Sie Buchstaben und Ziffern.
password-breached = Dieses Passwort ist aus einem Datenleck bekannt: Es steht auf den Listen von Kriminellen. Wählen Sie ein anderes.
password-context = Das ist vor allem Ihr eigener Name oder der des Shops. Wählen Sie etwas anderes.
password-used-before = Dieses Passwort hatten Sie schon. Wählen Sie ein anderes.
password-guessable = Dieses Passwort ist leicht zu erraten.
password-grade-0 = Sehr leicht zu erraten.
password-grade-1 = Leicht zu erraten.
password-grade-2 = Ausreichend.
password-grade-3 = Stark.
password-grade-4 = Sehr stark.
password-weak-keys = Tasten, die nebeneinander liegen, werden als Erstes probiert.
password-weak-repeats = Wiederholte Zeichen oder Wörter bringen wenig.
password-weak-common = Es ähnelt einem, das viele benutzen.
password-weak-sequences = Folgen wie abc oder 6543 bringen wenig.
password-weak-dates = Jahre und Daten sind leicht zu erraten.
password-weak-word = Ein einzelnes Wort ist leicht zu erraten.
password-weak-names = Namen sind leicht zu erraten.
password-advice-words = Nehmen Sie ein oder zwei Wörter dazu, die nicht zusammengehören.
password-advice-capitals = Großbuchstaben helfen wenig; mehr Wörter helfen.
password-advice-tricks = Rückwärts schreiben oder Ziffern statt Buchstaben hilft wenig; mehr Wörter helfen.
password-advice-patterns = Vermeiden Sie Wiederholungen und Muster; nehmen Sie Wörter dazu.
password-advice-dates = Lassen Sie Jahre und Daten weg; nehmen Sie Wörter dazu.
replace-title = Wählen Sie ein neues Passwort
replace-lead = Vielleicht kennen andere Ihr Passwort: Es stand in einem Datenleck, oder Sie haben uns gesagt, dass jemand anders hereingekommen ist. Ersetzen Sie es, dann geht es weiter.
replace-lead-staff = Für Konten des Teams gelten strengere Regeln für Passwörter. Wählen Sie eines, das sie erfüllt und das Sie nirgendwo sonst verwenden.
security-password = Passwort
security-password-change = Passwort ändern
security-password-set = Ein Passwort festlegen

# Joining
signin-forgot = Anmelden klappt nicht?
signin-new = Neu hier?
signin-join = Konto anlegen
join-title = Konto anlegen
join-lead-plain = Es dauert eine Minute.
join-send = Code senden
join-have = Sie haben ein Konto?
join-code-lead = Wir haben einen Code an { $email } gesandt. Tippen Sie ihn hier ein. Kommt nichts, sehen Sie in den Ordner für unerwünschte Mail.
join-code-proven = für { $email }
join-other = Eine andere Adresse benutzen
join-email-wrong = Das ist keine E-Mail-Adresse. Prüfen Sie sie.
join-email-blocked = Adressen dieses Anbieters können hier nicht benutzt werden. Bitte nehmen Sie eine andere.
join-details-lead = Ihre Adresse ist bestätigt. Wer sind Sie?
join-name = Name
join-birth-date = Geburtsdatum
join-optional = (muss nicht sein)
join-terms = Ich akzeptiere:
join-name-missing = Tippen Sie Ihren Namen ein, höchstens 100 Zeichen.
join-terms-missing = Um weiterzugehen, akzeptieren Sie die Nutzungsbedingungen.
join-birth-date-wrong = Tippen Sie Ihr Geburtsdatum ein.
join-too-young = Für ein Konto hier sind Sie noch nicht alt genug.
join-credential-title = Wie melden Sie sich an?
join-credential-lead = Mit einem Passkey genügen Fingerabdruck, Gesicht oder die PIN dieses Geräts: Es gibt nichts zu merken, und niemand kann ihn Ihnen ablisten.
join-passkey = Passkey anlegen
join-or = oder mit einem Passwort
join-password = Konto anlegen

# Sessions, shops, activity, messages
ago-minutes = { $count ->
    [0] gerade eben
    [one] vor einer Minute
   *[other] vor { $count } Minuten
  }
ago-hours = { $count ->
    [one] vor einer Stunde
   *[other] vor { $count } Stunden
  }
ago-days = { $count ->
    [one] vor einem Tag
   *[other] vor { $count } Tagen
  }
sessions-title = Wo Sie angemeldet sind
sessions-lead = Ist etwas dabei, das Sie nicht kennen? Melden Sie es ab.
sessions-this = dieser hier
sessions-unknown = Unbekanntes Gerät
sessions-begun = begonnen { $when }
sessions-seen = benutzt { $when }
sessions-end-label = Auf { $name } abmelden
sessions-end-others = Überall sonst abmelden
sessions-not-me = Hier ist jemand anders: mein Konto sichern
shops-title = Verbundene Shops
shops-lead = Diese Shops können Daten von Ihnen sehen.
shops-none = Sie teilen nichts mit einem Shop.
shops-remove = Trennen
shops-remove-label = { $name } trennen
shops-receipt = Beleg
shops-receipt-label = Beleg über das, was Sie { $name } erlaubt haben
shops-note = Danach muss der Shop Sie neu fragen. Was er schon weiß, behält er nach seinen eigenen Regeln.
activity-title = Was geschehen ist
activity-lead = Alles, was mit Ihrem Konto geschah, das Neueste zuerst.
activity-older = Älteres
activity-note = War etwas davon nicht von Ihnen? Sichern Sie Ihr Konto:
activity-decision-judged = Unsere Mitarbeiter haben eine ungewöhnliche Anmeldung oder Bestellung von Ihnen angesehen
activity-change-held = Eine Änderung wurde aufgehalten, da die Anmeldung davor ungewöhnlich aussah
activity-signin-confirmed = Sie haben gesagt, dass eine ungewöhnliche Anmeldung Ihre eigene war
activity-signed-in = Sie haben sich angemeldet
activity-signin-advanced = Der erste Schritt einer Anmeldung gelang
activity-signin-refused = Eine Anmeldung wurde abgelehnt
activity-challenge-refused = Ein zweiter Schritt wurde abgelehnt
activity-session-replaced = Sie wurden abgemeldet, weil sich im selben Browser jemand anders angemeldet hat
activity-session-ended = Sie haben sich in einem anderen Browser abgemeldet
activity-signed-out = Sie haben sich abgemeldet
activity-code-sent = Ein Code wurde an Sie gesandt
activity-code-not-sent = Ein Code wurde zu oft verlangt und nicht gesandt
activity-device-trusted = Sie vertrauen einem Gerät
activity-device-distrusted = Sie vertrauen einem Gerät nicht mehr
activity-passkey-cloned = Ein Schlüssel wurde abgelehnt, weil es vielleicht eine Kopie gibt
activity-address-checked = Ein Shop ließ eine Adresse mit denen Ihres Kontos vergleichen
activity-authenticator-added = Sie haben einen Weg zum Anmelden hinzugefügt
activity-level-raised = Diese Anmeldung gilt seitdem mehr
activity-authenticator-removed = Sie haben einen Weg zum Anmelden entfernt
activity-authenticator-refused = Ein Weg zum Anmelden wurde nicht hinzugefügt
activity-level-chosen = Sie haben gewählt, wie stark Ihre Anmeldung sein muss
activity-recovery-codes-given = Sie haben neue Wiederherstellungscodes geholt
activity-recovery-codes-kept = Sie haben Ihre Wiederherstellungscodes sicher aufbewahrt
activity-password-changed = Ihr Passwort wurde geändert
activity-password-flagged = Ihr Passwort wurde in einem Datenleck gefunden
activity-account-secured = Sie sagten „Das war ich nicht“: Alle wurden abgemeldet
activity-customer-joined = Sie haben dieses Konto angelegt
activity-customer-added = Der Shop hat dieses Konto für Sie angelegt
activity-customer-changed = Der Shop hat Ihr Konto geändert
activity-recovery-begun = Eine Wiederherstellung Ihres Kontos wurde begonnen
activity-recovery-proof = Bei einer Wiederherstellung wurde etwas gezeigt
activity-recovery-waits = Eine Wiederherstellung mit schwachen Nachweisen wartet
activity-recovery-stopped = Eine Wiederherstellung wurde aufgehalten
activity-account-recovered = Ihr Konto wurde wiederhergestellt
activity-contact-changed = Eine Adresse oder Nummer wurde geändert
activity-contact-restored = Eine Änderung wurde zurückgenommen
activity-sharing-ended = Sie haben einen Shop getrennt
activity-consent-given = Sie haben einem Shop erlaubt, Ihre Daten zu sehen
activity-purchase-confirmed = Sie haben einen Kauf bestätigt
activity-consent-denied = Sie haben einem Shop nicht erlaubt, Ihre Daten zu sehen
activity-message-checked = Sie haben gefragt, ob eine Nachricht von uns ist
activity-why-unusual = Ungewöhnlich: { $reasons }
activity-why-new-device = Von einem Browser, der uns neu war.
activity-why-second-factor = Wir haben mehr verlangt, weil Ihr Konto durch einen zweiten Schritt geschützt ist.
activity-why-wrong-password = Das Passwort war falsch.
activity-why-wrong = Was gezeigt wurde, war falsch.
activity-why-used = Der Code war schon benutzt.
activity-why-throttled = Es gab zu viele Versuche.
activity-why-locked = Das Konto war gesperrt.
activity-why-cloned = Vielleicht gibt es eine Kopie des Schlüssels.
activity-why-foreign = Sie war nicht von uns.
activity-why-altered = Sie war nicht so, wie wir sie gesandt hatten.
activity-why-replayed = Wir hatten sie an jemand anderen gesandt.
messages-title = Nachrichten von uns
messages-lead = Jede Nachricht, die wir Ihnen gesandt haben, steht hier. Was hier nicht steht, ist nicht von uns.
messages-verify = Eine Nachricht prüfen
messages-none = Wir haben Ihnen noch keine Nachricht gesandt.
messages-text = SMS
verify-title = Ist diese Nachricht von uns?
verify-lead = Fügen Sie eine Nachricht ein, oder tippen Sie den Code an ihrem Ende. Wir sagen Ihnen, ob wir sie gesandt haben.
verify-label = Nachricht oder Code
verify-submit = Prüfen
verify-note = Wir fragen nie per E-Mail, SMS oder Telefon nach Ihrem Passwort oder einem Code. Wer das tut, ist nicht von uns.
verify-when = Sie wurde { $when } gesandt.
verify-said = Das haben wir gesagt, und nichts sonst:
verify-safe = Nach meinem Konto sehen
verify-genuine-title = Ja, das ist von uns.
verify-genuine-text = Wir haben eine Nachricht mit diesem Code gesandt. Wenn Sie sie ganz eingefügt haben, sind auch ihre Worte von uns.
verify-went-to = Sie ging an { $to }. Sind das nicht Sie, hat jemand sie weitergegeben: Tun Sie nicht, was darin steht. Verglichen wurden Worte, keine Links: Sehen Sie nach, wohin ein Link führt, bevor Sie ihm folgen.
verify-altered-title = Nein. Jemand hat diese Nachricht verändert.
verify-altered-text = Sie trägt den Code einer Nachricht von uns, aber ihre Worte sind nicht von uns. Folgen Sie keinem Link darin. Wir haben Ihre Meldung vermerkt.
verify-replayed-title = Diese Nachricht wurde nicht an Sie gesandt.
verify-replayed-text = Wir haben sie an jemand anderen gesandt. Wer sie Ihnen weitergab, will Sie täuschen.
verify-foreign-title = Nein, das ist nicht von uns.
verify-foreign-text = Wir haben keine solche Nachricht gesandt. Folgen Sie keinem Link darin, und geben Sie niemandem einen Code. Wir haben Ihre Meldung vermerkt.
verify-throttled-title = Zu viele Fragen.
verify-throttled-text = Bitte versuchen Sie es in einer Stunde noch einmal.

# Privacy
privacy-title = Ihre Daten
privacy-export-title = Nehmen Sie sie mit
privacy-export-text = Alles, was über Sie aufbewahrt wird, in einem Archiv: eine Seite zum Lesen und eine Datei für Maschinen.
privacy-export = Meine Daten herunterladen
privacy-archive-title = Was über Sie aufbewahrt wird
privacy-erase-title = Gehen
privacy-erase-text = Ihr Konto und alles darin wird nach { $days } Tagen gelöscht. Bis dahin können Sie sich anmelden und es behalten. Danach kann niemand es zurückbringen.
privacy-sure = Ich möchte, dass mein Konto gelöscht wird
privacy-unticked = Setzen Sie das Häkchen, wenn Sie wirklich gehen möchten.
privacy-staff = Ihr Konto gehört zum Personal des Shops. Bitten Sie zuerst jemanden mit Inhaberrechten, Sie zu entfernen.
privacy-frozen = Eine Adresse oder Nummer Ihres Kontos wurde kürzlich geändert, oder es steht still. Zu Ihrer Sicherheit kann es erst drei Tage nach einer solchen Änderung gelöscht werden.
account-leaving = Ihr Konto wird gelöscht.
account-leaving-link = Behalten
privacy-erase = Mein Konto löschen
privacy-leaving = { $days ->
    [0] Ihr Konto wird in wenigen Stunden gelöscht.
    [one] Ihr Konto wird morgen gelöscht.
   *[other] Ihr Konto wird in { $days } Tagen gelöscht.
  }
privacy-keep = Mein Konto behalten
activity-erasure-asked = Sie haben verlangt, dass Ihr Konto gelöscht wird
activity-erasure-cancelled = Sie behalten Ihr Konto
activity-data-exported = Sie haben Ihre Daten heruntergeladen

# Profile and addresses
language-name = Deutsch
profile-title = Ihr Profil
profile-lead = Shops erfahren davon, was Sie sie sehen lassen.
profile-given-name = Vorname
profile-family-name = Nachname
profile-nickname = Spitzname
profile-language = Sprache unserer Nachrichten
profile-language-browser = wie in meinem Browser
profile-birth-date-fixed = Nur der Kundendienst des Shops kann es ändern.
profile-saved = Gespeichert.
profile-nameless = Tippen Sie Ihren Namen ein.
profile-long = Ein Name hat höchstens 100 Zeichen.
addresses-title = Ihre Adressen
addresses-lead = Wohin Ihre Bestellungen gehen. Die erste erfahren die Shops, denen Sie es erlauben.
addresses-none = Sie haben noch keine.
addresses-preferred = Für Shops sichtbar
addresses-add = Adresse hinzufügen
addresses-edit = Ändern
addresses-edit-label = { $line } ändern
addresses-edit-title = Adresse ändern
addresses-prefer = Nach vorn
addresses-save = Speichern
addresses-saved = Gespeichert. Wir haben es Ihnen auch per E-Mail gesagt.
addresses-back = Zurück zu Ihren Adressen
addresses-full = Sie haben so viele, wie ein Konto haben kann. Entfernen Sie zuerst eine.
addresses-recipient = Empfänger, wenn Sie es nicht selbst sind
addresses-recipient-long = Ein Name hat höchstens 100 Zeichen.
addresses-street = Straße und Hausnummer
addresses-postal-code = Postleitzahl
addresses-locality = Ort
addresses-region = Bundesland, Provinz oder Präfektur
addresses-region-when = (wo Ihr Land sie verlangt)
addresses-country = Land
addresses-wrong = Prüfen Sie die markierten Felder.
addresses-wrong-street = Tippen Sie Straße und Hausnummer ein, in höchstens drei Zeilen.
addresses-wrong-postal-code = Das ist keine Postleitzahl dieses Landes.
addresses-wrong-locality = Tippen Sie den Ort ein.
addresses-wrong-region = Dieses Land braucht Bundesland, Provinz oder Präfektur; gibt es ein Kürzel wie CA, tippen Sie das.
addresses-wrong-country = Wählen Sie das Land.
addresses-frozen = Ihr Konto steht einen Tag still, weil Sie uns gesagt haben, dass jemand anders hereingekommen ist. Versuchen Sie es morgen noch einmal.
addresses-stale = Inzwischen wurde etwas anderes geändert. Bitte versuchen Sie es noch einmal.
addresses-unknown = Diese Adresse gibt es nicht.
addresses-same = Das haben Sie schon.
activity-address-changed = Sie haben Ihre Postadressen geändert
activity-profile-changed = Sie haben Ihr Profil geändert

# Contact
contact-title = Wie wir Sie erreichen
contact-lead = Eine Änderung wird an der neuen Adresse bestätigt und der alten gesagt; von dort lässt sie sich drei Tage lang zurücknehmen.
contact-email = E-Mail-Adresse
contact-email-none = Noch keine.
contact-email-new = Neue E-Mail-Adresse
contact-backup-email = Zweites Postfach
contact-backup-email-none = Noch keins. Mit einem zweiten Postfach, am besten bei einem anderen Anbieter, bekommen Sie Ihr Konto leichter zurück und erfahren, was damit geschieht.
contact-backup-email-new = Adresse des zweiten Postfachs
contact-phone = Telefon
contact-phone-none = Noch keins.
contact-phone-new = Neue Nummer, in internationaler Form, etwa +49 30 901820
contact-add = Hinzufügen
contact-change = Ändern
contact-sent = Wenn { $target } hier benutzt werden kann, ist ein Code dorthin unterwegs. Er gilt zehn Minuten.
contact-changed = Geändert. Die alte Adresse weiß davon.
contact-removed = Entfernt. Wir haben es Ihnen per E-Mail gesagt.
contact-refused-form = Das ist keine Adresse oder Nummer, die wir benutzen können. Prüfen Sie sie.
contact-refused-same = Das haben Sie schon.
contact-refused-frozen = Ihr Konto steht einen Tag still, weil Sie uns gesagt haben, dass jemand anders hereingekommen ist. Versuchen Sie es morgen noch einmal.
contact-refused-throttled = Zu viele Nachrichten oder Versuche. Warten Sie ein paar Minuten und versuchen Sie es noch einmal.
contact-refused-no-way = Wir können hier keine SMS senden, also lässt sich eine Nummer nicht bestätigen.
contact-refused-code = Das ist nicht der Code. Prüfen Sie ihn, oder lassen Sie einen neuen senden.
undo-ask-title = Diese Änderung zurücknehmen?
undo-ask-text = Ein Druck stellt Ihr Konto so her, wie es vor der Änderung war: Adressen, Telefon, Profil, Passwort und Wege zum Anmelden. Alle werden abgemeldet, und einen Tag lang lässt sich nichts ändern.
undo-submit = Zurücknehmen
undo-note = War die Änderung von Ihnen, ist nichts zu tun. Schließen Sie diese Seite.
undo-done-title = Ihr Konto ist, wie es war
undo-done-text = Die Änderung ist zurückgenommen, mit allem, was seither geändert wurde, und alle sind abgemeldet. Melden Sie sich an und wählen Sie ein neues Passwort: Vielleicht kennt jemand das alte.
undo-expired-title = Dieser Link gilt nicht mehr
undo-expired-text = Er wurde benutzt, oder die drei Tage sind vorbei. Wenn jemand anders Ihr Konto geändert hat, stellen Sie es wieder her, oder fragen Sie den Kundendienst des Shops.

# Recovery
recovery-title = Konto wiederherstellen
recovery-lead = Tippen Sie die E-Mail-Adresse Ihres Kontos ein. Wir senden einen Code dorthin.
recovery-back = Zurück zum Anmelden
recovery-prove-lead = Wenn es ein Konto mit { $email } gibt, ist ein Code dorthin unterwegs. Tippen Sie ihn hier ein.
recovery-no-mailbox = Ich komme nicht an dieses Postfach
recovery-no-mailbox-text = Dann zeigen Sie etwas anderes, das nur Sie haben.
recovery-more-title = Zeigen Sie noch etwas
recovery-more-lead = Ihr Konto ist durch einen zweiten Schritt geschützt, darum reicht ein Nachweis nicht. Zeigen Sie noch einen.
recovery-may-wait-lead = Was Sie gezeigt haben, reicht nach { $hours } Stunden, in denen niemand widerspricht. Wir sagen es Ihnen auf jedem Weg Ihres Kontos.
recovery-wait = Die { $hours } Stunden beginnen
recovery-faster = Oder zeigen Sie mehr, dann geht es schneller
recovery-show = Zeigen
recovery-desk = Können Sie nichts weiter zeigen? Dann fragen Sie den Kundendienst des Shops.
recovery-waiting-title = Ihr Konto wird wiederhergestellt
recovery-waiting-lead = { $hours ->
    [one] In etwa einer Stunde
   *[other] In etwa { $hours } Stunden
  } können Sie neue Wege zum Anmelden wählen.
recovery-waiting-text = Wir haben es Ihnen auf jedem Weg Ihres Kontos gesagt, mit einem Link, der es aufhält. Ist die Zeit um, sagt Ihnen eine E-Mail, wie es weitergeht. Sie können diese Seite schließen.
recovery-finish-password = Danach geht es weiter. Hat Ihr Konto einen zweiten Schritt, werden Sie wie immer danach gefragt.
recovery-finish-factor = Ihre alten Wege zum Anmelden werden entfernt, und alle werden abgemeldet.
recovery-vetoed-title = Diese Wiederherstellung wurde aufgehalten
recovery-vetoed-text = Der Inhaber des Kontos hat gesagt, dass er es nicht war. Wenn Sie das sind und es nicht gesagt haben, fragen Sie den Kundendienst des Shops.
recovery-over-title = Diese Wiederherstellung ist vorbei
recovery-over-text = Sie war zu lange offen, eine andere wurde begonnen, oder das Konto wurde inzwischen geändert. Nichts ist verloren: Beginnen Sie neu.
recovery-done-title = Sie haben ein neues Passwort
recovery-done-text = Melden Sie sich damit an.
recovery-again = Neu beginnen
recovery-lost-factor = Auch App, Passkey oder Telefon für den zweiten Schritt habe ich nicht
recovery-have-factor = Meinen zweiten Schritt habe ich
recovery-too-new = vor Kurzem geändert, zählt noch nicht
recovery-mailbox-name = Ihr Postfach
recovery-mailbox-label = Code aus Ihrem Postfach
recovery-mailbox-lead = Wir können einen Code an { $target } senden.
recovery-mailbox-wrong = Das ist nicht der Code. Prüfen Sie ihn, oder lassen Sie einen neuen senden.
recovery-second-mailbox-name = Ihr zweites Postfach
recovery-second-mailbox-label = Code aus Ihrem zweiten Postfach
recovery-second-mailbox-lead = Wir können einen Code an Ihr zweites Postfach senden, { $target }.
recovery-second-mailbox-wrong = Das ist nicht der Code. Prüfen Sie ihn, oder lassen Sie einen neuen senden.
recovery-phone-name = Ihr Telefon
recovery-phone-label = Code von Ihrem Telefon
recovery-phone-lead = Wir können einen Code per SMS an Ihre Nummer senden, die auf { $target } endet.
recovery-phone-wrong = Das ist nicht der Code. Prüfen Sie ihn, oder lassen Sie einen neuen senden.
recovery-passkey-name = Ihr Passkey oder Sicherheitsschlüssel
recovery-passkey-label = Wenn Sie noch einen Passkey oder Sicherheitsschlüssel dieses Kontos haben, benutzen Sie ihn.
recovery-passkey-use = Meinen Passkey oder Schlüssel benutzen
recovery-passkey-wrong = Das wurde nicht angenommen. Versuchen Sie es noch einmal, oder zeigen Sie etwas anderes.
recovery-recovery-code-name = Ein Wiederherstellungscode
recovery-recovery-code-label = Ein Wiederherstellungscode, den Sie aufbewahrt haben
recovery-recovery-code-wrong = Das ist keiner Ihrer Wiederherstellungscodes. Prüfen Sie ihn, oder nehmen Sie einen anderen.
recovery-password-name = Ihr Passwort
recovery-password-label = Ihr Passwort
recovery-password-wrong = Das ist nicht das Passwort.
recovery-trusted-device-name = Ein Gerät, dem Sie vertrauen
recovery-past-order-name = Eine Bestellung von Ihnen
recovery-past-order-label = Die Nummer einer Bestellung, die älter als drei Tage ist
recovery-past-order-wrong = Diese Bestellung kennen wir nicht.
recovery-link-stop-title = Die Wiederherstellung aufhalten?
recovery-link-stop-text = Jemand stellt Ihr Konto mit schwachen Nachweisen wieder her. Wenn Sie das nicht sind, halten Sie es auf.
recovery-link-stop-submit = Das bin ich nicht: aufhalten
recovery-link-stopped-title = Die Wiederherstellung ist aufgehalten
recovery-link-stopped-text = Niemand kam herein. Wenn Sie sie nicht verlangt haben, liest vielleicht jemand Ihre E-Mail oder Ihre Nachrichten: Ändern Sie auch jenes Passwort.
recovery-link-go-on-title = Konto wiederherstellen
recovery-link-go-on-text = Die Wartezeit ist um, und niemand hat widersprochen. Gehen Sie in diesem Browser weiter.
recovery-link-go-on-submit = Weiter
recovery-link-expired-title = Dieser Link gilt nicht mehr
recovery-link-expired-text = Er wurde benutzt, oder er ist zu alt, oder die Wiederherstellung wurde aufgehalten.

# This was not me
not-me-ask-title = Waren Sie das nicht?
not-me-about = Wir hatten Ihnen gesagt: { $subject }
not-me-ask-text = Ein Druck meldet überall alle ab, macht Ihr Passwort unbrauchbar, bis Sie es ersetzen, und lässt einen Tag lang keine Änderung Ihrer Adressen zu.
not-me-submit = Das war ich nicht: mein Konto sichern
not-me-note = Waren Sie es, ist nichts zu tun. Schließen Sie diese Seite.
not-me-done-title = Ihr Konto ist gesichert
not-me-done-text = Alle sind abgemeldet. Niemand kann einen Tag lang Ihre Adressen ändern. Wählen Sie jetzt ein neues Passwort.
not-me-signin-title = Waren Sie das?
not-me-me-submit = Ja, das war ich
not-me-me-note = Waren Sie es, geschieht Ihrem Konto nichts. Ihre Antwort hilft uns, Sie von anderen zu unterscheiden, und Änderungen, die warteten, müssen nicht länger warten.
not-me-known-title = Danke
not-me-known-text = Wir wissen nun, dass Sie es waren. In Ihrem Konto wurde nichts geändert, und was wartete, geht jetzt sofort.
held-title = Diese Änderung wartet
held-text = Ihre letzte Anmeldung sah ungewöhnlich aus. Noch { $hours -> 
    [one] eine Stunde
   *[other] { $hours } Stunden
} lang kann niemand ändern, wie Sie sich anmelden, wie wir Sie erreichen und wohin Waren gehen.
held-faster = Sie müssen nicht warten, wenn Sie eines davon tun:
held-mail = Öffnen Sie unsere Nachricht über diese Anmeldung, und sagen Sie dort, dass Sie es waren.
held-browser = Melden Sie sich mit einem Browser an, den Sie hier schon benutzt haben.
held-factor = Melden Sie sich mit einem Passkey oder Ihrer Authenticator-App an, wenn Sie eines davon eingerichtet haben.
held-why = Ein Dieb, der Ihr Passwort gefunden hat, würde zuerst Ihre Adresse ändern. Das ist die Zeit, in der Sie es merken würden.
held-back = Zu meinem Konto
not-me-used-title = Dieser Link hat seine Arbeit getan
not-me-used-text = Er wurde schon benutzt, oder ein anderer wie er. Wenn Sie Ihr Passwort noch nicht ersetzt haben, tun Sie es jetzt.
not-me-expired-title = Dieser Link gilt nicht mehr
not-me-expired-text = Er ist zu alt oder nicht vollständig. Sie können sich noch anmelden und Ihr Passwort ändern, oder Ihr Konto wiederherstellen.
not-me-recover = Mein Konto wiederherstellen
not-me-code-title = Haben Sie diesen Code nicht angefordert?
not-me-code-text = Jemand hat Ihre Adresse eingegeben, um Ihr Konto wiederherzustellen. Ohne den Code kommt niemand hinein. Ein Druck beendet, was begonnen wurde.
not-me-code-submit = Das war ich nicht: beenden
not-me-stopped-title = Es ist beendet
not-me-stopped-text = Der Code ist jetzt wertlos. Wenn Sie glauben, dass jemand Ihre Mails liest, melden Sie sich an, wählen Sie eine andere Adresse, und sichern Sie dort Ihr Konto.

# Mail
mail-phrase = Ihr Satz: { $phrase }
mail-foot = --
    { $brand }. Ist diese Nachricht von uns? Tippen Sie ihren Code { $code } ein unter { $link }
mail-code-link = Oder öffnen Sie diese Seite im selben Browser und drücken Sie dort auf den Knopf: { $link }
mail-not-me = Wenn Sie das nicht waren, drücken Sie auf den Knopf auf dieser Seite. Es geht, ohne sich anzumelden: { $link }
mail-new-device-subject = Neue Anmeldung bei Ihrem Konto
mail-new-device-text = Jemand hat sich bei Ihrem Konto angemeldet, mit einem Browser, den wir noch nicht kannten.

    Waren Sie es, ist nichts zu tun.
mail-password-changed-subject = Ihr Passwort wurde geändert
mail-password-changed-text = Das Passwort Ihres Kontos wurde geändert. Alle wurden abgemeldet.
mail-password-breached-subject = Kriminelle kennen Ihr Passwort
mail-password-breached-text = Das Passwort Ihres Kontos bei { $brand } steht auf einer Liste aus einem Datenleck. Es muss nicht hier gewesen sein: Viele benutzen ein Passwort an mehreren Orten.

    Wählen Sie ein neues, auch überall sonst, wo Sie es benutzen: { $link }
mail-locked-subject = Ihr Konto wurde gesperrt
mail-locked-text = Ihr Konto wurde von den Leuten des Shops gesperrt. Wenden Sie sich an den Shop, damit es wieder geöffnet wird.
mail-authenticator-added-subject = Ein neuer Weg zum Anmelden wurde hinzugefügt
mail-authenticator-added-text = Ihrem Konto wurde ein neuer Weg zum Anmelden hinzugefügt: eine Authenticator-App, ein Passkey, ein Sicherheitsschlüssel oder Codes per Nachricht. Sie können hier danach sehen: { $link }
mail-authenticator-removed-subject = Ein Weg zum Anmelden wurde entfernt
mail-authenticator-removed-text = Aus Ihrem Konto wurde ein Weg zum Anmelden entfernt: eine Authenticator-App, ein Passkey, ein Sicherheitsschlüssel oder Codes per Nachricht. Was noch da ist, sehen Sie hier: { $link }
mail-recovery-code-used-subject = Ein Wiederherstellungscode wurde benutzt
mail-recovery-code-used-text = Jemand hat sich bei Ihrem Konto mit Ihrem Passwort und einem Ihrer Wiederherstellungscodes angemeldet. Jeder gilt einmal.
mail-passkey-cloned-subject = Ein Sicherheitsschlüssel wurde abgelehnt
mail-passkey-cloned-text = Jemand wollte sich bei Ihrem Konto mit einem Ihrer Schlüssel anmelden, der vielleicht kopiert wurde. Er wurde abgelehnt.

    Entfernen Sie diesen Schlüssel und fügen Sie einen anderen hinzu: { $link }
mail-few-recovery-codes-subject = Sie haben nur noch wenige Wiederherstellungscodes
mail-few-recovery-codes-text = Jemand hat sich bei Ihrem Konto mit Ihrem Passwort und einem Ihrer Wiederherstellungscodes angemeldet. Es sind nur noch wenige übrig: Holen Sie neue unter { $link }
mail-already-joined-subject = Sie haben schon ein Konto
mail-already-joined-text = Jemand, vielleicht Sie, wollte bei { $brand } ein Konto mit dieser Adresse anlegen. Es gibt schon eins, und nichts wurde geändert.

    Waren Sie es, melden Sie sich hier an; dort können Sie auch ein neues Passwort wählen: { $link }
mail-welcome-subject = Willkommen bei { $brand }
mail-welcome-text = Ihr Konto ist bereit. Darin finden Sie, wie Sie sich anmelden, wo Sie angemeldet sind, und jede Nachricht, die wir Ihnen gesandt haben: { $link }
mail-recovery-waits-subject = Jemand stellt Ihr Konto wieder her
mail-recovery-waits-text = Jemand, vielleicht Sie, stellt Ihr Konto bei { $brand } wieder her und kann nicht viel zeigen. In { $hours } Stunden kann er neue Wege zum Anmelden wählen.

    Sind Sie es, ist nichts zu tun. Sind Sie es nicht, halten Sie es jetzt auf; ein Druck genügt, und es geht, ohne sich anzumelden: { $link }
mail-recovery-ready-subject = Sie können Ihr Konto jetzt wiederherstellen
mail-recovery-ready-text = Die Wartezeit ist um, und niemand hat widersprochen. Gehen Sie innerhalb eines Tages hier weiter: { $link }
mail-recovered-subject = Ihr Konto wurde wiederhergestellt
mail-recovered-text = Ihr Konto wurde wiederhergestellt: Es hat ein neues Passwort, und seine alten Wege zum Anmelden wurden entfernt. Alle wurden abgemeldet. Sie können hier danach sehen: { $link }
mail-contact-undo-subject = Ihr Konto wurde geändert: { $what }
mail-contact-undo-text = In Ihrem Konto bei { $brand } wurde das geändert: { $what }.

    Waren Sie es, ist nichts zu tun. Waren Sie es nicht, nehmen Sie es mit einem Druck zurück; das geht drei Tage lang, ohne sich anzumelden, und stellt alles wieder her, was seither geändert wurde: { $link }
mail-address-changed-subject = Ihre Postadressen wurden geändert
mail-address-changed-text = In Ihrem Konto bei { $brand } wurde eine Postadresse hinzugefügt oder geändert, oder eine andere steht jetzt vorn. Sie können hier danach sehen: { $link }
mail-contact-changed-subject = Diese Adresse gehört jetzt zu Ihrem Konto
mail-contact-changed-text = Die E-Mail Ihres Kontos bei { $brand } kommt von nun an zu dieser Adresse. Sie können hier danach sehen: { $link }
mail-restored-subject = Ihr Konto ist, wie es war
mail-restored-text = Eine Änderung Ihrer Adresse wurde zurückgenommen, und mit ihr alles, was seither geändert wurde. Alle wurden abgemeldet. Einen Tag lang lässt sich nichts ändern.

    Melden Sie sich auf der Website des Shops an und wählen Sie ein neues Passwort: Vielleicht kennt jemand das alte.
mail-erasure-asked-subject = Ihr Konto wird gelöscht
mail-erasure-asked-text = Wie Sie es verlangt haben, werden Ihr Konto bei { $brand } und alles darin in { $days } Tagen gelöscht, und alle wurden abgemeldet. Bis dahin können Sie es behalten: Melden Sie sich an unter { $link }

    Waren Sie es nicht, melden Sie sich an, behalten Sie Ihr Konto und ändern Sie Ihr Passwort.
mail-kept-subject = Sie behalten Ihr Konto
mail-kept-text = Ihr Konto wird nicht gelöscht. Sie können hier danach sehen: { $link }
mail-erased-subject = Ihr Konto wurde gelöscht
mail-erased-text = Ihr Konto bei { $brand } wurde gelöscht, mit allem darin. Sicherungen, in denen sein Schlüssel noch steht, sind nach 30 Tagen fort; ohne den Schlüssel ist nichts davon lesbar.

    Das ist der Beleg, von uns unterschrieben. Bewahren Sie ihn auf, wenn Sie das Datum einmal belegen möchten:

    { $receipt }

    Das ist die letzte E-Mail, die Sie von uns bekommen.
mail-secured-subject = Ihr Konto ist gesichert
mail-secured-text = Weil Sie uns gesagt haben, dass Sie es nicht waren, wurden alle abgemeldet, Ihr Passwort muss ersetzt werden, bevor es etwas öffnet, und Ihre Adressen lassen sich einen Tag lang nicht ändern.

    Melden Sie sich auf der Website des Shops an, oder stellen Sie Ihr Konto dort wieder her, und wählen Sie ein neues Passwort.
mail-code-signin-subject = Ihr Code zum Anmelden
mail-code-signin-text = Ihr Code ist { $code }. Er gilt zehn Minuten, um sich bei Ihrem Konto bei { $brand } anzumelden, und für nichts sonst.

    Tippen Sie ihn nur auf der Seite ein, auf der Sie ihn verlangt haben. Niemand vom Shop wird Sie je danach fragen, weder am Telefon noch sonst. Wenn Sie ihn nicht verlangt haben, kennt jemand Ihr Passwort: Ändern Sie es.
mail-code-purchase-subject = Ihr Code, um einen Kauf zu bestätigen
mail-code-purchase-text = Ihr Code ist { $code }. Er bestätigt einen Kauf über { $amount } bei { $shop }, und nichts sonst. Er gilt zehn Minuten.

    Tippen Sie ihn nur auf der Seite ein, auf der Sie gerade kaufen. Niemand vom Shop wird Sie je danach fragen, weder am Telefon noch sonst. Wenn Sie das nicht kaufen, kennt jemand Ihr Passwort: Ändern Sie es.
mail-code-password-subject = Ihr Code für ein neues Passwort
mail-code-password-text = Ihr Code ist { $code }. Er gilt zehn Minuten, um ein neues Passwort für Ihr Konto bei { $brand } zu wählen, und für nichts sonst.

    Tippen Sie ihn nur auf der Seite ein, auf der Sie ihn verlangt haben. Niemand vom Shop wird Sie je danach fragen, weder am Telefon noch sonst.
mail-code-signup-subject = Ihr Code für ein neues Konto
mail-code-signup-text = Ihr Code ist { $code }. Er gilt zehn Minuten, um bei { $brand } ein Konto mit dieser Adresse anzulegen.

    Tippen Sie ihn nur auf der Seite ein, auf der Sie ihn verlangt haben. Wenn Sie ihn nicht verlangt haben, ist nichts zu tun: Ohne den Code kann niemand Ihre Adresse benutzen.
mail-code-address-subject = Ihr Code, um diese Adresse zu bestätigen
mail-code-address-text = Ihr Code ist { $code }. Er gilt zehn Minuten, um diese Adresse einem Konto bei { $brand } hinzuzufügen.

    Tippen Sie ihn nur auf der Seite ein, auf der Sie ihn verlangt haben. Wenn Sie ihn nicht verlangt haben, ist nichts zu tun.
mail-code-recovery-subject = Ihr Code, um Ihr Konto wiederherzustellen
mail-code-recovery-text = Ihr Code ist { $code }. Er gilt zehn Minuten, um Ihr Konto bei { $brand } wiederherzustellen, und für nichts sonst.

    Tippen Sie ihn nur auf der Seite ein, auf der Sie ihn verlangt haben. Niemand vom Shop wird Sie je danach fragen, weder am Telefon noch sonst.
sms-notice-text = { $brand }: Ein Weg zum Anmelden bei Ihrem Konto wurde hinzugefügt oder entfernt. Waren Sie es nicht, wenden Sie sich sofort an den Shop. ({ $message })
sms-code-text = { $brand }: Ihr Code ist { $code }. Niemand wird Sie je danach fragen. ({ $message })
sms-caller-text = { $brand }: { $code } zeigt dem Support, dass Sie anrufen. { $purpose } Wurden Sie angerufen, nennen Sie ihn niemandem. ({ $message })
sms-purchase-text = { $brand }: { $code } bestätigt { $amount } bei { $shop }. Nicht Sie? Nirgends eintippen. Niemand wird Sie je danach fragen. ({ $message })

# Safety: check-up, cards, phrase, quiz, theft, reports
account-frozen = Ihr Konto steht noch { $hours ->
    [one] eine Stunde
   *[other] { $hours } Stunden
  } still: Adressen lassen sich nicht ändern, und Shops wissen davon.
checkup-title = Sicherheits-Check
checkup-points = { $score } von 100 Punkten
checkup-verdict-best = Ihr Konto ist so sicher, wie ein Konto sein kann.
checkup-verdict-good = Gut geschützt. Ein wenig bleibt noch zu tun.
checkup-verdict-fair = Besser als die meisten. Die erste Zeile unten hilft am meisten.
checkup-verdict-poor = Wer an Ihr Passwort kommt, kommt herein. Die erste Zeile unten ändert das.
checkup-well = Erledigt
checkup-back = Zurück zum Sicherheits-Check
checkup-note = Punkte stehen für gemessenen Schutz: Was sich Ihnen nicht ablisten lässt, zählt am meisten. Codes per Nachricht bringen keine.
checkup-password-title = Ein Passwort, das auf keiner Liste von Kriminellen steht
checkup-password-why = Ihres ist bekannt, oder Sie haben uns gesagt, dass jemand anders hereingekommen ist.
checkup-password-do = Passwort ersetzen
checkup-passkey-title = Ein Passkey oder Sicherheitsschlüssel
checkup-passkey-why = Niemand kann ihn Ihnen ablisten, und eine nachgemachte Seite bekommt nichts.
checkup-passkey-do = Passkey hinzufügen
checkup-second-factor-title = Ein zweiter Schritt, den Sie in der Hand halten
checkup-second-factor-why = Dann öffnet ein gestohlenes Passwort allein nichts.
checkup-second-factor-do = App oder Schlüssel hinzufügen
checkup-recovery-codes-title = Wiederherstellungscodes an einem sicheren Ort
checkup-recovery-codes-why = Mit ihnen kommen Sie sofort wieder herein, wenn Ihr Telefon verloren ist.
checkup-recovery-codes-do = Wiederherstellungscodes holen
checkup-second-mailbox-title = Ein zweites Postfach
checkup-second-mailbox-why = Sie erfahren, was mit Ihrem Konto geschieht, auch wenn das erste in fremde Hände gerät.
checkup-second-mailbox-do = Postfach hinzufügen
checkup-devices-title = Nur Ihre eigenen Browser sind angemeldet
checkup-devices-why = { $count ->
    [one] Ein Browser ist angemeldet.
   *[other] { $count } Browser sind angemeldet.
  } Gehören sie alle Ihnen?
checkup-devices-do = Sie gehören alle mir
checkup-devices-look = Ansehen
checkup-old-shops-title = Nur Shops, die Sie benutzen, sehen Ihre Daten
checkup-old-shops-why = Es gibt einen Shop, den Sie seit einem Jahr nicht benutzt haben.
checkup-old-shops-do = Alte Shops trennen
checkup-phrase-title = Ein Satz, den nur wir und Sie kennen
checkup-phrase-why = Er steht in jeder E-Mail von uns. Was ohne ihn kommt, ist nicht von uns.
checkup-phrase-do = Satz wählen
card-breached-title = Schluss mit Passwörtern auf Listen
card-breached-text = Ihr Passwort stand auf einer Liste, die Kriminelle benutzen. Ein Passkey kann nicht durchsickern: Fügen Sie einen hinzu, und keine Liste zählt mehr.
card-breached-do = Passkey hinzufügen
card-recovered-title = Damit es nächstes Mal schnell geht
card-recovered-text = Mit Wiederherstellungscodes in der Schublade kommen Sie in einer Minute wieder herein, und sonst niemand.
card-recovered-do = Wiederherstellungscodes holen
card-phished-title = Jemand versucht, Sie zu täuschen
card-phished-text = Danke für Ihre Meldung. Solche Nachrichten führen auf nachgemachte Seiten. Ein Passkey geht nur auf der echten.
card-phished-do = Passkey hinzufügen
card-new-address-title = Eine neue Adresse wurde hinzugefügt
card-new-address-text = Waren Sie das? Wenn nicht, sehen Sie jetzt danach, und sichern Sie Ihr Konto.
card-new-address-do = Meine Adressen ansehen
card-new-payee-title = Haben Sie jemand Neuen bezahlt?
card-new-payee-text = Sie haben einen Kauf bei jemandem bestätigt, den Sie vorher nicht bezahlt hatten. Wenn Sie das nicht waren oder jemand Sie dazu gedrängt hat, sehen Sie jetzt nach.
card-new-payee-do = Nachsehen, was geschah
card-checkup-title = Zwei Minuten für Ihre Sicherheit
card-checkup-text = Sehen Sie, wie gut Ihr Konto geschützt ist, und beheben Sie mit je einem Knopf, was fehlt.
card-checkup-do = Sicherheits-Check beginnen
phrase-title = Ihr Satz
phrase-lead = Jede E-Mail von uns wird ihn tragen. Eine E-Mail ohne ihn ist nicht von uns.
phrase-label = Satz
phrase-other = Einen anderen wählen
phrase-current = Ihr Satz ist:
phrase-save = Diesen Satz benutzen
phrase-saved = Gespeichert. Von nun an tragen unsere E-Mails ihn.
phrase-removed = Entfernt. Unsere E-Mails tragen keinen Satz mehr.
phrase-remove = Keinen Satz benutzen
phrase-wrong = Ein Satz hat 4 bis 60 Zeichen.
phrase-note = Wir zeigen ihn nirgends, bevor Sie angemeldet sind, und niemand wird Sie je danach fragen. Er ist kein Passwort: Auch eine E-Mail mit ihm ist kein Grund, einen Code herzugeben.
quiz-link = Würden Sie eine falsche Nachricht erkennen?
quiz-title = Echt oder verändert?
quiz-lead = Sechs Nachrichten mit unserem Namen. Manche sind, wie wir sie senden, manche hat jemand verändert, der etwas von Ihnen will. Es dauert etwa anderthalb Minuten.
quiz-message = Nachricht { $number }
quiz-genuine = Echt
quiz-altered = Verändert
quiz-submit = Antworten zeigen
quiz-missing = Beurteilen Sie zuerst jede Nachricht.
quiz-result = { $right } von 6 waren richtig.
quiz-right = Richtig.
quiz-wrong = Nicht ganz.
quiz-passkey = Sicher sein, auch wenn Sie sich irren: Passkey hinzufügen
quiz-again = Noch sechs
quiz-lure-look-alike = Bitte bestätigen Sie innerhalb eines Tages, dass Sie es waren.
quiz-lure-call-us = Damit es sofort geöffnet wird, rufen Sie +1 900 555 0123 an und halten Sie Ihre Karte bereit.
quiz-lure-send-code = Um die Zahlung aufzuhalten, antworten Sie auf diese E-Mail mit dem Code.
quiz-lure-hurry = Wenn Sie nicht innerhalb von 24 Stunden handeln, werden Ihr Konto und alle Ihre Bestellungen gelöscht.
quiz-why-genuine = Sie ist von uns: Ihre Links führen zu { $host }, und sie verlangt nichts.
quiz-why-look-alike = Die Links führen zu { $foreign }; das sieht nur aus wie unsere Adresse.
quiz-why-call-us = Wir nennen nie eine Nummer zum Anrufen und fragen nie nach einer Karte.
quiz-why-send-code = Ein Code wird auf unserer Seite eingetippt und nirgends sonst. Niemand von uns fragt danach.
quiz-why-hurry = Sie droht, und sie drängt Sie zu { $foreign }; das ist nicht unsere Adresse.
theft-title = Jemand hat mein Konto benutzt
theft-lead = Gehen Sie es in dieser Reihenfolge durch. Jeder Schritt dauert eine Minute.
theft-secure-title = Sperren Sie ihn aus
theft-secure-text = Alle werden abgemeldet, Ihr Passwort ist unbrauchbar, bis Sie es ersetzen, und Adressen stehen einen Tag still. Auch Sie werden abgemeldet und wählen ein neues Passwort.
theft-look-title = Sehen Sie, was geändert wurde
theft-look-text = Nehmen Sie zurück, was nicht von Ihnen ist:
theft-keep-title = Behalten Sie, was gesehen wurde
theft-keep-text = Ein Archiv mit jedem Ereignis in Ihrem Konto: wann, von welcher Adresse, mit welchem Browser. Polizei und Bank fragen danach.
theft-days = Wie weit zurück?
theft-days-option = { $days ->
    [one] Der letzte Tag
   *[other] Die letzten { $days } Tage
  }
theft-download = Bericht herunterladen
theft-tell-title = Melden Sie es
theft-tell-text = Nennen Sie die Nummer des Berichts. Wo es angenommen wird:
theft-bank-title = Sagen Sie es Ihrer Bank
theft-bank-text = Wurde etwas gekauft, lassen Sie die Zahlung aufhalten oder zurückholen. Hat vielleicht jemand Ihren Namen und Ihr Geburtsdatum, bitten Sie eine Auskunftei, Ihren Eintrag zu sperren oder zu kennzeichnen.
theft-elsewhere-title = Sehen Sie auch anderswo nach
theft-elsewhere-text = Wenn Sie dasselbe Passwort anderswo benutzen, ändern Sie es dort. Beginnen Sie mit Ihrem Postfach: Wer es liest, kommt überall hinein.
theft-report-title = Bericht { $case }
theft-report-text = Was im Konto gesehen wurde, das Neueste zuerst. Die Zeiten sind in UTC.
theft-report-shop = Shop
theft-report-subject = Konto
theft-report-made = Erstellt
theft-report-when = Wann
theft-report-what = Was
theft-report-where = Von wo
safety-title = Bleiben Sie sicher
safety-lead = Was alle wissen sollten, die Nachrichten im Namen von { $brand } bekommen.
safety-never-title = Wir werden nie
safety-never-password = nach Ihrem Passwort fragen, weder per E-Mail noch per SMS oder Telefon
safety-never-code = Sie bitten, einen Code zu nennen, zu senden oder weiterzuleiten
safety-never-gift-card = uns mit Gutscheinkarten bezahlen oder deren Nummern vorlesen lassen
safety-never-move = Sie bitten, Geld zu überweisen oder ein Programm zu installieren
safety-address-title = Eine Adresse
safety-address-text = Sie melden sich bei { $host } an und nirgends sonst. Ein Passkey prüft das für Sie.
safety-doubt-title = Im Zweifel
safety-doubt-text = Jede Nachricht von uns trägt einen Code. Tippen Sie ihn ein, oder fügen Sie die ganze Nachricht ein: Wir sagen Ihnen, ob sie von uns ist.
safety-in-title = Ist jemand in Ihrem Konto?
safety-in-text = Der Link „Das war ich nicht“ in jeder unserer Nachrichten sperrt ihn mit einem Druck aus. Haben Sie keine zur Hand, gehen Sie hierher:
safety-best-title = Was am meisten hilft
safety-best-text = Ein Passkey. Eine nachgemachte Seite bekommt nichts von ihm, und es gibt nichts zu merken.
report-title = Betrug melden
report-lead = Sagen Sie uns von einer Nachricht, einer Seite oder einem Anruf mit unserem Namen. Wir lesen jede Meldung und warnen andere.
report-kind = Was war es?
report-kind-message = Eine E-Mail oder SMS
report-kind-site = Eine Seite im Netz
report-kind-call = Ein Anruf
report-kind-other = Etwas anderes
report-text = Was ist geschehen? Fügen Sie die Nachricht, die Adresse oder die Nummer ein.
report-send = Meldung senden
report-missing = Wählen Sie, was es war, und sagen Sie uns, was geschehen ist.
report-thanks = Danke. Wir haben Ihre Meldung.
report-after = Wenn Sie ein Passwort oder einen Code hergegeben haben, ändern Sie jetzt das Passwort. Wenn Sie bezahlt haben, rufen Sie Ihre Bank an.
activity-devices-reviewed = Sie haben die angemeldeten Browser durchgesehen
activity-phrase-chosen = Sie haben Ihren Satz gewählt oder entfernt
activity-theft-report-made = Sie haben einen Bericht für Polizei und Bank heruntergeladen
activity-scam-reported = Sie haben einen Betrug gemeldet

upstream-with = Weiter mit { $provider }
upstream-title = Ihr Konto bei { $provider }
upstream-connect-lead = Verbinden Sie beide, dann meldet { $provider } Sie künftig hier an. Verbinden Sie nur ein Konto, das Ihnen gehört.
upstream-own = Ihr Konto hier
upstream-connect = Verbinden
upstream-not-now = Jetzt nicht
upstream-unknown = { $provider } nennt Sie { $label }. Damit ist hier noch kein Konto verbunden.
upstream-have-account = Ich habe hier ein Konto
upstream-have-account-hint = Melden Sie sich einmal an wie gewohnt. Danach fragen wir, ob wir beide verbinden sollen.
upstream-join = Ich bin neu hier
upstream-join-hint = Legen Sie ein Konto an, das { $provider } öffnet. Ein Passwort brauchen Sie dafür nicht.
upstream-join-with = Künftig mit { $provider } anmelden
upstream-or = oder
upstream-join-with-hint = Einen Passkey oder ein Passwort können Sie später hinzufügen.
upstream-denied = Die andere Seite hat Sie nicht angemeldet. Versuchen Sie es noch einmal, oder melden Sie sich hier an.
upstream-unreachable = Die andere Seite antwortet gerade nicht. Melden Sie sich hier an, oder versuchen Sie es in einer Minute noch einmal.
upstream-invalid = Die Antwort der anderen Seite war nicht gültig und zählt deshalb nicht. Versuchen Sie es noch einmal, oder melden Sie sich hier an.
upstream-not-fresh = Für diesen Schritt müssen Sie sich neu anmelden, und die andere Seite hat das nicht bestätigt. Melden Sie sich hier auf einem anderen Weg an. Haben Sie keinen, können Sie unter „Anmelden klappt nicht?“ ein Passwort festlegen.
upstream-taken = Dieses Konto ist hier mit einem anderen Konto verbunden. Trennen Sie es dort zuerst.
security-upstreams = Konten anderswo, mit denen Sie sich anmelden
security-upstream-add = { $provider } verbinden
security-upstream-remove = Trennen
security-upstream-remove-label = { $provider } trennen
security-done-connected = Verbunden.
activity-upstream-connected = Sie haben ein Konto bei einem anderen Dienst verbunden
activity-upstream-disconnected = Ein Konto bei einem anderen Dienst wurde getrennt

# Purchases
purchase-title = Sie bestätigen einen Kauf
purchase-at = Bei { $client }
purchase-payee = Zahlung an { $payee }
purchase-order = Bestellung { $order }
purchase-warning = Ist das nicht Ihr Kauf? Dann verlassen Sie diese Seite. Niemand vom Shop wird Sie je bitten, für ihn einen Kauf zu bestätigen oder ihm einen Code vorzulesen.
pause-title = Bevor Sie Gutscheinkarten kaufen
pause-lead = { $client } teilt uns mit, dass zu Ihrem Kauf über { $amount } Gutscheinkarten gehören. Atmen Sie erst einmal durch.
pause-early = Noch einen Augenblick: In { $seconds ->
    [one] { $seconds } Sekunde
   *[other] { $seconds } Sekunden
  } können Sie weitermachen.
pause-nobody = Keine Behörde, keine Bank, kein Arbeitgeber und kein Shop verlangt je, mit Gutscheinkarten bezahlt zu werden. Wer das tut, betrügt.
pause-gone = Wer die Nummer auf der Karte kennt, hat das Geld. Niemand kann es Ihnen zurückholen.
pause-secret = Ist gerade jemand am Telefon oder im Chat, oder sollen Sie sich beeilen oder schweigen? Legen Sie auf, und fragen Sie jemanden, dem Sie vertrauen.
pause-stop = Diesen Kauf abbrechen
pause-go-on = Niemand hat mich dazu gedrängt: weiter
pause-wait = Nach zehn Sekunden können Sie weitermachen. Bezahlt ist noch nichts.
pause-report = Einen Betrug melden

# Was der Support tut, wie es Kunden erfahren.
activity-staff-note = { $name } vom Support: { $reason }
activity-staff-by = { $name } vom Support
activity-staff-caller-asked = Der Support ließ jemanden am Telefon zeigen, dass Sie es sind
activity-staff-caller-checked = Es wurde gezeigt, oder nicht, dass Sie es sind, der den Support anruft
activity-staff-customer-revealed = Der Support sah Ihre Kontaktdaten und Ihr Profil vollständig
activity-staff-customer-viewed = Der Support sah Ihre Seiten so, wie Sie sie sehen
activity-staff-customer-locked = Der Support sperrte Ihr Konto
activity-staff-customer-unlocked = Der Support entsperrte Ihr Konto
activity-staff-sessions-ended = Der Support meldete Sie überall ab
activity-staff-recovery-started = Der Support schickte Ihnen den Weg, Ihr Konto wiederherzustellen
activity-staff-message-resent = Der Support schickte Ihnen eine Nachricht noch einmal
activity-staff-case-asked = Der Support wurde um eine Änderung an Ihrem Konto gebeten
activity-staff-case-approved = Eine zweite Person des Supports gab eine Änderung an Ihrem Konto frei
activity-staff-case-refused = Der Support lehnte eine Änderung an Ihrem Konto ab oder nahm sie zurück
activity-staff-case-vetoed = Eine Änderung, um die der Support gebeten wurde, wurde aus Ihrem Postfach aufgehalten
activity-staff-case-confirmed = Das neue Postfach Ihres Kontos wurde bestätigt
activity-staff-case-done = Eine Änderung, um die der Support gebeten wurde, wurde ausgeführt
activity-staff-case-expired = Eine Änderung, um die der Support gebeten wurde, unterblieb
activity-admin-joined = Sie gehören jetzt zum Personal
activity-admin-changed = Ihre Rollen wurden geändert
activity-admin-removed = Sie gehören nicht mehr zum Personal
case-remove-factors = alle Wege zum Anmelden außer dem Passwort zu entfernen
case-remove-factor = einen der Wege zum Anmelden zu entfernen
case-change-email = die E-Mail-Adresse zu ändern
case-erase = das Konto zu löschen
case-requests-title = Worum der Support gebeten wurde
case-requests-none = Es wartet nichts. Was entschieden wurde, steht in Ihren Aktivitäten.
case-requests-item = Jemand bat { $name } vom Support, { $what }: „{ $reason }“
case-link-stop-title = Aufhalten, worum der Support gebeten wurde?
case-link-stop-text = Jemand, der mit dem Support sprach, bat um eine Änderung an Ihrem Konto. Wenn Sie das nicht waren, halten Sie sie auf.
case-link-stop-submit = Das war ich nicht: aufhalten
case-link-stopped-title = Es ist aufgehalten
case-link-stopped-text = Nichts wurde geändert. Der Support sieht, dass Sie Nein gesagt haben.
case-link-confirm-title = Dieses Postfach für Ihr Konto verwenden?
case-link-confirm-text = Sie haben den Support gebeten, dies zur E-Mail-Adresse Ihres Kontos zu machen. Bestätigen Sie es nur, wenn Sie das waren.
case-link-confirm-submit = Ja, das ist mein Postfach
case-link-confirmed-title = Das Postfach ist bestätigt
case-link-confirmed-text = Es wird das Ihres Kontos, sobald die Wartezeit um ist. Sie erfahren es hier.
case-link-expired-title = Dieser Link gilt nicht mehr
case-link-expired-text = Er wurde benutzt, ist zu alt, oder die Sache ist erledigt.
call-title = Am Telefon mit dem Support
call-lead = { $name } vom Support möchte wissen, ob Sie es sind, der anruft.
call-number-label = Die Zahl zum Vergleichen
call-compare = Sagen Sie nur Ja, wenn Sie uns angerufen haben und man Ihnen genau diese Zahl nennt.
call-warning = Wenn jemand Sie angerufen hat, sind wir das nicht. Sagen Sie Nein und legen Sie auf: Wir fragen nie nach einem Code oder einem Passwort.
call-purpose = Wenn Sie zustimmen, ist es dem Support erlaubt, { $what }.
call-purpose-talk = Es ändert nichts: der Support spricht nur mit Ihnen über Ihr Konto.
call-code-purpose = Wer ihn beim Support hört, dem ist dann erlaubt, { $what }.
call-yes = Ja, ich rufe an
call-no = Nein, das bin ich nicht
call-yes-done = Danke. Der Support sieht, dass Sie es sind.
call-no-done = Der Support sieht, dass nicht Sie anrufen. Jemand wollte sich für Sie ausgeben: Sehen Sie nach, wie Ihr Konto gesichert ist.
call-nobody = Im Augenblick fragt niemand vom Support nach Ihnen. Lassen Sie diese Seite offen und sehen Sie wieder nach, wenn Sie darum gebeten werden.
mail-viewed-subject = Der Support hat Ihr Konto angesehen
mail-viewed-text = Jemand vom Support von { $brand } hat die Seiten Ihres Kontos so angesehen, wie Sie sie sehen. Nichts wurde geändert. Wer es war und warum, steht in Ihren Aktivitäten: { $link }
mail-unlocked-subject = Ihr Konto wurde entsperrt
mail-unlocked-text = Ihr Konto bei { $brand } wurde von den Leuten des Shops entsperrt. Sie können sich wieder anmelden: { $link }
mail-recovery-offered-subject = So kommen Sie wieder in Ihr Konto
mail-recovery-offered-text = Der Support von { $brand } schickt Ihnen den Weg, Ihr Konto wiederherzustellen. Öffnen Sie diese Seite und zeigen Sie, was Sie haben: { $link }

    Niemand vom Support braucht dafür Ihr Passwort oder einen Code. Wenn Sie nicht darum gebeten haben, müssen Sie nichts tun.
mail-case-waits-subject = Der Support wurde gebeten, Ihr Konto zu ändern
mail-case-waits-text = Jemand, vielleicht Sie, hat den Support von { $brand } gebeten, { $what }. In { $hours } Stunden wird es getan.

    Wenn Sie das waren, müssen Sie nichts tun. Wenn nicht, halten Sie es jetzt auf; ein Druck genügt, auch ohne Anmeldung: { $link }
mail-case-confirm-subject = Bestätigen Sie dieses Postfach
mail-case-confirm-text = Der Support von { $brand } wurde gebeten, dies zur E-Mail-Adresse eines Kontos zu machen. Wenn Sie darum gebeten haben, bestätigen Sie es hier: { $link }

    Wenn nicht, tun Sie nichts: Dann geschieht nichts.
mail-code-caller-subject = Ihr Code für das Telefon
mail-code-caller-text = Ihr Code ist { $code }. Lesen Sie ihn nur vor, wenn Sie selbst den Support von { $brand } angerufen haben, unter der Nummer auf unserer Seite. Er zeigt, dass Sie es sind, der anruft, und öffnet nichts.

    Wenn jemand Sie angerufen hat, sind wir das nicht: Nennen Sie niemandem den Code und legen Sie auf.
mail-signin-unusual-subject = Ungewöhnliche Anmeldung bei Ihrem Konto
mail-signin-unusual-text = Jemand hat sich auf eine für Sie ungewöhnliche Weise bei Ihrem Konto angemeldet und alles vorgezeigt, wonach wir gefragt haben.

    Wenn Sie es waren, ist nichts zu tun.
mail-signin-stopped-subject = Wir haben eine Anmeldung bei Ihrem Konto verhindert
mail-signin-stopped-text = Jemand hat Ihr richtiges Passwort eingegeben, aber auf eine für Sie so ungewöhnliche Weise, dass wir die Anmeldung verhindert haben.

    Wenn Sie es waren, melden Sie sich mit einem Browser an, den Sie schon benutzt haben, oder stellen Sie Ihr Konto wieder her. Wenn Sie es nicht waren, kennt jemand Ihr Passwort: Wählen Sie hier ein neues: { $link }
stopped-title = Wir konnten nicht sicher sein, dass Sie es sind
stopped-lead = Das Passwort war richtig. Aber diese Anmeldung sieht anders aus als alle Ihre bisherigen, und es ist nichts weiter hinterlegt, das Sie hier vorzeigen könnten. Deshalb haben wir sie verhindert.
stopped-known-device = Melden Sie sich mit einem Browser an, den Sie hier schon benutzt haben.
stopped-recovery = Oder stellen Sie Ihr Konto wieder her: Das dauert etwas länger und geht von überall.
stopped-recover = Konto wiederherstellen
stopped-again = Noch einmal versuchen
stopped-told = Wir haben dem Inhaber des Kontos eine E-Mail geschickt.
risk-reason-place = Ein anderer Ort als sonst
risk-reason-device = Ein anderer Browser oder ein anderes System als sonst
risk-reason-habit = Wie oft Sie sich anmelden
risk-reason-known-device = Ein Browser, den Sie schon benutzt haben
risk-reason-new-device = Ein Browser, den wir noch nicht kannten
risk-reason-travel = Ein anderes Land als kurz zuvor
risk-reason-stuffing-address = Von einer Adresse, die viele Konten durchprobiert
risk-reason-stuffing-network = Aus einem Netz, das viele Konten durchprobiert
risk-reason-hosting = Aus einem Rechenzentrum
risk-reason-anonymiser = Über einen Dienst, der die Herkunft verbirgt
risk-reason-program = Durch ein Programm statt eines Browsers
risk-reason-dormant = Nach langer Zeit ohne Anmeldung
risk-reason-time = Zu einer anderen Tageszeit als sonst
activity-order-judged = Ein Shop hat gefragt, wie ungewöhnlich eine Ihrer Bestellungen ist
activity-order-outcome-told = Ein Shop hat mitgeteilt, was aus einer Ihrer Bestellungen wurde

puzzle-working = Einen Moment. Wir stellen sicher, dass Sie kein Programm sind …
puzzle-progress = Fortschritt
puzzle-wait = Gerade versuchen sich viele Programme an diesem Formular. Ihr Browser führt hier keine Skripte aus: Füllen Sie das Formular aus, warten Sie { $seconds } Sekunden, und senden Sie es.
puzzle-needed = Gerade versuchen sich viele Programme an diesem Formular. Bitte senden Sie es noch einmal: Ihr Browser zeigt inzwischen, dass Sie keines sind.
puzzle-early = Danke fürs Warten. Noch { $seconds } Sekunden, dann senden Sie es noch einmal.
contact-refused-disposable = Solche Postfächer werden nach einer Weile weggeworfen. Nehmen Sie eines, das Ihnen bleibt.
