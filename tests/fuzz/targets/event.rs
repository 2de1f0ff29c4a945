//! No event makes the authorizer fail, and none is let in over a table without tokens.
//!
//! The management functions' events are read by `lambda_http`, which gives up on a scheme that API Gateway never sends.
#![no_main]
use fuzz::authorize;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(event) = serde_json::from_str(text) else {
        return;
    };
    let Some(answer) = authorize(event) else {
        return;
    };
    assert_ne!(answer["isAuthorized"], true, "{answer}");
    assert_ne!(
        answer["policyDocument"]["Statement"][0]["Effect"], "Allow",
        "{answer}"
    );
});
