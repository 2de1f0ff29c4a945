//! The saved log queries: each field and value that they name is in the lines that are logged.

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tests::app::self_regenerating_body;
use tests::openapi::Operation;
use tests::stack::Stack;
use tests::{Request, TestApp};

/// Words and numbers in queries that are not fields.
const WORDS: [&str; 16] = [
    "and",
    "as",
    "by",
    "count",
    "desc",
    "fields",
    "filter",
    "ispresent",
    "limit",
    "max",
    "min",
    "not",
    "or",
    "sort",
    "stats",
    "10000",
];

/// A saved query.
struct Query {
    /// The name, without the stack's.
    name: String,
    /// The parameters that contain the names of its log groups.
    groups: Vec<String>,
    text: String,
}

impl Query {
    fn all() -> Vec<Self> {
        let definitions = Stack::shipped().resources("AWS::Logs::QueryDefinition").into_iter();
        let read = |(_, definition): (String, Value)| {
            let properties = &definition["Properties"];
            let name = properties["Name"]["Fn::Sub"].as_str().unwrap();
            let groups = properties["LogGroupNames"].as_array().unwrap().iter();
            let groups = groups.map(|group| group["Ref"].as_str().unwrap().to_owned());
            Self {
                name: name.strip_prefix("${Stack}/").unwrap().to_owned(),
                groups: groups.collect(),
                text: properties["QueryString"].as_str().unwrap().to_owned(),
            }
        };
        definitions.map(read).collect()
    }

    /// Returns the names of fields, without those that the query defines itself.
    fn fields(&self) -> BTreeSet<&str> {
        // Every second part is a quoted value.
        let words =
            self.text.split('"').step_by(2).flat_map(|part| {
                part.split(|one: char| !one.is_alphanumeric() && !"_@".contains(one))
            });
        let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
        let aliases = words.windows(2).filter(|pair| pair[0] == "as").map(|pair| pair[1]);
        let aliases: BTreeSet<_> = aliases.collect();
        // Logs Insights adds the time to each line.
        let is_field =
            |word: &&str| *word != "@timestamp" && !WORDS.contains(word) && !aliases.contains(word);
        words.iter().copied().filter(is_field).collect()
    }

    /// Returns each field that is compared with a value, with the value.
    fn comparisons(&self) -> Vec<(&str, &str)> {
        let parts: Vec<_> = self.text.split('"').collect();
        parts
            .chunks_exact(2)
            .map(|pair| {
                let before = pair[0].trim_end_matches(|one: char| " =!".contains(one));
                (before.rsplit(' ').next().unwrap(), pair[1])
            })
            .filter(|(_, value)| *value != "TOKEN_ID")
            .collect()
    }
}

/// Returns the outcomes that the dashboard's widget of denials leaves out.
fn successes() -> BTreeSet<String> {
    let dashboard =
        &Stack::shipped().resources("AWS::CloudWatch::Dashboard")["Dashboard"]["Properties"];
    let body = dashboard["DashboardBody"]["Fn::Sub"].as_str().unwrap();
    let (_, list) = body.split_once("filter outcome not in [").unwrap();
    let list = list.split(']').next().unwrap().split(", ");
    list.map(|outcome| outcome.trim_matches('\'').to_owned()).collect()
}

/// The lines of one log group: the values of each field.
type Lines = BTreeMap<String, BTreeSet<String>>;

/// Returns the lines of every function, by the parameter that contains the name of its log group.
async fn logged() -> BTreeMap<String, Lines> {
    let app = TestApp::in_process().await;
    let (id, _) = app.create_token("target").await;
    for request in Request::management(&id) {
        app.send(request.bearer(&app.admin)).await;
    }
    let (record, token) = app.create(self_regenerating_body("holder")).await;
    // Allowed by a grant, not permitted, and with a wrong secret.
    assert_eq!(app.use_token(&token).await, 200);
    app.request("DELETE", "/orders/7").bearer(&token).await.assert_status(403);
    app.send(Request::regenerate(record["id"].as_str().unwrap()).bearer(&app.admin)).await;
    assert_eq!(app.use_token(&token).await, 403);
    app.send(Request::revoke(&app.admin)).await.assert_status(200);
    let mut groups: BTreeMap<String, Lines> = BTreeMap::new();
    for line in app.log().lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
        let Some(function) = line["function"].as_str() else { continue };
        let group = Stack::shipped().our_functions().into_iter().find(|(_, one)| one == function);
        let group = group.unwrap().0.replace("Function", "Logs");
        for (field, value) in line.as_object().unwrap() {
            let values = groups.entry(group.clone()).or_default().entry(field.clone()).or_default();
            values.insert(value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        }
    }
    groups
}

