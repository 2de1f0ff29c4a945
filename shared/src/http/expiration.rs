//! The expiration and the durations in a request body.

use super::fields::{Fields, Rejected, wrong_type};
use crate::domain::expiration::{ExpirationPolicy, RequestedExpiration};
use crate::domain::violation::Violation;
use serde_json::Value;

impl Fields<'_> {
    /// Reads `expiresInDays` or `expiresAt`.
    ///
    /// # Errors
    /// [`Rejected`].
    pub fn expiration(
        &mut self,
        policy: &ExpirationPolicy,
    ) -> Result<RequestedExpiration, Rejected> {
        match (self.value("expiresInDays"), self.value("expiresAt")) {
            (None, None) => Ok(RequestedExpiration::Default),
            (Some(days), None) => {
                let expires_at = whole_number(days).and_then(|days| policy.in_days(days));
                self.check_at("expiresInDays", expires_at.map(RequestedExpiration::At))
            }
            (None, Some(Value::Null)) => {
                let never = policy.check_may_never_expire().map(|()| RequestedExpiration::Never);
                self.check_at("expiresAt", never)
            }
            (None, Some(at)) => {
                let expected = "a date and time in RFC 3339, or `null` for no expiration";
                let text = at.as_str().ok_or_else(|| wrong_type(expected));
                let expires_at = text.and_then(|text| policy.at(text));
                self.check_at("expiresAt", expires_at.map(RequestedExpiration::At))
            }
            (Some(_), Some(_)) => {
                let detail = "must not be given together with `expiresInDays`";
                self.check_at("expiresAt", Err(Violation::new("expiration-conflict", detail)))
            }
        }
    }
}

impl Fields<'_> {
    /// Reads an optional duration in whole seconds, 0 to `max`. Returns `None` if the field is absent, but rejects `null`.
    ///
    /// # Errors
    /// [`Rejected`].
    pub fn seconds(&mut self, name: &'static str, max: u32) -> Result<Option<u32>, Rejected> {
        let Some(value) = self.value(name) else {
            return Ok(None);
        };
        let seconds = whole_number(value).and_then(|seconds| {
            let seconds = u32::try_from(seconds).ok().filter(|seconds| *seconds <= max);
            seconds.ok_or_else(|| {
                Violation::new("seconds-range", format!("must be from 0 to {max} seconds"))
            })
        });
        self.check_at(name, seconds.map(Some))
    }
}

/// Returns the whole number in a value. JSON has one kind of number, so `30.0` is 30.
fn whole_number(value: &Value) -> Result<i64, Violation> {
    match value.as_f64() {
        // The cast saturates: a number that does not fit in an `i64` becomes its minimum or maximum. Every range that callers
        // check excludes the minimum and the maximum, too.
        Some(number) if number.fract() == 0.0 => Ok(number as i64),
        _ => Err(wrong_type("a whole number")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Timestamp;
    use serde_json::json;

    type Found = Result<RequestedExpiration, Vec<(String, &'static str)>>;

    fn read(body: Value, max_days: Option<u32>) -> Found {
        let now = Timestamp::parse("2026-11-23T09:00:00Z").unwrap();
        let policy = ExpirationPolicy { now, max_days };
        let expires_at = Fields::parse(&body, |fields| fields.expiration(&policy));
        expires_at.map_err(|violations| {
            violations.into_iter().map(|one| (one.pointer, one.code)).collect()
        })
    }

    fn timestamp(text: &str) -> Found {
        Ok(RequestedExpiration::At(Timestamp::parse(text).unwrap()))
    }

    fn rejected(pointer: &str, code: &'static str) -> Found {
        Err(vec![(pointer.to_owned(), code)])
    }

    #[test]
    fn neither_field_means_the_default() {
        assert_eq!(read(json!({}), None), Ok(RequestedExpiration::Default));
    }

    #[test]
    fn expires_in_days_is_a_whole_number_in_any_notation() {
        for days in [json!(3650), json!(3650.0), json!(3.65e3)] {
            let last = timestamp("2036-11-20T09:00:00Z");
            assert_eq!(read(json!({ "expiresInDays": days }), None), last);
        }
        for days in [json!(0), json!(u64::MAX), json!(i64::MIN), json!(-0.0), json!(1e300)] {
            let out_of_range = rejected("/expiresInDays", "expiration-range");
            assert_eq!(read(json!({ "expiresInDays": days }), None), out_of_range, "{days}");
        }
        for days in
            [json!(null), json!("30"), json!(1.5), json!(3_650.000_000_1), json!(true), json!([30])]
        {
            let wrong = rejected("/expiresInDays", "type");
            assert_eq!(read(json!({ "expiresInDays": days }), None), wrong, "{days}");
        }
    }

    #[test]
    fn expires_at_is_a_string_or_null() {
        let at = json!({ "expiresAt": "2026-11-23T09:00:01Z" });
        assert_eq!(read(at, None), timestamp("2026-11-23T09:00:01Z"));
        let number = json!({ "expiresAt": 1_795_424_400 });
        assert_eq!(read(number, None), rejected("/expiresAt", "type"));
        let never = json!({ "expiresAt": null });
        assert_eq!(read(never.clone(), None), Ok(RequestedExpiration::Never));
        assert_eq!(read(never, Some(90)), rejected("/expiresAt", "expiration-required"));
    }

    #[test]
    fn both_fields_at_once_are_rejected() {
        let body = json!({ "expiresInDays": 1, "expiresAt": null });
        assert_eq!(read(body, None), rejected("/expiresAt", "expiration-conflict"));
    }
}
