# Sign-in
signin-title = サインイン
signin-lead = { $client }に進むためにサインインします
signin-lead-plain = アカウントにサインインします
signin-email = メールアドレス
signin-password = パスワード
signin-remember = このデバイスでサインインしたままにする
signin-submit = サインイン
signin-back = { $client }に戻る
signin-refused = メールアドレスとパスワードの組み合わせが正しくありません。両方を確認して、もう一度お試しください。
signin-throttled = 試行回数が多すぎます。{ $minutes }分待ってから、もう一度お試しください。
signin-busy = ただいま大変混み合っています。数秒後にもう一度お試しください。
signin-missing = メールアドレスとパスワードを入力してください。
signin-too-long = パスワードが長すぎます。パスワードは128文字以内です。
signin-again = 安全のため、もう一度サインインしてください。
signin-expired-title = このサインインは期限切れです
signin-expired-text = 長い時間が経過しました。失われたものはありません。最初からやり直すと、元の場所に戻ります。
signin-elsewhere-title = このサインインは別のブラウザーのものです
signin-elsewhere-text = このサインインを始めたブラウザーとは別のブラウザーで、リンクが開かれました。ショップからやり直してください。
signin-unmet-title = より強力なサインインが必要です
signin-show-problem = 問題があります

# Second factor
totp-title = コードを入力してください
totp-lead = 認証アプリを開き、このアカウントに表示されている6桁の数字を入力してください。
totp-code = コード
totp-submit = 続ける
totp-malformed = コードは6桁の数字です。アプリに今表示されているものを入力してください。
totp-wrong = そのコードは現在のものではありません。次のコードを待ってください。また、スマートフォンの時計が自動設定になっているか確認してください。
totp-used = そのコードはすでに使用されています。次のコードを待ってください。

totp-instead = 認証アプリのコードを使う
recovery-code-title = リカバリーコードを入力してください
recovery-code-lead = 保存したコードの1つを入力してください。各コードは1回だけ使えます。
recovery-code-code = リカバリーコード
recovery-code-instead = リカバリーコードを使う
recovery-code-malformed = リカバリーコードは、4k7xp-0w2edのような10文字の英数字です。
recovery-code-wrong = そのリカバリーコードは正しくありません。確認するか、別のコードをお試しください。
recovery-code-used = そのリカバリーコードはすでに使用されています。別のコードをお試しください。
email-code-title = メールを確認してください
email-code-lead = { $target }に確認コードを送信できます。
email-code-sent = { $target }に確認コードを送信しました。有効期限は10分です。
email-code-code = 確認コード
email-code-instead = メールで確認コードを受け取る
email-code-malformed = 確認コードは6桁の数字です。
email-code-wrong = 確認コードが正しくありません。確認するか、もう一度送信してください。
email-code-used = その確認コードはもう使えません。もう一度送信してください。
sms-code-title = スマートフォンを確認してください
sms-code-lead = 末尾が{ $target }の電話番号に、SMSで確認コードを送信できます。
sms-code-sent = 末尾が{ $target }の電話番号に確認コードを送信しました。有効期限は10分です。
sms-code-code = 確認コード
sms-code-instead = SMSで確認コードを受け取る
sms-code-malformed = 確認コードは6桁の数字です。
sms-code-wrong = 確認コードが正しくありません。確認するか、もう一度送信してください。
sms-code-used = その確認コードはもう使えません。もう一度送信してください。
challenge-send = 確認コードを送信する
challenge-send-again = 確認コードをもう一度送信する
challenge-trust = このデバイスでは{ $days }日間、再度確認しない
challenge-other = この方法が使えませんか？

# Passkeys
passkey-signin = パスキーでサインイン
passkey-title = パスキーを使ってください
passkey-lead = このアカウントに追加したデバイス、スマートフォン、またはセキュリティキーを使ってください。
passkey-use = 続ける
passkey-instead = パスキーまたはセキュリティキーを使う
passkey-without = お使いのブラウザーでは、ここでパスキーを使えません。JavaScriptを有効にするか、別の方法を選んでください。
passkey-failed = パスキーは使用されませんでした。もう一度試すか、別の方法でサインインしてください。
passkey-expired = 時間がかかりすぎました。もう一度お試しください。
passkey-unknown = そのパスキーは登録されていません。アカウントから削除された可能性があります。
passkey-unverified = キーによる本人確認が行われませんでした。キーにPINまたは指紋を設定するか、パスワードでサインインしてください。
passkey-cloned = 複製が存在する可能性があるため、このキーは拒否されました。別の方法でサインインし、キーを交換してください。
passkey-refused = そのパスキーは拒否されました。もう一度試すか、別の方法でサインインしてください。

# Choose account
choose-title = アカウントを選択
choose-lead = { $client }に進むアカウントを選んでください
choose-continue = { $name }として続ける
choose-other = 別のアカウントを使う

# Consent
consent-title = { $client }がアクセスを求めています
consent-lead = { $name }としてサインインしています。許可すると、{ $client }は次の情報を利用できるようになります:
consent-scope-openid = 本人であること（このショップ専用の識別子を使います）
consent-scope-profile = プロフィール（名前、言語など）
consent-scope-email = メールアドレス
consent-scope-address = 住所
consent-scope-phone = 電話番号
consent-scope-offline_access = 不在のあいだも、これらの情報
consent-scope-order_facts = 注文番号をここに記録すること（アカウントを使えなくなったとき、注文番号を本人確認に使えます）
activity-order-fact-told = ショップが注文を記録しました
consent-scope-other = 「{ $scope }」へのアクセス
consent-allow = 許可する
consent-deny = 許可しない
consent-policy = プライバシーポリシー
consent-terms = 利用規約

# Continue by form post
post-title = 少々お待ちください
post-text = { $client }に戻ります。
post-submit = 続ける

# Sign-out
signout-title = サインアウトしますか？
signout-text = { $client }からサインアウトの要求がありました。サインアウトしますか？
signout-text-plain = このデバイスでアカウントからサインアウトしますか？
signout-submit = サインアウト
signout-stay = サインインしたままにする
signed-out-title = サインアウトしました
signed-out-text = このデバイスでサインアウトしました。利用したショップでは、しばらくサインインしたままのことがあります。ほかの人もこのデバイスを使う場合は、ショップでもサインアウトしてください。
signed-out-again = もう一度サインインする

# Account
account-title = アカウント
account-who = サインインしています
account-name = 名前
account-email = メールアドレス
account-since = サインインした時刻
account-how = サインインの方法
account-how-password = パスワード
account-how-second-factor = パスワードとコード
account-signout = サインアウト
account-minutes-ago = { $minutes ->
    [0] たった今
   *[other] { $minutes }分前
  }
account-recovering = 弱い証明によって、このアカウントの復旧が進められています。ご自身でない場合は、今すぐ停止してください。
account-not-verified = 未確認
account-verified = 確認済み
account-safety-title = 安全のために
account-safety-text = メールや電話でパスワードをお尋ねすることは決してありません。入力する前に、アドレスバーに{ $host }と表示されていることを確認してください。

# Security
security-title = サインインとセキュリティ
security-lead = 本人であることを証明する方法です。
security-keys = パスキーとセキュリティキー
security-no-keys = まだありません。パスキーがあれば、指紋、顔、またはデバイスのPINでサインインできます。だまし取られることもありません。
security-keys-without = お使いのブラウザーではここでパスキーを使えないか、JavaScriptが無効になっています。
security-add-passkey = パスキーを追加
security-add-key = セキュリティキーを追加
security-key-whole = これだけでサインインできます
security-key-second = パスワードと併用します
passkey-default-name = パスキー
key-default-name = セキュリティキー
key-failed = 何も追加されませんでした。準備ができたら、もう一度お試しください。
key-taken = このキーは、すでにここのアカウントで使われています。
key-model = この機種のキーは、ここでは使えません。使える機種はショップにお問い合わせください。
key-unverified = このキーは使用者を確認しません。キーにPINまたは指紋を設定して、もう一度お試しください。
key-refused = うまくいきませんでした。何も追加されていません。もう一度お試しください。
security-apps = 認証アプリ
security-no-apps = まだありません。スマートフォンに認証アプリがあれば、パスワードだけではサインインできなくなります。
security-name = アプリまたはスマートフォンの名前
security-name-example = 私のスマートフォン
security-add-app = 認証アプリを追加
security-remove = 削除
security-remove-label = { $name }を削除
security-used = { $days ->
    [0] 今日使用
   *[other] { $days }日前に使用
  }
security-added = { $days ->
    [0] 今日追加
   *[other] { $days }日前に追加
  }
