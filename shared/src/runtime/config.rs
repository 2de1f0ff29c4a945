//! The configuration. Only this module reads the environment.

use super::compiled::{RULES, RULES_WITH_DEMO, VOCABULARY};
use crate::domain::expiration::{MAX_DAYS, Retention};
use crate::domain::permission::Vocabulary;
use crate::domain::rules::Rules;
use crate::service::Policy;
use std::collections::HashMap;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;
use tracing::level_filters::LevelFilter;

/// The configuration of a deployment, read once at start.
#[derive(Clone, Debug)]
pub struct Config {
    /// `TABLE_NAME`, required: the table of tokens.
    pub table_name: String,
    /// The policy of the deployment:
    /// - `MAX_LIFETIME_DAYS`, 0–3650, default 0: the maximum lifetime of a token, where 0 means that there is none.
    /// - `RETENTION_DAYS`, 0–3650, default 30: the time between the expiration and the purge of a token.
    /// - `DEMO`, `true` or `false`, default `false`: whether the rules of the demo's routes apply.
    /// - `USAGE_INTERVAL_SECONDS`, 0–86400, default 600: the minimum time between two writes of the use of a secret, where 0
    ///   means that no use is written.
    /// - `HISTORY_DAYS`, 1–3650, default 400: for how many days events are kept.
    pub policy: Policy,
    /// `TOKEN_HEADER`, default `authorization`: the name of the token header, in lowercase.
    pub token_header: String,
    /// `LOG_LEVEL` (`trace`, `debug`, `info`, `warn`, `error`, `off`), default `info`.
    pub log_level: LevelFilter,
    /// Whether `AWS_ENDPOINT_URL` or `AWS_ENDPOINT_URL_DYNAMODB` is set. Only then may the table be in an emulator, whose
    /// certificate Amazon did not sign.
    pub has_custom_endpoint: bool,
}

/// A variable that is missing or invalid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("environment variable {variable} {reason}")]
pub struct ConfigError {
    /// The variable's name.
    pub variable: &'static str,
    /// What is expected.
    pub reason: String,
}

impl Config {
    /// Reads the environment of the process.
    ///
    /// # Errors
    /// [`ConfigError`] for the first variable that is missing or invalid.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_variables(&environment())
    }

    /// Reads variables by name. An empty variable counts as absent.
    ///
    /// # Errors
    /// [`ConfigError`] for the first variable that is missing or invalid.
    pub fn from_variables(variables: &HashMap<String, String>) -> Result<Self, ConfigError> {
        let get = |name: &str| value(variables, name);
        let table_name =
            get("TABLE_NAME").ok_or_else(|| invalid("TABLE_NAME", "must be set"))?.to_owned();
        let log_level = get("LOG_LEVEL").unwrap_or("info");
        Ok(Self {
            table_name,
            policy: Policy {
                max_lifetime_days: max_lifetime_days(variables)?,
                retention: Retention(number(variables, "RETENTION_DAYS", 30, 0..=MAX_DAYS)?),
                vocabulary: &VOCABULARY,
                rules: rules(variables)?,
                usage_interval: number(variables, "USAGE_INTERVAL_SECONDS", 600, 0..=86_400)?,
                history_days: number(variables, "HISTORY_DAYS", 400, 1..=MAX_DAYS)?,
            },
            token_header: token_header(variables)?,
            log_level: LevelFilter::from_str(log_level).map_err(|_| {
                invalid("LOG_LEVEL", "must be trace, debug, info, warn, error or off")
            })?,
            has_custom_endpoint: ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB"]
                .iter()
                .any(|name| get(name).is_some()),
        })
    }
}

/// The settings of a deployment that the console's page needs, read once at start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsoleConfig {
    /// `TOKEN_HEADER`, default `authorization`: the name of the token header, in lowercase.
    pub token_header: String,
    /// `MAX_LIFETIME_DAYS`, 0–3650, default 0: the maximum lifetime of a token, where 0 means that there is none.
    pub max_lifetime_days: Option<u32>,
    /// `AUTHORIZER_CACHE_SECONDS`, 0–3600, default 0: how long API Gateway reuses a decision of the authorizer.
    pub cache_seconds: u32,
    /// `CONSOLE_IDLE_MINUTES`, 0–1440, default 30: after how many minutes without input the page signs the user out, where
    /// 0 means never.
    pub idle_minutes: u32,
    /// The vocabulary of permissions.
    pub vocabulary: &'static Vocabulary,
}

impl ConsoleConfig {
    /// The default of `CONSOLE_IDLE_MINUTES`.
    pub const DEFAULT_IDLE_MINUTES: u32 = 30;

    /// Reads the environment of the process.
    ///
    /// # Errors
    /// [`ConfigError`] for the first variable that is invalid.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_variables(&environment())
    }

    /// Reads variables by name. An empty variable counts as absent.
    ///
    /// # Errors
    /// [`ConfigError`] for the first variable that is invalid.
    pub fn from_variables(variables: &HashMap<String, String>) -> Result<Self, ConfigError> {
        let idle = "CONSOLE_IDLE_MINUTES";
        Ok(Self {
            token_header: token_header(variables)?,
            max_lifetime_days: max_lifetime_days(variables)?,
            cache_seconds: number(variables, "AUTHORIZER_CACHE_SECONDS", 0, 0..=3600)?,
            idle_minutes: number(variables, idle, Self::DEFAULT_IDLE_MINUTES, 0..=24 * 60)?,
            vocabulary: &VOCABULARY,
        })
    }
}

