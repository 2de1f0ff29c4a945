//! Translates a grant into Cedar policies. What each role allows is written here a second time.

use super::random::METHODS;
use cedar_policy::PolicySet;
use serde_json::{Value, json};

const ALL_ACTIONS: &[&str] = &["get", "create", "update", "delete", "trigger"];
/// A condition that is always true.
const ALWAYS: &str = "true";

/// Returns the policies that permit what a grant allows.
pub fn policies(grant: &Value) -> PolicySet {
    let translation = Translation { grant };
    let policies = match translation.string("resource") {
        "devtronApps" => translation.devtron_apps(),
        "helmApps" => translation.helm_apps(),
        "jobs" => translation.jobs(),
        "kubernetes" => translation.kubernetes(),
        "chartGroups" => translation.chart_groups(),
        _ => translation.routes(),
    };
    policies.join("\n").parse().unwrap_or_else(|error| panic!("{error}: {policies:?}"))
}

struct Translation<'a> {
    grant: &'a Value,
}

impl Translation<'_> {
    fn devtron_apps(&self) -> Vec<String> {
        let actions = match self.string("role") {
            "view" => &["get"],
            "trigger" => &["get", "trigger"][..],
            _ => ALL_ACTIONS,
        };
        let project = self.equals("project", 0);
        let application = [project.clone(), self.contains("applications", 1)];
        let environment =
            [project, self.contains("environments", 1), self.contains("applications", 2)];
        vec![
            permit("applications", actions, 2, &application),
            permit("environments", actions, 3, &environment),
        ]
    }

    fn helm_apps(&self) -> Vec<String> {
        let actions = match self.string("role") {
            "view" => &["get"],
            "edit" => &["get", "update"][..],
            _ => ALL_ACTIONS,
        };
        let environments = self.grant["environments"].as_array().unwrap().iter();
        let environments = environments.map(|one| match one.as_str().unwrap().split_once('/') {
            None => ALWAYS.to_owned(),
            Some((cluster, "*")) => format!("resource.s1 == {cluster:?}"),
            Some((cluster, namespace)) => {
                format!("(resource.s1 == {cluster:?} && resource.s2 == {namespace:?})")
            }
        });
        let environments = format!("({})", environments.collect::<Vec<_>>().join(" || "));
        let conditions =
            [self.equals("project", 0), environments, self.contains("applications", 3)];
        vec![permit("helmApps", actions, 4, &conditions)]
    }

    fn jobs(&self) -> Vec<String> {
        let actions = match self.string("role") {
            "view" => &["get"],
            "trigger" => &["get", "trigger"][..],
            _ => ALL_ACTIONS,
        };
        let project = self.equals("project", 0);
        let job = [project.clone(), self.contains("jobs", 1)];
        let environment = [project, self.contains("environments", 1), self.contains("jobs", 2)];
        vec![permit("jobs", actions, 2, &job), permit("jobEnvironments", actions, 3, &environment)]
    }

    fn kubernetes(&self) -> Vec<String> {
        let actions = if self.string("role") == "view" { &["get"] } else { ALL_ACTIONS };
        let conditions = [
            self.equals("cluster", 0),
            self.contains("namespaces", 1),
            self.contains("apiGroups", 2),
            self.contains("kinds", 3),
            self.contains("names", 4),
        ];
        vec![permit("kubernetes", actions, 5, &conditions)]
    }

    fn chart_groups(&self) -> Vec<String> {
        let everywhere = [ALWAYS.to_owned()];
        match self.string("role") {
            "view" => vec![permit("chartGroups", &["get"], 1, &everywhere)],
            "edit" => vec![
                permit("chartGroups", &["get"], 1, &everywhere),
                permit("chartGroups", &["update"], 1, &[self.contains("names", 0)]),
            ],
            _ => vec![permit("chartGroups", ALL_ACTIONS, 1, &everywhere)],
        }
    }

    /// Returns a policy for each number of segments that the path pattern matches.
    fn routes(&self) -> Vec<String> {
        let methods = if self.grant["methods"] == json!(["*"]) {
            METHODS.to_vec()
        } else {
            vec![self.grant["methods"][0].as_str().unwrap()]
        };
        let pattern = self.grant["paths"][0].as_str().unwrap();
        let pattern: Vec<_> = pattern.split('/').skip(1).collect();
        let (fixed, is_open) = match pattern.split_last() {
            Some((&"**", fixed)) => (fixed, true),
            _ => (pattern.as_slice(), false),
        };
        let mut conditions = vec![ALWAYS.to_owned()];
        conditions.extend(fixed.iter().enumerate().map(|(index, segment)| match *segment {
            "*" => ALWAYS.to_owned(),
            literal => format!("resource.s{index} == {literal:?}"),
        }));
        let counts = (1..=4).filter(|count| match is_open {
            true => *count >= fixed.len(),
            false => *count == fixed.len(),
        });
        counts.map(|count| permit("route", &methods, count, &conditions)).collect()
    }

    fn string(&self, member: &str) -> &str {
        self.grant[member].as_str().unwrap_or_default()
    }

    /// Returns the condition that a segment is the value of this member.
    fn equals(&self, member: &str, index: usize) -> String {
        match self.string(member) {
            "*" => ALWAYS.to_owned(),
            name => format!("resource.s{index} == {name:?}"),
        }
    }

    /// Returns the condition that a segment is in the list of this member.
    fn contains(&self, member: &str, index: usize) -> String {
        let names = self.grant[member].as_array().unwrap().iter();
        let names: Vec<_> = names.map(|name| name.as_str().unwrap()).collect();
        if names == ["*"] {
            ALWAYS.to_owned()
        } else {
            format!("{names:?}.contains(resource.s{index})")
        }
    }
}

/// Returns a policy for objects with this number of segments.
fn permit(resource: &str, actions: &[&str], segments: usize, conditions: &[String]) -> String {
    let actions: Vec<_> =
        actions.iter().map(|action| format!("Action::\"{resource}:{action}\"")).collect();
    let (actions, conditions) = (actions.join(", "), conditions.join(" && "));
    format!(
        "permit(principal, action in [{actions}], resource) when {{ resource.count == {segments} && {conditions} }};"
    )
}
