//! Many clients at once over the real table, and the proof that it was as if they had taken turns.
//!
//! Each program gives a few clients some steps. The turnstile lets one request to the table through at a time, in an
//! order that a seed decides, so every interleaving of requests can happen and every run can be had again. What the
//! clients saw is checked against a sequential model of one name (Herlihy and Wing, "Linearizability", 1990), and apart
//! from it that nothing that was taken away was ever let in.

mod clients;
mod history;
mod linearizability;
mod program;
mod revocation;
mod run;
mod sabotage;
mod sequential;
mod turnstile;

use program::{Mask, Program};
use run::Setting;
use sabotage::Sabotage;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use tests::deployment::variable;

/// After about so many programs a worker takes a new table: no program sees another's names, and the embedded database
/// gets slower with each transaction of the last ten minutes.
const PROGRAMS_A_TABLE: u64 = 100;

/// What all programs of a test came to.
#[derive(Debug, Default)]
struct Tally {
    programs: u64,
    operations: usize,
    /// Later uses of what had been taken away: all of them were refused.
    refused: usize,
}

fn number(name: &str, otherwise: u64) -> u64 {
    variable(name).map_or(otherwise, |text| text.parse().unwrap())
}

#[test]
fn histories_are_linearizable_and_what_is_revoked_stays_out() {
    let first = number("MODEL_SEED", 1);
    if let Some(mask) = variable("MODEL_KEEP") {
        let program = Program::random(first).keep(&Mask::parse(&mask));
        Setting::alone(Sabotage::None).judge(&program).unwrap();
        return;
    }
    let wanted = usize::try_from(number("MODEL_OPERATIONS", 5_000)).unwrap();
    let (tally, next) = (Mutex::new(Tally::default()), AtomicU64::new(first));
    let work = || {
        let mut setting = Setting::alone(Sabotage::None);
        while tally.lock().unwrap().operations < wanted {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed.is_multiple_of(PROGRAMS_A_TABLE) {
                setting = Setting::alone(Sabotage::None);
            }
            let program = Program::random(seed);
            let seen = setting
                .judge(&program)
                .unwrap_or_else(|failure| panic!("{}", setting.shrink(program, failure)));
            let mut tally = tally.lock().unwrap();
            tally.programs += 1;
            tally.operations += seen.operations;
            tally.refused += seen.refused;
        }
    };
    let threads = std::thread::available_parallelism().unwrap().get();
    std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
    let tally = tally.into_inner().unwrap();
    println!("from MODEL_SEED={first}: {tally:?}");
    assert!(
        tally.refused * 20 > tally.operations,
        "hardly anything that was revoked was used again: {tally:?}"
    );
}

/// Programs that are sabotaged, until one is found out.
fn found_out(sabotage: Sabotage) -> (Setting, Program, String) {
    let setting = Setting::alone(sabotage);
    for seed in 1..=200 {
        let program = Program::random(seed);
        if let Err(failure) = setting.judge(&program) {
            assert!(!failure.contains("failed: "), "not by the checker: {failure}");
            println!("{sabotage:?} was found out by program {seed}: {failure}");
            return (setting, program, failure);
        }
    }
    panic!("{sabotage:?} was not found out");
}

#[test]
fn a_read_that_is_not_consistent_is_found_out() {
    found_out(Sabotage::StaleReads);
}

#[test]
fn a_write_without_its_condition_is_found_out() {
    found_out(Sabotage::NoConditions);
}

#[test]
fn a_token_and_its_name_written_separately_are_found_out() {
    found_out(Sabotage::TornTransactions);
}

#[test]
fn a_failing_program_is_shrunk_and_fails_again() {
    let (setting, program, failure) = found_out(Sabotage::StaleReads);
    let report = setting.shrink(program.clone(), failure);
    let mask = report.split("MODEL_KEEP=").nth(1).unwrap();
    let mask = Mask::parse(mask.split_whitespace().next().unwrap());
    let shrunk = program.keep(&mask);
    assert!(shrunk.steps() < program.steps() / 2, "{report}");
    assert!(setting.judge(&shrunk).is_err(), "{report}");
}
