//! A deterministic scheduler: it lets one request at a time reach the table, in an order that a seed decides.

use crate::program::seeded_rng;
use proptest::prelude::Rng;
use proptest::test_runner::TestRng;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use tokio::sync::oneshot;

/// The clients that wait for their turns. The client whose turn it is runs until it waits again or finishes.
#[derive(Clone)]
pub struct Scheduler(Arc<Mutex<State>>);

struct State {
    rng: TestRng,
    /// How many clients neither wait nor have finished.
    running: usize,
    waiting: BTreeMap<usize, oneshot::Sender<()>>,
}

impl Scheduler {
    /// Creates a scheduler for this number of clients, all of which are running.
    pub fn new(seed: u64, clients: usize) -> Self {
        Self(Arc::new(Mutex::new(State {
            rng: seeded_rng(seed),
            running: clients,
            waiting: BTreeMap::new(),
        })))
    }

    /// Waits until it is this client's turn.
    pub async fn wait(&self, client: usize) {
        let (sender, turn) = oneshot::channel();
        {
            let mut state = self.0.lock().unwrap();
            state.waiting.insert(client, sender);
            state.stop_running();
        }
        turn.await.unwrap();
    }

    /// Ends the turn of a client that has finished.
    pub fn finish(&self) {
        self.0.lock().unwrap().stop_running();
    }
}

impl State {
    /// Counts a client as no longer running. If it was the last one, a waiting client gets its turn.
    fn stop_running(&mut self) {
        self.running -= 1;
        if self.running > 0 || self.waiting.is_empty() {
            return;
        }
        let index = usize::try_from(self.rng.next_u32()).unwrap() % self.waiting.len();
        let client = *self.waiting.keys().nth(index).unwrap();
        self.running = 1;
        self.waiting.remove(&client).unwrap().send(()).unwrap();
    }
}

impl fmt::Debug for Scheduler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scheduler")
    }
}
