# Sign-in
signin-title = Sign in
signin-lead = to continue to { $client }
signin-lead-plain = to your account
signin-email = E-mail
signin-password = Password
signin-remember = Keep me signed in on this device
signin-submit = Sign in
signin-back = Back to { $client }
signin-refused = That e-mail and password don't match. Check both and try again.
signin-throttled = Too many tries. Wait { $minutes ->
    [one] a minute
   *[other] { $minutes } minutes
  } and try again.
signin-busy = We are very busy right now. Please try again in a few seconds.
signin-missing = Enter your e-mail and your password.
signin-too-long = That password is too long. Passwords have at most 128 characters.
signin-again = For your safety, please sign in again.
signin-expired-title = This sign-in has expired
signin-expired-text = It was open for too long. Nothing is lost: start again, and you will be taken back to where you were.
signin-elsewhere-title = This sign-in belongs to another browser
signin-elsewhere-text = The link was opened in a browser that did not start it. Start again from the shop.
signin-unmet-title = Stronger sign-in needed
signin-show-problem = There is a problem

# Second factor
totp-title = Enter your code
totp-lead = Open your authenticator app and type the six digits that it shows for this account.
totp-code = Code
totp-submit = Continue
totp-malformed = A code has six digits. Type the one that your app shows now.
totp-wrong = That code is not the current one. Wait for the next one, and check that the clock of your phone sets itself.
totp-used = That code was used already. Wait for the next one.

totp-instead = Use the code of an authenticator app
recovery-code-title = Enter a recovery code
recovery-code-lead = Type one of the codes that you saved. Each works once.
recovery-code-code = Recovery code
recovery-code-instead = Use a recovery code
recovery-code-malformed = A recovery code has ten letters and digits, such as 4k7xp-0w2ed.
recovery-code-wrong = That is not one of your recovery codes. Check it, or try another one.
recovery-code-used = That recovery code was used already. Try another one.
email-code-title = Check your e-mail
email-code-lead = We can send a code to { $target }.
email-code-sent = A code is on its way to { $target }. It is good for ten minutes.
email-code-code = Code
email-code-instead = Have a code sent by e-mail
email-code-malformed = A code has six digits.
email-code-wrong = That is not the code. Check it, or have another one sent.
email-code-used = That code is no longer good. Have another one sent.
sms-code-title = Check your phone
sms-code-lead = We can send a code by text message to your number that ends in { $target }.
sms-code-sent = A code is on its way to your number that ends in { $target }. It is good for ten minutes.
sms-code-code = Code
sms-code-instead = Have a code sent by text message
sms-code-malformed = A code has six digits.
sms-code-wrong = That is not the code. Check it, or have another one sent.
sms-code-used = That code is no longer good. Have another one sent.
challenge-send = Send me a code
challenge-send-again = Send another code
challenge-trust = Do not ask again on this device for { $days ->
    [one] a day
   *[other] { $days } days
  }
challenge-other = Can't get at it?

# Passkeys
passkey-signin = Sign in with a passkey
passkey-title = Use your passkey
passkey-lead = Use the device, phone or security key that you added to this account.
passkey-use = Continue
passkey-instead = Use a passkey or security key
passkey-without = Your browser cannot use passkeys here. Turn on JavaScript, or take another way.
passkey-failed = Nothing was used. Try again, or sign in another way.
passkey-expired = That took too long. Please try again.
passkey-unknown = We do not know that passkey. It may have been removed from your account.
passkey-unverified = Your key did not check that it is you. Set a PIN or a fingerprint on it, or sign in with your password.
passkey-cloned = This key was refused, because there may be a copy of it. Sign in another way and replace it.
passkey-refused = That passkey was refused. Try again, or sign in another way.

# Choose account
choose-title = Choose an account
choose-lead = to continue to { $client }
choose-continue = Continue as { $name }
choose-other = Use another account

# Consent
consent-title = { $client } asks for access
consent-lead = You are signed in as { $name }. If you allow it, { $client } will be able to see:
consent-scope-openid = that it is you, by an identifier made for it
consent-scope-profile = your profile: name, language and the like
consent-scope-email = your e-mail address
consent-scope-address = your postal address
consent-scope-phone = your telephone number
consent-scope-offline_access = this data also while you are away
consent-scope-order_facts = to note the numbers of your orders here, so that you can name one if you lose your account
activity-order-fact-told = A shop noted an order of yours
consent-scope-other = access to “{ $scope }”
consent-allow = Allow
consent-deny = Don't allow
consent-policy = Privacy policy
consent-terms = Terms of service

# Continue by form post
post-title = One moment
post-text = You are being taken back to { $client }.
post-submit = Continue

# Sign-out
signout-title = Sign out?
signout-text = { $client } asks to sign you out. Do you want to sign out?
signout-text-plain = Do you want to sign out of your account on this device?
signout-submit = Sign out
signout-stay = Stay signed in
signed-out-title = You are signed out
signed-out-text = You have been signed out on this device. Shops that you used may keep you signed in for a while; sign out there too if others use this device.
signed-out-again = Sign in again

# Account
account-title = Your account
account-who = You are signed in
account-name = Name
account-email = E-mail
account-since = Signed in
account-how = How
account-how-password = with your password
account-how-second-factor = with your password and a code
account-signout = Sign out
account-minutes-ago = { $minutes ->
    [0] just now
    [one] a minute ago
   *[other] { $minutes } minutes ago
  }
account-recovering = Somebody is recovering your account with weak proofs. If it is not you, stop it now.
account-not-verified = not verified
account-verified = verified
account-safety-title = Stay safe
account-safety-text = We never ask for your password by e-mail or telephone. Before you type it, check that the address bar shows { $host }.

# Security
security-title = Sign-in and security
security-lead = How you prove that it is you.
security-keys = Passkeys and security keys
security-no-keys = You have none yet. A passkey signs you in with your fingerprint, your face or the PIN of your device. Nobody can trick you out of it.
security-keys-without = Your browser cannot use passkeys here, or JavaScript is off.
security-add-passkey = Add a passkey
security-add-key = Add a security key
security-key-whole = Signs you in by itself
security-key-second = Beside your password
passkey-default-name = Passkey
key-default-name = Security key
key-failed = Nothing was added. Try again when you are ready.
key-taken = This key is already in use for an account here.
key-model = This model of key is not accepted here. Ask the shop which ones are.
key-unverified = This key does not check who uses it. Set a PIN or a fingerprint on it, and try again.
key-refused = That did not work. Nothing was added; try again.
security-apps = Authenticator apps
security-no-apps = You have none yet. With an app on your phone, your password alone opens nothing.
security-name = Name of the app or phone
security-name-example = My phone
security-add-app = Add an authenticator app
security-remove = Remove
security-remove-label = Remove { $name }
security-used = { $days ->
    [0] Used today
    [one] Used yesterday
   *[other] Used { $days } days ago
  }
