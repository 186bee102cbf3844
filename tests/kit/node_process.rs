//! A second node as a process of its own, whose clock is moved by hand too: this very test binary, started once more with a word in its environment.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use claviger::base::time::{ManualClock, UnixSeconds};

use super::{Backend, Kit, Place};

const WORD: &str = "CLAVIGER_TEST_NODE";

/// The process; killed when dropped.
pub struct NodeProcess {
    child: Child,
    answers: BufReader<std::process::ChildStdout>,
    pub base: String,
}

impl Drop for NodeProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl NodeProcess {
    /// Starts a node on the database and keys of `kit`; `entry` is the name of the test that calls [`serve_if_asked`].
    pub fn start(kit: &Kit, entry: &str) -> Self {
        let key = kit.place.folder.path().join("keys/master.key");
        let asked = serde_json::json!({ "url": kit.place.url, "issuer": kit.issuer, "key": key, "now": kit.clock_now(), "is_sqlite": kit.place.backend == Backend::Sqlite });
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", entry, "--nocapture", "--test-threads", "1"])
            .env(WORD, asked.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut answers = BufReader::new(child.stdout.take().unwrap());
        let base = Self::answer(&mut answers, "listens ");
        Self { child, answers, base }
    }

    fn answer(answers: &mut BufReader<std::process::ChildStdout>, word: &str) -> String {
        loop {
            let mut line = String::new();
            assert!(answers.read_line(&mut line).unwrap() > 0, "the node ended");
            if let Some((_, rest)) = line.split_once(word) {
                return rest.trim().to_owned();
            }
        }
    }

    /// Moves its clock, and waits until it has.
    pub fn advance(&mut self, seconds: i64) {
        writeln!(self.child.stdin.as_mut().unwrap(), "{seconds}").unwrap();
        Self::answer(&mut self.answers, "advanced ");
    }
}

/// Serves until its standard input ends, when this process was started as a node; nothing otherwise.
pub fn serve_if_asked() {
    let Ok(asked) = std::env::var(WORD) else { return };
    let asked: serde_json::Value = serde_json::from_str(&asked).unwrap();
    let text = |name: &str| asked[name].as_str().unwrap().to_owned();
    actix_web::rt::System::new().block_on(async {
        let backend = if asked["is_sqlite"] == true { Backend::Sqlite } else { Backend::Postgres };
        let place = Arc::new(Place::of_another(backend, text("url")));
        let clock = Arc::new(ManualClock::at(UnixSeconds(asked["now"].as_i64().unwrap())));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
        let kit = Kit::start_on(listener, text("issuer"), place, clock, |raw| raw.keys.master_key_file = text("key")).await;
        println!("listens {base}");
        let moved = kit.clock.clone();
        // Read apart, so that requests are served meanwhile.
        tokio::task::spawn_blocking(move || {
            for line in std::io::stdin().lines().map_while(Result::ok) {
                moved.advance(line.trim().parse().unwrap());
                println!("advanced {line}");
            }
        })
        .await
        .unwrap();
        kit.handle.stop(false).await;
    });
}
