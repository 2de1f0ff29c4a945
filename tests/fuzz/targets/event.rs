//! No event makes a function fail or panic, and the authorizer allows none if the table contains no tokens.
#![no_main]
use fuzz::{assert_no_function_fails, authorize};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    assert_no_function_fails(text);
    let Ok(event) = serde_json::from_str(text) else {
        return;
    };
    let Some(response) = authorize(event) else {
        return;
    };
    assert_ne!(response["isAuthorized"], true, "{response}");
    assert_ne!(response["policyDocument"]["Statement"][0]["Effect"], "Allow", "{response}");
});
