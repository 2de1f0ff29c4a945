//! The Lambda function `regenerate`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    shared::runtime::serve("regenerate", regenerate::handle).await
}
