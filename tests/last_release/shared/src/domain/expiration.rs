//! When a token stops working, and when the table forgets it.

use super::document::{Object, wrong_type};
use super::time::Timestamp;
use super::violation::{Invalid, Violations};
use serde_json::Value;

/// The longest lifetime in days that can be asked for.
pub const MAX_DAYS: u32 = 3650;

/// The lifetime in days of a token for which none was asked.
pub const DEFAULT_DAYS: u32 = 30;

/// What a deployment allows of expirations, at one moment.
#[derive(Clone, Copy, Debug)]
pub struct ExpirationPolicy {
    /// The moment of the request.
    pub now: Timestamp,
    /// The longest lifetime in days that the deployment allows; `None` allows [`MAX_DAYS`] and no expiration.
    pub max_days: Option<u32>,
}

impl ExpirationPolicy {
    /// Reads `expiresInDays` and `expiresAt` of a body into the moment of expiration.
    ///
    /// The outer `None` means that something was noted, the inner that the token never expires. Neither member given:
    /// [`DEFAULT_DAYS`], or the deployment's maximum if that is shorter.
    pub fn read(
        &self,
        body: &mut Object<'_>,
        violations: &mut Violations,
    ) -> Option<Option<Timestamp>> {
        let days = body.member("expiresInDays");
        let at = body.member("expiresAt");
        match (days.value, at.value) {
            (None, None) => Some(Some(self.now.plus_days(self.longest().min(DEFAULT_DAYS)))),
            (Some(value), None) => violations.check(&days.pointer, self.in_days(value)).map(Some),
            (None, Some(value)) => violations.check(&at.pointer, self.at(value)),
            (Some(_), Some(_)) => {
                let rule = "must not be given together with `expiresInDays`";
                violations.add(&at.pointer, Invalid::new("expiration-conflict", rule));
                None
            }
        }
    }

    fn longest(&self) -> u32 {
        self.max_days.unwrap_or(MAX_DAYS).min(MAX_DAYS)
    }

    fn in_days(&self, value: &Value) -> Result<Timestamp, Invalid> {
        let longest = self.longest();
        // JSON has one kind of number: `30.0` is 30.
        let days = value.as_f64().filter(|days| days.fract() == 0.0);
        let days =
            days.ok_or_else(|| wrong_type(&format!("a whole number of days from 1 to {longest}")))?;
        if (1.0..=f64::from(longest)).contains(&days) {
            Ok(self.now.plus_days(days as u32))
        } else {
            let rule = format!("must be from 1 to {longest}");
            Err(Invalid::new("expiration-range", rule))
        }
    }

    fn at(&self, value: &Value) -> Result<Option<Timestamp>, Invalid> {
        let text = match value {
            Value::Null if self.max_days.is_none() => return Ok(None),
            Value::Null => {
                let rule = format!("must be set: tokens here live at most {} days", self.longest());
                return Err(Invalid::new("expiration-required", rule));
            }
            Value::String(text) => text,
            _ => {
                return Err(wrong_type("a date and time in RFC 3339, or null for no expiration"));
            }
        };
        let moment = Timestamp::parse(text)
            .map_err(|error| Invalid::new("expiration-format", error.to_string()))?;
        if moment <= self.now {
            return Err(Invalid::new(
                "expiration-range",
                format!("must lie after now, {}", self.now),
            ));
        }
        let last = self.now.plus_days(self.longest());
        if moment > last {
            let rule = format!("must not lie after {last}, {} days from now", self.longest());
            return Err(Invalid::new("expiration-range", rule));
        }
        Ok(Some(moment))
    }
}

/// How many days an expired token stays listed, and can be regenerated, before the table removes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention(pub u32);

