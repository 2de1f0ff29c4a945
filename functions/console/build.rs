//! Packs what is embedded: API Gateway compresses nothing, and packing it at each start would cost more than the page.

use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::path::Path;

#[expect(
    clippy::disallowed_methods,
    reason = "cargo tells a build script its folder in the environment"
)]
fn main() -> std::io::Result<()> {
    let out = std::env::var_os("OUT_DIR").ok_or_else(|| std::io::Error::other("no OUT_DIR"))?;
    println!("cargo::rerun-if-changed=dist");
    for file in ["app.js", "app.css", "icon.svg"] {
        let text = std::fs::read(Path::new("dist").join(file))?;
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(&text)?;
        std::fs::write(Path::new(&out).join(format!("{file}.gz")), packed.finish()?)?;
    }
    Ok(())
}
