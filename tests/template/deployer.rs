//! Checks that the policy for a deploying role permits creating and deleting every type of resource in the templates.

use serde_json::Value;
use tests::stack::Stack;

const POLICY: &str = include_str!("../../infra/deploy-policy.json");

/// Returns the action that creates a resource of a type, and the one that deletes it.
fn actions(kind: &str) -> [&'static str; 2] {
    match kind {
        "AWS::ApiGatewayV2::Api"
        | "AWS::ApiGatewayV2::ApiMapping"
        | "AWS::ApiGatewayV2::Authorizer"
        | "AWS::ApiGatewayV2::DomainName"
        | "AWS::ApiGatewayV2::Integration"
        | "AWS::ApiGatewayV2::Route"
        | "AWS::ApiGatewayV2::Stage" => ["apigateway:POST", "apigateway:DELETE"],
        "AWS::CloudFormation::Stack" => {
            ["cloudformation:CreateStack", "cloudformation:DeleteStack"]
        }
        "AWS::CloudWatch::Alarm" => ["cloudwatch:PutMetricAlarm", "cloudwatch:DeleteAlarms"],
        "AWS::CloudWatch::Dashboard" => ["cloudwatch:PutDashboard", "cloudwatch:DeleteDashboards"],
        "AWS::DynamoDB::Table" => ["dynamodb:CreateTable", "dynamodb:DeleteTable"],
        "AWS::IAM::Policy" => ["iam:PutRolePolicy", "iam:DeleteRolePolicy"],
        "AWS::IAM::Role" => ["iam:CreateRole", "iam:DeleteRole"],
        "AWS::Lambda::Function" | "AWS::Serverless::Function" => {
            ["lambda:CreateFunction", "lambda:DeleteFunction"]
        }
        "AWS::Lambda::Permission" => ["lambda:AddPermission", "lambda:RemovePermission"],
        "AWS::Logs::LogGroup" => ["logs:CreateLogGroup", "logs:DeleteLogGroup"],
        "AWS::Logs::MetricFilter" => ["logs:PutMetricFilter", "logs:DeleteMetricFilter"],
        "AWS::Logs::QueryDefinition" => ["logs:PutQueryDefinition", "logs:DeleteQueryDefinition"],
        other => panic!("name the actions for {other}, here and in infra/deploy-policy.json"),
    }
}

#[test]
fn the_policy_permits_to_create_and_delete_every_type_of_resource() {
    let policy: Value = serde_json::from_str(POLICY).unwrap();
    let statements = policy["Statement"].as_array().unwrap();
    let permitted: Vec<_> = statements
        .iter()
        .flat_map(|statement| statement["Action"].as_array().unwrap())
        .map(|action| action.as_str().unwrap())
        .collect();
    assert!(permitted.iter().all(|action| !action.contains('*')));
    let stack = Stack::shipped();
    let templates = [&stack.template].into_iter().chain(stack.nested.values());
    for resource in templates.flat_map(|one| one["Resources"].as_object().unwrap().values()) {
        for action in actions(resource["Type"].as_str().unwrap()) {
            assert!(permitted.contains(&action), "{action}");
        }
    }
    // The version and the alias of the authorizer, its gradual deployment, the access log, roles of functions, and tags.
    for action in [
        "lambda:PublishVersion",
        "lambda:CreateAlias",
        "codedeploy:CreateDeployment",
        "logs:CreateLogDelivery",
        "logs:PutResourcePolicy",
        "iam:PassRole",
        "lambda:TagResource",
    ] {
        assert!(permitted.contains(&action), "{action}");
    }
}

#[test]
fn the_policy_fits_into_a_managed_policy_and_only_four_statements_apply_to_all_resources() {
    let policy: Value = serde_json::from_str(POLICY).unwrap();
    assert!(policy.to_string().len() <= 6144, "a managed policy has at most 6,144 characters");
    let for_all_resources = ["Alarms", "Certificate", "DeliverAccessLogs", "LogQueries"];
    for statement in policy["Statement"].as_array().unwrap() {
        let is_for_all_resources = statement["Resource"] == serde_json::json!(["*"]);
        let name = statement["Sid"].as_str().unwrap();
        assert_eq!(is_for_all_resources, for_all_resources.contains(&name), "{name}");
    }
}