security-added = { $days ->
    [0] Added today
    [one] Added yesterday
   *[other] Added { $days } days ago
  }
security-channels = Codes by e-mail or text message
security-channels-weak = The weaker way: others can read or redirect such messages. A passkey or an app protects you better.
security-email-codes = Codes by e-mail
security-sms-codes = Codes by text message
security-channel-on = On: you are asked for one when you sign in
security-channel-off = Off
security-channel-start = Turn on
security-channel-stop = Turn off
security-unproven = Your address or number has not been proven yet.
security-throttled = Too many messages. Wait a minute and try again.
security-level = Let nobody in without
security-level-usual = what I have added, except on devices that I trust
security-level-second = a second step each time, on every device
security-level-strong = a passkey or security key each time (an app or a recovery code is then not enough)
security-level-set = Save
security-done-chosen = Saved.
security-needed = This is needed: without it, you could not sign in any longer. Add another one first.
security-devices = Devices that are not asked for a second step
security-device-remove = Ask again
security-device-remove-label = Ask again on { $name }
security-codes = Recovery codes
security-codes-left = { $left ->
    [0] You have used all of your codes.
    [one] You have one code left.
   *[other] You have { $left } codes left.
  }
security-codes-get = Get recovery codes
security-codes-again = Get new codes (the old ones stop working)
codes-title = Your recovery codes
codes-why = One more thing: if you lose your phone or your key, these codes let you in. Without them you could lose your account.
codes-lead = Each works once, when you cannot use your app or your key. They are shown only now.
codes-keep = Print this page, or copy them to a safe place away from your phone. Whoever has one and your password gets in.
codes-saved = I have saved them
codes-go-on = Continue
security-back = Back to your account
security-done-added = Added. From now on you are asked for it when you sign in.
security-done-saved = Your recovery codes are set.
security-done-removed = Removed.
security-full = You have as many as one account can have. Remove one first.
security-link = Sign-in and security
account-offer = Sign in faster next time: with a passkey your fingerprint, your face or a PIN is enough.
account-offer-link = Add a passkey
account-soon = { $days ->
    [one] From tomorrow
   *[other] In { $days } days
  } this account needs a second way to prove that it is you.
offer-title = Sign in faster next time
offer-lead = With a passkey on this device your fingerprint, your face or its PIN signs you in. Nothing to remember, and nobody can trick you out of it.
offer-soon = { $days ->
    [one] From tomorrow
   *[other] In { $days } days
  } this account needs a second way to prove that it is you. Add a passkey now, and be done with it.
offer-not-now = Not now
offer-other = Other ways to prove that it is you
enrol-title = One more step
enrol-lead = { $client } asks for a second way to prove that it is you. Add one now; it takes a minute.
enrol-lead-plain = This account needs a second way to prove that it is you. Add one now; it takes a minute.
enrol-totp-title = Add an authenticator app
enrol-totp-scan = Scan this with your authenticator app.
enrol-totp-qr = QR code for your authenticator app
enrol-totp-by-hand = Type a key by hand instead
enrol-totp-type = Type the six digits that the app shows now.
enrol-totp-submit = Add the app
enrol-sign-out-elsewhere = Sign me out everywhere else
enrol-cancel = Cancel

# Brands
brand-support = Help

# Errors
error-title = Something is not right
error-help = If you came from a shop, go back to it and try again. If this goes on, tell the shop this reference:
error-back = Back to { $client }
error-home = To your account
error-not-found-title = There is nothing here
error-not-found-text = The address may be mistyped, or the page may have moved.
error-forbidden-title = This request was refused
error-forbidden-text = The page was open for too long, or the request came from another site. Go back, reload the page and try again.
error-unavailable-title = We will be right back
error-unavailable-text = Part of the service does not answer at the moment. Nothing is lost: please try again in a minute.
error-internal-title = That was our mistake
error-internal-text = Something went wrong on our side. Please try again.
error-request-title = This request cannot be answered
error-redirect-uri-title = Unregistered redirect_uri
error-redirect-uri-text = The shop asked us to send you to an address that it has not registered. You were not sent there.
error-redirect-uri-missing-title = Missing redirect_uri
error-redirect-uri-missing-text = The shop did not say where to send you afterwards.
error-client-title = Unknown client
error-client-text = The shop that sent you here is not known to us.
error-logout-uri-title = Unregistered post_logout_redirect_uri
error-logout-uri-text = The shop asked us to send you to an address that it has not registered. You were not sent there.
error-hint-title = The id_token_hint was refused
error-hint-text = The shop sent a token that we did not issue to it.
error-answered-title = You have already continued
error-answered-text = This page was already used to go back to the shop.

# Passwords
password-new = New password
password-save = Save the password
password-hint = At least { $least } characters. A few words that do not belong together are easy to remember and hard to guess. You can paste from a password manager.
password-change-title = Change your password
password-change-lead = You will be signed out everywhere else.
password-set-title = Set a password
password-set-lead = You have none yet. With one, you can sign in where your passkey is not at hand.
password-done = Your password is changed. You are signed out everywhere else.
password-empty = Type a new password.
password-too-short = That is too short. Use at least { $least } characters.
password-letters-digits = Use both letters and digits.
password-breached = That password is known from a data breach: criminals have it on their lists. Choose another one.
password-context = That is mostly your own name or the name of the shop. Choose something else.
password-used-before = You have used that password before. Choose another one.
password-guessable = That password is easy to guess.
password-grade-0 = Very easy to guess.
password-grade-1 = Easy to guess.
password-grade-2 = Good enough.
password-grade-3 = Strong.
password-grade-4 = Very strong.
password-weak-keys = Neighbouring keys are among the first things that are tried.
password-weak-repeats = Repeated characters or words add little.
password-weak-common = It is close to one that many people use.
password-weak-sequences = Sequences such as abc or 6543 add little.
password-weak-dates = Years and dates are easy to guess.
password-weak-word = A single word is easy to guess.
password-weak-names = Names are easy to guess.
password-advice-words = Add another word or two that do not belong together.
password-advice-capitals = Capital letters do not help much; more words do.
password-advice-tricks = Writing backwards or putting digits for letters does not help much; more words do.
password-advice-patterns = Avoid repetitions and patterns; add words instead.
password-advice-dates = Leave out years and dates; add words instead.
replace-title = Choose a new password
replace-lead = Your password may be known to others: it was found in a data breach, or you told us that somebody else got in. Replace it, and go on.
replace-lead-staff = Accounts of the staff follow stricter rules for passwords. Choose one that meets them, and that you use nowhere else.
security-password = Password
security-password-change = Change password
security-password-set = Set a password

