//! Concurrent clients over the real table, whose histories must be linearizable.
//!
//! A program gives each client some steps. A scheduler lets one request at a time reach the table, in an order that a
//! seed decides, so that every interleaving is possible and every run can be repeated. The histories are checked against
//! a sequential model of one name (Herlihy and Wing, "Linearizability", 1990). A second check is that no revoked token or
//! permission was accepted.

mod bugs;
mod client;
mod history;
mod holder;
mod linearizability;
mod program;
mod reads;
mod revocation;
mod runner;
mod scheduler;
mod sequential_model;

use bugs::Bug;
use program::{Mask, Program};
use runner::Runner;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use tests::deployment::variable;

/// After about this many programs a worker uses a new table. Programs do not see each other's names, but each transaction
/// of the last ten minutes makes the embedded database slower.
const PROGRAMS_PER_TABLE: u64 = 100;

/// The counts of all programs of a test.
#[derive(Debug, Default)]
struct Totals {
    programs: u64,
    operations: usize,
    /// Authorizations that were denied because of an earlier operation.
    denied: usize,
}

fn setting(name: &str, default: u64) -> u64 {
    variable(name).map_or(default, |number| number.parse().unwrap())
}

#[test]
fn histories_are_linearizable_and_revoked_access_is_denied() {
    let first = setting("MODEL_SEED", 1);
    if let Some(mask) = variable("MODEL_KEEP") {
        let program = Program::random(first).keep(&Mask::parse(&mask));
        Runner::new(Bug::None).check(&program).unwrap();
        return;
    }
    let wanted = usize::try_from(setting("MODEL_OPERATIONS", 5_000)).unwrap();
    let (totals, next) = (Mutex::new(Totals::default()), AtomicU64::new(first));
    let worker = || {
        let mut runner = Runner::new(Bug::None);
        while totals.lock().unwrap().operations < wanted {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed.is_multiple_of(PROGRAMS_PER_TABLE) {
                runner = Runner::new(Bug::None);
            }
            let program = Program::random(seed);
            let counts = runner
                .check(&program)
                .unwrap_or_else(|failure| panic!("{}", runner.shrink(program, failure)));
            let mut totals = totals.lock().unwrap();
            totals.programs += 1;
            totals.operations += counts.operations;
            totals.denied += counts.denied;
        }
    };
    let threads = std::thread::available_parallelism().unwrap().get();
    std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(worker))));
    let totals = totals.into_inner().unwrap();
    println!("from MODEL_SEED={first}: {totals:?}");
    assert!(
        totals.denied * 20 > totals.operations,
        "too few revoked tokens and permissions were used: {totals:?}"
    );
}

/// Runs programs with a bug of the store until one of them fails. Returns that program and its failure.
fn detect(bug: Bug) -> (Runner, Program, String) {
    let runner = Runner::new(bug);
    for seed in 1..=200 {
        let program = Program::random(seed);
        if let Err(failure) = runner.check(&program) {
            assert!(!failure.contains("failed: "), "a step failed before the check: {failure}");
            println!("program {seed} detected {bug:?}: {failure}");
            return (runner, program, failure);
        }
    }
    panic!("{bug:?} was not detected");
}

#[test]
fn stale_reads_are_detected() {
    detect(Bug::StaleReads);
}

#[test]
fn writes_without_conditions_are_detected() {
    detect(Bug::NoConditions);
}

#[test]
fn torn_transactions_are_detected() {
    detect(Bug::TornTransactions);
}

#[test]
fn a_failing_program_is_shrunk_to_one_that_still_fails() {
    let (runner, program, failure) = detect(Bug::StaleReads);
    let report = runner.shrink(program.clone(), failure);
    let mask = report.split("MODEL_KEEP=").nth(1).unwrap();
    let mask = Mask::parse(mask.split_whitespace().next().unwrap());
    let shrunk = program.keep(&mask);
    assert!(shrunk.steps() < program.steps() / 2, "{report}");
    assert!(runner.check(&shrunk).is_err(), "{report}");
}