security-channels = メールまたはSMSの確認コード
security-channels-weak = こちらは弱い方法です。メッセージは他人に読まれたり、転送されたりするおそれがあります。パスキーや認証アプリのほうが安全です。
security-email-codes = メールの確認コード
security-sms-codes = SMSの確認コード
security-channel-on = オン: サインイン時に入力が必要です
security-channel-off = オフ
security-channel-start = オンにする
security-channel-stop = オフにする
security-unproven = メールアドレスまたは電話番号がまだ確認されていません。
security-throttled = メッセージの送信回数が多すぎます。1分待ってから、もう一度お試しください。
security-level = サインインに必ず求めるもの
security-level-usual = 追加した方法（信頼したデバイスを除く）
security-level-second = すべてのデバイスで毎回、2段階目の確認
security-level-strong = 毎回、パスキーまたはセキュリティキー（認証アプリやリカバリーコードでは足りなくなります）
security-level-set = 保存
security-done-chosen = 保存しました。
security-needed = これは必要です。なくなるとサインインできなくなります。先に別のものを追加してください。
security-devices = 2段階目の確認を省略するデバイス
security-device-remove = 再び確認する
security-device-remove-label = { $name }で再び確認する
security-codes = リカバリーコード
security-codes-left = { $left ->
    [0] すべてのコードを使い切りました。
   *[other] 残りのコードは{ $left }個です。
  }
security-codes-get = リカバリーコードを取得
security-codes-again = 新しいコードを取得（以前のコードは使えなくなります）
codes-title = リカバリーコード
codes-why = もう1つ大切なことがあります。スマートフォンやキーをなくしても、これらのコードがあればサインインできます。コードがないと、アカウントを失うおそれがあります。
codes-lead = アプリやキーを使えないときに、各コードを1回だけ使えます。表示されるのは今回だけです。
codes-keep = このページを印刷するか、スマートフォンとは別の安全な場所に書き写してください。コードとパスワードの両方を手に入れた人は、サインインできてしまいます。
codes-saved = 保存しました
codes-go-on = 続ける
security-back = アカウントに戻る
security-done-added = 追加しました。今後はサインイン時に必要になります。
security-done-saved = リカバリーコードを設定しました。
security-done-removed = 削除しました。
security-full = 1つのアカウントに登録できる上限に達しています。先にどれかを削除してください。
security-link = サインインとセキュリティ
account-offer = 次回からもっと早くサインインできます。パスキーなら、指紋、顔、またはPINだけで済みます。
account-offer-link = パスキーを追加
account-soon = { $days }日後から、このアカウントには本人であることを証明する2つ目の方法が必要になります。
offer-title = 次回からもっと早くサインイン
offer-lead = このデバイスにパスキーがあれば、指紋、顔、またはPINでサインインできます。覚えるものはなく、だまし取られることもありません。
offer-soon = { $days }日後から、このアカウントには本人であることを証明する2つ目の方法が必要になります。今パスキーを追加すれば、それで完了です。
offer-not-now = 今はしない
offer-other = 本人であることを証明する別の方法
enrol-title = あと1ステップ
enrol-lead = { $client }は、本人であることを証明する2つ目の方法を求めています。今追加してください。1分ほどで終わります。
enrol-lead-plain = このアカウントには、本人であることを証明する2つ目の方法が必要です。今追加してください。1分ほどで終わります。
enrol-totp-title = 認証アプリを追加
enrol-totp-scan = 認証アプリでこれを読み取ってください。
enrol-totp-qr = 認証アプリ用のQRコード
enrol-totp-by-hand = 代わりにキーを手で入力する
enrol-totp-type = アプリに今表示されている6桁の数字を入力してください。
enrol-totp-submit = アプリを追加
enrol-sign-out-elsewhere = ほかのすべての場所でサインアウトする
enrol-cancel = キャンセル

# Brands
brand-support = ヘルプ

# Errors
error-title = 問題が発生しました
error-help = ショップから来た場合は、ショップに戻ってもう一度お試しください。問題が続く場合は、次の参照番号をショップに伝えてください:
error-back = { $client }に戻る
error-home = アカウントへ
error-not-found-title = ここには何もありません
error-not-found-text = アドレスが間違っているか、ページが移動した可能性があります。
error-forbidden-title = この要求は拒否されました
error-forbidden-text = ページを開いてから時間が経ちすぎたか、別のサイトからの要求でした。前のページに戻り、再読み込みして、もう一度お試しください。
error-unavailable-title = まもなく再開します
error-unavailable-text = サービスの一部が現在応答していません。失われたものはありません。1分後にもう一度お試しください。
error-internal-title = こちらの不具合です
error-internal-text = こちら側で問題が発生しました。もう一度お試しください。
error-request-title = この要求には応答できません
error-redirect-uri-title = 登録されていないredirect_uri
error-redirect-uri-text = ショップは、登録されていないアドレスへの移動を要求しました。そのアドレスには移動していません。
error-redirect-uri-missing-title = redirect_uriがありません
error-redirect-uri-missing-text = ショップは、このあとの移動先を指定していません。
error-client-title = 不明なクライアント
error-client-text = ここへの移動元のショップは、登録されていません。
error-logout-uri-title = 登録されていないpost_logout_redirect_uri
error-logout-uri-text = ショップは、登録されていないアドレスへの移動を要求しました。そのアドレスには移動していません。
error-hint-title = id_token_hintは拒否されました
error-hint-text = ショップは、こちらがそのショップに発行していないトークンを送信しました。
error-answered-title = すでに先へ進んでいます
error-answered-text = このページは、ショップに戻るためにすでに使用されました。

# Passwords
password-new = 新しいパスワード
password-save = パスワードを保存
password-hint = { $least }文字以上にしてください。互いに関係のない単語をいくつか並べると、覚えやすく、推測されにくくなります。パスワードマネージャーから貼り付けることもできます。
password-change-title = パスワードを変更
password-change-lead = ほかのすべての場所でサインアウトされます。
password-set-title = パスワードを設定
password-set-lead = まだ設定されていません。設定すると、パスキーが手元にないときでもサインインできます。
password-done = パスワードを変更しました。ほかのすべての場所でサインアウトしました。
password-empty = 新しいパスワードを入力してください。
password-too-short = 短すぎます。{ $least }文字以上にしてください。
password-letters-digits = 英字と数字の両方を使ってください。
password-breached = そのパスワードは過去に漏えいし、犯罪者のリストに載っています。別のものを選んでください。
password-context = そのパスワードの大部分が、ご自身の名前またはショップの名前です。別のものを選んでください。
password-used-before = そのパスワードは以前に使用されています。別のものを選んでください。
password-guessable = そのパスワードは推測されやすいものです。
password-grade-0 = 非常に推測されやすいパスワードです。
password-grade-1 = 推測されやすいパスワードです。
password-grade-2 = 十分な強さです。
password-grade-3 = 強いパスワードです。
password-grade-4 = 非常に強いパスワードです。
password-weak-keys = キーボードの隣り合ったキーは、真っ先に試されます。
password-weak-repeats = 文字や単語を繰り返しても、ほとんど強くなりません。
password-weak-common = 多くの人が使うパスワードに似ています。
password-weak-sequences = abcや6543のような連続した文字では、ほとんど強くなりません。
password-weak-dates = 年や日付は推測されやすいものです。
password-weak-word = 1つの単語だけでは推測されやすくなります。
password-weak-names = 名前は推測されやすいものです。
password-advice-words = 関係のない単語を、あと1つか2つ加えてください。
password-advice-capitals = 大文字にしてもあまり効果はありません。単語を増やすほうが効果的です。
password-advice-tricks = 逆さに書いたり、文字を数字に置き換えたりしても、あまり効果はありません。単語を増やすほうが効果的です。
password-advice-patterns = 繰り返しやパターンは避け、代わりに単語を加えてください。
password-advice-dates = 年や日付は使わず、代わりに単語を加えてください。
replace-title = 新しいパスワードを選んでください
replace-lead = パスワードが他人に知られている可能性があります。漏えいしたデータから見つかったか、他人が侵入したとの報告をいただいたためです。パスワードを変更して、先へ進んでください。
replace-lead-staff = スタッフのアカウントには、より厳しいパスワードの規則が適用されます。規則を満たし、他では使っていないパスワードを選んでください。
security-password = パスワード
security-password-change = パスワードを変更
security-password-set = パスワードを設定

