//! Least privilege: the IAM roles permit only what the suite uses.

use std::collections::BTreeSet;
use tests::privilege::{self, granted};
use tests::stack::Stack;

#[test]
#[ignore = "reads what the whole suite has recorded: `.ci/check` runs it afterwards"]
fn every_permitted_action_is_used_by_the_suite() {
    let functions = Stack::shipped().our_functions();
    let granted: BTreeSet<_> = functions.keys().flat_map(|name| granted(name)).collect();
    let used = privilege::used();
    assert!(!used.is_empty(), "nothing is recorded: run `cargo test --workspace` first");
    let unused: Vec<_> = granted.difference(&used).collect();
    assert!(unused.is_empty(), "never used: {unused:#?}");
    let outdated: Vec<_> = used.difference(&granted).collect();
    assert!(outdated.is_empty(), "recorded with another template: {outdated:#?}");
}
