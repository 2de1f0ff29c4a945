//! Every operation while the table fails, throttles or is written by others, and while the authorizer cannot decide.

use serde_json::json;
use std::iter::repeat_n;
use tests::app::{join, self_regenerating_body};
use tests::faults::{Fault, FaultInjector};
use tests::openapi::Operation;
use tests::{Request, Response, TestApp};

/// More faults than requests that an operation sends to the table before it gives up.
const ALWAYS: usize = 60;

/// One operation on a token, in an app of its own.
struct Case {
    app: TestApp,
    faults: FaultInjector,
    request: Request,
    /// The token's id and the token, if the operation is called with the token itself.
    holder: Option<(String, String)>,
}

impl Case {
    /// Returns a case for each operation that the filter selects.
    async fn all(filter: impl Fn(&Operation) -> bool) -> Vec<Self> {
        let requests = Self::requests("4GkTz0a9QmW1xB7c", "").into_iter().enumerate();
        let selected = requests.filter(|(_, request)| filter(Operation::of(request).unwrap()));
        join(selected.map(|(index, _)| Self::new(index))).await
    }

    /// Returns one request for each operation on a token.
    fn requests(id: &str, token: &str) -> Vec<Request> {
        let requests = Request::management(id).into_iter().chain(Request::self_service());
        requests.chain([Request::revoke(token)]).collect()
    }

    async fn new(index: usize) -> Self {
        let (app, faults) = TestApp::in_process_with_faults().await;
        let (record, token) = app.create(self_regenerating_body("target")).await;
        let id = record["id"].as_str().unwrap().to_owned();
        let request = Self::requests(&id, &token).remove(index);
        if request.target.ends_with("/rollback") || request.target.ends_with("/previous") {
            let grace = json!({ "gracePeriodSeconds": 600 });
            app.regenerate(&id).json(&grace).await.assert_status(200);
        }
        let is_by_holder = request.target.contains("/self");
        let holder = is_by_holder.then_some((id, token));
        Self { app, faults, request, holder }
    }

    fn operation(&self) -> &'static Operation {
        Operation::of(&self.request).unwrap()
    }

    /// Calls the function with these faults, and asserts that nothing is written.
    async fn call(&self, faults: impl IntoIterator<Item = Fault>) -> Response {
        let before = self.app.snapshot().await;
        self.faults.inject(faults);
        let handlers = self.app.handlers().unwrap();
        let response = match &self.holder {
            Some((id, _)) => {
                let generation = 1;
                handlers.send_as_holder(&self.request, id, generation).await
            }
            None => handlers.send_as_super_admin(&self.request).await,
        };
        self.faults.inject([]);
        assert!(self.app.snapshot().await == before, "{:?} wrote something", self.request);
        response
    }
}

/// Asserts the response of each operation, while every request to the table fails in this way.
async fn assert_each_responds(fault: Fault, status: u16, code: &str) {
    let cases = Case::all(Operation::uses_table).await;
    join(cases.iter().map(async |case| {
        case.call(repeat_n(fault.clone(), ALWAYS)).await.assert_problem(status, code);
    }))
    .await;
}

#[tokio::test]
async fn every_operation_is_throttled_with_the_table() {
    assert_each_responds(Fault::Error(400, "ThrottlingException"), 429, "throttled").await;
}

#[tokio::test]
async fn every_operation_is_unavailable_with_the_table() {
    assert_each_responds(Fault::Error(500, "InternalServerError"), 503, "unavailable").await;
}

#[tokio::test]
async fn every_operation_fails_if_its_role_may_not_use_the_table() {
    assert_each_responds(Fault::Error(400, "AccessDeniedException"), 500, "internal").await;
}

#[tokio::test]
async fn every_write_of_a_token_is_contended_while_others_write_it() {
    let cases = Case::all(|operation| operation.statuses().contains(&409)).await;
    join(cases.iter().map(async |case| {
        let reads = match case.operation().route_key().as_str() {
            "POST /v1/tokens" => 0,
            // It reads the token to compare the secret, and again to change it.
            "POST /v1/revoke" => 2,
            _ => 1,
        };
        let conflicts = repeat_n(Fault::Canceled("TransactionConflict"), ALWAYS);
        let response = case.call(repeat_n(Fault::None, reads).chain(conflicts)).await;
        response.assert_problem(409, "contended");
    }))
    .await;
}

#[tokio::test]
async fn every_protected_route_is_500_while_the_authorizer_cannot_read_the_table() {
    let cases = Case::all(|operation| !operation.is_open()).await;
    join(cases.iter().map(async |case| {
        let token = case.holder.as_ref().map_or(&case.app.admin, |(_, token)| token);
        case.faults.inject(repeat_n(Fault::Error(500, "InternalServerError"), ALWAYS));
        let response = case.app.build(case.request.clone()).bearer(token).await;
        response.assert_gateway_error(500, "Internal Server Error");
    }))
    .await;
}
