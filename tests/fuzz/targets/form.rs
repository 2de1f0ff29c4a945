//! No form makes a function fail or panic.
#![no_main]
use fuzz::{REQUEST, assert_no_function_fails};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

fuzz_target!(|body: &str| {
    let mut event: Value = serde_json::from_str(REQUEST).unwrap();
    event["body"] = json!(body);
    event["headers"]["content-type"] = json!("application/x-www-form-urlencoded");
    event["routeKey"] = json!("POST /v1/revoke");
    event["requestContext"]["routeKey"] = json!("POST /v1/revoke");
    event["requestContext"]["authorizer"] = json!({ "lambda": { "superAdmin": false, "tokenId": "XeOwbyOPixdeu034", "tokenName": "service", "grant": 0 } });
    assert_no_function_fails(&event.to_string());
});
