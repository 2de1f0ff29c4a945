//! The local gateway as a process of its own.

use crate::http::Http;
use crate::request::{Request, Response};
use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// A running gateway; killed when dropped.
pub struct Gateway {
    process: Child,
    /// Where it listens.
    pub url: String,
    /// What it said before it was ready.
    pub greeting: String,
    log: PathBuf,
    http: Http,
    _folder: TempDir,
}

impl Gateway {
    /// Starts a gateway on a free port with these options and waits until it is ready.
    pub fn start(options: &[&str]) -> Self {
        let folder = TempDir::new().unwrap();
        let log = folder.path().join("log");
        let mut process = Command::new(program())
            .args(["--port", "0"])
            .args(options)
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let mut greeting = String::new();
        let mut stdout = BufReader::new(process.stdout.take().unwrap());
        let url = loop {
            let mut line = String::new();
            let read = stdout.read_line(&mut line).unwrap();
            assert!(
                read > 0,
                "the gateway ended: {greeting} {}",
                std::fs::read_to_string(&log).unwrap()
            );
            if let Some(url) = line.strip_prefix("listening on ") {
                break url.trim().to_owned();
            }
            greeting.push_str(&line);
        };
        Self { process, http: Http::new(&url, None), url, greeting, log, _folder: folder }
    }

    /// Sends a call.
    pub async fn send(&self, call: &Request) -> Response {
        self.try_send(call).await.unwrap()
    }

    /// Sends a call; an error where the gateway is gone.
    pub async fn try_send(&self, call: &Request) -> Result<Response, Box<dyn Error + Send + Sync>> {
        self.http.try_send(call).await
    }

    /// A connection on which nothing has been said yet.
    pub fn connect(&self) -> TcpStream {
        TcpStream::connect(self.url.trim_start_matches("http://")).unwrap()
    }

    /// Sends bytes as they are and gives all that comes back.
    pub fn send_bytes(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect();
        stream.write_all(bytes).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// What it has logged so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Kills it, as a power cut would: no handler of its own runs.
    pub fn kill(&mut self) {
        self.process.kill().ok();
        self.process.wait().unwrap();
    }

    /// Asks it to stop, waits for its end, and says whether it ended well.
    pub fn stop(&mut self) -> bool {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        self.process.wait().unwrap().success()
    }
}

/// Runs the program to its end.
pub fn run(options: &[&str]) -> std::process::Output {
    Command::new(program()).args(options).output().unwrap()
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

fn program() -> PathBuf {
    beside("gateway")
}

/// A program of this package.
pub fn beside(name: &str) -> PathBuf {
    // Beside the folder of the running test: target/debug/deps/api-… → target/debug/gateway.
    let test = std::env::current_exe().unwrap();
    test.parent().unwrap().parent().unwrap().join(name)
}
