//! Reads from the templates what the gateway needs: the routes of the API and the definition of the table.

mod node;

use node::Node;
use saphyr::{LoadableYamlNode, Yaml};
use shared::domain::path::specificity;
use std::path::Path;

/// The stack's template, as it was when this program was built.
pub const STACK: Source<'_> =
    Source { file: "template.yaml", text: include_str!("../../../../template.yaml") };

/// The template of the demo, which the stack nests.
pub const DEMO: Source<'_> =
    Source { file: "infra/demo/template.yaml", text: include_str!("../../../demo/template.yaml") };

/// The parts of the built-in templates that run locally.
#[derive(Debug, PartialEq)]
pub struct Template {
    /// The routes of the stack, then those of the demo. If two match the same requests, the first one applies.
    pub routes: Vec<TemplateRoute>,
    /// The table of the stack.
    pub table: TableDefinition,
    /// What the API allows pages of other origins.
    pub cors: CorsDefinition,
}

/// A template as text.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The path of the template's file, for errors.
    pub file: &'a str,
    /// The YAML.
    pub text: &'a str,
}

/// One route.
#[derive(Clone, Debug, PartialEq)]
pub struct TemplateRoute {
    /// An HTTP method, or `ANY`.
    pub method: String,
    /// The path with its placeholders.
    pub path: String,
    /// The logical id of the function that handles requests.
    pub function: String,
    /// The name of the function's program, which SAM reads from `Metadata.BuildProperties.Binary`.
    pub program: Option<String>,
    /// Whether the route is from a template that is given with `--template`. Its function is a user's own, even if it has the
    /// name of one of this project.
    pub is_from_given_template: bool,
    /// Whether the authorizer decides on requests first.
    pub authorized: bool,
}

/// The table.
#[derive(Debug, PartialEq)]
pub struct TableDefinition {
    /// Name and type (`S`, `N`, `B`) of each key attribute.
    pub attributes: Vec<(String, String)>,
    /// Name and role (`HASH`, `RANGE`) of each key attribute.
    pub keys: Vec<(String, String)>,
    /// The TTL attribute, after whose time items are deleted.
    pub time_to_live: String,
}

/// What an API allows pages of other origins. It applies only if `AllowedOrigins` names at least one.
#[derive(Debug, PartialEq)]
pub struct CorsDefinition {
    /// The methods of their requests.
    pub methods: Vec<String>,
    /// The headers of their requests. `TokenHeader` is the template's parameter for the header that contains the token.
    pub headers: Vec<String>,
    /// The headers of responses that they may read.
    pub exposed: Vec<String>,
    /// For how many seconds a browser may cache the response to a preflight request.
    pub max_age: i64,
}

/// A template that cannot be read, or a part of it that is missing or invalid. The message names the file and the place.
#[derive(Debug, PartialEq, thiserror::Error)]
#[error("{0}: {1}")]
pub struct TemplateError(String, String);

type Result<T> = std::result::Result<T, TemplateError>;

impl Template {
    /// Reads the built-in templates.
    ///
    /// # Errors
    /// [`TemplateError`]. A test would fail first, because the tests read the same templates.
    pub fn built_in() -> Result<Self> {
        let mut routes = STACK.routes()?;
        routes.extend(DEMO.routes()?);
        Ok(Self { routes, table: STACK.table()?, cors: STACK.cors()? })
    }
}

/// Reads the routes in a template that is given with `--template`.
///
/// # Errors
/// [`TemplateError`]: the file cannot be read, or a property of a resource is missing or invalid.
pub fn routes_of_file(path: &Path) -> Result<Vec<TemplateRoute>> {
    let file = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|error| TemplateError(file.clone(), error.to_string()))?;
    let mut routes = Source { file: &file, text: &text }.routes()?;
    routes.iter_mut().for_each(|route| route.is_from_given_template = true);
    Ok(routes)
}

impl Source<'_> {
    /// Reads every `AWS::ApiGatewayV2::Route`.
    ///
    /// # Errors
    /// [`TemplateError`], which names the resource and the property.
    pub fn routes(&self) -> Result<Vec<TemplateRoute>> {
        self.read(|resources| {
            let routes = resources.of_type("AWS::ApiGatewayV2::Route");
            routes.map(|route| TemplateRoute::read(&route, resources)).collect()
        })
    }

    /// Reads the `AWS::DynamoDB::Table`.
    ///
    /// # Errors
    /// [`TemplateError`], which names the resource and the property.
    pub fn table(&self) -> Result<TableDefinition> {
        self.read(|resources| match resources.of_type("AWS::DynamoDB::Table").next() {
            Some(table) => TableDefinition::read(&table),
            None => Err(self.error("has no AWS::DynamoDB::Table")),
        })
    }

    /// Reads the `CorsConfiguration` of the `AWS::ApiGatewayV2::Api`.
    ///
    /// # Errors
    /// [`TemplateError`], which names the resource and the property.
    pub fn cors(&self) -> Result<CorsDefinition> {
        self.read(|resources| match resources.of_type("AWS::ApiGatewayV2::Api").next() {
            Some(api) => CorsDefinition::read(&api),
            None => Err(self.error("has no AWS::ApiGatewayV2::Api")),
        })
    }

    /// Parses the text and reads something from its resources.
    fn read<T>(&self, read: impl FnOnce(&Node<'_>) -> Result<T>) -> Result<T> {
        let documents =
            Yaml::load_from_str(self.text).map_err(|error| self.error(error.to_string()))?;
        let yaml = documents.first().ok_or_else(|| self.error("is empty"))?;
        read(&Node::root(self, yaml).get("Resources")?)
    }

    fn error(&self, reason: impl Into<String>) -> TemplateError {
        TemplateError(self.file.to_owned(), reason.into())
    }
}

