//! The template, the rules of its routes, and the functions behind them agree.

use local::template::{DEMO, STACK};
use serde_json::{Value, json};
use shared::domain::id::TokenId;
use shared::domain::rule::{RULES, RULES_WITH_DEMO, Requirement, RouteRule};
use shared::service::AuthorizeError;
use std::collections::BTreeSet;
use tests::app::POLICY;
use tests::privilege::granted;
use tests::stack::{Stack, parse_yaml};

/// Returns what a user adds for a function of their own, according to docs/ADDING.md: the resources, and the rule.
fn users_own() -> (String, Value) {
    let document = include_str!("../docs/ADDING.md");
    let (_, recipe) = document.split_once("\n## A protected route of your own\n").unwrap();
    let blocks = recipe.split("   ```yaml\n").skip(1);
    // In the document, a block is as deep as the text of its step.
    let block = |block: &str| {
        let lines = block.lines().take_while(|line| *line != "   ```");
        lines.map(|line| line.strip_prefix("   ").unwrap_or(line)).collect::<Vec<_>>().join("\n")
    };
    let mut blocks = blocks.map(block);
    (blocks.next().unwrap(), parse_yaml(&blocks.next().unwrap()))
}

/// Returns the stack, and the stack with a function of its user's.
fn stacks() -> [Stack; 2] {
    let own = format!("\nResources:\n{}\n", users_own().0);
    let with_own = STACK.text.replacen("\nResources:\n", &own, 1);
    [STACK.text, &with_own].map(Stack::read)
}

#[test]
fn a_users_function_and_route_are_not_ours() {
    let [shipped, with_own] = stacks();
    assert_eq!(shipped.our_functions(), with_own.our_functions());
    assert_eq!(shipped.our_routes(), with_own.our_routes());
    let routes = |stack: &Stack| stack.protected_routes().len();
    assert_eq!(routes(&with_own), routes(&shipped) + 1);
    let functions = |stack: &Stack| stack.resources("AWS::Serverless::Function").len();
    assert_eq!(functions(&with_own), functions(&shipped) + 1);
}

/// The rule that names a route of the template.
fn rule_of(method: &str, path: &str) -> Option<&'static RouteRule> {
    let mut rules = RULES.routes.iter().filter(|rule| rule.path == path);
    rules.find(|rule| [method, "ANY"].contains(&rule.method))
}

#[test]
fn every_protected_route_is_named_in_routes_yaml() {
    let own = users_own().1[0]["route"].clone();
    for stack in stacks() {
        for route in stack.protected_routes() {
            let is_named = rule_of(&route.method, &route.path).is_some()
                || own == format!("{} {}", route.method, route.path);
            assert!(is_named, "no rule names {} {}", route.method, route.path);
        }
    }
}

#[test]
fn every_route_but_the_consoles_asks_the_authorizer() {
    for stack in stacks() {
        let open = stack.our_routes().into_iter().filter(|route| !route.authorized);
        let open = open.map(|route| format!("{} {}: {}", route.method, route.path, route.function));
        assert_eq!(
            open.collect::<Vec<_>>(),
            ["ANY /console: ConsoleFunction", "ANY /console/{asset+}: ConsoleFunction"]
        );
    }
}

#[test]
fn every_management_route_requires_a_super_admin() {
    for stack in stacks() {
        for route in stack.our_routes().into_iter().filter(|route| route.authorized) {
            assert!(route.path.starts_with("/v1/"), "{}", route.path);
            let rule = rule_of(&route.method, &route.path).unwrap();
            assert_eq!(*rule.requirement(&route.method), Requirement::SuperAdmin, "{}", route.path);
        }
    }
}

#[test]
fn the_table_is_the_documented_one() {
    let table = STACK.table().unwrap();
    let pair = |one: &str, two: &str| (one.to_owned(), two.to_owned());
    assert_eq!(table.attributes, [pair("pk", "S"), pair("sk", "S")]);
    assert_eq!(table.keys, [pair("pk", "HASH"), pair("sk", "RANGE")]);
    assert_eq!(table.time_to_live, "purgeAt");
}

