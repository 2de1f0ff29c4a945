//! Whether there is an order in which the operations could have happened one by one.

use crate::history::Event;
use crate::sequential::Name;
use std::collections::HashSet;

/// The search of Wing and Gong ("Testing and verifying concurrent objects", 1993) with Lowe's memory of dead ends
/// ("Testing for linearizability", 2017).
struct Search<'a> {
    events: &'a [Event],
    dead_ends: HashSet<(u128, Name)>,
}

/// Whether the operations on one name, at most 128 of them, could have happened one by one: each between its beginning
/// and its end, with the answers that were given.
pub fn is_linearizable(events: &[Event]) -> bool {
    assert!(events.len() <= 128, "a set of events is 128 bits");
    let mut search = Search { events, dead_ends: HashSet::new() };
    search.continues(0, &Name::default())
}

impl Search<'_> {
    /// Whether all events that are not `done` yet can follow.
    fn continues(&mut self, done: u128, name: &Name) -> bool {
        let events = self.events;
        let open = || (0..events.len()).filter(|index| done & (1 << index) == 0);
        // What began after another had ended cannot come before it.
        let Some(first_end) = open().map(|index| events[index].ended).min() else {
            return true;
        };
        if !self.dead_ends.insert((done, name.clone())) {
            return false;
        }
        open().filter(|index| events[*index].begun < first_end).any(|index| {
            match name.after(&events[index].seen) {
                Some(after) => self.continues(done | (1 << index), &after),
                None => false,
            }
        })
    }
}
