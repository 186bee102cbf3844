//! One customer's way through everything that writes, and what has to hold of it afterwards.

use crate::kit::shop::VERIFIER;
use crate::kit::{Browser, Landing, Person, Reply, Shop, Tokens};

/// What one customer and one shop were told. What was sent and not answered is kept too: it may have happened or not, but not twice.
#[derive(Default, Debug)]
pub struct Journal {
    /// A wrong password was answered as such.
    pub failures: usize,
    /// Answered sign-ins.
    pub signed_in: usize,
    session: Option<String>,
    ended: Option<String>,
    /// Codes, and whether their redemption was answered with tokens.
    codes: Vec<(String, bool)>,
    /// A refresh token that was sent, and the one that was answered.
    refreshed: Vec<(String, Option<String>)>,
    revoked: Option<String>,
    /// The seed of an app, and whether it was answered that it is on.
    app: Option<(String, bool)>,
    /// Recovery codes, and whether it was answered that they are set.
    sheet: Option<(Vec<String>, bool)>,
    /// A code of the app that let somebody in.
    shown: Option<String>,
    /// How often 503 was answered.
    pub refused: usize,
}

/// Somebody on the way: which node is asked, and how to tell the time there.
pub struct Traveller<'a> {
    pub issuer: &'a str,
    pub base: &'a str,
    pub person: &'a Person,
    pub shop: &'a Shop,
    pub now: &'a dyn Fn() -> i64,
}

/// How often a request that was answered with 503 is sent again: it burnt nothing, or what it burnt has a defined answer.
const PATIENCE: usize = 4;

