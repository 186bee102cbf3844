//! Sign-in with an account at another OpenID Provider: here another server of ours.

use std::sync::Arc;

use crate::kit::provider::accept;
use crate::kit::{Browser, Kit, Landing, Person, Place, Reply, Shop};
use crate::on_both;
use crate::signin_risk::{EDGE, FIREFOX, HOME, RACK, browser_at, regular};
use claviger::app::config::RawConfig;
use claviger::base::uri::RedirectUri;
use claviger::risk::login::policy::Action;

/// A shop's server that accepts sign-ins at `provider`, and its client there.
async fn relying(provider: &Kit) -> (Kit, Shop) {
    relying_with(provider, |_| {}).await
}

async fn relying_with(provider: &Kit, adjust: impl FnOnce(&mut RawConfig)) -> (Kit, Shop) {
    let place = Arc::new(Place::new(provider.place.backend));
    let secret = place.folder.path().join("upstream.secret");
    std::fs::write(&secret, "not known yet").unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let issuer = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let callback = format!("{issuer}/upstream/big/callback");
    let client = provider.shop_with("our-client", |metadata| metadata.redirect_uris = vec![RedirectUri::parse(&callback).unwrap()]).await;
    std::fs::write(&secret, format!("{}\n", client.secret)).unwrap();
    let kit = Kit::start_on(listener, issuer, Arc::clone(&place), provider.clock.clone(), |raw| {
        accept(raw, "big", &provider.issuer, Some(&secret));
        adjust(raw);
    })
    .await;
    (kit, client)
}

/// Presses the provider's button on `page`, signs in there as `them` if it asks, and comes back.
async fn through(page: &Reply, button: &str, browser: &Browser, there: &Browser, them: &Person) -> Landing {
    let link = page.body.split(&format!("id=\"{button}\" href=\"")).nth(1).unwrap_or_else(|| panic!("no {button}: {}", page.body)).split('"').next().unwrap().to_owned();
    let Landing::Away(url, _) = browser.walk(&link).await else { panic!("did not leave for the provider") };
    let landing = match there.walk(&url).await {
        Landing::Page(page) => {
            let reply = there.type_password(&page, &them.email, &them.password).await;
            there.follow(reply).await
        }
        away @ Landing::Away(..) => away,
    };
    let Landing::Away(url, _) = landing else { panic!("did not come back: {}", landing.page().body) };
    browser.walk(&url).await
}

