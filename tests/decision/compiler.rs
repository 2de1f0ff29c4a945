//! The compilers of the build script.

#[path = "../../shared/build/access.rs"]
mod access;
#[path = "../../shared/build/roles.rs"]
mod roles;
#[path = "../../shared/build/rules.rs"]
#[expect(dead_code, reason = "only the build scripts write Rust expressions")]
pub mod rules;
#[path = "../../shared/build/vocabulary.rs"]
#[expect(dead_code, reason = "only the build scripts write Rust expressions")]
pub mod vocabulary;
#[path = "../../shared/build/yaml.rs"]
pub mod yaml;

// The compilers import these modules through `super`.
use shared::domain::{method, permission};
