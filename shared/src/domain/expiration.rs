//! When a token expires, and when the table removes it.

use super::record::Record;
use super::time::Timestamp;
use super::violation::Violation;

/// The maximum lifetime in days that a request may ask for.
pub const MAX_DAYS: u32 = 3650;

/// The default lifetime in days.
pub const DEFAULT_DAYS: u32 = 30;

/// The expiration that a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestedExpiration {
    /// The request does not contain one, so the operation's default applies.
    Default,
    /// No expiration.
    Never,
    /// This one.
    At(Timestamp),
}

impl RequestedExpiration {
    /// Returns the expiration, or the result of `default` if the request does not contain one. `None` is for no expiration.
    pub fn or_else(self, default: impl FnOnce() -> Option<Timestamp>) -> Option<Timestamp> {
        match self {
            Self::Default => default(),
            Self::Never => None,
            Self::At(expires_at) => Some(expires_at),
        }
    }
}

impl RequestedExpiration {
    /// Checks that it is not later than `latest`. The default always passes. If `latest` is `None`, everything passes.
    ///
    /// # Errors
    /// The violation `expiration-range`.
    pub fn check_not_later(self, latest: Option<Timestamp>) -> Result<(), Violation> {
        let Some(latest) = latest else {
            return Ok(());
        };
        let is_later = match self {
            Self::Default => false,
            Self::Never => true,
            Self::At(expires_at) => expires_at > latest,
        };
        if !is_later {
            return Ok(());
        }
        let detail = format!(
            "must not be later than {latest}; the lifetime must not exceed the one that the token had"
        );
        Err(Violation::new("expiration-range", detail))
    }
}

/// The expirations that a deployment allows at one time.
#[derive(Clone, Copy, Debug)]
pub struct ExpirationPolicy {
    /// The time of the request.
    pub now: Timestamp,
    /// The maximum lifetime in days. `None` allows [`MAX_DAYS`], and tokens without expiration.
    pub max_days: Option<u32>,
}

impl ExpirationPolicy {
    /// Returns the default expiration: [`DEFAULT_DAYS`], or the deployment's maximum if that is shorter.
    pub fn default_expiration(&self) -> Timestamp {
        self.now.plus_days(self.longest().min(DEFAULT_DAYS))
    }

    /// Returns the expiration that gives a token the lifetime that it had, counted from now. That lifetime is the time from
    /// its last regeneration, or else from its generation, to its expiration.
    ///
    /// If the deployment has a maximum, a longer lifetime becomes the maximum, and so does that of a token without
    /// expiration. Without a maximum, the result for such a token is `None`.
    pub fn same_lifetime(&self, record: &Record) -> Option<Timestamp> {
        let last = self.max_days.map(|_| self.now.plus_days(self.longest()));
        let since = record.regenerated_at.unwrap_or(record.created_at);
        let expires_at = record.expires_at.map(|end| match end.seconds_since(since) {
            // It was revoked in the second in which its secret was made.
            0 => self.default_expiration(),
            lifetime => self.now.plus_seconds(lifetime),
        });
        match (expires_at, last) {
            (Some(expires_at), Some(last)) => Some(expires_at.min(last)),
            (expires_at, last) => expires_at.or(last),
        }
    }

    /// Returns the expiration after a number of days.
    ///
    /// # Errors
    /// The violation `expiration-range`.
    pub fn in_days(&self, days: i64) -> Result<Timestamp, Violation> {
        let longest = self.longest();
        match u32::try_from(days).ok().filter(|days| (1..=longest).contains(days)) {
            Some(days) => Ok(self.now.plus_days(days)),
            None => {
                let detail = format!("must be from 1 to {longest}");
                Err(Violation::new("expiration-range", detail))
            }
        }
    }

    /// Parses an expiration in RFC 3339.
    ///
    /// # Errors
    /// The violation `expiration-format` or `expiration-range`.
    pub fn at(&self, text: &str) -> Result<Timestamp, Violation> {
        let timestamp = Timestamp::parse(text)
            .map_err(|error| Violation::new("expiration-format", error.to_string()))?;
        if timestamp <= self.now {
            let detail = format!("must be later than the current time, {}", self.now);
            return Err(Violation::new("expiration-range", detail));
        }
        let last = self.now.plus_days(self.longest());
        if timestamp > last {
            let detail = format!("must not be later than {last}, {} days from now", self.longest());
            return Err(Violation::new("expiration-range", detail));
        }
        Ok(timestamp)
    }

