//! A function with a defect: it panics, with a message that quotes the request.

use lambda_http::Request;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    #[expect(clippy::panic, reason = "the log of a panic is tested")]
    shared::runtime::serve_demo(|request: &Request| panic!("{:?}", request.headers())).await
}
