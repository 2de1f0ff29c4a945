//! The templates as JSON, with intrinsic functions in CloudFormation's JSON form.

use local::template::{DEMO, STACK, Source};
use saphyr::{LoadableYamlNode, Yaml};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const ALARMS: Source<'_> =
    Source { file: "infra/alarms.yaml", text: include_str!("../../infra/alarms.yaml") };

/// Returns the template of the stack.
pub fn template() -> Value {
    parse_yaml(STACK.text)
}

/// Returns the templates that the stack nests, by file.
pub fn nested() -> BTreeMap<&'static str, Value> {
    [DEMO, ALARMS].map(|source| (source.file, parse_yaml(source.text))).into()
}

/// Returns a YAML document as JSON.
pub fn parse_yaml(document: &str) -> Value {
    to_json(&Yaml::load_from_str(document).unwrap()[0])
}

/// Returns the resources of a type in all templates, by logical id.
pub fn resources(kind: &str) -> Map<String, Value> {
    let mut found = all_resources();
    found.retain(|_, resource| resource["Type"] == kind);
    found
}

fn all_resources() -> Map<String, Value> {
    let mut all = Map::new();
    for template in [template()].into_iter().chain(nested().into_values()) {
        for (name, resource) in template["Resources"].as_object().unwrap().clone() {
            assert!(all.insert(name.clone(), resource).is_none(), "two resources named {name}");
        }
    }
    all
}

/// Returns the functions of this project, each logical id with its folder in `functions/`.
///
/// All other functions belong to the user of the template, who may declare them in any way: no test looks at them.
pub fn our_functions() -> BTreeMap<String, String> {
    let functions = resources("AWS::Serverless::Function").into_iter();
    let folder = |function: &Value| {
        let code = function["Properties"]["CodeUri"].as_str()?;
        code.strip_prefix("functions/").map(str::to_owned)
    };
    functions.filter_map(|(name, function)| Some((name, folder(&function)?))).collect()
}

/// Returns the policy statements of the role of a function, which is given by logical id.
pub fn statements(function: &str) -> Vec<Value> {
    let template = template();
    let role = &template["Resources"][function]["Properties"]["Role"]["Fn::GetAtt"][0];
    let role = &template["Resources"][role.as_str().unwrap()]["Properties"];
    let policies = role["Policies"].as_array().unwrap().iter();
    policies
        .flat_map(|policy| policy["PolicyDocument"]["Statement"].as_array().unwrap())
        .cloned()
        .collect()
}

fn to_json(yaml: &Yaml<'_>) -> Value {
    match yaml {
        Yaml::Tagged(tag, inner) => intrinsic(&tag.suffix, to_json(inner)),
        Yaml::Mapping(members) => {
            let members = members.iter();
            members
                .map(|(name, value)| (name.as_str().unwrap().to_owned(), to_json(value)))
                .collect()
        }
        Yaml::Sequence(elements) => elements.iter().map(to_json).collect(),
        other => {
            let scalar = other.as_bool().map(Value::from);
            let scalar = scalar.or_else(|| other.as_integer().map(Value::from));
            scalar.or_else(|| other.as_str().map(Value::from)).unwrap_or_default()
        }
    }
}

fn intrinsic(tag: &str, argument: Value) -> Value {
    match tag {
        "Ref" => json!({ "Ref": argument }),
        "GetAtt" => {
            let (resource, attribute) = argument.as_str().unwrap().split_once('.').unwrap();
            json!({ "Fn::GetAtt": [resource, attribute] })
        }
        function => json!({ format!("Fn::{function}"): argument }),
    }
}