# Joining
signin-forgot = Can't sign in?
signin-new = New here?
signin-join = Create an account
join-title = Create an account
join-lead-plain = It takes a minute.
join-send = Send me a code
join-have = You have an account?
join-code-lead = We have sent a code to { $email }. Type it here. If nothing comes, look into the folder for unwanted mail.
join-code-proven = for { $email }
join-other = Use another address
join-email-wrong = That is not an e-mail address. Check it.
join-email-blocked = Addresses of this provider cannot be used here. Please use another one.
join-details-lead = Your address is proven. Who are you?
join-name = Name
join-birth-date = Date of birth
join-optional = (need not be given)
join-terms = I accept the
join-name-missing = Type your name, with at most 100 characters.
join-terms-missing = Accept the terms to go on.
join-birth-date-wrong = Type your date of birth.
join-too-young = You are not old enough for an account here.
join-credential-title = How will you sign in?
join-credential-lead = With a passkey, your fingerprint, your face or the PIN of this device is enough: nothing to remember, and nobody can trick you out of it.
join-passkey = Create a passkey
join-or = or with a password
join-password = Create the account

# Sessions, shops, activity, messages
ago-minutes = { $count ->
    [0] just now
    [one] a minute ago
   *[other] { $count } minutes ago
  }
ago-hours = { $count ->
    [one] an hour ago
   *[other] { $count } hours ago
  }
ago-days = { $count ->
    [one] a day ago
   *[other] { $count } days ago
  }
sessions-title = Where you are signed in
sessions-lead = Is there anything that you do not know? Sign it out.
sessions-this = this one
sessions-unknown = Unknown device
sessions-begun = since { $when }
sessions-seen = used { $when }
sessions-end-label = Sign out on { $name }
sessions-end-others = Sign out everywhere else
sessions-not-me = Somebody else is in here: secure my account
shops-title = Connected shops
shops-lead = These shops can see data of yours.
shops-none = You share nothing with any shop.
shops-remove = Disconnect
shops-remove-label = Disconnect { $name }
shops-receipt = Receipt
shops-receipt-label = Receipt of what you agreed to with { $name }
shops-note = After that the shop has to ask you again. What it already knows, it keeps by its own rules.
activity-title = What happened
activity-lead = Everything that was done to your account, newest first.
activity-older = Older
activity-note = Is there anything that was not you? Secure your account:
activity-decision-judged = Our staff looked at a sign-in or an order of yours that was unusual
activity-change-held = A change was held up since the sign-in before it looked unusual
activity-signin-confirmed = You said that an unusual sign-in was your own
activity-signed-in = You signed in
activity-signin-advanced = The first step of a sign-in was passed
activity-signin-refused = A sign-in was refused
activity-challenge-refused = A second step was refused
activity-session-replaced = You were signed out, since somebody else signed in in the same browser
activity-session-ended = You signed out in another browser
activity-signed-out = You signed out
activity-code-sent = A code was sent to you
activity-code-not-sent = A code was asked for too often, and not sent
activity-device-trusted = You chose to trust a device
activity-device-distrusted = You trust a device no longer
activity-passkey-cloned = A key was refused, since there may be a copy of it
activity-address-checked = A shop had an address compared with those of your account
activity-authenticator-added = You added a way to sign in
activity-level-raised = That sign-in has counted for more since
activity-authenticator-removed = You removed a way to sign in
activity-authenticator-refused = A way to sign in was not added
activity-level-chosen = You chose how strong your sign-in has to be
activity-recovery-codes-given = You got new recovery codes
activity-recovery-codes-kept = You kept your recovery codes in a safe place
activity-password-changed = Your password was changed
activity-password-flagged = Your password was found in a data breach
activity-account-secured = You said "this was not me": everybody was signed out
activity-customer-joined = You made this account
activity-customer-added = The shop made this account for you
activity-customer-changed = The shop changed your account
activity-recovery-begun = A recovery of your account was begun
activity-recovery-proof = Something was shown in a recovery
activity-recovery-waits = A recovery with weak proofs began to wait
activity-recovery-stopped = A recovery was stopped
activity-account-recovered = Your account was recovered
activity-contact-changed = An address or number was changed
activity-contact-restored = A change was taken back
activity-sharing-ended = You disconnected a shop
activity-consent-given = You let a shop see your data
activity-purchase-confirmed = You confirmed a purchase
activity-consent-denied = You did not let a shop see your data
activity-message-checked = You asked whether a message was from us
activity-why-unusual = Unusual: { $reasons }
activity-why-new-device = From a browser that was new to us.
activity-why-second-factor = We asked for more, because your account is protected by a second step.
activity-why-wrong-password = The password was wrong.
activity-why-wrong = What was shown was wrong.
activity-why-used = The code had been used before.
activity-why-throttled = There had been too many tries.
activity-why-locked = The account was locked.
activity-why-cloned = There may be a copy of the key.
activity-why-foreign = It was not from us.
activity-why-altered = It was not what we had sent.
activity-why-replayed = We had sent it to somebody else.
messages-title = Messages from us
messages-lead = Every message that we sent you stands here. What does not, is not from us.
messages-verify = Check a message
messages-none = We have not sent you any message yet.
messages-text = Text message
verify-title = Is this message from us?
verify-lead = Paste a message, or type the code at its end. We tell you whether we sent it.
verify-label = Message or code
verify-submit = Check
verify-note = We never ask for your password or a code by mail, text message or telephone. If somebody does, it is not us.
verify-when = It was sent { $when }.
verify-said = This is what we said, and nothing else:
verify-safe = Look after my account
verify-genuine-title = Yes, this is from us.
verify-genuine-text = We sent a message with this code. If you pasted all of it, its words are ours too.
verify-went-to = It went to { $to }. If that is not you, somebody passed it on: do not do what it says. Words were compared, not links: look where a link leads before you follow it.
verify-altered-title = No. Somebody altered this message.
verify-altered-text = It carries the code of a message of ours, but its words are not ours. Follow no link in it. We have noted your report.
verify-replayed-title = This message was not sent to you.
verify-replayed-text = We sent it to somebody else. Whoever passed it on to you is trying to deceive you.
verify-foreign-title = No, this is not from us.
verify-foreign-text = We sent no such message. Follow no link in it, and give nobody a code. We have noted your report.
verify-throttled-title = Too many questions.
verify-throttled-text = Please try again in an hour.

# Privacy
privacy-title = Your data
privacy-export-title = Take it with you
privacy-export-text = Everything that is kept about you, in one archive: a page to read, and a file for machines.
privacy-export = Download my data
privacy-archive-title = What is kept about you
privacy-erase-title = Leave
privacy-erase-text = Your account and everything in it is erased after { $days } days. Until then you can sign in and keep it. After that nobody can bring it back.
privacy-sure = I want my account to be erased
privacy-unticked = Tick the box if you really want to leave.
privacy-staff = Your account is one of the shop's staff. Ask an owner to take you off first.
privacy-frozen = An address or number of your account was changed lately, or it stands still. For your safety it can be erased three days after such a change.
account-leaving = Your account will be erased.
account-leaving-link = Keep it
privacy-erase = Erase my account
privacy-leaving = { $days ->
    [0] Your account will be erased within hours.
    [one] Your account will be erased tomorrow.
   *[other] Your account will be erased in { $days } days.
  }
