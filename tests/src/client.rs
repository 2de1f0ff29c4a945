//! The typed client of a [`TestApp`]: one method for each operation.

use crate::app::TestApp;
use crate::request::{Request, Response};
use serde_json::Value;
use std::pin::Pin;

/// A request to a [`TestApp`], sent when it is awaited. Its credential is the super admin's token, unless
/// [`bearer`](Self::bearer) or [`anonymous`](Self::anonymous) changes that.
#[derive(Clone)]
#[must_use = "a request is sent when it is awaited"]
pub struct RequestBuilder<'a> {
    app: &'a TestApp,
    request: Request,
    token: Option<String>,
}

const CONTENDED: &str = "urn:tokenward:problem:contended";

/// The maximum number of times that [`RequestBuilder::until_uncontended`] sends a request.
const MAX_CONTENDED: usize = 10;

/// A boxed future. Without the box, the futures of a whole suite would be nested too deeply for the compiler and too large
/// for a stack.
type BoxedFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

impl TestApp {
    /// Generates a token.
    pub fn generate(&self, body: Value) -> RequestBuilder<'_> {
        self.build(Request::generate(&body))
    }

    /// Lists tokens; `query` is the part after the question mark.
    pub fn list(&self, query: &str) -> RequestBuilder<'_> {
        self.build(Request::list(query))
    }

    /// Gets a token.
    pub fn get(&self, id: &str) -> RequestBuilder<'_> {
        self.build(Request::get(id))
    }

    /// Updates a token.
    pub fn patch(&self, id: &str, patch: Value) -> RequestBuilder<'_> {
        self.build(Request::patch(id, &patch))
    }

    /// Regenerates a token. The request has no body, which means `{}`; [`RequestBuilder::json`] sets one.
    pub fn regenerate(&self, id: &str) -> RequestBuilder<'_> {
        self.build(Request::regenerate(id))
    }

    /// Undoes the last regenerate of a token.
    pub fn rollback(&self, id: &str) -> RequestBuilder<'_> {
        self.build(Request::rollback(id))
    }

    /// Ends the grace period of a token's previous secret.
    pub fn end_previous(&self, id: &str) -> RequestBuilder<'_> {
        self.build(Request::end_previous(id))
    }

    /// Gets the record of this token, which is also the credential.
    pub fn get_self(&self, token: &str) -> RequestBuilder<'_> {
        self.build(Request::get_self()).bearer(token)
    }

    /// Regenerates this token, which is also the credential.
    pub fn regenerate_self(&self, token: &str) -> RequestBuilder<'_> {
        self.build(Request::regenerate_self()).bearer(token)
    }

    /// Revokes this token, which is also the credential.
    pub fn revoke_self(&self, token: &str) -> RequestBuilder<'_> {
        self.build(Request::revoke_self()).bearer(token)
    }

    /// Revokes this token, which is sent in a form and not as a credential.
    pub fn revoke(&self, token: &str) -> RequestBuilder<'_> {
        self.build(Request::revoke(token)).anonymous()
    }

    /// Introspects the token in a form with these fields.
    pub fn introspect(&self, fields: &[(&str, &str)]) -> RequestBuilder<'_> {
        self.build(Request::introspect(fields))
    }

    /// Lists the events of a token.
    pub fn token_events(&self, id: &str, query: &str) -> RequestBuilder<'_> {
        self.build(Request::token_events(id, query))
    }

    /// Lists the events of some days.
    pub fn events(&self, query: &str) -> RequestBuilder<'_> {
        self.build(Request::events(query))
    }

    /// Deletes a token.
    pub fn delete(&self, id: &str) -> RequestBuilder<'_> {
        self.build(Request::delete(id))
    }

    /// Simulates a request of a token.
    pub fn simulate(&self, id: &str, method: &str, path: &str) -> RequestBuilder<'_> {
        self.build(Request::simulate(id, method, path))
    }

    /// Simulates a request of a token with these permissions.
    pub fn simulate_permissions(
        &self,
        permissions: &Value,
        method: &str,
        path: &str,
    ) -> RequestBuilder<'_> {
        self.build(Request::simulate_permissions(permissions, method, path))
    }

    /// Calls a route that permits every valid token, with this token.
    pub fn whoami(&self, token: &str) -> RequestBuilder<'_> {
        self.request("GET", "/whoami").bearer(token)
    }

    /// Sends any other request.
    pub fn request(&self, method: &str, target: &str) -> RequestBuilder<'_> {
        self.build(Request::new(method, target))
    }

    /// Prepares a request with the super admin's token. `request` must not contain credentials yet.
    pub fn build(&self, request: Request) -> RequestBuilder<'_> {
        RequestBuilder { app: self, request, token: Some(self.admin.clone()) }
    }
}