impl TemplateRoute {
    /// Returns a key that sorts routes as API Gateway matches them: the most specific path first and, of routes with the
    /// same path, those for one method before `ANY`.
    pub fn precedence(&self) -> impl Ord + use<> {
        (specificity(&self.path), self.method == "ANY")
    }

    /// Returns whether the route is for preflight requests. Such a route exists only if `AllowedOrigins` names an origin.
    pub fn is_for_preflights(&self) -> bool {
        self.method == "OPTIONS" && !self.authorized
    }

    fn read(route: &Node<'_>, resources: &Node<'_>) -> Result<Self> {
        let key = route.get("RouteKey")?;
        let (method, path) =
            key.text()?.split_once(' ').ok_or_else(|| key.invalid("a method and a path"))?;
        // `integrations/${GenerateIntegration}`
        let target = route.get("Target")?;
        let integration =
            target.text()?.strip_prefix("integrations/${").and_then(|rest| rest.strip_suffix('}'));
        let integration = integration.ok_or_else(|| target.invalid("integrations/${…}"))?;
        // `GenerateFunction.Arn`
        let uri = resources.get(integration)?.get("Properties")?.get("IntegrationUri")?;
        let function = uri
            .text()?
            .strip_suffix(".Arn")
            .ok_or_else(|| uri.invalid("!GetAtt ….Arn of a function"))?;
        let program = resources.get(function).and_then(|function| {
            function.get("Metadata")?.get("BuildProperties")?.get("Binary")?.text()
        });
        Ok(Self {
            method: method.to_owned(),
            path: path.to_owned(),
            function: function.to_owned(),
            program: program.ok().map(str::to_owned),
            is_from_given_template: false,
            authorized: is_authorized(route)?,
        })
    }
}

/// Returns whether a route has an authorizer. As for API Gateway, a route without a type has none.
fn is_authorized(route: &Node<'_>) -> Result<bool> {
    let Ok(kind) = route.get("AuthorizationType") else {
        return Ok(false);
    };
    match kind.text()? {
        "CUSTOM" => Ok(true),
        "NONE" => Ok(false),
        _ => Err(kind.invalid("CUSTOM or NONE")),
    }
}

impl TableDefinition {
    fn read(table: &Node<'_>) -> Result<Self> {
        let pairs = |list: &str, second: &str| {
            let read = |one: Node<'_>| {
                Ok((
                    one.get("AttributeName")?.text()?.to_owned(),
                    one.get(second)?.text()?.to_owned(),
                ))
            };
            table.get(list)?.elements()?.map(read).collect::<Result<Vec<_>>>()
        };
        Ok(Self {
            attributes: pairs("AttributeDefinitions", "AttributeType")?,
            keys: pairs("KeySchema", "KeyType")?,
            time_to_live: table
                .get("TimeToLiveSpecification")?
                .get("AttributeName")?
                .text()?
                .to_owned(),
        })
    }
}

impl CorsDefinition {
    fn read(api: &Node<'_>) -> Result<Self> {
        // `!If [condition, configuration, none]`
        let configuration = api.get("CorsConfiguration")?;
        let given = configuration.elements()?.nth(1);
        let given = given.ok_or_else(|| configuration.invalid("!If with a configuration"))?;
        let texts = |list: &str| -> Result<Vec<String>> {
            given.get(list)?.elements()?.map(|one| Ok(one.text()?.to_owned())).collect()
        };
        Ok(Self {
            methods: texts("AllowMethods")?,
            headers: texts("AllowHeaders")?,
            exposed: texts("ExposeHeaders")?,
            max_age: given.get("MaxAge")?.integer()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_the_file_and_the_place() {
        let source = |text| Source { file: "a.yaml", text };
        let table = |text| source(text).table().unwrap_err().to_string();
        assert_eq!(table("Resources: {}"), "a.yaml: has no AWS::DynamoDB::Table");
        assert_eq!(table("a: 1"), "a.yaml: Resources is missing");
        let without_keys =
            "Resources:\n  Table:\n    Type: AWS::DynamoDB::Table\n    Properties: {}\n";
        assert_eq!(
            table(without_keys),
            "a.yaml: Resources.Table.Properties.AttributeDefinitions is missing"
        );
        let route = "Resources:\n  R:\n    Type: AWS::ApiGatewayV2::Route\n    Properties: { RouteKey: x }\n";
        assert_eq!(
            source(route).routes().unwrap_err().to_string(),
            "a.yaml: Resources.R.Properties.RouteKey must be a method and a path"
        );
    }

    #[test]
    fn a_route_is_open_only_without_a_type_or_with_none() {
        let is_authorized = |text: &str| {
            let yaml = Yaml::load_from_str(text).unwrap();
            let source = Source { file: "a.yaml", text };
            is_authorized(&Node::root(&source, &yaml[0])).map_err(|error| error.to_string())
        };
        assert_eq!(is_authorized("AuthorizationType: CUSTOM"), Ok(true));
        assert_eq!(is_authorized("AuthorizationType: NONE"), Ok(false));
        assert_eq!(is_authorized("RouteKey: GET /x"), Ok(false));
        for other in ["JWT", "AWS_IAM", "!Ref Type", "custom"] {
            let error = Err("a.yaml: AuthorizationType must be CUSTOM or NONE".to_owned());
            assert_eq!(is_authorized(&format!("AuthorizationType: {other}")), error, "{other}");
        }
        let error = Err("a.yaml: AuthorizationType must be a string".to_owned());
        assert_eq!(is_authorized("AuthorizationType: !If [Prod, CUSTOM, NONE]"), error);
    }
}
