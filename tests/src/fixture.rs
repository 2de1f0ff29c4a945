//! The vocabulary and the rules of the tests. `shared::runtime` has those of a deployment under the same names.
//!
//! The vocabulary is `tests/fixtures/permissions.yaml`. The rules are those of the management routes, and those of the demo.

use shared::domain::permission::{
    Kind, Member, Permission, Resource, Role, SegmentPattern, Vocabulary,
};
use shared::domain::rule::{ObjectSegment, RequiredAccess, Requirement, Requires, RouteRule};
use shared::domain::rules::Rules;

/// The vocabulary.
pub static VOCABULARY: Vocabulary = include!(concat!(env!("OUT_DIR"), "/vocabulary.rs"));

/// The rules of the management routes.
pub static RULES: Rules<'static> = include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// The rules of the management routes and of the demo.
pub static RULES_WITH_DEMO: Rules<'static> =
    include!(concat!(env!("OUT_DIR"), "/rules_with_demo.rs"));