impl Traveller<'_> {
    fn browser(&self) -> Browser {
        Browser::new(self.issuer).at(self.base)
    }

    fn session_of(browser: &Browser) -> Option<String> {
        browser.cookie("__Host-claviger_session").or_else(|| browser.cookie("claviger_session"))
    }

    fn with_session(&self, session: &str) -> Browser {
        let browser = self.browser();
        let name = if self.issuer.starts_with("https") { "__Host-claviger_session" } else { "claviger_session" };
        browser.cookies.lock().unwrap().insert(name.to_owned(), session.to_owned());
        browser
    }

    /// Asks until the answer is no 503; `None` when nobody answers, or 503 for good.
    async fn told(journal: &mut Journal, mut ask: impl AsyncFnMut() -> Option<Reply>) -> Option<Reply> {
        for _ in 0..PATIENCE {
            let reply = ask().await?;
            if reply.status < 500 {
                return Some(reply);
            }
            assert_eq!(reply.status, 503, "a fault of the database is said as such: {}", reply.body);
            journal.refused += 1;
        }
        None
    }

    async fn walk(journal: &mut Journal, browser: &Browser, url: &str) -> Option<Reply> {
        Self::told(journal, async || browser.try_walk(url).await).await
    }

    async fn press(journal: &mut Journal, browser: &Browser, page: &Reply, button: &str, more: &[(&str, &str)]) -> Option<Reply> {
        let marker = format!("id=\"{button}\"");
        let hidden = page.hidden_fields(&marker);
        let mut fields: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.retain(|(known, _)| more.iter().all(|(name, _)| name != known));
        fields.extend(more);
        let action = page.action(&marker);
        Self::told(journal, async || browser.try_submit(&action, &fields).await).await
    }

    async fn token(&self, journal: &mut Journal, fields: &[(&str, &str)]) -> Option<Reply> {
        Self::told(journal, async || self.shop.try_post_to(self.base, "/token", fields).await).await
    }

    fn app_code(&self, seed: &str, drift: i64) -> String {
        let app = totp_rs::Builder::new().with_secret(totp_rs::Secret::try_from_base32(seed).unwrap()).build().unwrap();
        app.generate(u64::try_from((self.now)() + drift * 30).unwrap()).to_string()
    }

    /// Types the password; the answer, which may lead to a second factor.
    async fn type_password(&self, journal: &mut Journal, browser: &Browser, password: &str) -> Option<Reply> {
        let page = Self::walk(journal, browser, &self.shop.authorize_url(&[])).await?;
        if !page.body.contains("id=\"signin\"") {
            // The answer was lost but the sign-in was not.
            return Some(page);
        }
        let email = self.person.email.clone();
        Self::press(journal, browser, &page, "signin", &[("email", &email), ("password", password)]).await
    }

    /// A code for somebody who is signed in.
    async fn code(&self, journal: &mut Journal, browser: &Browser) -> Option<String> {
        let url = self.shop.authorize_url(&[]);
        let mut reply = Self::told(journal, async || browser.try_get(&url).await).await?;
        for _ in 0..5 {
            let location = reply.location()?.to_owned();
            if location.starts_with(&self.shop.callback) {
                return url::Url::parse(&location).unwrap().query_pairs().into_owned().find(|(name, _)| name == "code").map(|(_, code)| code);
            }
            reply = Self::told(journal, async || browser.try_get(&location).await).await?;
        }
        None
    }

    /// Everything that writes, one after the other. `None` where it was not gone on with.
    pub async fn travel(&self, journal: &mut Journal) -> Option<()> {
        let browser = self.browser();
        let wrong = self.type_password(journal, &browser, "not this one at all").await?;
        assert!(matches!(wrong.status, 422 | 429), "{}", wrong.body);
        journal.failures += 1;
        let reply = self.type_password(journal, &browser, &self.person.password).await?;
        assert!(reply.status == 303 || reply.status == 200, "{} {}", reply.status, reply.body);
        journal.session = Self::session_of(&browser);
        journal.signed_in += usize::from(journal.session.is_some());
        self.shop_for(journal, &browser).await?;
        self.enrol(journal, &browser).await?;
        self.come_again(journal).await
    }

    /// A code is redeemed, its refresh token used, and the next one revoked.
    async fn shop_for(&self, journal: &mut Journal, browser: &Browser) -> Option<()> {
        let mut tokens = None;
        for _ in 0..3 {
            let code = self.code(journal, browser).await?;
            journal.codes.push((code.clone(), false));
            let fields = [("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", self.shop.callback.as_str()), ("code_verifier", VERIFIER)];
            let reply = self.token(journal, &fields).await?;
            if reply.status == 200 {
                journal.codes.last_mut().unwrap().1 = true;
                tokens = Some(Tokens(reply.json()));
                break;
            }
            // It was used and the answer lost.
            assert_eq!((reply.status, reply.json()["error"].as_str()), (400, Some("invalid_grant")), "{}", reply.body);
            assert!(journal.refused > 0, "a fresh code was refused");
        }
        let first = tokens?.refresh();
        journal.refreshed.push((first.clone(), None));
        let reply = self.token(journal, &[("grant_type", "refresh_token"), ("refresh_token", &first)]).await?;
        if reply.status == 200 {
            journal.refreshed.last_mut().unwrap().1 = Some(Tokens(reply.json()).refresh());
        } else {
            assert!(reply.json()["error"] == "invalid_grant" && journal.refused > 0, "{}", reply.body);
        }
        // Another grant, taken back at once.
        let code = self.code(journal, browser).await?;
        let reply = self.token(journal, &self.shop.redemption(&code)).await?;
        if reply.status == 200 {
            let token = Tokens(reply.json()).refresh();
            let revoked = Self::told(journal, async || self.shop.try_post_to(self.base, "/revoke", &[("token", &token)]).await).await?;
            assert_eq!(revoked.status, 200, "{}", revoked.body);
            journal.revoked = Some(token);
        }
        Some(())
    }

    /// An app is added, and recovery codes with it.
    async fn enrol(&self, journal: &mut Journal, browser: &Browser) -> Option<()> {
        let page = Self::walk(journal, browser, "/account/security").await?;
        let begun = Self::press(journal, browser, &page, "add-app", &[("name", "Phone")]).await?;
        let page = Self::walk(journal, browser, begun.location()?).await?;
        let seed = page.body.split("<code id=\"seed\">").nth(1)?.split('<').next().unwrap().to_owned();
        journal.app = Some((seed.clone(), false));
        // The session is renewed with it, and until the next page is there nobody was told.
        let before = journal.session.take();
        let confirmed = Self::press(journal, browser, &page, "confirm", &[("code", &self.app_code(&seed, 0))]).await?;
        if confirmed.status != 303 {
            assert!(journal.refused > 0, "{}", confirmed.body);
            journal.session = before;
            return None;
        }
        let page = Self::walk(journal, browser, confirmed.location()?).await?;
        if !page.body.contains("id=\"recovery-codes\"") {
            // It is on, and the session was renewed, but nobody was told of either: a sign-in with the app goes on.
            assert!(journal.refused > 0 && page.body.contains("id=\"signin\""), "{}", page.body);
            return None;
        }
        journal.app = Some((seed, true));
        // The session was renewed.
        journal.session = Self::session_of(browser);
        let sheet = Self::press(journal, browser, &page, "recovery-codes", &[]).await?;
        let codes: Vec<String> = sheet.body.split("<li><code>").skip(1).map(|part| part.split('<').next().unwrap().to_owned()).collect();
        assert!(!codes.is_empty(), "{}", sheet.body);
        journal.sheet = Some((codes.clone(), false));
        let saved = Self::press(journal, browser, &Reply { url: page.url.clone(), ..sheet }, "codes-saved", &[("saved", "yes")]).await?;
        if saved.status == 303 {
            journal.sheet = Some((codes, true));
        }
        Some(())
    }

    /// A second sign-in, with the app; and out again.
    async fn come_again(&self, journal: &mut Journal) -> Option<()> {
        let seed = journal.app.clone()?.0;
        let browser = self.browser();
        let reply = self.type_password(journal, &browser, &self.person.password).await?;
        let page = Self::walk(journal, &browser, reply.location()?).await?;
        assert!(page.url.ends_with("/totp"), "an app that is on is asked for: {}", page.url);
        let code = self.app_code(&seed, 1);
        let reply = Self::press(journal, &browser, &page, "totp", &[("code", &code)]).await?;
        if reply.status != 303 {
            assert!(journal.refused > 0, "{}", reply.body);
            return None;
        }
        journal.shown = Some(code);
        journal.signed_in += 1;
        let session = Self::session_of(&browser)?;
        let page = Self::walk(journal, &browser, "/logout/confirm").await?;
        let reply = Self::press(journal, &browser, &page, "sign-out", &[]).await?;
        assert!(reply.status < 400, "{}", reply.body);
        journal.ended = Some(session);
        Some(())
    }
}

