//! Functions: their roles, logs, variables, and who may invoke them.

use crate::stacks;
use serde_json::{Value, json};
use tests::privilege::granted;
use tests::stack::Stack;

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
    }
    for (name, group) in groups {
        let days = &group["Properties"]["RetentionInDays"];
        assert_eq!(days["Ref"], "LogRetentionDays", "{name}");
        // A restore needs the logs, so they are kept, unless the first deployment fails.
        assert_eq!(group["DeletionPolicy"], "RetainExceptOnCreate", "{name}");
        assert_eq!(group["UpdateReplacePolicy"], "Retain", "{name}");
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
            assert_eq!(resource, table_arn());
            let keys = &statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"];
            let keys = keys.as_array().expect("keys");
            let known = ["TOKEN#*", "NAMES", "USAGE#*", "EVENTS#*"];
            let are_known = keys.iter().all(|key| known.iter().any(|known| key == known));
            assert!(!keys.is_empty() && are_known, "{name}");
        }
    }
}

/// Returns the ARN of the table of the stack, or of the one that the stack is given.
fn table_arn() -> Value {
    let given = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${ExistingTableName}";
    let own = json!({ "Fn::GetAtt": ["Table", "Arn"] });
    json!({ "Fn::If": ["WithTable", own, { "Fn::Sub": given }] })
}

/// Returns the name of the table of the stack, or of the one that the stack is given.
fn table_name() -> Value {
    json!({ "Fn::If": ["WithTable", { "Ref": "Table" }, { "Ref": "ExistingTableName" }] })
}

#[test]
fn an_existing_table_replaces_the_stacks_own_everywhere() {
    let stack = Stack::shipped();
    let conditions = &stack.template["Conditions"];
    let is_absent = json!({ "Fn::Equals": [{ "Ref": "ExistingTableName" }, ""] });
    assert_eq!(conditions["WithTable"], is_absent);
    assert_eq!(stack.template["Resources"]["Table"]["Condition"], "WithTable");
    let variables = &stack.template["Globals"]["Function"]["Environment"]["Variables"];
    assert_eq!(variables["TABLE_NAME"], table_name());
    assert_eq!(stack.template["Outputs"]["TableName"]["Value"], table_name());
    let alarms = &stack.template["Resources"]["AlarmsStack"]["Properties"]["Parameters"];
    assert_eq!(alarms["TableName"], table_name());
    // Nothing else refers to the stack's own table, which might not exist.
    let mut text = stack.template.to_string();
    for known in [table_name(), table_arn()] {
        text = text.replace(&known.to_string(), "");
    }
    assert!(!text.contains(r#"{"Ref":"Table"}"#) && !text.contains(r#""Fn::GetAtt":["Table""#));
}

#[test]
fn a_key_and_tracing_give_their_rights_to_the_roles_that_need_them() {
    let stack = Stack::shipped();
    let policies = stack.resources("AWS::IAM::Policy");
    let with_table: Vec<_> = stack
        .our_functions()
        .into_keys()
        .filter(|name| name != "ConsoleFunction")
        .map(|name| json!({ "Ref": name.replace("Function", "Role") }))
        .collect();
    let of = |policy: &str| policies[policy]["Properties"]["Roles"].as_array().unwrap().clone();
    let is_among = |roles: &[Value]| with_table.iter().all(|role| roles.contains(role));
    assert!(of("KeyPolicy").len() == with_table.len() && is_among(&of("KeyPolicy")));
    assert!(of("TracingPolicy").len() == with_table.len() + 1 && is_among(&of("TracingPolicy")));
    assert_eq!(policies["KeyPolicy"]["Condition"], "WithKmsKey");
    assert_eq!(policies["TracingPolicy"]["Condition"], "WithTracing");
    let statement = &policies["KeyPolicy"]["Properties"]["PolicyDocument"]["Statement"][0];
    assert_eq!(statement["Resource"], json!({ "Ref": "KmsKeyArn" }));
    let service = &statement["Condition"]["StringEquals"]["kms:ViaService"]["Fn::Sub"];
    assert_eq!(*service, "dynamodb.${AWS::Region}.${AWS::URLSuffix}");
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
fn authorizer_and_introspect_write_only_last_uses_and_only_three_functions_write_names() {
    for function in ["AuthorizerFunction", "IntrospectFunction"] {
        let granted = granted(function).into_iter();
        let granted: Vec<_> = granted.map(|one| (one.action, one.keys)).collect();
        let expected = [("dynamodb:GetItem", "TOKEN#*"), ("dynamodb:UpdateItem", "USAGE#*")];
        let expected = expected.map(|(action, keys)| (action.to_owned(), keys.to_owned()));
        assert_eq!(granted, expected, "{function}");
    }
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
    for authorizer in ["AuthorizerFunction", "AuthorizerFunction.Alias"] {
        assert_eq!(sources(authorizer), ["authorizers/${Authorizer}"]);
    }
    for route in stack.our_routes() {
        // Stage, method and path.
        let request = format!("$default/{}{}", route.method.replace("ANY", "GET"), route.path);
        for function in stack.our_functions().keys() {
            let is_allowed = sources(function).iter().any(|source| is_like(&request, source));
            // A `*` matches slashes, too, so the permission for a route of a function also covers longer paths.
            let extends_a_route = stack.our_routes().iter().any(|own| {
                let is_own = own.function == *function && own.method == route.method;
                is_own && route.path.starts_with(&own.path) && route.path != own.path
            });
            let is_own = *function == route.function;
            assert!(is_allowed == is_own || extends_a_route, "{function} for {request}");
        }
    }
}

/// Returns whether one part of an ARN matches a pattern, as IAM's `ArnLike` compares them.
fn is_like(text: &str, pattern: &str) -> bool {
    match pattern.split_once('*') {
        None => text == pattern,
        Some((start, rest)) => text.strip_prefix(start).is_some_and(|text| {
            (0..=text.len()).any(|skipped| text.get(skipped..).is_some_and(|t| is_like(t, rest)))
        }),
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
            "HISTORY_DAYS",
            "LOG_LEVEL",
            "MAX_LIFETIME_DAYS",
            "RETENTION_DAYS",
            "TABLE_NAME",
            "TOKEN_HEADER",
            "USAGE_INTERVAL_SECONDS",
        ];
        assert!(known.contains(&variable.as_str()), "{variable}");
        assert!(value["Ref"].is_string() || *value == table_name(), "{variable} is a literal");
    }
    for name in Stack::shipped().our_functions().keys() {
        let own = template["Resources"][name]["Properties"].get("Environment");
        assert_eq!(own, None, "{name} has variables of its own");
    }
}
