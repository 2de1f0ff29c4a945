//! The decision, compared with expectations written by hand and with Cedar, and the compiler of `infra/routes.yaml`.

mod agreement;
mod attacks;
mod cost;
mod detours;
mod explanation;
mod grants;
mod matching;
mod normalisation;
mod oracle;
mod roles;
mod rules;
mod support;
