//! The customer's own pages: sessions, shops, activity, messages; and whether a message is from us.

use crate::kit::{Browser, Kit, Person, Reply};
use crate::on_both;

async fn open(browser: &Browser, path: &str, person: &Person) -> Reply {
    let page = browser.walk(path).await.page();
    if page.body.contains("id=\"signin\"") {
        let reply = browser.type_password(&page, &person.email, &person.password).await;
        return browser.follow(reply).await.page();
    }
    page
}

/// A browser that names itself.
fn named(kit: &Kit, agent: &str) -> Browser {
    let mut browser = kit.browser();
    browser.headers.push(("user-agent".to_owned(), agent.to_owned()));
    browser
}

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";

on_both! {
    async fn a_session_elsewhere_is_seen_and_ended(kit: Kit) {
        let (ada, bob) = (kit.customer("ada").await, kit.customer("bob").await);
        let (here, there, third) = (named(&kit, FIREFOX), named(&kit, IPHONE), kit.browser());
        open(&there, "/account", &ada).await;
        open(&third, "/account", &ada).await;
        kit.advance(120);
        let page = open(&here, "/account/sessions", &ada).await;
        assert!(page.body.contains("Firefox · Linux") && page.body.contains("Safari · iPhone") && page.body.contains("127.0.0.1") && page.body.contains("this one"), "{}", page.body);
        // Somebody else's list is their own, and this customer's sessions cannot be named in it (K1).
        let theirs = open(&kit.browser(), "/account/sessions", &bob).await;
        assert!(!theirs.body.contains("iPhone"));
        let thief = kit.browser();
        let list = open(&thief, "/account/sessions", &bob).await;
        let (csrf, id) = (list.hidden("id=\"not-me-button\"", "csrf"), page.hidden("name=\"session\"", "session"));
        assert_eq!(thief.submit("/account/sessions/end", &[("csrf", &csrf), ("session", &id)]).await.status, 403, "a token is for one form");
        let end = page.hidden("name=\"session\"", "csrf");
        assert_eq!(here.submit("/account/sessions/end", &[("csrf", &end), ("session", &id)]).await.status, 303);
        let ended = [&there, &third].map(async |browser: &Browser| browser.walk("/account").await.page().title() == "Sign in");
        let ended = futures_util::future::join_all(ended).await;
        assert_eq!(ended.iter().filter(|ended| **ended).count(), 1);
        let page = here.walk("/account/sessions").await.page();
        let reply = here.press(&page, "end-others", &[]).await;
        here.follow(reply).await;
        assert_eq!(there.walk("/account").await.page().title(), "Sign in");
        assert_eq!(third.walk("/account").await.page().title(), "Sign in");
        assert_eq!(kit.audited("session_ended", "").await, 2);
        let page = here.walk("/account/sessions").await.page();
        let done = here.press(&page, "not-me-button", &[]).await;
        assert_eq!(done.title(), "Your account is secured");
        assert_eq!(here.walk("/account").await.page().title(), "Sign in");
    }

    async fn a_shop_is_disconnected(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (browser, tokens) = kit.sign_in(&shop, &ada).await;
        let page = open(&browser, "/account/shops", &ada).await;
        assert!(page.body.contains("shop &#38; sons") && page.body.contains("your e-mail address"), "{}", page.body);
        let fields = page.hidden_fields("name=\"client\"");
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let reply = browser.submit("/account/shops/remove", &fields).await;
        assert!(browser.follow(reply).await.page().body.contains("You share nothing"));
        assert_eq!(shop.refresh(&tokens.refresh()).await.json()["error"], "invalid_grant");
        assert_eq!(shop.userinfo(&tokens.access()).await.status, 401);
        assert_eq!(kit.audited("sharing_ended", "").await, 1);
    }

    async fn what_was_agreed_to_is_receipted(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let browser = kit.browser();
        let page = shop.sign_in(&browser, &ada, &[("prompt", "consent")]).await.page();
        let answer = browser.follow(browser.press(&page, "allow", &[]).await).await.away();
        let sub = crate::kit::Tokens(shop.redeem(&answer["code"]).await.json()).claims()["sub"].as_str().unwrap().to_owned();
        let page = browser.get("/account/shops").await;
        let link = page.body.split("href=\"/account/shops/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let told = browser.get(&format!("/account/shops/{link}")).await;
        assert!(told.header("content-disposition").contains("consent-receipt.json"));
        let told = told.json();
        let keys = claviger::app::setup::load_keys(&kit.node.base).await.unwrap();
        let read: claviger::account::shops::receipt::web::ConsentReceipt =
            keys.verify(told["signed"].as_str().unwrap(), claviger::platform::crypto::jws::TokenType::ConsentReceipt, &kit.issuer).unwrap();
        assert_eq!((read.sub.as_str(), read.client_id.as_str(), read.agreed_at), (sub.as_str(), shop.id.as_str(), kit.clock_now()));
        assert!(read.scope.contains("email") && read.shared.iter().any(|words| words == "your e-mail address"));
        assert_eq!(serde_json::to_value(&read).unwrap(), told["receipt"]);
        // Nobody else's, and none for a shop that nothing was agreed with.
        let bob = kit.customer("bob").await;
        let other = kit.browser();
        open(&other, "/account", &bob).await;
        assert_eq!(other.get(&format!("/account/shops/{link}")).await.status, 404);
        assert_eq!(browser.get("/account/shops/nothing/receipt").await.status, 404);
    }

    async fn what_happened_is_told_in_plain_words(kit: Kit) {
        let (ada, bob) = (kit.customer("ada").await, kit.customer("bob").await);
        let browser = named(&kit, FIREFOX);
        let sign_in = browser.walk("/account").await.page();
        browser.type_password(&sign_in, &ada.email, "not the password").await;
        open(&named(&kit, IPHONE), "/account", &ada).await;
        let page = open(&browser, "/account/activity", &ada).await;
        for words in ["You signed in", "From a browser that was new to us", "A sign-in was refused", "The password was wrong", "Safari · iPhone", "Firefox · Linux", "127.0.0.1"] {
            assert!(page.body.contains(words), "{words}: {}", page.body);
        }
        assert!(!open(&kit.browser(), "/account/activity", &bob).await.body.contains("The password was wrong"));
        // Older events are a page further.
        for _ in 0..60 {
            let page = browser.walk("/verify-message").await.page();
            browser.press(&page, "check", &[("message", "nonsense")]).await;
        }
        let page = browser.walk("/account/activity").await.page();
        let older = page.body.split("id=\"older\" href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        assert!(browser.walk(&older).await.page().body.contains("The password was wrong"));
        for cursor in ["%27", "x'--", "..", &"a".repeat(500)] {
            assert_eq!(browser.get(&format!("/account/activity?{cursor}")).await.status, 200);
        }
    }

    async fn a_message_is_found_genuine_altered_replayed_or_foreign(kit: Kit) {
        let (ada, bob) = (kit.customer("ada").await, kit.customer("bob").await);
        open(&kit.browser(), "/account", &ada).await;
        let browser = kit.browser();
        open(&browser, "/account", &ada).await;
        let mail = kit.mails().await.into_iter().find(|mail| mail.subject == "New sign-in to your account").unwrap();
        let centre = browser.walk("/account/messages").await.page();
        assert!(centre.body.contains("New sign-in to your account") && centre.body.contains("ada@example.com") && centre.body.contains("••••••"), "{}", centre.body);
        let secret = mail.text.split("/not-me/").nth(1).unwrap().split_whitespace().next().unwrap();
        assert!(!centre.body.contains(secret), "the link's secret is not kept");
        let code = mail.text.split_whitespace().find(|word| word.len() == 9 && word.as_bytes()[4] == b'-').unwrap().to_owned();
        let ask = async |browser: &Browser, text: &str| {
            let page = browser.walk("/verify-message").await.page();
            browser.press(&page, "check", &[("message", text)]).await.body
        };
        let nobody = kit.browser();
        for text in [code.as_str(), &code.to_lowercase(), &code.replace('-', ""), &mail.text, &format!("From: Shop\n> {}", mail.text.replace('\n', "\n> "))] {
            assert!(ask(&nobody, text).await.contains("Yes, this is from us"), "{text}");
        }
        assert!(ask(&browser, &mail.text).await.contains("Yes, this is from us"));
        let evil = mail.text.replace("localhost", "localhost.evil.example");
        assert!(ask(&browser, &evil).await.contains("Somebody altered this message"));
        let other = kit.browser();
        open(&other, "/account", &bob).await;
        assert!(ask(&other, &mail.text).await.contains("not sent to you"));
        for text in ["AAAA-AAAA", "Dear customer, your account is suspended. Click https://evil.example", "x"] {
            assert!(ask(&browser, text).await.contains("not from us"), "{text}");
        }
        assert!(!ask(&browser, "<script>alert(1)</script>").await.contains("<script>alert"));
        assert_eq!((kit.audited("message_checked", "altered").await, kit.audited("message_checked", "replayed").await), (1, 1));
    }
}
