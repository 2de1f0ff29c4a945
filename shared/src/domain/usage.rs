//! When a secret was last used, and the limit on how often that is written.

use super::id::TokenId;
use super::time::Timestamp;
use std::collections::HashMap;

/// The number of a token's secret: 1 for the first one. No later secret of the token gets the same number.
pub type Generation = u32;

/// The last use of one secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    /// When the request was authorized, or the secret introspected.
    pub at: Timestamp,
    /// The address of the client, as the gateway saw it, or as the service that introspects reported it.
    pub source_ip: Option<String>,
    /// The method, and the path of the route that matched, e.g. `POST /orders/{proxy+}`.
    pub route: Option<String>,
}

/// The number of days for which a last use is stored.
pub const USAGE_DAYS: u32 = 400;

/// When this execution environment last wrote a use of each secret, so that it does so at most once per interval.
#[derive(Debug, Default)]
pub struct WrittenUses(HashMap<(TokenId, Generation), Timestamp>);

impl WrittenUses {
    /// The maximum number of secrets that are remembered. If a secret is forgotten, its uses are only written more often.
    pub const CAPACITY: usize = 4096;

    /// Returns whether the use of a secret is due to be written, and if so, remembers it as written.
    ///
    /// The first use is always due. `interval` is in seconds; 0 writes nothing.
    pub fn take_due(
        &mut self,
        id: TokenId,
        generation: Generation,
        now: Timestamp,
        interval: u32,
    ) -> bool {
        let is_recent = |written: &Timestamp| now.seconds_since(*written) < u64::from(interval);
        if interval == 0 || self.0.get(&(id, generation)).is_some_and(is_recent) {
            return false;
        }
        if self.0.len() >= Self::CAPACITY {
            self.0.retain(|_, written| is_recent(written));
        }
        if self.0.len() >= Self::CAPACITY {
            self.0.clear();
        }
        self.0.insert((id, generation), now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: usize) -> TokenId {
        TokenId::parse(&format!("{number:016}")).unwrap()
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds).unwrap()
    }

    #[test]
    fn the_first_use_is_due_and_the_next_one_after_the_interval() {
        let mut written = WrittenUses::default();
        for (seconds, expected) in [(0, true), (599, false), (600, true), (1199, false)] {
            assert_eq!(written.take_due(id(1), 1, at(seconds), 600), expected, "{seconds}");
        }
        assert!(written.take_due(id(1), 2, at(1199), 600), "another secret");
        assert!(written.take_due(id(2), 1, at(1199), 600), "another token");
        assert!(!WrittenUses::default().take_due(id(1), 1, at(0), 0), "turned off");
    }

    #[test]
    fn memory_is_bounded_and_a_first_use_is_always_due() {
        let mut written = WrittenUses::default();
        for number in 0..3 * WrittenUses::CAPACITY {
            assert!(written.take_due(id(number), 1, at(0), 600));
            assert!(written.0.len() <= WrittenUses::CAPACITY);
        }
        assert!(written.0.capacity() <= 4 * WrittenUses::CAPACITY);
    }
}