#[test]
fn every_function_has_a_role_and_a_log_group_of_its_own() {
    stacks().iter().for_each(assert_roles_and_log_groups);
}

fn assert_roles_and_log_groups(stack: &Stack) {
    let functions = stack.resources("AWS::Serverless::Function");
    let groups = stack.resources("AWS::Logs::LogGroup");
    for name in stack.our_functions().keys() {
        let stem = name.strip_suffix("Function").unwrap();
        let properties = &functions[name]["Properties"];
        let role = json!({ "Fn::GetAtt": [format!("{stem}Role"), "Arn"] });
        assert_eq!(properties["Role"], role, "{name}");
        let group = format!("{stem}Logs");
        assert_eq!(properties["LoggingConfig"]["LogGroup"]["Ref"], json!(group));
        let days = &groups[&group]["Properties"]["RetentionInDays"];
        assert_eq!(days["Ref"], "LogRetentionDays", "{name}");
    }
}

#[test]
fn a_role_names_its_actions_its_table_and_the_keys_it_may_touch() {
    stacks().iter().for_each(assert_statements);
}

fn assert_statements(stack: &Stack) {
    let roles = stack.resources("AWS::IAM::Role");
    for name in stack.our_functions().keys() {
        let stem = name.strip_suffix("Function").unwrap();
        let role = &roles[&format!("{stem}Role")]["Properties"];
        assert_eq!(role.get("ManagedPolicyArns"), None, "{name}");
        for statement in stack.statements(name) {
            let actions = statement["Action"].as_array().unwrap();
            let actions: Vec<_> = actions.iter().map(|action| action.as_str().unwrap()).collect();
            assert!(actions.iter().all(|action| !action.contains('*')), "{name}");
            let resource = statement["Resource"].clone();
            if statement["Sid"] == "WriteLogs" {
                assert_eq!(actions, ["logs:CreateLogStream", "logs:PutLogEvents"]);
                assert_eq!(resource, json!({ "Fn::GetAtt": [format!("{stem}Logs"), "Arn"] }));
                continue;
            }
            assert_eq!(resource, json!({ "Fn::GetAtt": ["Table", "Arn"] }));
            let keys = &statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"];
            let keys = keys.as_array().expect("keys");
            assert!(
                !keys.is_empty() && keys.iter().all(|key| key == "TOKEN#*" || key == "NAMES"),
                "{name}"
            );
        }
    }
}

#[test]
fn the_demo_may_write_its_log_and_nothing_else() {
    let demo = &Stack::shipped().nested["infra/demo/template.yaml"]["Resources"];
    let role =
        json!({ "Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${DemoRole}" });
    assert_eq!(demo["DemoFunction"]["Properties"]["Role"], role);
    let log = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${DemoLogs}:*";
    let statement = json!({
        "Sid": "WriteLogs",
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": { "Fn::Sub": log },
    });
    let policies = &demo["DemoRole"]["Properties"]["Policies"];
    assert_eq!(policies.as_array().unwrap().len(), 1);
    assert_eq!(policies[0]["PolicyDocument"]["Statement"], json!([statement]));
    assert_eq!(demo["DemoRole"]["Properties"].get("ManagedPolicyArns"), None);
}

#[test]
fn every_route_of_the_demo_asks_the_authorizer_and_has_a_rule_and_every_rule_a_route() {
    let routes = DEMO.routes().unwrap();
    assert!(routes.iter().all(|route| route.authorized && route.function == "DemoFunction"));
    let routes: BTreeSet<_> =
        routes.iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    let of_stack: BTreeSet<_> = RULES.routes.iter().map(ToString::to_string).collect();
    let all: BTreeSet<_> = RULES_WITH_DEMO.routes.iter().map(ToString::to_string).collect();
    assert_eq!(routes, &all - &of_stack);
}

