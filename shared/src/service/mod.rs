//! The operations on tokens. Related ones share a file, such as regenerate and rollback.

mod authorize;
mod change;
mod delete;
pub mod error;
pub mod generate;
mod history;
mod introspect;
mod list;
pub mod regenerate;
mod revoke;
mod simulate;
mod update;
mod verify;

pub use crate::store::EventPage;
pub use authorize::{Authorization, AuthorizeError, Client};
pub use error::Error;
pub use introspect::Introspection;
pub use simulate::Simulation;

use crate::domain::event::Caller;
use crate::domain::expiration::{ExpirationPolicy, Retention};
use crate::domain::hex;
use crate::domain::id::TokenId;
use crate::domain::permission::Vocabulary;
use crate::domain::rules::Rules;
use crate::domain::time::Timestamp;
use crate::domain::token::{SECRET_ENTROPY, Secret};
use crate::domain::usage::WrittenUses;
use crate::store::{Table, WriteContext};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::Instant;

/// The target of the audit trail: the log lines that show who did what. They are logged at every level but `off`, which the
/// template does not offer.
pub const AUDIT_TRAIL: &str = "tokenward::request";

/// The maximum number of attempts at a write that other writes of the same token keep overtaking.
///
/// Whenever one write is overtaken, another one succeeded. So this many callers can write a token at the same time, and all of
/// them succeed.
const MAX_RACE_ATTEMPTS: usize = 64;

/// The time after which no further attempt is made. It leaves time for the last attempt before the deadline of a request, so the
/// caller learns that nothing was changed.
const MAX_RACE_TIME: Duration = Duration::from_secs(5);

/// Returns the numbers, from 0, of the attempts at a write that was started at `start`. They end with the maximum number or time.
fn race_attempts(start: Instant) -> impl Iterator<Item = usize> {
    (0..MAX_RACE_ATTEMPTS).take_while(move |_| start.elapsed() < MAX_RACE_TIME)
}

/// A source of the time. It is passed in, so that tests can compare literal times.
pub trait Clock: Send + Sync {
    /// Returns the current time.
    fn now(&self) -> Timestamp;
}

/// A source of randomness. It is passed in, so that tests can compare literal tokens.
pub trait Entropy: Send + Sync {
    /// Fills `bytes` with random bytes.
    ///
    /// # Errors
    /// The failure of the source, for the log.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), String>;
}

/// What a deployment decides about its tokens and routes.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// The maximum lifetime in days. `None` allows ten years, and tokens without expiration.
    pub max_lifetime_days: Option<u32>,
    /// How long an expired token is kept before it is purged.
    pub retention: Retention,
    /// The vocabulary of permissions.
    pub vocabulary: &'static Vocabulary,
    /// The requirements of its protected routes.
    pub rules: Rules<'static>,
    /// The minimum time between two writes of the use of a secret, in seconds. 0 means that no use is written.
    pub usage_interval: u32,
    /// For how many days events are kept.
    pub history_days: u32,
}

impl Policy {
    /// Returns the default policy with this vocabulary and these rules.
    pub const fn new(vocabulary: &'static Vocabulary, rules: Rules<'static>) -> Self {
        Self {
            max_lifetime_days: None,
            retention: Retention(30),
            vocabulary,
            rules,
            usage_interval: 600,
            history_days: 400,
        }
    }
}

/// The operations on tokens. Each one is a method.
#[derive(Clone)]
pub struct TokenService {
    table: Table,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    policy: Policy,
    written_uses: Arc<Mutex<WrittenUses>>,
}

impl TokenService {
    /// Creates a service.
    pub fn new(
        table: Table,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        policy: Policy,
    ) -> Self {
        Self { table, clock, entropy, policy, written_uses: Arc::default() }
    }

    /// Reads the clock. The runtime does so once per request and passes the time on; no operation reads the clock.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Returns this deployment's vocabulary of permissions.
    pub fn vocabulary(&self) -> &'static Vocabulary {
        self.policy.vocabulary
    }

    /// Returns the requirements of this deployment's protected routes.
    pub fn rules(&self) -> Rules<'static> {
        self.policy.rules
    }

    /// Returns the maximum lifetime of tokens in days, if this deployment has one.
    pub fn max_lifetime_days(&self) -> Option<u32> {
        self.policy.max_lifetime_days
    }

    /// Returns the expirations that this deployment allows a caller to set at `now`.
    ///
    /// The maximum lifetime does not apply to the bootstrap, which must work in every deployment.
    pub fn expiration_policy(&self, caller: &Caller, now: Timestamp) -> ExpirationPolicy {
        let max_days = self.policy.max_lifetime_days.filter(|_| !caller.actor.is_bootstrap());
        ExpirationPolicy { now, max_days }
    }

    fn contended(id: TokenId) -> Error {
        Error::Contended(format!("{id} changed after each read"))
    }

    fn random<const N: usize>(&self) -> Result<[u8; N], Error> {
        let mut bytes = [0; N];
        let filled = self.entropy.fill(&mut bytes);
        filled.map_err(|cause| Error::Internal(format!("no randomness: {cause}")))?;
        Ok(bytes)
    }

    fn new_secret(&self) -> Result<Secret, Error> {
        Ok(Secret::from_entropy(self.random::<SECRET_ENTROPY>()?))
    }

    fn write_context(&self, caller: &Caller, now: Timestamp) -> Result<WriteContext, Error> {
        let write_id = hex::encode(&self.random::<16>()?);
        let forget_at = now.plus_days(self.policy.history_days);
        Ok(WriteContext { now, caller: caller.clone(), write_id, forget_at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_end_with_their_number_and_with_their_time() {
        let now = Instant::now();
        assert!(race_attempts(now).eq(0..64));
        assert_eq!(race_attempts(now.checked_sub(MAX_RACE_TIME).unwrap()).next(), None);
    }
}
