//! Faults at the reads after a write. The operation must succeed nevertheless: only its response contains a secret that it
//! issues.

use super::*;
use std::iter::once;

/// The number of attempts of an operation that require the version that was read. The next attempt may change a later version, so
/// its response shows the token as it is read after the write.
const EXACT_ATTEMPTS: usize = 4;

/// For each fault: runs an operation with the faults of `before`, and then with this fault at all further requests. Asserts that
/// the operation succeeds.
async fn assert_survives(
    operation: Operation,
    before: impl Fn(&Case) -> Vec<Fault>,
    expected_reads: &[&str],
) {
    let database = database::create().await;
    for fault in faults() {
        let description = format!("{operation:?}, then {fault:?}");
        let case = Case::new(&database, operation).await;
        let until_written = before(&case);
        let count = until_written.len();
        case.faults.inject(until_written.into_iter().chain(repeat_n(fault, ALWAYS)));
        let response = case.run().await;
        assert_eq!(response.status, operation.success_status(), "{description}: {}", response.text);
        let reads = case.faults.requests().split_off(count);
        assert_eq!(reads[0], expected_reads[0], "{description}");
        assert_eq!(reads.last().unwrap(), expected_reads.last().unwrap(), "{description}");
        case.assert_ended_secret_denied(&description).await;
        if let Some(token) = response.json()["token"].as_str() {
            assert!(case.authorize(token).await, "{description}: the new token does not work");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn no_fault_after_a_slow_write_makes_the_operation_fail() {
    let slow_write = |_: &Case| {
        let stalls = repeat_n(Fault::StalledResponse, 3);
        once(Fault::None).chain(stalls).chain(once(Fault::None)).collect()
    };
    for operation in [
        Operation::SetDescription,
        Operation::SetPermissionsIfMatch,
        Operation::RegenerateWithGrace,
        Operation::RegenerateSelf,
        Operation::Rollback,
        Operation::EndPrevious,
    ] {
        assert_survives(operation, slow_write, &["BatchGetItem"]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn no_fault_after_an_overtaken_write_makes_the_operation_fail() {
    let overtaken = |case: &Case| {
        // A read, a write that is lost while another caller writes, and its retry.
        let attempt = [Fault::None, Fault::LostRequestAfter(case.other_caller()), Fault::None];
        let attempts = repeat_n(attempt, EXACT_ATTEMPTS).flatten();
        attempts.chain([Fault::None, Fault::None]).collect()
    };
    for operation in [
        Operation::Regenerate,
        Operation::RegenerateWithGrace,
        Operation::RegenerateSelf,
        Operation::EndPrevious,
    ] {
        assert_survives(operation, overtaken, &["GetItem", "BatchGetItem"]).await;
    }
}