#[test]
fn nested_stacks_are_given_their_parameters() {
    let stack = Stack::shipped();
    let stacks = stack.resources("AWS::CloudFormation::Stack");
    for (file, template) in &stack.nested {
        let of_file = |one: &&Value| one["Properties"]["TemplateURL"] == *file;
        let stack = stacks.values().find(of_file).expect(file);
        let given = stack["Properties"]["Parameters"].as_object().unwrap();
        let declared = template["Parameters"].as_object().unwrap();
        assert!(given.keys().eq(declared.keys()), "{file}: {given:?}");
        // A nested stack with a transform could only be deployed with CAPABILITY_AUTO_EXPAND.
        assert_eq!(template.get("Transform"), None, "{file}");
    }
}

#[test]
fn the_authorizer_reads_tokens_and_only_three_functions_write_names() {
    let authorizer: Vec<_> = granted("AuthorizerFunction").into_iter().collect();
    let [only] = authorizer.as_slice() else { panic!("{authorizer:?}") };
    assert_eq!((only.action.as_str(), only.keys.as_str()), ("dynamodb:GetItem", "TOKEN#*"));
    let writes = |function: &str| {
        granted(function).into_iter().any(|one| {
            one.keys == "NAMES"
                && ["PutItem", "UpdateItem", "DeleteItem"]
                    .contains(&&one.action["dynamodb:".len()..])
        })
    };
    let functions = Stack::shipped().our_functions();
    let writers: Vec<_> = functions.keys().filter(|name| writes(name)).collect();
    assert_eq!(writers, ["DeleteFunction", "GenerateFunction", "RegenerateFunction"]);
}

#[test]
fn api_gateway_may_invoke_a_function_for_its_own_routes_only() {
    stacks().iter().for_each(assert_permissions);
}

fn assert_permissions(stack: &Stack) {
    let permissions = stack.resources("AWS::Lambda::Permission");
    let sources = |function: &str| {
        let properties = permissions.values().map(|one| &one["Properties"]);
        let of_function = properties.filter(|one| one["FunctionName"]["Ref"] == function);
        let api = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/";
        let source = |one: &Value| {
            let source = one["SourceArn"]["Fn::Sub"].as_str().unwrap();
            source.strip_prefix(api).expect("a source in this API").to_owned()
        };
        of_function.map(source).collect::<Vec<_>>()
    };
    assert_eq!(sources("AuthorizerFunction"), ["authorizers/${Authorizer}"]);
    for route in stack.our_routes() {
        // Stage, method and path.
        let request = format!("$default/{}{}", route.method.replace("ANY", "GET"), route.path);
        for function in stack.our_functions().keys() {
            let is_allowed = sources(function).iter().any(|source| is_like(&request, source));
            assert_eq!(is_allowed, *function == route.function, "{function} for {request}");
        }
    }
}

/// Compares like IAM's `ArnLike` within one part of an ARN.
fn is_like(text: &str, pattern: &str) -> bool {
    match pattern.split_once('*') {
        None => text == pattern,
        Some((start, rest)) => text.strip_prefix(start).is_some_and(|text| {
            (0..=text.len()).any(|skipped| text.get(skipped..).is_some_and(|t| is_like(t, rest)))
        }),
    }
}

#[test]
fn events_and_answers_have_the_payload_that_the_functions_speak() {
    for stack in stacks() {
        for (name, integration) in stack.resources("AWS::ApiGatewayV2::Integration") {
            let function = &integration["Properties"]["IntegrationUri"]["Fn::GetAtt"][0];
            if stack.our_functions().contains_key(function.as_str().unwrap()) {
                assert_eq!(integration["Properties"]["PayloadFormatVersion"], "2.0", "{name}");
            }
        }
    }
    let authorizer =
        &Stack::shipped().resources("AWS::ApiGatewayV2::Authorizer")["Authorizer"]["Properties"];
    assert_eq!(authorizer["AuthorizerPayloadFormatVersion"], "2.0");
    assert_eq!(authorizer["EnableSimpleResponses"], true);
    assert_eq!(authorizer["AuthorizerType"], "REQUEST");
}