privacy-keep = Keep my account
activity-erasure-asked = You asked for your account to be erased
activity-erasure-cancelled = You keep your account
activity-data-exported = You downloaded your data

# Profile and addresses
language-name = English
profile-title = Your profile
profile-lead = Shops are told what you let them see of it.
profile-given-name = Given name
profile-family-name = Family name
profile-nickname = Nickname
profile-language = Language of our messages
profile-language-browser = as in my browser
profile-birth-date-fixed = Only the shop's customer service can change it.
profile-saved = Saved.
profile-nameless = Type your name.
profile-long = A name has at most 100 characters.
addresses-title = Your addresses
addresses-lead = Where your orders go. The first one is told to the shops that you let see it.
addresses-none = You have none yet.
addresses-preferred = Told to shops
addresses-add = Add an address
addresses-edit = Change
addresses-edit-label = Change { $line }
addresses-edit-title = Change an address
addresses-prefer = Put first
addresses-save = Save
addresses-saved = Saved. We have told you by mail as well.
addresses-back = Back to your addresses
addresses-full = You have as many as one account can have. Remove one first.
addresses-recipient = Recipient, if it is not you
addresses-recipient-long = A name has at most 100 characters.
addresses-street = Street and number
addresses-postal-code = Postal code
addresses-locality = Town
addresses-region = State, province or prefecture
addresses-region-when = (where your country uses it)
addresses-country = Country
addresses-wrong = Check the marked fields.
addresses-wrong-street = Type street and number, in at most three lines.
addresses-wrong-postal-code = That is not a postal code of this country.
addresses-wrong-locality = Type the town.
addresses-wrong-region = This country needs the state, province or prefecture; where it has a short code, such as CA, type that.
addresses-wrong-country = Choose the country.
addresses-frozen = Your account stands still for a day, since you told us that somebody else got in. Try again tomorrow.
addresses-stale = Something else was changed meanwhile. Please try again.
addresses-unknown = There is no such address.
addresses-same = That is what you have already.
activity-address-changed = You changed your postal addresses
activity-profile-changed = You changed your profile

# Contact
contact-title = How we reach you
contact-lead = A change is proven on the new address, and told to the old one, from where it can be taken back for three days.
contact-email = E-mail address
contact-email-none = None yet.
contact-email-new = New e-mail address
contact-backup-email = Second mailbox
contact-backup-email-none = None yet. With a second mailbox, best at another provider, you get your account back more easily, and hear of what happens to it.
contact-backup-email-new = Address of the second mailbox
contact-phone = Telephone
contact-phone-none = None yet.
contact-phone-new = New number, in international form, such as +44 20 7946 0000
contact-add = Add
contact-change = Change
contact-sent = If { $target } can be used here, a code is on its way there. It is good for ten minutes.
contact-changed = Changed. The old address was told.
contact-removed = Taken away. You were told by mail.
contact-refused-form = That is not an address or number that we can use. Check it.
contact-refused-same = That is what you have already.
contact-refused-frozen = Your account stands still for a day, since you told us that somebody else got in. Try again tomorrow.
contact-refused-throttled = Too many messages or tries. Wait a few minutes and try again.
contact-refused-no-way = We cannot send text messages here, so a number cannot be proven.
contact-refused-code = That is not the code. Check it, or have another one sent.
undo-ask-title = Take this change back?
undo-ask-text = One press restores your account as it was before the change: addresses, telephone, profile, password and ways to sign in. Everybody is signed out, and nothing can be changed for a day.
undo-submit = Take it back
undo-note = If the change was yours, there is nothing to do. Close this page.
undo-done-title = Your account is as it was
undo-done-text = The change was taken back, with everything that was changed since, and everybody is signed out. Sign in, and choose a new password: somebody else may know the old one.
undo-expired-title = This link is no longer good
undo-expired-text = It was used, or the three days are over. If somebody else changed your account, recover it, or ask the shop's customer service.

# Recovery
recovery-title = Recover your account
recovery-lead = Type the e-mail address of your account. We send a code there.
recovery-back = Back to signing in
recovery-prove-lead = If there is an account with { $email }, a code is on its way there. Type it here.
recovery-no-mailbox = I can't get at this mailbox
recovery-no-mailbox-text = Then show something else that only you have.
recovery-more-title = Show a little more
recovery-more-lead = Your account is protected by a second step, so one proof is not enough. Show another one.
recovery-may-wait-lead = What you have shown is enough after { $hours } hours in which nobody objects. We tell you on every channel of your account.
recovery-wait = Start the { $hours } hours
recovery-faster = Or show more, and be faster
recovery-show = Show
recovery-desk = Is there nothing more that you can show? Then ask the shop's customer service.
recovery-waiting-title = Your account is being recovered
recovery-waiting-lead = { $hours ->
    [one] In about an hour
   *[other] In about { $hours } hours
  } you can choose new ways to sign in.
recovery-waiting-text = We have told you so on every channel of your account, with a link that stops it. When the time is over, a mail tells you how to go on. You can close this page.
recovery-finish-password = Then you are taken on. If your account has a second step, you are asked for it as always.
recovery-finish-factor = Your old ways to sign in are taken away, and everybody is signed out.
recovery-vetoed-title = This recovery was stopped
recovery-vetoed-text = The owner of the account said that it was not them. If that is you and you did not, ask the shop's customer service.
recovery-over-title = This recovery is over
recovery-over-text = It was open for too long, another one was begun, or the account was changed meanwhile. Nothing is lost: begin again.
recovery-done-title = You have a new password
recovery-done-text = Sign in with it.
recovery-again = Begin again
recovery-lost-factor = I can't use my app, passkey or phone for the second step either
recovery-have-factor = I do have my second step
recovery-too-new = changed too lately to count
recovery-mailbox-name = Your mailbox
recovery-mailbox-label = Code from your mailbox
recovery-mailbox-lead = We can send a code to { $target }.
recovery-mailbox-wrong = That is not the code. Check it, or have another one sent.
recovery-second-mailbox-name = Your second mailbox
recovery-second-mailbox-label = Code from your second mailbox
recovery-second-mailbox-lead = We can send a code to your second mailbox, { $target }.
recovery-second-mailbox-wrong = That is not the code. Check it, or have another one sent.
recovery-phone-name = Your telephone
recovery-phone-label = Code from your telephone
recovery-phone-lead = We can send a code by text message to your number that ends in { $target }.
recovery-phone-wrong = That is not the code. Check it, or have another one sent.
recovery-passkey-name = Your passkey or security key
recovery-passkey-label = If you still have a passkey or security key of this account, use it.
recovery-passkey-use = Use my passkey or key
recovery-passkey-wrong = That was not accepted. Try again, or show something else.
recovery-recovery-code-name = A recovery code
recovery-recovery-code-label = A recovery code that you saved
recovery-recovery-code-wrong = That is not one of your recovery codes. Check it, or try another one.
recovery-password-name = Your password
recovery-password-label = Your password
recovery-password-wrong = That is not the password.
recovery-trusted-device-name = A device that you trust
recovery-past-order-name = An order of yours
recovery-past-order-label = The number of an order that is older than three days
recovery-past-order-wrong = We do not know that order.
recovery-link-stop-title = Stop the recovery?
recovery-link-stop-text = Somebody is recovering your account with weak proofs. If it is not you, stop it.
recovery-link-stop-submit = This is not me: stop it
recovery-link-stopped-title = The recovery is stopped
recovery-link-stopped-text = Nobody got in. If you did not ask for it, somebody may read your mail or your messages: change that password too.
recovery-link-go-on-title = Recover your account
recovery-link-go-on-text = The wait is over, and nobody objected. Go on in this browser.
recovery-link-go-on-submit = Go on
recovery-link-expired-title = This link is no longer good
recovery-link-expired-text = It was used, or it is too old, or the recovery was stopped.