# Joining
signin-forgot = サインインできませんか？
signin-new = 初めてですか？
signin-join = アカウントを作成
join-title = アカウントを作成
join-lead-plain = 1分ほどで終わります。
join-send = 確認コードを送信する
join-have = アカウントをお持ちですか？
join-code-lead = { $email }に確認コードを送信しました。ここに入力してください。届かない場合は、迷惑メールのフォルダーを確認してください。
join-code-proven = { $email }のアカウント
join-other = 別のメールアドレスを使う
join-email-wrong = メールアドレスの形式が正しくありません。確認してください。
join-email-blocked = このプロバイダーのメールアドレスは、ここでは使えません。別のものを使ってください。
join-details-lead = メールアドレスを確認しました。次に、あなたについて教えてください。
join-name = 名前
join-birth-date = 生年月日
join-optional = （任意）
join-terms = 次に同意します:
join-name-missing = 名前を100文字以内で入力してください。
join-terms-missing = 先へ進むには、利用規約に同意してください。
join-birth-date-wrong = 生年月日を入力してください。
join-too-young = ここでアカウントを作成できる年齢に達していません。
join-credential-title = サインインの方法を選んでください
join-credential-lead = パスキーなら、指紋、顔、またはこのデバイスのPINだけでサインインできます。覚えるものはなく、だまし取られることもありません。
join-passkey = パスキーを作成
join-or = またはパスワードを使う
join-password = アカウントを作成

# Sessions, shops, activity, messages
ago-minutes = { $count ->
    [0] たった今
   *[other] { $count }分前
  }
ago-hours = { $count }時間前
ago-days = { $count }日前
sessions-title = サインイン中の場所
sessions-lead = 心当たりのないものはありませんか？ あれば、サインアウトさせてください。
sessions-this = 現在のブラウザー
sessions-unknown = 不明なデバイス
sessions-begun = 開始: { $when }
sessions-seen = 最終使用: { $when }
sessions-end-label = { $name }でサインアウト
sessions-end-others = ほかのすべての場所でサインアウト
sessions-not-me = 他人が使っています。アカウントを保護する
shops-title = 連携中のショップ
shops-lead = これらのショップは、あなたのデータの一部を見ることができます。
shops-none = どのショップともデータを共有していません。
shops-remove = 連携を解除
shops-remove-label = { $name }との連携を解除
shops-note = 解除すると、ショップは改めて許可を求める必要があります。ショップがすでに持っているデータは、そのショップの規則に従って保管されます。
activity-title = 履歴
activity-lead = アカウントに対して行われたすべての操作です。新しい順に表示しています。
activity-older = さらに前へ
activity-note = 身に覚えのないものがありますか？ アカウントを保護してください:
activity-decision-judged = スタッフが、いつもと違うサインインまたは注文を確認しました
activity-change-held = 直前のサインインがいつもと違ったため、変更が保留されました
activity-signin-confirmed = いつもと違うサインインをご自身のものと回答しました
activity-signed-in = サインインしました
activity-signin-advanced = サインインの1段階目を通過しました
activity-signin-refused = サインインが拒否されました
activity-challenge-refused = 2段階目の確認が拒否されました
activity-session-replaced = 同じブラウザーで別の人がサインインしたため、サインアウトしました
activity-session-ended = 別のブラウザーをサインアウトさせました
activity-signed-out = サインアウトしました
activity-code-sent = 確認コードを送信しました
activity-code-not-sent = 要求回数が多すぎたため、確認コードを送信しませんでした
activity-device-trusted = デバイスを信頼しました
activity-device-distrusted = デバイスの信頼を取り消しました
activity-passkey-cloned = 複製が存在する可能性があるため、キーが拒否されました
activity-address-checked = ショップが住所をアカウントの住所と照合しました
activity-authenticator-added = サインインの方法を追加しました
activity-level-raised = それ以降、そのサインインの保証レベルが上がりました
activity-authenticator-removed = サインインの方法を削除しました
activity-authenticator-refused = サインインの方法は追加されませんでした
activity-level-chosen = サインインに必要な強さを選びました
activity-recovery-codes-given = 新しいリカバリーコードを取得しました
activity-recovery-codes-kept = リカバリーコードを安全な場所に保管しました
activity-password-changed = パスワードが変更されました
activity-password-flagged = パスワードが漏えいしたデータから見つかりました
activity-account-secured = 「自分ではありません」との報告により、すべてサインアウトしました
activity-customer-joined = このアカウントを作成しました
activity-customer-added = ショップがこのアカウントを作成しました
activity-customer-changed = ショップがアカウントを変更しました
activity-recovery-begun = アカウントの復旧が始まりました
activity-recovery-proof = 復旧で証明が示されました
activity-recovery-waits = 弱い証明による復旧が待機に入りました
activity-recovery-stopped = 復旧が停止されました
activity-account-recovered = アカウントが復旧されました
activity-contact-changed = メールアドレスまたは電話番号が変更されました
activity-contact-restored = 変更が取り消されました
activity-sharing-ended = ショップとの連携を解除しました
activity-consent-given = ショップにデータの利用を許可しました
activity-purchase-confirmed = 購入を確認しました
activity-consent-denied = ショップにデータの利用を許可しませんでした
activity-message-checked = メッセージが本物かどうかを確認しました
activity-why-unusual = いつもと違う点：{ $reasons }
activity-why-new-device = 初めてのブラウザーからでした。
activity-why-second-factor = アカウントが2段階目の確認で保護されているため、追加の確認を求めました。
activity-why-wrong-password = パスワードが間違っていました。
activity-why-wrong = 示されたものが間違っていました。
activity-why-used = コードはすでに使用されていました。
activity-why-throttled = 試行回数が多すぎました。
activity-why-locked = アカウントはロックされていました。
activity-why-cloned = キーの複製が存在する可能性があります。
activity-why-foreign = こちらからのものではありませんでした。
activity-why-altered = こちらが送信した内容と異なっていました。
activity-why-replayed = 別の人に送信したものでした。
messages-title = こちらからのメッセージ
messages-lead = お送りしたメッセージは、すべてここにあります。ここにないものは、こちらからのものではありません。
messages-verify = メッセージを確認
messages-none = まだメッセージをお送りしていません。
messages-text = SMS
verify-title = このメッセージは本物ですか？
verify-lead = メッセージを貼り付けるか、末尾のコードを入力してください。こちらが送信したものかどうかをお知らせします。
verify-label = メッセージまたはコード
verify-submit = 確認する
verify-note = メール、SMS、電話でパスワードやコードをお尋ねすることは決してありません。尋ねてくる人がいれば、それは私たちではありません。
verify-when = 送信: { $when }
verify-said = こちらがお伝えした内容は、次のものだけです:
verify-safe = アカウントの安全を確認する
verify-genuine-title = はい、こちらからのメッセージです。
verify-genuine-text = このコードのメッセージを送信しました。全文を貼り付けた場合は、文面もこちらが送信したものです。
verify-went-to = 宛先は{ $to }です。ご自身でなければ、だれかが転送したものです。内容に従わないでください。比較したのは文面で、リンクではありません。リンク先を確かめてから開いてください。
verify-altered-title = いいえ。このメッセージは改ざんされています。
verify-altered-text = こちらのメッセージのコードが付いていますが、文面は異なります。中のリンクは開かないでください。報告として記録しました。
verify-replayed-title = このメッセージは、あなたに送信したものではありません。
verify-replayed-text = 別の人に送信したものです。これをあなたに送ってきた人は、だまそうとしています。
verify-foreign-title = いいえ、こちらからのメッセージではありません。
verify-foreign-text = そのようなメッセージは送信していません。中のリンクは開かず、誰にもコードを教えないでください。報告として記録しました。
verify-throttled-title = 確認の回数が多すぎます。
verify-throttled-text = 1時間後にもう一度お試しください。

# Privacy
privacy-title = あなたのデータ
privacy-export-title = データを持ち出す
privacy-export-text = 保管されているあなたのデータすべてを、1つのアーカイブにまとめます。読むためのページと、機械で処理するためのファイルが入っています。
privacy-export = データをダウンロード
privacy-archive-title = 保管されているあなたのデータ
privacy-erase-title = 退会する
privacy-erase-text = アカウントとその中のすべてのデータは、{ $days }日後に削除されます。それまではサインインして、アカウントを残すことができます。削除後は、誰にも元に戻せません。
privacy-sure = アカウントの削除を希望します
privacy-unticked = 本当に退会する場合は、チェックボックスをオンにしてください。
privacy-staff = このアカウントはショップのスタッフのものです。先にオーナーにスタッフから外してもらってください。
privacy-frozen = アカウントのメールアドレスまたは電話番号が最近変更されたか、アカウントが凍結されています。安全のため、削除できるのは、このような変更から3日後です。
account-leaving = アカウントは削除されます。
account-leaving-link = アカウントを残す
privacy-erase = アカウントを削除
privacy-leaving = { $days ->
    [0] アカウントは数時間以内に削除されます。
   *[other] アカウントは{ $days }日後に削除されます。
  }
privacy-keep = アカウントを残す
activity-erasure-asked = アカウントの削除を申請しました
activity-erasure-cancelled = アカウントを残すことにしました
activity-data-exported = データをダウンロードしました