#[test]
fn whatever_is_cached_belongs_to_one_credential_route_method_and_path() {
    let authorizer =
        &Stack::shipped().resources("AWS::ApiGatewayV2::Authorizer")["Authorizer"]["Properties"];
    // Without a condition: there is no parameter that turns the cache on and these off.
    assert_eq!(
        authorizer["IdentitySource"],
        json!([
            { "Fn::Sub": "$request.header.${TokenHeader}" },
            "$context.routeKey",
            "$context.httpMethod",
            "$context.path"
        ])
    );
    assert_eq!(authorizer["AuthorizerResultTtlInSeconds"]["Ref"], "AuthorizerCacheSeconds");
    let cache = &Stack::shipped().template["Parameters"]["AuthorizerCacheSeconds"];
    assert_eq!((&cache["Default"], &cache["MaxValue"]), (&json!(0), &json!(3600)));
}

#[test]
fn the_defaults_are_the_safe_ones_and_the_local_gateways() {
    let parameters = Stack::shipped().template["Parameters"].clone();
    for (name, default) in [
        ("AllowedOrigins", json!("")),
        ("Console", json!("true")),
        ("Demo", json!("false")),
        ("TokenHeader", json!("Authorization")),
        ("MaxLifetimeDays", json!(0)),
        ("RetentionDays", json!(POLICY.retention.0)),
        ("Architecture", json!("arm64")),
        ("AlarmTopicArn", json!("")),
    ] {
        assert_eq!(parameters[name]["Default"], default, "{name}");
    }
    let api = &Stack::shipped().resources("AWS::ApiGatewayV2::Api")["Api"]["Properties"];
    assert_eq!(api["CorsConfiguration"]["Fn::If"][0], "WithCors");
    assert_eq!(api["CorsConfiguration"]["Fn::If"][2], json!({ "Ref": "AWS::NoValue" }));
    for (name, parameter) in parameters.as_object().unwrap() {
        let bounds = ["AllowedValues", "AllowedPattern", "MinValue"];
        let is_bounded = bounds.iter().any(|bound| parameter.get(bound).is_some());
        assert!(is_bounded || name == "AllowedOrigins", "{name} takes anything");
    }
}

#[test]
fn no_function_is_given_a_secret() {
    let template = &Stack::shipped().template;
    let variables = &template["Globals"]["Function"]["Environment"]["Variables"];
    for (variable, value) in variables.as_object().unwrap() {
        let known = [
            "AUTHORIZER_CACHE_SECONDS",
            "CONSOLE_IDLE_MINUTES",
            "DEMO",
            "LOG_LEVEL",
            "MAX_LIFETIME_DAYS",
            "RETENTION_DAYS",
            "TABLE_NAME",
            "TOKEN_HEADER",
        ];
        assert!(known.contains(&variable.as_str()), "{variable}");
        assert!(value["Ref"].is_string(), "{variable} is a literal");
    }
    for name in Stack::shipped().our_functions().keys() {
        let own = template["Resources"][name]["Properties"].get("Environment");
        assert_eq!(own, None, "{name} has variables of its own");
    }
}

#[test]
fn every_route_has_a_limit_on_its_rate() {
    let stages = Stack::shipped().resources("AWS::ApiGatewayV2::Stage");
    assert_eq!(stages.len(), 1);
    let stage = &stages["Stage"]["Properties"];
    for limit in ["ThrottlingRateLimit", "ThrottlingBurstLimit"] {
        assert_eq!(stage["DefaultRouteSettings"][limit]["Ref"], limit);
        let parameter = &Stack::shipped().template["Parameters"][limit];
        assert!(parameter["Default"].as_u64().unwrap() > 0, "{limit}");
        assert_eq!(parameter["MinValue"], 1, "{limit} cannot be turned off");
    }
    assert_eq!(stage.get("RouteSettings"), None, "a route of its own rate");
}

