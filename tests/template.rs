//! The template, the rules of its routes, and the functions behind them agree.

use local::TEMPLATE;
use local::template::Template;
use saphyr::{LoadableYamlNode, Yaml};
use shared::domain::rule::{RULES, Requirement, RouteRule};

fn template() -> Template {
    Template::parse(TEMPLATE).unwrap()
}

#[test]
fn every_protected_route_is_named_in_routes_yaml() {
    for route in template().routes {
        let rule = RouteRule::find(RULES, &route.method, &route.path);
        assert!(
            rule.is_some(),
            "infra/routes.yaml does not name {} {}",
            route.method,
            route.path
        );
    }
}

#[test]
fn every_route_asks_the_authorizer() {
    for route in template().routes {
        assert!(
            route.authorized,
            "{} {} is open to everybody",
            route.method, route.path
        );
    }
}

#[test]
fn every_management_route_requires_a_super_admin() {
    let management: Vec<_> = template()
        .routes
        .into_iter()
        .filter(|route| route.path.starts_with("/v1/"))
        .collect();
    assert_eq!(management.len(), 8);
    for route in management {
        let rule = RouteRule::find(RULES, &route.method, &route.path).unwrap();
        assert_eq!(
            *rule.requirement(&route.method),
            Requirement::SuperAdmin,
            "{}",
            route.path
        );
    }
}

#[test]
fn the_table_is_the_documented_one() {
    let table = template().table;
    let pair = |one: &str, two: &str| (one.to_owned(), two.to_owned());
    assert_eq!(table.attributes, [pair("pk", "S"), pair("sk", "S")]);
    assert_eq!(table.keys, [pair("pk", "HASH"), pair("sk", "RANGE")]);
    assert_eq!(table.time_to_live, "purgeAt");
}

#[test]
fn no_statement_allows_everything() {
    let documents = Yaml::load_from_str(TEMPLATE).unwrap();
    let resources = documents
        .first()
        .unwrap()
        .as_mapping_get("Resources")
        .unwrap();
    let mut statements = 0;
    for (name, resource) in resources.as_mapping().unwrap() {
        let policies = resource
            .as_mapping_get("Properties")
            .and_then(|properties| properties.as_mapping_get("Policies"));
        for policy in policies
            .and_then(|policies| policies.as_sequence())
            .into_iter()
            .flatten()
        {
            for statement in policy
                .as_mapping_get("Statement")
                .unwrap()
                .as_sequence()
                .unwrap()
            {
                statements += 1;
                for action in statement
                    .as_mapping_get("Action")
                    .unwrap()
                    .as_sequence()
                    .unwrap()
                {
                    assert!(!action.as_str().unwrap().contains('*'), "{name:?}");
                }
                let resource = statement.as_mapping_get("Resource").unwrap();
                let Yaml::Tagged(_, table) = resource else {
                    panic!("{resource:?}")
                };
                assert_eq!(table.as_str(), Some("Table.Arn"), "{name:?}");
            }
        }
    }
    assert_eq!(statements, 7);
}
