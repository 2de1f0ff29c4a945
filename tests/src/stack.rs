//! The SAM templates of this repository as JSON. Intrinsic functions such as `!Ref` become objects such as `{"Ref": …}`.

use local::template::{DEMO, STACK, Source, TemplateRoute};
use saphyr::{LoadableYamlNode, Yaml};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::LazyLock;

const ALARMS: Source<'_> =
    Source { file: "infra/alarms.yaml", text: include_str!("../../infra/alarms.yaml") };

/// The templates that deploy tokenward.
pub struct Stack {
    /// The template of the stack.
    pub template: Value,
    /// The templates that it nests, by file.
    pub nested: BTreeMap<&'static str, Value>,
    routes: Vec<TemplateRoute>,
}

impl Stack {
    /// Returns the stack of this repository, which is parsed only once.
    pub fn shipped() -> &'static Self {
        static PARSED: LazyLock<Stack> = LazyLock::new(|| Stack::read(STACK.text));
        &PARSED
    }

    /// Returns a stack with this template, and with the nested templates of this repository.
    pub fn read(text: &str) -> Self {
        let source = Source { file: STACK.file, text };
        Self {
            template: parse_yaml(text),
            nested: [DEMO, ALARMS].map(|source| (source.file, parse_yaml(source.text))).into(),
            routes: source.routes().unwrap(),
        }
    }

    /// Returns the resources of a type in all templates, by logical id.
    pub fn resources(&self, kind: &str) -> Map<String, Value> {
        let mut found = self.all_resources();
        found.retain(|_, resource| resource["Type"] == kind);
        found
    }

    fn all_resources(&self) -> Map<String, Value> {
        let mut all = Map::new();
        for template in [&self.template].into_iter().chain(self.nested.values()) {
            for (name, resource) in template["Resources"].as_object().unwrap() {
                let other = all.insert(name.clone(), resource.clone());
                assert!(other.is_none(), "two resources named {name}");
            }
        }
        all
    }

    /// Returns the logical ids of this project's functions, each with its folder in `functions/`.
    ///
    /// The other functions in the template are a user's own. Users may declare them in any way, so they are not tested.
    pub fn our_functions(&self) -> BTreeMap<String, String> {
        let functions = self.resources("AWS::Serverless::Function").into_iter();
        let folder = |function: &Value| {
            let code = function["Properties"]["CodeUri"].as_str()?;
            code.strip_prefix("functions/").map(str::to_owned)
        };
        functions.filter_map(|(name, function)| Some((name, folder(&function)?))).collect()
    }

    /// Returns the routes of [`our_functions`](Self::our_functions).
    pub fn our_routes(&self) -> Vec<&TemplateRoute> {
        let ours = self.our_functions();
        self.routes.iter().filter(|route| ours.contains_key(&route.function)).collect()
    }

    /// Returns every route of the template that has the authorizer, including a user's own.
    pub fn protected_routes(&self) -> Vec<&TemplateRoute> {
        self.routes.iter().filter(|route| route.authorized).collect()
    }

    /// Returns the policy statements of the role of a function, which is given by logical id.
    pub fn statements(&self, function: &str) -> Vec<Value> {
        let resources = &self.template["Resources"];
        let role = &resources[function]["Properties"]["Role"]["Fn::GetAtt"][0];
        let role = &resources[role.as_str().unwrap()]["Properties"];
        let policies = role["Policies"].as_array().unwrap().iter();
        policies
            .flat_map(|policy| policy["PolicyDocument"]["Statement"].as_array().unwrap())
            .cloned()
            .collect()
    }
}

/// Returns a YAML document as JSON.
pub fn parse_yaml(document: &str) -> Value {
    to_json(&Yaml::load_from_str(document).unwrap()[0])
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
