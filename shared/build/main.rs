//! Compiles `infra/routes.yaml` into the static rules of `domain/rule.rs`.

mod compile;
mod needs;
#[path = "../src/domain/permission/mod.rs"]
#[expect(
    dead_code,
    unused_imports,
    reason = "the rules need the vocabulary and the table, not every method on them"
)]
mod permission;

use std::error::Error;
use std::path::Path;

const RULES: &str = "infra/routes.yaml";

#[expect(
    clippy::disallowed_methods,
    reason = "a build script is told its output folder by the environment"
)]
fn main() -> Result<(), Box<dyn Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(RULES);
    println!("cargo::rerun-if-changed={}", path.display());
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=src/domain/permission");
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{RULES}: {error}"))?;
    match compile::compile(&text) {
        Ok(rules) => {
            Ok(std::fs::write(Path::new(&std::env::var("OUT_DIR")?).join("routes.rs"), rules)?)
        }
        Err(fault) => {
            println!("cargo::error={RULES}:{}: {}", fault.line, fault.reason);
            Err(format!("{RULES}:{}: {}", fault.line, fault.reason).into())
        }
    }
}
