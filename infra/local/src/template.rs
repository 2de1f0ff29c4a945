//! What the gateway needs of `template.yaml`: the routes of the API and the definition of the table.

use saphyr::{LoadableYamlNode, Yaml};

/// The parts of the template that run locally.
#[derive(Debug, PartialEq)]
pub struct Template {
    /// Every `AWS::ApiGatewayV2::Route`.
    pub routes: Vec<TemplateRoute>,
    /// The one `AWS::DynamoDB::Table`.
    pub table: TableDefinition,
}

/// One route.
#[derive(Debug, PartialEq)]
pub struct TemplateRoute {
    /// `GET`, …, or `ANY`.
    pub method: String,
    /// The path with its placeholders.
    pub path: String,
    /// The logical id of the function behind it.
    pub function: String,
    /// Whether the authorizer is asked first.
    pub authorized: bool,
}

/// The table.
#[derive(Debug, PartialEq)]
pub struct TableDefinition {
    /// Name and type (`S`, `N`, `B`) of each key attribute.
    pub attributes: Vec<(String, String)>,
    /// Name and role (`HASH`, `RANGE`) of each key attribute.
    pub keys: Vec<(String, String)>,
    /// The attribute by which items are removed.
    pub time_to_live: String,
}

/// What is missing or not understood, and where.
#[derive(Debug, PartialEq, thiserror::Error)]
#[error("template.yaml: {0}")]
pub struct TemplateError(String);

type Result<T> = std::result::Result<T, TemplateError>;

impl Template {
    /// Reads the template's text.
    ///
    /// # Errors
    /// [`TemplateError`], which names the resource and the property.
    pub fn parse(text: &str) -> Result<Self> {
        let documents =
            Yaml::load_from_str(text).map_err(|error| TemplateError(error.to_string()))?;
        let document = documents.first().ok_or_else(|| TemplateError("is empty".to_owned()))?;
        let resources = Node { path: String::new(), yaml: document }.get("Resources")?;
        let table = resources.of_type("AWS::DynamoDB::Table").next();
        let table = table.ok_or_else(|| TemplateError("has no AWS::DynamoDB::Table".to_owned()))?;
        let routes = resources
            .of_type("AWS::ApiGatewayV2::Route")
            .map(|route| TemplateRoute::read(&route, &resources));
        Ok(Self { routes: routes.collect::<Result<_>>()?, table: TableDefinition::read(&table)? })
    }
}

impl TemplateRoute {
    fn read(route: &Node<'_>, resources: &Node<'_>) -> Result<Self> {
        let key = route.get("RouteKey")?;
        let (method, path) =
            key.text()?.split_once(' ').ok_or_else(|| key.wrong("a method and a path"))?;
        // `integrations/${GenerateIntegration}`
        let target = route.get("Target")?;
        let integration =
            target.text()?.strip_prefix("integrations/${").and_then(|rest| rest.strip_suffix('}'));
        let integration = integration.ok_or_else(|| target.wrong("integrations/${…}"))?;
        // `GenerateFunction.Arn`
        let uri = resources.get(integration)?.get("Properties")?.get("IntegrationUri")?;
        let function = uri
            .text()?
            .strip_suffix(".Arn")
            .ok_or_else(|| uri.wrong("!GetAtt ….Arn of a function"))?;
        Ok(Self {
            method: method.to_owned(),
            path: path.to_owned(),
            function: function.to_owned(),
            authorized: route
                .get("AuthorizationType")
                .and_then(|kind| kind.text())
                .is_ok_and(|kind| kind == "CUSTOM"),
        })
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

/// A place in the template. Intrinsic functions such as `!Ref` are read as what they are applied to.
#[derive(Clone)]
struct Node<'a> {
    path: String,
    yaml: &'a Yaml<'a>,
}

impl<'a> Node<'a> {
    fn get(&self, name: &str) -> Result<Node<'a>> {
        let path =
            if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        let yaml = plain(self.yaml).as_mapping_get(name);
        yaml.map(|yaml| Node { path: path.clone(), yaml })
            .ok_or_else(|| TemplateError(format!("{path} is missing")))
    }

    fn text(&self) -> Result<&'a str> {
        plain(self.yaml).as_str().ok_or_else(|| self.wrong("a text"))
    }

    fn elements(&self) -> Result<impl Iterator<Item = Node<'a>>> {
        let Yaml::Sequence(elements) = plain(self.yaml) else {
            return Err(self.wrong("a list"));
        };
        let path = self.path.clone();
        let place = move |(index, yaml)| Node { path: format!("{path}[{index}]"), yaml };
        Ok(elements.iter().enumerate().map(place))
    }

    /// The properties of every resource of a type.
    fn of_type(&self, kind: &'static str) -> impl Iterator<Item = Node<'a>> {
        let members = plain(self.yaml).as_mapping().into_iter().flatten();
        let names: Vec<_> = members.filter_map(|(name, _)| name.as_str()).collect();
        let of_kind = |one: &Node<'_>| {
            one.get("Type").and_then(|given| given.text()).is_ok_and(|given| given == kind)
        };
        let resources = names.into_iter().filter_map(|name| self.get(name).ok()).filter(of_kind);
        resources.filter_map(|one| one.get("Properties").ok()).collect::<Vec<_>>().into_iter()
    }

    fn wrong(&self, expected: &str) -> TemplateError {
        TemplateError(format!("{} must be {expected}", self.path))
    }
}

fn plain<'a>(yaml: &'a Yaml<'a>) -> &'a Yaml<'a> {
    match yaml {
        Yaml::Tagged(_, inner) => plain(inner),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_by_its_place() {
        let error = |text| Template::parse(text).unwrap_err().to_string();
        assert_eq!(error("Resources: {}"), "template.yaml: has no AWS::DynamoDB::Table");
        assert_eq!(error("a: 1"), "template.yaml: Resources is missing");
        let table = "Resources:\n  Table:\n    Type: AWS::DynamoDB::Table\n    Properties: {}\n";
        assert_eq!(
            error(table),
            "template.yaml: Resources.Table.Properties.AttributeDefinitions is missing"
        );
    }
}