# This was not me
not-me-ask-title = Was this not you?
not-me-about = You were told: { $subject }
not-me-ask-text = One press signs everybody out everywhere, makes your password useless until you replace it, and stops any change of your addresses for a day.
not-me-submit = This was not me: secure my account
not-me-note = If it was you, there is nothing to do. Close this page.
not-me-done-title = Your account is secured
not-me-done-text = Everybody is signed out. Nobody can change your addresses for a day. Now choose a new password.
not-me-signin-title = Was this you?
not-me-me-submit = Yes, it was me
not-me-me-note = Nothing happens to your account if it was you. Your answer helps us to tell you from others, and changes that waited need not wait any longer.
not-me-known-title = Thank you
not-me-known-text = We now know that it was you. Nothing in your account was changed, and what waited can be done at once.
held-title = This change waits
held-text = Your last sign-in looked unusual. For { $hours -> 
    [one] one more hour
   *[other] { $hours } more hours
} nobody can change how you sign in, how we reach you, or where goods are sent.
held-faster = You need not wait if you do one of these:
held-mail = Open our mail about this sign-in, and say there that it was you.
held-browser = Sign in with a browser that you used here before.
held-factor = Sign in with a passkey or your authenticator app, if you have set one up.
held-why = A thief who has found your password would change your address first. This is the time in which you would notice.
held-back = To my account
not-me-used-title = This link has done its work
not-me-used-text = It was used before, or another link like it was. If you have not yet replaced your password, do it now.
not-me-expired-title = This link is no longer good
not-me-expired-text = It is too old, or not complete. You can still sign in and change your password, or recover your account.
not-me-recover = Recover my account
not-me-code-title = Did you not ask for this code?
not-me-code-text = Somebody typed your address to recover your account. Without the code nobody gets in. One press ends what they began.
not-me-code-submit = This was not me: end it
not-me-stopped-title = It is ended
not-me-stopped-text = The code is useless now. If you think that somebody reads your mail, sign in, choose another address, and secure your account there.

# Mail
mail-phrase = Your phrase: { $phrase }
mail-foot = --
    { $brand }. Is this message from us? Type its code { $code } at { $link }
mail-code-link = Or open this page in the same browser, and press the button there: { $link }
mail-not-me = If this was not you, press the button on this page. It works without signing in: { $link }
mail-new-device-subject = New sign-in to your account
mail-new-device-text = Somebody signed in to your account from a browser that we have not seen before.

    If it was you, there is nothing to do.
mail-password-changed-subject = Your password was changed
mail-password-changed-text = The password of your account was changed. Everybody was signed out.
mail-password-breached-subject = Your password is known to criminals
mail-password-breached-text = The password of your account at { $brand } stands on a list from a data breach. It need not have been a breach here: many people use one password in several places.

    Choose a new one, also wherever else you use it: { $link }
mail-locked-subject = Your account was locked
mail-locked-text = Your account was locked by the shop's staff. Contact the shop to have it opened again.
mail-authenticator-added-subject = A new way to sign in was added
mail-authenticator-added-text = A new way to sign in was added to your account: an authenticator app, a passkey, a security key, or codes by message. You can look at it here: { $link }
mail-authenticator-removed-subject = A way to sign in was removed
mail-authenticator-removed-text = A way to sign in was removed from your account: an authenticator app, a passkey, a security key, or codes by message. You can look at what is left here: { $link }
mail-recovery-code-used-subject = A recovery code was used
mail-recovery-code-used-text = Somebody signed in to your account with your password and one of your recovery codes. Each works once.
mail-passkey-cloned-subject = A security key was refused
mail-passkey-cloned-text = Somebody tried to sign in to your account with a key of yours that may have been copied. It was refused.

    Remove that key and add another one: { $link }
mail-few-recovery-codes-subject = You have few recovery codes left
mail-few-recovery-codes-text = Somebody signed in to your account with your password and one of your recovery codes. You have few left: get new ones at { $link }
mail-already-joined-subject = You have an account already
mail-already-joined-text = Somebody, perhaps you, wanted to make an account at { $brand } with this address. There is one already, and nothing was changed.

    If it was you, sign in here; you can also choose a new password there: { $link }
mail-welcome-subject = Welcome to { $brand }
mail-welcome-text = Your account is ready. In it you find how you sign in, where you are signed in, and every message that we sent you: { $link }
mail-recovery-waits-subject = Somebody is recovering your account
mail-recovery-waits-text = Somebody, perhaps you, is recovering your account at { $brand }, and cannot show much. In { $hours } hours they can choose new ways to sign in.

    If it is you, there is nothing to do. If it is not, stop it now; it takes one press, and works without signing in: { $link }
mail-recovery-ready-subject = You can recover your account now
mail-recovery-ready-text = The wait is over, and nobody objected. Go on here within a day: { $link }
mail-recovered-subject = Your account was recovered
mail-recovered-text = Your account was recovered: it has a new password, and its old ways to sign in were taken away. Everybody was signed out. You can look at it here: { $link }
mail-contact-undo-subject = Your account was changed: { $what }
mail-contact-undo-text = In your account at { $brand } this was changed: { $what }.

    If it was you, there is nothing to do. If it was not you, take it back with one press; it works for three days, without signing in, and restores everything that was changed since: { $link }
mail-address-changed-subject = Your postal addresses were changed
mail-address-changed-text = In your account at { $brand } a postal address was added or changed, or another one was put first. You can look at it here: { $link }
mail-contact-changed-subject = This address is now that of your account
mail-contact-changed-text = Mail of your account at { $brand } comes to this address from now on. You can look at it here: { $link }
mail-restored-subject = Your account is as it was
mail-restored-text = A change of your address was taken back, and with it everything that was changed since. Everybody was signed out. Nothing can be changed for a day.

    Sign in at the shop's own site and choose a new password: somebody else may know the old one.
