//! Relays for mail that are down, hang, refuse for now or are slow (X20): nobody in front of a page notices, and what was accepted arrives.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::kit::{Kit, Place};
use crate::on_both;
use claviger::app::worker;
use claviger::base::time::ManualClock;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mood {
    Well,
    /// Takes connections and says nothing.
    Silent,
    /// 451 to every message.
    NotNow,
    /// Thinks before each answer.
    Slow,
    /// Hangs up.
    Down,
    /// 554 instead of a greeting.
    Closed,
    /// Does not let us send.
    Strict,
    /// Knows no such mailbox.
    NoSuch,
}

/// A relay in some mood, which keeps what it took.
struct Relay {
    port: u16,
    mood: Arc<Mutex<Mood>>,
    taken: Arc<Mutex<Vec<String>>>,
}

impl Relay {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let relay = Self { port: listener.local_addr().unwrap().port(), mood: Arc::new(Mutex::new(Mood::Well)), taken: Arc::default() };
        let (mood, taken) = (relay.mood.clone(), relay.taken.clone());
        std::thread::spawn(move || {
            for caller in listener.incoming().map_while(Result::ok) {
                let (mood, taken) = (*mood.lock().unwrap(), taken.clone());
                std::thread::spawn(move || serve(caller, mood, &taken));
            }
        });
        relay
    }

    fn turn(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    fn count(&self) -> usize {
        self.taken.lock().unwrap().len()
    }
}

fn serve(caller: TcpStream, mood: Mood, taken: &Mutex<Vec<String>>) -> Option<()> {
    if mood == Mood::Down {
        return None;
    }
    let (mut lines, mut answer) = (BufReader::new(caller.try_clone().ok()?).lines(), caller);
    let mut say = move |text: &str| {
        if mood == Mood::Slow {
            std::thread::park_timeout(Duration::from_millis(150));
        }
        answer.write_all(format!("{text}\r\n").as_bytes()).ok()
    };
    if mood == Mood::Silent {
        return lines.next().map(drop);
    }
    say(if mood == Mood::Closed { "554 5.3.2 closed" } else { "220 relay.example" })?;
    while let Some(Ok(line)) = lines.next() {
        match line.split(' ').next()?.to_ascii_uppercase().as_str() {
            "EHLO" => say("250 relay.example")?,
            "MAIL" if mood == Mood::Strict => say("550 5.7.1 not from you")?,
            "RCPT" if mood == Mood::NotNow => say("451 try again later")?,
            "RCPT" if mood == Mood::NoSuch => say("550 5.1.1 nobody here")?,
            "DATA" => {
                say("354 go on")?;
                let message: Vec<String> = lines.by_ref().map_while(Result::ok).take_while(|line| line != ".").collect();
                taken.lock().unwrap().push(message.join("\n"));
                say("250 taken")?;
            }
            "QUIT" => return say("221 bye"),
            _ => say("250 fine")?,
        }
    }
    None
}

on_both! {
    async fn x20_a_relay_in_any_mood_loses_no_mail(bare: Kit) {
        let relay = Relay::start();
        let place = Arc::new(Place::new(bare.place.backend));
        let kit = Kit::start_with(place, Arc::new(ManualClock::at(crate::kit::DAWN)), |raw| {
            raw.mail.smtp_host = "127.0.0.1".to_owned();
            raw.mail.smtp_port = relay.port;
            raw.mail.smtp_security = claviger::platform::mail::SmtpSecurity::None;
        }).await;
        let (ada, shop) = (kit.customer("ada").await, kit.shop("shop").await);
        // The first browser is news to nobody.
        kit.sign_in(&shop, &ada).await;
        let mut asked = 0;
        for mood in [Mood::Down, Mood::NotNow, Mood::Closed, Mood::Strict, Mood::Slow, Mood::Silent] {
            relay.turn(mood);
            let before = relay.count();
            // Mail goes out beside what people do: a sign-in from a new browser, which is told by mail, is answered meanwhile.
            let began = Instant::now();
            let (_, took) = tokio::join!(
                async { worker::send_mail(&kit.node).await.unwrap() },
                async {
                    kit.sign_in(&shop, &ada).await;
                    began.elapsed()
                }
            );
            asked += 1;
            assert!(took < Duration::from_secs(10), "{mood:?}: {took:?}");
            worker::resolve_intents(&kit.node).await.unwrap();
            worker::send_mail(&kit.node).await.unwrap();
            assert_eq!(relay.count() > before, mood == Mood::Slow, "{mood:?}");
            kit.advance(30);
        }
        // However often it was tried meanwhile, operators see for how long.
        relay.turn(Mood::Down);
        kit.advance(300);
        for _ in 0..2 {
            worker::send_mail(&kit.node).await.unwrap();
        }
        let metric = |name: &str| {
            let all = kit.node.http.metrics.encode(kit.node.hashes.statistics(), kit.node.base.db.statistics());
            all.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<u64>().ok()).unwrap_or(0)
        };
        worker::measure_waits(&kit.node).await.unwrap();
        assert!(metric(r#"claviger_outbox_lag_seconds{kind="mail"}"#) > 300);
        relay.turn(Mood::Well);
        for _ in 0..6 {
            kit.advance(3_600);
            worker::send_mail(&kit.node).await.unwrap();
        }
        let about = |words: &str| relay.taken.lock().unwrap().iter().filter(|message| message.contains(words)).count();
        let told = about("Subject: ");
        assert!(told >= asked && told <= 2 * asked, "{told} of {asked}");
        assert!(relay.taken.lock().unwrap().iter().all(|message| message.contains("To: ada@example.com")));
        // Nothing is left, and nothing goes out again.
        let before = relay.count();
        kit.advance(86_400);
        worker::send_mail(&kit.node).await.unwrap();
        assert_eq!(relay.count(), before);
        worker::measure_waits(&kit.node).await.unwrap();
        assert_eq!(metric(r#"claviger_outbox_lag_seconds{kind="mail"}"#), 0);
        assert_eq!(metric(r#"claviger_messages_total{kind="mail",outcome="given_up"}"#), 0);
        // Only a mailbox that is not there is given up, and one that nobody can read stands in no other's way.
        relay.turn(Mood::NoSuch);
        kit.sign_in(&shop, &ada).await;
        worker::resolve_intents(&kit.node).await.unwrap();
        worker::send_mail(&kit.node).await.unwrap();
        assert_eq!(metric(r#"claviger_messages_total{kind="mail",outcome="given_up"}"#), 1);
        relay.turn(Mood::Well);
        kit.sign_in(&shop, &ada).await;
        worker::resolve_intents(&kit.node).await.unwrap();
        let spoil = "UPDATE outbox SET payload_sealed = outbox_other.payload_sealed FROM outbox AS outbox_other WHERE outbox_other.delivered_at IS NOT NULL AND outbox.delivered_at IS NULL AND outbox.failed_at IS NULL";
        assert_eq!(kit.node.base.db.write(move |tx| claviger::platform::db::dump::run_anywhere(tx, spoil)).await.unwrap(), 1);
        kit.advance(1);
        kit.sign_in(&shop, &ada).await;
        worker::resolve_intents(&kit.node).await.unwrap();
        worker::send_mail(&kit.node).await.unwrap();
        assert_eq!(relay.count(), before + 1);
        kit.handle.stop(false).await;
    }
}
