//! The local gateway in a process of its own.

use crate::http::Http;
use crate::request::{Request, Response};
use local::database::Port;
use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// A running gateway. It is killed when dropped.
pub struct Gateway {
    process: Child,
    /// The URL on which the gateway listens.
    pub url: String,
    /// What the gateway printed before it was ready.
    pub startup_output: String,
    log: PathBuf,
    http: Http,
    folder: TempDir,
}

impl Gateway {
    /// Starts a gateway on a free port with these options and waits until it is ready.
    pub fn start(options: &[&str]) -> Self {
        Self::start_with(options, &[])
    }

    /// Starts a gateway that uses the database behind a port.
    pub fn start_with_database(port: &Port, options: &[&str]) -> Self {
        let key = [("AWS_ACCESS_KEY_ID", &*port.access_key_id), ("AWS_SECRET_ACCESS_KEY", "any")];
        Self::start_with(&[&["--endpoint", &port.url], options].concat(), &key)
    }

    fn start_with(options: &[&str], variables: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().unwrap();
        let log = folder.path().join("log");
        let mut process = Command::new(program("gateway"))
            .args(["--port", "0"])
            .args(options)
            .envs(variables.iter().copied())
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let mut startup_output = String::new();
        let mut stdout = BufReader::new(process.stdout.take().unwrap());
        let url = loop {
            let mut line = String::new();
            let read = stdout.read_line(&mut line).unwrap();
            assert!(
                read > 0,
                "the gateway exited: {startup_output} {}",
                std::fs::read_to_string(&log).unwrap()
            );
            if let Some(url) = line.strip_prefix("listening on ") {
                break url.trim().to_owned();
            }
            startup_output.push_str(&line);
        };
        Self { process, http: Http::new(&url, None), url, startup_output, log, folder }
    }

    /// Returns the gateway's working directory.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Sends a request.
    pub async fn send(&self, request: &Request) -> Response {
        self.try_send(request).await.unwrap()
    }

    /// Sends a request, and fails if the gateway has exited.
    pub async fn try_send(
        &self,
        request: &Request,
    ) -> Result<Response, Box<dyn Error + Send + Sync>> {
        self.http.try_send(request).await
    }

    /// Opens a connection.
    pub fn connect(&self) -> TcpStream {
        TcpStream::connect(self.url.trim_start_matches("http://")).unwrap()
    }

    /// Sends bytes unchanged, and returns what is received until the connection is closed.
    pub fn send_bytes(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect();
        stream.write_all(bytes).unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        response
    }

    /// Returns what the gateway has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Returns the gateway's process id.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Kills the gateway, which does not shut down cleanly, as in a power failure.
    pub fn kill(&mut self) {
        self.process.kill().ok();
        self.process.wait().unwrap();
    }

    /// Interrupts the gateway, waits until it exits, and returns whether it exited successfully.
    pub fn stop(&mut self) -> bool {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        self.process.wait().unwrap().success()
    }
}

/// Runs the gateway with these options until it exits, and returns what it printed.
pub fn run(options: &[&str]) -> std::process::Output {
    Command::new(program("gateway")).args(options).output().unwrap()
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// Returns the path of a program of this package.
pub fn program(name: &str) -> PathBuf {
    // The running test is target/debug/deps/api-…, and the program is target/debug/gateway.
    let test = std::env::current_exe().unwrap();
    test.parent().unwrap().parent().unwrap().join(name)
}
