//! Every fault, at every call that every operation makes to the table: once, twice, and from there on for good.
//! The answer is right or honest, and the table is as before or as after.

mod case;
mod operation;

use case::{Case, settled};
use local::database::Database;
use operation::{OPERATIONS, Operation};
use serde_json::json;
use std::iter::repeat_n;
use std::sync::Mutex;
use std::time::Duration;
use tests::Request;
use tests::app::{join, orders};
use tests::faults::Fault;
use tests::handlers::event_with_body;
use tests::{database, table};

/// Cases that wait at the same time, and databases: one after the other each has its share.
const AT_ONCE: usize = 32;

/// What the SDK never repeats more often than this.
const FOR_GOOD: usize = 60;

fn faults() -> Vec<Fault> {
    vec![
        Fault::LostRequest,
        Fault::LostReply,
        Fault::Refused(400, "ProvisionedThroughputExceededException"),
        Fault::Refused(400, "ThrottlingException"),
        Fault::Refused(500, "InternalServerError"),
        Fault::Refused(503, "ServiceUnavailable"),
        Fault::CarriedOutAndRefused(500, "InternalServerError"),
        Fault::Cancelled("TransactionConflict"),
        Fault::TruncatedReply,
        Fault::Unprocessed,
        Fault::Stalled,
        Fault::StalledReply,
        Fault::SlowReply,
    ]
}

/// The fault at this call: once, twice, or for good.
fn plans(call: usize) -> Vec<Vec<Fault>> {
    let at = |fault: &Fault, times| {
        let undisturbed = repeat_n(Fault::None, call);
        undisturbed.chain(repeat_n(fault.clone(), times)).collect()
    };
    let faults = faults();
    let plans = faults.iter().flat_map(|fault| [at(fault, 1), at(fault, 2), at(fault, FOR_GOOD)]);
    plans.collect()
}

/// What the functions are given to answer, by the template.
fn function_timeout() -> Duration {
    let mut lines = local::TEMPLATE.lines();
    let seconds = lines.find_map(|line| line.trim().strip_prefix("Timeout: "));
    Duration::from_secs(seconds.unwrap().parse().unwrap())
}

/// Does this for each, many at once, in databases that nobody else uses meanwhile.
async fn for_each<T>(all: Vec<T>, act: impl AsyncFn(&Database, T)) {
    let all = Mutex::new(all.into_iter());
    let share = async || {
        let database = database::empty().await;
        loop {
            let Some(one) = all.lock().unwrap().next() else {
                return;
            };
            Box::pin(act(&database, one)).await;
        }
    };
    join((0..AT_ONCE).map(|_| share()).collect()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_under_every_fault_is_right_or_honest_and_nothing_is_half_written() {
    let mut cases = Vec::new();
    let database = database::empty().await;
    for operation in OPERATIONS {
        let calls = Case::new(&database, *operation).await.calls().await;
        assert_eq!(calls, operation.calls(), "{operation:?}");
        let plans = (0..calls).flat_map(plans);
        cases.extend(plans.map(|plan| (*operation, plan)));
    }
    let count = cases.len();
    for_each(cases, async |database, (operation, plan)| {
        judge(database, operation, plan).await;
    })
    .await;
    println!("{count} cases");
    assert_eq!(count, 3 * faults().len() * OPERATIONS.iter().map(|one| one.calls()).sum::<usize>());
}

async fn judge(database: &Database, operation: Operation, plan: Vec<Fault>) {
    let shown = format!("{operation:?} under {plan:?}");
    let case = Case::new(database, operation).await;
    let before = case.snapshot().await;
    case.wire.plan(plan);
    let answer = tokio::time::timeout(function_timeout(), case.act()).await;
    let answer = answer.unwrap_or_else(|_| panic!("{shown} outlasts its function"));
    case.wire.plan([]);
    let after = case.snapshot().await;
    settled(&after);
    let applied = after != before;
    if applied {
        assert!(operation.is_applied(&case, &after), "{shown} left {after:?}");
    }
    match answer.status {
        429 => assert!(!applied, "{shown} claims that nothing was written"),
        503 => {}
        status => {
            assert_eq!(status, operation.success(), "{shown}: {}", answer.text);
            assert_eq!(applied, operation.writes(), "{shown} was not carried out");
            return;
        }
    }
    let wait = answer.header("retry-after").unwrap();
    assert!(wait.parse::<u32>().unwrap() > 0, "{shown}");
    operation.is_mended_by_a_repetition(&case, applied, &shown).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_authorizer_lets_nobody_in_under_any_fault_who_would_be_refused_without() {
    let plans = (0..2).flat_map(plans).collect();
    for_each(plans, async |database, plan| {
        let case = Case::new(database, Operation::Get).await;
        for token in case.revoked().await {
            case.wire.plan(plan.clone());
            let answer = case.authorize(&token).await;
            assert_eq!(answer["isAuthorized"], json!(false), "{plan:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_authorizer_lets_nobody_in_while_the_table_does_not_answer() {
    let breaking = faults().into_iter().filter(|fault| {
        // These are no faults of a read of one item.
        !matches!(fault, Fault::Unprocessed | Fault::SlowReply)
    });
    for_each(breaking.collect(), async |database, fault| {
        let case = Case::new(database, Operation::Get).await;
        let valid = case.token.clone();
        assert_eq!(case.authorize(&valid).await["isAuthorized"], json!(true));
        case.wire.plan(repeat_n(fault.clone(), FOR_GOOD));
        let answer = tokio::time::timeout(function_timeout(), case.authorize(&valid)).await;
        assert_eq!(answer.unwrap()["isAuthorized"], json!(false), "{fault:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_whose_answer_never_arrived_is_found_by_its_name_and_regenerated() {
    let database = database::empty().await;
    let case = Case::new(&database, Operation::Get).await;
    let body = json!({ "name": "never-seen", "permissions": orders() });
    let call = Request::new("POST", "/v1/tokens").json(&body);
    drop(case.clean("GenerateFunction", "POST /v1/tokens", &call, None).await);
    let again = case.clean("GenerateFunction", "POST /v1/tokens", &call, None);
    again.await.assert_problem(409, "name-taken");
    let token = case.found_and_regenerated("never-seen").await;
    assert_eq!(case.authorize(&token).await["isAuthorized"], json!(true));
}