mail-erasure-asked-subject = Your account will be erased
mail-erasure-asked-text = As you asked, your account at { $brand } and everything in it will be erased in { $days } days, and everybody was signed out. Until then you can keep it: sign in at { $link }

    If it was not you, sign in, keep your account, and change your password.
mail-kept-subject = You keep your account
mail-kept-text = Your account will not be erased. You can look at it here: { $link }
mail-erased-subject = Your account was erased
mail-erased-text = Your account at { $brand } was erased, with everything in it. Backups that still hold a copy of its key are gone after 30 days; without the key, nothing of it can be read.

    This is the receipt, signed by us. Keep it if you may want to prove the date:

    { $receipt }

    This is the last mail that you get from us.
mail-secured-subject = Your account is secured
mail-secured-text = As you told us that it was not you, everybody was signed out, your password has to be replaced before it opens anything, and your addresses cannot be changed for a day.

    Sign in or recover your account at the shop's own site, and choose a new password.
mail-code-signin-subject = Your code to sign in
mail-code-signin-text = Your code is { $code }. It is good for ten minutes, to sign in to your account at { $brand }, and for nothing else.

    Type it only on the page where you asked for it. Nobody from the shop will ever ask you for it, by telephone or otherwise. If you did not ask for it, somebody knows your password: change it.
mail-code-purchase-subject = Your code to confirm a purchase
mail-code-purchase-text = Your code is { $code }. It confirms a purchase of { $amount } at { $shop }, and nothing else. It is good for ten minutes.

    Type it only on the page where you are buying. Nobody from the shop will ever ask you for it, by telephone or otherwise. If you are not buying this, somebody knows your password: change it.
mail-code-password-subject = Your code to choose a new password
mail-code-password-text = Your code is { $code }. It is good for ten minutes, to choose a new password for your account at { $brand }, and for nothing else.

    Type it only on the page where you asked for it. Nobody from the shop will ever ask you for it, by telephone or otherwise.
mail-code-signup-subject = Your code to make an account
mail-code-signup-text = Your code is { $code }. It is good for ten minutes, to make an account at { $brand } with this address.

    Type it only on the page where you asked for it. If you did not ask for it, there is nothing to do: without the code nobody can use your address.
mail-code-address-subject = Your code to prove this address
mail-code-address-text = Your code is { $code }. It is good for ten minutes, to add this address to an account at { $brand }.

    Type it only on the page where you asked for it. If you did not ask for it, there is nothing to do.
mail-code-recovery-subject = Your code to recover your account
mail-code-recovery-text = Your code is { $code }. It is good for ten minutes, to recover your account at { $brand }, and for nothing else.

    Type it only on the page where you asked for it. Nobody from the shop will ever ask you for it, by telephone or otherwise.
sms-notice-text = { $brand }: a way to sign in to your account was added or removed. If it was not you, contact the shop at once. ({ $message })
sms-code-text = { $brand }: your code is { $code }. Nobody will ever ask you for it. ({ $message })
sms-caller-text = { $brand }: { $code } shows the support that you are the one who calls. { $purpose } If somebody called you, tell nobody. ({ $message })
sms-purchase-text = { $brand }: { $code } confirms { $amount } at { $shop }. Not you? Type it nowhere. Nobody will ever ask you for it. ({ $message })

# Safety: check-up, cards, phrase, quiz, theft, reports
account-frozen = Your account stands still for { $hours ->
    [one] another hour
   *[other] { $hours } more hours
  }: addresses cannot be changed, and shops know it.
checkup-title = Security check-up
checkup-points = { $score } of 100 points
checkup-verdict-best = Your account is as safe as an account can be.
checkup-verdict-good = Well protected. A little is left to do.
checkup-verdict-fair = Better than most. The first line below helps most.
checkup-verdict-poor = Whoever gets hold of your password gets in. The first line below changes that.
checkup-well = Done
checkup-back = Back to the check-up
checkup-note = Points stand for measured protection: what cannot be tricked out of you counts most. Codes by message bring none.
checkup-password-title = A password that is not on criminals' lists
checkup-password-why = Yours is known, or you told us that somebody else got in.
checkup-password-do = Replace the password
checkup-passkey-title = A passkey or security key
checkup-passkey-why = Nobody can trick you out of it, and a copied page gets nothing.
checkup-passkey-do = Add a passkey
checkup-second-factor-title = A second step that you hold in your hand
checkup-second-factor-why = Then a stolen password alone opens nothing.
checkup-second-factor-do = Add an app or a key
checkup-recovery-codes-title = Recovery codes in a safe place
checkup-recovery-codes-why = With them you get back in on the spot when your phone is lost.
checkup-recovery-codes-do = Get recovery codes
checkup-second-mailbox-title = A second mailbox
checkup-second-mailbox-why = You hear of what happens to your account even if the first one is taken over.
checkup-second-mailbox-do = Add a mailbox
checkup-devices-title = Only your own browsers are signed in
checkup-devices-why = { $count ->
    [one] One browser is signed in.
   *[other] { $count } browsers are signed in.
  } Are they all yours?
