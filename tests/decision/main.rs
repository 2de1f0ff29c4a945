//! The decision, compared with expectations written by hand and with Cedar, and the compilers of `infra/permissions.yaml` and
//! `infra/routes.yaml`.

mod agreement;
mod attacks;
mod compiler;
mod cost;
mod detours;
mod explanation;
mod grants;
mod matching;
mod normalisation;
mod oracle;
mod roles;
mod rules;
mod stored;
mod support;
mod vocabulary;