async fn join(kit: &Kit, browser: &Browser, page: &Reply, email: &str) -> Reply {
    let link = page.body.split("id=\"join\" href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let page = browser.get(&link).await;
    let reply = browser.press(&page, "join", &[("email", email)]).await;
    let page = browser.follow(reply).await.page();
    let reply = browser.press(&page, "join-code", &[("code", &kit.last_code().await)]).await;
    let page = browser.follow(reply).await.page();
    let name = page.body.split("id=\"name\"").nth(1).unwrap().split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let reply = browser.press(&page, "join-details", &[("name", &name)]).await;
    browser.follow(reply).await.page()
}

on_both! {
    async fn a_customer_connects_an_account_and_signs_in_with_it(provider: Kit) {
        let (kit, _) = relying(&provider).await;
        let them = provider.customer("grace.there").await;
        let ada = kit.customer("ada").await;
        let (browser, there) = (kit.browser(), provider.browser());
        // From the sign-in page: nobody here is known by it, so she signs in as always, and says yes.
        let page = browser.walk("/account").await.page();
        assert!(page.body.contains("Continue with Big &#38; Co"), "{}", page.body);
        let page = through(&page, "with-big", &browser, &there, &them).await.page();
        assert!(page.body.contains("id=\"unknown\"") && page.body.contains("grace.there@example.com"), "{}", page.body);
        let page = browser.get(page.url.trim_end_matches("/upstream")).await;
        let reply = browser.type_password(&page, &ada.email, &ada.password).await;
        let page = browser.follow(reply).await.page();
        assert!(page.body.contains("id=\"connect-form\"") && page.body.contains(&ada.email), "{}", page.body);
        let reply = browser.press(&page, "connect-form", &[("connect", "yes")]).await;
        assert_eq!(browser.follow(reply).await.page().title(), "Your account");
        assert_eq!(kit.audited("upstream_connected", "").await, 1);
        assert!(kit.mails().await.iter().any(|mail| mail.to == ada.email && mail.subject.contains("way to sign in")));
        // In a fresh browser the provider alone opens it; the level is that of one factor.
        let (fresh, shop) = (kit.browser(), kit.shop("shop").await);
        let page = shop.authorize(&fresh, &[]).await.page();
        let answer = through(&page, "with-big", &fresh, &there, &them).await.away();
        let tokens = shop.redeem(&answer["code"]).await.json();
        let claims = crate::kit::shop::claims_of(tokens["id_token"].as_str().unwrap());
        assert_eq!((claims["acr"].as_str(), claims["amr"].as_array().map(Vec::len), claims["amr"][0].as_str()), (Some("urn:claviger:acr:password"), Some(1), Some("fed")));
        // What changes the account: the provider asks again and says so, which is enough.
        kit.advance(1_000);
        let page = fresh.walk("/account/security").await.page();
        let page = through(&page, "with-big", &fresh, &there, &them).await.page();
        assert!(page.title() == "Sign-in and security" && page.body.contains("grace.there@example.com"), "{} {}", page.url, page.body);
        // Disconnected, it opens nothing.
        let reply = fresh.press(&page, "disconnect-1", &[]).await;
        assert_eq!(reply.location(), Some("/account/security?removed"));
        let last = kit.browser();
        let page = last.walk("/account").await.page();
        let page = through(&page, "with-big", &last, &there, &them).await.page();
        assert!(page.body.contains("id=\"unknown\""));
        kit.handle.stop(false).await;
    }

    async fn whoever_came_in_strangely_connects_nothing(provider: Kit) {
        let (kit, _) = relying_with(&provider, |raw| {
            raw.server.trusted_proxies = vec!["127.0.0.0/8".to_owned()];
            raw.risk.high = Action::Allow;
            raw.risk.severe = Action::Allow;
        })
        .await;
        let theirs = provider.customer("mallory").await;
        let (ada, _) = regular(&kit, "ada", (HOME, FIREFOX), 8).await;
        let (thief, there) = (browser_at(&kit, RACK, EDGE), provider.browser());
        // The account elsewhere is shown first, then the stolen password.
        let page = thief.walk("/account").await.page();
        let page = through(&page, "with-big", &thief, &there, &theirs).await.page();
        let page = thief.get(page.url.trim_end_matches("/upstream")).await;
        let reply = thief.type_password(&page, &ada.email, &ada.password).await;
        let page = thief.follow(reply).await.page();
        assert!(page.body.contains("id=\"connect-form\""), "{}", page.body);
        let held = thief.press(&page, "connect-form", &[("connect", "yes")]).await;
        assert!(held.status == 403 && held.title().contains("waits"), "{} {}", held.status, held.title());
        assert_eq!((kit.audited("upstream_connected", "").await, kit.audited("change_held", "risk").await), (0, 1));
        // It goes on once that is over.
        kit.advance(86_401);
        let page = thief.walk("/account").await.page();
        let page = through(&page, "with-big", &thief, &there, &theirs).await.page();
        assert!(page.body.contains("id=\"unknown\""), "the account elsewhere still opens nothing");
        kit.handle.stop(false).await;
    }

    async fn somebody_joins_without_a_password(provider: Kit) {
        let (kit, _) = relying(&provider).await;
        let them = provider.customer("grace").await;
        let (browser, there, shop) = (kit.browser(), provider.browser(), kit.shop("shop").await);
        let page = shop.authorize(&browser, &[]).await.page();
        let page = through(&page, "with-big", &browser, &there, &them).await.page();
        // The address is proven here, whatever the provider says of it.
        let page = join(&kit, &browser, &page, "grace@example.com").await;
        assert!(page.title() == "How will you sign in?" && page.body.contains("id=\"join-upstream\""), "{}", page.body);
        let reply = browser.press(&page, "join-upstream", &[]).await;
        let answer = browser.follow(reply).await.away();
        let claims = shop.userinfo(shop.redeem(&answer["code"]).await.json()["access_token"].as_str().unwrap()).await.json();
        assert_eq!((&claims["email"], &claims["email_verified"], &claims["name"]), (&"grace@example.com".into(), &true.into(), &"grace Canary-Fullname".into()));
        assert_eq!((kit.audited("customer_joined", "").await, kit.audited("upstream_connected", "").await), (1, 1));
        // H12: no password opens it, and the one way in cannot be taken away.
        let other = kit.browser();
        let sign_in = other.walk("/account").await.page();
        for password in ["", " ", "wombat harmonica quill"] {
            assert_ne!(other.type_password(&sign_in, "grace@example.com", password).await.status, 303);
        }
        let page = browser.walk("/account/security").await.page();
        let reply = browser.press(&page, "disconnect-1", &[]).await;
        assert_eq!(reply.location(), Some("/account/security?last"));
        // The export names it; the provider's subject is nowhere in the database.
        let page = other.walk("/account").await.page();
        let page = through(&page, "with-big", &other, &there, &them).await.page();
        assert_eq!(page.title(), "Your account");
        kit.handle.stop(false).await;
    }

    async fn a_second_factor_is_asked_for_as_after_a_password(provider: Kit) {
        let (kit, _) = relying(&provider).await;
        let them = provider.customer("grace").await;
        let ada = kit.customer("ada").await;
        let (browser, there) = (kit.browser(), provider.browser());
        let page = browser.walk("/account/security").await.page();
        let reply = browser.type_password(&page, &ada.email, &ada.password).await;
        let page = browser.follow(reply).await.page();
        let page = through(&page, "connect-big", &browser, &there, &them).await.page();
        let reply = browser.press(&page, "connect-form", &[("connect", "yes")]).await;
        let page = browser.follow(reply).await.page();
        assert!(page.body.contains("Connected."), "{} {}", page.url, page.body);
        crate::factors::enrol(&kit, &ada).await;
        let fresh = kit.browser();
        let page = fresh.walk("/account").await.page();
        let page = through(&page, "with-big", &fresh, &there, &them).await.page();
        assert!(page.url.ends_with("/totp"), "{}", page.url);
        assert!(fresh.walk("/account").await.page().url.contains("/signin/"));
        // Connected with ada, it is nobody else's.
        let eve = kit.customer("eve").await;
        let hers = kit.browser();
        let page = hers.walk("/account/security").await.page();
        let reply = hers.type_password(&page, &eve.email, &eve.password).await;
        let page = hers.follow(reply).await.page();
        let page = through(&page, "connect-big", &hers, &there, &them).await.page();
        assert!(page.body.contains("connected with another account"), "{}", page.body);
        assert_eq!(hers.walk("/account").await.page().title(), "Your account");
        kit.handle.stop(false).await;
    }
}
