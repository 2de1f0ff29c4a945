//! The system's clock and randomness.

use crate::domain::time::Timestamp;
use crate::service::{Clock, Entropy};
use rand::TryRng;
use rand::rngs::SysRng;
use std::time::{SystemTime, UNIX_EPOCH};

/// The system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the only place that reads the system's clock")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).ok();
        let seconds = since.and_then(|since| i64::try_from(since.as_secs()).ok());
        // If the clock is out of range, every token that can expire is treated as expired.
        seconds.and_then(Timestamp::from_seconds).unwrap_or(Timestamp::LATEST)
    }
}

/// The operating system's randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), String> {
        SysRng.try_fill_bytes(bytes).map_err(|error| error.to_string())
    }
}
