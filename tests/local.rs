//! The local gateway as a program: starts, restarts, and what a kill leaves behind.

#[path = "local/database.rs"]
mod database;
#[path = "local/hosts.rs"]
mod hosts;
#[path = "local/lines.rs"]
mod lines;

use local::database::{Database, Storage};
use serde_json::{Value, json};
use shared::runtime::SystemClock;
use shared::service::Clock;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use tempfile::TempDir;
use tests::app::{order_permissions, token_body};
use tests::gateway::Gateway;
use tests::table::TABLE;
use tests::{Request, Response, TestApp, table};

/// A folder for a data file and an admin's token.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    fn start(&self, more: &[&str]) -> Gateway {
        let (data, admin) = (self.path("tokens.db"), self.path("admin"));
        Gateway::start(&[&["--data", &data, "--admin-token-file", &admin], more].concat())
    }

    /// A second process over the app's table.
    async fn beside(&self, app: &TestApp) -> Gateway {
        let port = app.database.serve(0).await.unwrap();
        Gateway::start_over(&port, &["--table", TABLE, "--admin-token-file", &self.path("admin")])
    }

    fn admin(&self) -> String {
        std::fs::read_to_string(self.path("admin")).unwrap().trim().to_owned()
    }
}

#[tokio::test]
async fn a_second_start_finds_its_tokens_and_makes_no_other() {
    let home = Home::new();
    let mut gateway = home.start(&[]);
    let admin = home.admin();
    let body = Request::new("POST", "/v1/tokens").bearer(&admin).json(&token_body("kept"));
    let token =
        gateway.send(&body).await.assert_status(201).json()["token"].as_str().unwrap().to_owned();
    assert!(gateway.stop(), "it did not stop cleanly");
    std::fs::remove_file(home.path("admin")).unwrap();

    let gateway = home.start(&[]);
    assert!(
        !Path::new(&home.path("admin")).exists(),
        "a start that generates no token writes no file"
    );
    assert!(!gateway.startup_output.contains("twd_"));
    gateway.send(&Request::new("GET", "/orders/7").bearer(&token)).await.assert_status(200);
    gateway.send(&Request::new("GET", "/v1/tokens").bearer(&admin)).await.assert_status(200);
}

#[tokio::test]
async fn whoever_lost_the_admin_token_gets_another() {
    let home = Home::new();
    drop(home.start(&[]));
    for expected in ["admin-2", "admin-3"] {
        let gateway = home.start(&["--new-admin-token"]);
        let call = Request::new("GET", "/whoami").bearer(&home.admin());
        let context = gateway.send(&call).await.assert_status(200).json()["context"].clone();
        assert_eq!(
            (&context["tokenName"], &context["superAdmin"]),
            (&json!(expected), &json!(true))
        );
    }
}

