//! Instruction counts by valgrind, which are the same on every run.

use crate::report::Report;
use std::process::Command;

/// Adds a row for each line of `tests/decision/instructions`.
pub fn count(report: &mut Report) {
    report.section("instructions, counted by valgrind");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/decision/instructions");
    let output = Command::new(script).arg("release").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    for line in text.lines() {
        let (what, number) = line.rsplit_once(": ").unwrap();
        report.count(what, &format!("{number} instructions"));
    }
}
