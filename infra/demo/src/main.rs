//! The Lambda function `demo`, deployed only with `Demo=true`.

use lambda_http::{Error, Request, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    lambda_http::run(service_fn(|event: Request| async move { Ok::<_, Error>(demo::echo(&event)) }))
        .await
}
