//! The privileges that the IAM roles of `template.yaml` grant to each function, and those that the tests use.
//!
//! When handlers run in this process, the roles are enforced: a call fails if the role of the calling function does not
//! allow it, as in AWS. All test programs record the privileges that they use in one file, so that privileges that the
//! whole suite never uses can be found afterwards.

use crate::record::Record;
use crate::stack::Stack;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::interceptors::BeforeTransmitInterceptorContextRef;
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display, Formatter};
use std::sync::OnceLock;

tokio::task_local! {
    /// The logical id of the function that is acting.
    static ACTING: String;
}

/// One action on the items whose partition key matches a pattern.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Privilege {
    /// The logical id of a function.
    pub function: String,
    /// An IAM action, e.g. `dynamodb:GetItem`.
    pub action: String,
    /// A value of `dynamodb:LeadingKeys`.
    pub keys: String,
}

/// Runs `work` with the role of a function, which is given by its logical id.
pub async fn acting<T>(function: &str, work: impl Future<Output = T>) -> T {
    ACTING.scope(function.to_owned(), work).await
}

static USED: Record = Record::new("privileges");

/// Returns the privileges that the test programs of this build have used since `.ci/check` last deleted the record.
pub fn used() -> BTreeSet<Privilege> {
    USED.lines().iter().map(|line| Privilege::parse(line)).collect()
}

/// Returns the privileges that the template grants to a function.
pub fn granted(function: &str) -> BTreeSet<Privilege> {
    let mut privileges = BTreeSet::new();
    for statement in Stack::shipped().statements(function) {
        let condition = &statement["Condition"]["ForAllValues:StringLike"];
        let patterns = condition["dynamodb:LeadingKeys"].as_array();
        for action in statement["Action"].as_array().unwrap() {
            for pattern in patterns.into_iter().flatten() {
                privileges.insert(Privilege {
                    function: function.to_owned(),
                    action: action.as_str().unwrap().to_owned(),
                    keys: pattern.as_str().unwrap().to_owned(),
                });
            }
        }
    }
    privileges
}

impl Privilege {
    fn parse(line: &str) -> Self {
        let mut words = line.split(' ').map(str::to_owned);
        let mut word = || words.next().unwrap();
        Self { function: word(), action: word(), keys: word() }
    }
}

impl Display for Privilege {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {} {}", self.function, self.action, self.keys)
    }
}

/// An interceptor that enforces the template's roles. It maps functions to their privileges.
#[derive(Debug)]
pub struct Privileges(BTreeMap<String, BTreeSet<Privilege>>);

impl Privileges {
    /// Returns a copy of `client` that rejects calls that the role of the calling function does not allow.
    pub fn enforced_on(client: &Client) -> Client {
        static ROLES: OnceLock<BTreeMap<String, BTreeSet<Privilege>>> = OnceLock::new();
        let roles = ROLES.get_or_init(|| {
            let functions = Stack::shipped().our_functions();
            functions.keys().map(|name| (name.clone(), granted(name))).collect()
        });
        let config = client.config().to_builder();
        Client::from_conf(config.interceptor(Self(roles.clone())).build())
    }
}

impl Intercept for Privileges {
    fn name(&self) -> &'static str {
        "Privileges"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request();
        let operation = request.headers().get("x-amz-target").unwrap();
        let operation = operation.trim_start_matches("DynamoDB_20120810.");
        let body = serde_json::from_slice(request.body().bytes().unwrap())?;
        let function = ACTING.try_with(Clone::clone)?;
        for (action, key) in actions(operation, &body) {
            let permitted = self.0[&function].iter().find(|privilege| {
                privilege.action == format!("dynamodb:{action}") && is_like(&key, &privilege.keys)
            });
            let permitted = permitted
                .ok_or_else(|| format!("{function} may not {action} where the key is {key}"))?;
            USED.add(&permitted.to_string());
        }
        Ok(())
    }
}

/// Returns the IAM actions that a request needs, each with the partition key of its item.
fn actions(operation: &str, body: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value["S"].as_str().unwrap().to_owned();
    match operation {
        "TransactWriteItems" => {
            let writes = body["TransactItems"].as_array().unwrap().iter();
            let writes = writes.flat_map(|write| write.as_object().unwrap());
            writes
                .map(|(kind, write)| {
                    let key = write.get("Key").or_else(|| write.get("Item"));
                    (format!("{kind}Item"), text(&key.unwrap()["pk"]))
                })
                .collect()
        }
        "BatchGetItem" => {
            let tables = body["RequestItems"].as_object().unwrap().values();
            let keys = tables.flat_map(|table| table["Keys"].as_array().unwrap());
            keys.map(|key| (operation.to_owned(), text(&key["pk"]))).collect()
        }
        "Query" => {
            let values = body["ExpressionAttributeValues"].as_object().unwrap();
            vec![(operation.to_owned(), text(&values[":pk"]))]
        }
        _ => vec![(operation.to_owned(), text(&body["Key"]["pk"]))],
    }
}

/// Returns whether IAM's `StringLike` matches, for patterns that contain `*` only at their end.
fn is_like(value: &str, pattern: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => value.starts_with(start),
        None => value == pattern,
    }
}
