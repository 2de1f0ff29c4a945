//! The runbooks in `docs/GUIDES.md`. Each test runs the commands of the document, so a command that no longer works is noticed.

use crate::guides::commands;
use serde_json::{Value, json};
use shared::domain::time::Timestamp;
use std::ops::Range;
use std::process::Command;
use tempfile::TempDir;
use tests::app::{order_permissions, route_permissions, timestamp, token_body};
use tests::{Request, TestApp, table};

/// A folder in which the commands of a runbook run.
struct Shell<'a> {
    app: &'a TestApp,
    folder: TempDir,
}

impl<'a> Shell<'a> {
    /// Creates the folder, with the header of the super admin.
    fn new(app: &'a TestApp) -> Self {
        let folder = TempDir::new().unwrap();
        let header = format!("Authorization: Bearer {}\n", app.admin);
        std::fs::write(folder.path().join("admin.header"), header).unwrap();
        Self { app, folder }
    }

    /// Runs all commands of a runbook, and returns what they print.
    async fn run(&self, section: &str, variables: &[(&str, &str)]) -> String {
        let admin = self.app.get_self(&self.app.admin).await.assert_status(200).json();
        let today = admin["createdAt"].as_str().unwrap().get(..10).unwrap().to_owned();
        let script = commands("Before you follow a runbook") + &commands(section);
        let output = Command::new("bash")
            .args(["-e", "-u", "-o", "pipefail", "-c", &script])
            .current_dir(self.folder.path())
            .env("API", &self.app.gateway().unwrap().url)
            .env("SINCE", today)
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && errors.is_empty(), "{errors}\n{printed}");
        printed
    }
}

/// Returns the names of all tokens.
async fn names(app: &TestApp) -> Vec<String> {
    let page = app.list("limit=100").await.assert_status(200).json();
    let tokens = page["tokens"].as_array().unwrap().iter();
    tokens.map(|token| token["name"].as_str().unwrap().to_owned()).collect()
}

/// Generates a token with a super admin's token, and returns its id and the token.
async fn generate_with(app: &TestApp, admin: &str, body: &Value) -> (String, String) {
    let response = app.send(Request::generate(body).bearer(admin)).await.assert_status(201);
    let token = response.new_token().unwrap();
    (response.json()["id"].as_str().unwrap().to_owned(), token)
}

/// Regenerates a token with a super admin's token, and returns the new token.
async fn regenerate_with(app: &TestApp, admin: &str, id: &str, grace: u32) -> String {
    let body = json!({ "gracePeriodSeconds": grace });
    let request = Request::regenerate(id).json(&body).bearer(admin);
    app.send(request).await.assert_status(200).new_token().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "requires jq: tests/local/run runs it"]
