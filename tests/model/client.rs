//! A client of a run. It runs steps, whose details depend on the outcomes of earlier ones, and records their outcomes.

use crate::history::{Change, Operation, Outcome, Rejection, Tick, TokenState};
use crate::program::{NAMES, Step, StepKind};
use crate::reads::order_request;
use shared::domain::description::Description;
use shared::domain::event::{Caller, TokenCaller};
use shared::domain::expiration::RequestedExpiration;
use shared::domain::grant::Permissions;
use shared::domain::id::TokenId;
use shared::domain::name::TokenName;
use shared::domain::patch::{Patch, TokenPatch};
use shared::domain::precondition::Precondition;
use shared::domain::record::Record;
use shared::domain::version::entity_tag;
use shared::service::generate::NewToken;
use shared::service::regenerate::Renewal;
use shared::service::{Error, TokenService};
use std::sync::{Arc, Mutex};
use tests::app::route_permissions;
use tests::fixture::VOCABULARY;

/// What the clients of one run share.
#[derive(Clone, Debug)]
pub struct Run {
    /// The prefix of the names of this run.
    pub prefix: String,
    pub history: Arc<Mutex<History>>,
}

/// The operations so far, and every token that was issued.
#[derive(Debug, Default)]
pub struct History {
    pub operations: Vec<Operation>,
    tokens: Vec<IssuedToken>,
    now: Tick,
}

/// A token that was generated or regenerated, with its version at that time.
#[derive(Clone, Debug)]
pub struct IssuedToken {
    /// The index of the name.
    pub name: usize,
    pub id: TokenId,
    pub token: String,
    version: u64,
}

/// One of the clients that run a program concurrently.
pub struct Client {
    pub service: TokenService,
    pub run: Run,
}

impl Client {
    /// Runs a step. Fails with an error that a client should never get from a working table.
    pub async fn run_step(&self, step: Step) -> Result<(), Error> {
        let started = self.tick();
        if let Some((name, outcome)) = self.try_step(step, started).await? {
            self.record(started, name, outcome);
        }
        Ok(())
    }

    /// Advances the logical time, and returns it.
    pub fn tick(&self) -> Tick {
        let mut history = self.run.history.lock().unwrap();
        history.now += 1;
        history.now
    }

    /// Records an operation that has just finished, and the token that it issued.
    pub fn record(&self, started: Tick, name: usize, outcome: Outcome) {
        let finished = self.tick();
        let mut history = self.run.history.lock().unwrap();
        let issued = match &outcome {
            Outcome::Generated(Some((id, token))) => Some((*id, token.clone(), 1)),
            Outcome::Regenerated { id, result: Ok((version, token)), .. } => {
                Some((*id, token.clone(), *version))
            }
            _ => None,
        };
        let issued = issued.map(|(id, token, version)| IssuedToken { name, id, token, version });
        history.tokens.extend(issued);
        history.operations.push(Operation { started, finished, name, outcome });
    }

    /// Returns one of the last four tokens that were issued.
    fn recent_token(&self, random: u32) -> Option<IssuedToken> {
        let history = self.run.history.lock().unwrap();
        let mut recent = history.tokens.iter().rev().take(4);
        let index = usize::try_from(random).unwrap() % recent.len().max(1);
        recent.nth(index).cloned()
    }

    /// Runs a step. Returns the index of the name and the outcome, or `None` if there is nothing left to record.
    async fn try_step(&self, step: Step, started: Tick) -> Result<Option<(usize, Outcome)>, Error> {
        let name = usize::try_from(step.random % 7).unwrap() % NAMES;
        match step.kind {
            StepKind::Generate => return Ok(Some((name, self.generate(name).await?))),
            StepKind::List => {
                self.list(started).await?;
                return Ok(None);
            }
            _ => {}
        }
        let Some(token) = self.recent_token(step.random >> 8) else {
            return Ok(None);
        };
        let if_match = step.random.is_multiple_of(3).then_some(token.version);
        let id = token.id;
        let outcome = match step.kind {
            StepKind::SetDescription => {
                let change = Change::Description(step.random % 1000);
                self.update(id, if_match, change).await?
            }
            StepKind::WidenPermissions | StepKind::NarrowPermissions => {
                let wide = matches!(step.kind, StepKind::WidenPermissions);
                self.update(id, if_match, Change::Permissions { wide }).await?
            }
            StepKind::Regenerate | StepKind::RegenerateWithGrace => {
                let grace = matches!(step.kind, StepKind::RegenerateWithGrace);
                match self.regenerate(id, if_match, grace, None).await? {
                    Some(outcome) => outcome,
                    None => return Ok(None),
                }
            }
            StepKind::Rollback => self.roll_back(id, if_match).await?,
            StepKind::EndPrevious => self.end_previous(id, if_match).await?,
            StepKind::Delete => self.delete(id, if_match).await?,
            StepKind::Get => self.get(id).await?,
            StepKind::Authorize => {
                let wide = step.random.is_multiple_of(2);
                self.authorize(&token, &order_request(wide), wide).await?.0
            }
            StepKind::Introspect => self.introspect(&token, step.random.is_multiple_of(2)).await?,
            StepKind::Revoke => match self.revoke(&token).await? {
                Some(outcome) => outcome,
                None => return Ok(None),
            },
            StepKind::GetSelf | StepKind::RegenerateSelf | StepKind::RevokeSelf => {
                self.act_for_itself(step, &token, if_match, started).await?;
                return Ok(None);
            }
            StepKind::Generate | StepKind::List => unreachable!("handled above"),
        };
        Ok(Some((token.name, outcome)))
    }