# Profile and addresses
language-name = 日本語
profile-title = プロフィール
profile-lead = 許可した範囲がショップに伝えられます。
profile-given-name = 名
profile-family-name = 姓
profile-nickname = ニックネーム
profile-language = メッセージの言語
profile-language-browser = ブラウザーの設定に合わせる
profile-birth-date-fixed = 変更できるのは、ショップのカスタマーサービスだけです。
profile-saved = 保存しました。
profile-nameless = 名前を入力してください。
profile-long = 名前は100文字以内です。
addresses-title = 住所
addresses-lead = 注文品の届け先です。最初の住所が、許可したショップに伝えられます。
addresses-none = まだありません。
addresses-preferred = ショップに伝える住所
addresses-add = 住所を追加
addresses-edit = 変更
addresses-edit-label = { $line }を変更
addresses-edit-title = 住所を変更
addresses-prefer = 最初にする
addresses-save = 保存
addresses-saved = 保存しました。メールでもお知らせしました。
addresses-back = 住所の一覧に戻る
addresses-full = 1つのアカウントに登録できる上限に達しています。先にどれかを削除してください。
addresses-recipient = 受取人（ご本人でない場合）
addresses-recipient-long = 名前は100文字以内です。
addresses-street = 町名・番地・建物名
addresses-postal-code = 郵便番号
addresses-locality = 市区町村
addresses-region = 都道府県・州
addresses-region-when = （お住まいの国で使う場合）
addresses-country = 国
addresses-wrong = 印の付いた項目を確認してください。
addresses-wrong-street = 町名と番地を3行以内で入力してください。
addresses-wrong-postal-code = この国の郵便番号ではありません。
addresses-wrong-locality = 市区町村を入力してください。
addresses-wrong-region = この国では都道府県または州が必要です。CAのような短いコードがある場合は、それを入力してください。
addresses-wrong-country = 国を選択してください。
addresses-frozen = 他人が侵入したとの報告をいただいたため、アカウントは1日間凍結されています。明日もう一度お試しください。
addresses-stale = その間に別の変更がありました。もう一度お試しください。
addresses-unknown = その住所はありません。
addresses-same = すでに登録されている内容と同じです。
activity-address-changed = 住所を変更しました
activity-profile-changed = プロフィールを変更しました

# Contact
contact-title = 連絡先
contact-lead = 変更は新しい連絡先で確認し、以前の連絡先にもお知らせします。以前の連絡先からは、3日間、変更を取り消せます。
contact-email = メールアドレス
contact-email-none = まだありません。
contact-email-new = 新しいメールアドレス
contact-backup-email = 予備のメールアドレス
contact-backup-email-none = まだありません。予備のメールアドレスがあると、アカウントを復旧しやすくなり、アカウントで起きたことの通知も受け取れます。別のプロバイダーのものが最適です。
contact-backup-email-new = 予備のメールアドレス
contact-phone = 電話番号
contact-phone-none = まだありません。
contact-phone-new = 新しい電話番号（国際形式。例: +44 20 7946 0000）
contact-add = 追加
contact-change = 変更
contact-sent = { $target }がここで使える場合は、確認コードが届きます。有効期限は10分です。
contact-changed = 変更しました。以前の連絡先にお知らせしました。
contact-removed = 削除しました。メールでお知らせしました。
contact-refused-form = 使用できるメールアドレスまたは電話番号ではありません。確認してください。
contact-refused-same = すでに登録されている内容と同じです。
contact-refused-frozen = 他人が侵入したとの報告をいただいたため、アカウントは1日間凍結されています。明日もう一度お試しください。
contact-refused-throttled = メッセージの送信回数または試行回数が多すぎます。数分待ってから、もう一度お試しください。
contact-refused-no-way = ここではSMSを送信できないため、電話番号を確認できません。
contact-refused-code = 確認コードが正しくありません。確認するか、もう一度送信してください。
undo-ask-title = この変更を取り消しますか？
undo-ask-text = ボタンを1回押すと、アカウントが変更前の状態に戻ります。住所、連絡先、電話番号、プロフィール、パスワード、サインインの方法が対象です。すべての場所でサインアウトし、1日間は何も変更できなくなります。
undo-submit = 取り消す
undo-note = ご自身で変更した場合は、何もする必要はありません。このページを閉じてください。
undo-done-title = アカウントを元の状態に戻しました
undo-done-text = この変更と、それ以降のすべての変更を取り消し、すべての場所でサインアウトしました。サインインして、新しいパスワードを選んでください。以前のパスワードは他人に知られている可能性があります。
undo-expired-title = このリンクはもう使えません
undo-expired-text = すでに使用されたか、3日間の期限が過ぎています。他人がアカウントを変更した場合は、アカウントを復旧するか、ショップのカスタマーサービスにお問い合わせください。

# Recovery
recovery-title = アカウントの復旧
recovery-lead = アカウントのメールアドレスを入力してください。確認コードを送信します。
recovery-back = サインインに戻る
recovery-prove-lead = { $email }のアカウントがある場合は、確認コードが届きます。ここに入力してください。
recovery-no-mailbox = このメールアドレスのメールを受け取れません
recovery-no-mailbox-text = その場合は、ご本人だけが持っている別のものを示してください。
recovery-more-title = もう少し証明が必要です
recovery-more-lead = アカウントは2段階目の確認で保護されているため、証明が1つでは足りません。もう1つ示してください。
recovery-may-wait-lead = これまでに示された証明では、{ $hours }時間のあいだ誰からも異議がなければ復旧できます。アカウントのすべての連絡先にお知らせします。
recovery-wait = { $hours }時間の待機を始める
recovery-faster = または、さらに証明を示して早く進める
recovery-show = 示す
recovery-desk = これ以上示せるものがありませんか？ ショップのカスタマーサービスにお問い合わせください。
recovery-waiting-title = アカウントの復旧を進めています
recovery-waiting-lead = 約{ $hours }時間後に、新しいサインインの方法を選べます。
recovery-waiting-text = アカウントのすべての連絡先に、復旧を停止できるリンクを付けてお知らせしました。待機時間が過ぎたら、続け方をメールでお知らせします。このページは閉じてかまいません。
recovery-finish-password = そのあと、先へ進みます。アカウントに2段階目の確認がある場合は、いつもどおり求められます。
recovery-finish-factor = 以前のサインインの方法は削除され、すべての場所でサインアウトします。
recovery-vetoed-title = この復旧は停止されました
recovery-vetoed-text = アカウントの所有者が、自分による復旧ではないと報告しました。所有者がご自身で、報告した覚えがない場合は、ショップのカスタマーサービスにお問い合わせください。
recovery-over-title = この復旧は終了しました
recovery-over-text = 時間が経ちすぎたか、別の復旧が始まったか、その間にアカウントが変更されました。失われたものはありません。最初からやり直してください。
recovery-done-title = 新しいパスワードを設定しました
recovery-done-text = そのパスワードでサインインしてください。
recovery-again = 最初からやり直す
recovery-lost-factor = 2段階目の確認に使うアプリ、パスキー、電話も使えません
recovery-have-factor = 2段階目の確認は使えます
recovery-too-new = 変更から間もないため、まだ数えません
recovery-mailbox-name = メールアドレス
recovery-mailbox-label = メールで届いた確認コード
recovery-mailbox-lead = { $target }に確認コードを送信できます。
recovery-mailbox-wrong = 確認コードが正しくありません。確認するか、もう一度送信してください。
recovery-second-mailbox-name = 予備のメールアドレス
recovery-second-mailbox-label = 予備のメールアドレスに届いた確認コード
recovery-second-mailbox-lead = 予備のメールアドレス{ $target }に確認コードを送信できます。
recovery-second-mailbox-wrong = 確認コードが正しくありません。確認するか、もう一度送信してください。
recovery-phone-name = 電話番号
recovery-phone-label = 電話に届いた確認コード
recovery-phone-lead = 末尾が{ $target }の電話番号に、SMSで確認コードを送信できます。
recovery-phone-wrong = 確認コードが正しくありません。確認するか、もう一度送信してください。
recovery-passkey-name = パスキーまたはセキュリティキー
recovery-passkey-label = このアカウントのパスキーまたはセキュリティキーをまだお持ちでしたら、ご利用ください。
recovery-passkey-use = パスキーまたはキーを使う
recovery-passkey-wrong = 受け付けられませんでした。もう一度お試しいただくか、別のものをお使いください。
recovery-recovery-code-name = リカバリーコード
recovery-recovery-code-label = 保存したリカバリーコード
recovery-recovery-code-wrong = そのリカバリーコードは正しくありません。確認するか、別のコードをお試しください。
recovery-password-name = パスワード
recovery-password-label = パスワード
recovery-password-wrong = パスワードが正しくありません。
recovery-trusted-device-name = 信頼したデバイス
recovery-past-order-name = 過去の注文
recovery-past-order-label = 3日より前の注文の番号
recovery-past-order-wrong = その注文は見つかりません。
recovery-link-stop-title = 復旧を停止しますか？
recovery-link-stop-text = 弱い証明によって、このアカウントの復旧が進められています。ご自身でない場合は、停止してください。
recovery-link-stop-submit = 自分ではありません。停止する
recovery-link-stopped-title = 復旧を停止しました
recovery-link-stopped-text = 誰も侵入していません。ご自身が要求したのでなければ、メールやメッセージを他人に読まれている可能性があります。そのパスワードも変更してください。
recovery-link-go-on-title = アカウントの復旧
recovery-link-go-on-text = 待機時間が過ぎ、誰からも異議はありませんでした。このブラウザーで続けてください。
recovery-link-go-on-submit = 続ける
recovery-link-expired-title = このリンクはもう使えません
recovery-link-expired-text = すでに使用されたか、期限が切れたか、復旧が停止されました。

