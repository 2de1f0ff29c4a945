//! The nightly rotations in `infra/examples/rotate` and `rotate-self`, while two runners of jobs use the token all the time.

use crate::DataDirectory;
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use tests::Request;
use tests::app::{self_regenerating_body, token_body};
use tests::gateway::Gateway;

const ROTATE: &str = include_str!("../../infra/examples/rotate/rotate.yml");
const ROTATE_SELF: &str = include_str!("../../infra/examples/rotate-self/rotate-self.yml");

/// The name of the step that runs only if another step has failed.
const ROLL_BACK: &str = "Roll back";

/// The number of requests of a job. Each job reads the token once, when it starts.
const REQUESTS_OF_A_JOB: usize = 50;

/// Returns the steps of a workflow: their names and scripts.
fn steps(workflow: &str) -> Vec<(String, String)> {
    let lines: Vec<_> = workflow.lines().collect();
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

/// A runner's machine: its folder, which contains GitHub's secrets as files, and the workflow that it runs.
struct Machine<'a> {
    folder: &'a Path,
    workflow: &'a str,
    admin: String,
    id: String,
}

impl Machine<'_> {
    /// Installs substitutes for programs. Each file that is named below affects one call, which removes the file.
    ///
    /// - `gh` stores a secret in a file instead of at GitHub. If the file `outage` exists, it fails.
    /// - `curl` runs the real program. Before a regenerate, it fails if the file `lost` exists, and it runs the file `rival` as a
    ///   script if that exists.
    /// - `sleep` does not wait, so that retries of a workflow are not delayed.
    fn install_programs(&self) {
        let gh = "rm outage 2>/dev/null && exit 1\ncat >next && mv next \"$3\"";
        let curl = "PATH=${PATH#*:}\ncase \"$*\" in */regenerate*)\n  rm lost 2>/dev/null && exit 52\n  mv rival now 2>/dev/null && sh -e ./now >/dev/null ;;\nesac\nexec curl \"$@\"";
        for (name, script) in [("gh", gh), ("curl", curl), ("sleep", "exit")] {
            let path = self.folder.join(name);
            std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
    }

    /// Returns the token that GitHub's secret `DEPLOY_TOKEN` contains.
    fn stored_token(&self) -> String {
        std::fs::read_to_string(self.folder.join("DEPLOY_TOKEN")).unwrap().trim().to_owned()
    }

    /// Runs the workflow as GitHub does, and returns whether it succeeded.
    fn run_workflow(&self, api: &str) -> bool {
        let (on_failure, steps): (Vec<_>, Vec<_>) =
            steps(self.workflow).into_iter().partition(|(name, _)| name == ROLL_BACK);
        if steps.iter().all(|step| self.run(&step.1, api)) {
            return true;
        }
        for (_, script) in on_failure {
            self.run(&script, api);
        }
        false
    }

    fn run(&self, script: &str, api: &str) -> bool {
        let mut shell = Command::new("bash");
        let script = format!("PATH=$PWD:$PATH\n{script}");
        shell.args(["-e", "-c", &script]).current_dir(self.folder);
        shell.env("API", api).env("TOKEN_ID", &self.id).env("ADMIN", &self.admin);
        shell.env("TOKEN", self.stored_token());
        shell.env("GITHUB_REPOSITORY", "example/deploy").output().unwrap().status.success()
    }
}

