//! The local gateway with the tests' policy: its vocabulary and rules are those of the tests, not of the deployment.

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    local::main(tests::app::POLICY).await
}
