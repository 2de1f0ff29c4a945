//! The local gateway, which `cargo run` starts.

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    local::main(local::POLICY).await
}