    async fn generate(&self, name: usize) -> Result<Outcome, Error> {
        let new = NewToken {
            owner: None,
            name: TokenName::parse(&self.full_name(name)).unwrap(),
            description: None,
            expires_at: None,
            permissions: permissions(true),
            allowed_ips: None,
            self_regenerate: true,
        };
        match self.service.generate(&Caller::bootstrap(), new, self.service.now()).await {
            Ok(issued) => {
                let token = issued.token.reveal().to_string();
                Ok(Outcome::Generated(Some((issued.record.id, token))))
            }
            Err(Error::NameTaken(_)) => Ok(Outcome::Generated(None)),
            Err(error) => Err(error),
        }
    }

    async fn update(
        &self,
        id: TokenId,
        if_match: Option<u64>,
        change: Change,
    ) -> Result<Outcome, Error> {
        let patch = match change {
            Change::Description(number) => TokenPatch {
                owner: Patch::Unchanged,
                description: Patch::Set(Description::parse(&number.to_string()).unwrap()),
                permissions: None,
                allowed_ips: Patch::Unchanged,
                self_regenerate: Patch::Unchanged,
            },
            Change::Permissions { wide } => TokenPatch {
                description: Patch::Unchanged,
                owner: Patch::Unchanged,
                permissions: Some(permissions(wide)),
                allowed_ips: Patch::Unchanged,
                self_regenerate: Patch::Unchanged,
            },
        };
        let precondition = precondition(if_match);
        let now = self.service.now();
        let updated =
            self.service.update(&Caller::bootstrap(), id, patch, &precondition, now).await;
        let result = rejection(updated)?.map(|record| state(&record));
        Ok(Outcome::Updated { id, if_match, change, result })
    }

    /// Regenerates a token, or lets it regenerate itself if `itself` is given. Returns `None` if nothing was written because other
    /// clients kept changing the token.
    pub async fn regenerate(
        &self,
        id: TokenId,
        if_match: Option<u64>,
        grace: bool,
        itself: Option<(&TokenCaller, &IssuedToken)>,
    ) -> Result<Option<Outcome>, Error> {
        let precondition = precondition(if_match);
        let now = self.service.now();
        let renewal = Renewal {
            expiration: RequestedExpiration::Never,
            grace_seconds: u32::from(grace) * 3600,
        };
        let bootstrap = Caller::bootstrap();
        let regenerated = match itself {
            None => self.service.regenerate(&bootstrap, id, renewal, &precondition, now).await,
            Some((caller, _)) => {
                self.service.regenerate_self(caller, renewal, &precondition, now).await
            }
        };
        let result = match regenerated {
            Err(Error::Contended(_)) => return Ok(None),
            result => rejection(result)?,
        };
        let result =
            result.map(|issued| (issued.record.version, issued.token.reveal().to_string()));
        let by_itself = itself.map(|(_, issued)| issued.token.clone());
        Ok(Some(Outcome::Regenerated { id, if_match, grace, by_itself, result }))
    }

    async fn roll_back(&self, id: TokenId, if_match: Option<u64>) -> Result<Outcome, Error> {
        let (caller, precondition) = (Caller::bootstrap(), precondition(if_match));
        let record = self.service.roll_back(&caller, id, &precondition, self.service.now()).await;
        let result = rejection(record)?.map(|record| record.version);
        Ok(Outcome::RolledBack { id, if_match, result })
    }

    async fn end_previous(&self, id: TokenId, if_match: Option<u64>) -> Result<Outcome, Error> {
        let (caller, precondition) = (Caller::bootstrap(), precondition(if_match));
        let now = self.service.now();
        let record = self.service.end_previous(&caller, id, &precondition, now).await;
        let result = rejection(record)?.map(|record| record.version);
        Ok(Outcome::PreviousEnded { id, if_match, result })
    }

    async fn delete(&self, id: TokenId, if_match: Option<u64>) -> Result<Outcome, Error> {
        let precondition = precondition(if_match);
        let result =
            self.service.delete(&Caller::bootstrap(), id, &precondition, self.service.now()).await;
        Ok(Outcome::Deleted { id, if_match, result: rejection(result)? })
    }

    pub fn full_name(&self, name: usize) -> String {
        format!("{}{name}", self.run.prefix)
    }
}

pub fn precondition(if_match: Option<u64>) -> Precondition {
    Precondition::parse(if_match.map(entity_tag).as_deref())
}

/// Returns wide permissions, which allow `POST /orders/7`, or narrow ones, which allow only `GET`.
fn permissions(wide: bool) -> Permissions {
    let method = if wide { "*" } else { "GET" };
    let permissions = route_permissions(method, "/orders/**").to_string();
    Permissions::from_stored(&VOCABULARY, &permissions).unwrap()
}

/// Returns the part of a record that the model describes.
pub fn state(record: &Record) -> TokenState {
    let description = record.description.as_ref();
    TokenState {
        version: record.version,
        description: description.map(|number| number.as_str().parse().unwrap()),
        wide: record.permissions == permissions(true),
        // The clients generate and regenerate only tokens without an expiration, so this one was revoked.
        expired: record.expires_at.is_some(),
    }
}

/// Returns the value, or the error as a rejection if the model describes it. Fails with any other error.
pub fn rejection<T>(result: Result<T, Error>) -> Result<Result<T, Rejection>, Error> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(Error::NotFound) => Ok(Err(Rejection::NotFound)),
        Err(Error::VersionConflict(_)) => Ok(Err(Rejection::VersionConflict)),
        Err(Error::GracePeriodOpen) => Ok(Err(Rejection::GracePeriodOpen)),
        Err(Error::NoPreviousSecret) => Ok(Err(Rejection::NoPreviousSecret)),
        Err(Error::Forbidden(_)) => Ok(Err(Rejection::Forbidden)),
        Err(error) => Err(error),
    }
}
