//! Compiles the rules files of `infra/` into the static rules of `domain/rule.rs`.

mod access;
mod compile;
#[path = "../src/domain/method.rs"]
mod method;
#[path = "../src/domain/permission/mod.rs"]
#[expect(
    dead_code,
    unused_imports,
    reason = "the compiler needs the vocabulary and the table of roles, but not every function"
)]
mod permission;

use compile::{Compiled, Rule};
use std::error::Error;
use std::path::Path;

const ROUTES: &str = "infra/routes.yaml";
const DEMO_ROUTES: &str = "infra/demo/routes.yaml";

#[expect(
    clippy::disallowed_methods,
    reason = "cargo passes the output folder to build scripts in the environment"
)]
fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=src/domain/permission");
    println!("cargo::rerun-if-changed=src/domain/method.rs");
    let (own, demo) = (compile_file(ROUTES)?, compile_file(DEMO_ROUTES)?);
    let is_new = |rule: &&Rule| own.rules.iter().all(|one| one.shape != rule.shape);
    let with_demo = own.rules.iter().chain(demo.rules.iter().filter(is_new));
    let out = std::env::var("OUT_DIR")?;
    let write = |file, rules| std::fs::write(Path::new(&out).join(file), rules);
    write("rules.rs", expression(own.default, own.rules.iter()))?;
    write("rules_with_demo.rs", expression(own.default, with_demo))?;
    Ok(())
}

/// Returns `Rules` with these rules, as a Rust expression.
fn expression<'a>(default: &str, rules: impl Iterator<Item = &'a Rule>) -> String {
    let routes = rules.map(|rule| rule.expression.as_str()).collect::<Vec<_>>().join(",\n");
    format!("Rules {{ default: &{default}, routes: &[\n{routes}\n] }}")
}

/// Compiles one file, named by its path in the repository.
fn compile_file(file: &str) -> Result<Compiled, Box<dyn Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    println!("cargo::rerun-if-changed={}", path.display());
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{file}: {error}"))?;
    compile::compile(&text).map_err(|error| {
        let message = format!("{file}:{}: {}", error.line, error.reason);
        println!("cargo::error={message}");
        message.into()
    })
}
