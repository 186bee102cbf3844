//! E8, F5, G1 to G3, I7 to I9, X21: providers that lie, answers that were not asked for, and what our own requests reach.

use std::net::{IpAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use claviger::identity::factors::upstream::store as links;
use claviger::platform::outgoing::{Lookup, Outgoing, OutgoingFailed, OutgoingPolicy};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::kit::provider::{Make, Mood, Provider, accept, signed};
use crate::kit::{Browser, Kit, Person, Place, Reply};
use crate::on_both;

/// A server that accepts sign-ins at a provider which lies, and at another one with which it shares the keys.
async fn with_provider(kit: &Kit) -> (Kit, Provider) {
    let provider = Provider::start(kit.clock_now());
    let place = Arc::new(Place::new(kit.place.backend));
    let issuer = provider.issuer.clone();
    let kit = Kit::start_with(place, kit.clock.clone(), |raw| {
        accept(raw, "evil", &issuer, None);
        accept(raw, "other", &format!("{issuer}/other"), None);
    })
    .await;
    (kit, provider)
}

/// A browser that was sent to the provider: the `state` that it carries.
async fn sent(browser: &Browser, provider: &Provider, kit: &Kit) -> String {
    let page = browser.walk("/account").await.page();
    sent_from(browser, provider, kit, &page, "with-evil").await
}

async fn sent_from(browser: &Browser, provider: &Provider, kit: &Kit, page: &Reply, button: &str) -> String {
    let link = page.body.split(&format!("id=\"{button}\" href=\"")).nth(1).unwrap_or_else(|| panic!("{} {}", page.url, page.body)).split('"').next().unwrap().to_owned();
    let query = browser.walk(&link).await.away();
    assert!(query["code_challenge_method"] == "S256" && query["response_type"] == "code" && !query["code_challenge"].is_empty(), "{query:?}");
    let mut script = provider.script.lock().unwrap();
    script.nonce = query["nonce"].clone();
    script.now = kit.clock_now();
    query["state"].clone()
}

fn callback(provider: &Provider, state: &str, upstream: &str) -> String {
    let query = claviger::base::uri::encode_form(&[("code", "a-code"), ("state", state), ("iss", provider.issuer.as_str())]);
    format!("/upstream/{upstream}/callback?{query}")
}

/// Signs in at the provider, which says `claims`, and comes back.
async fn arrive(browser: &Browser, provider: &Provider, kit: &Kit, claims: Value) -> Reply {
    provider.script.lock().unwrap().claims = claims;
    let state = sent(browser, provider, kit).await;
    browser.walk(&callback(provider, &state, "evil")).await.page()
}

async fn is_in(browser: &Browser) -> bool {
    browser.walk("/account").await.page().title() == "Your account"
}

/// Connects the provider's account with `person`.
async fn connect(kit: &Kit, provider: &Provider, person: &Person) -> Browser {
    let browser = kit.browser();
    let page = arrive(&browser, provider, kit, json!({})).await;
    let page = browser.get(page.url.trim_end_matches("/upstream")).await;
    let reply = browser.type_password(&page, &person.email, &person.password).await;
    let page = browser.follow(reply).await.page();
    let reply = browser.press(&page, "connect-form", &[("connect", "yes")]).await;
    assert!(browser.follow(reply).await.page().title() == "Your account");
    browser
}

async fn count(kit: &Kit, person: &Person) -> i64 {
    let id = person.id.clone();
    kit.node.base.db.read(move |connection| links::count_links(connection, &id)).await.unwrap()
}

on_both! {
    async fn i8_an_address_that_a_provider_tells_connects_nobody(kit: Kit) {
        let (kit, provider) = with_provider(&kit).await;
        let ada = kit.customer("ada").await;
        for claims in [json!({ "email": ada.email, "email_verified": true }), json!({ "email": ada.email, "email_verified": false }), json!({ "email": ada.email }), json!({ "email": ada.email, "sub": ada.id.to_string() })] {
            let browser = kit.browser();
            let page = arrive(&browser, &provider, &kit, claims).await;
            assert!(page.body.contains("id=\"unknown\""), "{}", page.body);
            assert!(!is_in(&browser).await);
            // Nor does joining with it: no code goes to an address that has an account.
            let link = page.body.split("id=\"join\" href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
            let page = browser.get(&link).await;
            assert!(page.body.contains(&format!("value=\"{}\"", ada.email)), "{}", page.body);
            kit.advance(3_700);
            let reply = browser.press(&page, "join", &[("email", &ada.email)]).await;
            let told = browser.follow(reply).await;
            drop(told);
            assert_eq!(count(&kit, &ada).await, 0);
        }
        assert!(kit.mails().await.iter().all(|mail| !mail.text.contains('#')));
        // A second account there with the same address is another account.
        let hers = connect(&kit, &provider, &ada).await;
        assert!(is_in(&hers).await);
        let browser = kit.browser();
        arrive(&browser, &provider, &kit, json!({ "sub": "somebody-else", "email": ada.email, "email_verified": true })).await;
        assert!(!is_in(&browser).await);
        // Case and blanks are part of a subject.
        for subject in ["Their-grace", "their-grace ", "their-grace\u{0}"] {
            let browser = kit.browser();
            arrive(&browser, &provider, &kit, json!({ "sub": subject })).await;
            assert!(!is_in(&browser).await, "{subject:?}");
        }
        provider.stop().await;
        kit.handle.stop(false).await;
    }

    async fn i9_replayed_mixed_and_unasked_answers(kit: Kit) {
        let (kit, provider) = with_provider(&kit).await;
        let ada = kit.customer("ada").await;
        connect(&kit, &provider, &ada).await;
        provider.script.lock().unwrap().claims = json!({});
        // Sixteen answers at once: one counts.
        let browser = kit.browser();
        let state = sent(&browser, &provider, &kit).await;
        let url = callback(&provider, &state, "evil");
        let copies: Vec<Browser> = (0..16).map(|_| browser.clone()).collect();
        let replies = join_all(copies.iter().map(|copy| copy.get(&url))).await;
        assert_eq!(replies.iter().filter(|reply| reply.status == 303).count(), 1, "{:?}", replies.iter().map(|reply| reply.status).collect::<Vec<_>>());
        assert!(is_in(&browser).await);
        assert_eq!(browser.get(&url).await.status, 410, "once more");
        // What somebody began in another browser, and had a victim open.
        let (hers, victim) = (kit.browser(), kit.browser());
        let state = sent(&hers, &provider, &kit).await;
        victim.walk("/account").await;
        assert_eq!(victim.get(&callback(&provider, &state, "evil")).await.status, 403);
        assert!(!is_in(&victim).await);
        assert_eq!(hers.get(&callback(&provider, &state, "evil")).await.status, 410, "it is used up");
        // Nobody asked; too late; at the address of another provider; an earlier one of the same sign-in.
        let browser = kit.browser();
        for query in ["", "?code=x", "?code=x&state=", "?code=x&state=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "?code=x&state=a&state=b"] {
            assert!(matches!(browser.get(&format!("/upstream/evil/callback{query}")).await.status, 400 | 410), "{query}");
        }
        let state = sent(&browser, &provider, &kit).await;
        assert_eq!(browser.get(&callback(&provider, &state, "other")).await.status, 410);
        let old = sent(&browser, &provider, &kit).await;
        kit.advance(901);
        assert_eq!(browser.get(&callback(&provider, &old, "evil")).await.status, 410);
        let page = browser.walk("/account").await.page();
        let first = sent_from(&browser, &provider, &kit, &page, "with-evil").await;
        let second = sent_from(&browser, &provider, &kit, &page, "with-evil").await;
        assert_eq!(browser.get(&callback(&provider, &first, "evil")).await.status, 410);
        // Without the issuer that was promised, or with another one: the code may be for somebody else.
        for iss in ["", "&iss=https%3A%2F%2Fgood.example"] {
            let state = sent(&browser, &provider, &kit).await;
            let page = browser.walk(&format!("/upstream/evil/callback?code=a&state={state}{iss}")).await.page();
            assert!(page.body.contains("did not hold"), "{iss} {}", page.body);
        }
        drop(second);
        // The provider said no.
        let state = sent(&browser, &provider, &kit).await;
        let query = claviger::base::uri::encode_form(&[("error", "access_denied"), ("code", "x"), ("state", state.as_str()), ("iss", provider.issuer.as_str())]);
        assert!(browser.walk(&format!("/upstream/evil/callback?{query}")).await.page().body.contains("did not sign you in"));
        // Another nonce than was asked for.
        let state = sent(&browser, &provider, &kit).await;
        for nonce in [json!("another"), json!(null), json!("")] {
            provider.script.lock().unwrap().claims = json!({ "nonce": nonce });
            let reply = browser.walk(&callback(&provider, &state, "evil")).await.page();
            assert_ne!(reply.title(), "Your account");
        }
        assert!(!is_in(&browser).await);
        provider.stop().await;
        kit.handle.stop(false).await;
    }

    async fn e8_tokens_for_somebody_else(kit: Kit) {
        let (kit, provider) = with_provider(&kit).await;
        let ada = kit.customer("ada").await;
        connect(&kit, &provider, &ada).await;
        let now = kit.clock_now();
        for claims in [
            json!({ "aud": "another-client" }),
            json!({ "aud": ["our-client", "another-client"] }),
            json!({ "aud": [] }),
            json!({ "aud": null }),
            json!({ "azp": "another-client" }),
            json!({ "iss": "https://good.example" }),
            json!({ "iss": format!("{}/", provider.issuer) }),
            json!({ "iss": null }),
            json!({ "exp": now - 61 }),
            json!({ "exp": "9e9" }),
            json!({ "exp": null }),
            json!({ "iat": now + 3_600 }),
            json!({ "iat": now - 3_600 }),
            json!({ "sub": null }),
            json!({ "sub": "" }),
            json!({ "sub": "x".repeat(256) }),
        ] {
            let browser = kit.browser();
            let page = arrive(&browser, &provider, &kit, claims.clone()).await;
            assert!(page.body.contains("did not hold"), "{claims}: {}", page.body);
            assert!(!is_in(&browser).await);
        }
        provider.script.lock().unwrap().claims = json!({});
        let (own, stranger) = (provider.key(), rcgen::KeyPair::generate().unwrap());
        let other = Arc::new(stranger);
        let with_header = |header: Value, claims: &Value, signature: &str| {
            let part = |value: &Value| claviger::base::encoding::base64url(value.to_string());
            format!("{}.{}.{signature}", part(&header), part(claims))
        };
        let forged: Vec<Make> = vec![
            Box::new(move |claims| with_header(json!({ "alg": "none" }), claims, "")),
            Box::new(move |claims| with_header(json!({ "alg": "None", "kid": "one" }), claims, "")),
            Box::new({ let other = Arc::clone(&other); move |claims| signed(&other, "one", claims) }),
            Box::new({ let other = Arc::clone(&other); move |claims| signed(&other, "unheard-of", claims) }),
            Box::new(|claims| jsonwebtoken::encode(&jsonwebtoken::Header::default(), claims, &jsonwebtoken::EncodingKey::from_secret(b"our-client")).unwrap()),
            Box::new({ let own = Arc::clone(&own); move |claims| { let token = signed(&own, "one", claims); token[..token.len() - 6].to_owned() + "AAAAAA" } }),
            Box::new(|_| "not a token".to_owned()),
        ];
        for (at, make) in forged.into_iter().enumerate() {
            provider.script.lock().unwrap().token = Some(make);
            let browser = kit.browser();
            let page = arrive(&browser, &provider, &kit, json!({})).await;
            assert!(page.body.contains("did not hold"), "{at}: {}", page.body);
            assert!(!is_in(&browser).await);
        }
        // A flood of unknown keys is no flood of requests (E3): one look in a minute.
        let before = provider.hits(1);
        provider.script.lock().unwrap().token = Some(Box::new(move |claims| signed(&other, "unheard-of", claims)));
        for _ in 0..5 {
            arrive(&kit.browser(), &provider, &kit, json!({})).await;
        }
        assert!(provider.hits(1) <= before + 1, "{before} {}", provider.hits(1));
        provider.script.lock().unwrap().token = None;
        let browser = kit.browser();
        arrive(&browser, &provider, &kit, json!({})).await;
        assert!(is_in(&browser).await);
        provider.stop().await;
        kit.handle.stop(false).await;
    }

    async fn i7_what_a_thief_connected_goes_with_the_thief(kit: Kit) {
        let (kit, provider) = with_provider(&kit).await;
        let ada = kit.customer("ada").await;
        let thief = connect(&kit, &provider, &ada).await;
        assert_eq!(count(&kit, &ada).await, 1);
        // The owner presses "this was not me" in the notice of it.
        let link = kit.last_link("/not-me/").await;
        let owner = kit.browser();
        let page = owner.get(&link).await;
        owner.press(&page, "submit", &[]).await;
        assert!(count(&kit, &ada).await == 0 && !is_in(&thief).await);
        let back = kit.browser();
        arrive(&back, &provider, &kit, json!({})).await;
        assert!(!is_in(&back).await);
        assert_eq!(kit.audited("upstream_disconnected", "").await, 1);
        // Or recovers the account.
        let bob = kit.customer("bob").await;
        connect(&kit, &provider, &bob).await;
        let owner = kit.browser();
        let page = owner.get("/recovery").await;
        let reply = owner.press(&page, "recovery", &[("email", &bob.email)]).await;
        let page = owner.follow(reply).await.page();
        let reply = owner.press(&page, "show-mailbox", &[("value", &kit.last_code().await)]).await;
        let page = owner.follow(reply).await.page();
        let reply = owner.press(&page, "new-password-field", &[("new_password", "wombat harmonica quill")]).await;
        owner.follow(reply).await;
        assert_eq!(count(&kit, &bob).await, 0, "{}", page.body);
        provider.stop().await;
        kit.handle.stop(false).await;
    }

    async fn i9_a_fresh_sign_in_is_the_providers_word(kit: Kit) {
        let (kit, provider) = with_provider(&kit).await;
        let ada = kit.customer("ada").await;
        let browser = connect(&kit, &provider, &ada).await;
        kit.advance(400);
        let now = kit.clock_now();
        for auth_time in [json!(null), json!(now - 400), json!(0), json!(-1)] {
            provider.script.lock().unwrap().claims = json!({ "auth_time": auth_time });
            let page = browser.walk("/account/security").await.page();
            let state = sent_from(&browser, &provider, &kit, &page, "with-evil").await;
            let page = browser.walk(&callback(&provider, &state, "evil")).await.page();
            assert!(page.body.contains("needs you to sign in anew"), "{auth_time}: {} {}", page.url, page.body);
        }
        // Without the word it opens what needs none, and nothing that changes the account.
        let fresh = kit.browser();
        arrive(&fresh, &provider, &kit, json!({})).await;
        assert!(is_in(&fresh).await);
        assert!(fresh.walk("/account/security").await.page().url.contains("/signin/"));
        // Nor does it pass for a sign-in of now where a shop wants one, however it came about: from another tab, say.
        let shop = kit.shop("shop").await;
        for more in [[("prompt", "login")], [("max_age", "60")]] {
            let waiting = shop.authorize(&fresh, &more).await.page();
            assert!(waiting.url.contains("/signin/"), "{more:?}");
            arrive(&kit.browser(), &provider, &kit, json!({})).await;
            let other = fresh.walk("/signin").await.page();
            assert!(!other.url.contains("/signin/"));
            assert!(fresh.walk(&waiting.url).await.page().url.contains("/signin/"), "{more:?}");
        }
        provider.script.lock().unwrap().claims = json!({ "auth_time": now });
        let page = browser.walk("/account/security").await.page();
        let state = sent_from(&browser, &provider, &kit, &page, "with-evil").await;
        assert_eq!(browser.walk(&callback(&provider, &state, "evil")).await.page().title(), "Sign-in and security");
        provider.stop().await;
        kit.handle.stop(false).await;
    }

    async fn f5_a_provider_that_was_taken_out(kit: Kit) {
        let (kit, provider) = with_provider(&kit).await;
        let ada = kit.customer("ada").await;
        connect(&kit, &provider, &ada).await;
        let browser = kit.browser();
        let state = sent(&browser, &provider, &kit).await;
        let (_, address, handle) = kit.second_node().await;
        let there = browser.at(&address);
        assert_eq!(there.get(&callback(&provider, &state, "evil")).await.status, 404);
        assert!(!there.walk("/account").await.page().body.contains("with-evil"));
        // A customer who is locked meanwhile does not come in.
        let (id, now) = (ada.id.clone(), kit.node.base.tools.now());
        kit.node.base.db.write(move |tx| claviger::identity::customers::store::change_status(tx, &id, claviger::identity::customers::CustomerStatus::Locked, now)).await.unwrap();
        let page = browser.walk(&callback(&provider, &state, "evil")).await.page();
        assert!(page.body.contains("don't match") || page.body.contains("don&#39;t match"), "{}", page.body);
        assert!(!is_in(&browser).await);
        handle.stop(false).await;
        provider.stop().await;
        kit.handle.stop(false).await;
    }

    async fn g3_x21_hostile_slow_and_dead_providers(kit: Kit) {
        let (kit, provider) = with_provider(&kit).await;
        let ada = kit.customer("ada").await;
        for mood in [Mood::Redirects, Mood::Endless, Mood::Drips, Mood::Silent] {
            provider.script.lock().unwrap().mood = mood;
            let (browser, other) = (kit.browser(), kit.browser());
            let page = browser.walk("/account").await.page();
            let link = page.body.split("id=\"with-evil\" href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
            let told = async { browser.walk(&link).await.page() };
            // Meanwhile everybody else signs in.
            let signed_in = async {
                let page = other.walk("/account").await.page();
                let reply = other.type_password(&page, &ada.email, &ada.password).await;
                other.follow(reply).await.page()
            };
            let (told, page) = futures_util::future::join(told, signed_in).await;
            assert_eq!(page.title(), "Your account");
            assert!(told.body.contains("does not answer"), "{mood:?} {}", told.body);
            kit.advance(60);
        }
        assert_eq!(provider.hits(1), 0, "no redirect was followed");
        // It names another issuer, endpoints that are none of the web, or is gone.
        provider.script.lock().unwrap().mood = Mood::Proper;
        for metadata in [json!({ "issuer": "https://good.example" }), json!({ "jwks_uri": "file:///etc/passwd" }), json!({ "jwks_uri": "http://169.254.169.254/keys" }), json!({ "authorization_endpoint": null }), json!({ "authorization_endpoint": "javascript:alert(1)" })] {
            provider.script.lock().unwrap().metadata = metadata.clone();
            let browser = kit.browser();
            let page = browser.walk("/account").await.page();
            let link = page.body.split("id=\"with-evil\" href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
            let page = browser.walk(&link).await.page();
            assert!(page.body.contains("does not answer") || page.body.contains("did not hold"), "{metadata} {}", page.body);
            kit.advance(3_601);
        }
        provider.stop().await;
        kit.handle.stop(false).await;
    }
}

/// What our own requests reach.
struct Canary {
    port: u16,
    hits: Arc<AtomicUsize>,
}

impl Canary {
    fn start() -> Self {
        let listener = TcpListener::bind("[::]:0").unwrap();
        let (port, hits) = (listener.local_addr().unwrap().port(), Arc::<AtomicUsize>::default());
        let counter = Arc::clone(&hits);
        std::thread::spawn(move || {
            for _ in listener.incoming() {
                counter.fetch_add(1, Ordering::SeqCst);
            }
        });
        Self { port, hits }
    }
}

fn get(url: &str) -> openidconnect::HttpRequest {
    openidconnect::http::Request::get(url).body(Vec::new()).unwrap()
}

struct Fixed(Vec<Vec<IpAddr>>, AtomicUsize);

impl Lookup for Fixed {
    fn find(&self, _: String) -> std::pin::Pin<Box<dyn Future<Output = std::io::Result<Vec<IpAddr>>> + Send>> {
        let at = self.1.fetch_add(1, Ordering::SeqCst);
        let found = self.0[at.min(self.0.len() - 1)].clone();
        Box::pin(async move { Ok(found) })
    }
}

#[test]
fn g1_requests_of_ours_stay_out_of_the_house() {
    actix_web::rt::System::new().block_on(async {
        let canary = Canary::start();
        let outgoing = Outgoing::new(OutgoingPolicy::default(), b"").unwrap();
        for host in [
            "127.0.0.1",
            "localhost",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "0.0.0.0",
            "0",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "127.1",
            "[::]",
            "169.254.169.254",
            "10.0.0.1",
            "LOCALHOST",
        ] {
            for scheme in ["http", "https"] {
                let answer = outgoing.call(get(&format!("{scheme}://{host}:{}/", canary.port))).await;
                assert_eq!(answer.map(|_| ()), Err(OutgoingFailed::Forbidden), "{scheme} {host}");
            }
        }
        for url in ["https://one.one.one.one:22/", "http://1.1.1.1/", "ftp://1.1.1.1/", "https://user:word@1.1.1.1/"] {
            let Ok(request) = openidconnect::http::Request::get(url).body(Vec::new()) else { continue };
            assert_eq!(outgoing.call(request).await.map(|_| ()), Err(OutgoingFailed::Forbidden), "{url}");
        }
        assert_eq!(canary.hits.load(Ordering::SeqCst), 0);
    });
}

#[test]
fn g2_the_address_that_is_judged_is_the_one_that_is_connected_to() {
    actix_web::rt::System::new().block_on(async {
        let canary = Canary::start();
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        // First a network that nobody routes to and that is allowed here, then the house; and both at once.
        for answers in [vec![vec![address("192.0.2.1")], vec![address("127.0.0.1")]], vec![vec![address("127.0.0.1"), address("::1"), address("192.0.2.1")]]] {
            let lookup = Arc::new(Fixed(answers, AtomicUsize::new(0)));
            let policy = OutgoingPolicy { allowed: vec!["192.0.2.0/24".parse().unwrap()] };
            let outgoing = Outgoing::with_lookup(policy, b"", &(Arc::clone(&lookup) as Arc<dyn Lookup>)).unwrap();
            let answer = outgoing.call(get(&format!("http://rebound.example:{}/", canary.port))).await;
            assert!(matches!(answer, Err(OutgoingFailed::Unreachable(_))), "{answer:?}");
            assert_eq!(lookup.1.load(Ordering::SeqCst), 1, "asked once");
        }
        assert_eq!(canary.hits.load(Ordering::SeqCst), 0);
    });
}
