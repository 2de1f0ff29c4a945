//! What the last release reads of this release's items, and what its writes do to them.

use super::*;
use tests::table::string as attribute;

/// The grace period of the tests, in seconds.
const GRACE: i64 = 600;

/// What is done to a token of this release.
#[derive(Clone, Copy, Debug)]
enum Step {
    Describe,
    Regenerate,
    RegenerateWithGrace,
    RollBack,
    EndPrevious,
    Revoke,
    Delete,
}

use Step::{Delete, Describe, EndPrevious, Regenerate, RegenerateWithGrace, Revoke, RollBack};

/// Steps, the secret that is current after them, and those that this release accepts then. The secrets are numbered in the
/// order in which they were made.
const LIVES: [(&[Step], Option<usize>, &[usize]); 13] = [
    (&[], Some(0), &[0]),
    (&[Regenerate], Some(1), &[1]),
    (&[RegenerateWithGrace], Some(1), &[0, 1]),
    (&[RegenerateWithGrace, Describe], Some(1), &[0, 1]),
    (&[RegenerateWithGrace, RollBack], Some(0), &[0]),
    (&[RegenerateWithGrace, EndPrevious], Some(1), &[1]),
    (&[RegenerateWithGrace, Regenerate], Some(2), &[2]),
    (&[RegenerateWithGrace, RollBack, RegenerateWithGrace], Some(2), &[0, 2]),
    (&[RegenerateWithGrace, EndPrevious, RegenerateWithGrace, RollBack], Some(1), &[1]),
    (&[Revoke], None, &[]),
    (&[RegenerateWithGrace, Revoke], None, &[]),
    (&[RegenerateWithGrace, Revoke, RegenerateWithGrace], Some(2), &[2]),
    (&[RegenerateWithGrace, Delete], None, &[]),
];

/// A token, and every secret that it has had.
struct Life {
    id: String,
    tokens: Vec<String>,
}

impl Life {
    async fn new(releases: &Releases, name: &str) -> Self {
        let body =
            json!({ "name": name, "permissions": { "type": "superAdmin" }, "expiresInDays": 30 });
        let (id, token) = releases.generate(body).await;
        Self { id, tokens: vec![token] }
    }

