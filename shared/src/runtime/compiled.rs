//! The vocabulary and the rules of this deployment, compiled from the files in `infra/` at build time. A mistake in one of
//! them fails the build with its line and the reason.
//!
//! Apart from tests, only `config.rs` uses these values. All other code gets them from the configuration.

use crate::domain::permission::{
    Kind, Member, Permission, Resource, Role, SegmentPattern, Vocabulary,
};
use crate::domain::rule::{ObjectSegment, RequiredAccess, Requirement, Requires, RouteRule};
use crate::domain::rules::Rules;

/// The vocabulary in `infra/permissions.yaml`.
pub static VOCABULARY: Vocabulary = include!(concat!(env!("OUT_DIR"), "/vocabulary.rs"));

/// The rules in `infra/routes.yaml`.
pub static RULES: Rules<'static> = include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// The same rules and those of `infra/demo/routes.yaml`, for deployments that serve the demo. If the first file
/// has rules for a path, those of the second do not apply to it. A rule of the demo that does not fit the vocabulary requires
/// a super admin.
pub static RULES_WITH_DEMO: Rules<'static> =
    include!(concat!(env!("OUT_DIR"), "/rules_with_demo.rs"));
