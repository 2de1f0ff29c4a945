//! Operation: alarms, the dashboard and the access log.

use serde_json::{Value, json};
use shared::domain::id::TokenId;
use shared::http::{HttpError, Problem};
use shared::service::{AuthorizeError, Error};
use std::collections::BTreeSet;
use tests::stack::Stack;

#[test]
fn every_alarm_is_on_the_dashboard_explained_and_sent_to_the_topic() {
    let manual = include_str!("../../docs/RUN.md");
    let dashboard =
        Stack::shipped().resources("AWS::CloudWatch::Dashboard")["Dashboard"]["Properties"].clone();
    let body = dashboard["DashboardBody"]["Fn::Sub"].as_str().unwrap();
    serde_json::from_str::<Value>(body).expect("a dashboard is JSON");
    let alarms = Stack::shipped().resources("AWS::CloudWatch::Alarm");
    assert_eq!(alarms.len(), 8);
    for (name, alarm) in alarms {
        assert!(body.contains(&format!(":alarm:${{{name}}}\"")), "{name}");
        assert!(manual.contains(&format!("`{name}`")), "{name}");
        for actions in ["AlarmActions", "OKActions"] {
            let topic = &alarm["Properties"][actions]["Fn::If"][1];
            assert_eq!(*topic, json!([{ "Ref": "AlarmTopicArn" }]), "{name}");
        }
    }
}

#[test]
fn a_hundred_wrong_secrets_in_a_minute_raise_an_alarm_and_the_dashboard_shows_the_id() {
    let filters = Stack::shipped().resources("AWS::Logs::MetricFilter");
    let filter = &filters["SecretMismatches"]["Properties"];
    assert_eq!(filter["LogGroupName"], json!({ "Ref": "AuthorizerLogs" }));
    let mut introspected = filters["IntrospectedSecretMismatches"]["Properties"].clone();
    assert_eq!(introspected["LogGroupName"].take(), json!({ "Ref": "IntrospectLogs" }));
    introspected["LogGroupName"] = filter["LogGroupName"].clone();
    assert_eq!(introspected, *filter, "both are counted alike");
    let code = AuthorizeError::SecretMismatch(TokenId::parse("WRx3zfetJ65842PA").unwrap()).code();
    assert_eq!(filter["FilterPattern"], format!("{{ $.outcome = \"{code}\" }}"));
    let metric = &filter["MetricTransformations"][0];
    assert_eq!(metric["MetricValue"], "1");
    let alarm = &Stack::shipped().resources("AWS::CloudWatch::Alarm")["SecretMismatchesAlarm"]["Properties"];
    assert_eq!(alarm["Namespace"], metric["MetricNamespace"]);
    assert_eq!(alarm["MetricName"], metric["MetricName"]);
    assert_eq!((&alarm["Statistic"], &alarm["Period"]), (&json!("Sum"), &json!(60)));
    assert_eq!(alarm["Threshold"], 100);
    assert_eq!(alarm["ComparisonOperator"], "GreaterThanOrEqualToThreshold");
    let title = "Denials by reason and token";
    assert!(alarm["AlarmDescription"].as_str().unwrap().contains(title));
    let dashboard =
        &Stack::shipped().resources("AWS::CloudWatch::Dashboard")["Dashboard"]["Properties"];
    let body = dashboard["DashboardBody"]["Fn::Sub"].as_str().unwrap();
    let body: Value = serde_json::from_str(body).unwrap();
    let mut widgets = body["widgets"].as_array().unwrap().iter();
    let widget = widgets.find(|widget| widget["properties"]["title"] == title).unwrap();
    let query = widget["properties"]["query"].as_str().unwrap();
    assert!(
        query.starts_with("SOURCE '${AuthorizerLogs}' | SOURCE '${IntrospectLogs}'"),
        "{query}"
    );
    assert!(query.contains("coalesce(presented, caller) as token"), "{query}");
    assert!(query.contains("by outcome, token"), "{query}");
}

#[test]
fn the_access_log_repeats_nothing_that_a_client_sends() {
    let stage = &Stack::shipped().resources("AWS::ApiGatewayV2::Stage")["Stage"]["Properties"];
    let format = stage["AccessLogSettings"]["Format"].as_str().unwrap();
    let line: Value = serde_json::from_str(format).expect("a line is JSON");
    let line = line.as_object().unwrap();
    let logged: BTreeSet<_> = line.values().map(|value| value.as_str().unwrap()).collect();
    // The source address is the connection's, and not from a header. The path and the query are not logged.
    let known = [
        "$context.authorizer.error",
        "$context.authorizer.tokenId",
        "$context.identity.sourceIp",
        "$context.integrationErrorMessage",
        "$context.requestId",
        "$context.requestTime",
        "$context.responseLatency",
        "$context.routeKey",
        "$context.status",
    ];
    assert_eq!(logged, known.into());
}