/// Returns the fields of the access log.
fn access_log() -> Lines {
    let stage = &Stack::shipped().resources("AWS::ApiGatewayV2::Stage")["Stage"]["Properties"];
    let format = stage["AccessLogSettings"]["Format"].as_str().unwrap();
    let format: Value = serde_json::from_str(format).unwrap();
    format.as_object().unwrap().keys().map(|name| (name.clone(), BTreeSet::new())).collect()
}

#[tokio::test]
async fn queries_name_only_fields_and_values_that_are_logged() {
    let mut groups = logged().await;
    groups.insert("AccessLogs".to_owned(), access_log());
    let queries = Query::all();
    assert_eq!(queries.len(), 5);
    for Query { name, groups: of_query, .. } in &queries {
        assert!(of_query.iter().all(|group| groups.contains_key(group)), "{name}: {of_query:?}");
    }
    for query in queries {
        assert!(query.fields().len() > 1, "{}: {:?}", query.name, query.fields());
        for field in query.fields() {
            // A function without a token in its path does not log every field.
            let is_logged = query.groups.iter().any(|group| groups[group].contains_key(field));
            assert!(is_logged, "{}: {field} is not logged", query.name);
        }
        for (field, value) in query.comparisons() {
            let mut groups = query.groups.iter().map(|group| &groups[group]);
            let is_logged =
                groups.any(|lines| lines.get(field).is_some_and(|one| one.contains(value)));
            assert!(is_logged, "{}: {field} is never {value}", query.name);
        }
    }
}

#[tokio::test]
async fn the_widget_of_denials_leaves_out_every_success() {
    let app = TestApp::in_process().await;
    let (id, token) = app.create_token("reader").await;
    assert_eq!(app.use_token(&token).await, 200);
    app.introspect(&[("token", &token)]).await.assert_status(200);
    // Tests that run at the same time write to the same log, with other tokens.
    let admin = app.admin.split('_').nth(1).unwrap().to_owned();
    let ids = [json!(id), json!(admin)];
    let is_ours = |line: &Value| ids.contains(&line["caller"]) || ids.contains(&line["presented"]);
    let log = app.log();
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let outcomes = lines.filter(is_ours).map(|line| line["outcome"].as_str().unwrap().to_owned());
    assert_eq!(outcomes.collect::<BTreeSet<_>>(), successes());
}

#[test]
fn every_query_is_in_a_guide_and_every_log_group_exists() {
    let guides = [include_str!("../../docs/GUIDES.md"), include_str!("../../docs/RUN.md")].concat();
    let parameters =
        &Stack::shipped().template["Resources"]["AlarmsStack"]["Properties"]["Parameters"];
    for query in Query::all() {
        assert!(guides.contains(&format!("`{}`", query.name)), "{}", query.name);
        for group in query.groups {
            assert_eq!(parameters[&group], json!({ "Ref": group }), "{}", query.name);
            assert_eq!(
                Stack::shipped().template["Resources"][&group]["Type"],
                "AWS::Logs::LogGroup"
            );
        }
    }
}

/// Returns the parameters that contain the log groups of the functions that serve these operations.
fn groups_of(is_included: fn(&Operation) -> bool) -> BTreeSet<String> {
    let operations: BTreeSet<_> =
        Operation::all().into_iter().filter(is_included).map(|one| one.route_key()).collect();
    let routes = Stack::shipped().our_routes().into_iter();
    let routes =
        routes.filter(|route| operations.contains(&format!("{} {}", route.method, route.path)));
    routes.map(|route| route.function.replace("Function", "Logs")).collect()
}

#[test]
fn queries_about_operations_read_the_logs_of_each_function_that_serves_them() {
    let queries: BTreeMap<_, BTreeSet<_>> =
        Query::all().into_iter().map(|one| (one.name, one.groups.into_iter().collect())).collect();
    assert_eq!(queries["direct-invocations"], groups_of(|_| true));
    // Each operation that changes a token can be overtaken by another one.
    let changes = groups_of(|operation| operation.statuses().contains(&409));
    assert_eq!(queries["changes-by-a-token"], changes);
}