async fn offboarding_a_colleague_revokes_her_tokens_and_each_secret_that_she_has_seen() {
    let app = TestApp::over_http().await;
    let admin = app.admin.clone();
    let owner = "Maria <maria@example.com>";
    let super_admin =
        json!({ "name": "maria", "owner": owner, "permissions": { "type": "superAdmin" } });
    let (_, maria) = app.create(super_admin).await;
    // More tokens than one page of the list contains.
    for number in 0..51 {
        generate_with(&app, &maria, &token_body(&format!("made-{number:02}"))).await;
    }
    let create = async |name: &str| app.create_token(name).await.0;
    let untouched = app.create_token("untouched").await.1;
    // Maria has seen the current secret.
    let seen = create("seen").await;
    let seen = regenerate_with(&app, &maria, &seen, 0).await;
    // The secret that she has seen was replaced.
    let replaced = create("replaced").await;
    regenerate_with(&app, &maria, &replaced, 0).await;
    let replaced = regenerate_with(&app, &admin, &replaced, 0).await;
    // Her regenerate was rolled back, so the secret that she has seen has ended.
    let undone = create("undone").await;
    regenerate_with(&app, &maria, &undone, 60).await;
    app.send(Request::rollback(&undone).bearer(&admin)).await.assert_status(200);
    // A rollback has made the secret that she has seen the current one again.
    let restored = create("restored").await;
    let restored_token = regenerate_with(&app, &maria, &restored, 0).await;
    regenerate_with(&app, &admin, &restored, 60).await;
    app.send(Request::rollback(&restored).bearer(&admin)).await.assert_status(200);
    // The secret that she has seen is the previous one, and still works.
    let previous = create("previous").await;
    let previous_token = regenerate_with(&app, &maria, &previous, 0).await;
    let current = regenerate_with(&app, &admin, &previous, 3600).await;
    for token in [&maria, &seen, &restored_token, &previous_token] {
        let status = app.request("GET", "/v1/tokens/self").bearer(token).await.status;
        assert_eq!(status, 200);
    }

    let printed = Shell::new(&app).run("Offboard a colleague", &[("OWNER", owner)]).await;

    assert!(printed.starts_with("you are admin\n"), "{printed}");
    assert_eq!(printed.matches("revoked made-").count(), 51, "{printed}");
    for line in ["maria (hers)", "seen (seen)", "restored (seen)", "previous (previous)"] {
        assert!(printed.contains(&format!("revoked {line}\n")), "{line}: {printed}");
    }
    assert_eq!(names(&app).await, ["admin", "previous", "replaced", "undone", "untouched"]);
    for token in [&maria, &seen, &restored_token, &previous_token] {
        assert_eq!(app.use_token(token).await, 403);
    }
    for token in [&untouched, &replaced, &current] {
        assert_eq!(app.use_token(token).await, 200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "requires jq: tests/local/run runs it"]
async fn a_token_that_was_found_is_revoked_and_what_it_did_is_known() {
    let app = TestApp::over_http().await;
    let (_, leaked) = app.create_super_admin("leaked").await;
    let (bystander, bystander_token) = app.create_token("bystander").await;
    generate_with(&app, &leaked, &token_body("planted")).await;
    app.send(Request::patch(&bystander, &json!({ "description": "changed" })).bearer(&leaked))
        .await;
    assert_eq!(app.use_token(&leaked).await, 200);
    let shell = Shell::new(&app);
    let found = format!("export TOKEN='{leaked}' # commit 1\nother text with twd_ in it\n");
    std::fs::write(shell.folder.path().join("found.txt"), found).unwrap();

    let printed = shell.run("A token was found on the internet", &[]).await;

    let id = leaked.split('_').nth(1).unwrap();
    assert!(printed.starts_with(&format!("the id is {id}\n")), "{printed}");
    assert!(printed.contains("\"status\": \"expired\""), "{printed}");
    assert!(printed.contains("\"name\": \"leaked\""), "{printed}");
    assert!(printed.contains("\"route\": \""), "the last use is missing: {printed}");
    for action in ["generated\tplanted", "updated\tbystander", "revoked\tleaked"] {
        assert!(printed.contains(&format!("\t{action}\t127.0.0.1\n")), "{action}: {printed}");
    }
    // The id of 16 characters and the name of a token that the leaked one generated.
    assert!(
        printed.lines().any(|line| line.len() == 24 && line.ends_with("\tplanted")),
        "{printed}"
    );
    assert!(printed.contains("\tgenerated\tadmin\t"), "its own history is missing: {printed}");
    assert!(!printed.contains(&leaked), "the token is printed");
    assert_eq!(app.use_token(&leaked).await, 403);
    assert_eq!(app.use_token(&bystander_token).await, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "requires jq: tests/local/run runs it"]
async fn an_access_review_lists_who_can_delete_what_is_unused_and_what_expires() {
    let app = TestApp::over_http().await;
    let create = async |name: &str, permissions: Value, more: Value| {
        let mut body = json!({ "name": name, "permissions": permissions });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        app.create(body).await
    };
    let deletes = || route_permissions("DELETE", "/invoices/*");
    let (bookkeeper, _) =
        create("bookkeeper", deletes(), json!({ "owner": "finance", "expiresAt": null })).await;
    let office = json!({ "allowedIps": ["203.0.113.0/24"], "expiresAt": null });
    create("office", deletes(), office).await;
    app.create_expired_token("expired").await;
    // One expires in the last second of this month, and one in the first second of the next month.
    let end = end_of_month(bookkeeper["createdAt"].as_str().unwrap());
    let at = |seconds| Timestamp::from_seconds(seconds).unwrap().to_string();
    create("ending", order_permissions(), json!({ "expiresAt": at(end - 1) })).await;
    create("lasting", order_permissions(), json!({ "expiresAt": at(end) })).await;
    // The next two tokens appear to have been generated 90 days ago.
    let old = timestamp(&bookkeeper, "createdAt") - 90 * 86_400;
    let no_end = || json!({ "expiresAt": null });
    let (busy, busy_token) = create("busy", order_permissions(), no_end()).await;
    let (idle, _) = create("idle", order_permissions(), no_end()).await;
    for record in [&busy, &idle] {
        let id = record["id"].as_str().unwrap();
        table::set_timestamp(&app.dynamodb, id, "createdAt", old).await;
    }
    assert_eq!(app.use_token(&busy_token).await, 200);

    let printed = Shell::new(&app).run("Review access", &[]).await;

    let expires = format!("expires\tending\tnobody\t{}", at(end - 1));
    let expected = [
        "can delete\tadmin\tnobody\tsuper admin",
        "can delete\tbookkeeper\tfinance\tgrant 0",
        "can delete\toffice\tnobody\tgrant 0",
        "unused\tidle\tnobody\tnever used",
        &expires,
    ];
    assert_eq!(printed.lines().collect::<Vec<_>>(), expected);
}

/// Returns the first second of the month after a time.
fn end_of_month(time: &str) -> i64 {
    let number = |range: Range<usize>| time.get(range).unwrap().parse::<i64>().unwrap();
    let (year, month) = (number(0..4), number(5..7));
    let (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    Timestamp::parse(&format!("{year}-{month:02}-01T00:00:00Z")).unwrap().seconds()
}
