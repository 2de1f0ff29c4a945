//! No event makes a function behind a route panic or respond with a 5xx. No event makes the authorizer panic or, with an empty
//! table, allow a request.
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