#[test]
fn the_access_log_repeats_nothing_that_a_client_sends() {
    let stage = &Stack::shipped().resources("AWS::ApiGatewayV2::Stage")["Stage"]["Properties"];
    let format = stage["AccessLogSettings"]["Format"].as_str().unwrap();
    let line: Value = serde_json::from_str(format).expect("a line is JSON");
    let line = line.as_object().unwrap();
    let logged: BTreeSet<_> = line.values().map(|value| value.as_str().unwrap()).collect();
    // The source is the connection's, as API Gateway sees it, and no header's; the path and the query are not there.
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
fn every_alarm_is_on_the_dashboard_explained_and_sent_to_the_topic() {
    let manual = include_str!("../docs/RUN.md");
    let dashboard =
        Stack::shipped().resources("AWS::CloudWatch::Dashboard")["Dashboard"]["Properties"].clone();
    let body = dashboard["DashboardBody"]["Fn::Sub"].as_str().unwrap();
    serde_json::from_str::<Value>(body).expect("a dashboard is JSON");
    let alarms = Stack::shipped().resources("AWS::CloudWatch::Alarm");
    assert_eq!(alarms.len(), 8);
    for (name, alarm) in alarms {
        assert!(body.contains(&format!("${{{name}.Arn}}")), "{name}");
        assert!(manual.contains(&format!("`{name}`")), "{name}");
        for actions in ["AlarmActions", "OKActions"] {
            let topic = &alarm["Properties"][actions]["Fn::If"][1];
            assert_eq!(*topic, json!([{ "Ref": "AlarmTopicArn" }]), "{name}");
        }
    }
}

#[test]
fn a_hundred_wrong_secrets_in_a_minute_raise_an_alarm_that_leads_to_the_id() {
    let filter =
        &Stack::shipped().resources("AWS::Logs::MetricFilter")["SecretMismatches"]["Properties"];
    assert_eq!(filter["LogGroupName"], json!({ "Ref": "AuthorizerLogs" }));
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
    let title = "Refusals by reason and token";
    assert!(alarm["AlarmDescription"].as_str().unwrap().contains(title));
    let dashboard =
        &Stack::shipped().resources("AWS::CloudWatch::Dashboard")["Dashboard"]["Properties"];
    let body = dashboard["DashboardBody"]["Fn::Sub"].as_str().unwrap();
    let body: Value = serde_json::from_str(body).unwrap();
    let mut widgets = body["widgets"].as_array().unwrap().iter();
    let widget = widgets.find(|widget| widget["properties"]["title"] == title).unwrap();
    let query = widget["properties"]["query"].as_str().unwrap();
    assert!(query.starts_with("SOURCE '${AuthorizerLogs}'"), "{query}");
    assert!(query.contains("coalesce(presented, caller) as token"), "{query}");
    assert!(query.contains("by outcome, token"), "{query}");
}

#[test]
fn every_parameter_and_output_is_explained() {
    let manual = include_str!("../docs/DEPLOY.md");
    let template = &Stack::shipped().template;
    for section in ["Parameters", "Outputs"] {
        for name in template[section].as_object().unwrap().keys() {
            assert!(manual.contains(&format!("`{name}`")), "{name}");
        }
    }
}

#[test]
fn cargo_lambda_serves_the_management_routes() {
    let cargo = std::process::Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version=1"])
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&cargo.stdout).unwrap();
    let router = &metadata["metadata"]["lambda"]["watch"]["router"];
    let mut served = BTreeSet::new();
    for (path, routes) in router.as_object().unwrap() {
        for route in routes.as_array().unwrap() {
            let method = route["method"].as_str().unwrap();
            served.insert(format!("{method} {path}: {}", route["function"].as_str().unwrap()));
        }
    }
    let routes = Stack::shipped().our_routes().into_iter();
    let management = routes.filter(|route| route.path.starts_with("/v1/"));
    let deployed: BTreeSet<_> = management
        .map(|route| {
            let function = route.function.trim_end_matches("Function").to_lowercase();
            format!("{} {}: {function}", route.method, route.path)
        })
        .collect();
    assert_eq!(served, deployed);
}
