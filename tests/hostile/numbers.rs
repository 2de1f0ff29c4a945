//! Numbers at, near and beyond every limit, in every notation.

use crate::{apps, generate};
use serde_json::json;
use tests::TestApp;
use tests::app::{timestamp, token_body};
use tests::client::RequestBuilder;

/// JSON values that are not an allowed number of days, with the code of the violation.
const INVALID_DAYS: [(&str, &str); 20] = [
    ("0", "expiration-range"),
    ("-0", "expiration-range"),
    ("-0.0", "expiration-range"),
    ("-1", "expiration-range"),
    ("3651", "expiration-range"),
    ("3651.0", "expiration-range"),
    ("1e-400", "expiration-range"),
    ("1e300", "expiration-range"),
    ("4294967297", "expiration-range"),
    ("9223372036854775808", "expiration-range"),
    ("18446744073709551615", "expiration-range"),
    ("18446744073709551617", "expiration-range"),
    ("-9223372036854775809", "expiration-range"),
    ("0.5", "type"),
    ("3650.5", "type"),
    ("1e-300", "type"),
    ("true", "type"),
    ("null", "type"),
    ("\"30\"", "type"),
    ("[30]", "type"),
];

/// Numbers that are not valid JSON.
const INVALID_NUMBERS: [&str; 11] = [
    "1e400",
    "-1e400",
    "1e999999999999",
    "01",
    "+1",
    "1.",
    ".5",
    "0x1e",
    "NaN",
    "Infinity",
    "1_000",
];

/// Returns the body of a generate request that contains this text as the value of `expiresInDays`.
fn body_with_days(name: &str, days: &str) -> String {
    let body = token_body(name).to_string();
    format!(r#"{{"expiresInDays":{days},{}"#, body.strip_prefix('{').unwrap())
}

/// Returns a generate and a regenerate request that contain this text as the value of `expiresInDays`.
fn with_days<'a>(app: &'a TestApp, id: &str, days: &str) -> [RequestBuilder<'a>; 2] {
    let body = format!(r#"{{"expiresInDays":{days}}}"#);
    let regenerate = app.regenerate(id).body("application/json", body);
    [generate(app, &body_with_days("rejected", days)), regenerate]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn days_must_be_a_whole_number_in_range() {
    for app in apps().await {
        let (id, token) = app.create_token("unchanged").await;
        for (days, code) in INVALID_DAYS {
            for request in with_days(&app, &id, days) {
                let response = request.assert_rejected(422, "validation-failed").await;
                response.assert_violations(&[("/expiresInDays", code)]);
            }
        }
        let digits = "9".repeat(400);
        for days in INVALID_NUMBERS.into_iter().chain([digits.as_str()]) {
            for request in with_days(&app, &id, days) {
                request.assert_rejected(400, "invalid-json").await;
            }
        }
        assert_eq!(app.use_token(&token).await, 200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn days_may_be_written_in_any_json_notation() {
    for app in apps().await {
        for (number, (days, seconds)) in [
            ("1", 86_400),
            ("1.0", 86_400),
            ("10E-1", 86_400),
            ("3650", 3650 * 86_400),
            ("3650.000", 3650 * 86_400),
            ("3.65e+3", 3650 * 86_400),
        ]
        .into_iter()
        .enumerate()
        {
            let body = body_with_days(&format!("days-{number}"), days);
            let record = generate(&app, &body).await.assert_status(201).json();
            let lifetime = timestamp(&record, "expiresAt") - timestamp(&record, "createdAt");
            assert_eq!(lifetime, seconds, "{days}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn invalid_and_out_of_range_timestamps_are_rejected() {
    for app in apps().await {
        for (expires_at, code) in [
            ("9999-12-31T23:59:59Z", "expiration-range"),
            ("9999-12-31T23:59:59-23:59", "expiration-format"),
            ("0000-01-01T00:00:00Z", "expiration-range"),
            ("0000-01-01T00:00:00+23:59", "expiration-format"),
            ("10000-01-01T00:00:00Z", "expiration-format"),
            ("+2030-01-01T00:00:00Z", "expiration-format"),
            ("-2030-01-01T00:00:00Z", "expiration-format"),
            ("2030-02-29T00:00:00Z", "expiration-format"),
            ("2030-13-01T00:00:00Z", "expiration-format"),
            ("2030-00-00T00:00:00Z", "expiration-format"),
            ("2030-01-01T24:00:00Z", "expiration-format"),
            ("2030-01-01T00:60:00Z", "expiration-format"),
            ("2030-01-01T00:00:61Z", "expiration-format"),
            ("2030-01-01T00:00:00+24:00", "expiration-format"),
            ("2030-01-01T00:00:00+99:99", "expiration-format"),
            ("2030-01-01T00:00:00", "expiration-format"),
            ("２０３０-01-01T00:00:00Z", "expiration-format"),
            ("", "expiration-format"),
        ] {
            let mut body = token_body("rejected");
            body["expiresAt"] = expires_at.into();
            let response = app.generate(body).assert_rejected(422, "validation-failed").await;
            assert_eq!(
                response.violations(),
                [("/expiresAt".to_owned(), code.to_owned())],
                "{expires_at}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_limit_must_be_a_plain_number_in_range() {
    for app in apps().await {
        for limit in [
            "-0",
            "00",
            "001",
            "256",
            "257",
            "65537",
            "4294967297",
            "18446744073709551617",
            "-18446744073709551615",
            "1e1",
            "10.0",
            "1e400",
            "0x10",
            "1_0",
            "%2B1",
            "%201",
            "1%20",
            "1%00",
            "1%0A",
            "%EF%BC%91",
            "NaN",
            "null",
            "true",
            "[1]",
        ] {
            app.list(&format!("limit={limit}")).assert_rejected(400, "invalid-query").await;
        }
        for limit in ["1", "100", "%31"] {
            app.list(&format!("limit={limit}")).await.assert_status(200);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_version_matches_only_as_it_is_written_in_the_etag() {
    for app in apps().await {
        let (id, _) = app.create_token("guarded").await;
        let patch = || app.patch(&id, json!({ "description": "x" }));
        let many = "\"2\", ".repeat(2_000);
        for tag in [
            "\"0\"",
            "\"-1\"",
            "\"1.0\"",
            "\"1e0\"",
            "\" 1\"",
            "\"1 \"",
            "\"１\"",
            "\"9223372036854775808\"",
            "\"18446744073709551615\"",
            // 2^64 + 1 and 2^32 + 1, which could overflow to 1.
            "\"18446744073709551617\"",
            "\"4294967297\"",
            "\"999999999999999999999999999999999999999\"",
            "\"\"",
            "\"",
            ",",
            "*, \"2\"",
            "**",
            many.as_str(),
        ] {
            for request in [patch(), app.regenerate(&id), app.delete(&id)] {
                request.if_match(tag).assert_rejected(412, "version-conflict").await;
            }
        }
        let record = patch().if_match("\"2\", \"1\"").await.assert_status(200).json();
        assert_eq!(record["version"], 2);
    }
}
