//! Compresses the embedded assets. API Gateway does not compress responses, and compressing at each start would be slow.

use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::path::Path;

#[expect(
    clippy::disallowed_methods,
    reason = "cargo passes the output folder to build scripts in the environment"
)]
fn main() -> std::io::Result<()> {
    let out = std::env::var_os("OUT_DIR").ok_or_else(|| std::io::Error::other("no OUT_DIR"))?;
    println!("cargo::rerun-if-changed=dist");
    for file in ["app.js", "app.css", "icon.svg"] {
        let text = std::fs::read(Path::new("dist").join(file))?;
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(&text)?;
        std::fs::write(Path::new(&out).join(format!("{file}.gz")), gzip.finish()?)?;
    }
    Ok(())
}
