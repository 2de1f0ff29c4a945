//! The `curl` commands that a gateway prints when it starts, run by a shell.

use crate::DataDirectory;
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};
use tests::gateway::Gateway;

/// Runs the printed commands in a shell, in the gateway's working directory. Returns what each one prints.
#[track_caller]
fn run_commands(gateway: &Gateway) -> Vec<Value> {
    let lines =
        gateway.startup_output.lines().filter(|line| line.contains("curl -s ")).collect::<Vec<_>>();
    assert_eq!(lines.len(), 3, "{}", gateway.startup_output);
    assert!(!lines.concat().contains("twd_"), "a token is in a command line: {lines:#?}");
    let mut shell = Command::new("sh")
        .current_dir(gateway.folder())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let input = lines.join("; echo\n") + "\n";
    shell.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = String::from_utf8(shell.wait_with_output().unwrap().stdout).unwrap();
    output.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[track_caller]
fn assert_commands_work(gateway: &Gateway) {
    let [generated, listed, whoami] = &run_commands(gateway)[..] else {
        panic!("the commands did not print three responses")
    };
    assert!(generated["token"].as_str().unwrap().starts_with("twd_"), "{generated}");
    let names = listed["tokens"].as_array().unwrap().iter().map(|token| token["name"].clone());
    assert_eq!(json!(names.collect::<Vec<_>>()), json!(["admin", "ci-deployer"]));
    assert_eq!(whoami["context"]["tokenName"], "admin");
}

#[test]
fn the_printed_commands_work_with_each_storage() {
    assert_commands_work(&Gateway::start(&[]));
    assert_commands_work(&Gateway::start(&["--in-memory"]));
    let folder = DataDirectory::new();
    assert_commands_work(&Gateway::start(&["--data", &folder.path("it's here.db")]));
    assert_commands_work(&Gateway::start(&["--in-memory", "--token-header", "Token"]));
}

#[test]
fn the_printed_commands_work_with_an_admin_token_file() {
    let folder = DataDirectory::new();
    let file = folder.path("it's the token");
    let options = ["--in-memory", "--admin-token-file", &file];
    assert_commands_work(&Gateway::start(&options));
    assert_commands_work(&Gateway::start(&[&options[..], &["--token-header", "Token"]].concat()));
}

#[test]
fn the_printed_commands_use_a_new_admin_token() {
    let folder = DataDirectory::new();
    let data = folder.path("tokens.db");
    drop(Gateway::start(&["--data", &data]));
    let gateway = Gateway::start(&["--data", &data]);
    assert!(gateway.startup_output.contains("--new-admin-token"), "{}", gateway.startup_output);
    assert!(!gateway.startup_output.contains("curl"), "{}", gateway.startup_output);
    let gateway = Gateway::start(&["--data", &data, "--new-admin-token"]);
    assert_eq!(run_commands(&gateway)[2]["context"]["tokenName"], "admin-2");
}
