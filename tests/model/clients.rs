//! Clients: they do their steps with what is known when their turn comes, and tell what they saw.

use crate::history::{Change, Event, Miss, Seen, Tick, View};
use crate::program::{NAMES, Step, Verb};
use serde_json::json;
use shared::domain::description::Description;
use shared::domain::grant::Permissions;
use shared::domain::id::TokenId;
use shared::domain::name::TokenName;
use shared::domain::page::{Entry, Filter, PageRequest};
use shared::domain::patch::{Patch, TokenPatch};
use shared::domain::precondition::Precondition;
use shared::domain::record::{Actor, Record};
use shared::domain::route::RouteRequest;
use shared::domain::rule::RULES_WITH_DEMO;
use shared::service::generate::NewToken;
use shared::service::{Error, TokenService};
use std::sync::{Arc, Mutex};

/// What the clients of one program share.
#[derive(Clone, Debug)]
pub struct Shared {
    /// What the names of this run begin with.
    pub prefix: String,
    pub noted: Arc<Mutex<Noted>>,
}

/// The history so far, and every token that was ever shown.
#[derive(Debug, Default)]
pub struct Noted {
    pub events: Vec<Event>,
    tokens: Vec<Known>,
    now: Tick,
}

#[derive(Clone, Debug)]
struct Known {
    name: usize,
    id: TokenId,
    token: String,
    version: u64,
}

/// One client.
pub struct Client {
    pub service: TokenService,
    pub shared: Shared,
}

impl Client {
    /// Does a step. A failure is none that a client should ever see of a table that works.
    pub async fn act(&self, step: Step) -> Result<(), Error> {
        let begun = self.tick();
        let Some((name, seen)) = self.carry_out(step).await? else {
            return Ok(());
        };
        self.note(begun, name, seen);
        Ok(())
    }

    fn tick(&self) -> Tick {
        let mut noted = self.shared.noted.lock().unwrap();
        noted.now += 1;
        noted.now
    }

    fn note(&self, begun: Tick, name: usize, seen: Seen) {
        let ended = self.tick();
        let mut noted = self.shared.noted.lock().unwrap();
        let shown = match &seen {
            Seen::Generated(Some((id, token))) => Some((*id, token.clone(), 1)),
            Seen::Regenerated { id, answer: Ok((version, token)), .. } => {
                Some((*id, token.clone(), *version))
            }
            _ => None,
        };
        noted.tokens.extend(shown.map(|(id, token, version)| Known { name, id, token, version }));
        noted.events.push(Event { begun, ended, name, seen });
    }

    /// A token that was shown, mostly one of the last.
    fn known(&self, dice: u32) -> Option<Known> {
        let noted = self.shared.noted.lock().unwrap();
        let mut recent = noted.tokens.iter().rev().take(4);
        let back = usize::try_from(dice).unwrap() % recent.len().max(1);
        recent.nth(back).cloned()
    }

    async fn carry_out(&self, step: Step) -> Result<Option<(usize, Seen)>, Error> {
        let name = usize::try_from(step.dice % 7).unwrap() % NAMES;
        match step.verb {
            Verb::Generate => return Ok(Some((name, self.generate(name).await?))),
            Verb::List => {
                self.list().await?;
                return Ok(None);
            }
            _ => {}
        }
        let Some(known) = self.known(step.dice >> 8) else {
            return Ok(None);
        };
        let if_match = step.dice.is_multiple_of(3).then_some(known.version);
        let id = known.id;
        let seen = match step.verb {
            Verb::Describe => {
                let change = Change::Description(step.dice % 1000);
                self.update(id, if_match, change).await?
            }
            Verb::Widen | Verb::Narrow => {
                let wide = matches!(step.verb, Verb::Widen);
                self.update(id, if_match, Change::Reach { wide }).await?
            }
            Verb::Regenerate => match self.regenerate(id, if_match).await? {
                Some(seen) => seen,
                None => return Ok(None),
            },
            Verb::Delete => self.delete(id, if_match).await?,
            Verb::Get => self.get(id).await?,
            Verb::Authorize => self.authorize(&known, step.dice.is_multiple_of(2)).await?,
            Verb::Generate | Verb::List => unreachable!("done above"),
        };
        Ok(Some((known.name, seen)))
    }

    async fn generate(&self, name: usize) -> Result<Seen, Error> {
        let new = NewToken {
            name: TokenName::parse(&self.name(name)).unwrap(),
            description: None,
            expires_at: None,
            permissions: reach(true),
        };
        match self.service.generate(&actor(), new, self.service.now()).await {
            Ok(issued) => {
                Ok(Seen::Generated(Some((issued.record.id, issued.token.reveal().to_string()))))
            }
            Err(Error::NameTaken(_)) => Ok(Seen::Generated(None)),
            Err(error) => Err(error),
        }
    }

