# Sign-in
signin-title = Connexion
signin-lead = pour continuer vers { $client }
signin-lead-plain = à votre compte
signin-email = Adresse e-mail
signin-password = Mot de passe
signin-remember = Garder ma session ouverte sur cet appareil
signin-submit = Se connecter
signin-back = Retour à { $client }
signin-refused = Cette adresse e-mail et ce mot de passe ne vont pas ensemble. Vérifiez les deux et réessayez.
signin-throttled = Trop d'essais. Attendez { $minutes ->
    [one] une minute
   *[other] { $minutes } minutes
  } et réessayez.
signin-busy = Nous avons beaucoup de demandes en ce moment. Réessayez dans quelques secondes.
signin-missing = Saisissez votre adresse e-mail et votre mot de passe.
signin-too-long = Ce mot de passe est trop long. Un mot de passe a au plus 128 caractères.
signin-again = Pour votre sécurité, veuillez vous connecter de nouveau.
signin-expired-title = Cette connexion a expiré
signin-expired-text = La page est restée ouverte trop longtemps. Rien n'est perdu : recommencez, et vous reviendrez là où vous étiez.
signin-elsewhere-title = Cette connexion appartient à un autre navigateur
signin-elsewhere-text = Le lien a été ouvert dans un navigateur qui n'a pas commencé cette connexion. Recommencez depuis la boutique.
signin-unmet-title = Une connexion plus sûre est nécessaire
signin-show-problem = Il y a un problème

# Second factor
totp-title = Saisissez votre code
totp-lead = Ouvrez votre application d'authentification et tapez les six chiffres qu'elle affiche pour ce compte.
totp-code = Code
totp-submit = Continuer
totp-malformed = Un code a six chiffres. Tapez celui que votre application affiche maintenant.
totp-wrong = Ce n'est pas le code actuel. Attendez le suivant, et vérifiez que l'horloge de votre téléphone se règle toute seule.
totp-used = Ce code a déjà servi. Attendez le suivant.

totp-instead = Utiliser le code d'une application d'authentification
recovery-code-title = Saisissez un code de récupération
recovery-code-lead = Tapez l'un des codes que vous avez gardés. Chacun sert une seule fois.
recovery-code-code = Code de récupération
recovery-code-instead = Utiliser un code de récupération
recovery-code-malformed = Un code de récupération a dix lettres et chiffres, par exemple 4k7xp-0w2ed.
recovery-code-wrong = Ce n'est pas l'un de vos codes de récupération. Vérifiez-le, ou essayez-en un autre.
recovery-code-used = Ce code de récupération a déjà servi. Essayez-en un autre.
email-code-title = Consultez vos e-mails
email-code-lead = Nous pouvons envoyer un code à { $target }.
email-code-sent = Un code est en route vers { $target }. Il est valable dix minutes.
email-code-code = Code
email-code-instead = Recevoir un code par e-mail
email-code-malformed = Un code a six chiffres.
email-code-wrong = Ce n'est pas le bon code. Vérifiez-le, ou demandez-en un autre.
email-code-used = Ce code n'est plus valable. Demandez-en un autre.
sms-code-title = Consultez votre téléphone
sms-code-lead = Nous pouvons envoyer un code par SMS à votre numéro qui se termine par { $target }.
sms-code-sent = Un code est en route vers votre numéro qui se termine par { $target }. Il est valable dix minutes.
sms-code-code = Code
sms-code-instead = Recevoir un code par SMS
sms-code-malformed = Un code a six chiffres.
sms-code-wrong = Ce n'est pas le bon code. Vérifiez-le, ou demandez-en un autre.
sms-code-used = Ce code n'est plus valable. Demandez-en un autre.
challenge-send = M'envoyer un code
challenge-send-again = Envoyer un autre code
challenge-trust = Ne plus me le demander sur cet appareil pendant { $days ->
    [one] un jour
   *[other] { $days } jours
  }
challenge-other = Vous n'y avez pas accès ?

# Passkeys
passkey-signin = Se connecter avec une clé d'accès (passkey)
passkey-title = Utilisez votre clé d'accès
passkey-lead = Utilisez l'appareil, le téléphone ou la clé de sécurité que vous avez ajoutés à ce compte.
passkey-use = Continuer
passkey-instead = Utiliser une clé d'accès ou une clé de sécurité
passkey-without = Votre navigateur ne peut pas utiliser de clé d'accès ici. Activez JavaScript, ou choisissez un autre moyen.
passkey-failed = Aucune clé n'a été utilisée. Réessayez, ou connectez-vous autrement.
passkey-expired = Cela a pris trop de temps. Veuillez réessayer.
passkey-unknown = Nous ne connaissons pas cette clé d'accès. Elle a peut-être été retirée de votre compte.
passkey-unverified = Votre clé n'a pas vérifié que c'est bien vous. Ajoutez-lui un code PIN ou une empreinte, ou connectez-vous avec votre mot de passe.
passkey-cloned = Cette clé a été refusée, car il en existe peut-être une copie. Connectez-vous autrement et remplacez-la.
passkey-refused = Cette clé d'accès a été refusée. Réessayez, ou connectez-vous autrement.

# Choose account
choose-title = Choisissez un compte
choose-lead = pour continuer vers { $client }
choose-continue = Continuer avec le compte { $name }
choose-other = Utiliser un autre compte

# Consent
consent-title = { $client } demande un accès
consent-lead = Vous utilisez le compte { $name }. Si vous acceptez, { $client } aura accès à ceci :
consent-scope-openid = le fait que c'est bien vous, par un identifiant créé pour ce site
consent-scope-profile = votre profil : nom, langue et autres détails
consent-scope-email = votre adresse e-mail
consent-scope-address = votre adresse postale
consent-scope-phone = votre numéro de téléphone
consent-scope-offline_access = ces données, même en votre absence
consent-scope-order_facts = le droit de noter ici les numéros de vos commandes, pour que vous puissiez en citer un si vous perdez l'accès à votre compte
activity-order-fact-told = Une boutique a noté l'une de vos commandes
consent-scope-other = l'accès à « { $scope } »
consent-allow = Autoriser
consent-deny = Ne pas autoriser
consent-policy = Politique de confidentialité
consent-terms = Conditions d'utilisation

# Continue by form post
post-title = Un instant
post-text = Nous vous ramenons à { $client }.
post-submit = Continuer

# Sign-out
signout-title = Se déconnecter ?
signout-text = { $client } demande à vous déconnecter. Voulez-vous vous déconnecter ?
signout-text-plain = Voulez-vous vous déconnecter de votre compte sur cet appareil ?
signout-submit = Se déconnecter
signout-stay = Garder ma session ouverte
signed-out-title = Votre session est fermée
signed-out-text = Votre session est fermée sur cet appareil. Les boutiques que vous avez visitées peuvent garder la leur ouverte un moment. Si d'autres personnes utilisent cet appareil, déconnectez-vous aussi là-bas.
signed-out-again = Se connecter de nouveau

# Account
account-title = Votre compte
account-who = Votre session est ouverte
account-name = Nom
account-email = Adresse e-mail
account-since = Connexion
account-how = Moyen
account-how-password = avec votre mot de passe
account-how-second-factor = avec votre mot de passe et un code
account-signout = Se déconnecter
account-minutes-ago = { $minutes ->
    [0] à l'instant
    [one] il y a une minute
   *[other] il y a { $minutes } minutes
  }
account-recovering = Quelqu'un est en train de récupérer votre compte avec des preuves faibles. Si ce n'est pas vous, arrêtez cela maintenant.
account-not-verified = non vérifiée
account-verified = vérifiée
account-safety-title = Restez en sécurité
account-safety-text = Nous ne demandons jamais votre mot de passe par e-mail ou par téléphone. Avant de le taper, vérifiez que la barre d'adresse affiche { $host }.

# Security
security-title = Connexion et sécurité
security-lead = Comment vous prouvez que c'est bien vous.
security-keys = Clés d'accès (passkeys) et clés de sécurité
security-no-keys = Vous n'en avez pas encore. Avec une clé d'accès, vous vous connectez avec votre empreinte, votre visage ou le code PIN de votre appareil. Personne ne peut vous la soutirer par ruse.
security-keys-without = Votre navigateur ne peut pas utiliser de clé d'accès ici, ou JavaScript est désactivé.
security-add-passkey = Ajouter une clé d'accès
security-add-key = Ajouter une clé de sécurité
security-key-whole = Suffit à elle seule pour se connecter
security-key-second = S'ajoute à votre mot de passe
passkey-default-name = Clé d'accès
key-default-name = Clé de sécurité
key-failed = Rien n'a été ajouté. Réessayez quand vous voulez.
key-taken = Cette clé sert déjà pour un compte ici.
key-model = Ce modèle de clé n'est pas accepté ici. Demandez à la boutique lesquels le sont.
key-unverified = Cette clé ne vérifie pas qui l'utilise. Ajoutez-lui un code PIN ou une empreinte, et réessayez.
key-refused = Cela n'a pas marché. Rien n'a été ajouté ; réessayez.
security-apps = Applications d'authentification
security-no-apps = Vous n'en avez pas encore. Avec une application sur votre téléphone, votre mot de passe seul n'ouvre plus rien.
security-name = Nom de l'application ou du téléphone
security-name-example = Mon téléphone
security-add-app = Ajouter une application d'authentification
security-remove = Retirer
security-remove-label = Retirer { $name }
security-used = { $days ->
    [0] Dernière utilisation aujourd'hui
    [one] Dernière utilisation hier
   *[other] Dernière utilisation il y a { $days } jours
  }
security-added = { $days ->
    [0] Ajout aujourd'hui
    [one] Ajout hier
   *[other] Ajout il y a { $days } jours
  }