impl<'a> RequestBuilder<'a> {
    /// Sends this token instead of the super admin's.
    pub fn bearer(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self
    }

    /// Sends no credentials, except those in headers that are added.
    pub fn anonymous(mut self) -> Self {
        self.token = None;
        self
    }

    /// Adds the precondition `If-Match`.
    pub fn if_match(mut self, tags: &str) -> Self {
        self.request = self.request.if_match(tags);
        self
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    /// Sets a JSON body.
    pub fn json(mut self, body: &Value) -> Self {
        self.request = self.request.json(body);
        self
    }

    /// Sets a body of any content type.
    pub fn body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.request = self.request.body(content_type, body);
        self
    }

    /// Sends the request, and sends it again while the response is the problem `contended`, as its detail advises. On a slow
    /// machine, concurrent writes of one token may take longer than a request may.
    pub fn until_uncontended(self) -> BoxedFuture<'a, Response> {
        Box::pin(async move {
            for _ in 1..MAX_CONTENDED {
                let response = self.clone().await;
                if response.status != 409 || response.json()["type"] != CONTENDED {
                    return response;
                }
            }
            self.await
        })
    }

    /// Sends the request and asserts that it is rejected with this problem and that nothing is written.
    pub fn assert_rejected(self, status: u16, code: &'a str) -> BoxedFuture<'a, Response> {
        Box::pin(async move {
            let (app, sent) =
                (self.app, format!("{} {}", self.request.method, self.request.target));
            let before = app.snapshot().await;
            let response = self.await.assert_problem(status, code);
            assert!(app.snapshot().await == before, "{sent} was rejected but wrote something");
            response
        })
    }

    /// Sends the request with other credentials than a super admin's. Asserts that each is rejected and writes nothing.
    pub async fn assert_super_admins_only(self) {
        let app = self.app;
        let (ordinary_id, ordinary) = app.create_token("not-a-super-admin").await;
        let (expired_id, expired) = app.create_expired_token("expired").await;
        let (deleted_id, deleted) = app.create_token("deleted").await;
        app.delete(&deleted_id).await.assert_status(204);
        let before = app.snapshot().await;
        for token in [&ordinary, &expired, &deleted, "garbage"] {
            self.clone().bearer(token).await.assert_gateway_error(403, "Forbidden");
        }
        let other_header = self.clone().anonymous().header("token", &app.admin);
        other_header.await.assert_gateway_error(401, "Unauthorized");
        self.anonymous().await.assert_gateway_error(401, "Unauthorized");
        assert!(app.snapshot().await == before, "the request was rejected but wrote something");
        for id in [ordinary_id, expired_id] {
            app.delete(&id).await.assert_status(204);
        }
    }
}

impl<'a> IntoFuture for RequestBuilder<'a> {
    type Output = Response;
    type IntoFuture = BoxedFuture<'a, Response>;

    fn into_future(self) -> Self::IntoFuture {
        let request = match &self.token {
            Some(token) => self.request.bearer(token),
            None => self.request,
        };
        Box::pin(self.app.send(request))
    }
}
