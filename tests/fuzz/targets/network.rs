//! The text of an accepted network parses to the same network. A list that contains only this network allows its first
//! address, also as an IPv4-mapped IPv6 address, and rejects an unknown address and two addresses at once.
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
