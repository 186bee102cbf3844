//! What happens around an import at the same moment: another importer, somebody who writes into the file, and a password that is changed while the old one is replaced.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use claviger::identity::customers;
use claviger::identity::factors::password::foreign::{ForeignHash, store as foreign};
use claviger::identity::factors::password::{NormalPassword, store as passwords};

use crate::kit::process::command_on;
use crate::kit::{Kit, Person};
use crate::on_both;

fn table(folder: &Path, count: usize) -> PathBuf {
    let file = folder.join("crowd.csv");
    let mut out = std::io::BufWriter::new(std::fs::File::create(&file).unwrap());
    writeln!(out, "email,password,name").unwrap();
    (0..count).for_each(|number| writeln!(out, "crowd{number}@example.com,3cb4e732631f47e6eb961f34554b7cde,Crowd {number}").unwrap());
    file
}

async fn count(kit: &Kit) -> i64 {
    kit.node.base.db.read(foreign::count_foreign).await.unwrap()
}

on_both! {
    async fn two_importers_of_one_file_bring_everybody_in_once(kit: Kit) {
        let file = table(kit.place.folder.path(), 4_000);
        let begin = || command_on(&kit.place, &["import", "--format", "csv", file.to_str().unwrap()]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (one, other) = (begin(), begin());
        let ended = [one, other].map(|child| child.wait_with_output().unwrap());
        let codes: Vec<i32> = ended.iter().map(|output| output.status.code().unwrap()).collect();
        let said: Vec<String> = ended.iter().map(|output| String::from_utf8_lossy(&output.stderr).into_owned()).collect();
        // One of them goes through; the other one sees that somebody is further, or that it is done.
        assert!(codes.contains(&0) && codes.iter().all(|code| [0, 3].contains(code)), "{codes:?} {said:?}");
        assert!(codes.iter().zip(&said).all(|(code, said)| *code == 0 || said.contains("by somebody else")), "{said:?}");
        assert_eq!(count(&kit).await, 4_000);
        assert_eq!(kit.audited("customers_imported", "").await, 8, "each part once");
    }

    async fn a_file_that_is_written_to_meanwhile_does_not_count_as_done(kit: Kit) {
        let file = table(kit.place.folder.path(), 6_000);
        let mut child = command_on(&kit.place, &["import", "--format", "csv", file.to_str().unwrap()]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut said = std::io::BufRead::lines(std::io::BufReader::new(child.stderr.take().unwrap()));
        // The first part is in: the file was looked over, and is being read.
        said.next().unwrap().unwrap();
        writeln!(std::fs::OpenOptions::new().append(true).open(&file).unwrap(), "late@example.com,3cb4e732631f47e6eb961f34554b7cde,Late").unwrap();
        let rest: Vec<String> = said.map(Result::unwrap).collect();
        assert_eq!(child.wait().unwrap().code(), Some(3), "{rest:?}");
        assert!(rest.iter().any(|line| line.contains("was changed while it was read")), "{rest:?}");
        // As it is now, it is another file: gone through from the start, and whoever is here stays as they are.
        let output = command_on(&kit.place, &["import", "--format", "csv", file.to_str().unwrap()]).output().unwrap();
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && (told.contains("1 imported, 6000 skipped") || told.contains("0 imported, 6001 skipped")), "{told}");
        assert_eq!(count(&kit).await, 6_001);
    }

    async fn a_password_that_is_changed_while_the_old_one_signs_in_stays_changed(kit: Kit) {
        let shop = kit.shop("shop").await;
        for round in 0..12 {
            let name = format!("racer{round}");
            let ada = kit.customer(&name).await;
            let old = Person { password: format!("{name} likes old passwords"), ..ada.clone() };
            let hash = bcrypt_of(&old.password);
            let (tools, id) = (kit.node.base.tools.clone(), ada.id.clone());
            kit.node.base.db.write(move |tx| {
                passwords::remove_password(tx, &id)?;
                foreign::insert_foreign(tx, &tools, &id, &hash)
            }).await.unwrap();
            let new = Person { password: format!("{name} likes new passwords"), ..ada.clone() };
            let normal = NormalPassword::for_new_credential(&new.password).unwrap();
            let (hash, tools, id) = (kit.node.signin.hasher.hash(&normal).await.unwrap(), kit.node.base.tools.clone(), ada.id.clone());
            let change = async {
                // A little later in each round, so that it falls before, into and behind the check of the hash.
                for _ in 0..round * 40 {
                    tokio::task::yield_now().await;
                }
                let work = move |tx: &mut claviger::platform::db::WriteTx<'_>| {
                    passwords::replace_hash(tx, &id, &hash, tools.now())?;
                    customers::store::bump_generation(tx, &id, tools.now())
                };
                kit.node.base.db.write(work).await.unwrap();
            };
            let browser = kit.browser();
            let (_, ()) = tokio::join!(shop.sign_in(&browser, &old, &[]), change);
            // Whoever was first: what was chosen stands.
            assert!(shop.sign_in(&kit.browser(), &new, &[]).await.away().contains_key("code"), "round {round}");
            assert_eq!(shop.sign_in(&kit.browser(), &old, &[]).await.page().status, 422, "round {round}");
        }
    }
}

fn bcrypt_of(password: &str) -> ForeignHash {
    ForeignHash::parse(&bcrypt::hash(password, 6).unwrap()).expect("a hash of bcrypt's")
}
