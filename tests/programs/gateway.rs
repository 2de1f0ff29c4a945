//! The local gateway with the vocabulary and the rules of the tests.

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    local::main(tests::app::POLICY).await
}