    async fn take(&mut self, releases: &Releases, step: Step) {
        let id = &self.id;
        let regenerate = |seconds: i64| {
            // Another lifetime, so that a rollback changes the expiration, too.
            let body = json!({ "expiresInDays": 7, "gracePeriodSeconds": seconds });
            Request::regenerate(id).json(&body)
        };
        let request = match step {
            Describe => Request::patch(id, &json!({ "description": "changed" })),
            Regenerate => regenerate(0),
            RegenerateWithGrace => regenerate(GRACE),
            RollBack => Request::rollback(id),
            EndPrevious => Request::end_previous(id),
            Revoke => Request::revoke(self.tokens.last().unwrap()),
            Delete => Request::delete(id),
        };
        if let Some(token) = releases.send(request).await["token"].as_str() {
            self.tokens.push(token.to_owned());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_last_release_accepts_only_the_current_secret_and_only_until_its_expiration() {
    let releases = Releases::new().await;
    for (index, (steps, current, accepted)) in LIVES.into_iter().enumerate() {
        let mut life = Life::new(&releases, &format!("life-{index}")).await;
        for step in steps {
            life.take(&releases, *step).await;
        }
        let now = SystemClock.now().seconds();
        let stored = table::token(&releases.dynamodb, &life.id).await;
        let expires_at =
            stored.map_or(now, |item| item["expiresAt"].as_n().unwrap().parse().unwrap());
        let day = 24 * 60 * 60;
        let ends = [now + GRACE - 60, now + GRACE, expires_at, expires_at + 30 * day];
        let times = ends.into_iter().flat_map(|end| [end - 1, end]).filter(|time| *time >= now);
        for (secret, token) in life.tokens.iter().enumerate() {
            let (this, _) = releases.accept(token).await;
            assert_eq!(this, accepted.contains(&secret), "{steps:?}: secret {secret}");
            for time in times.clone().chain([now]) {
                let last = releases.last_allows(token, "GET", "/whoami", time).await;
                let expected = current == Some(secret) && time < expires_at;
                assert_eq!(last, expected, "{steps:?}: secret {secret} at {time}, now {now}");
                let this = releases.allows(token, "GET", "/whoami", time).await;
                assert!(this || !last, "{steps:?}: secret {secret} at {time}, now {now}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_last_release_reads_a_token_of_this_release_as_it_is() {
    let releases = Releases::new().await;
    for (index, permissions) in permissions_of_both_releases().into_iter().enumerate() {
        let mut body = json!({ "name": format!("token-{index}"), "permissions": permissions });
        // What the last release does not know grants nothing there, so it may be ignored.
        body["owner"] = json!("payments-team");
        body["selfRegenerate"] = json!(true);
        if index % 2 == 0 {
            body["description"] = json!("deploys\nand tests");
            body["expiresAt"] = Value::Null;
        }
        let (id, _) = releases.generate(body).await;
        for request in [
            None,
            Some(Request::patch(&id, &json!({ "owner": null, "description": "changed" }))),
            Some(
                Request::regenerate(&id)
                    .json(&json!({ "expiresInDays": 7, "gracePeriodSeconds": 60 })),
            ),
            Some(Request::rollback(&id)),
        ] {
            if let Some(request) = request {
                releases.send(request).await;
            }
            let last = releases.last_record(&id).await.unwrap();
            assert_same_record(&releases.record(&id).await, &last);
        }
        assert_eq!(releases.last_record(&id).await.unwrap()["version"], 4);
    }
}

/// Returns whether the last release can read a token, and whether it lets it in. Asserts that they agree.
async fn is_readable(releases: &Releases, id: &str, token: &str) -> bool {
    let (_, accepted) = releases.accept(token).await;
    let read = releases.last_record(id).await;
    assert_eq!(read.is_ok(), accepted, "{read:?}");
    accepted
}

#[tokio::test(start_paused = true)]
async fn the_last_release_refuses_only_a_token_that_is_limited_to_addresses() {
    let releases = Releases::new().await;
    let limit = json!(["203.0.113.0/24"]);
    let body = |name: &str| json!({ "name": name, "permissions": { "type": "superAdmin" } });
    let (id, token) = releases.generate(body("open")).await;
    assert!(is_readable(&releases, &id, &token).await);
    releases.send(Request::patch(&id, &json!({ "allowedIps": limit }))).await;
    assert!(!is_readable(&releases, &id, &token).await, "it would ignore the limit");
    releases.send(Request::patch(&id, &json!({ "allowedIps": null }))).await;
    assert!(is_readable(&releases, &id, &token).await);

    let mut limited = body("limited");
    limited["allowedIps"] = limit;
    let (id, first) = releases.generate(limited).await;
    let regenerate = Request::regenerate(&id).json(&json!({ "gracePeriodSeconds": GRACE }));
    let second = string(&releases.send(regenerate).await["token"]);
    for request in [
        Request::get(&id),
        Request::patch(&id, &json!({ "description": "changed", "selfRegenerate": true })),
        Request::rollback(&id),
        Request::regenerate(&id),
    ] {
        releases.send(request).await;
        for token in [&first, &second] {
            assert!(!is_readable(&releases, &id, token).await);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_last_release_can_delete_a_limited_token_but_not_change_it() {
    let releases = Releases::new().await;
    let body = json!({
        "name": "limited",
        "permissions": { "type": "superAdmin" },
        "allowedIps": ["203.0.113.0/24"],
    });
    let (id, _) = releases.generate(body).await;
    let before = releases.item(&id).await;
    assert!(releases.update_by_last(&id, "changed", None).await.is_err());
    assert!(releases.regenerate_by_last(&id).await.is_err());
    assert!(releases.item(&id).await == before);
    releases.delete_by_last(&id).await.unwrap();
    let rest = table::tokens_and_names(&releases.dynamodb).await;
    // A token that it cannot read may have any name. The name is free, because it names no token.
    assert!(rest.iter().all(|item| attribute(item, "pk") == "NAMES"), "{rest:?}");
}

#[tokio::test(start_paused = true)]
async fn a_regenerate_of_the_last_release_ends_the_grace_period_too() {
    let releases = Releases::new().await;
    let mut life = Life::new(&releases, "rotated").await;
    life.take(&releases, RegenerateWithGrace).await;
    for token in &life.tokens {
        assert!(releases.accept(token).await.0);
    }
    let third = releases.regenerate_by_last(&life.id).await.unwrap();
    for ended in &life.tokens {
        assert_eq!(releases.accept(ended).await, (false, false));
    }
    assert_eq!(releases.accept(&third).await, (true, true));
    assert_eq!(releases.record(&life.id).await["previousSecret"], Value::Null);
    let rollback = releases.handlers.send_as_super_admin(&Request::rollback(&life.id)).await;
    rollback.assert_problem(409, "no-previous-secret");

    // Nor does a later grace period bring them back.
    life.take(&releases, RegenerateWithGrace).await;
    let fourth = life.tokens.pop().unwrap();
    assert_eq!(releases.accept(&fourth).await, (true, true));
    assert_eq!(releases.accept(&third).await, (true, false));
    for ended in &life.tokens {
        assert_eq!(releases.accept(ended).await, (false, false));
    }
}

#[tokio::test(start_paused = true)]
async fn an_update_of_the_last_release_keeps_what_only_this_release_knows() {
    let releases = Releases::new().await;
    let body = json!({
        "name": "kept",
        "permissions": { "type": "superAdmin" },
        "owner": "payments-team",
        "selfRegenerate": true,
    });
    let (id, first) = releases.generate(body).await;
    let regenerate = Request::regenerate(&id).json(&json!({ "gracePeriodSeconds": GRACE }));
    releases.send(regenerate).await;
    let before = releases.record(&id).await;
    let permissions = tests::app::order_permissions();
    let updated = releases.update_by_last(&id, "changed", Some(&permissions)).await.unwrap();
    let after = releases.record(&id).await;
    assert_same_record(&after, &show(&updated));
    assert_eq!((&after["version"], &after["permissions"]), (&json!(3), &permissions));
    for member in ["owner", "selfRegenerate", "previousSecret"] {
        assert!(!before[member].is_null(), "{member}");
        assert_eq!(after[member], before[member]);
    }
    assert_eq!(releases.accept(&first).await, (true, false));
}
