//! The local gateway, which `cargo run` starts.

#[tokio::main]
async fn main() -> std::process::ExitCode {
    local::main(local::POLICY).await
}
