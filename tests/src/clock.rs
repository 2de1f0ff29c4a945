//! Clocks that tests control, and tokio's paused time.

use shared::domain::time::Timestamp;
use shared::service::Clock;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// A clock that shows the time that it is set to.
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// Creates a clock that shows this time, in seconds since 1970.
    pub fn at(seconds: i64) -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(seconds)))
    }

    /// Sets the time, in seconds since 1970.
    pub fn set(&self, seconds: i64) {
        self.0.store(seconds, Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_seconds(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

/// A clock that advances by a second each time it is read.
pub struct TickingClock(AtomicI64);

impl TickingClock {
    /// Creates a clock whose first reading shows this time, in seconds since 1970.
    pub fn from(seconds: i64) -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(seconds)))
    }

    /// Returns the time that the next reading will show.
    pub fn next(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

impl Clock for TickingClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_seconds(self.0.fetch_add(1, Ordering::SeqCst)).unwrap()
    }
}

/// Waits for something outside of this runtime, such as a response, without letting tokio's paused time advance meanwhile.
///
/// In a test with `start_paused = true`, only a fault takes time, and no timeout depends on the speed of the machine.
pub async fn hold_time<F: Future>(future: F) -> F::Output {
    // Tokio advances its paused time when all tasks wait, unless a blocking operation is running.
    let (release, released) = std::sync::mpsc::channel::<()>();
    tokio::task::spawn_blocking(move || released.recv());
    let output = future.await;
    drop(release);
    output
}
