//! Whoever came from elsewhere, as an account like any other: the address is proved here, the password is what was hashed there and as old as it was, and a number that nobody proved keeps nobody out.

use crate::kit::authenticator::{self, Authenticator, PRESENT, VERIFIED};
use crate::kit::{Browser, Kit, Person};
use crate::on_both;
use claviger::base::contact::{EmailAddress, PhoneNumber};
use claviger::base::ids::CustomerId;
use claviger::identity::customers::store as customers;
use claviger::identity::customers::{CustomerRole, NewCustomer, Profile};
use claviger::identity::factors::passkey::foreign::{self as foreign_keys, ForeignKey};
use claviger::identity::factors::passkey::store as passkeys;
use claviger::identity::factors::password::foreign::{ForeignHash, store as foreign};
use claviger::identity::factors::password::{StoredHash, store as passwords};
use claviger::identity::recovery::store as recoveries;
use serde_cbor_2::Value as Cbor;

async fn newcomer(kit: &Kit, name: &str, hash: &str, password: &str) -> Person {
    let (tools, email, hash) = (kit.node.base.tools.clone(), format!("{name}@example.com"), ForeignHash::parse(hash).unwrap());
    let new = NewCustomer {
        email: EmailAddress::parse(&email).unwrap(),
        is_email_verified: false,
        phone: None,
        is_phone_verified: false,
        role: CustomerRole::Customer,
        profile: Profile::default(),
        address: None,
        birth_date: None,
    };
    let work = move |tx: &mut claviger::platform::db::WriteTx<'_>| {
        let id = customers::insert_customer(tx, &tools, &new)?;
        foreign::insert_foreign(tx, &tools, &id, &hash)?;
        Ok(id)
    };
    let id = kit.node.base.db.write(work).await.unwrap();
    Person { id, email, password: password.to_owned() }
}

async fn is_in(kit: &Kit, email: &str, password: &str) -> Option<Browser> {
    let browser = kit.browser();
    let page = browser.walk("/account").await.page();
    let reply = browser.type_password(&page, email, password).await;
    (reply.status == 303).then_some(browser)
}

async fn stored(kit: &Kit, id: &CustomerId) -> Option<StoredHash> {
    let (ring, id) = (kit.node.base.tools.ring.clone(), id.clone());
    kit.node.base.db.read(move |connection| passwords::find_hash(connection, &ring, &id)).await.unwrap()
}

async fn is_proved(kit: &Kit, id: &CustomerId) -> bool {
    let (ring, id) = (kit.node.base.tools.ring.clone(), id.clone());
    kit.node.base.db.read(move |connection| customers::find_customer(connection, &ring, &id)).await.unwrap().unwrap().is_email_verified
}

const PHPASS: &str = "$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0";

