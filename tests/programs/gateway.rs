//! The local gateway with the tests' policy: its vocabulary and rules are those of the tests, not of the deployment.

#[tokio::main]
async fn main() -> std::process::ExitCode {
    local::main(tests::app::POLICY).await
}