security-channels = Codes par e-mail ou par SMS
security-channels-weak = C'est le moyen le plus faible : d'autres peuvent lire ou détourner ces messages. Une clé d'accès ou une application vous protège mieux.
security-email-codes = Codes par e-mail
security-sms-codes = Codes par SMS
security-channel-on = Activé : un code vous est demandé à la connexion
security-channel-off = Désactivé
security-channel-start = Activer
security-channel-stop = Désactiver
security-unproven = Votre adresse ou votre numéro n'a pas encore été vérifié.
security-throttled = Trop de messages. Attendez une minute et réessayez.
security-level = Ne laisser entrer personne sans
security-level-usual = ce que j'ai ajouté, sauf sur les appareils de confiance
security-level-second = une deuxième étape à chaque fois, sur tous les appareils
security-level-strong = une clé d'accès ou une clé de sécurité à chaque fois (une application ou un code de récupération ne suffit alors plus)
security-level-set = Enregistrer
security-done-chosen = C'est enregistré.
security-needed = Ce moyen est nécessaire : sans lui, vous ne pourriez plus vous connecter. Ajoutez-en d'abord un autre.
security-devices = Appareils sans deuxième étape
security-device-remove = Redemander
security-device-remove-label = Redemander sur { $name }
security-codes = Codes de récupération
security-codes-left = { $left ->
    [0] Vous avez utilisé tous vos codes.
    [one] Il vous reste un code.
   *[other] Il vous reste { $left } codes.
  }
security-codes-get = Obtenir des codes de récupération
security-codes-again = Obtenir de nouveaux codes (les anciens ne marcheront plus)
codes-title = Vos codes de récupération
codes-why = Encore une chose : si vous perdez votre téléphone ou votre clé, ces codes vous laissent entrer. Sans eux, vous pourriez perdre votre compte.
codes-lead = Chacun sert une seule fois, quand vous ne pouvez pas utiliser votre application ou votre clé. Ils ne sont affichés que maintenant.
codes-keep = Imprimez cette page, ou copiez-les dans un endroit sûr, loin de votre téléphone. Toute personne qui a un code et votre mot de passe peut entrer.
codes-saved = Je les ai gardés en lieu sûr
codes-go-on = Continuer
security-back = Retour à votre compte
security-done-added = C'est ajouté. Désormais, cela vous sera demandé à la connexion.
security-done-saved = Vos codes de récupération sont prêts.
security-done-removed = C'est retiré.
security-full = Vous en avez autant qu'un compte peut en avoir. Retirez-en d'abord un.
security-link = Connexion et sécurité
account-offer = Connectez-vous plus vite la prochaine fois : avec une clé d'accès (passkey), votre empreinte, votre visage ou un code PIN suffit.
account-offer-link = Ajouter une clé d'accès
account-soon = { $days ->
    [one] Dès demain
   *[other] Dans { $days } jours
  }, il faudra à ce compte un deuxième moyen de prouver que c'est bien vous.
offer-title = Connectez-vous plus vite la prochaine fois
offer-lead = Avec une clé d'accès (passkey) sur cet appareil, votre empreinte, votre visage ou son code PIN suffit pour vous connecter. Vous n'avez rien à retenir, et personne ne peut vous la soutirer par ruse.
offer-soon = { $days ->
    [one] Dès demain
   *[other] Dans { $days } jours
  }, il faudra à ce compte un deuxième moyen de prouver que c'est bien vous. Ajoutez une clé d'accès maintenant, et ce sera fait.
offer-not-now = Pas maintenant
offer-other = Autres moyens de prouver que c'est bien vous
enrol-title = Encore une étape
enrol-lead = { $client } demande un deuxième moyen de prouver que c'est bien vous. Ajoutez-en un maintenant ; cela prend une minute.
enrol-lead-plain = Il faut à ce compte un deuxième moyen de prouver que c'est bien vous. Ajoutez-en un maintenant ; cela prend une minute.
enrol-totp-title = Ajoutez une application d'authentification
enrol-totp-scan = Scannez ceci avec votre application d'authentification.
enrol-totp-qr = Code QR pour votre application d'authentification
enrol-totp-by-hand = Taper plutôt une clé à la main
enrol-totp-type = Tapez les six chiffres que l'application affiche maintenant.
enrol-totp-submit = Ajouter l'application
enrol-sign-out-elsewhere = Fermer mes sessions partout ailleurs
enrol-cancel = Annuler

# Errors
error-title = Quelque chose ne va pas
error-help = Si vous venez d'une boutique, retournez-y et réessayez. Si le problème continue, donnez cette référence à la boutique :
error-back = Retour à { $client }
error-home = Vers votre compte
error-not-found-title = Il n'y a rien ici
error-not-found-text = L'adresse contient peut-être une faute, ou la page a été déplacée.
error-forbidden-title = Cette demande a été refusée
error-forbidden-text = La page est restée ouverte trop longtemps, ou la demande venait d'un autre site. Revenez en arrière, rechargez la page et réessayez.
error-unavailable-title = Nous revenons tout de suite
error-unavailable-text = Une partie du service ne répond pas en ce moment. Rien n'est perdu : réessayez dans une minute.
error-internal-title = C'est notre erreur
error-internal-text = Quelque chose n'a pas marché de notre côté. Veuillez réessayer.
error-request-title = Nous ne pouvons pas répondre à cette demande
error-redirect-uri-title = redirect_uri non enregistrée
error-redirect-uri-text = La boutique nous a demandé de vous envoyer à une adresse qu'elle n'a pas enregistrée. Nous ne l'avons pas fait.
error-redirect-uri-missing-title = redirect_uri manquante
error-redirect-uri-missing-text = La boutique n'a pas dit où vous envoyer ensuite.
error-client-title = Client inconnu
error-client-text = Nous ne connaissons pas la boutique qui vous a envoyé ici.
error-logout-uri-title = post_logout_redirect_uri non enregistrée
error-logout-uri-text = La boutique nous a demandé de vous envoyer à une adresse qu'elle n'a pas enregistrée. Nous ne l'avons pas fait.
error-hint-title = L'id_token_hint a été refusé
error-hint-text = La boutique a envoyé un jeton que nous ne lui avons pas délivré.
error-answered-title = Vous avez déjà continué
error-answered-text = Cette page a déjà servi à retourner à la boutique.

# Passwords
password-new = Nouveau mot de passe
password-save = Enregistrer le mot de passe
password-hint = Au moins { $least } caractères. Quelques mots sans lien entre eux sont faciles à retenir et difficiles à deviner. Vous pouvez coller depuis un gestionnaire de mots de passe.
password-change-title = Changez votre mot de passe
password-change-lead = Vos sessions seront fermées partout ailleurs.
password-set-title = Choisissez un mot de passe
password-set-lead = Vous n'en avez pas encore. Avec un mot de passe, vous pouvez vous connecter là où vous n'avez pas votre clé d'accès.
password-done = Votre mot de passe est changé. Vos sessions sont fermées partout ailleurs.
password-empty = Tapez un nouveau mot de passe.
password-too-short = C'est trop court. Utilisez au moins { $least } caractères.
password-letters-digits = Utilisez à la fois des lettres et des chiffres.
password-breached = Ce mot de passe est connu à cause d'une fuite de données : des criminels l'ont sur leurs listes. Choisissez-en un autre.
password-context = C'est surtout votre propre nom ou le nom de la boutique. Choisissez autre chose.
password-used-before = Vous avez déjà utilisé ce mot de passe. Choisissez-en un autre.
password-guessable = Ce mot de passe est facile à deviner.
password-grade-0 = Très facile à deviner.
password-grade-1 = Facile à deviner.
password-grade-2 = Suffisant.
password-grade-3 = Solide.
password-grade-4 = Très solide.
password-weak-keys = Les touches voisines sont parmi les premières choses que l'on essaie.
password-weak-repeats = Répéter des caractères ou des mots n'apporte pas grand-chose.
password-weak-common = Il ressemble à un mot de passe que beaucoup de gens utilisent.
password-weak-sequences = Les suites comme abc ou 6543 n'apportent pas grand-chose.
password-weak-dates = Les années et les dates sont faciles à deviner.
password-weak-word = Un seul mot est facile à deviner.
password-weak-names = Les noms sont faciles à deviner.
password-advice-words = Ajoutez encore un ou deux mots sans lien entre eux.
password-advice-capitals = Les majuscules n'aident pas beaucoup ; plus de mots, si.
password-advice-tricks = Écrire à l'envers ou remplacer des lettres par des chiffres n'aide pas beaucoup ; plus de mots, si.
password-advice-patterns = Évitez les répétitions et les motifs ; ajoutez plutôt des mots.
password-advice-dates = Évitez les années et les dates ; ajoutez plutôt des mots.
replace-title = Choisissez un nouveau mot de passe
replace-lead = D'autres connaissent peut-être votre mot de passe : il a été trouvé dans une fuite de données, ou vous nous avez dit que quelqu'un d'autre est entré. Remplacez-le, puis continuez.
replace-lead-staff = Les comptes de l'équipe suivent des règles plus strictes pour les mots de passe. Choisissez-en un qui les respecte et que vous n'utilisez nulle part ailleurs.
security-password = Mot de passe
security-password-change = Changer le mot de passe
security-password-set = Choisir un mot de passe