on_both! {
    async fn an_address_that_came_unproved_is_proved_by_its_owner(kit: Kit) {
        let ada = newcomer(&kit, "ada", PHPASS, "test12345").await;
        let browser = is_in(&kit, &ada.email, &ada.password).await.unwrap();
        let page = browser.walk("/account/contact").await.page();
        let reply = browser.press(&page, "send-email", &[("value", &ada.email)]).await;
        let page = browser.follow(reply).await.page();
        let code = kit.last_code().await;
        let reply = browser.press(&page, "prove-email", &[("code", &code)]).await;
        assert!(reply.status == 303, "{} {}", reply.status, reply.body);
        assert!(is_proved(&kit, &ada.id).await);
        assert_eq!((kit.audited("email_proven", "").await, kit.audited("contact_changed", "").await), (1, 0), "nothing changed that could be taken back");
        // Or by the code of a recovery.
        let bob = newcomer(&kit, "bob", PHPASS, "test12345").await;
        let browser = kit.browser();
        let page = browser.walk("/recovery").await.page();
        let reply = browser.press(&page, "recovery", &[("email", &bob.email)]).await;
        let page = browser.follow(reply).await.page();
        let code = kit.last_code().await;
        browser.press(&page, "show-mailbox", &[("value", &code)]).await;
        assert!(is_proved(&kit, &bob.id).await);
    }

    async fn what_is_hashed_anew_is_what_was_hashed_there(kit: Kit) {
        // WordPress takes blanks off: what a telephone's keyboard adds is no part of the password.
        let ada = newcomer(&kit, "ada", PHPASS, "test12345").await;
        for wrong in [" ", "test1234", "Test12345"] {
            assert!(is_in(&kit, &ada.email, wrong).await.is_none(), "{wrong}");
        }
        assert!(is_in(&kit, &ada.email, "test12345 ").await.is_some());
        assert!(matches!(stored(&kit, &ada.id).await, Some(StoredHash::Ours(_))));
        assert!(is_in(&kit, &ada.email, "test12345").await.is_some(), "the password is what it was");
        // bcrypt looks at 72 bytes: whoever types another tail does not make it the password.
        let long = "x".repeat(72) + " and its tail";
        let eve = newcomer(&kit, "eve", &bcrypt::hash(&long, 4).unwrap(), &long).await;
        assert!(is_in(&kit, &eve.email, &("x".repeat(72) + " and another")).await.is_some());
        assert!(matches!(stored(&kit, &eve.id).await, Some(StoredHash::Foreign(_))), "it stays as it came");
        assert!(is_in(&kit, &eve.email, &long).await.is_some());
    }

    async fn a_password_from_elsewhere_is_as_old_as_its_account(kit: Kit) {
        let ada = newcomer(&kit, "ada", PHPASS, "test12345").await;
        let id = ada.id.clone();
        let age = async || {
            let id = id.clone();
            kit.node.base.db.read(move |connection| Ok((passwords::find_updated_at(connection, &id)?, claviger::identity::customers::details::store::find_created_at(connection, &id)?))).await.unwrap()
        };
        let (before, created) = age().await;
        assert_eq!(before, created);
        kit.advance(10 * 86_400);
        assert!(is_in(&kit, &ada.email, "test12345").await.is_some());
        assert_eq!(age().await.0, created, "a new hash is not a new password");
        // So it counts in a recovery at once.
        let (tools, id) = (kit.node.base.tools.clone(), ada.id.clone());
        kit.node.base.db.write(move |tx| recoveries::insert_order_fact(tx, &tools, &id, "A-1234")).await.unwrap();
        // And an undo brings back the hash that there was.
        let (ring, id, tools) = (kit.node.base.tools.ring.clone(), ada.id.clone(), kit.node.base.tools.clone());
        let kept = ForeignHash::parse(PHPASS).unwrap();
        let work = move |tx: &mut claviger::platform::db::WriteTx<'_>| {
            passwords::restore_hash(tx, &tools, &id, Some(&StoredHash::Foreign(kept.clone())))?;
            passwords::find_hash(tx, &ring, &id)
        };
        assert!(matches!(kit.node.base.db.write(work).await.unwrap(), Some(StoredHash::Foreign(_))));
        assert!(is_in(&kit, &ada.email, "test12345").await.is_some());
    }

    async fn a_synced_key_from_elsewhere_opens_the_door_by_itself(kit: Kit) {
        let ada = newcomer(&kit, "ada", PHPASS, "test12345").await;
        let mut phone = Authenticator { counter: 8, handle: Some(b"handle-of-the-old-shop".to_vec()), ..Authenticator::new() };
        let point = aws_lc_rs::signature::KeyPair::public_key(&phone.key).as_ref().to_vec();
        let cose = [(1, Cbor::Integer(2)), (3, Cbor::Integer(-7)), (-1, Cbor::Integer(1)), (-2, Cbor::Bytes(point[1..33].to_vec())), (-3, Cbor::Bytes(point[33..].to_vec()))];
        let cose = Cbor::Map(cose.into_iter().map(|(name, value)| (Cbor::Integer(name), value)).collect());
        let key = ForeignKey { id: phone.id.clone(), public_key: serde_cbor_2::to_vec(&cose).unwrap(), counter: 8, aaguid: None, handle: phone.handle.clone().unwrap(), copies: None };
        let (tools, id) = (kit.node.base.tools.clone(), ada.id.clone());
        kit.node.base.db.write(move |tx| passkeys::insert_passkey(tx, &tools, &id, foreign_keys::read(&key).unwrap(), "Phone")).await.unwrap();
        // The old shop did not say that the key is copied between devices; the first signature does, with nothing typed.
        for _ in 0..2 {
            let browser = kit.browser();
            let page = browser.walk("/account").await.page();
            let reply = authenticator::show(&browser, &page, &mut phone).await;
            assert_eq!(browser.follow(reply).await.page().title(), "Your account");
        }
        // What says otherwise later is refused.
        phone.flags = PRESENT | VERIFIED;
        let browser = kit.browser();
        let page = browser.walk("/account").await.page();
        assert_eq!(authenticator::show(&browser, &page, &mut phone).await.status, 422);
    }

    async fn a_number_that_nobody_proved_keeps_nobody_out(kit: Kit) {
        let (squatter, owner) = (kit.customer("squatter").await, kit.customer("owner").await);
        let phone = PhoneNumber::parse("+491701234567").unwrap();
        let (tools, first, second) = (kit.node.base.tools.clone(), squatter.id.clone(), owner.id.clone());
        let work = move |tx: &mut claviger::platform::db::WriteTx<'_>| {
            assert!(customers::replace_phone(tx, &tools, &first, Some(&phone), false)?);
            assert!(!customers::replace_phone(tx, &tools, &second, Some(&phone), false)?, "one claim against another");
            assert!(customers::replace_phone(tx, &tools, &second, Some(&phone), true)?, "a proof against a claim");
            assert!(!customers::replace_phone(tx, &tools, &first, Some(&phone), true)?, "a proof against a proof");
            Ok((customers::find_customer(tx, &tools.ring, &first)?.unwrap().phone, customers::find_customer(tx, &tools.ring, &second)?.unwrap().phone))
        };
        let (left, right) = kit.node.base.db.write(work).await.unwrap();
        assert_eq!((left.is_none(), right.is_some()), (true, true));
    }
}
