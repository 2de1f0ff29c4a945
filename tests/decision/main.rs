//! The decision: what each grant allows, by hand, by an independent oracle, and under attack.

mod attacks;
mod cost;
mod oracle;
mod roles;
mod rules;
mod support;
