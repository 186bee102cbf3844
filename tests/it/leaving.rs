//! Taking one's data along, and leaving: days to think better of it, and then nothing that can be read.

use std::io::Read;

use crate::kit::{Backend, Browser, Kit, Person, Reply};
use crate::on_both;
use claviger::app::{setup, worker};
use claviger::base::page::PageRequest;
use claviger::identity::customers::store as customers;
use claviger::identity::erasure::{Receipt, store as erasures};
use claviger::platform::audit::store::list_about;
use claviger::platform::crypto::jws::TokenType;
use claviger::platform::vault;

async fn open(browser: &Browser, path: &str, person: &Person) -> Reply {
    let page = browser.walk(path).await.page();
    if page.body.contains("id=\"signin\"") {
        let reply = browser.type_password(&page, &person.email, &person.password).await;
        return browser.follow(reply).await.page();
    }
    page
}

on_both! {
    async fn everything_that_is_kept_goes_into_the_archive_and_no_secret(kit: Kit) {
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        let (mut browser, _) = kit.sign_in(&shop, &ada).await;
        browser.headers.push(("user-agent".to_owned(), "Firefox Canary-Agent".to_owned()));
        let seed = crate::factors::enrol(&kit, &kit.customer("bob").await).await;
        let page = open(&browser, "/account/privacy", &ada).await;
        let csrf = page.hidden("id=\"get-archive\"", "csrf");
        let request = browser.client.post(kit.url("/account/privacy/export")).header("origin", &kit.issuer).form(&[("csrf", &csrf)]);
        let jar = browser.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let answer = request.header("cookie", jar).send().await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap(), answer.headers()["cache-control"].to_str().unwrap()), (200, "application/zip", "no-store"));
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(answer.bytes().await.unwrap().to_vec())).unwrap();
        let mut read = |name: &str| {
            let mut text = String::new();
            archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
            text
        };
        let (machine, human) = (read("account.json"), read("account.html"));
        let everything: serde_json::Value = serde_json::from_str(&machine).unwrap();
        assert_eq!((&everything["contact"]["email"], &everything["profile"]["name"], &everything["birth_date"]), (&"ada@example.com".into(), &"ada Canary-Fullname".into(), &"1985-12-10".into()));
        assert!(everything["events"].as_array().unwrap().iter().any(|event| event["kind"] == "signed_in") && everything["connected"][0]["client"] == "shop");
        for (text, name) in [(&machine, "json"), (&human, "html")] {
            assert!(text.contains("12 Canary-Street") && text.contains("127.0.0.1"), "{name}");
            assert!(!text.contains("$argon2id") && !text.contains(seed.to_base32().as_str()) && !text.contains("bob@example.com"), "{name}");
        }
        assert_eq!(kit.audited("data_exported", "").await, 1);
        // An old session has to show who it is first.
        kit.advance(301);
        let reply = browser.submit("/account/privacy/export", &[("csrf", &csrf)]).await;
        assert_eq!(reply.status, 303);
    }

    async fn whoever_asked_to_leave_can_stay(kit: Kit) {
        let ada = kit.customer("ada").await;
        let (browser, other) = (kit.browser(), kit.browser());
        open(&other, "/account", &ada).await;
        let page = open(&browser, "/account/privacy", &ada).await;
        assert_eq!(browser.press(&page, "erase-account", &[]).await.status, 422, "the box");
        assert_eq!(browser.press(&page, "erase-account", &[("sure", "yes")]).await.location(), Some("/signed-out"));
        assert_eq!((browser.walk("/account").await.page().title(), other.walk("/account").await.page().title()), ("Sign in", "Sign in"));
        kit.advance(14 * 86_400 - 60);
        assert_eq!(worker::erase_due(&kit.node).await.unwrap(), 0);
        let page = open(&browser, "/account/privacy", &ada).await;
        assert!(page.body.contains("erased tomorrow"), "{}", page.body);
        let reply = browser.press(&page, "keep", &[]).await;
        assert!(!browser.follow(reply).await.page().body.contains("id=\"keep\""));
        kit.advance(120);
        assert_eq!(worker::erase_due(&kit.node).await.unwrap(), 0);
        assert_eq!(open(&kit.browser(), "/account", &ada).await.title(), "Your account");
        assert_eq!((kit.audited("erasure_asked", "").await, kit.audited("erasure_cancelled", "").await), (1, 1));
    }

    async fn what_was_erased_cannot_be_read_and_the_receipt_proves_it(kit: Kit) {
        let (ada, bob, shop) = (kit.customer("ada").await, kit.customer("bob").await, kit.shop("shop").await);
        let (browser, tokens) = kit.sign_in(&shop, &ada).await;
        let subject = tokens.claims()["sub"].as_str().unwrap().to_owned();
        let page = open(&browser, "/account/privacy", &ada).await;
        browser.press(&page, "erase-account", &[("sure", "yes")]).await;
        kit.mails().await;
        kit.advance(14 * 86_400);
        assert_eq!(worker::erase_due(&kit.node).await.unwrap(), 1);
        assert_eq!(worker::erase_due(&kit.node).await.unwrap(), 0);
        // Gone: the row, the key, every way in. The address is free.
        let (id, tools) = (ada.id.clone(), kit.node.base.tools.clone());
        let (customer, key, events) = kit
            .node
            .base
            .db
            .read(move |connection| {
                let customer = customers::find_customer(connection, &tools.ring, &id)?;
                let key = vault::find_data_key(connection, &tools.ring, id.as_str())?.is_some();
                Ok((customer.is_some(), key, list_about(connection, &tools, id.as_str(), &PageRequest::first(100))?.items))
            })
            .await
            .unwrap();
        assert!(!customer && !key);
        // The events stay, so that the chain holds, and say nothing of where they came from.
        assert!(events.iter().any(|(event, _)| event.kind == "signed_in") && events.iter().all(|(_, origin)| origin.is_none()), "{events:?}");
        let fresh = kit.browser();
        assert_eq!(fresh.type_password(&fresh.walk("/account").await.page(), &ada.email, &ada.password).await.status, 422);
        assert_eq!(shop.refresh(&tokens.refresh()).await.json()["error"], "invalid_grant");
        assert_eq!(open(&kit.browser(), "/account", &bob).await.title(), "Your account");
        // The receipt.
        let mail = kit.mails().await.into_iter().find(|mail| mail.subject == "Your account was erased").unwrap();
        let receipt = mail.text.split_whitespace().find(|word| word.starts_with("eyJ")).unwrap().to_owned();
        let kept = { let subject = subject.clone(); kit.node.base.db.read(move |connection| erasures::find_receipt(connection, &subject)).await.unwrap() };
        assert_eq!(kept.as_deref(), Some(receipt.as_str()));
        let keys = setup::load_keys(&kit.node.base).await.unwrap();
        let read: Receipt = keys.verify(&receipt, TokenType::ErasureReceipt, &kit.issuer).unwrap();
        assert_eq!((read.sub.as_str(), read.iat, read.complete_at), (subject.as_str(), kit.clock_now(), kit.clock_now() + 30 * 86_400));
        let mut forged = receipt.clone().into_bytes();
        let middle = forged.len() / 2;
        forged[middle] = if forged[middle] == b'A' { b'B' } else { b'A' };
        assert!(keys.verify::<Receipt>(std::str::from_utf8(&forged).unwrap(), TokenType::ErasureReceipt, &kit.issuer).is_err());
        assert!(keys.verify::<Receipt>(&receipt, TokenType::AccessToken, &kit.issuer).is_err());
        if kit.place.backend == Backend::Sqlite {
            let file = std::fs::read(kit.place.folder.path().join("test.db")).unwrap();
            for canary in ["ada@example.com", "Canary-Street", "ada Canary-Fullname"] {
                assert!(!file.windows(canary.len()).any(|window| window == canary.as_bytes()), "{canary}");
            }
        }
    }
}