#[test]
fn the_failure_alarm_counts_failures_and_not_the_anonymous_requests_of_rest_apis() {
    let filter = filter("AuthorizerFailures");
    assert_eq!(filter["LogGroupName"], json!({ "Ref": "AuthorizerLogs" }));
    let pattern = filter["FilterPattern"].as_str().unwrap();
    let id = TokenId::parse("WRx3zfetJ65842PA").unwrap();
    let failed = AuthorizeError::Failed(id, Error::Internal(String::new()));
    for counted in [failed.code(), "not-an-event", "panic", "timeout", "failure", "Runtime.*"] {
        assert!(pattern.contains(&format!("\"{counted}\"")), "{counted}");
    }
    // The response to an anonymous request of a REST API is an error to Lambda, and its outcome `no-credential`.
    assert_eq!(pattern.matches(" = ").count(), 6, "{pattern}");
    let alarm = alarm("AuthorizerFailuresAlarm");
    let metric = &filter["MetricTransformations"][0];
    assert_eq!(alarm["MetricName"], metric["MetricName"]);
    assert_eq!(alarm["Namespace"], metric["MetricNamespace"]);
    for (name, alarm) in Stack::shipped().resources("AWS::CloudWatch::Alarm") {
        assert_ne!(alarm["Properties"]["MetricName"], "Errors", "{name}");
    }
}

#[test]
fn a_management_request_without_a_caller_raises_an_alarm() {
    let stack = Stack::shipped();
    let filters = stack.resources("AWS::Logs::MetricFilter");
    let alarm = alarm("BootstrapAlarm");
    assert_eq!(alarm["Threshold"], 1);
    let mut watched = BTreeSet::new();
    for filter in filters.values().map(|filter| &filter["Properties"]) {
        let metric = &filter["MetricTransformations"][0];
        if metric["MetricName"] != alarm["MetricName"] {
            continue;
        }
        assert_eq!(metric["MetricNamespace"], alarm["Namespace"]);
        let except_revoke = match filter["LogGroupName"]["Ref"].as_str() {
            Some("DeleteLogs") => r#" && ($.route != "POST /v1/revoke")"#,
            _ => "",
        };
        let pattern = r#"{ ($.message = "request") && ($.caller NOT EXISTS)"#;
        assert_eq!(filter["FilterPattern"], format!("{pattern}{except_revoke} }}"));
        watched.insert(filter["LogGroupName"]["Ref"].as_str().unwrap().to_owned());
    }
    let mut management = stack.our_functions();
    management
        .retain(|name, _| !["AuthorizerFunction", "ConsoleFunction"].contains(&name.as_str()));
    let management = management.keys().map(|name| name.replace("Function", "Logs"));
    assert_eq!(watched, management.collect());
}

/// A contended write is caused by other callers, and is not a failure.
#[test]
fn contended_writes_raise_no_alarm() {
    let error = HttpError::Service(Error::Contended("other writes came first".to_owned()));
    assert!(Problem::from(&error).into_response().status().as_u16() < 500);
    for (name, filter) in Stack::shipped().resources("AWS::Logs::MetricFilter") {
        let pattern = filter["Properties"]["FilterPattern"].as_str().unwrap();
        assert!(!pattern.contains("level") && !pattern.contains("contended"), "{name}");
    }
}

#[test]
fn no_alarm_claims_that_callers_were_refused() {
    // If the authorizer fails, clients get 500, which is not a denial.
    for (name, alarm) in Stack::shipped().resources("AWS::CloudWatch::Alarm") {
        let text = alarm["Properties"]["AlarmDescription"].as_str().unwrap();
        assert!(!text.contains("refused"), "{name}");
        assert_eq!(text.contains("got 500"), name.starts_with("Authorizer"), "{name}");
    }
}

#[test]
fn the_access_log_needs_no_entry_in_the_accounts_resource_policy() {
    let group = &Stack::shipped().resources("AWS::Logs::LogGroup")["AccessLogs"]["Properties"];
    let name = group["LogGroupName"]["Fn::Sub"].as_str().unwrap();
    // For groups with another prefix, AWS adds each one to a resource policy of the account, whose size is limited.
    assert!(name.starts_with("/aws/vendedlogs/"), "{name}");
    // The group outlives the stack, so each API needs another name.
    assert!(name.ends_with("${Api}"), "{name}");
}

#[test]
fn lambda_keeps_the_lines_of_requests_at_every_level_and_drops_its_own() {
    let template = &Stack::shipped().template;
    let logging = &template["Globals"]["Function"]["LoggingConfig"];
    assert_eq!(
        (&logging["LogFormat"], &logging["SystemLogLevel"]),
        (&json!("JSON"), &json!("WARN"))
    );
    let level = json!({ "Fn::FindInMap": ["LambdaLogLevels", { "Ref": "LogLevel" }, "Level"] });
    assert_eq!(logging["ApplicationLogLevel"], level);
    let levels = &template["Mappings"]["LambdaLogLevels"];
    for (level, of_lambda) in [
        ("trace", "TRACE"),
        ("debug", "DEBUG"),
        ("info", "INFO"),
        ("warn", "INFO"),
        ("error", "INFO"),
    ] {
        assert_eq!(levels[level], json!({ "Level": of_lambda }));
    }
    let allowed = &template["Parameters"]["LogLevel"]["AllowedValues"];
    assert_eq!(*allowed, json!(["trace", "debug", "info", "warn", "error"]));
}

fn alarm(name: &str) -> Value {
    Stack::shipped().resources("AWS::CloudWatch::Alarm")[name]["Properties"].clone()
}

fn filter(name: &str) -> Value {
    Stack::shipped().resources("AWS::Logs::MetricFilter")[name]["Properties"].clone()
}
