//! No body that a super admin sends makes a function fail or panic.
#![no_main]
use fuzz::{REQUEST, assert_no_function_fails};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

fuzz_target!(|body: &str| {
    let mut event: Value = serde_json::from_str(REQUEST).unwrap();
    event["body"] = json!(body);
    event["headers"]["content-type"] = json!("application/json");
    event["requestContext"]["authorizer"] = json!({ "lambda": { "superAdmin": true, "tokenId": "XeOwbyOPixdeu034", "tokenName": "admin" } });
    // Some functions serve routes with an id and routes without one.
    for parameters in [json!({}), json!({ "id": "WRx3zfetJ65842PA" })] {
        event["pathParameters"] = parameters;
        assert_no_function_fails(&event.to_string());
    }
});
