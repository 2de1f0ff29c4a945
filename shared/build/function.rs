//! Leaves the unwind tables out of a released function. A panic ends the process there (`panic = "abort"`), so nothing reads
//! them, and they are a tenth of the program.

use std::error::Error;
use std::path::Path;

/// What is left out, as a script for the linker.
const SCRIPT: &str =
    "SECTIONS { /DISCARD/ : { *(.eh_frame .gcc_except_table*) } } INSERT AFTER .text;";

#[expect(
    clippy::disallowed_methods,
    reason = "cargo passes what is built to build scripts in the environment"
)]
fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=../../shared/build/function.rs");
    if std::env::var("PROFILE")? == "release" && std::env::var("CARGO_CFG_TARGET_OS")? == "linux" {
        let script = Path::new(&std::env::var("OUT_DIR")?).join("without-unwind-tables.ld");
        std::fs::write(&script, SCRIPT)?;
        println!("cargo::rustc-link-arg-bins=-Wl,-T,{}", script.display());
    }
    Ok(())
}
