//! No event makes a function fail, and none is let in over a table without tokens.
#![no_main]
use fuzz::{authorize, manage};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    manage(text);
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
