//! Runs every operation with each fault at each of the requests that it sends to the table. From that request on, the fault
//! occurs once, twice or permanently.
//!
//! The table must be as before or as after the operation, and the response must match it: with 409 and 429, nothing was
//! written. Only 503 leaves open whether something was.

mod after_write;
mod case;
mod ending;
mod idle;
mod operation;
mod overtaken;

use case::{Case, assert_consistent};
use ending::ENDINGS;
use local::database::Database;
use operation::{OPERATIONS, Operation};
use serde_json::json;
use std::collections::BTreeSet;
use std::iter::repeat_n;
use std::time::Duration;
use tests::Request;
use tests::faults::Fault;
use tests::openapi::Operation as DocumentedOperation;
use tests::{database, table};

/// A number of consecutive faults that exceeds the attempts of the service and the SDK, so that every attempt fails.
const ALWAYS: usize = 60;

fn faults() -> Vec<Fault> {
    vec![
        Fault::LostRequest,
        Fault::NoConnection,
        Fault::LostResponse,
        Fault::Error(400, "ProvisionedThroughputExceededException"),
        Fault::Error(400, "ThrottlingException"),
        Fault::Error(500, "InternalServerError"),
        Fault::Error(503, "ServiceUnavailable"),
        Fault::AppliedWithError(500, "InternalServerError"),
        Fault::Canceled("TransactionConflict"),
        Fault::TruncatedResponse,
        Fault::Unprocessed,
        Fault::StalledRequest,
        Fault::StalledResponse,
        Fault::SlowResponse,
    ]
}

/// Returns three sequences for each fault: from the request with this index on, the fault occurs once, twice or permanently.
fn faults_at(index: usize) -> Vec<Vec<Fault>> {
    let at = |fault: &Fault, times| {
        let before = repeat_n(Fault::None, index);
        before.chain(repeat_n(fault.clone(), times)).collect()
    };
    let faults = faults();
    let sequences = faults.iter().flat_map(|fault| [at(fault, 1), at(fault, 2), at(fault, ALWAYS)]);
    sequences.collect()
}

/// Returns the timeout of the functions in the template.
fn function_timeout() -> Duration {
    let mut lines = local::template::STACK.text.lines();
    let seconds = lines.find_map(|line| line.trim().strip_prefix("Timeout: "));
    Duration::from_secs(seconds.unwrap().parse().unwrap())
}

#[test]
fn every_route_that_uses_the_table_has_an_operation() {
    let id = "4GkTz0a9QmW1xB7c";
    let routes =
        OPERATIONS.iter().map(|operation| operation.request(id, tests::app::UNKNOWN_TOKEN));
    let routes: BTreeSet<_> =
        routes.map(|request| DocumentedOperation::of(&request).unwrap().route_key()).collect();
    let expected = DocumentedOperation::all().into_iter().filter(DocumentedOperation::uses_table);
    assert_eq!(routes, expected.map(|one| one.route_key()).collect());
}

#[tokio::test(start_paused = true)]
async fn under_every_fault_responses_match_the_table_and_writes_are_atomic() {
    let database = database::create().await;
    for operation in OPERATIONS {
        let requests = Case::new(&database, *operation).await.count_requests().await;
        assert_eq!(requests, operation.request_count(), "{operation:?}");
        for faults in (0..requests).flat_map(faults_at) {
            check(&database, *operation, faults).await;
        }
    }
}

async fn check(database: &Database, operation: Operation, faults: Vec<Fault>) {
    let description = format!("{operation:?} under {faults:?}");
    let case = Case::new(database, operation).await;
    let before = case.snapshot().await;
    case.faults.inject(faults);
    let response = tokio::time::timeout(function_timeout(), case.run()).await;
    let response = response.unwrap_or_else(|_| panic!("{description}: the function timed out"));
    case.faults.inject([]);
    let after = case.snapshot().await;
    assert_consistent(&after);
    let is_applied = after != before;
    for by_day in [false, true] {
        let count = |items| table::events(items, by_day).len();
        let expected = count(&before) + usize::from(is_applied);
        assert_eq!(count(&after), expected, "{description}: every write has its event");
    }
    if is_applied {
        assert!(operation.is_applied(&case, &after), "{description} left {after:?}");
        case.assert_ended_secret_denied(&description).await;
    }
    match response.status {
        status @ (409 | 429) => {
            assert!(!is_applied, "{description}: {status} claims that nothing was written");
        }
        503 => {}
        status => {
            assert_eq!(status, operation.success_status(), "{description}: {}", response.text);
            assert_eq!(
                is_applied,
                operation.writes(),
                "{description} succeeded but was not applied"
            );
            operation.assert_response(&response, &description);
            return;
        }
    }
    let seconds = response.header("retry-after").unwrap();
    assert!(seconds.parse::<u32>().unwrap() > 0, "{description}");
    operation.assert_can_repeat(&case, is_applied, &description).await;
}

#[tokio::test(start_paused = true)]
async fn no_fault_makes_authorizer_or_introspection_allow_an_ended_secret() {
    let database = database::create().await;
    let sequences: Vec<_> = (0..2).flat_map(faults_at).collect();
    // A case is one way in which a secret stops working, with the three sequences of one fault.
    for sequences in sequences.chunks(3) {
        for ending in ENDINGS {
            // With `Generate`, the table is empty at first: `end_secrets` generates a token itself.
            let case = Case::new(&database, Operation::Generate).await;
            for secret in ending.end_secrets(&case).await {
                case.assert_denied_under(&secret, ending, sequences).await;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn while_the_table_fails_the_authorizer_allows_nobody_and_introspection_fails() {
    let database = database::create().await;
    let failures = faults().into_iter().filter(|fault| {
        // With these faults, a read of one item still succeeds.
        !matches!(fault, Fault::Unprocessed | Fault::SlowResponse)
    });
    for fault in failures {
        let case = Case::new(&database, Operation::Get).await;
        assert!(case.authorize(&case.token).await);
        case.faults.inject(repeat_n(fault.clone(), ALWAYS));
        let allowed = tokio::time::timeout(function_timeout(), case.authorize(&case.token)).await;
        assert!(!allowed.unwrap(), "{fault:?}");
        case.faults.inject(repeat_n(fault.clone(), ALWAYS));
        let introspected =
            tokio::time::timeout(function_timeout(), case.introspect(&case.token)).await;
        assert_eq!(introspected.unwrap(), None, "{fault:?} must not make the token inactive");
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_whose_response_was_lost_can_be_found_by_name_and_regenerated() {
    let database = database::create().await;
    let case = Case::new(&database, Operation::Get).await;
    drop(case.generate("lost").await);
    case.generate("lost").await.assert_problem(409, "name-taken");
    let token = case.find_and_regenerate("lost").await;
    assert!(case.authorize(&token).await);
}