    /// Checks that the deployment permits tokens without expiration.
    ///
    /// # Errors
    /// The violation `expiration-required`, if the deployment has a maximum lifetime.
    pub fn check_may_never_expire(&self) -> Result<(), Violation> {
        match self.max_days {
            None => Ok(()),
            Some(_) => {
                let detail =
                    format!("must not be `null`; tokens live at most {} days", self.longest());
                Err(Violation::new("expiration-required", detail))
            }
        }
    }

    fn longest(&self) -> u32 {
        self.max_days.unwrap_or(MAX_DAYS).min(MAX_DAYS)
    }
}

/// The number of days for which an expired token stays listed, and can be regenerated, before the table removes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention(pub u32);

impl Retention {
    /// Returns when the table removes a token with this expiration. Returns `None` for a token without expiration.
    pub fn purge_at(self, expires_at: Option<Timestamp>) -> Option<Timestamp> {
        expires_at.map(|expires_at| expires_at.plus_days(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(max_days: Option<u32>) -> ExpirationPolicy {
        ExpirationPolicy { now: Timestamp::parse("2026-11-23T09:00:00Z").unwrap(), max_days }
    }

    fn default_expiration(max_days: Option<u32>) -> String {
        policy(max_days).default_expiration().to_string()
    }

    fn in_days(days: i64, max_days: Option<u32>) -> Result<String, &'static str> {
        let expiration = policy(max_days).in_days(days);
        expiration.map(|at| at.to_string()).map_err(|violation| violation.code)
    }

    fn at(text: &str, max_days: Option<u32>) -> Result<String, &'static str> {
        let expiration = policy(max_days).at(text);
        expiration.map(|at| at.to_string()).map_err(|violation| violation.code)
    }

    fn timestamp(text: &str) -> Result<String, &'static str> {
        Ok(text.to_owned())
    }

    #[test]
    fn the_default_is_thirty_days_or_the_maximum_if_shorter() {
        assert_eq!(default_expiration(None), "2026-12-23T09:00:00Z");
        assert_eq!(default_expiration(Some(90)), "2026-12-23T09:00:00Z");
        assert_eq!(default_expiration(Some(7)), "2026-11-30T09:00:00Z");
    }

    #[test]
    fn in_days_accepts_1_to_3650() {
        assert_eq!(in_days(1, None), timestamp("2026-11-24T09:00:00Z"));
        assert_eq!(in_days(3650, None), timestamp("2036-11-20T09:00:00Z"));
        for days in [0, -1, 3651, i64::MAX, i64::MIN] {
            assert_eq!(in_days(days, None), Err("expiration-range"), "{days}");
        }
    }

    #[test]
    fn at_accepts_the_next_second_to_3650_days() {
        assert_eq!(at("2026-11-23T09:00:01Z", None), timestamp("2026-11-23T09:00:01Z"));
        assert_eq!(at("2036-11-20T11:00:00+02:00", None), timestamp("2036-11-20T09:00:00Z"));
        for text in ["2026-11-23T09:00:00Z", "1970-01-01T00:00:00Z", "2036-11-20T09:00:01Z"] {
            assert_eq!(at(text, None), Err("expiration-range"), "{text}");
        }
        assert_eq!(at("2026-12-01T09:00:00.5Z", None), timestamp("2026-12-01T09:00:00Z"));
        assert_eq!(at("2026-11-23T09:00:00.9Z", None), Err("expiration-range"));
        assert_eq!(at("2026-12-01", None), Err("expiration-format"));
    }

    #[test]
    fn a_maximum_lifetime_is_kept_to_the_second() {
        assert_eq!(in_days(90, Some(90)), timestamp("2027-02-21T09:00:00Z"));
        assert_eq!(in_days(91, Some(90)), Err("expiration-range"));
        assert_eq!(at("2027-02-21T09:00:00Z", Some(90)), timestamp("2027-02-21T09:00:00Z"));
        assert_eq!(at("2027-02-21T09:00:01Z", Some(90)), Err("expiration-range"));
    }

    #[test]
    fn a_maximum_lifetime_rules_out_tokens_without_expiration() {
        assert_eq!(policy(None).check_may_never_expire(), Ok(()));
        assert_eq!(
            policy(Some(90)).check_may_never_expire().unwrap_err().code,
            "expiration-required"
        );
    }

    #[test]
    fn a_token_is_purged_after_the_retention_or_never_if_it_never_expires() {
        let expires_at = Timestamp::parse("2026-11-23T09:00:00Z").unwrap();
        let purge_at = Timestamp::parse("2026-12-23T09:00:00Z").unwrap();
        assert_eq!(Retention(30).purge_at(None), None);
        assert_eq!(Retention(30).purge_at(Some(expires_at)), Some(purge_at));
        assert_eq!(Retention(0).purge_at(Some(expires_at)), Some(expires_at));
    }
}
