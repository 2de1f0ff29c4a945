//! The nightly rotation in `infra/examples/rotate`, while two runners use the token all the time.

use crate::DataDirectory;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use tests::Request;
use tests::app::token_body;
use tests::gateway::Gateway;

const WORKFLOW: &str = include_str!("../../infra/examples/rotate/rotate.yml");

/// The number of requests that the runners send in all.
const REQUESTS: usize = 10_000;

/// How many requests a job sends before the next one starts, which reads the token anew.
const REQUESTS_OF_A_JOB: usize = 50;

/// A step of the workflow: its name and its script.
fn steps() -> Vec<(String, String)> {
    let lines: Vec<_> = WORKFLOW.lines().collect();
    let starts = lines.iter().enumerate().filter_map(|(index, line)| {
        Some((index, line.trim_start().strip_prefix("- name: ")?.to_owned()))
    });
    let script = |start: usize| {
        let run =
            lines[start..].iter().position(|line| line.trim_start().starts_with("run:")).unwrap();
        let first = lines[start + run].trim_start().strip_prefix("run:").unwrap().trim();
        if first != "|" {
            return first.to_owned();
        }
        let body =
            lines[start + run + 1..].iter().take_while(|line| line.starts_with("          "));
        body.map(|line| line.trim_start()).collect::<Vec<_>>().join("\n")
    };
    starts.map(|(index, name)| (name, script(index))).collect()
}

/// A runner's machine: its folder, and `gh`, which stores a secret in a file instead of at GitHub.
struct Machine<'a> {
    folder: &'a Path,
    admin: String,
    id: String,
}

impl Machine<'_> {
    fn install_gh(&self) {
        let gh = self.folder.join("gh");
        std::fs::write(&gh, "#!/bin/sh\ncat >next && mv next \"$3\"\n").unwrap();
        std::fs::set_permissions(&gh, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Runs the workflow as GitHub does, and returns whether it succeeded.
    fn run_workflow(&self, api: &str) -> bool {
        let steps = steps();
        let (roll_back, steps) = steps.split_last().unwrap();
        assert_eq!(roll_back.0, "Roll back");
        if steps.iter().all(|step| self.run(&step.1, api)) {
            return true;
        }
        assert!(self.run(&roll_back.1, api), "rolled back");
        false
    }

    fn run(&self, script: &str, api: &str) -> bool {
        let mut shell = Command::new("bash");
        let script = format!("PATH=$PWD:$PATH\n{script}");
        shell.args(["-e", "-c", &script]).current_dir(self.folder);
        shell.env("API", api).env("TOKEN_ID", &self.id).env("ADMIN", &self.admin);
        shell.env("GITHUB_REPOSITORY", "example/deploy").output().unwrap().status.success()
    }
}

/// Forwards one request to the gateway and drops the response, then forwards others unchanged. Returns its URL.
fn losing_proxy(gateway: &Gateway) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let target = gateway.url.trim_start_matches("http://").to_owned();
    std::thread::spawn(move || {
        for (index, client) in listener.incoming().flatten().enumerate() {
            let mut server = TcpStream::connect(&target).unwrap();
            let mut from_client = client.try_clone().unwrap();
            let mut to_server = server.try_clone().unwrap();
            std::thread::spawn(move || drop(std::io::copy(&mut from_client, &mut to_server)));
            let mut first = [0; 1];
            server.read_exact(&mut first).unwrap();
            if index == 0 {
                // The request was carried out.
                client.shutdown(std::net::Shutdown::Both).unwrap();
                continue;
            }
            let mut client = client;
            client.write_all(&first).ok();
            std::thread::spawn(move || drop(std::io::copy(&mut server, &mut client)));
        }
    });
    url
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_nightly_rotation_never_makes_a_request_fail_even_if_a_response_is_lost() {
    let data = DataDirectory::new();
    let gateway = data.start(&[]);
    let admin = data.admin_token();
    let send = async |request: Request| gateway.send(&request.bearer(&admin)).await;
    let generated = send(Request::generate(&token_body("deploy"))).await.assert_status(201).json();
    let id = generated["id"].as_str().unwrap().to_owned();
    let folder = data.0.path();
    let machine = Machine { folder, admin: admin.clone(), id: id.clone() };
    machine.install_gh();
    let secret = folder.join("DEPLOY_TOKEN");
    std::fs::write(&secret, generated["token"].as_str().unwrap()).unwrap();

    let (sent, refused, jobs) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    let is_done = AtomicBool::new(false);
    let runner = async || {
        while sent.load(Ordering::Relaxed) < REQUESTS || !is_done.load(Ordering::Relaxed) {
            let token = std::fs::read_to_string(&secret).unwrap();
            for _ in 0..REQUESTS_OF_A_JOB {
                let request = Request::new("GET", "/orders/7").bearer(token.trim());
                let status = gateway.send(&request).await.status;
                refused.fetch_add(usize::from(status != 200), Ordering::Relaxed);
                sent.fetch_add(1, Ordering::Relaxed);
            }
            jobs.fetch_add(1, Ordering::Relaxed);
        }
    };
    let nights = async || {
        let proxy = losing_proxy(&gateway);
        for (night, api) in [&gateway.url, &proxy, &gateway.url, &gateway.url].iter().enumerate() {
            let succeeded = tokio::task::block_in_place(|| machine.run_workflow(api));
            assert_eq!(succeeded, night != 1, "night {night}");
            // By the next night, the jobs of before have ended, and so has the grace period.
            let before = jobs.load(Ordering::Relaxed);
            while jobs.load(Ordering::Relaxed) < before + 4 {
                tokio::task::yield_now().await;
            }
            send(Request::end_previous(&id)).await.assert_status(200);
        }
        is_done.store(true, Ordering::Relaxed);
    };
    tokio::join!(runner(), runner(), nights());
    let (sent, refused) = (sent.load(Ordering::Relaxed), refused.load(Ordering::Relaxed));
    println!("{refused} of {sent} requests refused");
    assert!(sent >= REQUESTS);
    assert_eq!(refused, 0, "of {sent}");
    let events = send(Request::token_events(&id, "")).await.assert_status(200).json();
    let actions: Vec<_> =
        events["events"].as_array().unwrap().iter().map(|event| &event["action"]).collect();
    let count = |action: &str| actions.iter().filter(|one| **one == action).count();
    assert_eq!((count("regenerated"), count("rolledBack"), count("previousEnded")), (4, 1, 3));
}
