//! The Lambda function `simulate`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    shared::runtime::serve("simulate", simulate::handle).await
}
