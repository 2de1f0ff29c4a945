//! Parameters, outputs and the table.

use local::template::STACK;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::app::POLICY;
use tests::stack::Stack;

#[test]
fn the_table_is_the_documented_one() {
    let table = STACK.table().unwrap();
    let pair = |one: &str, two: &str| (one.to_owned(), two.to_owned());
    assert_eq!(table.attributes, [pair("pk", "S"), pair("sk", "S")]);
    assert_eq!(table.keys, [pair("pk", "HASH"), pair("sk", "RANGE")]);
    assert_eq!(table.time_to_live, "purgeAt");
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
fn the_defaults_are_safe_and_equal_those_of_the_local_gateway() {
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
        ("ExistingTableName", json!("")),
        ("DeletionProtection", json!("true")),
        ("KmsKeyArn", json!("")),
        ("Tracing", json!("PassThrough")),
        ("AuthorizerReservedConcurrency", json!(0)),
        ("DomainName", json!("")),
        ("CertificateArn", json!("")),
        ("DisableExecuteApiEndpoint", json!("false")),
        ("GradualDeployment", json!("false")),
    ] {
        assert_eq!(parameters[name]["Default"], default, "{name}");
    }
    let api = &Stack::shipped().resources("AWS::ApiGatewayV2::Api")["Api"]["Properties"];
    assert_eq!(api["CorsConfiguration"]["Fn::If"][0], "WithCors");
    assert_eq!(api["CorsConfiguration"]["Fn::If"][2], json!({ "Ref": "AWS::NoValue" }));
    for (name, parameter) in parameters.as_object().unwrap() {
        let bounds = ["AllowedValues", "AllowedPattern", "MinValue"];
        let is_bounded = bounds.iter().any(|bound| parameter.get(bound).is_some());
        assert!(is_bounded || name == "AllowedOrigins", "{name} accepts any value");
    }
}

#[test]
fn every_parameter_and_output_is_explained() {
    let manual = include_str!("../../docs/DEPLOY.md");
    let template = &Stack::shipped().template;
    for section in ["Parameters", "Outputs"] {
        for name in template[section].as_object().unwrap().keys() {
            assert!(manual.contains(&format!("`{name}`")), "{name}");
        }
    }
}

#[test]
fn every_parameter_has_a_place_in_the_form_and_a_sentence() {
    let template = &Stack::shipped().template;
    let parameters = template["Parameters"].as_object().unwrap();
    let form = &template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"];
    let groups = form.as_array().unwrap().iter();
    let placed: Vec<_> =
        groups.flat_map(|group| group["Parameters"].as_array().unwrap().clone()).collect();
    let placed: BTreeSet<_> = placed.iter().map(|name| name.as_str().unwrap()).collect();
    assert_eq!(placed, parameters.keys().map(String::as_str).collect());
    for (name, parameter) in parameters {
        let description = parameter["Description"].as_str().unwrap_or_default();
        assert!(description.ends_with('.') && description.len() <= 150, "{name}: {description}");
    }
}

#[test]
fn the_table_survives_mistakes_and_is_encrypted_with_a_free_key_by_default() {
    let table = &Stack::shipped().template["Resources"]["Table"];
    assert_eq!(table["DeletionPolicy"], "Retain");
    assert_eq!(table["UpdateReplacePolicy"], "Retain");
    let properties = &table["Properties"];
    assert_eq!(properties["DeletionProtectionEnabled"]["Ref"], "DeletionProtection");
    let recovery = &properties["PointInTimeRecoverySpecification"];
    assert_eq!(recovery["PointInTimeRecoveryEnabled"], true);
    let encryption = &properties["SSESpecification"]["Fn::If"];
    assert_eq!(encryption[0], "WithKmsKey");
    assert_eq!(encryption[1]["KMSMasterKeyId"]["Ref"], "KmsKeyArn");
    assert_eq!(encryption[2], json!({ "Ref": "AWS::NoValue" }));
}

#[test]
fn every_function_has_the_mode_of_tracing_that_the_parameter_gives() {
    let stack = Stack::shipped();
    let tracing = json!({ "Ref": "Tracing" });
    assert_eq!(stack.template["Globals"]["Function"]["Tracing"], tracing);
    let functions = stack.resources("AWS::Serverless::Function");
    for name in stack.our_functions().keys() {
        let own = functions[name]["Properties"].get("Tracing");
        assert_eq!(own, None, "{name} does not follow the parameter");
    }
    let resources = &stack.template["Resources"];
    assert_eq!(resources["TracingPolicy"]["Condition"], "WithTracing");
    let condition = json!({ "Fn::Equals": [{ "Ref": "Tracing" }, "Active"] });
    assert_eq!(stack.template["Conditions"]["WithTracing"], condition);
}

#[test]
fn a_domain_name_has_a_certificate_a_mapping_and_is_the_url() {
    let template = &Stack::shipped().template;
    let rule = &template["Rules"]["DomainNameHasCertificate"];
    assert!(rule.to_string().contains("CertificateArn"), "{rule}");
    let resources = &template["Resources"];
    for name in ["Domain", "DomainMapping"] {
        assert_eq!(resources[name]["Condition"], "WithDomainName", "{name}");
    }
    let domain = &resources["Domain"]["Properties"]["DomainNameConfigurations"][0];
    assert_eq!(domain["CertificateArn"]["Ref"], "CertificateArn");
    assert_eq!(domain["SecurityPolicy"], "TLS_1_2");
    let mapping = &resources["DomainMapping"]["Properties"];
    assert_eq!(mapping["Stage"], json!({ "Ref": "Stage" }));
    let endpoint = &resources["Api"]["Properties"]["DisableExecuteApiEndpoint"];
    assert_eq!(endpoint["Ref"], "DisableExecuteApiEndpoint");
    let url = &template["Outputs"]["Url"]["Value"]["Fn::If"];
    assert_eq!(
        (&url[0], &url[1]["Fn::Sub"]),
        (&json!("WithDomainName"), &json!("https://${DomainName}"))
    );
}