#[expect(clippy::disallowed_methods, reason = "the only place that reads the environment")]
fn environment() -> HashMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// Returns the value of a variable. An empty variable counts as absent.
fn value<'a>(variables: &'a HashMap<String, String>, name: &str) -> Option<&'a str> {
    variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
}

fn token_header(variables: &HashMap<String, String>) -> Result<String, ConfigError> {
    let name = value(variables, "TOKEN_HEADER").unwrap_or("authorization");
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if !name.bytes().all(is_token) {
        return Err(invalid("TOKEN_HEADER", "must be a header name"));
    }
    Ok(name.to_ascii_lowercase())
}

fn max_lifetime_days(variables: &HashMap<String, String>) -> Result<Option<u32>, ConfigError> {
    let most = number(variables, "MAX_LIFETIME_DAYS", 0, 0..=MAX_DAYS)?;
    Ok((most > 0).then_some(most))
}

fn rules(variables: &HashMap<String, String>) -> Result<Rules<'static>, ConfigError> {
    match value(variables, "DEMO") {
        None | Some("false") => Ok(RULES),
        Some("true") => Ok(RULES_WITH_DEMO),
        Some(_) => Err(invalid("DEMO", "must be true or false")),
    }
}

fn number(
    variables: &HashMap<String, String>,
    variable: &'static str,
    default: u32,
    range: RangeInclusive<u32>,
) -> Result<u32, ConfigError> {
    let Some(text) = value(variables, variable) else {
        return Ok(default);
    };
    let number = text.parse().ok().filter(|number| range.contains(number));
    let (least, most) = range.into_inner();
    number
        .ok_or_else(|| invalid(variable, format!("must be a whole number from {least} to {most}")))
}

fn invalid(variable: &'static str, reason: impl Display) -> ConfigError {
    ConfigError { variable, reason: reason.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let variables =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Config::from_variables(&variables.collect())
    }

    #[test]
    fn only_the_table_is_required() {
        let config = read(&[("TABLE_NAME", "tokens"), ("MAX_LIFETIME_DAYS", "")]).unwrap();
        assert_eq!(config.table_name, "tokens");
        assert_eq!(config.policy.max_lifetime_days, None);
        assert_eq!(config.policy.retention, Retention(30));
        assert!(std::ptr::eq(config.policy.rules.routes, RULES.routes));
        assert_eq!(config.token_header, "authorization");
        assert_eq!(config.log_level, LevelFilter::INFO);
        assert!(!config.has_custom_endpoint);
    }

    #[test]
    fn an_endpoint_is_custom_only_if_its_variable_is_set() {
        for name in ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB"] {
            let config = read(&[("TABLE_NAME", "tokens"), (name, "https://localhost:8000")]);
            assert!(config.unwrap().has_custom_endpoint, "{name}");
        }
        let config = read(&[("TABLE_NAME", "tokens"), ("AWS_ENDPOINT_URL", "")]);
        assert!(!config.unwrap().has_custom_endpoint);
    }

    #[test]
    fn variables_replace_the_defaults() {
        let config = read(&[
            ("TABLE_NAME", "t"),
            ("MAX_LIFETIME_DAYS", "90"),
            ("RETENTION_DAYS", "0"),
            ("DEMO", "true"),
            ("TOKEN_HEADER", "Token"),
            ("LOG_LEVEL", "warn"),
        ])
        .unwrap();
        assert_eq!(config.policy.max_lifetime_days, Some(90));
        assert_eq!(config.policy.retention, Retention(0));
        assert!(std::ptr::eq(config.policy.rules.routes, RULES_WITH_DEMO.routes));
        assert_eq!(config.token_header, "token");
        assert_eq!(config.log_level, LevelFilter::WARN);
    }

    #[test]
    fn an_invalid_variable_is_named() {
        assert_eq!(
            read(&[]).unwrap_err().to_string(),
            "environment variable TABLE_NAME must be set"
        );
        for (name, value) in [
            ("MAX_LIFETIME_DAYS", "3651"),
            ("MAX_LIFETIME_DAYS", "-1"),
            ("RETENTION_DAYS", "a week"),
            ("DEMO", "yes"),
            ("TOKEN_HEADER", "two words"),
            ("LOG_LEVEL", "loud"),
        ] {
            assert_eq!(read(&[("TABLE_NAME", "t"), (name, value)]).unwrap_err().variable, name);
        }
    }

    #[test]
    fn the_console_reads_its_own_variables() {
        let read = |variables: &[(&str, &str)]| {
            let variables =
                variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            ConsoleConfig::from_variables(&variables.collect())
        };
        let default = ConsoleConfig {
            token_header: "authorization".to_owned(),
            max_lifetime_days: None,
            cache_seconds: 0,
            idle_minutes: 30,
            vocabulary: &VOCABULARY,
        };
        assert_eq!(read(&[("CONSOLE_IDLE_MINUTES", "")]), Ok(default.clone()));
        let never = ConsoleConfig { idle_minutes: 0, ..default };
        assert_eq!(read(&[("CONSOLE_IDLE_MINUTES", "0")]), Ok(never));
        for value in ["1441", "-1", "an hour"] {
            let error = read(&[("CONSOLE_IDLE_MINUTES", value)]).unwrap_err();
            assert_eq!(error.variable, "CONSOLE_IDLE_MINUTES");
        }
    }
}
