//! Breaks system calls of a running server, with strace.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use super::process::Server;

/// While it lives, calls fail as it was told; dropped, the server goes on untouched.
pub struct Injector {
    strace: Child,
}

impl Injector {
    /// Puts `fault`, in the words of strace (`pwrite64:signal=KILL:when=3`), into `server`. Returns once it is in force.
    pub fn put(server: &Server, fault: &str) -> Self {
        let calls = fault.split(':').next().unwrap();
        let mut strace = Command::new("strace")
            .args(["-f", "-o", "/dev/null", "-e", &format!("trace={calls}"), "-e", &format!("inject={fault}"), "-p", &server.child.id().to_string()])
            .stderr(Stdio::piped())
            .spawn()
            .expect("strace is installed; scripts/test does that");
        let mut said = String::new();
        let mut lines = BufReader::new(strace.stderr.take().unwrap());
        while !said.contains("attached") {
            said.clear();
            assert!(lines.read_line(&mut said).unwrap() > 0, "strace did not attach");
        }
        std::thread::spawn(move || lines.lines().map_while(Result::ok).for_each(drop));
        Self { strace }
    }
}

impl Drop for Injector {
    fn drop(&mut self) {
        // So that it lets go of the server.
        if let Some(pid) = rustix::process::Pid::from_raw(self.strace.id().cast_signed()) {
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        }
        for _ in 0..100 {
            if self.strace.try_wait().unwrap().is_some() {
                return;
            }
            std::thread::park_timeout(std::time::Duration::from_millis(10));
        }
        // It waits for a process that has died in its hands.
        let _ = self.strace.kill();
        let _ = self.strace.wait();
    }
}