    async fn update(
        &self,
        id: TokenId,
        if_match: Option<u64>,
        change: Change,
    ) -> Result<Seen, Error> {
        let patch = match change {
            Change::Description(text) => TokenPatch {
                description: Patch::Set(Description::parse(&text.to_string()).unwrap()),
                permissions: None,
            },
            Change::Reach { wide } => {
                TokenPatch { description: Patch::Unchanged, permissions: Some(reach(wide)) }
            }
        };
        let (caller, condition) = (actor(), precondition(if_match));
        let answer = self.service.update(&caller, id, patch, &condition, self.service.now());
        Ok(Seen::Updated {
            id,
            if_match,
            change,
            answer: missed(answer.await)?.map(|record| view(&record)),
        })
    }

    /// `None` where others overtook it too often: nothing was written then.
    async fn regenerate(&self, id: TokenId, if_match: Option<u64>) -> Result<Option<Seen>, Error> {
        let (caller, condition) = (actor(), precondition(if_match));
        let answer = self.service.regenerate(&caller, id, None, &condition, self.service.now());
        let answer = match answer.await {
            Err(Error::Unavailable(_)) => return Ok(None),
            answer => missed(answer)?,
        };
        let answer =
            answer.map(|issued| (issued.record.version, issued.token.reveal().to_string()));
        Ok(Some(Seen::Regenerated { id, if_match, answer }))
    }

    async fn delete(&self, id: TokenId, if_match: Option<u64>) -> Result<Seen, Error> {
        let condition = precondition(if_match);
        let answer = self.service.delete(&actor(), id, &condition, self.service.now()).await;
        Ok(Seen::Deleted { id, if_match, answer: missed(answer)? })
    }

    async fn get(&self, id: TokenId) -> Result<Seen, Error> {
        let answer = missed(self.service.get(id, self.service.now()).await)?;
        Ok(Seen::Got { id, answer: answer.ok().map(|record| view(&record)) })
    }

    /// A list is no picture of one moment, and promises none: it says something of each name.
    async fn list(&self) -> Result<(), Error> {
        let begun = self.tick();
        let request = PageRequest {
            limit: 100,
            filter: Filter { name_prefix: self.shared.prefix.clone(), status: None },
            after: None,
        };
        let page = self.service.list(&request, self.service.now()).await?;
        for name in 0..NAMES {
            let full = self.name(name);
            let found = page.entries.iter().find_map(|entry| match entry {
                Entry::Record(record) if record.name.as_str() == full => {
                    Some((record.id, view(record)))
                }
                _ => None,
            });
            self.note(begun, name, Seen::Listed(found));
        }
        Ok(())
    }

    async fn authorize(&self, known: &Known, wide: bool) -> Result<Seen, Error> {
        let method = if wide { "POST" } else { "GET" };
        let request = RouteRequest::to(method, "/orders/7", RULES_WITH_DEMO).unwrap();
        let answer = self.service.authorize(&known.token, &request, self.service.now()).await;
        Ok(Seen::Authorized {
            id: known.id,
            token: known.token.clone(),
            wide,
            answer: match answer {
                Ok(_) => Ok(()),
                Err(refusal) => Err(refusal.code()),
            },
        })
    }

    fn name(&self, name: usize) -> String {
        format!("{}{name}", self.shared.prefix)
    }
}

fn actor() -> Actor {
    Actor { id: None, name: "bootstrap".to_owned() }
}

fn precondition(if_match: Option<u64>) -> Precondition {
    if_match.map_or(Precondition::Exists, |version| Precondition::Version(vec![version]))
}

/// Wide permissions reach `POST /orders/7`; narrow ones only `GET`.
fn reach(wide: bool) -> Permissions {
    let methods = if wide { json!(["*"]) } else { json!(["GET"]) };
    let grant = json!({ "resource": "routes", "methods": methods, "paths": ["/orders/**"] });
    Permissions::from_stored(&json!({ "type": "specific", "grants": [grant] })).unwrap()
}

fn view(record: &Record) -> View {
    let description = record.description.as_ref();
    View {
        version: record.version,
        description: description.map(|text| text.as_str().parse().unwrap()),
        wide: record.permissions == reach(true),
    }
}

/// What a model knows of, apart from what it does not.
fn missed<T>(answer: Result<T, Error>) -> Result<Result<T, Miss>, Error> {
    match answer {
        Ok(answer) => Ok(Ok(answer)),
        Err(Error::NotFound) => Ok(Err(Miss::NotFound)),
        Err(Error::VersionConflict) => Ok(Err(Miss::VersionConflict)),
        Err(error) => Err(error),
    }
}