/// What has to hold afterwards, on a node that works.
impl Traveller<'_> {
    async fn is_signed_in(&self, session: &str) -> bool {
        let reply = self.with_session(session).get("/account").await;
        assert!(matches!(reply.status, 200 | 303), "{}", reply.body);
        reply.status == 200 || !reply.location().unwrap().contains("/signin")
    }

    async fn redeem(&self, fields: &[(&str, &str)]) -> bool {
        let reply = self.shop.post_to(self.base, "/token", fields).await;
        assert!(reply.status == 200 || reply.json()["error"] == "invalid_grant", "{} {}", reply.status, reply.body);
        reply.status == 200
    }

    async fn refresh(&self, token: &str) -> bool {
        self.redeem(&[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }

    /// S1 to S3, S5, S6: what was acknowledged holds, and what was used up or ended stays so.
    pub async fn check(&self, journal: &Journal) {
        if let Some(session) = &journal.session {
            assert!(self.is_signed_in(session).await, "an acknowledged session is gone: {journal:?}");
        }
        if let Some(session) = &journal.ended {
            assert!(!self.is_signed_in(session).await, "an ended session came back: {journal:?}");
        }
        if let Some(token) = &journal.revoked {
            assert!(!self.refresh(token).await, "a revoked token came back: {journal:?}");
        }
        for (used, next) in &journal.refreshed {
            if let Some(next) = next {
                assert!(self.refresh(next).await, "an acknowledged refresh token is gone: {journal:?}");
                assert!(!self.refresh(used).await, "a used refresh token came back: {journal:?}");
            }
        }
        for (code, is_told) in &journal.codes {
            let again = (self.redeem(&self.shop.redemption(code)).await, self.redeem(&self.shop.redemption(code)).await);
            assert!(again == (false, false) || (again == (true, false) && !is_told), "a code was good twice: {journal:?}");
        }
        self.check_factors(journal).await;
    }

    async fn check_factors(&self, journal: &Journal) {
        let at_challenge = async || {
            let browser = self.browser();
            let page = self.shop.authorize(&browser, &[]).await.page();
            let reply = browser.type_password(&page, &self.person.email, &self.person.password).await;
            assert_eq!(reply.status, 303, "{}", reply.body);
            let landing = browser.follow(reply).await;
            (browser, landing)
        };
        let (browser, landing) = at_challenge().await;
        let page = match (landing, &journal.app) {
            (Landing::Page(page), Some(_)) if page.url.ends_with("/totp") => page,
            (Landing::Away(..), None | Some((_, false))) => return,
            (landing, _) => panic!("an app is gone, or there that nobody has: {journal:?} {landing:?}"),
        };
        if let Some(shown) = &journal.shown {
            assert_eq!(browser.press(&page, "totp", &[("code", shown)]).await.status, 422, "a code of the app was good twice");
        }
        if let Some((codes, true)) = &journal.sheet {
            let other = browser.walk(&page.url.replace("/totp", "/recovery-code")).await.page();
            let reply = browser.press(&other, "recovery-code", &[("code", &codes[0])]).await;
            assert_eq!(reply.status, 303, "an acknowledged recovery code does not let in: {}", reply.body);
            let (browser, landing) = at_challenge().await;
            let page = landing.page();
            let other = browser.walk(&page.url.replace("/totp", "/recovery-code")).await.page();
            assert_eq!(browser.press(&other, "recovery-code", &[("code", &codes[0])]).await.status, 422, "a recovery code was good twice");
        } else if let (None, Some((seed, _))) = (&journal.shown, &journal.app) {
            // It is wholly there, told or not. A code of the step after: that of now was used for the enrolment.
            let reply = browser.press(&page, "totp", &[("code", &self.app_code(seed, 1))]).await;
            assert_eq!(reply.status, 303, "the app is asked for and does not let in: {journal:?} {}", reply.body);
        }
    }
}
