//! The rules: one file per verb.

mod authorize;
mod delete;
pub mod error;
pub mod generate;
mod list;
pub mod regenerate;
mod simulate;
mod update;

pub use authorize::{Authorization, AuthorizeError};
pub use error::Error;
pub use simulate::Simulation;

use crate::domain::expiration::{ExpirationPolicy, Retention};
use crate::domain::record::Actor;
use crate::domain::rule::RouteRule;
use crate::domain::time::Timestamp;
use crate::domain::token::{SECRET_ENTROPY, Secret};
use crate::store::{Table, WriteContext};
use std::fmt::Write;
use std::sync::Arc;

/// Where the time comes from: handed in, so that tests compare literal moments.
pub trait Clock: Send + Sync {
    /// The current moment.
    fn now(&self) -> Timestamp;
}

/// Where randomness comes from: handed in, so that tests compare literal tokens.
pub trait Entropy: Send + Sync {
    /// Fills `bytes` with randomness.
    ///
    /// # Errors
    /// The source's own failure, in words for the log.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), String>;
}

/// What a deployment decides about its tokens and routes.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// The longest lifetime in days; `None` allows ten years and no expiration.
    pub max_lifetime_days: Option<u32>,
    /// How long an expired token stays.
    pub retention: Retention,
    /// What its protected routes require.
    pub rules: &'static [RouteRule],
}

/// Everything that can be done to tokens. Each verb is a method, in the file of its name.
#[derive(Clone)]
pub struct TokenService {
    table: Table,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    policy: Policy,
}

impl TokenService {
    /// The service over a table, with its sources of time and randomness.
    pub fn new(
        table: Table,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        policy: Policy,
    ) -> Self {
        Self { table, clock, entropy, policy }
    }

    /// Reads the clock. Whoever serves a request does so once and hands the time on; no verb reads it.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Returns what the protected routes of this deployment require.
    pub fn rules(&self) -> &'static [RouteRule] {
        self.policy.rules
    }

    /// What expirations this deployment allows at `now`.
    pub fn expirations(&self, now: Timestamp) -> ExpirationPolicy {
        ExpirationPolicy { now, max_days: self.policy.max_lifetime_days }
    }

    fn random<const N: usize>(&self) -> Result<[u8; N], Error> {
        let mut bytes = [0; N];
        self.entropy
            .fill(&mut bytes)
            .map_err(|cause| Error::Internal(format!("no randomness: {cause}")))?;
        Ok(bytes)
    }

    fn secret(&self) -> Result<Secret, Error> {
        Ok(Secret::from_entropy(self.random::<SECRET_ENTROPY>()?))
    }

    fn write_context(&self, actor: &Actor, now: Timestamp) -> Result<WriteContext, Error> {
        let mut write_id = String::with_capacity(32);
        for byte in self.random::<16>()? {
            let _ = write!(write_id, "{byte:02x}");
        }
        Ok(WriteContext { now, actor: actor.clone(), write_id })
    }
}