# This was not me
not-me-ask-title = ご自身ではありませんでしたか？
not-me-about = お知らせした内容: { $subject }
not-me-ask-text = ボタンを1回押すと、すべての場所で全員がサインアウトし、パスワードは変更するまで使えなくなります。住所と連絡先も1日間変更できなくなります。
not-me-submit = 自分ではありません。アカウントを保護する
not-me-note = ご自身であれば、何もする必要はありません。このページを閉じてください。
not-me-done-title = アカウントを保護しました
not-me-done-text = すべての場所でサインアウトしました。1日間は、誰も住所と連絡先を変更できません。次に、新しいパスワードを選んでください。
not-me-signin-title = ご自身でしたか？
not-me-me-submit = はい、自分です
not-me-me-note = ご自身であれば、アカウントには何も起こりません。お答えは本人かどうかの見分けに役立ち、保留されていた変更もすぐに行えるようになります。
not-me-known-title = ありがとうございます
not-me-known-text = ご本人であることを確認しました。アカウントは何も変更されていません。保留されていた操作はすぐに行えます。
held-title = この変更は保留されています
held-text = 直近のサインインがいつもと違うようでした。あと{ $hours }時間は、サインインの方法、連絡先、お届け先を誰も変更できません。
held-faster = 次のいずれかを行えば、待つ必要はありません。
held-mail = このサインインについてのメールを開き、ご自身であると答える。
held-browser = 以前にここで使ったことのあるブラウザーでサインインする。
held-factor = 設定済みであれば、パスキーまたは認証アプリでサインインする。
held-why = パスワードを手に入れた泥棒は、まず連絡先を変えようとします。これは、それに気づくための時間です。
held-back = アカウントへ
not-me-used-title = このリンクは使用済みです
not-me-used-text = このリンク、または同じ働きの別のリンクが、すでに使用されています。まだパスワードを変更していない場合は、今すぐ変更してください。
not-me-expired-title = このリンクはもう使えません
not-me-expired-text = 期限が切れているか、リンクが途中で切れています。引き続き、サインインしてパスワードを変更するか、アカウントを復旧できます。
not-me-recover = アカウントを復旧する
not-me-code-title = このコードを請求していませんか？
not-me-code-text = だれかがあなたのアドレスを入力し、アカウントの復旧を始めました。コードがなければ入れません。ボタンを押すと、その手続きを終了します。
not-me-code-submit = 心当たりがありません。終了する
not-me-stopped-title = 終了しました
not-me-stopped-text = コードは無効になりました。メールをだれかに読まれていると思われる場合は、サインインして別のアドレスに変更し、アカウントを保護してください。

# Mail
mail-phrase = あなたの合言葉: { $phrase }
mail-foot = --
    { $brand }。このメッセージが本物かどうかは、コード { $code } を次のページに入力して確認できます: { $link }
mail-code-link = または、同じブラウザーで次のページを開き、ボタンを押してください: { $link }
mail-not-me = ご自身でない場合は、次のページでボタンを押してください。サインインせずに使えます: { $link }
mail-new-device-subject = アカウントへの新しいサインイン
mail-new-device-text = これまでに使われたことのないブラウザーから、アカウントへのサインインがありました。

    ご自身であれば、何もする必要はありません。
mail-password-changed-subject = パスワードが変更されました
mail-password-changed-text = アカウントのパスワードが変更されました。すべての場所でサインアウトしました。
mail-password-breached-subject = パスワードが犯罪者に知られています
mail-password-breached-text = { $brand }のアカウントのパスワードが、漏えいしたデータのリストに載っています。ここから漏えいしたとは限りません。多くの人が、1つのパスワードを複数の場所で使っています。

    新しいパスワードを選んでください。同じパスワードを使っているほかの場所でも変更してください: { $link }
mail-locked-subject = アカウントがロックされました
mail-locked-text = ショップの担当者がアカウントをロックしました。解除するには、ショップにお問い合わせください。
mail-authenticator-added-subject = サインインの方法が追加されました
mail-authenticator-added-text = アカウントに新しいサインインの方法が追加されました。認証アプリ、パスキー、セキュリティキー、メッセージによる確認コードのいずれかです。こちらで確認できます: { $link }
mail-authenticator-removed-subject = サインインの方法が削除されました
mail-authenticator-removed-text = アカウントからサインインの方法が削除されました。認証アプリ、パスキー、セキュリティキー、メッセージによる確認コードのいずれかです。残っている方法はこちらで確認できます: { $link }
mail-recovery-code-used-subject = リカバリーコードが使用されました
mail-recovery-code-used-text = パスワードとリカバリーコードの1つを使って、アカウントへのサインインがありました。各コードは1回だけ使えます。
mail-passkey-cloned-subject = セキュリティキーが拒否されました
mail-passkey-cloned-text = 複製された可能性のあるキーを使って、アカウントへのサインインが試みられました。このサインインは拒否されました。

    そのキーを削除し、別のキーを追加してください: { $link }
mail-few-recovery-codes-subject = リカバリーコードが残り少なくなりました
mail-few-recovery-codes-text = パスワードとリカバリーコードの1つを使って、アカウントへのサインインがありました。残りのコードがわずかです。新しいコードを取得してください: { $link }
mail-already-joined-subject = すでにアカウントをお持ちです
mail-already-joined-text = このメールアドレスで{ $brand }のアカウントを作成しようとした人がいます。ご自身かもしれません。アカウントはすでにあり、何も変更されていません。

    ご自身であれば、こちらからサインインしてください。新しいパスワードを選ぶこともできます: { $link }
mail-welcome-subject = { $brand }へようこそ
mail-welcome-text = アカウントの準備ができました。サインインの方法、サインイン中の場所、お送りしたすべてのメッセージを、アカウントで確認できます: { $link }
mail-recovery-waits-subject = アカウントの復旧が進められています
mail-recovery-waits-text = { $brand }のアカウントの復旧が進められています。ご自身かもしれませんが、十分な証明は示されていません。{ $hours }時間後に、その人は新しいサインインの方法を選べるようになります。

    ご自身であれば、何もする必要はありません。ご自身でない場合は、今すぐ停止してください。ボタンを1回押すだけで、サインインは不要です: { $link }
mail-recovery-ready-subject = アカウントを復旧できるようになりました
mail-recovery-ready-text = 待機時間が過ぎ、誰からも異議はありませんでした。1日以内に、こちらから続けてください: { $link }
mail-recovered-subject = アカウントが復旧されました
mail-recovered-text = アカウントが復旧されました。新しいパスワードが設定され、以前のサインインの方法は削除されました。すべての場所でサインアウトしました。こちらで確認できます: { $link }
mail-contact-undo-subject = アカウントが変更されました: { $what }
mail-contact-undo-text = { $brand }のアカウントで、次の変更がありました: { $what }

    ご自身であれば、何もする必要はありません。ご自身でない場合は、ボタンを1回押すだけで取り消せます。3日間有効で、サインインは不要です。それ以降のすべての変更も元に戻ります: { $link }
mail-address-changed-subject = 住所が変更されました
mail-address-changed-text = { $brand }のアカウントで、住所が追加または変更されたか、最初の住所が入れ替えられました。こちらで確認できます: { $link }
mail-contact-changed-subject = このメールアドレスがアカウントに登録されました
mail-contact-changed-text = 今後、{ $brand }のアカウントに関するメールは、このメールアドレスに届きます。こちらで確認できます: { $link }
mail-restored-subject = アカウントを元の状態に戻しました
mail-restored-text = 連絡先の変更と、それ以降のすべての変更を取り消しました。すべての場所でサインアウトしました。1日間は何も変更できません。

    ショップの公式サイトでサインインし、新しいパスワードを選んでください。以前のパスワードは他人に知られている可能性があります。
