//! Checks whether the operations of a run could have happened one after another.

use crate::history::Operation;
use crate::sequential_model::NameState;
use std::collections::HashSet;

/// The search of Wing and Gong ("Testing and verifying concurrent objects", 1993), with Lowe's cache of states
/// ("Testing for linearizability", 2017).
struct Search<'a> {
    operations: &'a [Operation],
    /// The states that the search has visited; bit `n` is set if operation `n` is done. A second visit cannot succeed,
    /// because the search ends with the first order that it finds.
    visited: HashSet<(u128, NameState)>,
}

/// Returns whether the operations on one name, at most 128 of them, could have happened one after another: each between
/// its start and its finish, and with its outcome.
pub fn is_linearizable(operations: &[Operation]) -> bool {
    assert!(operations.len() <= 128, "a set of operations is 128 bits");
    let mut search = Search { operations, visited: HashSet::new() };
    search.can_continue(0, &NameState::default())
}

impl Search<'_> {
    /// Returns whether an order of all operations that are not `done` exists.
    fn can_continue(&mut self, done: u128, name: &NameState) -> bool {
        let operations = self.operations;
        let remaining = || (0..operations.len()).filter(|index| done & (1 << index) == 0);
        // An operation that started after another had finished cannot precede it.
        let Some(first_finish) = remaining().map(|index| operations[index].finished).min() else {
            return true;
        };
        if !self.visited.insert((done, name.clone())) {
            return false;
        }
        remaining().filter(|index| operations[*index].started < first_finish).any(
            |index| match name.after(&operations[index].outcome) {
                Some(after) => self.can_continue(done | (1 << index), &after),
                None => false,
            },
        )
    }
}
