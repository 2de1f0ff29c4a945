//! The Lambda function `generate`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    shared::runtime::serve("generate", generate::handle).await
}
