//! The decision: role by role, against Cedar, and under attack; and the compiler of `infra/routes.yaml`.

mod attacks;
mod cost;
mod explanation;
mod oracle;
mod roles;
mod rules;
mod support;
