//! The cost of an authorization, compared with the GetItem that it contains.

use crate::replay;
use crate::report::{Report, units};
use crate::stopwatch::{in_turn, per_call, task};
use crate::support::{
    self, Store, authorize, authorizer_event, generate, handlers, service, with_wrong_checksum,
};
use aws_sdk_dynamodb::Client;
use shared::domain::id::TokenId;
use shared::domain::route::RouteRequest;
use shared::domain::token::{Secret, Token};
use shared::runtime::SystemClock;
use shared::service::{Client as RequestClient, Clock};
use tests::faults::FaultInjector;
use tests::fixture::RULES_WITH_DEMO;
use tests::handlers::Handlers;
use tests::meter::Meter;
use tests::table;

const ROUNDS: usize = 2000;
const GRANTS: [usize; 3] = [1, 10, 100];

/// An authorizer event and its decision.
struct Case {
    name: String,
    id: String,
    event: String,
    expected: bool,
}

/// Measures authorizations with the table, and allowed ones with replayed responses, too.
pub async fn measure(store: &Store, report: &mut Report) {
    let handlers = handlers(&store.client);
    let mut tokens = Vec::new();
    for grants in GRANTS {
        let (id, token) = generate(&handlers, &format!("with-{grants}"), grants).await;
        tokens.push(Case {
            name: format!("{grants} grant{}", if grants == 1 { "" } else { "s" }),
            id,
            event: authorizer_event(&token),
            expected: true,
        });
    }
    over_the_table(store, report, &tokens).await;
    denials(store, report).await;
    without_the_table(store, report, &tokens).await;
}

async fn over_the_table(store: &Store, report: &mut Report, cases: &[Case]) {
    report.section("authorize, from the event's text to the response's, log line included");
    let handlers = handlers(&store.client);
    let mut costs = Vec::new();
    // The units are counted first, because later the clock of `due` is ahead of the others. Their uses would then be earlier
    // than the stored one, and would not be written.
    for case in cases {
        let not_due = cost(&store.client, case, support::handlers).await;
        costs.push([not_due, cost(&store.client, case, support::handlers_with_use_due).await]);
    }
    let due = support::handlers_with_use_due(&store.client);
    let mut tasks = Vec::new();
    for case in cases {
        let (client, handlers) = (&store.client, &handlers);
        let due = &due;
        tasks.push(task(move || table::token(client, &case.id)));
        tasks.push(task(move || authorize(handlers, &case.event, case.expected)));
        tasks.push(task(move || authorize(due, &case.event, case.expected)));
    }
    let samples = in_turn(&tasks, ROUNDS).await;
    for ((case, units), samples) in cases.iter().zip(costs).zip(samples.chunks(3)) {
        let [read, whole, written] = [0, 1, 2].map(|task: usize| samples[task].median());
        let name = format!("consistent GetItem of the token, {}", case.name);
        report.base(&name, read, "1 R");
        let to = ("its GetItem", read);
        let ratio = report.row(&format!("authorize, {}", case.name), whole, to, &units[0]);
        report.row(&format!("… and its use is written, {}", case.name), written, to, &units[1]);
        let most = if case.name == "100 grants" { 1.25 } else { 1.1 };
        let text =
            format!("authorize with {} is {ratio:.2} × its GetItem (at most {most})", case.name);
        report.target(ratio <= most, text);
    }
}

async fn denials(store: &Store, report: &mut Report) {
    let handlers = handlers(&store.client);
    let (id, expired) = generate(&handlers, "expired", 1).await;
    table::set_timestamp(&store.client, &id, "expiresAt", SystemClock.now().seconds()).await;
    let unknown = Token::new(TokenId::from_entropy([7; 16]), Secret::from_entropy([7; 32]));
    let malformed = with_wrong_checksum(&expired);
    let case = |name: &str, token: &str| Case {
        name: name.to_owned(),
        id: id.clone(),
        event: authorizer_event(token),
        expected: false,
    };
    let cases = [
        case("expired", &expired),
        case("no token has this id", &unknown.reveal()),
        case("garbage: a wrong checksum", &malformed),
    ];
    let id = id.as_str();
    let mut tasks = vec![task(move || table::token(&store.client, id))];
    for case in &cases {
        let handlers = &handlers;
        tasks.push(task(move || authorize(handlers, &case.event, false)));
    }
    let samples = in_turn(&tasks, ROUNDS).await;
    let read = samples[0].median();
    for (case, samples) in cases.iter().zip(&samples[1..]) {
        let units = cost(&store.client, case, support::handlers).await;
        let name = format!("authorize, {}", case.name);
        report.row(&name, samples.median(), ("GetItem, 1 grant", read), &units);
    }
    let service = service(&store.client);
    let request = RouteRequest::parse("GET", "/orders/7", RULES_WITH_DEMO).unwrap();
    let (service, malformed, request) = (&service, &malformed, &request);
    let alone = task(move || {
        service.authorize(malformed, request, RequestClient::default(), service.now())
    });
    let nanoseconds = per_call(1000, &alone).await;
    let to = ("GetItem, 1 grant", read);
    report.row("… its denial alone, without event and log", nanoseconds, to, "none");
    let text = format!("garbage is denied in {nanoseconds:.0} ns (less than 1 µs), without a read");
    report.target(nanoseconds < 1e3, text);
}

/// Authorizes a request twice and returns the units of the second time. If uses are written only at intervals, only the first
/// time writes one.
async fn cost(client: &Client, case: &Case, handlers: impl Fn(&Client) -> Handlers) -> String {
    let (client, meter) = Meter::attach(client);
    let (client, faults) = FaultInjector::attach(&client);
    let handlers = handlers(&client);
    authorize(&handlers, &case.event, case.expected).await;
    meter.take();
    faults.inject([]);
    authorize(&handlers, &case.event, case.expected).await;
    let cost = meter.take();
    assert_eq!(faults.requests().is_empty(), cost == (0.0, 0.0), "only requests must cost units");
    units(cost)
}

/// Measures the GetItem and the authorization with responses that are replayed at once. The difference is the handler's own
/// time.
async fn without_the_table(store: &Store, report: &mut Report, cases: &[Case]) {
    report.section("the handler's own time: the same with replayed responses, less the SDK's");
    for case in cases {
        let client = replay::client(&store.client);
        let handlers = handlers(&client);
        let (client, handlers) = (&client, &handlers);
        let tasks = [
            task(move || table::token(client, &case.id)),
            task(move || authorize(handlers, &case.event, case.expected)),
        ];
        let samples = in_turn(&tasks, ROUNDS).await;
        let (sdk, whole) = (samples[0].median(), samples[1].median());
        report.base(&format!("the SDK's GetItem, {}", case.name), sdk, "");
        let name = format!("own time, {}", case.name);
        report.row(&name, whole - sdk, ("the SDK's GetItem", sdk), "");
    }
}