checkup-devices-do = They are all mine
checkup-devices-look = Look at them
checkup-old-shops-title = Only shops that you use see your data
checkup-old-shops-why = There is a shop that you have not used for a year.
checkup-old-shops-do = Disconnect old shops
checkup-phrase-title = A phrase that only we and you know
checkup-phrase-why = It stands in every mail from us. What comes without it is not ours.
checkup-phrase-do = Choose a phrase
card-breached-title = Be done with passwords on lists
card-breached-text = The password that you had was on a list that criminals use. A passkey cannot leak: add one, and no list matters.
card-breached-do = Add a passkey
card-recovered-title = Keep the next recovery short
card-recovered-text = With recovery codes in a drawer you get back in within a minute, and nobody else does.
card-recovered-do = Get recovery codes
card-phished-title = Somebody tries to deceive you
card-phished-text = Thank you for telling us. Such messages lead to copied pages. A passkey works only on the real one.
card-phished-do = Add a passkey
card-new-address-title = A new address was added
card-new-address-text = Was it you? If it was not, look at it now, and secure your account.
card-new-address-do = Look at my addresses
card-new-payee-title = Did you pay somebody new?
card-new-payee-text = You confirmed a purchase for a payee whom you had not paid before. If it was not you, or somebody told you to, look at it now.
card-new-payee-do = See what happened
card-checkup-title = Two minutes for your safety
card-checkup-text = See how well your account is protected, and mend what is missing with one button each.
card-checkup-do = Start the check-up
phrase-title = Your phrase
phrase-lead = Every mail from us will carry it. A mail without it is not from us.
phrase-label = Phrase
phrase-other = Choose another one
phrase-current = Your phrase is:
phrase-save = Use this phrase
phrase-saved = Saved. From now on our mails carry it.
phrase-removed = Taken away. Our mails no longer carry a phrase.
phrase-remove = Use no phrase
phrase-wrong = A phrase has 4 to 60 characters.
phrase-note = We show it nowhere before you are signed in, and nobody will ever ask you for it. It is no password: a mail that carries it is still not a reason to give away a code.
quiz-link = Would you know a false message?
quiz-title = Genuine or altered?
quiz-lead = Six messages with our name. Some are just as we send them, some were altered by somebody who wants something from you. It takes about a minute and a half.
quiz-message = Message { $number }
quiz-genuine = Genuine
quiz-altered = Altered
quiz-submit = See the answers
quiz-missing = Judge every message first.
quiz-result = { $right } of 6 were right.
quiz-right = Right.
quiz-wrong = Not quite.
quiz-passkey = Be safe even when you are wrong: add a passkey
quiz-again = Another six
quiz-lure-look-alike = Please confirm within a day that it was you.
quiz-lure-call-us = To have it opened at once, call +1 900 555 0123 and have your card at hand.
quiz-lure-send-code = To stop the payment, answer this mail with the code.
quiz-lure-hurry = If you do not act within 24 hours, your account and all your orders will be deleted.
quiz-why-genuine = It is ours: its links lead to { $host }, and it asks for nothing.
quiz-why-look-alike = The links lead to { $foreign }, which only looks like ours.
quiz-why-call-us = We never give a number to call, and never ask for a card.
quiz-why-send-code = A code is typed on our page and nowhere else. Nobody from us asks for it.
quiz-why-hurry = It threatens, and it hurries you to { $foreign }, which is not ours.
theft-title = Somebody used my account
theft-lead = Go through it in this order. Each step takes a minute.
theft-secure-title = Shut them out
theft-secure-text = Everybody is signed out, your password is useless until you replace it, and addresses stand still for a day. You are signed out too, and choose a new password.
theft-look-title = See what was changed
theft-look-text = Take back what you did not do:
theft-keep-title = Keep what was seen
theft-keep-text = An archive with every event in your account: when, from which address, with which browser. Police and banks ask for it.
theft-days = How far back?
theft-days-option = { $days ->
    [one] The last day
   *[other] The last { $days } days
  }
theft-download = Download the report
theft-tell-title = Report it
theft-tell-text = Give them the number of the report. Where it is taken:
theft-bank-title = Tell your bank
theft-bank-text = If something was bought, ask for the payment to be stopped or taken back. If somebody may have your name and date of birth, ask a credit bureau to freeze or flag your file.
theft-elsewhere-title = Look elsewhere too
theft-elsewhere-text = If you use the same password anywhere else, change it there. Begin with your mailbox: whoever reads it gets into everything.
theft-report-title = Report { $case }
theft-report-text = What was seen in the account, newest first. Times are in UTC.
theft-report-shop = Shop
theft-report-subject = Account
theft-report-made = Made
theft-report-when = When
theft-report-what = What
theft-report-where = From where
safety-title = Stay safe
safety-lead = What everybody should know who gets messages in the name of { $brand }.
safety-never-title = We never
safety-never-password = ask for your password, by mail, text message or telephone
safety-never-code = ask you to tell, send or forward a code
safety-never-gift-card = ask to be paid with gift cards, or to have their numbers read out
safety-never-move = ask you to move money, or to install a program
safety-address-title = One address
safety-address-text = You sign in at { $host } and nowhere else. A passkey checks that for you.
safety-doubt-title = In doubt
safety-doubt-text = Every message from us carries a code. Type it, or paste the whole message: we tell you whether it is ours.
safety-in-title = Is somebody in your account?
safety-in-text = The link "this was not me" in any of our messages shuts them out with one press. If you have none at hand, go here:
safety-best-title = What helps most
safety-best-text = A passkey. A copied page gets nothing from it, and there is nothing to remember.
report-title = Report a scam
report-lead = Tell us of a message, a page or a call that uses our name. We read every report, and warn others.
report-kind = What was it?
report-kind-message = A mail or text message
report-kind-site = A page on the web
report-kind-call = A telephone call
report-kind-other = Something else
report-text = What happened? Paste the message, the address or the number.
report-send = Send the report
report-missing = Choose what it was, and tell us what happened.
report-thanks = Thank you. We have your report.
report-after = If you gave away a password or a code, change the password now. If you paid, call your bank.
activity-devices-reviewed = You looked through the browsers that are signed in
activity-phrase-chosen = You chose or took away your phrase
activity-theft-report-made = You downloaded a report for police and bank
activity-scam-reported = You reported a scam

upstream-with = Continue with { $provider }
upstream-title = Your { $provider } account
upstream-connect-lead = Connect it, and from now on { $provider } signs you in here. Connect only an account that is yours.
upstream-own = Your account here
upstream-connect = Connect
upstream-not-now = Not now
upstream-unknown = { $provider } says that you are { $label }. No account here is connected with that yet.
upstream-have-account = I have an account here
upstream-have-account-hint = Sign in the way you always do, once. Then we ask whether to connect the two.
upstream-join = I am new here
upstream-join-hint = Make an account that { $provider } opens. You need no password for it.
upstream-join-with = Sign in with { $provider } from now on
upstream-or = or
upstream-join-with-hint = You can add a passkey or a password later.
upstream-denied = The other side did not sign you in. Try again, or sign in here.
upstream-unreachable = The other side does not answer at the moment. Sign in here, or try again in a minute.
upstream-invalid = The answer from the other side did not hold, so it does not count. Try again, or sign in here.
upstream-not-fresh = This step needs you to sign in anew, and the other side did not confirm that you did. Sign in here in another way. If you have none, “Can't sign in?” lets you set a password.
upstream-taken = That account is connected with another account here. Disconnect it there first.
security-upstreams = Accounts elsewhere that sign you in
security-upstream-add = Connect { $provider }
security-upstream-remove = Disconnect
security-upstream-remove-label = Disconnect { $provider }
security-done-connected = Connected.
activity-upstream-connected = You connected an account at another service
activity-upstream-disconnected = An account at another service was disconnected

# Purchases
purchase-title = You are confirming a purchase
purchase-at = At { $client }
purchase-payee = Paid to { $payee }
purchase-order = Order { $order }
purchase-warning = Is this not what you are buying? Then leave this page. Nobody from the shop will ever ask you to confirm a purchase for them, or to read a code to them.
pause-title = Before you buy gift cards
pause-lead = { $client } tells us that there are gift cards in your purchase of { $amount }. Take a breath first.
pause-early = A moment more: you can go on in { $seconds ->
    [one] { $seconds } second
   *[other] { $seconds } seconds
  }.
pause-nobody = No authority, bank, employer or shop ever asks to be paid with gift cards. Whoever does is a fraud.
pause-gone = Whoever knows the number on the card has the money. Nobody can get it back for you.
pause-secret = Is somebody on the telephone or in a chat while you do this, or have you been told to hurry or to keep quiet? Hang up, and ask somebody you trust.
pause-stop = Stop this purchase
pause-go-on = Nobody told me to buy them: go on
pause-wait = You can go on after ten seconds. Nothing has been paid yet.
pause-report = Report a scam

