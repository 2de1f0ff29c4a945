//! The decision: role by role, against Cedar, and under attack; and the compiler of `infra/routes.yaml`.

mod agreement;
mod attacks;
mod cost;
mod explanation;
mod normalisation;
mod oracle;
mod roles;
mod rules;
mod support;
