//! `docs/openapi.yaml` documents only responses that exist: the suite has seen each of them, except those that no test can
//! cause.

use tests::openapi::{documented, seen};

const PROBLEM: &str = "application/problem+json";

/// A response that no test can cause: the operation, or `*` for each one, the status, the content type and the reason.
type Unreachable = (&'static str, u16, &'static str, &'static str);

/// The responses of API Gateway itself have the type `application/json`. Of these, the local gateway also sends 401, 403 and 500,
/// so the tests cause them.
const UNREACHABLE: [Unreachable; 5] = [
    ("*", 429, "application/json", "only API Gateway in AWS has a rate limit"),
    ("*", 503, "application/json", "API Gateway responds so if Lambda does not respond in time"),
    ("POST /v1/revoke", 500, "application/json", "no authorizer is asked, so none can fail"),
    ("POST /v1/simulate", 500, PROBLEM, "the function does not use the table, which could fail"),
    ("POST /v1/simulate", 503, PROBLEM, "the function does not use the table, which could fail"),
];

fn is_about((operation, status, content_type, _): &Unreachable, line: &str) -> bool {
    let response = format!("{status} {content_type}");
    line.strip_suffix(&response)
        .is_some_and(|rest| *operation == "*" || rest.trim_end() == *operation)
}

#[test]
#[ignore = "reads what the whole suite has recorded: `.ci/check` runs it afterwards"]
fn every_documented_response_is_seen_by_the_suite() {
    let (documented, seen) = (documented(), seen());
    assert!(!seen.is_empty(), "nothing is recorded: run `cargo test --workspace` first");
    for unreachable in &UNREACHABLE {
        let (operation, status, _, reason) = unreachable;
        let mut lines = documented.iter().filter(|line| is_about(unreachable, line)).peekable();
        assert!(lines.peek().is_some(), "{operation} {status} is not documented");
        for line in lines {
            assert!(!seen.contains(line), "{line} is reachable after all, although {reason}");
        }
    }
    let is_reachable = |line: &&String| !UNREACHABLE.iter().any(|one| is_about(one, line));
    let missing: Vec<_> = documented.difference(&seen).filter(is_reachable).collect();
    assert!(missing.is_empty(), "never seen: {missing:#?}");
}
