//! A PostgreSQL of a test's own, which can be crashed, and speaks TLS.

use std::path::PathBuf;
use std::process::Command;

use super::process::free_port;

pub struct Cluster {
    folder: tempfile::TempDir,
    programs: PathBuf,
    pub port: u16,
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

impl Cluster {
    /// Starts one that waits for the disk with each commit. With `files`, a certificate and its key in PEM, it speaks TLS alone.
    pub fn start(files: Option<(&str, &str)>) -> Self {
        let folders = std::fs::read_dir("/usr/lib/postgresql").unwrap();
        let programs = folders.map(|folder| folder.unwrap().path().join("bin")).filter(|programs| programs.join("initdb").exists()).max().expect("PostgreSQL is installed");
        let folder = tempfile::tempdir().unwrap();
        std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let cluster = Self { folder, programs, port: free_port() };
        let data = cluster.data();
        std::fs::create_dir(&data).unwrap();
        cluster.own();
        cluster.run("initdb", &["-A", "trust", "-U", "postgres", "--no-sync", "-D", data.to_str().unwrap()]);
        if let Some((certificate, key)) = files {
            std::fs::write(data.join("server.crt"), certificate).unwrap();
            std::fs::write(data.join("server.key"), key).unwrap();
            std::fs::set_permissions(data.join("server.key"), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
            std::fs::write(data.join("pg_hba.conf"), "hostssl all all 127.0.0.1/32 trust\n").unwrap();
            std::fs::write(data.join("postgresql.auto.conf"), "ssl = on\n").unwrap();
            cluster.own();
        }
        cluster.begin();
        cluster
    }

    /// A standby of this one, which follows it. With `is_waited_for` no commit is answered before it is there too.
    pub fn standby(&self, is_waited_for: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let standby = Self { folder, programs: self.programs.clone(), port: free_port() };
        std::fs::create_dir(standby.data()).unwrap();
        std::fs::set_permissions(standby.data(), std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
        standby.own();
        let source = format!("host=127.0.0.1 port={} user=postgres application_name=standby", self.port);
        self.run("pg_basebackup", &["-D", standby.data().to_str().unwrap(), "-R", "-X", "stream", "--checkpoint=fast", "-d", &source]);
        standby.begin();
        if is_waited_for {
            use diesel::Connection;
            use diesel::connection::SimpleConnection;
            let mut connection = diesel::PgConnection::establish(&self.url("")).unwrap();
            connection.batch_execute("ALTER SYSTEM SET synchronous_standby_names = 'standby'").unwrap();
            connection.batch_execute("SELECT pg_reload_conf()").unwrap();
            // Answered once the standby follows.
            connection.batch_execute("CREATE TABLE followed (n INT)").unwrap();
        }
        standby
    }

    /// Makes the standby take writes.
    pub fn promote(&self) {
        self.control(&["promote"]);
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn own(&self) {
        if is_root() {
            assert!(Command::new("chown").args(["-R", "postgres"]).arg(self.data()).status().unwrap().success());
        }
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(self.programs.join(program));
            command
        } else {
            Command::new(self.programs.join(program))
        };
        let output = command.args(arguments).stdout(std::process::Stdio::null()).output().unwrap();
        assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn control(&self, arguments: &[&str]) {
        let data = self.data();
        self.run("pg_ctl", &[&["-D", data.to_str().unwrap(), "-w"], arguments].concat());
    }

    /// Starts again.
    pub fn begin(&self) {
        let (log, options) = (self.data().join("log"), format!("-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''", self.port));
        self.control(&["-l", log.to_str().unwrap(), "-o", &options, "start"]);
    }

    /// Stops as if the power went.
    pub fn crash(&self) {
        self.control(&["-m", "immediate", "stop"]);
    }

    /// The address, with `more` behind it.
    pub fn url(&self, more: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres{more}", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let data = self.data();
        let mut command = Command::new(if is_root() { "runuser".into() } else { self.programs.join("pg_ctl") });
        if is_root() {
            command.args(["-u", "postgres", "--"]).arg(self.programs.join("pg_ctl"));
        }
        let _ = command.args(["-D", data.to_str().unwrap(), "-m", "immediate", "stop"]).stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).status();
    }
}
