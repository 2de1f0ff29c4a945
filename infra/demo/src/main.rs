//! The Lambda function `demo`, deployed only with `Demo=true`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    shared::runtime::serve_demo(demo::echo).await
}
