//! A function behind tokenward's authorizer: it returns the invoice in the path, and who asked for it.

use lambda_http::http::header::CONTENT_TYPE;
use lambda_http::request::RequestContext;
use lambda_http::{Error, Request, RequestExt, Response, run, service_fn};
use serde_json::json;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run(service_fn(handle)).await
}

async fn handle(event: Request) -> Result<Response<String>, Error> {
    let parameters = event.path_parameters();
    let caller = match event.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => {
            context.authorizer.as_ref().map(|authorizer| &authorizer.fields)
        }
        _ => None,
    };
    let body = json!({ "invoice": parameters.first("invoice"), "caller": caller });
    Ok(Response::builder().header(CONTENT_TYPE, "application/json").body(body.to_string())?)
}
