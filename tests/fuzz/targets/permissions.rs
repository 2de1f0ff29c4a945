//! Accepted permissions are the same after they have been stored and read.
#![no_main]
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};
use shared::domain::grant::Permissions;
use shared::http::Fields;
use shared::runtime::VOCABULARY;

fuzz_target!(|bytes: &[u8]| {
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else {
        return;
    };
    let body = json!({ "permissions": value });
    if let Ok(permissions) = Fields::parse(&body, |fields| fields.permissions(&VOCABULARY)) {
        let stored = serde_json::to_string(&permissions).unwrap();
        assert_eq!(Permissions::from_stored(&VOCABULARY, &stored), Some(permissions));
    }
});
