//! tokenward on a laptop: `cargo run`.

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    local::main().await
}