mail-erasure-asked-subject = アカウントは削除されます
mail-erasure-asked-text = ご希望により、{ $brand }のアカウントとその中のすべてのデータは、{ $days }日後に削除されます。すべての場所でサインアウトしました。それまでは、こちらからサインインしてアカウントを残すことができます: { $link }

    ご自身でない場合は、サインインしてアカウントを残し、パスワードを変更してください。
mail-kept-subject = アカウントは残ります
mail-kept-text = アカウントは削除されません。こちらで確認できます: { $link }
mail-erased-subject = アカウントを削除しました
mail-erased-text = { $brand }のアカウントと、その中のすべてのデータを削除しました。アカウントの鍵の写しが残っているバックアップは、30日後になくなります。鍵がなければ、データは一切読み取れません。

    次は、こちらが署名した受領証です。削除の日付を証明する必要がありそうな場合は、保管してください:

    { $receipt }

    これが、こちらからお送りする最後のメールです。
mail-secured-subject = アカウントを保護しました
mail-secured-text = ご自身ではないとの報告をいただいたため、すべての場所でサインアウトしました。パスワードは、変更するまで使えません。住所と連絡先は、1日間変更できません。

    ショップの公式サイトでサインインするか、アカウントを復旧して、新しいパスワードを選んでください。
mail-code-signin-subject = サインイン用の確認コード
mail-code-signin-text = 確認コードは { $code } です。有効期限は10分です。{ $brand }のアカウントへのサインインだけに使えます。

    コードを要求したページにだけ入力してください。ショップの者が電話などでコードをお尋ねすることは決してありません。要求した覚えがない場合は、パスワードが他人に知られています。パスワードを変更してください。
mail-code-purchase-subject = 購入を確認するためのコード
mail-code-purchase-text = 確認コードは { $code } です。{ $shop }での{ $amount }の購入の確認だけに使えます。有効期限は10分です。

    購入中のページにだけ入力してください。ショップの者が電話などでコードをお尋ねすることは決してありません。この購入に覚えがない場合は、パスワードが他人に知られています。パスワードを変更してください。
mail-code-password-subject = 新しいパスワード用の確認コード
mail-code-password-text = 確認コードは { $code } です。有効期限は10分です。{ $brand }のアカウントの新しいパスワードを選ぶためだけに使えます。

    コードを要求したページにだけ入力してください。ショップの者が電話などでコードをお尋ねすることは決してありません。
mail-code-signup-subject = アカウント作成用の確認コード
mail-code-signup-text = 確認コードは { $code } です。有効期限は10分です。このメールアドレスで{ $brand }のアカウントを作成するために使います。

    コードを要求したページにだけ入力してください。要求した覚えがない場合は、何もする必要はありません。コードがなければ、誰もこのメールアドレスを使えません。
mail-code-address-subject = メールアドレス確認用のコード
mail-code-address-text = 確認コードは { $code } です。有効期限は10分です。このメールアドレスを{ $brand }のアカウントに追加するために使います。

    コードを要求したページにだけ入力してください。要求した覚えがない場合は、何もする必要はありません。
mail-code-recovery-subject = アカウント復旧用の確認コード
mail-code-recovery-text = 確認コードは { $code } です。有効期限は10分です。{ $brand }のアカウントの復旧だけに使えます。

    コードを要求したページにだけ入力してください。ショップの者が電話などでコードをお尋ねすることは決してありません。
sms-notice-text = { $brand }: アカウントのサインインの方法が追加または削除されました。ご自身でない場合は、すぐにショップに連絡してください。({ $message })
sms-code-text = { $brand }: 確認コードは { $code } です。コードをお尋ねすることは決してありません。({ $message })
sms-caller-text = { $brand }：{ $code } は電話しているのがご本人であることをサポートに示します。{ $purpose } 相手から電話があった場合は誰にも伝えないでください。({ $message })
sms-purchase-text = { $brand }: { $code } は{ $shop }での{ $amount }の購入を確認するコードです。覚えがなければどこにも入力しないでください。コードをお尋ねすることは決してありません。({ $message })