# Joining
signin-forgot = Vous n'arrivez pas à vous connecter ?
signin-new = Première visite ?
signin-join = Créer un compte
join-title = Créez un compte
join-lead-plain = Cela prend une minute.
join-send = M'envoyer un code
join-have = Vous avez déjà un compte ?
join-code-lead = Nous avons envoyé un code à { $email }. Tapez-le ici. Si rien n'arrive, regardez dans le dossier du courrier indésirable.
join-code-proven = pour { $email }
join-other = Utiliser une autre adresse
join-email-wrong = Ce n'est pas une adresse e-mail. Vérifiez-la.
join-email-blocked = Les adresses de ce fournisseur ne sont pas acceptées ici. Veuillez en utiliser une autre.
join-details-lead = Votre adresse est vérifiée. Qui êtes-vous ?
join-name = Nom
join-birth-date = Date de naissance
join-optional = (facultatif)
join-terms = J'accepte les
join-name-missing = Tapez votre nom, en 100 caractères au plus.
join-terms-missing = Acceptez les conditions pour continuer.
join-birth-date-wrong = Tapez votre date de naissance.
join-too-young = Vous n'avez pas l'âge d'avoir un compte ici.
join-credential-title = Comment allez-vous vous connecter ?
join-credential-lead = Avec une clé d'accès (passkey), votre empreinte, votre visage ou le code PIN de cet appareil suffit : vous n'avez rien à retenir, et personne ne peut vous la soutirer par ruse.
join-passkey = Créer une clé d'accès
join-or = ou avec un mot de passe
join-password = Créer le compte

# Sessions, shops, activity, messages
ago-minutes = { $count ->
    [0] à l'instant
    [one] il y a une minute
   *[other] il y a { $count } minutes
  }
ago-hours = { $count ->
    [one] il y a une heure
   *[other] il y a { $count } heures
  }
ago-days = { $count ->
    [one] il y a un jour
   *[other] il y a { $count } jours
  }
sessions-title = Où vos sessions sont ouvertes
sessions-lead = Y en a-t-il une que vous ne connaissez pas ? Fermez-la.
sessions-this = celle-ci
sessions-unknown = Appareil inconnu
sessions-begun = ouverte { $when }
sessions-seen = utilisée { $when }
sessions-end-label = Fermer la session sur { $name }
sessions-end-others = Fermer mes sessions partout ailleurs
sessions-not-me = Quelqu'un d'autre est entré : protéger mon compte
shops-title = Boutiques reliées
shops-lead = Ces boutiques peuvent voir des données à vous.
shops-none = Vous ne partagez rien avec aucune boutique.
shops-remove = Délier
shops-remove-label = Délier { $name }
shops-note = Ensuite, la boutique devra vous redemander. Ce qu'elle sait déjà, elle le garde selon ses propres règles.
activity-title = Ce qui s'est passé
activity-lead = Tout ce qui a été fait dans votre compte, le plus récent d'abord.
activity-older = Plus ancien
activity-note = Y a-t-il quelque chose qui ne venait pas de vous ? Protégez votre compte :
activity-decision-judged = Notre équipe a examiné une connexion ou une commande inhabituelle de votre part
activity-change-held = Une modification a été retenue, car la connexion précédente semblait inhabituelle
activity-signin-confirmed = Vous avez dit qu'une connexion inhabituelle était la vôtre
activity-signed-in = Vous avez ouvert une session
activity-signin-advanced = La première étape d'une connexion a été franchie
activity-signin-refused = Une connexion a été refusée
activity-challenge-refused = Une deuxième étape a été refusée
activity-session-replaced = Votre session a été fermée, car quelqu'un d'autre s'est connecté dans le même navigateur
activity-session-ended = Vous avez fermé une session dans un autre navigateur
activity-signed-out = Vous avez fermé votre session
activity-code-sent = Un code vous a été envoyé
activity-code-not-sent = Un code a été demandé trop souvent, et n'a pas été envoyé
activity-device-trusted = Vous avez choisi de faire confiance à un appareil
activity-device-distrusted = Vous ne faites plus confiance à un appareil
activity-passkey-cloned = Une clé a été refusée, car il en existe peut-être une copie
activity-address-checked = Une boutique a fait comparer une adresse à celles de votre compte
activity-authenticator-added = Vous avez ajouté un moyen de connexion
activity-level-raised = Depuis, cette connexion a plus de valeur
activity-authenticator-removed = Vous avez retiré un moyen de connexion
activity-authenticator-refused = Un moyen de connexion n'a pas été ajouté
activity-level-chosen = Vous avez choisi à quel point votre connexion doit être sûre
activity-recovery-codes-given = Vous avez reçu de nouveaux codes de récupération
activity-recovery-codes-kept = Vous avez mis vos codes de récupération en lieu sûr
activity-password-changed = Votre mot de passe a été changé
activity-password-flagged = Votre mot de passe a été trouvé dans une fuite de données
activity-account-secured = Vous avez dit « ce n'était pas moi » : toutes les sessions ont été fermées
activity-customer-joined = Vous avez créé ce compte
activity-customer-added = La boutique a créé ce compte pour vous
activity-customer-changed = La boutique a modifié votre compte
activity-recovery-begun = Une récupération de votre compte a commencé
activity-recovery-proof = Une preuve a été donnée pendant une récupération
activity-recovery-waits = Une récupération avec des preuves faibles a commencé son attente
activity-recovery-stopped = Une récupération a été arrêtée
activity-account-recovered = Votre compte a été récupéré
activity-contact-changed = Une adresse ou un numéro a été changé
activity-contact-restored = Un changement a été annulé
activity-sharing-ended = Vous avez délié une boutique
activity-consent-given = Vous avez laissé une boutique voir vos données
activity-purchase-confirmed = Vous avez confirmé un achat
activity-consent-denied = Vous n'avez pas laissé une boutique voir vos données
activity-message-checked = Vous avez demandé si un message venait de nous
activity-why-unusual = Inhabituel : { $reasons }
activity-why-new-device = Depuis un navigateur nouveau pour nous.
activity-why-second-factor = Nous avons demandé une preuve de plus, car une deuxième étape protège votre compte.
activity-why-wrong-password = Le mot de passe était faux.
activity-why-wrong = La preuve donnée était fausse.
activity-why-used = Le code avait déjà servi.
activity-why-throttled = Il y avait eu trop d'essais.
activity-why-locked = Le compte était bloqué.
activity-why-cloned = Il existe peut-être une copie de la clé.
activity-why-foreign = Il ne venait pas de nous.
activity-why-altered = Ce n'était pas ce que nous avions envoyé.
activity-why-replayed = Nous l'avions envoyé à quelqu'un d'autre.
messages-title = Nos messages
messages-lead = Tous les messages que nous vous avons envoyés sont ici. Un message qui n'est pas ici ne vient pas de nous.
messages-verify = Vérifier un message
messages-none = Nous ne vous avons pas encore envoyé de message.
messages-text = SMS
verify-title = Ce message vient-il de nous ?
verify-lead = Collez un message, ou tapez le code qui se trouve à la fin. Nous vous disons si nous l'avons envoyé.
verify-label = Message ou code
verify-submit = Vérifier
verify-note = Nous ne demandons jamais votre mot de passe ou un code par e-mail, SMS ou téléphone. Si quelqu'un le fait, ce n'est pas nous.
verify-when = Il a été envoyé { $when }.
verify-safe = Protéger mon compte
verify-genuine-title = Oui, ce message vient de nous.
verify-genuine-text = Nous avons envoyé un message avec ce code. Si vous l'avez collé en entier, son texte est aussi de nous.
verify-went-to = Il a été envoyé à { $to }. Si ce n'est pas vous, quelqu'un vous l'a transmis : ne faites pas ce qu'il demande. Les mots ont été comparés, pas les liens : regardez où mène un lien avant de le suivre.
verify-altered-title = Non. Quelqu'un a modifié ce message.
verify-altered-text = Il porte le code d'un de nos messages, mais son texte n'est pas de nous. Ne suivez aucun de ses liens. Nous avons noté votre signalement.
verify-replayed-title = Ce message ne vous a pas été envoyé.
verify-replayed-text = Nous l'avons envoyé à quelqu'un d'autre. La personne qui vous l'a transmis cherche à vous tromper.
verify-foreign-title = Non, ce message ne vient pas de nous.
verify-foreign-text = Nous n'avons pas envoyé ce message. Ne suivez aucun de ses liens, et ne donnez de code à personne. Nous avons noté votre signalement.
verify-throttled-title = Trop de questions.
verify-throttled-text = Veuillez réessayer dans une heure.

# Privacy
privacy-title = Vos données
privacy-export-title = Les emporter
privacy-export-text = Tout ce que nous gardons sur vous, dans une seule archive : une page à lire, et un fichier pour les machines.
privacy-export = Télécharger mes données
privacy-archive-title = Ce que nous gardons sur vous
privacy-erase-title = Partir
privacy-erase-text = Votre compte et tout ce qu'il contient seront effacés après { $days } jours. D'ici là, vous pouvez vous connecter et le garder. Ensuite, personne ne pourra le faire revenir.
privacy-sure = Je veux que mon compte soit effacé
privacy-unticked = Cochez la case si vous voulez vraiment partir.
privacy-erase = Effacer mon compte
privacy-leaving = { $days ->
    [0] Votre compte sera effacé dans quelques heures.
    [one] Votre compte sera effacé demain.
   *[other] Votre compte sera effacé dans { $days } jours.
  }
privacy-keep = Garder mon compte
activity-erasure-asked = Vous avez demandé que votre compte soit effacé
activity-erasure-cancelled = Vous gardez votre compte
activity-data-exported = Vous avez téléchargé vos données

