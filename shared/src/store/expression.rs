//! Update and condition expressions, with their attribute names and values.

use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;

/// What a request sets and removes, and under which condition.
///
/// Attributes are written `#name` in every clause, because DynamoDB reserves many words. [`Expression::names`] collects
/// them.
#[derive(Default)]
pub(super) struct Expression {
    set: Vec<String>,
    remove: Vec<String>,
    conditions: Vec<String>,
    values: HashMap<String, AttributeValue>,
}

impl Expression {
    /// Sets an attribute, or removes it if there is no value.
    pub(super) fn assign(&mut self, attribute: &str, value: Option<AttributeValue>) -> &mut Self {
        match value {
            Some(value) => {
                self.set.push(format!("#{attribute} = :{attribute}"));
                self.values.insert(format!(":{attribute}"), value);
            }
            None => self.remove.push(format!("#{attribute}")),
        }
        self
    }

    /// Raises a number by one.
    pub(super) fn increment(&mut self, attribute: &str) -> &mut Self {
        self.set.push(format!("#{attribute} = #{attribute} + :one"));
        self.bind(":one", AttributeValue::N("1".to_owned()))
    }

    /// Returns whether the expression neither sets nor removes an attribute.
    pub(super) fn changes_nothing(&self) -> bool {
        self.set.is_empty() && self.remove.is_empty()
    }

    /// Adds a condition. All conditions must hold.
    pub(super) fn require(&mut self, condition: impl Into<String>) -> &mut Self {
        self.conditions.push(condition.into());
        self
    }

    /// Sets the value of a placeholder.
    pub(super) fn bind(&mut self, placeholder: &str, value: AttributeValue) -> &mut Self {
        self.values.insert(placeholder.to_owned(), value);
        self
    }

    /// Returns the update expression.
    pub(super) fn update(&self) -> String {
        let clause = |verb: &str, parts: &[String]| {
            (!parts.is_empty()).then(|| format!("{verb} {}", parts.join(", ")))
        };
        let clauses = [clause("SET", &self.set), clause("REMOVE", &self.remove)];
        clauses.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// Returns the condition expression.
    pub(super) fn condition(&self) -> String {
        self.conditions.iter().map(|one| format!("({one})")).collect::<Vec<_>>().join(" AND ")
    }

    /// Returns the name of each attribute in the clauses by its placeholder, for example `version` by `#version`.
    pub(super) fn names(&self) -> HashMap<String, String> {
        let clauses = self.set.iter().chain(&self.remove).chain(&self.conditions);
        let words = clauses
            .flat_map(|clause| clause.split(|c: char| !c.is_ascii_alphanumeric() && c != '#'));
        words
            .filter_map(|word| Some((word.to_owned(), word.strip_prefix('#')?.to_owned())))
            .collect()
    }

    /// Returns the values of the placeholders, or `None` if there are none: DynamoDB rejects an empty map.
    pub(super) fn values(&self) -> Option<HashMap<String, AttributeValue>> {
        (!self.values.is_empty()).then(|| self.values.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_names_and_values_match() {
        let mut expression = Expression::default();
        expression
            .assign("description", None)
            .assign("name", Some(AttributeValue::S("x".to_owned())))
            .increment("version")
            .require("attribute_exists(#pk)")
            .require("#purgeAt > :now");
        assert_eq!(
            expression.update(),
            "SET #name = :name, #version = #version + :one REMOVE #description"
        );
        assert_eq!(expression.condition(), "(attribute_exists(#pk)) AND (#purgeAt > :now)");
        let mut names: Vec<_> = expression.names().into_iter().collect();
        names.sort();
        let expected = ["description", "name", "pk", "purgeAt", "version"];
        assert_eq!(names, expected.map(|name| (format!("#{name}"), name.to_owned())));
        assert_eq!(expression.values().unwrap().len(), 2);
    }
}
