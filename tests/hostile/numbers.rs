//! Numbers at, beyond and beside every limit.

use crate::{apps, refuses};
use tests::app::token_body;
use tests::{Request, TestApp};

/// What is JSON's, and no number of days that is allowed.
const NOT_DAYS: [(&str, &str); 20] = [
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

/// What is not even JSON's.
const NOT_NUMBERS: [&str; 11] = [
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

/// A body with these days, for generate.
fn body(name: &str, days: &str) -> String {
    let plain = token_body(name).to_string();
    format!(r#"{{"expiresInDays":{days},{}"#, plain.strip_prefix('{').unwrap())
}

fn post(target: &str, body: String) -> Request {
    Request::new("POST", target).raw("application/json", body)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn days_that_are_no_whole_number_within_the_limits_are_refused() {
    for app in apps().await {
        let (id, token) = app.create_token("kept").await;
        let regenerate = format!("/v1/tokens/{id}/regenerate");
        for (days, code) in NOT_DAYS {
            let alone = format!(r#"{{"expiresInDays":{days}}}"#);
            let calls = [post("/v1/tokens", body("refused", days)), post(&regenerate, alone)];
            for call in calls {
                let answer = refuses(&app, call, 422, "validation-failed").await;
                let expected = ("/expiresInDays".to_owned(), code.to_owned());
                assert_eq!(answer.violations(), [expected], "{days}");
            }
        }
        let digits = "9".repeat(400);
        for days in NOT_NUMBERS.into_iter().chain([digits.as_str()]) {
            let alone = format!(r#"{{"expiresInDays":{days}}}"#);
            let calls = [post("/v1/tokens", body("refused", days)), post(&regenerate, alone)];
            for call in calls {
                refuses(&app, call, 400, "invalid-json").await;
            }
        }
        assert_eq!(app.use_token(&token).await, 200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn days_are_counted_alike_however_the_number_is_written() {
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
            let call = post("/v1/tokens", body(&format!("days-{number}"), days));
            let record = app.call(call).await.assert_status(201).json();
            let moment = |name: &str| moment(record[name].as_str().unwrap());
            assert_eq!(moment("expiresAt") - moment("createdAt"), seconds, "{days}");
        }
    }
}

fn moment(text: &str) -> i64 {
    shared::domain::time::Timestamp::parse(text).unwrap().seconds()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn moments_that_are_on_no_calendar_or_too_far_are_refused() {
    for app in apps().await {
        for (moment, code) in [
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
            let mut body = token_body("refused");
            body["expiresAt"] = moment.into();
            let call = Request::new("POST", "/v1/tokens").json(&body);
            let answer = refuses(&app, call, 422, "validation-failed").await;
            let expected = ("/expiresAt".to_owned(), code.to_owned());
            assert_eq!(answer.violations(), [expected], "{moment}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_limit_that_is_no_plain_number_within_the_limits_is_refused() {
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
            let call = Request::new("GET", format!("/v1/tokens?limit={limit}"));
            refuses(&app, call, 400, "invalid-query").await;
        }
        for limit in ["1", "100", "%31"] {
            let call = Request::new("GET", format!("/v1/tokens?limit={limit}"));
            app.call(call).await.assert_status(200);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_version_that_no_token_is_at_is_never_taken_for_one_that_it_is_at() {
    for app in apps().await {
        let (id, _) = app.create_token("guarded").await;
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
            // 2 to the 64th and 2 to the 32nd, and 1.
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
            for call in guarded(&id, tag) {
                refuses(&app, call, 412, "version-conflict").await;
            }
        }
        still_at_one(&app, &id).await;
    }
}

/// Every write that takes a version.
fn guarded(id: &str, tag: &str) -> [Request; 3] {
    let one = format!("/v1/tokens/{id}");
    [
        Request::new("PATCH", &one).raw("application/json", r#"{"description":"x"}"#),
        Request::new("POST", format!("{one}/regenerate")),
        Request::new("DELETE", &one),
    ]
    .map(|call| call.header("if-match", tag))
}

async fn still_at_one(app: &TestApp, id: &str) {
    let [patch, ..] = guarded(id, "\"2\", \"1\"");
    assert_eq!(app.call(patch).await.assert_status(200).json()["version"], 2);
}