# Profile and addresses
language-name = Français
profile-title = Votre profil
profile-lead = Les boutiques en apprennent ce que vous leur laissez voir.
profile-given-name = Prénom
profile-family-name = Nom de famille
profile-nickname = Surnom
profile-language = Langue de nos messages
profile-language-browser = comme dans mon navigateur
profile-birth-date-fixed = Seul le service client de la boutique peut la changer.
profile-saved = C'est enregistré.
profile-nameless = Tapez votre nom.
profile-long = Un nom a au plus 100 caractères.
addresses-title = Vos adresses
addresses-lead = Là où vont vos commandes. La première est donnée aux boutiques à qui vous la laissez voir.
addresses-none = Vous n'en avez pas encore.
addresses-preferred = Donnée aux boutiques
addresses-add = Ajouter une adresse
addresses-edit = Modifier
addresses-edit-label = Modifier { $line }
addresses-edit-title = Modifier une adresse
addresses-prefer = Mettre en premier
addresses-save = Enregistrer
addresses-saved = C'est enregistré. Nous vous l'avons aussi dit par e-mail.
addresses-back = Retour à vos adresses
addresses-full = Vous en avez autant qu'un compte peut en avoir. Retirez-en d'abord une.
addresses-recipient = Destinataire, si ce n'est pas vous
addresses-recipient-long = Un nom a au plus 100 caractères.
addresses-street = Rue et numéro
addresses-postal-code = Code postal
addresses-locality = Ville
addresses-region = État, province ou préfecture
addresses-region-when = (si votre pays l'utilise)
addresses-country = Pays
addresses-wrong = Vérifiez les champs marqués.
addresses-wrong-street = Tapez la rue et le numéro, en trois lignes au plus.
addresses-wrong-postal-code = Ce n'est pas un code postal de ce pays.
addresses-wrong-locality = Tapez la ville.
addresses-wrong-region = Pour ce pays, il faut l'État, la province ou la préfecture ; s'il existe un code court, comme CA, tapez-le.
addresses-wrong-country = Choisissez le pays.
addresses-frozen = Votre compte est figé pour un jour, car vous nous avez dit que quelqu'un d'autre est entré. Réessayez demain.
addresses-stale = Autre chose a été changé entre-temps. Veuillez réessayer.
addresses-unknown = Cette adresse n'existe pas.
addresses-same = C'est ce que vous avez déjà.
activity-address-changed = Vous avez changé vos adresses postales
activity-profile-changed = Vous avez changé votre profil

# Contact
contact-title = Comment vous joindre
contact-lead = Un changement se confirme à la nouvelle adresse. L'ancienne en est avertie, et peut l'annuler pendant trois jours.
contact-email = Adresse e-mail
contact-email-none = Pas encore d'adresse.
contact-email-new = Nouvelle adresse e-mail
contact-backup-email = Deuxième boîte mail
contact-backup-email-none = Pas encore de deuxième boîte mail. Avec elle, de préférence chez un autre fournisseur, vous récupérez votre compte plus facilement, et vous apprenez ce qui lui arrive.
contact-backup-email-new = Adresse de la deuxième boîte mail
contact-phone = Téléphone
contact-phone-none = Pas encore de numéro.
contact-phone-new = Nouveau numéro, au format international, par exemple +33 1 99 00 12 34
contact-add = Ajouter
contact-change = Changer
contact-sent = Si { $target } peut être utilisé ici, un code y est envoyé. Il est valable dix minutes.
contact-changed = C'est changé. L'ancienne adresse a été avertie.
contact-removed = C'est retiré. Nous vous l'avons dit par e-mail.
contact-refused-form = Ce n'est pas une adresse ou un numéro que nous pouvons utiliser. Vérifiez-le.
contact-refused-same = C'est ce que vous avez déjà.
contact-refused-frozen = Votre compte est figé pour un jour, car vous nous avez dit que quelqu'un d'autre est entré. Réessayez demain.
contact-refused-throttled = Trop de messages ou d'essais. Attendez quelques minutes et réessayez.
contact-refused-no-way = Nous ne pouvons pas envoyer de SMS ici, donc un numéro ne peut pas être vérifié.
contact-refused-code = Ce n'est pas le bon code. Vérifiez-le, ou demandez-en un autre.
undo-ask-title = Annuler ce changement ?
undo-ask-text = Un seul bouton remet votre compte comme il était avant le changement : adresses, téléphone, profil, mot de passe et moyens de connexion. Toutes les sessions sont fermées, et rien ne peut être changé pendant un jour.
undo-submit = Annuler le changement
undo-note = Si le changement venait de vous, il n'y a rien à faire. Fermez cette page.
undo-done-title = Votre compte est comme avant
undo-done-text = Le changement a été annulé, avec tout ce qui a été changé depuis, et toutes les sessions sont fermées. Connectez-vous et choisissez un nouveau mot de passe : quelqu'un d'autre connaît peut-être l'ancien.
undo-expired-title = Ce lien n'est plus valable
undo-expired-text = Il a déjà servi, ou les trois jours sont passés. Si quelqu'un d'autre a changé votre compte, récupérez-le, ou demandez au service client de la boutique.

# Recovery
recovery-title = Récupérez votre compte
recovery-lead = Tapez l'adresse e-mail de votre compte. Nous y envoyons un code.
recovery-back = Retour à la connexion
recovery-prove-lead = S'il existe un compte avec { $email }, un code y est envoyé. Tapez-le ici.
recovery-no-mailbox = Je n'ai pas accès à cette boîte mail
recovery-no-mailbox-text = Alors donnez une autre preuve, que personne d'autre n'a.
recovery-more-title = Donnez encore une preuve
recovery-more-lead = Une deuxième étape protège votre compte, donc une seule preuve ne suffit pas. Donnez-en une autre.
recovery-may-wait-lead = Ce que vous avez donné suffira après { $hours } heures, si personne ne s'y oppose. Nous vous avertissons par tous les canaux de votre compte.
recovery-wait = Commencer les { $hours } heures
recovery-faster = Ou donnez une autre preuve, pour aller plus vite
recovery-show = Donner
recovery-desk = Vous n'avez pas d'autre preuve ? Alors demandez au service client de la boutique.
recovery-waiting-title = Votre compte est en cours de récupération
recovery-waiting-lead = { $hours ->
    [one] Dans une heure environ
   *[other] Dans { $hours } heures environ
  }, vous pourrez choisir de nouveaux moyens de connexion.
recovery-waiting-text = Nous vous l'avons dit par tous les canaux de votre compte, avec un lien qui arrête tout. À la fin de l'attente, un e-mail vous dira comment continuer. Vous pouvez fermer cette page.
recovery-finish-password = Ensuite, vous continuez. Si votre compte a une deuxième étape, elle vous est demandée comme toujours.
recovery-finish-factor = Vos anciens moyens de connexion sont retirés, et toutes les sessions sont fermées.
recovery-vetoed-title = Cette récupération a été arrêtée
recovery-vetoed-text = Le titulaire du compte a dit que cela ne venait pas de lui. Si c'est vous et que vous n'avez rien dit, demandez au service client de la boutique.
recovery-over-title = Cette récupération est terminée
recovery-over-text = Elle est restée ouverte trop longtemps, une autre a commencé, ou le compte a été changé entre-temps. Rien n'est perdu : recommencez.
recovery-done-title = Vous avez un nouveau mot de passe
recovery-done-text = Connectez-vous avec lui.
recovery-again = Recommencer
recovery-lost-factor = Je ne peux pas non plus utiliser mon application, ma clé d'accès ou mon téléphone pour la deuxième étape
recovery-have-factor = J'ai bien ma deuxième étape
recovery-too-new = modifié trop récemment pour compter
recovery-mailbox-name = Votre boîte mail
recovery-mailbox-label = Code reçu dans votre boîte mail
recovery-mailbox-lead = Nous pouvons envoyer un code à { $target }.
recovery-mailbox-wrong = Ce n'est pas le bon code. Vérifiez-le, ou demandez-en un autre.
recovery-second-mailbox-name = Votre deuxième boîte mail
recovery-second-mailbox-label = Code reçu dans votre deuxième boîte mail
recovery-second-mailbox-lead = Nous pouvons envoyer un code à votre deuxième boîte mail, { $target }.
recovery-second-mailbox-wrong = Ce n'est pas le bon code. Vérifiez-le, ou demandez-en un autre.
recovery-phone-name = Votre téléphone
recovery-phone-label = Code reçu sur votre téléphone
recovery-phone-lead = Nous pouvons envoyer un code par SMS à votre numéro qui se termine par { $target }.
recovery-phone-wrong = Ce n'est pas le bon code. Vérifiez-le, ou demandez-en un autre.
recovery-passkey-name = Votre clé d'accès ou clé de sécurité
recovery-passkey-label = Si vous avez encore une clé d'accès (passkey) ou une clé de sécurité de ce compte, utilisez-la.
recovery-passkey-use = Utiliser ma clé
recovery-passkey-wrong = Cela n'a pas été accepté. Réessayez, ou montrez autre chose.
recovery-recovery-code-name = Un code de récupération
recovery-recovery-code-label = Un code de récupération que vous avez gardé
recovery-recovery-code-wrong = Ce n'est pas l'un de vos codes de récupération. Vérifiez-le, ou essayez-en un autre.
recovery-password-name = Votre mot de passe
recovery-password-label = Votre mot de passe
recovery-password-wrong = Ce n'est pas le bon mot de passe.
recovery-trusted-device-name = Un appareil de confiance
recovery-past-order-name = L'une de vos commandes
recovery-past-order-label = Le numéro d'une commande qui a plus de trois jours
recovery-past-order-wrong = Nous ne connaissons pas cette commande.
recovery-link-stop-title = Arrêter la récupération ?
recovery-link-stop-text = Quelqu'un est en train de récupérer votre compte avec des preuves faibles. Si ce n'est pas vous, arrêtez cela.
recovery-link-stop-submit = Ce n'est pas moi : arrêter
recovery-link-stopped-title = La récupération est arrêtée
recovery-link-stopped-text = Personne n'est entré. Si vous ne l'aviez pas demandée, quelqu'un lit peut-être vos e-mails ou vos messages : changez aussi le mot de passe de votre boîte mail.
recovery-link-go-on-title = Récupérez votre compte
recovery-link-go-on-text = L'attente est finie, et personne ne s'y est opposé. Continuez dans ce navigateur.
recovery-link-go-on-submit = Continuer
recovery-link-expired-title = Ce lien n'est plus valable
recovery-link-expired-text = Il a déjà servi, ou il est trop ancien, ou la récupération a été arrêtée.

# This was not me
not-me-ask-title = Ce n'était pas vous ?
not-me-about = Nous vous avons dit : { $subject }
not-me-ask-text = Un seul bouton ferme toutes les sessions partout, rend votre mot de passe inutile jusqu'à ce que vous le remplaciez, et empêche tout changement de vos adresses pendant un jour.
not-me-submit = Ce n'était pas moi : protéger mon compte
not-me-note = Si c'était vous, il n'y a rien à faire. Fermez cette page.
not-me-done-title = Votre compte est protégé
not-me-done-text = Toutes les sessions sont fermées. Personne ne peut changer vos adresses pendant un jour. Maintenant, choisissez un nouveau mot de passe.
not-me-signin-title = Était-ce vous ?
not-me-me-submit = Oui, c'était moi
not-me-me-note = Si c'était vous, rien ne change dans votre compte. Votre réponse nous aide à vous distinguer des autres, et les modifications en attente n'attendent plus.
not-me-known-title = Merci
not-me-known-text = Nous savons maintenant que c'était vous. Rien n'a été modifié dans votre compte, et ce qui attendait peut se faire tout de suite.
held-title = Cette modification attend
held-text = Votre dernière connexion semblait inhabituelle. Pendant encore { $hours -> 
    [one] une heure
   *[other] { $hours } heures
}, personne ne peut changer votre façon de vous connecter, vos coordonnées ni vos adresses de livraison.
held-faster = Vous n'avez pas à attendre si vous faites l'une de ces choses :
held-mail = Ouvrez notre message au sujet de cette connexion et dites-y que c'était vous.
held-browser = Connectez-vous avec un navigateur que vous avez déjà utilisé ici.
held-factor = Connectez-vous avec une clé d'accès ou votre application d'authentification, si vous en avez une.
held-why = Un voleur qui a trouvé votre mot de passe changerait d'abord votre adresse. C'est le temps qu'il vous faut pour le remarquer.
held-back = Vers mon compte
not-me-used-title = Ce lien a fait son travail
not-me-used-text = Il a déjà servi, ou un autre lien semblable. Si vous n'avez pas encore remplacé votre mot de passe, faites-le maintenant.
not-me-expired-title = Ce lien n'est plus valable
not-me-expired-text = Il est trop ancien, ou incomplet. Vous pouvez toujours vous connecter et changer votre mot de passe, ou récupérer votre compte.
not-me-recover = Récupérer mon compte
not-me-code-title = Vous n'avez pas demandé ce code ?
not-me-code-text = Quelqu'un a saisi votre adresse pour récupérer votre compte. Sans le code, personne n'entre. Un clic met fin à ce qui a été commencé.
not-me-code-submit = Ce n'était pas moi : y mettre fin
not-me-stopped-title = C'est terminé
not-me-stopped-text = Le code ne sert plus à rien. Si vous pensez que quelqu'un lit vos messages, connectez-vous, choisissez une autre adresse et sécurisez-y votre compte.

# Mail
mail-phrase = Votre phrase : { $phrase }
mail-foot = --
    { $brand }. Ce message vient-il de nous ? Tapez son code { $code } sur { $link }
mail-code-link = Ou ouvrez cette page dans le même navigateur, et appuyez sur le bouton : { $link }
mail-not-me = Si ce n'était pas vous, appuyez sur le bouton de cette page. Cela marche sans se connecter : { $link }
mail-new-device-subject = Nouvelle connexion à votre compte
mail-new-device-text = Quelqu'un s'est connecté à votre compte depuis un navigateur que nous n'avions jamais vu.

    Si c'était vous, il n'y a rien à faire.
mail-password-changed-subject = Votre mot de passe a été changé
mail-password-changed-text = Le mot de passe de votre compte a été changé. Toutes les sessions ont été fermées.
mail-password-breached-subject = Des criminels connaissent votre mot de passe
mail-password-breached-text = Le mot de passe de votre compte chez { $brand } figure sur une liste issue d'une fuite de données. La fuite n'a pas forcément eu lieu ici : beaucoup de gens utilisent le même mot de passe à plusieurs endroits.

    Choisissez-en un nouveau, et faites de même partout où vous l'utilisez : { $link }
mail-locked-subject = Votre compte a été bloqué
mail-locked-text = Votre compte a été bloqué par l'équipe de la boutique. Contactez la boutique pour le faire rouvrir.
mail-authenticator-added-subject = Un nouveau moyen de connexion a été ajouté
mail-authenticator-added-text = Un nouveau moyen de connexion a été ajouté à votre compte : une application d'authentification, une clé d'accès (passkey), une clé de sécurité, ou des codes par message. Vous pouvez le voir ici : { $link }
mail-authenticator-removed-subject = Un moyen de connexion a été retiré
mail-authenticator-removed-text = Un moyen de connexion a été retiré de votre compte : une application d'authentification, une clé d'accès (passkey), une clé de sécurité, ou des codes par message. Vous pouvez voir ce qui reste ici : { $link }
mail-recovery-code-used-subject = Un code de récupération a été utilisé
mail-recovery-code-used-text = Quelqu'un s'est connecté à votre compte avec votre mot de passe et l'un de vos codes de récupération. Chacun sert une seule fois.
mail-passkey-cloned-subject = Une clé de sécurité a été refusée
mail-passkey-cloned-text = Quelqu'un a essayé de se connecter à votre compte avec l'une de vos clés, qui a peut-être été copiée. Elle a été refusée.

    Retirez cette clé et ajoutez-en une autre : { $link }
mail-few-recovery-codes-subject = Il vous reste peu de codes de récupération
mail-few-recovery-codes-text = Quelqu'un s'est connecté à votre compte avec votre mot de passe et l'un de vos codes de récupération. Il vous en reste peu : obtenez-en de nouveaux sur { $link }
mail-already-joined-subject = Vous avez déjà un compte
mail-already-joined-text = Quelqu'un, peut-être vous, a voulu créer un compte chez { $brand } avec cette adresse. Il en existe déjà un, et rien n'a été changé.

    Si c'était vous, connectez-vous ici ; vous pouvez aussi y choisir un nouveau mot de passe : { $link }
mail-welcome-subject = Bienvenue chez { $brand }
mail-welcome-text = Votre compte est prêt. Vous y trouvez vos moyens de connexion, vos sessions ouvertes, et tous les messages que nous vous avons envoyés : { $link }
mail-recovery-waits-subject = Quelqu'un est en train de récupérer votre compte
mail-recovery-waits-text = Quelqu'un, peut-être vous, est en train de récupérer votre compte chez { $brand }, avec peu de preuves. Dans { $hours } heures, cette personne pourra choisir de nouveaux moyens de connexion.

    Si c'est vous, il n'y a rien à faire. Si ce n'est pas vous, arrêtez cela maintenant ; un seul bouton suffit, et cela marche sans se connecter : { $link }
mail-recovery-ready-subject = Vous pouvez maintenant récupérer votre compte
mail-recovery-ready-text = L'attente est finie, et personne ne s'y est opposé. Continuez ici, dans la journée : { $link }
mail-recovered-subject = Votre compte a été récupéré
mail-recovered-text = Votre compte a été récupéré : il a un nouveau mot de passe, et ses anciens moyens de connexion ont été retirés. Toutes les sessions ont été fermées. Vous pouvez le voir ici : { $link }
mail-contact-undo-subject = Votre compte a été changé : { $what }
mail-contact-undo-text = Dans votre compte chez { $brand }, ceci a été changé : { $what }.

    Si c'était vous, il n'y a rien à faire. Si ce n'était pas vous, annulez le changement avec un seul bouton ; il marche pendant trois jours, sans se connecter, et remet aussi comme avant tout ce qui a été changé depuis : { $link }
mail-address-changed-subject = Vos adresses postales ont été changées
mail-address-changed-text = Dans votre compte chez { $brand }, une adresse postale a été ajoutée ou modifiée, ou une autre a été mise en premier. Vous pouvez le voir ici : { $link }
mail-contact-changed-subject = Cette adresse est maintenant celle de votre compte
mail-contact-changed-text = Désormais, les e-mails de votre compte chez { $brand } arrivent à cette adresse. Vous pouvez le voir ici : { $link }
mail-restored-subject = Votre compte est comme avant
mail-restored-text = Un changement de votre adresse a été annulé, avec tout ce qui a été changé depuis. Toutes les sessions ont été fermées. Rien ne peut être changé pendant un jour.

    Connectez-vous sur le site de la boutique et choisissez un nouveau mot de passe : quelqu'un d'autre connaît peut-être l'ancien.
mail-erasure-asked-subject = Votre compte sera effacé
mail-erasure-asked-text = Comme vous l'avez demandé, votre compte chez { $brand } et tout ce qu'il contient seront effacés dans { $days } jours, et toutes les sessions ont été fermées. D'ici là, vous pouvez le garder : connectez-vous sur { $link }

    Si ce n'était pas vous, connectez-vous, gardez votre compte, et changez votre mot de passe.
mail-kept-subject = Vous gardez votre compte
mail-kept-text = Votre compte ne sera pas effacé. Vous pouvez le voir ici : { $link }
mail-erased-subject = Votre compte a été effacé
mail-erased-text = Votre compte chez { $brand } a été effacé, avec tout ce qu'il contenait. Les sauvegardes qui gardent encore une copie de sa clé disparaissent après 30 jours ; sans la clé, rien ne peut être lu.

    Voici le reçu, signé par nous. Gardez-le si vous voulez pouvoir prouver la date :

    { $receipt }

    C'est le dernier e-mail que vous recevez de nous.
mail-secured-subject = Votre compte est protégé
mail-secured-text = Comme vous nous avez dit que ce n'était pas vous, toutes les sessions ont été fermées, votre mot de passe doit être remplacé avant de pouvoir ouvrir quoi que ce soit, et vos adresses ne peuvent pas être changées pendant un jour.

    Connectez-vous ou récupérez votre compte sur le site de la boutique, et choisissez un nouveau mot de passe.
mail-code-signin-subject = Votre code pour vous connecter
mail-code-signin-text = Votre code est { $code }. Il est valable dix minutes, pour vous connecter à votre compte chez { $brand }, et pour rien d'autre.

    Tapez-le seulement sur la page où vous l'avez demandé. Personne de la boutique ne vous le demandera jamais, ni par téléphone ni autrement. Si vous ne l'avez pas demandé, quelqu'un connaît votre mot de passe : changez-le.
mail-code-purchase-subject = Votre code pour confirmer un achat
mail-code-purchase-text = Votre code est { $code }. Il confirme un achat de { $amount } chez { $shop }, et rien d'autre. Il est valable dix minutes.

    Tapez-le seulement sur la page où vous achetez. Personne de la boutique ne vous le demandera jamais, ni par téléphone ni autrement. Si vous n'achetez pas cela, quelqu'un connaît votre mot de passe : changez-le.
mail-code-password-subject = Votre code pour choisir un nouveau mot de passe
mail-code-password-text = Votre code est { $code }. Il est valable dix minutes, pour choisir un nouveau mot de passe pour votre compte chez { $brand }, et pour rien d'autre.

    Tapez-le seulement sur la page où vous l'avez demandé. Personne de la boutique ne vous le demandera jamais, ni par téléphone ni autrement.
mail-code-signup-subject = Votre code pour créer un compte
mail-code-signup-text = Votre code est { $code }. Il est valable dix minutes, pour créer un compte chez { $brand } avec cette adresse.

    Tapez-le seulement sur la page où vous l'avez demandé. Si vous ne l'avez pas demandé, il n'y a rien à faire : sans le code, personne ne peut utiliser votre adresse.
mail-code-address-subject = Votre code pour confirmer cette adresse
mail-code-address-text = Votre code est { $code }. Il est valable dix minutes, pour ajouter cette adresse à un compte chez { $brand }.

    Tapez-le seulement sur la page où vous l'avez demandé. Si vous ne l'avez pas demandé, il n'y a rien à faire.
mail-code-recovery-subject = Votre code pour récupérer votre compte
mail-code-recovery-text = Votre code est { $code }. Il est valable dix minutes, pour récupérer votre compte chez { $brand }, et pour rien d'autre.

    Tapez-le seulement sur la page où vous l'avez demandé. Personne de la boutique ne vous le demandera jamais, ni par téléphone ni autrement.
sms-notice-text = { $brand } : un moyen de connexion a été ajouté à votre compte ou retiré. Si ce n'était pas vous, contactez vite la boutique. ({ $message })
sms-code-text = { $brand } : votre code est { $code }. Personne ne vous le demandera jamais. ({ $message })
sms-caller-text = { $brand } : { $code } montre à l'assistance que c'est vous qui appelez. { $purpose } Si l'on vous a appelé, ne le dites à personne. ({ $message })
sms-purchase-text = { $brand } : { $code } confirme { $amount } chez { $shop }. Ce n'est pas vous ? Ne le tapez nulle part. Personne ne vous le demandera jamais. ({ $message })

# Safety: check-up, cards, phrase, quiz, theft, reports
account-frozen = Votre compte reste figé encore { $hours ->
    [one] une heure
   *[other] { $hours } heures
  } : les adresses ne peuvent pas être changées, et les boutiques le savent.
checkup-title = Bilan de sécurité
checkup-points = { $score } points sur 100
checkup-verdict-best = Votre compte est aussi sûr qu'un compte peut l'être.
checkup-verdict-good = Bien protégé. Il reste peu de choses à faire.
checkup-verdict-fair = Mieux que la plupart. La première ligne ci-dessous aide le plus.
checkup-verdict-poor = Toute personne qui obtient votre mot de passe peut entrer. La première ligne ci-dessous change cela.
checkup-well = Fait
checkup-back = Retour au bilan
checkup-note = Les points mesurent une protection réelle : ce que personne ne peut vous soutirer par ruse compte le plus. Les codes par message n'en apportent pas.
checkup-password-title = Un mot de passe qui n'est pas sur les listes des criminels
checkup-password-why = Le vôtre est connu, ou vous nous avez dit que quelqu'un d'autre est entré.
checkup-password-do = Remplacer le mot de passe
checkup-passkey-title = Une clé d'accès (passkey) ou une clé de sécurité
checkup-passkey-why = Personne ne peut vous la soutirer par ruse, et une page copiée n'obtient rien.
checkup-passkey-do = Ajouter une clé d'accès
checkup-second-factor-title = Une deuxième étape que vous tenez dans la main
checkup-second-factor-why = Alors, un mot de passe volé n'ouvre rien à lui seul.
checkup-second-factor-do = Ajouter une application ou une clé
checkup-recovery-codes-title = Des codes de récupération en lieu sûr
checkup-recovery-codes-why = Avec eux, vous entrez de nouveau tout de suite si vous perdez votre téléphone.
checkup-recovery-codes-do = Obtenir des codes de récupération
checkup-second-mailbox-title = Une deuxième boîte mail
checkup-second-mailbox-why = Vous apprenez ce qui arrive à votre compte, même si quelqu'un s'empare de la première.
checkup-second-mailbox-do = Ajouter une boîte mail
checkup-devices-title = Seuls vos propres navigateurs ont une session ouverte
checkup-devices-why = { $count ->
    [one] Un navigateur a une session ouverte.
   *[other] { $count } navigateurs ont une session ouverte.
  } Sont-ils tous à vous ?
checkup-devices-do = Ils sont tous à moi
checkup-devices-look = Les voir
checkup-old-shops-title = Seules les boutiques que vous utilisez voient vos données
checkup-old-shops-why = Il y a une boutique que vous n'avez pas utilisée depuis un an.
checkup-old-shops-do = Délier les anciennes boutiques
checkup-phrase-title = Une phrase connue de vous et de nous, et de personne d'autre
checkup-phrase-why = Elle figure dans chacun de nos e-mails. Un e-mail sans elle ne vient pas de nous.
checkup-phrase-do = Choisir une phrase
card-breached-title = Finissez-en avec les mots de passe sur des listes
card-breached-text = Votre ancien mot de passe était sur une liste que des criminels utilisent. Une clé d'accès (passkey) ne peut pas fuiter : ajoutez-en une, et aucune liste ne compte plus.
card-breached-do = Ajouter une clé d'accès
card-recovered-title = Gagnez du temps à la prochaine récupération
card-recovered-text = Avec des codes de récupération dans un tiroir, vous entrez de nouveau en une minute, et personne d'autre ne le peut.
card-recovered-do = Obtenir des codes de récupération
card-phished-title = Quelqu'un cherche à vous tromper
card-phished-text = Merci de nous l'avoir dit. Ces messages mènent à des pages copiées. Une clé d'accès (passkey) ne marche que sur la vraie page.
card-phished-do = Ajouter une clé d'accès
card-new-address-title = Une nouvelle adresse a été ajoutée
card-new-address-text = Était-ce vous ? Sinon, regardez-la maintenant, et protégez votre compte.
card-new-address-do = Voir mes adresses
card-new-payee-title = Avez-vous payé quelqu'un de nouveau ?
card-new-payee-text = Vous avez confirmé un achat auprès de quelqu'un que vous n'aviez jamais payé. Si ce n'était pas vous, ou si on vous l'a demandé, vérifiez maintenant.
card-new-payee-do = Voir ce qui s'est passé
card-checkup-title = Deux minutes pour votre sécurité
card-checkup-text = Voyez si votre compte est bien protégé, et corrigez ce qui manque, avec un bouton pour chaque point.
card-checkup-do = Commencer le bilan
phrase-title = Votre phrase
phrase-lead = Chacun de nos e-mails la portera. Un e-mail sans elle ne vient pas de nous.
phrase-label = Phrase
phrase-other = En choisir une autre
phrase-current = Votre phrase est :
phrase-save = Utiliser cette phrase
phrase-saved = C'est enregistré. Désormais, nos e-mails la portent.
phrase-removed = C'est retiré. Nos e-mails ne portent plus de phrase.
phrase-remove = Ne pas utiliser de phrase
phrase-wrong = Une phrase a de 4 à 60 caractères.
phrase-note = Nous ne l'affichons nulle part avant votre connexion, et personne ne vous la demandera jamais. Ce n'est pas un mot de passe : même si un e-mail la porte, ne donnez pas de code pour autant.
quiz-link = Reconnaîtriez-vous un faux message ?
quiz-title = Vrai ou modifié ?
quiz-lead = Six messages à notre nom. Certains sont tels que nous les envoyons, d'autres ont été modifiés par quelqu'un qui veut obtenir quelque chose de vous. Cela prend environ une minute et demie.
quiz-message = Message { $number }
quiz-genuine = Vrai
quiz-altered = Modifié
quiz-submit = Voir les réponses
quiz-missing = Donnez d'abord votre avis sur chaque message.
quiz-result = { $right } sur 6 étaient justes.
quiz-right = Juste.
quiz-wrong = Pas tout à fait.
quiz-passkey = En sécurité même si vous vous trompez : ajouter une clé d'accès
quiz-again = Six autres messages
quiz-lure-look-alike = Veuillez confirmer dans la journée que c'était bien vous.
quiz-lure-call-us = Pour le faire rouvrir tout de suite, appelez le +1 900 555 0123 et préparez votre carte.
quiz-lure-send-code = Pour arrêter le paiement, répondez à cet e-mail avec le code.
quiz-lure-hurry = Si vous n'agissez pas dans les 24 heures, votre compte et toutes vos commandes seront supprimés.
quiz-why-genuine = Il est de nous : ses liens mènent à { $host }, et il ne demande rien.
quiz-why-look-alike = Les liens mènent à { $foreign }, qui ressemble seulement à notre adresse.
quiz-why-call-us = Nous ne donnons jamais de numéro à appeler, et nous ne demandons jamais de carte.
quiz-why-send-code = Un code se tape sur notre page et nulle part ailleurs. Personne de chez nous ne le demande.
quiz-why-hurry = Il menace, et il vous presse d'aller sur { $foreign }, qui n'est pas à nous.
theft-title = Quelqu'un a utilisé mon compte
theft-lead = Suivez les étapes dans cet ordre. Chacune prend une minute.
theft-secure-title = Fermez-lui la porte
theft-secure-text = Toutes les sessions sont fermées, votre mot de passe est inutile jusqu'à ce que vous le remplaciez, et les adresses sont figées pour un jour. Votre session est fermée aussi, et vous choisissez un nouveau mot de passe.
theft-look-title = Voyez ce qui a été changé
theft-look-text = Annulez ce qui ne vient pas de vous :
theft-keep-title = Gardez ce qui a été vu
theft-keep-text = Une archive avec tout ce qui s'est passé dans votre compte : quand, depuis quelle adresse, avec quel navigateur. La police et les banques la demandent.
theft-days = Sur combien de temps ?
theft-days-option = { $days ->
    [one] Le dernier jour
   *[other] Les { $days } derniers jours
  }
theft-download = Télécharger le rapport
theft-tell-title = Portez plainte
theft-tell-text = Donnez le numéro du rapport. Où vous adresser :
theft-bank-title = Prévenez votre banque
theft-bank-text = Si quelque chose a été acheté, demandez que le paiement soit arrêté ou remboursé. Si quelqu'un a peut-être votre nom et votre date de naissance, demandez à un organisme de crédit de bloquer ou de signaler votre dossier.
theft-elsewhere-title = Regardez aussi ailleurs
theft-elsewhere-text = Si vous utilisez le même mot de passe ailleurs, changez-le là aussi. Commencez par votre boîte mail : quelqu'un qui la lit peut entrer partout.
theft-report-title = Rapport { $case }
theft-report-text = Ce qui a été vu dans le compte, le plus récent d'abord. Les heures sont en UTC.
theft-report-shop = Boutique
theft-report-subject = Compte
theft-report-made = Établi
theft-report-when = Quand
theft-report-what = Quoi
theft-report-where = D'où
safety-title = Restez en sécurité
safety-lead = Ce que devrait savoir toute personne qui reçoit des messages au nom de { $brand }.
safety-never-title = Ce que nous ne faisons jamais
safety-never-password = demander votre mot de passe, par e-mail, SMS ou téléphone
safety-never-code = vous demander de dire, d'envoyer ou de transférer un code
safety-never-gift-card = demander un paiement en cartes cadeaux, ou demander d'en lire les numéros
safety-never-move = vous demander de déplacer de l'argent, ou d'installer un programme
safety-address-title = Une seule adresse
safety-address-text = Vous vous connectez sur { $host } et nulle part ailleurs. Une clé d'accès (passkey) le vérifie pour vous.
safety-doubt-title = En cas de doute
safety-doubt-text = Chacun de nos messages porte un code. Tapez-le, ou collez le message entier : nous vous disons s'il est de nous.
safety-in-title = Quelqu'un est dans votre compte ?
safety-in-text = Le lien « ce n'était pas moi » dans n'importe lequel de nos messages lui ferme la porte avec un seul bouton. Si vous n'en avez pas sous la main, allez ici :
safety-best-title = Ce qui aide le plus
safety-best-text = Une clé d'accès (passkey). Une page copiée n'en obtient rien, et vous n'avez rien à retenir.
report-title = Signaler une arnaque
report-lead = Parlez-nous d'un message, d'une page ou d'un appel qui utilise notre nom. Nous lisons chaque signalement, et nous avertissons les autres.
report-kind = Qu'est-ce que c'était ?
report-kind-message = Un e-mail ou un SMS
report-kind-site = Une page sur le web
report-kind-call = Un appel téléphonique
report-kind-other = Autre chose
report-text = Que s'est-il passé ? Collez le message, l'adresse ou le numéro.
report-send = Envoyer le signalement
report-missing = Choisissez ce que c'était, et dites-nous ce qui s'est passé.
report-thanks = Merci. Nous avons bien reçu votre signalement.
report-after = Si vous avez donné un mot de passe ou un code, changez le mot de passe maintenant. Si vous avez payé, appelez votre banque.
activity-devices-reviewed = Vous avez passé en revue les navigateurs avec une session ouverte
activity-phrase-chosen = Vous avez choisi ou retiré votre phrase
activity-theft-report-made = Vous avez téléchargé un rapport pour la police et la banque
activity-scam-reported = Vous avez signalé une arnaque

# Later
privacy-staff = Votre compte fait partie du personnel de la boutique. Demandez d'abord à un propriétaire de vous en retirer.
privacy-frozen = Une adresse ou un numéro de votre compte a changé récemment, ou le compte est figé. Pour votre sécurité, il peut être effacé trois jours après un tel changement.
account-leaving = Votre compte sera effacé.
account-leaving-link = Le garder
verify-said = Voici ce que nous avons dit, et rien d’autre :
brand-support = Aide
shops-receipt = Reçu
shops-receipt-label = Reçu de ce que vous avez accepté avec { $name }

upstream-with = Continuer avec { $provider }
upstream-title = Votre compte { $provider }
upstream-connect-lead = Reliez-le : désormais { $provider } vous connectera ici. Ne reliez qu'un compte qui vous appartient.
upstream-own = Votre compte ici
upstream-connect = Relier
upstream-not-now = Pas maintenant
upstream-unknown = { $provider } indique que vous êtes { $label }. Aucun compte n'y est encore relié ici.
upstream-have-account = J'ai un compte ici
upstream-have-account-hint = Connectez-vous une fois comme d'habitude. Nous vous demanderons ensuite s'il faut relier les deux.
upstream-join = Je suis nouveau ici
upstream-join-hint = Créez un compte qui s'ouvre avec { $provider }. Aucun mot de passe n'est nécessaire.
upstream-join-with = Se connecter désormais avec { $provider }
upstream-or = ou
upstream-join-with-hint = Vous pourrez ajouter une clé d'accès ou un mot de passe plus tard.
upstream-denied = L'autre service ne vous a pas connecté. Réessayez, ou connectez-vous ici.
upstream-unreachable = L'autre service ne répond pas pour le moment. Connectez-vous ici, ou réessayez dans une minute.
upstream-invalid = La réponse de l'autre service n'était pas valable et ne compte donc pas. Réessayez, ou connectez-vous ici.
upstream-not-fresh = Cette étape demande une nouvelle connexion, et l'autre service ne l'a pas confirmée. Connectez-vous ici d'une autre façon. Si vous n'en avez pas, « Vous n'arrivez pas à vous connecter ? » permet de définir un mot de passe.
upstream-taken = Ce compte est relié à un autre compte ici. Déliez-le d'abord de celui-là.
security-upstreams = Comptes d'ailleurs qui vous connectent
security-upstream-add = Relier { $provider }
security-upstream-remove = Délier
security-upstream-remove-label = Délier { $provider }
security-done-connected = Relié.
activity-upstream-connected = Vous avez relié un compte d'un autre service
activity-upstream-disconnected = Un compte d'un autre service a été délié

# Purchases
purchase-title = Vous confirmez un achat
purchase-at = Chez { $client }
purchase-payee = Payé à { $payee }
purchase-order = Commande { $order }
purchase-warning = Ce n'est pas ce que vous achetez ? Alors quittez cette page. Personne de la boutique ne vous demandera jamais de confirmer un achat à sa place, ni de lui lire un code.
pause-title = Avant d'acheter des cartes-cadeaux
pause-lead = { $client } nous indique que votre achat de { $amount } comprend des cartes-cadeaux. Prenez d'abord le temps de souffler.
pause-early = Encore un instant : vous pourrez continuer dans { $seconds ->
    [one] { $seconds } seconde
   *[other] { $seconds } secondes
  }.
pause-nobody = Aucune autorité, banque, entreprise ou boutique ne demande jamais à être payée en cartes-cadeaux. Quiconque le fait est un escroc.
pause-gone = Quiconque connaît le numéro de la carte a l'argent. Personne ne peut le récupérer pour vous.
pause-secret = Quelqu'un est-il au téléphone ou dans une discussion pendant que vous faites cela, ou vous a-t-on dit de vous dépêcher ou de vous taire ? Raccrochez, et demandez à quelqu'un de confiance.
pause-stop = Arrêter cet achat
pause-go-on = Personne ne me l'a demandé : continuer
pause-wait = Vous pourrez continuer après dix secondes. Rien n'est encore payé.
pause-report = Signaler une escroquerie

# Ce que fait l'assistance, tel que les clients l'apprennent.
activity-staff-note = { $name } de l'assistance : { $reason }
activity-staff-by = { $name } de l'assistance
activity-staff-caller-asked = L'assistance a demandé à une personne au téléphone de montrer que c'est vous
activity-staff-caller-checked = Il a été montré, ou non, que c'est vous qui appelez l'assistance
activity-staff-customer-revealed = L'assistance a vu vos coordonnées et votre profil en entier
activity-staff-customer-viewed = L'assistance a regardé vos pages telles que vous les voyez
activity-staff-customer-locked = L'assistance a bloqué votre compte
activity-staff-customer-unlocked = L'assistance a débloqué votre compte
activity-staff-sessions-ended = L'assistance vous a déconnecté partout
activity-staff-recovery-started = L'assistance vous a envoyé le moyen de récupérer votre compte
activity-staff-message-resent = L'assistance vous a renvoyé un message
activity-staff-case-asked = Une modification de votre compte a été demandée à l'assistance
activity-staff-case-approved = Une deuxième personne de l'assistance a approuvé une modification de votre compte
activity-staff-case-refused = L'assistance a refusé, ou retiré, une modification de votre compte
activity-staff-case-vetoed = Une modification demandée à l'assistance a été arrêtée depuis votre boîte mail
activity-staff-case-confirmed = La nouvelle boîte mail de votre compte a été confirmée
activity-staff-case-done = Une modification demandée à l'assistance a été faite
activity-staff-case-expired = Une modification demandée à l'assistance n'a pas été faite
activity-admin-joined = Vous avez rejoint le personnel
activity-admin-changed = Vos rôles ont été modifiés
activity-admin-removed = Vous ne faites plus partie du personnel
case-remove-factors = retirer tous les moyens de connexion autres que le mot de passe
case-remove-factor = retirer l'un des moyens de connexion
case-change-email = changer l'adresse e-mail
case-erase = supprimer le compte
case-requests-title = Ce qui a été demandé à l'assistance
case-requests-none = Rien n'attend. Ce qui a été décidé figure dans votre activité.
case-requests-item = Quelqu'un a demandé à { $name } de l'assistance de { $what } : « { $reason } »
case-link-stop-title = Arrêter ce qui a été demandé à l'assistance ?
case-link-stop-text = Quelqu'un qui a parlé avec l'assistance a demandé une modification de votre compte. Si ce n'était pas vous, arrêtez-la.
case-link-stop-submit = Ce n'était pas moi : arrêter
case-link-stopped-title = C'est arrêté
case-link-stopped-text = Rien n'a été modifié. L'assistance voit que vous avez dit non.
case-link-confirm-title = Utiliser cette boîte mail pour votre compte ?
case-link-confirm-text = Vous avez demandé à l'assistance d'en faire l'adresse e-mail de votre compte. Ne confirmez que si c'était vous.
case-link-confirm-submit = Oui, c'est ma boîte mail
case-link-confirmed-title = La boîte mail est confirmée
case-link-confirmed-text = Elle devient celle de votre compte dès que l'attente est finie. Vous en serez informé ici.
case-link-expired-title = Ce lien n'est plus valable
case-link-expired-text = Il a été utilisé, il est trop ancien, ou l'affaire est réglée.
call-title = Au téléphone avec l'assistance
call-lead = { $name } de l'assistance veut savoir si c'est vous qui appelez.
call-number-label = Le nombre à comparer
call-compare = Ne dites oui que si vous nous avez appelés et que l'on vous dit exactement ce nombre.
call-warning = Si quelqu'un vous a appelé, ce n'est pas nous. Dites non et raccrochez : nous ne demandons jamais de code ni de mot de passe.
call-purpose = Si vous dites oui, l'assistance pourra { $what }.
call-purpose-talk = Cela ne change rien : l'assistance parle seulement avec vous de votre compte.
call-code-purpose = Qui l'entend à l'assistance pourra alors { $what }.
call-yes = Oui, c'est moi qui appelle
call-no = Non, ce n'est pas moi
call-yes-done = Merci. L'assistance voit que c'est vous.
call-no-done = L'assistance voit que ce n'est pas vous qui appelez. Quelqu'un a voulu se faire passer pour vous : vérifiez comment votre compte est protégé.
call-nobody = Personne de l'assistance ne vous demande pour le moment. Laissez cette page ouverte et regardez de nouveau quand on vous le demande.
mail-viewed-subject = L'assistance a regardé votre compte
mail-viewed-text = Une personne de l'assistance de { $brand } a regardé les pages de votre compte telles que vous les voyez. Rien n'a été modifié. Vous trouverez qui et pourquoi dans votre activité : { $link }
mail-unlocked-subject = Votre compte a été débloqué
mail-unlocked-text = Votre compte chez { $brand } a été débloqué par l'équipe de la boutique. Vous pouvez de nouveau vous connecter : { $link }
mail-recovery-offered-subject = Comment retrouver votre compte
mail-recovery-offered-text = L'assistance de { $brand } vous envoie le moyen de récupérer votre compte. Ouvrez cette page et montrez ce que vous avez : { $link }

    Personne de l'assistance n'a besoin pour cela de votre mot de passe ni d'un code. Si vous ne l'avez pas demandé, il n'y a rien à faire.
mail-case-waits-subject = Une modification de votre compte a été demandée à l'assistance
mail-case-waits-text = Quelqu'un, peut-être vous, a demandé à l'assistance de { $brand } de { $what }. Ce sera fait dans { $hours } heures.

    Si c'était vous, il n'y a rien à faire. Sinon, arrêtez cela maintenant ; un seul clic suffit, sans connexion : { $link }
mail-case-confirm-subject = Confirmez cette boîte mail
mail-case-confirm-text = Il a été demandé à l'assistance de { $brand } d'en faire l'adresse e-mail d'un compte. Si c'est vous qui l'avez demandé, confirmez ici : { $link }

    Sinon, ne faites rien : alors rien ne se passe.
mail-code-caller-subject = Votre code pour le téléphone
mail-code-caller-text = Votre code est { $code }. Ne le lisez à voix haute que si vous avez vous-même appelé l'assistance de { $brand }, au numéro indiqué sur notre site. Il montre que c'est vous qui appelez, et n'ouvre rien.

    Si quelqu'un vous a appelé, ce n'est pas nous : ne dites le code à personne et raccrochez.
mail-signin-unusual-subject = Connexion inhabituelle à votre compte
mail-signin-unusual-text = Quelqu'un s'est connecté à votre compte d'une manière inhabituelle pour vous et a présenté tout ce que nous avons demandé.

    Si c'était vous, vous n'avez rien à faire.
mail-signin-stopped-subject = Nous avons empêché une connexion à votre compte
mail-signin-stopped-text = Quelqu'un a saisi votre bon mot de passe, mais d'une manière si inhabituelle pour vous que nous l'avons empêché d'entrer.

    Si c'était vous, connectez-vous depuis un navigateur que vous avez déjà utilisé, ou récupérez votre compte. Si ce n'était pas vous, quelqu'un connaît votre mot de passe : choisissez-en un nouveau ici : { $link }
stopped-title = Nous n'avons pas pu être sûrs que c'est vous
stopped-lead = Le mot de passe était bon. Mais cette connexion ne ressemble à aucune des vôtres, et rien d'autre n'est enregistré que vous pourriez présenter ici. Nous l'avons donc empêchée.
stopped-known-device = Connectez-vous depuis un navigateur que vous avez déjà utilisé ici.
stopped-recovery = Ou récupérez votre compte : c'est un peu plus long, et possible de partout.
stopped-recover = Récupérer le compte
stopped-again = Réessayer
stopped-told = Nous avons prévenu le titulaire du compte par e-mail.
risk-reason-place = Un autre lieu que d'habitude
risk-reason-device = Un autre navigateur ou système que d'habitude
risk-reason-habit = La fréquence de vos connexions
risk-reason-known-device = Un navigateur que vous avez déjà utilisé
risk-reason-new-device = Un navigateur que nous n'avions jamais vu
risk-reason-travel = Un autre pays que peu avant
risk-reason-stuffing-address = Depuis une adresse qui essaie de nombreux comptes
risk-reason-stuffing-network = Depuis un réseau qui essaie de nombreux comptes
risk-reason-hosting = Depuis un centre de données
risk-reason-anonymiser = Par un service qui cache l'origine
risk-reason-program = Par un programme au lieu d'un navigateur
risk-reason-dormant = Après une longue période sans connexion
risk-reason-time = À une autre heure que d'habitude
activity-order-judged = Une boutique a demandé si l'une de vos commandes est inhabituelle
activity-order-outcome-told = Une boutique a indiqué ce qu'est devenue l'une de vos commandes

puzzle-working = Un instant. Nous vérifions que vous n'êtes pas un programme…
puzzle-progress = Progression
puzzle-wait = Beaucoup de programmes essaient ce formulaire en ce moment. Votre navigateur n'exécute pas de scripts ici : remplissez le formulaire, attendez { $seconds } secondes et envoyez-le.
puzzle-needed = Beaucoup de programmes essaient ce formulaire en ce moment. Envoyez-le encore une fois : votre navigateur montre entre-temps que vous n'en êtes pas un.
puzzle-early = Merci d'attendre. Encore { $seconds } secondes, puis envoyez-le à nouveau.
contact-refused-disposable = Ce type de boîte aux lettres est jetable. Utilisez-en une qui reste la vôtre.
