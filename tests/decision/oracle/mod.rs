//! Compares our decisions with Cedar's, on random grants and requests.
//!
//! The two are independent. The translation to Cedar reads the JSON of a grant and does not use `Permissions`, `Grant` or
//! the vocabulary of roles. What a role allows is written again in `policies.rs`, and what a route requires in `random.rs`.
//! Cedar itself compares the strings, with segments as attributes of an entity and lists as sets. So a wrong decision would
//! go unnoticed only if both sides were wrong in the same way.

mod policies;
mod random;

use crate::support::specific;
use cedar_policy::{
    Authorizer, Context, Decision as CedarDecision, Entities, Entity, EntityUid, PolicySet,
    Request, RestrictedExpression,
};
use policies::policies;
use random::{Access, Rng, random_grant, random_request};
use serde_json::json;
use shared::domain::decision::{AllowReason, Decision, decide};
use shared::domain::route::RouteRequest;
use std::collections::{HashMap, HashSet};
use tests::deployment::variable;
use tests::fixture::RULES_WITH_DEMO;

/// Returns a number from an environment variable that `tests/decision/run` sets.
fn setting(name: &str) -> Option<u64> {
    variable(name)?.parse().ok()
}

/// Returns whether Cedar permits an access by one grant's policies.
fn permits(cedar: &Authorizer, policies: &PolicySet, (action, object): &Access) -> bool {
    let uid = |text: &str| -> EntityUid { text.parse().unwrap() };
    let segments = object.iter().enumerate();
    let segments = segments.map(|(index, segment)| {
        (format!("s{index}"), RestrictedExpression::new_string(segment.clone()))
    });
    let count = ("count".to_owned(), RestrictedExpression::new_long(object.len() as i64));
    let attributes: HashMap<_, _> = segments.chain([count]).collect();
    let resource = Entity::new(uid("Object::\"o\""), attributes, HashSet::new()).unwrap();
    let entities = Entities::from_entities([resource], None).unwrap();
    let action = uid(&format!("Action::\"{action}\""));
    let (principal, resource) = (uid("Token::\"t\""), uid("Object::\"o\""));
    let request = Request::new(principal, action, resource, Context::empty(), None).unwrap();
    cedar.is_authorized(&request, policies, &entities).decision() == CedarDecision::Allow
}

#[test]
fn random_decisions_agree_with_cedar() {
    let pairs = setting("PAIRS").unwrap_or(20_000);
    let seed = setting("SEED").unwrap_or(20_261_123);
    println!("{pairs} pairs, seed {seed}");
    let mut rng = Rng::from_seed(seed);
    let cedar = Authorizer::new();
    let pool: Vec<_> =
        (0..600).map(|_| random_grant(&mut rng)).map(|grant| (policies(&grant), grant)).collect();
    let (mut allowed, mut denied) = (0_u64, 0_u64);
    for _ in 0..pairs {
        let grants: Vec<_> = (0..=rng.below(4)).map(|_| &pool[rng.below(pool.len())]).collect();
        let (method, path, required) = random_request(&mut rng);
        // One grant must allow all of the required access.
        let expected = grants.iter().position(|(policies, _)| {
            required.iter().all(|access| permits(&cedar, policies, access))
        });
        let grants = json!(grants.iter().map(|(_, grant)| grant).collect::<Vec<_>>());
        let raw_path = path.replace(' ', "%20");
        let request = RouteRequest::parse(&method, &raw_path, RULES_WITH_DEMO).unwrap();
        let actual = match decide(&specific(grants.clone()), RULES_WITH_DEMO, &request) {
            Decision::Allow(AllowReason::Grant(index)) => Some(index),
            Decision::Deny(_) => None,
            other => panic!("{other:?}"),
        };
        assert_eq!(actual, expected, "{method} {path} with {grants}, seed {seed}");
        if actual.is_some() { allowed += 1 } else { denied += 1 }
    }
    println!("{allowed} allowed, {denied} denied");
    assert!(
        allowed > pairs / 20 && denied > pairs / 5,
        "{allowed} allowed, {denied} denied: too one-sided to prove much"
    );
}
