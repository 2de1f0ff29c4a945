//! The time of an introspection does not tell why a token is not active.

use crate::inactive::{create_limited, inactive_tokens};
use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};
use std::time::Instant;
use tests::welch::{Class, THRESHOLD, classes};
use tests::{Request, TestApp};

/// Ways to be inactive, the last of which is compared with all others.
const WAYS: [&str; 7] = [
    "garbage",
    "unknown",
    "expired",
    "replaced",
    "previous secret after its end",
    "limited",
    "wrong secret",
];

/// How often each way is measured.
const MEASUREMENTS: usize = 60;

/// How many series of measurements must show a difference. A busy machine can make one seem different.
const SERIES: usize = 3;

/// Measures `request` with each token, in random order.
async fn measure(
    app: &TestApp,
    tokens: &[String; WAYS.len()],
    request: impl Fn(&str) -> Request,
) -> [Class; WAYS.len()] {
    let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[3; 32]);
    let mut samples = Vec::new();
    for _ in 0..MEASUREMENTS * WAYS.len() {
        let way = usize::try_from(rng.next_u32()).unwrap() % WAYS.len();
        let request = request(&tokens[way]);
        let start = Instant::now();
        app.send(request).await;
        samples.push((way, start.elapsed().as_secs_f64()));
    }
    classes(&samples)
}

/// Returns the ways whose times differ from those of the last one in every series.
async fn differing(
    app: &TestApp,
    tokens: &[String; WAYS.len()],
    request: impl Fn(&str) -> Request,
) -> Vec<&'static str> {
    let mut differing = WAYS[..WAYS.len() - 1].to_vec();
    for _ in 0..SERIES {
        let [others @ .., last] = measure(app, tokens, &request).await;
        for (way, class) in WAYS.iter().zip(&others) {
            let t = class.t(&last);
            println!("{way}: {:.3} ms, t {t:.1}", class.mean * 1000.0);
            if t.abs() < THRESHOLD {
                differing.retain(|one| one != way);
            }
        }
        if differing.is_empty() {
            break;
        }
    }
    differing
}

#[tokio::test]
async fn the_time_does_not_tell_why_a_token_is_not_active() {
    let app = TestApp::in_process().await;
    let mut inactive = inactive_tokens(&app).await;
    inactive.push(("limited", create_limited(&app, "limited").await.1));
    let tokens = WAYS.map(|way| inactive.iter().find(|one| one.0 == way).unwrap().1.clone());
    let introspect = |token: &str| Request::introspect(&[("token", token)]).bearer(&app.admin);
    let found = differing(&app, &tokens, introspect).await;
    assert!(found.is_empty(), "these take another time than a wrong secret: {found:?}");
    // The same measurement finds a real difference: the authorizer denies a malformed token without a read, so faster.
    let order = |token: &str| Request::new("GET", "/orders/7").bearer(token);
    let found = differing(&app, &tokens, order).await;
    assert!(found.contains(&"garbage"), "{found:?}");
}
