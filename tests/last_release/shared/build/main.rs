//! Compiles the rules files of `infra/` into the static rules of `domain/rule.rs`.

mod access;
mod compile;
#[path = "../src/domain/permission/mod.rs"]
#[expect(
    dead_code,
    unused_imports,
    reason = "the rules need the vocabulary and the table, not every method on them"
)]
mod permission;

use std::error::Error;
use std::path::Path;

const ROUTES: &str = "infra/routes.yaml";
const DEMO_ROUTES: &str = "infra/demo/routes.yaml";

#[expect(
    clippy::disallowed_methods,
    reason = "a build script is told its output folder by the environment"
)]
fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=src/domain/permission");
    let (rules, demo) = (rules_of(ROUTES)?, rules_of(DEMO_ROUTES)?);
    let out = std::env::var("OUT_DIR")?;
    std::fs::write(Path::new(&out).join("rules.rs"), format!("&[\n{rules}]"))?;
    std::fs::write(Path::new(&out).join("rules_with_demo.rs"), format!("&[\n{rules}{demo}]"))?;
    Ok(())
}

/// Compiles one file, named by its path in the repository.
fn rules_of(file: &str) -> Result<String, Box<dyn Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    println!("cargo::rerun-if-changed={}", path.display());
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{file}: {error}"))?;
    compile::compile(&text).map_err(|fault| {
        let message = format!("{file}:{}: {}", fault.line, fault.reason);
        println!("cargo::error={message}");
        message.into()
    })
}
