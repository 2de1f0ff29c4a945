//! The guide in `docs/GUIDES.md` that protects a service. Each test runs the commands of the guide, and compares the responses
//! with those that the guide shows. The tests differ from the guide in three points:
//!
//! - The gateway of the tests runs instead of `cargo run`. It and the service listen on free ports instead of 3000 and 8000.
//! - The examples are copies, in the gateway's folder, so that they are installed as in a new clone.
//! - Instead of a reader, a loop waits until the service has printed its address.

use crate::guides::blocks;
use std::path::Path;
use std::process::Command;
use tests::gateway::Gateway;

const GUIDE: &str = "Protect a service that is not on Lambda";
const EXAMPLES: &str = "infra/examples";

/// Waits until the service has printed its address. The later commands print to `responses.txt`.
const WAIT: &str = r"
until service=$(grep -om1 'http://127\.0\.0\.1:[0-9]*' service.log); do
  kill -0 $! || exit
  sleep 0.1
done
exec >responses.txt
";

/// Copies the files of an example, without what was installed there.
fn copy_example(name: &str, folder: &Path) {
    let example = Path::new(EXAMPLES).join(name);
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(&example);
    let copy = folder.join(&example);
    std::fs::create_dir_all(&copy).unwrap();
    for file in source.read_dir().unwrap().map(Result::unwrap) {
        if file.file_type().unwrap().is_file() {
            std::fs::copy(file.path(), copy.join(file.file_name())).unwrap();
        }
    }
}

/// Follows the guide with one of its services, and asserts that the responses are those of the document.
fn follow(example: &str) {
    let gateway = Gateway::start(&[]);
    copy_example(example, gateway.folder());
    let [generate, fastapi, express, requests, stop] = blocks(GUIDE, "sh").try_into().unwrap();
    let start = if example == "fastapi" { fastapi } else { express };
    assert!(
        start.contains(&format!("{EXAMPLES}/{example}")),
        "the guide starts another example: {start}"
    );
    // The service is stopped even if a command fails.
    let before = "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT\nexec >service.log 2>&1\n";
    let script = [before, &generate, &start, WAIT, &requests, &stop, "wait\n"].concat();
    let script = script
        .replace("http://127.0.0.1:3000", &gateway.url)
        .replace("http://127.0.0.1:8000", "$service");
    let status = Command::new("timeout")
        .args(["600", "bash", "-e", "-u", "-o", "pipefail", "-c", &script])
        .current_dir(gateway.folder())
        // Both services choose a free port.
        .envs([("PORT", "0"), ("UVICORN_PORT", "0")])
        .status()
        .unwrap();
    let read = |name| std::fs::read_to_string(gateway.folder().join(name)).unwrap_or_default();
    assert!(status.success(), "{status}: {}{}", read("service.log"), read("responses.txt"));
    let [expected] = blocks(GUIDE, "text").try_into().unwrap();
    assert_eq!(read("responses.txt"), expected);
}

#[test]
#[ignore = "installs packages from PyPI: tests/services/run runs it"]
fn the_guide_leads_to_a_fastapi_service_that_responds_with_403() {
    follow("fastapi");
}

#[test]
#[ignore = "installs packages from npm: tests/services/run runs it"]
fn the_guide_leads_to_an_express_service_that_responds_with_403() {
    follow("express");
}
