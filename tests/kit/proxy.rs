//! Stands between a node and PostgreSQL, and breaks what goes through.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};

/// What happens to the message that was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// The connection is cut, and the message never arrives.
    Before,
    /// It arrives and is obeyed; the connection is cut in the place of the answer.
    After,
    /// It arrives and is obeyed; no answer comes, and the connection stays.
    Silent,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The end of a transaction.
    Commit,
    /// Anything that is asked.
    Statement,
}

#[derive(Default)]
struct Plan {
    /// How many more of them pass before it is done.
    armed: Option<(usize, What, How)>,
    seen: usize,
    is_hit: bool,
    /// No connections are taken, and those there are are cut.
    is_down: bool,
    /// Connections so far.
    taken: u64,
    /// Of those up to this one no answer is carried any more.
    hushed: u64,
}

/// The proxy; its threads end with the connections.
#[derive(Clone)]
pub struct Proxy {
    plan: Arc<(Mutex<Plan>, Condvar)>,
    pub port: u16,
}

/// Whether both ends of a cut connection are closed.
fn cut(one: &TcpStream, other: &TcpStream) {
    let _ = one.shutdown(Shutdown::Both);
    let _ = other.shutdown(Shutdown::Both);
}

impl Proxy {
    /// Between its own port and that of `upstream` on loopback.
    pub fn start(upstream: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = Self { port: listener.local_addr().unwrap().port(), plan: Arc::default() };
        let own = proxy.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let number = {
                    let mut plan = own.plan.0.lock().unwrap();
                    plan.taken += 1;
                    if plan.is_down {
                        continue;
                    }
                    plan.taken
                };
                let Ok(server) = TcpStream::connect(("127.0.0.1", upstream)) else { continue };
                let _ = (client.set_nodelay(true), server.set_nodelay(true));
                let is_swallowed = Arc::new(Mutex::new(None));
                let (proxy, other) = (own.clone(), own.clone());
                let (client_in, server_out, swallowed) = (client.try_clone().unwrap(), server.try_clone().unwrap(), is_swallowed.clone());
                std::thread::spawn(move || proxy.carry_asked(client_in, server_out, &swallowed));
                std::thread::spawn(move || other.carry_answered(number, server, client, &is_swallowed));
            }
        });
        proxy
    }

    /// From now on the `number`th such message meets its fate, once.
    pub fn arm(&self, number: usize, what: What, how: How) {
        let mut plan = self.plan.0.lock().unwrap();
        *plan = Plan { armed: Some((number, what, how)), taken: plan.taken, hushed: plan.hushed, ..Plan::default() };
    }

    /// Whether it did. Nothing meets it any more.
    pub fn disarm(&self) -> bool {
        let mut plan = self.plan.0.lock().unwrap();
        plan.armed = None;
        self.plan.1.notify_all();
        plan.is_hit
    }

    /// Connections that there are stay, and nothing is answered on them, for good. New ones work.
    pub fn hush(&self) {
        let mut plan = self.plan.0.lock().unwrap();
        plan.hushed = plan.taken;
    }

    /// How many messages of the kind passed since it was armed.
    pub fn seen(&self) -> usize {
        self.plan.0.lock().unwrap().seen
    }

    fn fate_of(&self, message: &[u8]) -> Option<How> {
        let mut plan = self.plan.0.lock().unwrap();
        let (left, what, how) = plan.armed.as_mut()?;
        let is_meant = match what {
            What::Commit => message.first() == Some(&b'Q') && message.get(5..) == Some(b"COMMIT\0"),
            What::Statement => matches!(message.first(), Some(b'Q' | b'S')),
        };
        if !is_meant {
            return None;
        }
        *left = left.saturating_sub(1);
        let fate = (*left == 0).then_some(*how);
        plan.seen += 1;
        if fate.is_some() {
            plan.armed = None;
            plan.is_hit = true;
        }
        fate
    }

    fn carry_asked(&self, mut from: TcpStream, mut to: TcpStream, swallowed: &Mutex<Option<How>>) {
        // The first messages have no letter: perhaps the question for TLS, which PostgreSQL answers with a letter, then the greeting.
        let mut is_greeted = false;
        loop {
            let mut head = vec![0_u8; if is_greeted { 5 } else { 4 }];
            if from.read_exact(&mut head).is_err() {
                return cut(&from, &to);
            }
            let length = u32::from_be_bytes(head[head.len() - 4..].try_into().unwrap()) as usize;
            let mut body = vec![0_u8; length - 4];
            if from.read_exact(&mut body).is_err() {
                return cut(&from, &to);
            }
            let fate = is_greeted.then(|| self.fate_of(&[head.as_slice(), &body].concat())).flatten();
            is_greeted = is_greeted || body.get(..4) == Some(&196_608_u32.to_be_bytes());
            match fate {
                Some(How::Before) => return cut(&from, &to),
                Some(how) => *swallowed.lock().unwrap() = Some(how),
                None => {}
            }
            // In one piece: two would wait for each other's acknowledgement.
            if to.write_all(&[head.as_slice(), &body].concat()).is_err() {
                return cut(&from, &to);
            }
        }
    }

    fn carry_answered(&self, number: u64, mut from: TcpStream, mut to: TcpStream, swallowed: &Mutex<Option<How>>) {
        let mut buffer = vec![0_u8; 65_536];
        loop {
            let read = from.read(&mut buffer);
            while number <= self.plan.0.lock().unwrap().hushed {
                // Not even that the server has had enough.
                std::thread::park();
            }
            let Ok(read @ 1..) = read else { return cut(&from, &to) };
            let how = *swallowed.lock().unwrap();
            match how {
                Some(How::Silent) => {
                    // Until somebody says that it is over.
                    let plan = self.plan.0.lock().unwrap();
                    drop(self.plan.1.wait(plan).unwrap());
                    return cut(&from, &to);
                }
                Some(_) => return cut(&from, &to),
                None => {}
            }
            if to.write_all(&buffer[..read]).is_err() {
                return cut(&from, &to);
            }
        }
    }
}
