//! The console: what is served, and how.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use std::path::Path;
use tests::{Request, TestApp, api_tests};

api_tests!(
    the_page_and_its_parts_are_open_and_may_do_no_more_than_they_need,
    whatever_is_no_part_is_not_found,
    what_the_browser_has_is_not_sent_again,
);

const PARTS: [(&str, &str); 4] = [
    ("/console", "text/html; charset=utf-8"),
    ("/console/app.js", "text/javascript; charset=utf-8"),
    ("/console/app.css", "text/css; charset=utf-8"),
    ("/console/icon.svg", "image/svg+xml"),
];

async fn the_page_and_its_parts_are_open_and_may_do_no_more_than_they_need(app: &TestApp) {
    for (path, media) in PARTS {
        let answer = app.call(Request::new("GET", path)).await.assert_status(200);
        assert_eq!(answer.header("content-type"), Some(media), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-cache"));
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        let policy = answer.header("content-security-policy").unwrap();
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
    let page = app.call(Request::new("GET", "/console")).await.text;
    assert!(page.contains(r#"<meta name="token-header" content="authorization" />"#));
    assert!(page.contains(r#"<meta name="max-lifetime-days" content="0" />"#));
    assert!(!page.contains("http"), "the page names another server");
}

async fn whatever_is_no_part_is_not_found(app: &TestApp) {
    for path in ["/console/index.html", "/console/..", "/console/app.js.gz"] {
        let answer = app.call(Request::new("GET", path)).await;
        assert_eq!((answer.status, answer.text.as_str()), (404, ""), "{path}");
    }
    app.call(Request::new("GET", "/console/web/app.js"))
        .await
        .assert_gateway_error(404, "Not Found");
    app.call(Request::new("POST", "/console")).await.assert_gateway_error(404, "Not Found");
}

async fn what_the_browser_has_is_not_sent_again(app: &TestApp) {
    for (path, _) in PARTS {
        let tag = app
            .call(Request::new("GET", path))
            .await
            .assert_status(200)
            .header("etag")
            .unwrap()
            .to_owned();
        let again = |tag: String| app.call(Request::new("GET", path).header("if-none-match", &tag));
        let answer = again(format!("\"other\", W/{tag}")).await;
        assert_eq!((answer.status, answer.text.as_str()), (304, ""), "{path}");
        again("\"other\"".to_owned()).await.assert_status(200);
    }
}

#[tokio::test]
async fn a_browser_that_unpacks_is_sent_less_than_100_kilobytes() {
    let app = TestApp::in_process().await;
    let handlers = app.handlers().unwrap();
    let mut transferred = 0;
    for (path, _) in PARTS {
        let mut event = tests::handlers::event_with_body(
            &Request::new("GET", path).header("accept-encoding", "gzip, br"),
            "GET /console",
            &serde_json::Map::new(),
        );
        if let Some(asset) = path.strip_prefix("/console/") {
            event["pathParameters"] = serde_json::json!({ "asset": asset });
        }
        let answer = handlers.invoke("ConsoleFunction", &event).await.assert_status(200);
        let packed = answer.header("content-encoding") == Some("gzip");
        assert_eq!(packed, path != "/console", "{path}");
        // What `invoke` shows of bytes is what Lambda sends for them.
        transferred += match packed {
            true => BASE64_STANDARD.decode(&answer.text).unwrap().len(),
            false => answer.text.len(),
        };
    }
    assert!(transferred < 100 * 1024, "{transferred} bytes");
}

#[test]
fn what_is_embedded_was_built_from_the_source_beside_it() {
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
        "functions/console/dist is not built from functions/console/web: run `npm ci && npm run build` there"
    );
}
