//! Pages of other origins: preflight requests and the headers of responses.

use crate::DataDirectory;
use tests::gateway::Gateway;
use tests::{Request, Response};

const ORIGIN: &str = "https://console.example.com";

fn preflight(path: &str, origin: &str) -> Request {
    Request::new("OPTIONS", path)
        .header("origin", origin)
        .header("access-control-request-method", "PUT")
        .header("access-control-request-headers", "authorization")
}

fn cors_headers(response: &Response) -> Vec<(&str, &str)> {
    let headers = response.headers.iter();
    let headers = headers.map(|(name, value)| (name.as_str(), value.as_str()));
    let mut headers: Vec<_> =
        headers.filter(|(name, _)| name.starts_with("access-control-")).collect();
    headers.sort_unstable();
    headers
}

fn start(folder: &DataDirectory) -> Gateway {
    folder.start(&["--allowed-origins", &format!("https://a.example,{ORIGIN}")])
}

#[tokio::test]
async fn a_preflight_request_of_an_allowed_origin_is_answered_without_a_token() {
    let folder = DataDirectory::new();
    let gateway = start(&folder);
    // A path with neither an `ANY` nor an `OPTIONS` route, one with both, whose function responds, and one without a route.
    for (path, status) in [("/v1/tokens", 204), ("/orders/7", 200), ("/nowhere", 204)] {
        let response = gateway.send(&preflight(path, ORIGIN)).await;
        assert_eq!(response.status, status, "{path}");
        assert_eq!(
            cors_headers(&response),
            [
                ("access-control-allow-headers", "authorization,content-type,if-match"),
                ("access-control-allow-methods", "GET,HEAD,POST,PUT,PATCH,DELETE"),
                ("access-control-allow-origin", ORIGIN),
                ("access-control-expose-headers", "etag,location,retry-after"),
                ("access-control-max-age", "600"),
            ],
            "{path}"
        );
    }
}

#[tokio::test]
async fn only_responses_to_an_allowed_origin_have_cors_headers() {
    let folder = DataDirectory::new();
    let gateway = start(&folder);
    let admin = folder.admin_token();
    let whoami = || Request::new("GET", "/whoami").header("origin", ORIGIN);
    let expected = [
        ("access-control-allow-origin", ORIGIN),
        ("access-control-expose-headers", "etag,location,retry-after"),
    ];
    for (request, status) in [
        (whoami().bearer(&admin), 200),
        (whoami(), 401),
        (whoami().bearer("forged"), 403),
        (Request::new("GET", "/nowhere").header("origin", ORIGIN), 404),
        // Without `access-control-request-method`, this is not a preflight request.
        (Request::new("OPTIONS", "/v1/tokens").header("origin", ORIGIN), 404),
    ] {
        let response = gateway.send(&request).await;
        assert_eq!(response.status, status);
        assert_eq!(cors_headers(&response), expected, "{status}");
    }
    for origin in ["https://b.example", "http://console.example.com", "null"] {
        let whoami = Request::new("GET", "/whoami").bearer(&admin).header("origin", origin);
        let response = gateway.send(&whoami).await;
        assert_eq!((response.status, cors_headers(&response)), (200, vec![]), "{origin}");
        let response = gateway.send(&preflight("/v1/tokens", origin)).await;
        assert_eq!((response.status, cors_headers(&response)), (204, vec![]), "{origin}");
    }
}

#[tokio::test]
async fn an_asterisk_allows_every_origin() {
    let folder = DataDirectory::new();
    let gateway = folder.start(&["--allowed-origins", "*"]);
    let response = gateway.send(&preflight("/v1/tokens", "null")).await;
    assert_eq!(response.header("access-control-allow-origin").unwrap(), "*");
}

#[tokio::test]
async fn without_allowed_origins_there_are_neither_preflights_nor_headers() {
    let folder = DataDirectory::new();
    let gateway = folder.start(&[]);
    let response = gateway.send(&preflight("/v1/tokens", ORIGIN)).await;
    response.assert_gateway_error(404, "Not Found");
    // A route for `ANY` includes `OPTIONS`, so the request needs a token.
    let response = gateway.send(&preflight("/orders/7", ORIGIN)).await;
    response.assert_gateway_error(401, "Unauthorized");
    let response = gateway.send(&Request::new("GET", "/console").header("origin", ORIGIN)).await;
    assert_eq!((response.status, cors_headers(&response)), (200, vec![]));
}
