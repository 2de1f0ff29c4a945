//! A network that is accepted is shown in one notation, and contains its own first address. A list of it allows that address
//! and nothing that is not an address.
#![no_main]
use libfuzzer_sys::fuzz_target;
use shared::domain::network::{AllowedIps, Network};

fuzz_target!(|text: &str| {
    let Ok(network) = Network::parse(text) else {
        return;
    };
    let shown = network.to_string();
    assert_eq!(Network::parse(&shown).as_ref(), Ok(&network), "{shown}");
    let first = shown.split('/').next().unwrap();
    let allowed = AllowedIps::new(vec![network]).unwrap();
    assert!(allowed.allows_reported(Some(first)), "{shown}");
    assert!(!allowed.allows_reported(Some(&format!("{first},{first}"))));
    assert!(!allowed.allows_reported(None));
    let mapped = format!("::ffff:{first}");
    if !first.contains(':') {
        assert!(allowed.allows_reported(Some(&mapped)), "{shown}");
    }
});
