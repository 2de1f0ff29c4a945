//! A path that a grant allows is still covered by the grant after any common normalisation.

use proptest::prelude::*;
use serde_json::json;
use shared::domain::decision::{Decision, decide};
use shared::domain::route::RouteRequest;
use shared::domain::rule::Requirement;
use shared::domain::rules::Rules;
use unicode_normalization::UnicodeNormalization;

use crate::support::specific;

/// What programs between the gateway and a handler may do to a path.
const NORMALISATIONS: [fn(&str) -> String; 6] = [
    remove_dot_segments,
    strip_path_parameters,
    |path| path.nfkc().collect(),
    |path| percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned(),
    |path| path.trim().to_owned(),
    |path| path.split('/').map(str::trim).collect::<Vec<_>>().join("/"),
];

/// Removes dot segments (RFC 3986, section 5.2.4).
fn remove_dot_segments(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let segments: Vec<_> = path.split('/').skip(1).collect();
    let last = segments.len().saturating_sub(1);
    for (index, segment) in segments.into_iter().enumerate() {
        match segment {
            ".." => {
                kept.pop();
            }
            "." => {}
            segment => {
                kept.push(segment);
                continue;
            }
        }
        if index == last {
            kept.push("");
        }
    }
    format!("/{}", kept.join("/"))
}

/// Removes everything from `;` to the end of each segment, as Java servers do.
fn strip_path_parameters(path: &str) -> String {
    let names = path.split('/').map(|segment| segment.split(';').next().unwrap_or_default());
    names.collect::<Vec<_>>().join("/")
}

/// Returns whether a pattern covers a path. The implementation is as simple as possible.
fn covers(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<_>, Vec<_>) =
        (pattern.split('/').skip(1).collect(), path.split('/').skip(1).collect());
    match pattern.split_last() {
        Some((&"**", fixed)) => path.len() >= fixed.len() && equal(fixed, &path[..fixed.len()]),
        _ => pattern.len() == path.len() && equal(&pattern, &path),
    }
}

fn equal(pattern: &[&str], path: &[&str]) -> bool {
    let pairs = pattern.iter().zip(path);
    pairs.into_iter().all(|(expected, found)| *expected == "*" || expected == found)
}

/// Returns whether a token whose only grant is for `pattern` may request `path`, which is decoded in the event.
fn is_allowed(pattern: &str, path: &str) -> bool {
    let permissions = specific(json!([
        { "resource": "routes", "methods": ["GET"], "paths": [pattern] }
    ]));
    let rest = path.strip_prefix('/').unwrap().to_owned();
    let request = RouteRequest {
        method: "GET".to_owned(),
        route: Some("/{proxy+}".to_owned()),
        parameters: vec![("proxy".to_owned(), rest)],
        raw_path: path.to_owned(),
    };
    let rules = Rules { routes: &[], default: &Requirement::RoutesGrant };
    matches!(decide(&permissions, rules, &request), Decision::Allow(_))
}

const PATTERNS: [&str; 6] =
    ["/**", "/*", "/orders/**", "/orders/*", "/orders/public/**", "/orders/*/items"];

/// The parts of random segments: names, and text that some program reads as a dot, as a slash or as nothing.
const PIECES: [&str; 32] = [
    "orders", "public", "items", "admin", "a", ".", "..", ";", ";x=1", "%2e", "%2E%2e", "%2f",
    "%252e", "%3b", "/", "\\", " ", "\t", "\u{a0}", "\u{200b}", "\u{feff}", "\u{ff0e}", "\u{2025}",
    "\u{ff0f}", "\u{ff05}", "\u{ff1b}", "\u{2024}", "\u{2100}", "\u{fe52}", "\u{3000}", "\u{301}",
    "?",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_allowed_path_is_still_covered_after_any_normalisation(
        pattern in proptest::sample::select(&PATTERNS[..]),
        pieces in proptest::collection::vec(
            proptest::collection::vec(proptest::sample::select(&PIECES[..]), 0..3), 1..5),
        steps in proptest::collection::vec(0..NORMALISATIONS.len(), 1..5),
    ) {
        let path = format!("/{}", pieces.iter().map(|one| one.concat()).collect::<Vec<_>>().join("/"));
        if is_allowed(pattern, &path) {
            let mut normalised = path.clone();
            for step in steps {
                normalised = NORMALISATIONS[step](&normalised);
                prop_assert!(covers(pattern, &normalised), "{pattern} {path:?} -> {normalised:?}");
            }
        }
    }
}

#[test]
fn without_the_check_for_unsafe_paths_a_normalised_path_would_not_be_covered() {
    // This shows that the property above can fail: the pattern covers each of these paths as it is written, but not as some
    // program reads it.
    for (path, reads_as) in [
        ("/orders/public/..;/admin", "/orders/admin"),
        ("/orders/public/%2e%2e/admin", "/orders/admin"),
        ("/orders/public/%2e%2e;/admin", "/orders/admin"),
        ("/orders/public/\u{ff0e}\u{ff0e}/admin", "/orders/admin"),
        ("/orders/public/.. /admin", "/orders/admin"),
        ("/orders/public/a\u{ff0f}..\u{ff0f}..\u{ff0f}admin", "/orders/admin"),
    ] {
        let pattern = "/orders/public/**";
        assert!(covers(pattern, path), "{path}");
        let mut reached = vec![path.to_owned()];
        for _ in 0..3 {
            let more = reached.iter().flat_map(|path| NORMALISATIONS.map(|one| one(path)));
            reached = more.collect();
            reached.sort();
            reached.dedup();
        }
        assert!(reached.iter().any(|path| path == reads_as), "{path}: {reached:?}");
        assert!(!covers(pattern, reads_as) && !is_allowed(pattern, path), "{path}");
    }
}
