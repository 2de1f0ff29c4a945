//! Only the cursor that a filter creates for a name is accepted for that name.
#![no_main]
use libfuzzer_sys::fuzz_target;
use shared::domain::page::Filter;

fuzz_target!(|text: &str| {
    let filter = Filter::default();
    if let Ok(name) = filter.parse_cursor(text) {
        assert_eq!(filter.cursor(&name), text);
    }
});
