//! Real processes: the command line, and servers that can be killed.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::Place;

/// The issuer of servers that run as processes, behind a proxy that does TLS.
pub const ISSUER: &str = "https://login.shop.example";
const EXECUTABLE: &str = env!("CARGO_BIN_EXE_claviger");

/// Runs a command in `folder`; its exit code and what it said.
pub fn claviger(folder: &Path, arguments: &[&str]) -> (i32, String) {
    run(Command::new(EXECUTABLE).args(arguments).current_dir(folder))
}

/// Runs a command on the database and keys of `place`.
pub fn claviger_on(place: &Place, arguments: &[&str]) -> (i32, String) {
    run(configured(Command::new(EXECUTABLE).args(arguments).current_dir(place.folder.path()), place))
}

/// The same, with more settings.
pub fn claviger_on_with(place: &Place, arguments: &[&str], settings: &[(&str, &str)]) -> (i32, String) {
    let mut command = Command::new(EXECUTABLE);
    run(configured(command.args(arguments).current_dir(place.folder.path()), place).envs(settings.iter().copied()))
}

/// The same by another version, which is told `input`.
pub fn another_on(executable: &Path, place: &Place, arguments: &[&str], input: &str) -> (i32, String) {
    let mut command = Command::new(executable);
    configured(command.args(arguments).current_dir(place.folder.path()), place)
        .env("CLAVIGER_SERVER_ISSUER", ISSUER)
        .env("CLAVIGER_SERVER_BEHIND_TLS_PROXY", "true");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr))
}

/// A command on the database and keys of `place`, not yet run.
pub fn command_on(place: &Place, arguments: &[&str]) -> Command {
    let mut command = Command::new(EXECUTABLE);
    configured(command.args(arguments).current_dir(place.folder.path()), place)
        .env("CLAVIGER_SERVER_ISSUER", ISSUER)
        .env("CLAVIGER_SERVER_BEHIND_TLS_PROXY", "true");
    command
}

fn run(command: &mut Command) -> (i32, String) {
    let output = command.env("CLAVIGER_SERVER_ISSUER", ISSUER).env("CLAVIGER_SERVER_BEHIND_TLS_PROXY", "true").output().unwrap();
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr))
}

fn configured<'a>(command: &'a mut Command, place: &Place) -> &'a mut Command {
    command.env("CLAVIGER_DATABASE_URL", &place.url).env("CLAVIGER_KEYS_MASTER_KEY_FILE", place.folder.path().join("keys/master.key"))
}

/// A server process; killed without warning when dropped.
pub struct Server {
    pub child: Child,
    pub base: String,
    pub operations: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that nobody uses, below those that outgoing connections are given from one moment to the next, and none that this process was given before.
pub fn free_port() -> u16 {
    static GIVEN: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    let mut ports = std::iter::repeat_with(|| 12_000 + (std::process::id() as usize * 31 + GIVEN.fetch_add(1, std::sync::atomic::Ordering::SeqCst)) % 8_000);
    let free = ports.find_map(|port| u16::try_from(port).ok().filter(|port| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok()));
    free.expect("a free port")
}

/// Starts a server on the place's database, more settings as `CLAVIGER_…` variables; it says when it listens. Somebody else may take the free port first: then another one is tried.
pub fn spawn(place: &Place, settings: &[(&str, &str)]) -> Server {
    let mut told = String::new();
    for _ in 0..3 {
        match try_spawn(place, settings) {
            Ok(server) => return server,
            Err(lines) => told = lines,
        }
    }
    panic!("the server did not start: {told}");
}

/// This version.
pub fn executable() -> std::path::PathBuf {
    EXECUTABLE.into()
}

fn try_spawn(place: &Place, settings: &[(&str, &str)]) -> Result<Server, String> {
    spawn_at(place, settings, Path::new(EXECUTABLE), (free_port(), free_port()))
}

/// Starts a server of `executable` on the ports for people and for operators.
///
/// # Errors
/// What it said before it ended.
pub fn spawn_at(place: &Place, settings: &[(&str, &str)], executable: &Path, (port, operations): (u16, u16)) -> Result<Server, String> {
    let mut command = Command::new(executable);
    configured(&mut command, place)
        .args(["serve"])
        .env("CLAVIGER_SERVER_ISSUER", ISSUER)
        .env("CLAVIGER_SERVER_BEHIND_TLS_PROXY", "true")
        .env("CLAVIGER_BOTS_MODE", "off")
        .env("CLAVIGER_SERVER_LISTEN", format!("127.0.0.1:{port}"))
        .env("CLAVIGER_SERVER_OPERATIONS_LISTEN", format!("127.0.0.1:{operations}"))
        .envs(settings.iter().copied())
        .stderr(Stdio::piped());
    let mut server = Server { child: command.spawn().unwrap(), base: format!("http://127.0.0.1:{port}"), operations };
    let mut lines = BufReader::new(server.child.stderr.take().unwrap()).lines();
    let mut told = Vec::new();
    for line in lines.by_ref().map_while(Result::ok) {
        if line.contains("ready to serve") {
            std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
            return Ok(server);
        }
        told.push(line);
    }
    Err(told.join("\n"))
}

impl Server {
    /// A line of `/proc/<pid>/status`, in KiB.
    pub fn memory_kib(&self, line: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let found = status.lines().find(|text| text.starts_with(line)).unwrap();
        found.split_whitespace().nth(1).unwrap().parse().unwrap()
    }
}