# What the support does, as customers are told.
activity-staff-note = { $name } from the support: { $reason }
activity-staff-by = { $name } from the support
activity-staff-caller-asked = The support asked a caller to show that it is you
activity-staff-caller-checked = It was shown, or not, that you are the one who calls the support
activity-staff-customer-revealed = The support saw your contact and profile in full
activity-staff-customer-viewed = The support looked at your pages as you see them
activity-staff-customer-locked = The support locked your account
activity-staff-customer-unlocked = The support unlocked your account
activity-staff-sessions-ended = The support signed you out everywhere
activity-staff-recovery-started = The support sent you the way to recover your account
activity-staff-message-resent = The support sent you a message again
activity-staff-case-asked = The support asked for a change to your account
activity-staff-case-approved = A second person of the support approved a change to your account
activity-staff-case-refused = The support refused, or took back, a change to your account
activity-staff-case-vetoed = A change that the support was asked for was stopped from your mailbox
activity-staff-case-confirmed = The new mailbox of your account was confirmed
activity-staff-case-done = A change that the support was asked for was made
activity-staff-case-expired = A change that the support was asked for was not made
activity-admin-joined = You joined the staff
activity-admin-changed = Your roles were changed
activity-admin-removed = You are staff no longer
case-remove-factors = remove every way to sign in beside the password
case-remove-factor = remove one of the ways to sign in
case-change-email = change the e-mail address
case-erase = erase the account
case-requests-title = What the support was asked for
case-requests-none = Nothing waits. What was decided stands in your activity.
case-requests-item = Somebody asked { $name } from the support to { $what }: “{ $reason }”
case-link-stop-title = Stop what the support was asked for?
case-link-stop-text = Somebody who spoke with the support asked for a change to your account. If it was not you, stop it.
case-link-stop-submit = It was not me: stop it
case-link-stopped-title = It is stopped
case-link-stopped-text = Nothing was changed. The support sees that you said no.
case-link-confirm-title = Use this mailbox for your account?
case-link-confirm-text = You asked the support to make this the e-mail address of your account. Confirm it only if that was you.
case-link-confirm-submit = Yes, this is my mailbox
case-link-confirmed-title = The mailbox is confirmed
case-link-confirmed-text = It becomes that of your account as soon as the wait is over. You will hear of it here.
case-link-expired-title = This link is no longer good
case-link-expired-text = It was used, it is too old, or the matter is settled.
call-title = On the telephone with the support
call-lead = { $name } from the support wants to know whether it is you who calls.
call-number-label = The number to compare
call-compare = Say yes only if you called us, and you are told this very number.
call-warning = If somebody called you, it is not us. Say no, and end the call: we never ask you for a code or a password.
call-purpose = If you say yes, the support can { $what }.
call-purpose-talk = It changes nothing: the support only talks with you about your account.
call-code-purpose = Whoever hears it at the support can then { $what }.
call-yes = Yes, I am calling
call-no = No, that is not me
call-yes-done = Thank you. The support sees that it is you.
call-no-done = The support sees that it is not you who calls. Somebody tried to pass for you: look at how your account is secured.
call-nobody = Nobody of the support is asking for you at the moment. Leave this page open, and look again when you are asked to.
mail-viewed-subject = The support looked at your account
mail-viewed-text = Somebody from the support of { $brand } looked at the pages of your account as you see them. Nothing was changed. Who it was and why stands in your activity: { $link }
mail-unlocked-subject = Your account was unlocked
mail-unlocked-text = Your account at { $brand } was unlocked by the shop's staff. You can sign in again: { $link }
mail-recovery-offered-subject = How to get back into your account
mail-recovery-offered-text = The support of { $brand } sends you the way to recover your account. Open this page, and show what you have: { $link }

    Nobody from the support needs your password or a code for that. If you did not ask for it, there is nothing to do.
mail-case-waits-subject = The support was asked to change your account
mail-case-waits-text = Somebody, perhaps you, asked the support of { $brand } to { $what }. It will be done in { $hours } hours.

    If it was you, there is nothing to do. If it was not, stop it now; it takes one press, and works without signing in: { $link }
mail-case-confirm-subject = Confirm this mailbox
mail-case-confirm-text = The support of { $brand } was asked to make this the e-mail address of an account. If it was you who asked, confirm it here: { $link }

    If it was not you, do nothing: then nothing happens.
mail-code-caller-subject = Your code for the telephone
mail-code-caller-text = Your code is { $code }. Read it out only if you called the support of { $brand } yourself, at the number on our site. It shows that it is you who calls, and opens nothing.

    If somebody called you, it is not us: tell nobody the code, and end the call.
mail-signin-unusual-subject = Unusual sign-in to your account
mail-signin-unusual-text = Somebody signed in to your account in a way that is unusual for you, and showed everything that we asked for.

    If it was you, there is nothing to do.
mail-signin-stopped-subject = We stopped a sign-in to your account
mail-signin-stopped-text = Somebody typed your right password, in a way that is so unusual for you that we did not let them in.

    If it was you, sign in from a browser that you used before, or recover your account. If it was not you, somebody knows your password: choose a new one here: { $link }
stopped-title = We could not be sure that it is you
stopped-lead = The password was right. But this sign-in looks different from all of yours, and there is nothing else on file that you could show here. So we stopped it.
stopped-known-device = Sign in from a browser that you used here before.
stopped-recovery = Or recover your account: it takes a little longer, and works from anywhere.
stopped-recover = Recover the account
stopped-again = Try again
stopped-told = We told the owner of the account by mail.
risk-reason-place = Another place than usual
risk-reason-device = Another browser or system than usual
risk-reason-habit = How often you sign in
risk-reason-known-device = A browser that you used before
risk-reason-new-device = A browser that we had not seen before
risk-reason-travel = Another country than a short while ago
risk-reason-stuffing-address = From an address that tries many accounts
risk-reason-stuffing-network = From a network that tries many accounts
risk-reason-hosting = From a data centre
risk-reason-anonymiser = Through a service that hides where it comes from
risk-reason-program = By a program instead of a browser
risk-reason-dormant = After a long time without a sign-in
risk-reason-time = At another time of the day than usual
activity-order-judged = A shop asked how unusual one of your orders is
activity-order-outcome-told = A shop told what became of one of your orders

puzzle-working = One moment. We are making sure that you are not a program…
puzzle-progress = Progress
puzzle-wait = Many programs are trying this form right now. Your browser runs no scripts here: fill the form in, wait { $seconds } seconds, and send it.
puzzle-needed = Many programs are trying this form right now. Please send it once more: your browser shows in the meantime that you are not one.
puzzle-early = Thank you for waiting. { $seconds } more seconds, then send it again.
contact-refused-disposable = This kind of mailbox is thrown away after a while. Use one that stays yours.
