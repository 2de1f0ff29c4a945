//! The console: which files are served, and with which headers.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::path::Path;
use tests::fixture::VOCABULARY;
use tests::handlers::Handlers;
use tests::{Request, Response, TestApp};

tests::api_tests!(
    files_are_public_and_have_a_strict_content_security_policy,
    other_paths_and_methods_are_rejected,
    a_trailing_slash_redirects_to_the_page,
    head_returns_the_headers_of_get_without_a_body,
    a_cached_file_is_not_sent_again,
);

const FILES: [(&str, &str); 5] = [
    ("/console", "text/html; charset=utf-8"),
    ("/console/permissions.json", "application/json"),
    ("/console/app.js", "text/javascript; charset=utf-8"),
    ("/console/app.css", "text/css; charset=utf-8"),
    ("/console/icon.svg", "image/svg+xml"),
];

async fn files_are_public_and_have_a_strict_content_security_policy(app: &TestApp) {
    for (path, content_type) in FILES {
        let response = app.request("GET", path).anonymous().await.assert_status(200);
        assert_eq!(response.header("content-type"), Some(content_type), "{path}");
        assert_eq!(response.header("cache-control"), Some("no-cache"));
        assert_eq!(response.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(response.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(response.header("strict-transport-security"), Some("max-age=31536000"));
        let policy = response.header("content-security-policy").unwrap();
        let mut directives: Vec<_> = policy.split(';').map(str::trim).collect();
        directives.sort_unstable();
        assert_eq!(
            directives,
            [
                "base-uri 'none'",
                "connect-src 'self'",
                "default-src 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'",
                "img-src 'self'",
                "require-trusted-types-for 'script'",
                "script-src 'self'",
                "style-src 'self'",
                "trusted-types 'none'"
            ]
        );
    }
    let page = app.request("GET", "/console").await.text;
    assert!(page.contains(r#"<meta name="token-header" content="authorization" />"#));
    assert!(page.contains(r#"<meta name="max-lifetime-days" content="0" />"#));
    assert!(page.contains(r#"<meta name="cache-seconds" content="0" />"#));
    assert!(page.contains(r#"<meta name="idle-minutes" content="30" />"#));
    assert!(!page.contains("http"), "the page contains the URL of another server");
}

async fn other_paths_and_methods_are_rejected(app: &TestApp) {
    for path in ["/console/index.html", "/console/..", "/console/app.js.gz", "/console/web/app.js"]
    {
        let response = app.request("GET", path).await;
        assert_eq!((response.status, response.text.as_str()), (404, ""), "{path}");
    }
    for (method, path) in [("POST", "/console"), ("DELETE", "/console/app.js")] {
        let response = app.request(method, path).await;
        assert_eq!((response.status, response.text.as_str()), (405, ""), "{method} {path}");
        assert_eq!(response.header("allow"), Some("GET, HEAD"), "{method} {path}");
    }
    app.request("GET", "/consoles").await.assert_gateway_error(404, "Not Found");
}

async fn a_trailing_slash_redirects_to_the_page(app: &TestApp) {
    for method in ["GET", "HEAD"] {
        let response = app.request(method, "/console/").await;
        assert_eq!((response.status, response.text.as_str()), (308, ""), "{method}");
        // A relative URL is also correct if the API has a base path.
        assert_eq!(response.header("location"), Some("../console"), "{method}");
    }
}

async fn head_returns_the_headers_of_get_without_a_body(app: &TestApp) {
    for (path, _) in FILES {
        let get = app.request("GET", path).await.assert_status(200);
        let head = app.request("HEAD", path).await.assert_status(200);
        assert_eq!(head.text, "", "{path}");
        for name in ["content-type", "etag", "cache-control", "strict-transport-security"] {
            assert!(get.header(name).is_some(), "{path} {name}");
            assert_eq!(head.header(name), get.header(name), "{path} {name}");
        }
        let length = get.text.len().to_string();
        assert_eq!(head.header("content-length"), Some(length.as_str()), "{path}");
    }
    app.request("HEAD", "/console/index.html").await.assert_status(404);
}

async fn a_cached_file_is_not_sent_again(app: &TestApp) {
    for (path, _) in FILES {
        let first = app.request("GET", path).await.assert_status(200);
        let tag = first.header("etag").unwrap();
        let opaque = tag.strip_prefix("W/").expect("a weak tag, because gzip has the same");
        for cached in [format!("\"other\", {tag}"), opaque.to_owned()] {
            let response = app.request("GET", path).header("if-none-match", &cached).await;
            assert_eq!((response.status, response.text.as_str()), (304, ""), "{path}");
        }
        let other = app.request("GET", path).header("if-none-match", "\"other\"");
        other.await.assert_status(200);
    }
}

#[tokio::test]
async fn a_browser_that_accepts_gzip_downloads_less_than_100_kib() {
    let app = TestApp::in_process().await;
    let handlers = app.handlers().unwrap();
    let mut transferred = 0;
    for (path, _) in FILES {
        let response = download(handlers, path, "br, gzip;q=0.5").await;
        let is_compressed = response.header("content-encoding") == Some("gzip");
        let depends_on_deployment = ["/console", "/console/permissions.json"].contains(&path);
        assert_eq!(is_compressed, !depends_on_deployment, "{path}");
        // `invoke` returns binary bodies in base64, as Lambda does.
        transferred += match is_compressed {
            true => BASE64_STANDARD.decode(&response.text).unwrap().len(),
            false => response.text.len(),
        };
    }
    assert!(transferred < 100 * 1024, "{transferred} bytes");
}

#[tokio::test]
async fn only_a_client_that_accepts_gzip_gets_it() {
    let app = TestApp::in_process().await;
    let handlers = app.handlers().unwrap();
    for (accepted, is_compressed) in [
        ("gzip", true),
        ("br, GZIP; q=0.001", true),
        ("", false),
        ("br", false),
        ("x-gzip2", false),
        ("gzip;q=0", false),
        ("br, gzip; q=0.000", false),
    ] {
        let response = download(handlers, "/console/app.js", accepted).await;
        let encoding = response.header("content-encoding");
        assert_eq!(encoding, is_compressed.then_some("gzip"), "{accepted:?}");
    }
}

/// Requests a file of the console with this `Accept-Encoding`.
async fn download(handlers: &Handlers, path: &str, accepted: &str) -> Response {
    let request = Request::new("GET", path).header("accept-encoding", accepted);
    let (_, event) = handlers.event(&request, None);
    handlers.invoke("ConsoleFunction", &event).await.assert_status(200)
}

#[tokio::test]
async fn the_page_is_given_the_vocabulary_of_the_deployment() {
    let app = TestApp::in_process().await;
    let document = app.request("GET", "/console/permissions.json").anonymous().await.json();
    let kinds = document["kinds"].as_array().unwrap();
    let names = kinds.iter().map(|kind| kind["resource"].as_str().unwrap());
    assert!(names.eq(VOCABULARY.kinds.iter().map(|kind| kind.name)));
    let chart_groups = json!({
        "resource": "chartGroups",
        "title": "Chart groups",
        "description": "Groups of charts. The roles view and admin apply to all groups; edit can be limited to some.",
        "members": [
            { "name": "names", "title": "Chart groups", "example": "databases", "hint": "", "single": false, "pair": null },
        ],
        "roles": [
            { "name": "view", "description": "View all chart groups", "allows": ["chartGroups:get:*"] },
            {
                "name": "edit",
                "description": "View all chart groups, and change the listed ones",
                "allows": ["chartGroups:get:*", "chartGroups:update:{names}"],
            },
            { "name": "admin", "description": "Full access to all chart groups", "allows": ["chartGroups:*:*"] },
        ],
    });
    assert_eq!(*kinds.last().unwrap(), chart_groups);
    let environments = &kinds[1]["members"][1];
    assert_eq!(environments["pair"], json!(["cluster", "namespace"]));
    assert_eq!(kinds[1]["members"][0]["single"], true);
}

#[test]
fn the_embedded_files_were_built_from_the_current_source() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let web = root.join("functions/console/web");
    let mut names: Vec<_> = std::fs::read_dir(web.join("src"))
        .unwrap()
        .map(|file| format!("src/{}", file.unwrap().file_name().into_string().unwrap()))
        .collect();
    names.extend(
        ["build.mjs", "package-lock.json", "package.json", "tsconfig.json"].map(String::from),
    );
    names.sort_unstable();
    let mut hash = Sha256::new();
    for name in names {
        hash.update(format!("{name}\n"));
        hash.update(std::fs::read(web.join(&name)).unwrap());
    }
    hash.update(std::fs::read(root.join("docs/openapi.yaml")).unwrap());
    let hash: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    let built = std::fs::read_to_string(root.join("functions/console/dist/SOURCE")).unwrap();
    assert_eq!(
        built.trim(),
        hash,
        "functions/console/dist is outdated: run `npm ci && npm run build` in functions/console/web"
    );
}
