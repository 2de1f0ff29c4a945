//! The turnstile: one request to the table at a time, in an order that a seed decides.

use crate::program::dice;
use proptest::prelude::Rng;
use proptest::test_runner::TestRng;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use tokio::sync::oneshot;

/// Clients pass it one by one. Whoever has passed runs until it comes back or leaves for good.
#[derive(Clone)]
pub struct Turnstile(Arc<Mutex<State>>);

struct State {
    dice: TestRng,
    /// Clients that are neither here nor gone.
    running: usize,
    waiting: BTreeMap<usize, oneshot::Sender<()>>,
}

impl Turnstile {
    /// A turnstile for so many clients, all of them on their way to it.
    pub fn new(seed: u64, clients: usize) -> Self {
        Self(Arc::new(Mutex::new(State {
            dice: dice(seed),
            running: clients,
            waiting: BTreeMap::new(),
        })))
    }

    /// Waits for this client's turn.
    pub async fn pass(&self, client: usize) {
        let (go, turn) = oneshot::channel();
        {
            let mut state = self.0.lock().unwrap();
            state.waiting.insert(client, go);
            state.leave();
        }
        turn.await.unwrap();
    }

    /// This client does not come back.
    pub fn leave(&self) {
        self.0.lock().unwrap().leave();
    }
}

impl State {
    /// One client less is running. After the last one somebody who waits has their turn.
    fn leave(&mut self) {
        self.running -= 1;
        if self.running > 0 || self.waiting.is_empty() {
            return;
        }
        let index = usize::try_from(self.dice.next_u32()).unwrap() % self.waiting.len();
        let client = *self.waiting.keys().nth(index).unwrap();
        self.running = 1;
        self.waiting.remove(&client).unwrap().send(()).unwrap();
    }
}

impl fmt::Debug for Turnstile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Turnstile")
    }
}
