//! Compiles `infra/permissions.yaml` and the rules files of `infra/` into the values of `runtime/compiled.rs`.

mod access;
#[path = "../src/domain/method.rs"]
mod method;
#[path = "../src/domain/permission.rs"]
#[expect(
    dead_code,
    reason = "the compiler needs the types of the vocabulary, but not every function"
)]
mod permission;
mod roles;
mod rules;
mod vocabulary;
mod yaml;

use rules::{OnInvalidAccess, Rule};
use std::error::Error;
use std::path::Path;

const PERMISSIONS: &str = "infra/permissions.yaml";
const ROUTES: &str = "infra/routes.yaml";
const DEMO_ROUTES: &str = "infra/demo/routes.yaml";

#[expect(
    clippy::disallowed_methods,
    reason = "cargo passes the output folder to build scripts in the environment"
)]
fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=src/domain/permission.rs");
    println!("cargo::rerun-if-changed=src/domain/method.rs");
    let vocabulary = compile_file(PERMISSIONS, vocabulary::compile)?;
    let rules =
        |file, on_invalid| compile_file(file, |text| rules::compile(text, &vocabulary, on_invalid));
    let own = rules(ROUTES, OnInvalidAccess::Reject)?;
    // The rules of the demo use names of the default vocabulary. So that a deployment can replace the vocabulary without
    // changing the demo, a rule with an invalid access requires a super admin instead of failing the build.
    let demo = rules(DEMO_ROUTES, OnInvalidAccess::RequireSuperAdmin)?;
    // A rule of the demo is left out if `infra/routes.yaml` has a rule for the same path, even for another method.
    let is_new = |rule: &&Rule| own.rules.iter().all(|one| one.path_shape != rule.path_shape);
    let with_demo = own.rules.iter().chain(demo.rules.iter().filter(is_new));
    let out = std::env::var("OUT_DIR")?;
    let write = |file, text| std::fs::write(Path::new(&out).join(file), text);
    write("vocabulary.rs", vocabulary::expression(&vocabulary))?;
    write("rules.rs", rules::expression(own.default, own.rules.iter()))?;
    write("rules_with_demo.rs", rules::expression(own.default, with_demo))?;
    Ok(())
}

/// Compiles one file, named by its path in the repository.
fn compile_file<T>(
    file: &str,
    compile: impl FnOnce(&str) -> yaml::Result<T>,
) -> Result<T, Box<dyn Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    println!("cargo::rerun-if-changed={}", path.display());
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{file}: {error}"))?;
    compile(&text).map_err(|error| {
        let message = format!("{file}:{}: {}", error.line, error.reason);
        println!("cargo::error={message}");
        message.into()
    })
}