/// Starts a proxy that forwards requests to the gateway, but drops the response on the connection with this index. Returns the
/// proxy's URL.
fn losing_proxy(gateway: &Gateway, lost: usize) -> String {
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
            if index == lost {
                // The gateway has applied the request, because the response has begun.
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

/// Rotates a token in four nights, while runners use it. In the second night, the response to the regenerate is lost. In the
/// third night, storing the new token fails once, if `has_outage`. Asserts that no request of the runners fails.
async fn rotate(workflow: &str, body: &Value, requests: usize, has_outage: bool) {
    let data = DataDirectory::new();
    let gateway = data.start(&[]);
    let admin = data.admin_token();
    let send = async |request: Request| gateway.send(&request.bearer(&admin)).await;
    let generated = send(Request::generate(body)).await.assert_status(201).json();
    let id = generated["id"].as_str().unwrap().to_owned();
    let folder = data.0.path();
    let machine = Machine { folder, workflow, admin: admin.clone(), id: id.clone() };
    machine.install_programs();
    std::fs::write(folder.join("DEPLOY_TOKEN"), generated["token"].as_str().unwrap()).unwrap();

    let (sent, refused, jobs) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    let is_done = AtomicBool::new(false);
    let runner = async || {
        while sent.load(Ordering::Relaxed) < requests || !is_done.load(Ordering::Relaxed) {
            let token = machine.stored_token();
            for _ in 0..REQUESTS_OF_A_JOB {
                let request = Request::new("GET", "/orders/7").bearer(&token);
                let status = gateway.send(&request).await.status;
                refused.fetch_add(usize::from(status != 200), Ordering::Relaxed);
                sent.fetch_add(1, Ordering::Relaxed);
            }
            jobs.fetch_add(1, Ordering::Relaxed);
        }
    };
    let nights = async || {
        // The workflow that can roll back reads the version first, so its regenerate is on the second connection.
        let proxy = losing_proxy(&gateway, usize::from(workflow.contains(ROLL_BACK)));
        for (night, api) in [&gateway.url, &proxy, &gateway.url, &gateway.url].iter().enumerate() {
            if night == 2 && has_outage {
                std::fs::write(folder.join("outage"), "").unwrap();
            }
            let before_night = machine.stored_token();
            let succeeded = tokio::task::block_in_place(|| machine.run_workflow(api));
            assert_eq!(succeeded, night != 1, "night {night}");
            assert_eq!(machine.stored_token() != before_night, succeeded, "night {night}");
            if !succeeded && !workflow.contains(ROLL_BACK) {
                send(Request::rollback(&id)).await.assert_status(200);
            }
            // By the next night, the jobs that started before the rotation have ended, and so has the grace period.
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
    assert!(sent >= requests);
    assert_eq!(refused, 0, "of {sent}");
    assert!(!folder.join("outage").exists());
    let events = send(Request::token_events(&id, "")).await.assert_status(200).json();
    let actions: Vec<_> =
        events["events"].as_array().unwrap().iter().map(|event| &event["action"]).collect();
    let count = |action: &str| actions.iter().filter(|one| **one == action).count();
    assert_eq!((count("regenerated"), count("rolledBack"), count("previousEnded")), (4, 1, 3));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failed_rotation_undoes_nothing_but_its_own_regenerate() {
    let data = DataDirectory::new();
    let gateway = data.start(&[]);
    let admin = data.admin_token();
    let send = async |request: Request| gateway.send(&request.bearer(&admin)).await;
    let generated = send(Request::generate(&token_body("deploy"))).await.assert_status(201).json();
    let id = generated["id"].as_str().unwrap().to_owned();
    let folder = data.0.path();
    let machine = Machine { folder, workflow: ROTATE, admin: admin.clone(), id: id.clone() };
    machine.install_programs();
    std::fs::write(folder.join("DEPLOY_TOKEN"), generated["token"].as_str().unwrap()).unwrap();
    let rotate = || tokio::task::block_in_place(|| machine.run_workflow(&gateway.url));
    let assert_stored = async |token: &str, version: u64| {
        assert_eq!(machine.stored_token(), token);
        let request = Request::new("GET", "/orders/7").bearer(token);
        let status = gateway.send(&request).await.status;
        let record = send(Request::get(&id)).await.assert_status(200).json();
        assert_eq!((status, &record["version"]), (200, &version.into()), "{record}");
    };

    assert!(rotate());
    let first = machine.stored_token();
    // The grace period of the first rotation is open, so the second one is rejected.
    assert!(!rotate());
    assert_stored(&first, 2).await;

    // The request of the second rotation is lost, so that the run cannot know whether it was applied.
    std::fs::write(folder.join("lost"), "").unwrap();
    assert!(!rotate());
    assert!(!folder.join("lost").exists());
    assert_stored(&first, 2).await;

    // An update comes first, and gives the token the version that the regenerate would have given it.
    let patch = r#"curl -sS --fail -X PATCH "$API/v1/tokens/$TOKEN_ID" -H @admin.header -H 'Content-Type: application/json' -d '{"description":"x"}'"#;
    std::fs::write(folder.join("rival"), patch).unwrap();
    assert!(!rotate());
    assert!(!folder.join("rival").exists());
    assert_stored(&first, 3).await;

    send(Request::end_previous(&id)).await.assert_status(200);
    std::fs::write(folder.join("outage"), "").unwrap();
    assert!(!rotate());
    assert_stored(&first, 6).await;
    assert!(rotate());
    assert_stored(&machine.stored_token(), 7).await;
    assert_ne!(machine.stored_token(), first);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_nightly_rotation_never_makes_a_request_fail_even_if_a_response_is_lost() {
    rotate(ROTATE, &token_body("deploy"), 10_000, false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_rotates_itself_never_makes_a_request_fail_and_needs_no_super_admin() {
    assert!(!ROTATE_SELF.contains("ADMIN"));
    rotate(ROTATE_SELF, &self_regenerating_body("deploy"), 2_000, true).await;
}
