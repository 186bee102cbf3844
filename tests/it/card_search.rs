//! The search for card numbers opens whatever people wrote: one number in each sealed column, and each is found.

use crate::kit::{Backend, Kit, full_customer};
use crate::on_both;
use claviger::admin::access::rules::Role;
use claviger::admin::cases::rules::{CaseKind, Terms, begin};
use claviger::admin::cases::store::{Case, Input, insert_case};
use claviger::app::compliance::cards;
use claviger::app::worker::checks::CLOCK_JUMPED;
use claviger::base::assurance::{FactorKind, ShownFactor};
use claviger::base::contact::EmailAddress;
use claviger::base::ids::{CaseId, CustomerId};
use claviger::identity::care::store::insert_report;
use claviger::identity::customers::details::store::{keep_phrase, keep_profile};
use claviger::identity::customers::store::insert_customer;
use claviger::identity::customers::{NewCustomer, PostalAddress, Profile};
use claviger::identity::factors::passkey::store::list_passkeys;
use claviger::identity::factors::totp::rules::Seed;
use claviger::identity::factors::totp::store::insert_confirmed;
use claviger::identity::factors::upstream::{Arrived, store::insert_link};
use claviger::platform::audit::{self, Actor, Entry, Origin};
use claviger::platform::db::dump::run_anywhere;
use claviger::platform::vault::{Cell, need_data_key};

const NUMBER: &str = "4111 1111 1111 1111";

/// Somebody of whom nothing holds a number yet.
fn somebody(name: &str) -> NewCustomer {
    NewCustomer { phone: None, ..full_customer(name, &format!("{name}@example.com"), 0) }
}

fn literal(backend: Backend, bytes: &[u8]) -> String {
    let hex = bytes.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    if backend == Backend::Sqlite { format!("X'{hex}'") } else { format!("'\\x{hex}'::bytea") }
}

on_both! {
    async fn a_card_number_in_any_sealed_column_is_found(kit: Kit) {
        let (tools, backend) = (kit.node.base.tools.clone(), kit.place.backend);
        let grace = kit.colleague("grace", &[Role::Owner]).await.person.id;
        let searching = tools.clone();
        let found = kit.node.base.db.read(move |connection| cards::search(connection, &searching)).await.unwrap();
        assert!(found.places.is_empty() && found.opened > 10, "{found:?}");
        let opener = tools.clone();
        let places = kit.node.base.db.write(move |tx| {
            let (tools, now) = (&opener, opener.now());
            let written = || Some(NUMBER.to_owned());
            let mut places = Vec::new();
            let mut add = |tx: &mut _, new: NewCustomer| -> Result<CustomerId, _> {
                let id = insert_customer(tx, tools, &new)?;
                places.push(format!("customers of {id}"));
                Ok::<_, claviger::platform::db::StoreError>(id)
            };
            let id = add(tx, somebody("profile"))?;
            keep_profile(tx, tools, &id, &Profile { nickname: written(), ..Profile::default() })?;
            let id = add(tx, somebody("phrase"))?;
            keep_phrase(tx, tools, &id, Some(NUMBER))?;
            add(tx, NewCustomer { address: Some(PostalAddress { locality: written(), ..PostalAddress::default() }), ..somebody("address") })?;
            add(tx, NewCustomer { birth_date: written(), ..somebody("birth") })?;
            add(tx, NewCustomer { email: EmailAddress::parse("4111111111111111@example.com").unwrap(), ..somebody("mail") })?;
            // What they sign in with. Of a passkey only its name.
            let key = list_passkeys(tx, tools, &grace)?.remove(0).id;
            let sealed = need_data_key(tx, &tools.ring, grace.as_str())?.seal_in_row(Cell { table: "passkeys", column: "name_sealed" }, key.as_str(), NUMBER.as_bytes(), tools.entropy())?;
            run_anywhere(tx, &format!("UPDATE passkeys SET name_sealed = {} WHERE id = '{}'", literal(backend, &sealed), key.as_str()))?;
            let id = insert_customer(tx, tools, &somebody("app"))?;
            insert_confirmed(tx, tools, &id, &Seed::generate(tools.entropy()), NUMBER)?;
            let other = insert_customer(tx, tools, &somebody("elsewhere"))?;
            let shown = ShownFactor { kind: FactorKind::Upstream, at: tools.now_micros(), is_user_verified: false, is_synced: false };
            insert_link(tx, tools, &other, &Arrived { upstream: "x".to_owned(), index: vec![1; 16], email: None, name: written(), shown })?;
            places.extend([format!("passkeys of {grace}"), format!("totp_authenticators of {id}"), format!("upstream_links of {other}")]);
            // What they wrote, as it would be if nothing were taken out of it; and what was written about them.
            for reporter in [None, Some(&id)] {
                let report = insert_report(tx, tools, reporter, "call", NUMBER)?;
                let sealed = match reporter {
                    Some(id) => need_data_key(tx, &tools.ring, id.as_str())?.seal_in_row(Cell { table: "scam_reports", column: "content_sealed" }, report.as_str(), NUMBER.as_bytes(), tools.entropy())?,
                    None => tools.ring.outbox.seal(NUMBER.as_bytes(), &format!("scam_reports|content|{report}"), tools.entropy()).unwrap(),
                };
                run_anywhere(tx, &format!("UPDATE scam_reports SET content_sealed = {} WHERE id = '{report}'", literal(backend, &sealed)))?;
                places.push(format!("scam_reports of {report}"));
            }
            let terms = Terms { asked_by: "customer:x".to_owned(), needs_approval: true, needs_confirmation: false, wait_seconds: 0 };
            let input = Input { by: "Grace".to_owned(), reason: NUMBER.to_owned(), caller: "strong".to_owned(), email: None, factor: None, generation: 0 };
            let case = Case {
                id: CaseId::generate(tools.now_micros(), tools.entropy()),
                kind: CaseKind::RemoveFactors,
                customer: id.clone(),
                brand: None,
                input,
                progress: begin(&terms, now),
                terms,
                asked_at: now,
                decided_by: None,
                settled_at: None,
                expires_at: now.plus(60),
            };
            insert_case(tx, tools, &case)?;
            places.push(format!("admin_cases of {}", case.id));
            for about in ["clock".to_owned(), format!("customer:{id}")] {
                audit::record(tx, tools, &Entry::success(CLOCK_JUMPED, Actor::System, about, &Origin::internal("test")).with_note(NUMBER))?;
            }
            Ok(places)
        });
        let mut places = places.await.unwrap();
        let found = kit.node.base.db.read(move |connection| cards::search(connection, &tools)).await.unwrap();
        let (notes, mut others): (Vec<String>, Vec<String>) = found.places.into_iter().partition(|place| place.starts_with("audit_events of "));
        assert_eq!(notes.len(), 2, "of a customer and of nobody");
        places.sort();
        others.sort();
        assert_eq!(others, places);
    }
}
