//! Two gateways, each in a process of its own, that use one table.

use crate::DataDirectory;
use serde_json::json;
use tests::app::{route_permissions, token_body};
use tests::{Request, TestApp};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_applies_at_once_in_every_process() {
    let app = TestApp::over_http().await;
    let folder = DataDirectory::new();
    // A second gateway, which uses the table of the first one.
    let other = folder.start_with_table_of(&app).await;
    let (id, token) = app.create_token("shared").await;
    let order = Request::new("GET", "/orders/7").bearer(&token);
    other.send(&order).await.assert_status(200);
    for (method, status) in [("POST", 403), ("GET", 200)] {
        let permissions = route_permissions(method, "/orders/**");
        app.patch(&id, json!({ "permissions": permissions })).await.assert_status(200);
        assert_eq!(other.send(&order).await.status, status);
    }
    app.delete(&id).await.assert_status(204);
    other.send(&order).await.assert_gateway_error(403, "Forbidden");
    app.create_token("shared").await;
    let generate = Request::generate(&token_body("shared")).bearer(&app.admin);
    other.send(&generate).await.assert_problem(409, "name-taken");
}
