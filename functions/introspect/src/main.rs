//! The Lambda function `introspect`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    shared::runtime::serve("introspect", introspect::handle).await
}
