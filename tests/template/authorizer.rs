//! The authorizer: its payload, its cache, and how a new release of it is rolled out.

use crate::stacks;
use serde_json::{Value, json};
use tests::stack::Stack;

#[test]
fn integrations_and_the_authorizer_have_the_payload_version_that_the_functions_expect() {
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
fn a_cached_decision_belongs_to_one_credential_route_method_path_and_address() {
    let authorizer =
        &Stack::shipped().resources("AWS::ApiGatewayV2::Authorizer")["Authorizer"]["Properties"];
    // These have no condition, so no parameter can turn them off while the cache is on.
    assert_eq!(
        authorizer["IdentitySource"],
        json!([
            { "Fn::Sub": "$request.header.${TokenHeader}" },
            "$context.routeKey",
            "$context.httpMethod",
            "$context.path",
            "$context.identity.sourceIp"
        ])
    );
    assert_eq!(authorizer["AuthorizerResultTtlInSeconds"]["Ref"], "AuthorizerCacheSeconds");
    let cache = &Stack::shipped().template["Parameters"]["AuthorizerCacheSeconds"];
    assert_eq!((&cache["Default"], &cache["MaxValue"]), (&json!(0), &json!(3600)));
}

#[test]
fn reserved_concurrency_follows_its_parameter_and_0_reserves_none() {
    let template = &Stack::shipped().template;
    let function = &template["Resources"]["AuthorizerFunction"]["Properties"];
    let reserved = json!({ "Fn::If": [
        "WithReservedConcurrency",
        { "Ref": "AuthorizerReservedConcurrency" },
        { "Ref": "AWS::NoValue" }
    ] });
    assert_eq!(function["ReservedConcurrentExecutions"], reserved);
    let is_zero = json!({ "Fn::Equals": [{ "Ref": "AuthorizerReservedConcurrency" }, 0] });
    let condition = json!({ "Fn::Not": [is_zero] });
    assert_eq!(template["Conditions"]["WithReservedConcurrency"], condition);
}

#[test]
fn a_new_authorizer_is_rolled_out_gradually_only_if_asked_for() {
    let stack = Stack::shipped();
    assert_eq!(stack.template["Parameters"]["GradualDeployment"]["Default"], "false");
    let resources = &stack.template["Resources"];
    let function = &resources["AuthorizerFunction"]["Properties"];
    let preference = &function["DeploymentPreference"];
    assert_eq!(preference["Enabled"], json!({ "Ref": "GradualDeployment" }));
    assert_eq!(preference["Type"], "Canary10Percent5Minutes");
    for alarm in preference["Alarms"].as_array().unwrap() {
        let output = alarm["Fn::GetAtt"][1].as_str().unwrap().strip_prefix("Outputs.").unwrap();
        let value = &stack.nested["infra/alarms.yaml"]["Outputs"][output]["Value"];
        assert_eq!(*value, json!({ "Ref": output }));
        assert!(stack.resources("AWS::CloudWatch::Alarm").contains_key(output));
    }
    // Without a gradual deployment, API Gateway invokes the function itself.
    let invoked = json!({ "Fn::If": [
        "WithGradualDeployment",
        { "Ref": "AuthorizerFunction.Alias" },
        { "Fn::GetAtt": ["AuthorizerFunction", "Arn"] }
    ] });
    let authorizer = &resources["Authorizer"]["Properties"];
    assert_eq!(authorizer["AuthorizerUri"]["Fn::Sub"][1]["Function"], invoked);
    assert_eq!(stack.template["Outputs"]["AuthorizerFunctionArn"]["Value"], invoked);
}

/// A version keeps the settings that it was published with, and SAM publishes one only for new code or a new description.
#[test]
fn a_new_value_of_any_setting_of_the_authorizer_publishes_a_version() {
    let stack = Stack::shipped();
    let globals = &stack.template["Globals"]["Function"];
    let function = &stack.template["Resources"]["AuthorizerFunction"]["Properties"];
    let description = &function["VersionDescription"]["Fn::Sub"];
    let mut named: Vec<_> = description[0].as_str().unwrap().split(' ').collect();
    assert_eq!(named.remove(0), "${Table}");
    let variables = globals["Environment"]["Variables"].as_object().unwrap();
    assert_eq!(description[1]["Table"], variables["TABLE_NAME"]);
    let mut settings: Vec<_> =
        variables.values().filter_map(|value| value["Ref"].as_str()).collect();
    settings.extend(["MemorySize", "Tracing"]);
    let mut settings: Vec<_> = settings.iter().map(|name| format!("${{{name}}}")).collect();
    settings.sort_unstable();
    named.sort_unstable();
    assert_eq!(named, settings);
    // A description may have 256 characters. The pattern of ExistingTableName permits 128.
    let parameters = &stack.template["Parameters"];
    let pattern = parameters["ExistingTableName"]["AllowedPattern"].as_str().unwrap();
    assert!(pattern.contains("{3,128}"), "{pattern}");
    let longest = |reference: &str| -> usize {
        let parameter = &parameters[reference.trim_matches(['$', '{', '}'])];
        match &parameter["AllowedValues"] {
            Value::Array(values) => {
                values.iter().map(|value| value.as_str().unwrap().len()).max().unwrap()
            }
            _ => match parameter["MaxLength"].as_u64() {
                Some(length) => usize::try_from(length).unwrap(),
                None => parameter["MaxValue"].as_u64().unwrap().to_string().len(),
            },
        }
    };
    let length = 128 + named.iter().map(|reference| 1 + longest(reference)).sum::<usize>();
    assert!(length <= 256, "the longest description has {length} characters");
}
