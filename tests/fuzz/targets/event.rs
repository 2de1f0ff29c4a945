//! No event makes a function fail, and the authorizer lets none in over a table without tokens.
#![no_main]
use fuzz::{authorize, invoke_all};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    invoke_all(text);
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