# Safety: check-up, cards, phrase, quiz, theft, reports
account-frozen = アカウントはあと{ $hours }時間、凍結されています。住所と連絡先は変更できません。ショップにもこのことが伝えられています。
checkup-title = セキュリティ診断
checkup-points = 100点中{ $score }点
checkup-verdict-best = アカウントは、考えられるかぎり最も安全な状態です。
checkup-verdict-good = よく保護されています。あと少しだけ残っています。
checkup-verdict-fair = 多くのアカウントより安全です。下の最初の項目が最も効果的です。
checkup-verdict-poor = パスワードを手に入れた人は、誰でもサインインできます。下の最初の項目で防げます。
checkup-well = 完了
checkup-back = 診断に戻る
checkup-note = 点数は、測定に基づく保護の強さを表します。だまし取られないものほど点数が高くなります。メッセージによる確認コードには点数がありません。
checkup-password-title = 犯罪者のリストに載っていないパスワード
checkup-password-why = パスワードが知られているか、他人が侵入したとの報告をいただいています。
checkup-password-do = パスワードを変更
checkup-passkey-title = パスキーまたはセキュリティキー
checkup-passkey-why = だまし取られることがなく、偽のページには何も渡りません。
checkup-passkey-do = パスキーを追加
checkup-second-factor-title = 手元にあるものを使う2段階目の確認
checkup-second-factor-why = パスワードを盗まれても、それだけではサインインできません。
checkup-second-factor-do = アプリまたはキーを追加
checkup-recovery-codes-title = 安全な場所に保管したリカバリーコード
checkup-recovery-codes-why = スマートフォンをなくしても、その場でサインインできます。
checkup-recovery-codes-do = リカバリーコードを取得
checkup-second-mailbox-title = 予備のメールアドレス
checkup-second-mailbox-why = 1つ目のメールアドレスを乗っ取られても、アカウントで起きたことの通知を受け取れます。
checkup-second-mailbox-do = メールアドレスを追加
checkup-devices-title = 自分のブラウザーだけがサインインしている
checkup-devices-why = { $count }個のブラウザーでサインインしています。すべてご自身のものですか？
checkup-devices-do = すべて自分のものです
checkup-devices-look = 一覧を見る
checkup-old-shops-title = 利用中のショップだけがデータを見られる
checkup-old-shops-why = 1年間利用していないショップがあります。
checkup-old-shops-do = 古いショップとの連携を解除
checkup-phrase-title = あなたと私たちだけが知る合言葉
checkup-phrase-why = こちらからのすべてのメールに記載されます。合言葉のないメールは、こちらからのものではありません。
checkup-phrase-do = 合言葉を選ぶ
card-breached-title = パスワードの漏えいを心配しないために
card-breached-text = 以前のパスワードは、犯罪者が使うリストに載っていました。パスキーは漏えいしません。追加すれば、リストを気にする必要はなくなります。
card-breached-do = パスキーを追加
card-recovered-title = 次の復旧を短くするために
card-recovered-text = リカバリーコードを引き出しに保管しておけば、1分以内にサインインできます。ほかの人にはできません。
card-recovered-do = リカバリーコードを取得
card-phished-title = あなたをだまそうとしている人がいます
card-phished-text = ご報告ありがとうございます。そのようなメッセージは偽のページに誘導します。パスキーは本物のページでしか使えません。
card-phished-do = パスキーを追加
card-new-address-title = 新しい住所が追加されました
card-new-address-text = ご自身が追加しましたか？ そうでない場合は、今すぐ確認し、アカウントを保護してください。
card-new-address-do = 住所を確認する
card-new-payee-title = 新しい支払先がありました
card-new-payee-text = これまで支払ったことのない相手への購入が確認されました。お心当たりがない場合や、誰かに指示された場合は、今すぐご確認ください。
card-new-payee-do = 履歴を確認する
card-checkup-title = 安全のための2分間
card-checkup-text = アカウントがどのくらい保護されているかを確認できます。足りないところは、それぞれボタン1つで補えます。
card-checkup-do = 診断を始める
phrase-title = 合言葉
phrase-lead = こちらからのすべてのメールに記載されます。合言葉のないメールは、こちらからのものではありません。
phrase-label = 合言葉
phrase-other = 別の合言葉を選ぶ
phrase-current = 現在の合言葉:
phrase-save = この合言葉を使う
phrase-saved = 保存しました。今後、こちらからのメールに記載されます。
phrase-removed = 削除しました。こちらからのメールに合言葉は記載されなくなります。
phrase-remove = 合言葉を使わない
phrase-wrong = 合言葉は4～60文字です。
phrase-note = サインインする前に表示されることはなく、合言葉をお尋ねすることも決してありません。合言葉はパスワードではありません。合言葉が記載されたメールであっても、コードを教えないでください。
quiz-link = 偽のメッセージを見分けられますか？
quiz-title = 本物ですか、改ざんされたものですか？
quiz-lead = 私たちの名前が付いた6通のメッセージです。お送りしたままのものと、何かをだまし取ろうとする人が改ざんしたものがあります。所要時間は1分半ほどです。
quiz-message = メッセージ{ $number }
quiz-genuine = 本物
quiz-altered = 改ざん
quiz-submit = 答えを見る
quiz-missing = 先に、すべてのメッセージに答えてください。
quiz-result = 6問中{ $right }問正解です。
quiz-right = 正解です。
quiz-wrong = 不正解です。
quiz-passkey = 見分けられなくても安全にするには、パスキーを追加する
quiz-again = 別の6問に答える
quiz-lure-look-alike = ご自身であることを、1日以内に確認してください。
quiz-lure-call-us = すぐに解除するには、カードをお手元にご用意のうえ、+1 900 555 0123までお電話ください。
quiz-lure-send-code = 支払いを止めるには、コードを書いてこのメールに返信してください。
quiz-lure-hurry = 24時間以内に対応されない場合、アカウントとすべての注文が削除されます。
quiz-why-genuine = 本物です。リンク先は{ $host }で、何も求めていません。
quiz-why-look-alike = リンク先は{ $foreign }です。本物に似せてあるだけです。
quiz-why-call-us = 私たちは電話番号を案内して電話を求めることも、カードを求めることも決してありません。
quiz-why-send-code = コードを入力するのは、私たちのページだけです。私たちがコードをお尋ねすることはありません。
quiz-why-hurry = 脅して急がせ、{ $foreign }に誘導しています。これは私たちのものではありません。
theft-title = 他人がアカウントを使いました
theft-lead = この順番で進めてください。各ステップは1分ほどです。
theft-secure-title = 侵入者を締め出す
theft-secure-text = すべての場所でサインアウトし、パスワードは変更するまで使えなくなります。住所と連絡先は1日間凍結されます。ご自身もサインアウトし、新しいパスワードを選びます。
theft-look-title = 変更されたものを確認する
theft-look-text = 身に覚えのない変更を取り消してください:
theft-keep-title = 記録を残す
theft-keep-text = アカウントで起きたすべての出来事をまとめたアーカイブです。日時、アクセス元のアドレス、ブラウザーが記録されています。警察や銀行から求められます。
theft-days = さかのぼる期間
theft-days-option = 直近{ $days }日間
theft-download = レポートをダウンロード
theft-tell-title = 届け出る
theft-tell-text = 届け出の際は、レポートの番号を伝えてください。届け出先:
theft-bank-title = 銀行に連絡する
theft-bank-text = 何かを購入された場合は、支払いの停止または取り消しを依頼してください。名前と生年月日を知られた可能性がある場合は、信用情報機関に情報の凍結または注意情報の登録を依頼してください。
theft-elsewhere-title = ほかの場所も確認する
theft-elsewhere-text = 同じパスワードをほかでも使っている場合は、そこでも変更してください。まずメールのパスワードから始めてください。メールを読める人は、すべてのサービスに侵入できます。
theft-report-title = レポート{ $case }
theft-report-text = アカウントで記録された出来事です。新しい順に表示しています。時刻はUTCです。
theft-report-shop = ショップ
theft-report-subject = アカウント
theft-report-made = 作成日時
theft-report-when = 日時
theft-report-what = 内容
theft-report-where = アクセス元
safety-title = 安全のために
safety-lead = { $brand }の名前でメッセージを受け取るすべての方に、知っておいていただきたいことです。
safety-never-title = 私たちが決してしないこと
safety-never-password = メール、SMS、電話でパスワードを尋ねること
safety-never-code = コードを教える、送る、または転送するよう求めること
safety-never-gift-card = ギフトカードでの支払いや、その番号の読み上げを求めること
safety-never-move = 送金や、プログラムのインストールを求めること
safety-address-title = アドレスは1つだけ
safety-address-text = サインインするのは{ $host }だけです。パスキーなら、それを自動で確認します。
safety-doubt-title = 疑わしいとき
safety-doubt-text = こちらからのすべてのメッセージには、コードが付いています。コードを入力するか、メッセージ全体を貼り付けてください。こちらからのものかどうかをお知らせします。
safety-in-title = アカウントに侵入されましたか？
safety-in-text = こちらからのメッセージにある「自分ではありません」のリンクを開き、ボタンを1回押すと、侵入者を締め出せます。手元にメッセージがない場合は、こちらへ進んでください:
safety-best-title = 最も効果的な方法
safety-best-text = パスキーです。偽のページには何も渡らず、覚えるものもありません。
report-title = 詐欺を報告
report-lead = 私たちの名前を使ったメッセージ、ページ、電話についてお知らせください。すべての報告に目を通し、ほかの方に注意を呼びかけます。
report-kind = 何でしたか？
report-kind-message = メールまたはSMS
report-kind-site = ウェブページ
report-kind-call = 電話
report-kind-other = その他
report-text = 何がありましたか？ メッセージ、アドレス、または電話番号を貼り付けてください。
report-send = 報告を送信
report-missing = 種類を選び、何があったかを入力してください。
report-thanks = ありがとうございます。報告を受け取りました。
report-after = パスワードやコードを教えてしまった場合は、今すぐパスワードを変更してください。支払ってしまった場合は、銀行に電話してください。
activity-devices-reviewed = サインイン中のブラウザーを確認しました
activity-phrase-chosen = 合言葉を選択または削除しました
activity-theft-report-made = 警察と銀行に提出するレポートをダウンロードしました
activity-scam-reported = 詐欺を報告しました
shops-receipt = 同意の控え
shops-receipt-label = { $name } と同意した内容の控え

upstream-with = { $provider }で続ける
upstream-title = { $provider }のアカウント
upstream-connect-lead = 連携すると、今後は{ $provider }でここにサインインできます。ご自分のアカウントだけを連携してください。
upstream-own = ここでのアカウント
upstream-connect = 連携する
upstream-not-now = 今はしない
upstream-unknown = { $provider }では{ $label }さんです。ここにはまだ連携したアカウントがありません。
upstream-have-account = ここのアカウントを持っています
upstream-have-account-hint = 一度だけ、いつもの方法でサインインしてください。そのあとで、連携するかどうかを確認します。
upstream-join = はじめて利用します
upstream-join-hint = { $provider }で開くアカウントを作ります。パスワードはいりません。
upstream-join-with = 今後は{ $provider }でサインインする
upstream-or = または
upstream-join-with-hint = パスキーやパスワードはあとから追加できます。
upstream-denied = 相手側でサインインできませんでした。もう一度お試しいただくか、ここでサインインしてください。
upstream-unreachable = 相手側が現在応答していません。ここでサインインするか、1分後にもう一度お試しください。
upstream-invalid = 相手側からの応答が正しくなかったため、受け付けませんでした。もう一度お試しいただくか、ここでサインインしてください。
upstream-not-fresh = この操作には改めてのサインインが必要ですが、相手側から確認が得られませんでした。別の方法でここにサインインしてください。ほかに方法がないときは、「サインインできませんか？」からパスワードを設定できます。
upstream-taken = そのアカウントは、ここの別のアカウントと連携しています。先にそちらの連携を解除してください。
security-upstreams = サインインに使う外部アカウント
security-upstream-add = { $provider }を連携する
security-upstream-remove = 解除
security-upstream-remove-label = { $provider }の連携を解除
security-done-connected = 連携しました。
activity-upstream-connected = 外部サービスのアカウントを連携しました
activity-upstream-disconnected = 外部サービスのアカウントの連携を解除しました

# Purchases
purchase-title = 購入の確認
purchase-at = { $client }
purchase-payee = 支払先: { $payee }
purchase-order = 注文番号: { $order }
purchase-warning = この購入に覚えがない場合は、このページを閉じてください。ショップの者が、購入の確認やコードの読み上げをお願いすることは決してありません。
pause-title = ギフトカードを購入する前に
pause-lead = { $client }から、{ $amount }の購入にギフトカードが含まれているとの連絡がありました。まず一息ついてください。
pause-early = もう少しお待ちください。あと{ $seconds }秒で進めます。
pause-nobody = 役所、銀行、勤務先、ショップがギフトカードでの支払いを求めることは決してありません。求めてくる相手は詐欺師です。
pause-gone = カードの番号を知った人がお金を手にします。取り戻すことは誰にもできません。
pause-secret = 今、誰かが電話やチャットで指示していませんか。急ぐように、または黙っているように言われていませんか。電話を切り、信頼できる人に相談してください。
pause-stop = この購入をやめる
pause-go-on = 誰にも指示されていません。続ける
pause-wait = 10秒後に進めます。まだ何も支払われていません。
pause-report = 詐欺を報告する