#[tokio::test]
async fn the_admin_token_file_is_its_owners_alone() {
    let home = Home::new();
    std::fs::write(home.path("admin"), "x".repeat(500)).unwrap();
    std::fs::set_permissions(home.path("admin"), std::fs::Permissions::from_mode(0o644)).unwrap();
    let gateway = home.start(&[]);
    let mode = std::fs::metadata(home.path("admin")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(home.admin().len(), 70);
    assert!(
        !gateway.startup_output.contains(&home.admin()),
        "the token is in the file, not on the terminal"
    );
}

#[tokio::test]
async fn another_header_holds_the_token_bare() {
    let home = Home::new();
    let gateway = home.start(&["--token-header", "Token"]);
    let admin = home.admin();
    gateway.send(&Request::new("GET", "/whoami").header("token", &admin)).await.assert_status(200);
    gateway
        .send(&Request::new("GET", "/whoami").bearer(&admin))
        .await
        .assert_gateway_error(401, "Unauthorized");
    let bearer = format!("Bearer {admin}");
    gateway
        .send(&Request::new("GET", "/whoami").header("token", &bearer))
        .await
        .assert_gateway_error(403, "Forbidden");
}

#[tokio::test]
async fn each_request_is_one_json_line_in_the_log() {
    let home = Home::new();
    let gateway = home.start(&[]);
    let admin = home.admin();
    let id = admin.split('_').nth(1).unwrap();
    gateway
        .send(&Request::new("GET", "/v1/tokens/0000000000000000").bearer(&admin))
        .await
        .assert_status(404);
    gateway.send(&Request::new("GET", "/whoami").bearer("garbage")).await.assert_status(403);
    let log = gateway.log();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |function: &str| -> Vec<&Value> {
        lines.iter().filter(|line| line["function"] == function).collect()
    };
    let [line] = of("list")[..] else { panic!("{log}") };
    assert_eq!(line["route"], "GET /v1/tokens/{id}");
    assert_eq!(line["status"], 404);
    assert_eq!(line["outcome"], "token-not-found");
    assert_eq!(line["caller"], id);
    assert!(
        line["milliseconds"].is_number()
            && line["request_id"].as_str().is_some_and(|id| !id.is_empty())
    );
    let [first, second] = of("authorizer")[..] else { panic!("{log}") };
    assert_eq!((&first["outcome"], &first["caller"]), (&json!("authorized"), &json!(id)));
    assert_eq!(
        first["request_id"], line["request_id"],
        "the two lines of one request can be joined"
    );
    assert_eq!(
        (&second["outcome"], &second["route"]),
        (&json!("malformed"), &json!("GET /whoami"))
    );
    assert!(!log.contains(&admin) && !log.contains("garbage"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_tells_reasons_apart_that_no_client_is_told() {
    let app = TestApp::over_http().await;
    let home = Home::new();
    let gateway = home.beside(&app).await;
    let (valid_id, valid) = app.create_token("valid").await;
    let (expired_id, expired) = app.create_expired_token("expired").await;
    let (deleted_id, deleted) = app.create_token("deleted").await;
    let (renewed_id, renewed) = app.create_token("renewed").await;
    let one = |method, id: &str, rest| {
        Request::new(method, format!("/v1/tokens/{id}{rest}")).bearer(&app.admin)
    };
    gateway.send(&one("DELETE", &deleted_id, "")).await.assert_status(204);
    gateway.send(&one("POST", &renewed_id, "/regenerate")).await.assert_status(200);
    let get = |path| Request::new("GET", path);
    for call in [
        get("/orders/7").bearer(&expired),
        get("/orders/7").bearer(&deleted),
        get("/orders/7").bearer(&renewed),
        get("/v1/tokens").bearer(&valid),
        get("/orders/7").bearer("garbage"),
        get("/orders/7").header("authorization", "Basic x"),
    ] {
        gateway.send(&call).await.assert_gateway_error(403, "Forbidden");
    }
    let mut lines = logged(&gateway, "authorizer");
    lines.retain(|line| line["outcome"] != "authorized");
    let outcomes = lines.iter().map(|line| [&line["outcome"], &line["caller"]]);
    let expected = json!([
        ["expired", expired_id],
        ["unknown", deleted_id],
        ["secret-mismatch", renewed_id],
        ["not-permitted", valid_id],
        ["malformed", null],
        ["not-a-bearer", null],
    ]);
    assert_eq!(json!(outcomes.collect::<Vec<_>>()), expected);
}

#[tokio::test]
async fn the_log_says_which_token_was_changed_by_whom() {
    let home = Home::new();
    let gateway = home.start(&[]);
    let admin = home.admin();
    let send = async |call: Request| gateway.send(&call.bearer(&admin)).await;
    let generate = Request::new("POST", "/v1/tokens").json(&token_body("watched"));
    let record = send(generate.clone()).await.assert_status(201).json();
    send(generate).await.assert_status(409);
    let id = record["id"].as_str().unwrap();
    let one = format!("/v1/tokens/{id}");
    send(Request::new("PATCH", &one).json(&json!({ "description": "x" }))).await.assert_status(200);
    send(Request::new("POST", format!("{one}/regenerate"))).await.assert_status(200);
    send(Request::new("DELETE", &one)).await.assert_status(204);
    // What is no id is not repeated: it could be a token, pasted into the wrong place.
    send(Request::new("DELETE", format!("/v1/tokens/{admin}"))).await.assert_status(404);
    let caller = json!(admin.split('_').nth(1).unwrap());
    for (function, expected) in [
        ("generate", vec![json!(id), Value::Null]),
        ("update", vec![json!(id)]),
        ("regenerate", vec![json!(id)]),
        ("delete", vec![json!(id), Value::Null]),
    ] {
        let lines = logged(&gateway, function);
        // The first super admin is made by the gateway itself.
        let lines: Vec<_> = lines.iter().filter(|line| line["caller"] == caller).collect();
        let tokens: Vec<_> = lines.iter().map(|line| line["token"].clone()).collect();
        assert_eq!(tokens, expected, "{function}");
    }
    assert!(!gateway.log().contains(&admin));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_process_changes_the_other_knows_at_once() {
    let app = TestApp::over_http().await;
    let home = Home::new();
    let other = home.beside(&app).await;
    let (id, token) = app.create_token("shared").await;
    let orders = Request::new("GET", "/orders/7").bearer(&token);
    other.send(&orders).await.assert_status(200);
    let one = format!("/v1/tokens/{id}");
    for (methods, status) in [("POST", 403), ("GET", 200)] {
        let grant = json!({ "resource": "routes", "methods": [methods], "paths": ["/orders/**"] });
        let permissions = json!({ "type": "specific", "grants": [grant] });
        let patch = Request::new("PATCH", &one).json(&json!({ "permissions": permissions }));
        app.build(patch).await.assert_status(200);
        assert_eq!(other.send(&orders).await.status, status);
    }
    app.build(Request::new("DELETE", &one)).await.assert_status(204);
    other.send(&orders).await.assert_gateway_error(403, "Forbidden");
    let generate = Request::new("POST", "/v1/tokens").json(&token_body("shared"));
    app.build(generate.clone()).await.assert_status(201);
    other.send(&generate.bearer(&app.admin)).await.assert_problem(409, "name-taken");
}

/// The lines of one function in a gateway's log.
fn logged(gateway: &Gateway, function: &str) -> Vec<Value> {
    let log = gateway.log();
    let lines = log.lines().map(|line| serde_json::from_str(line).unwrap());
    lines.filter(|line: &Value| line["function"] == function).collect()
}

#[tokio::test]
async fn paths_and_bodies_are_taken_as_api_gateway_takes_them() {
    let home = Home::new();
    let gateway = home.start(&[]);
    let admin = home.admin();
    let get = |path: &str| Request::new("GET", path).bearer(&admin);
    let echo = gateway.send(&get("/orders/a%20b/%C3%A9")).await.assert_status(200).json();
    assert_eq!(echo["path"], "/orders/a b/é");
    gateway.send(&get("/orders/%FF")).await.assert_gateway_error(400, "Bad Request");
    let odd_host = get("/whoami").header("host", "a b");
    gateway.send(&odd_host).await.assert_gateway_error(421, "Misdirected Request");
    let odd = format!(
        "GET /whoami HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {admin}\r\nconnection: close\r\nx-odd: "
    );
    let answer = gateway.send_bytes(&[odd.as_bytes(), b"\xff\r\n\r\n"].concat());
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    let huge = Request::new("POST", "/v1/tokens")
        .bearer(&admin)
        .body("application/json", vec![b' '; 10 * 1024 * 1024 + 1]);
    gateway.send(&huge).await.assert_gateway_error(413, "Request Entity Too Large");
}

#[test]
fn a_bad_option_is_named() {
    for (options, word) in [
        (vec!["--port", "99999"], "--port"),
        (vec!["--nonsense"], "--nonsense"),
        (vec!["--in-memory", "--endpoint", "http://127.0.0.1:1"], "--endpoint"),
        (vec!["--database-port", "0", "--endpoint", "http://127.0.0.1:1"], "--endpoint"),
        (vec!["--token-header", "two words"], "--token-header"),
    ] {
        let output = tests::gateway::run(&options);
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && error.contains(word), "{error}");
    }
    let help = String::from_utf8(tests::gateway::run(&["--help"]).stdout).unwrap();
    for option in [
        "--port",
        "--data",
        "--in-memory",
        "--endpoint",
        "--database-port",
        "--table",
        "--admin-token-file",
        "--new-admin-token",
        "--token-header",
    ] {
        assert!(help.contains(option), "{option}");
    }
}

/// What one client knows of one token.
#[derive(Debug)]
struct Known {
    /// The id, once an answer has told it.
    id: Option<String>,
    /// The last token and version that an answer told; `None` once a delete was answered.
    answered: Option<(String, u64)>,
    /// Whether a request was under way when the gateway was killed.
    pending: bool,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_loses_nothing_that_was_answered_and_leaves_nothing_half_written() {
    let home = Home::new();
    let mut gateway = home.start(&[]);
    let admin = home.admin();
    let answered = AtomicUsize::new(0);
    let clients = (0..8).map(|client| live(&gateway, &admin, client, &answered));
    // The gateway is killed by its id from the side, while eight clients have it at work.
    let pid = gateway.id();
    let killer = async {
        while answered.load(Ordering::SeqCst) < 250 {
            tokio::task::yield_now().await;
        }
        assert!(
            std::process::Command::new("kill")
                .args(["-KILL", &pid.to_string()])
                .status()
                .unwrap()
                .success()
        );
        Vec::new()
    };
    let mut futures: Vec<std::pin::Pin<Box<dyn Future<Output = Vec<Known>>>>> =
        vec![Box::pin(killer)];
    futures.extend(clients.map(|client| Box::pin(client) as _));
    let known: Vec<Known> = tests::app::join(futures).await.into_iter().flatten().collect();
    gateway.kill();
    let total = answered.load(Ordering::SeqCst);
    assert!((250..500).contains(&total), "{total} of 500 were answered before the kill");

    every_name_has_its_token(&home).await;
    let gateway = home.start(&[]);
    for token in &known {
        check(&gateway, &admin, token).await;
    }
}

/// Up to 63 requests of one client: generate, update, regenerate, delete, and again.
async fn live(gateway: &Gateway, admin: &str, client: usize, answered: &AtomicUsize) -> Vec<Known> {
    let mut tokens = Vec::new();
    for round in 0..18 {
        let name = format!("client-{client}-{round}");
        tokens.push(Known { id: None, answered: None, pending: true });
        let token: &mut Known = tokens.last_mut().unwrap();
        let generate = Request::new("POST", "/v1/tokens").json(&token_body(&name));
        let Ok(answer) = gateway.try_send(&generate.bearer(admin)).await else {
            return tokens;
        };
        answered.fetch_add(1, Ordering::SeqCst);
        token.learn(&answer);
        let one = format!("/v1/tokens/{}", token.id.as_ref().unwrap());
        let update =
            Request::new("PATCH", &one).json(&json!({ "permissions": order_permissions() }));
        let mut calls = vec![update, Request::new("POST", format!("{one}/regenerate"))];
        if round % 2 == 0 {
            calls.push(Request::new("DELETE", &one));
        }
        for call in calls {
            token.pending = true;
            let Ok(answer) = gateway.try_send(&call.bearer(admin)).await else {
                return tokens;
            };
            answered.fetch_add(1, Ordering::SeqCst);
            token.learn(&answer);
        }
    }
    tokens
}

impl Known {
    fn learn(&mut self, answer: &Response) {
        self.pending = false;
        if answer.status == 204 {
            self.answered = None;
            return;
        }
        assert!(answer.status == 200 || answer.status == 201, "{}", answer.text);
        let record = answer.json();
        self.id = record["id"].as_str().map(str::to_owned);
        let token = record["token"].as_str().map(str::to_owned);
        let token = token.or_else(|| self.answered.take().map(|(token, _)| token));
        self.answered = Some((token.unwrap(), record["version"].as_u64().unwrap()));
    }
}

/// A token whose last request was answered is as the answer said; one with a request under way is that, or one step on.
async fn check(gateway: &Gateway, admin: &str, token: &Known) {
    let Some(id) = &token.id else { return };
    let answer = gateway.send(&Request::new("GET", format!("/v1/tokens/{id}")).bearer(admin)).await;
    let Some((bearer, version)) = &token.answered else {
        answer.assert_problem(404, "token-not-found");
        return;
    };
    let works = gateway.send(&Request::new("GET", "/orders/7").bearer(bearer)).await.status == 200;
    if answer.status == 404 {
        assert!(token.pending && !works, "{token:?} is lost");
        return;
    }
    let stored = answer.assert_status(200).json()["version"].as_u64().unwrap();
    if stored == *version {
        assert!(works, "{token:?} does not work");
    } else {
        assert!(token.pending && stored == version + 1, "{token:?} is at {stored}");
    }
}

/// Opens what the killed gateway left and proves that names and tokens stand for each other.
async fn every_name_has_its_token(home: &Home) {
    let database = Database::open(&Storage::File(home.path("tokens.db").into())).await.unwrap();
    let items = table::items(&database.client()).await;
    let (names, tokens): (Vec<_>, Vec<_>) =
        items.into_iter().partition(|item| table::string(item, "pk") == "NAMES");
    assert!(!names.is_empty());
    assert_eq!(names.len(), tokens.len());
    for name in names {
        let key = format!("TOKEN#{}", table::string(&name, "id"));
        let token = tokens.iter().find(|token| table::string(token, "pk") == key).unwrap();
        assert_eq!(table::string(token, "name"), table::string(&name, "sk"));
        assert_eq!(token.get("expiresAt"), name.get("expiresAt"));
        assert_eq!(token.get("purgeAt"), name.get("purgeAt"));
    }
    database.close().await;
}

#[tokio::test]
async fn no_file_that_the_gateway_keeps_holds_a_secret() {
    let home = Home::new();
    let mut gateway = home.start(&[]);
    let admin = home.admin();
    let mut tokens = vec![admin.clone()];
    for number in 0..20 {
        let generate = Request::new("POST", "/v1/tokens")
            .bearer(&admin)
            .json(&token_body(&format!("token-{number}")));
        let record = gateway.send(&generate).await.assert_status(201).json();
        let id = record["id"].as_str().unwrap();
        let regenerate = Request::new("POST", format!("/v1/tokens/{id}/regenerate")).bearer(&admin);
        tokens.push(record["token"].as_str().unwrap().to_owned());
        tokens.push(
            gateway.send(&regenerate).await.assert_status(200).json()["token"]
                .as_str()
                .unwrap()
                .to_owned(),
        );
    }
    assert!(gateway.stop());
    std::fs::remove_file(home.path("admin")).unwrap();
    let mut searched = 0;
    for file in std::fs::read_dir(home.0.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        searched += bytes.len();
        for token in &tokens {
            let secret = &token.as_bytes()[21..64];
            assert!(!bytes.windows(43).any(|window| window == secret), "a secret is in a file");
        }
    }
    assert!(searched > 4096, "there was nothing to search");
}

#[tokio::test]
async fn the_printed_console_is_there() {
    let gateway = Gateway::start(&["--in-memory"]);
    let mut told = gateway.startup_output.lines();
    let url = told.find_map(|line| line.strip_prefix("console on ")).unwrap();
    let path = url.strip_prefix(&gateway.url).unwrap();
    let page = gateway.send(&Request::new("GET", path)).await.assert_status(200);
    assert!(page.text.contains("<title>API tokens"));
}

#[tokio::test]
async fn items_past_their_purge_are_removed() {
    let home = Home::new();
    let storage = Storage::File(home.path("tokens.db").into());
    let mut gateway = home.start(&[]);
    let admin = home.admin();
    let call = Request::new("POST", "/v1/tokens").bearer(&admin).json(&token_body("mortal"));
    let id = gateway.send(&call).await.assert_status(201).json()["id"].as_str().unwrap().to_owned();
    assert!(gateway.stop());
    let database = Database::open(&storage).await.unwrap();
    table::set_timestamp(&database.client(), &id, "purgeAt", SystemClock.now().seconds() - 60)
        .await;
    database.close().await;
    // The first sweep is at the start.
    let database = Database::open(&storage).await.unwrap();
    while table::items(&database.client()).await.len() > 2 {
        tokio::task::yield_now().await;
    }
    assert!(table::token(&database.client(), &id).await.is_none());
    database.close().await;
}
