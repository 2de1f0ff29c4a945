//! What the last release decides about requests, with the rules that it was compiled with.

use super::*;
use std::collections::BTreeSet;
use tests::app::route_permissions;

/// Requests that both releases allow to some token of [`permissions_of_both_releases`] that is not a super admin.
const GRANTED: &[(&str, &str)] = &[
    ("GET", "/whoami"),
    ("GET", "/orders"),
    ("GET", "/orders/7"),
    ("HEAD", "/orders/7"),
    ("POST", "/orders/7"),
    ("DELETE", "/orders/7"),
    ("GET", "/orders/7/items"),
    ("GET", "/orders/a%20b"),
    ("GET", "/orders/a%2Fb"),
    ("GET", "/elsewhere"),
    ("GET", "/projects/payments/applications/checkout"),
    ("DELETE", "/projects/payments/applications/checkout"),
    ("POST", "/projects/payments/applications/checkout/deployments/prod"),
    ("GET", "/helm/payments/production/web/redis"),
    ("PATCH", "/helm/payments/test/db/redis"),
    ("POST", "/jobs/data/prod/nightly/runs"),
    ("GET", "/clusters/production/namespaces/web/apps/Pod/api"),
    ("DELETE", "/clusters/production/namespaces/web/apps/Pod/api"),
    ("GET", "/chart-groups/databases"),
    ("PUT", "/chart-groups/databases"),
];

/// Requests that the last release allows only to a super admin.
const NOT_GRANTED: &[(&str, &str)] = &[
    ("GET", "/"),
    ("GET", "/orders/%2e%2e/whoami"),
    ("GET", "/orders//7"),
    ("GET", "/projects/payments/applications/other"),
    ("GET", "/projects/other/applications/checkout"),
    ("POST", "/projects/payments/applications/checkout/deployments/test"),
    ("GET", "/helm/payments/production/db/redis"),
    ("POST", "/jobs/data/prod/weekly/runs"),
    ("GET", "/clusters/production/namespaces/db/apps/Pod/api"),
    ("PUT", "/clusters/production/namespaces/web/apps/Pod/api"),
    ("GET", "/v1/tokens"),
    ("POST", "/v1/tokens"),
    ("GET", "/v1/tokens/4GkTz0a9QmW1xB7c"),
    ("PATCH", "/v1/tokens/4GkTz0a9QmW1xB7c"),
    ("DELETE", "/v1/tokens/4GkTz0a9QmW1xB7c"),
    ("POST", "/v1/tokens/4GkTz0a9QmW1xB7c/regenerate"),
    ("POST", "/v1/tokens/4GkTz0a9QmW1xB7c/simulate"),
    ("POST", "/v1/simulate"),
];

/// Requests that the last release allows to some of these tokens, and this release denies to them.
const CLOSED: &[(&str, &str)] = &[
    // Segments that a proxy or a framework may read as another path.
    ("GET", "/orders/a;b"),
    ("GET", "/orders/a%3Bb"),
    ("GET", "/orders/%EF%BC%8E%EF%BC%8E"),
    ("GET", "/orders/%20"),
    // A method without a rule, on a path that has rules for others.
    ("PUT", "/projects/payments/applications/checkout"),
    // Routes of the management API that the last release did not have. Their functions check the caller, too.
    ("POST", "/v1/tokens/4GkTz0a9QmW1xB7c/rollback"),
    ("DELETE", "/v1/tokens/4GkTz0a9QmW1xB7c/previous"),
    ("GET", "/v1/tokens/4GkTz0a9QmW1xB7c/events"),
    ("GET", "/v1/events"),
];

/// Generates a token with these permissions by each release.
async fn generate_by_both(releases: &Releases, index: usize, permissions: &Value) -> [String; 2] {
    let body = json!({ "name": format!("this-{index}"), "permissions": permissions });
    let (_, of_this) = releases.generate(body).await;
    let (_, of_last) = releases.generate_by_last(&format!("last-{index}"), permissions).await;
    [of_this, of_last]
}

#[tokio::test(start_paused = true)]
async fn the_last_release_allows_no_more_than_this_release_except_what_was_closed_since() {
    let releases = Releases::new().await;
    let now = SystemClock.now().seconds();
    let (mut wider, mut granted) = (BTreeSet::new(), BTreeSet::new());
    for (index, permissions) in permissions_of_both_releases().iter().enumerate() {
        for token in generate_by_both(&releases, index, permissions).await {
            for request @ (method, path) in GRANTED.iter().chain(NOT_GRANTED).chain(CLOSED).copied()
            {
                if !releases.last_allows(&token, method, path, now).await {
                    continue;
                }
                if !releases.allows(&token, method, path, now).await {
                    wider.insert(request);
                }
                if permissions["type"] == "specific" {
                    granted.insert(request);
                }
            }
        }
    }
    assert_eq!(wider, CLOSED.iter().copied().collect());
    // Otherwise the last release would deny a request for another reason than its grants.
    assert_eq!(granted, GRANTED.iter().chain(CLOSED).copied().collect());
}

#[tokio::test(start_paused = true)]
async fn a_grant_that_only_the_last_release_accepted_covers_nothing_that_is_unsafe_now() {
    let releases = Releases::new().await;
    let now = SystemClock.now().seconds();
    for (index, (pattern, path, decisions)) in [
        ("/orders/a;b", "/orders/a;b", (false, true)),
        ("/orders/{id}", "/orders/%7Bid%7D", (true, true)),
        ("/orders/{id}", "/orders/7", (false, false)),
    ]
    .into_iter()
    .enumerate()
    {
        let permissions = route_permissions("GET", pattern);
        let (id, token) = releases.generate_by_last(&format!("odd-{index}"), &permissions).await;
        assert_eq!(releases.record(&id).await["permissions"], permissions);
        let this = releases.allows(&token, "GET", path, now).await;
        let last = releases.last_allows(&token, "GET", path, now).await;
        assert_eq!((this, last), decisions, "{pattern} and {path}");
    }
}