# サポートが行うこと。お客様に伝わる言葉。
activity-staff-note = サポートの{ $name }: { $reason }
activity-staff-by = サポートの{ $name }
activity-staff-caller-asked = サポートが、電話の相手にご本人であることを示すよう求めました
activity-staff-caller-checked = サポートに電話しているのがご本人であることが、示されたか、示されませんでした
activity-staff-customer-revealed = サポートが連絡先とプロフィールの全体を閲覧しました
activity-staff-customer-viewed = サポートが、お客様に見えているとおりにページを閲覧しました
activity-staff-customer-locked = サポートがアカウントをロックしました
activity-staff-customer-unlocked = サポートがアカウントのロックを解除しました
activity-staff-sessions-ended = サポートがすべての端末からサインアウトさせました
activity-staff-recovery-started = サポートがアカウントの復旧方法を送りました
activity-staff-message-resent = サポートがメッセージを再送しました
activity-staff-case-asked = アカウントの変更がサポートに依頼されました
activity-staff-case-approved = サポートの別の担当者がアカウントの変更を承認しました
activity-staff-case-refused = サポートがアカウントの変更を拒否したか、取り下げました
activity-staff-case-vetoed = サポートに依頼された変更が、お客様のメールから停止されました
activity-staff-case-confirmed = アカウントの新しいメールアドレスが確認されました
activity-staff-case-done = サポートに依頼された変更が行われました
activity-staff-case-expired = サポートに依頼された変更は行われませんでした
activity-admin-joined = スタッフになりました
activity-admin-changed = 役割が変更されました
activity-admin-removed = スタッフではなくなりました
case-remove-factors = パスワード以外のサインイン方法をすべて削除すること
case-remove-factor = サインイン方法を1つ削除すること
case-change-email = メールアドレスを変更すること
case-erase = アカウントを消去すること
case-requests-title = サポートへの依頼
case-requests-none = 待っている依頼はありません。決まったことはアクティビティにあります。
case-requests-item = サポートの{ $name }に次の依頼がありました：{ $what }「{ $reason }」
case-link-stop-title = サポートに依頼された変更を停止しますか？
case-link-stop-text = サポートと話した誰かが、アカウントの変更を依頼しました。ご自身でない場合は、停止してください。
case-link-stop-submit = 自分ではありません。停止する
case-link-stopped-title = 停止しました
case-link-stopped-text = 何も変更されていません。お客様が拒否したことはサポートに伝わります。
case-link-confirm-title = このメールアドレスをアカウントに使いますか？
case-link-confirm-text = これをアカウントのメールアドレスにするよう、サポートに依頼されました。ご自身が依頼した場合にのみ確認してください。
case-link-confirm-submit = はい、自分のメールアドレスです
case-link-confirmed-title = メールアドレスを確認しました
case-link-confirmed-text = 待機時間が過ぎると、アカウントのメールアドレスになります。こちらにお知らせします。
case-link-expired-title = このリンクは無効です
case-link-expired-text = 使用済みか、古すぎるか、すでに片付いています。
call-title = サポートとお電話中の方へ
call-lead = サポートの{ $name }が、お電話の相手がご本人かどうかを確かめようとしています。
call-number-label = 見比べる番号
call-compare = ご自身から電話をかけていて、この番号をそのまま告げられた場合にのみ「はい」を押してください。
call-warning = 向こうからかかってきた電話は、当方ではありません。「いいえ」を押して電話を切ってください。当方がコードやパスワードを尋ねることはありません。
call-purpose = 「はい」と答えると、サポートは次のことができます：{ $what }
call-purpose-talk = 何も変わりません。サポートはアカウントについてお話しするだけです。
call-code-purpose = サポートがこのコードを聞くと、次のことができます：{ $what }
call-yes = はい、私が電話しています
call-no = いいえ、私ではありません
call-yes-done = ありがとうございます。ご本人であることがサポートに伝わりました。
call-no-done = 電話しているのがご本人でないことがサポートに伝わりました。誰かがなりすまそうとしました。アカウントの守りを確認してください。
call-nobody = 現在、サポートからの確認はありません。このページを開いたままにして、求められたらもう一度ご覧ください。
mail-viewed-subject = サポートがアカウントを閲覧しました
mail-viewed-text = { $brand }のサポートの担当者が、お客様に見えているとおりにアカウントのページを閲覧しました。何も変更されていません。誰がなぜ閲覧したかは、アクティビティでご覧いただけます: { $link }
mail-unlocked-subject = アカウントのロックが解除されました
mail-unlocked-text = ショップの担当者が{ $brand }のアカウントのロックを解除しました。再びサインインできます: { $link }
mail-recovery-offered-subject = アカウントに戻る方法
mail-recovery-offered-text = { $brand }のサポートが、アカウントの復旧方法をお送りします。このページを開き、お持ちのものを示してください: { $link }

    そのためにサポートがパスワードやコードを必要とすることはありません。依頼した覚えがなければ、何もする必要はありません。
mail-case-waits-subject = アカウントの変更がサポートに依頼されました
mail-case-waits-text = 誰か、おそらくお客様ご自身が、{ $brand }のサポートに次のことを依頼しました: { $what }。{ $hours }時間後に行われます。

    ご自身であれば、何もする必要はありません。そうでなければ、今すぐ停止してください。サインインせずに、一度押すだけです: { $link }
mail-case-confirm-subject = このメールアドレスを確認してください
mail-case-confirm-text = これをアカウントのメールアドレスにするよう、{ $brand }のサポートに依頼がありました。ご自身が依頼した場合は、こちらで確認してください: { $link }

    ご自身でない場合は、何もしないでください。何も起こりません。
mail-code-caller-subject = お電話用の確認コード
mail-code-caller-text = 確認コードは{ $code }です。当サイトに記載の番号で、ご自身から{ $brand }のサポートに電話した場合にのみ読み上げてください。お電話の相手がご本人であることを示すもので、何も開きません。

    向こうからかかってきた電話は、当方ではありません。コードを誰にも教えず、電話を切ってください。
mail-signin-unusual-subject = アカウントへの普段と異なるサインイン
mail-signin-unusual-text = 普段と異なる方法でアカウントへのサインインがあり、求められた確認はすべて済んでいます。

    ご本人によるものであれば、何もする必要はありません。
mail-signin-stopped-subject = アカウントへのサインインを止めました
mail-signin-stopped-text = 正しいパスワードが入力されましたが、普段と大きく異なるため、サインインを止めました。

    ご本人の場合は、以前に使ったブラウザーからサインインするか、アカウントを復旧してください。心当たりがない場合、パスワードが他人に知られています。こちらで新しいパスワードを設定してください: { $link }
stopped-title = ご本人であることを確認できませんでした
stopped-lead = パスワードは正しいものでした。しかし、このサインインはこれまでのどのサインインとも異なり、ここで提示できるほかの手段も登録されていません。そのため、サインインを止めました。
stopped-known-device = 以前ここで使ったブラウザーからサインインしてください。
stopped-recovery = または、アカウントを復旧してください。少し時間がかかりますが、どこからでも行えます。
stopped-recover = アカウントを復旧する
stopped-again = もう一度試す
stopped-told = アカウントの所有者にメールでお知らせしました。
risk-reason-place = 普段と異なる場所
risk-reason-device = 普段と異なるブラウザーまたはシステム
risk-reason-habit = サインインの頻度
risk-reason-known-device = 以前に使ったブラウザー
risk-reason-new-device = 初めて見るブラウザー
risk-reason-travel = 直前とは異なる国
risk-reason-stuffing-address = 多くのアカウントを試しているアドレスから
risk-reason-stuffing-network = 多くのアカウントを試しているネットワークから
risk-reason-hosting = データセンターから
risk-reason-anonymiser = 発信元を隠すサービスを経由
risk-reason-program = ブラウザーではなくプログラムから
risk-reason-dormant = 長期間サインインがなかった後
risk-reason-time = 普段と異なる時間帯
activity-order-judged = ショップが、ご注文が普段と異なるかどうかを確認しました
activity-order-outcome-told = ショップが、ご注文の結果を知らせました

puzzle-working = 少々お待ちください。プログラムではないことを確認しています…
puzzle-progress = 進み具合
puzzle-wait = 現在、多くのプログラムがこのフォームを試しています。お使いのブラウザーではスクリプトが動かないため、フォームに入力し、{ $seconds }秒待ってから送信してください。
puzzle-needed = 現在、多くのプログラムがこのフォームを試しています。もう一度送信してください。その間に、プログラムではないことをブラウザーが示します。
puzzle-early = お待ちいただきありがとうございます。あと{ $seconds }秒たってから、もう一度送信してください。
contact-refused-disposable = このような使い捨てのメールアドレスは使えません。ずっと使えるアドレスをご利用ください。
