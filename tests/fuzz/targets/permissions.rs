//! Permissions that are taken come back from the table as they were.
#![no_main]
use libfuzzer_sys::fuzz_target;
use shared::domain::grant::Permissions;
use shared::domain::violation::{Pointer, Violations};

fuzz_target!(|bytes: &[u8]| {
    let Ok(value) = serde_json::from_slice(bytes) else {
        return;
    };
    let mut violations = Violations::default();
    let read = Permissions::read(&value, &Pointer::root(), &mut violations);
    if let (Some(permissions), Ok(())) = (read, violations.none_or(Some(()))) {
        let stored = serde_json::to_value(&permissions).unwrap();
        assert_eq!(Permissions::from_stored(&stored).unwrap(), permissions);
    }
});
