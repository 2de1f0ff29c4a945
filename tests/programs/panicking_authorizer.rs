//! An authorizer with a defect: it panics, with a message that quotes the event.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    #[expect(clippy::panic, reason = "the log of a panic is tested")]
    shared::runtime::serve_authorizer(|_, _, event| async move { panic!("{event}") }).await
}