impl Retention {
    /// When a token that expires at `expires_at` is removed; never if it never expires.
    pub fn purge_at(self, expires_at: Option<Timestamp>) -> Option<Timestamp> {
        expires_at.map(|moment| moment.plus_days(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::super::violation::Pointer;
    use super::*;
    use serde_json::json;

    fn read(
        body: &Value,
        max_days: Option<u32>,
    ) -> Result<Option<String>, Vec<(String, &'static str)>> {
        let policy =
            ExpirationPolicy { now: Timestamp::parse("2026-11-23T09:00:00Z").unwrap(), max_days };
        let mut violations = Violations::default();
        let mut object = Object::begin(body, &Pointer::root(), &mut violations).unwrap();
        let read = policy.read(&mut object, &mut violations);
        object.finish(&mut violations);
        let read = violations.none_or(read).map(|moment| moment.map(|moment| moment.to_string()));
        read.map_err(|all| {
            all.iter().map(|one| (one.pointer.as_str().to_owned(), one.invalid.code)).collect()
        })
    }

    fn moment(text: &str) -> Result<Option<String>, Vec<(String, &'static str)>> {
        Ok(Some(text.to_owned()))
    }

    #[test]
    fn thirty_days_is_the_default_unless_the_maximum_is_shorter() {
        assert_eq!(read(&json!({}), None), moment("2026-12-23T09:00:00Z"));
        assert_eq!(read(&json!({}), Some(90)), moment("2026-12-23T09:00:00Z"));
        assert_eq!(read(&json!({}), Some(7)), moment("2026-11-30T09:00:00Z"));
    }

    #[test]
    fn days_from_one_to_3650_are_admitted() {
        assert_eq!(read(&json!({ "expiresInDays": 1 }), None), moment("2026-11-24T09:00:00Z"));
        for days in [json!(3650), json!(3650.0), json!(3.65e3)] {
            let last = moment("2036-11-20T09:00:00Z");
            assert_eq!(read(&json!({ "expiresInDays": days }), None), last);
        }
        for days in [
            json!(0),
            json!(-1),
            json!(3651),
            json!(u64::MAX),
            json!(i64::MIN),
            json!(-0.0),
            json!(1e300),
        ] {
            let refused = Err(vec![("/expiresInDays".to_owned(), "expiration-range")]);
            assert_eq!(read(&json!({ "expiresInDays": days }), None), refused, "{days}");
        }
        for days in
            [json!(null), json!("30"), json!(1.5), json!(3_650.000_000_1), json!(true), json!([30])]
        {
            let refused = Err(vec![("/expiresInDays".to_owned(), "type")]);
            assert_eq!(read(&json!({ "expiresInDays": days }), None), refused, "{days}");
        }
    }

    #[test]
    fn a_moment_must_lie_ahead_and_within_3650_days() {
        assert_eq!(
            read(&json!({ "expiresAt": "2026-11-23T09:00:01Z" }), None),
            moment("2026-11-23T09:00:01Z")
        );
        assert_eq!(
            read(&json!({ "expiresAt": "2036-11-20T11:00:00+02:00" }), None),
            moment("2036-11-20T09:00:00Z")
        );
        for at in ["2026-11-23T09:00:00Z", "1970-01-01T00:00:00Z", "2036-11-20T09:00:01Z"] {
            let refused = Err(vec![("/expiresAt".to_owned(), "expiration-range")]);
            assert_eq!(read(&json!({ "expiresAt": at }), None), refused, "{at}");
        }
        let refused = Err(vec![("/expiresAt".to_owned(), "expiration-format")]);
        assert_eq!(read(&json!({ "expiresAt": "2026-12-01T09:00:00.5Z" }), None), refused);
        let refused = Err(vec![("/expiresAt".to_owned(), "type")]);
        assert_eq!(read(&json!({ "expiresAt": 1_795_424_400 }), None), refused);
    }

    #[test]
    fn null_is_no_expiration_unless_the_deployment_has_a_maximum() {
        assert_eq!(read(&json!({ "expiresAt": null }), None), Ok(None));
        let refused = Err(vec![("/expiresAt".to_owned(), "expiration-required")]);
        assert_eq!(read(&json!({ "expiresAt": null }), Some(90)), refused);
    }

    #[test]
    fn a_maximum_lifetime_is_kept_to_the_second() {
        assert_eq!(read(&json!({ "expiresInDays": 90 }), Some(90)), moment("2027-02-21T09:00:00Z"));
        assert_eq!(
            read(&json!({ "expiresAt": "2027-02-21T09:00:00Z" }), Some(90)),
            moment("2027-02-21T09:00:00Z")
        );
        let refused = Err(vec![("/expiresAt".to_owned(), "expiration-range")]);
        assert_eq!(read(&json!({ "expiresAt": "2027-02-21T09:00:01Z" }), Some(90)), refused);
        let refused = Err(vec![("/expiresInDays".to_owned(), "expiration-range")]);
        assert_eq!(read(&json!({ "expiresInDays": 91 }), Some(90)), refused);
    }

    #[test]
    fn both_members_at_once_are_refused() {
        let body = json!({ "expiresInDays": 1, "expiresAt": null });
        assert_eq!(read(&body, None), Err(vec![("/expiresAt".to_owned(), "expiration-conflict")]));
    }

    #[test]
    fn what_never_expires_is_never_purged() {
        let expires_at = Timestamp::parse("2026-11-23T09:00:00Z").unwrap();
        assert_eq!(Retention(30).purge_at(None), None);
        assert_eq!(
            Retention(30).purge_at(Some(expires_at)),
            Timestamp::parse("2026-12-23T09:00:00Z").ok()
        );
        assert_eq!(Retention(0).purge_at(Some(expires_at)), Some(expires_at));
    }
}
