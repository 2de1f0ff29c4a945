//! No body that a super admin sends makes a function fail or panic.
#![no_main]
use fuzz::{REQUEST, assert_no_function_fails};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

fuzz_target!(|body: &str| {
    let mut event: Value = serde_json::from_str(REQUEST).unwrap();
    event["body"] = json!(body);
    event["pathParameters"] = json!({ "id": "WRx3zfetJ65842PA" });
    event["headers"]["content-type"] = json!("application/json");
    event["requestContext"]["authorizer"] = json!({ "lambda": { "superAdmin": true, "tokenId": "XeOwbyOPixdeu034", "tokenName": "admin" } });
    assert_no_function_fails(&event.to_string());
});
