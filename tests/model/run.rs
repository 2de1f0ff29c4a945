//! Runs programs over a table, judges what came of them, and makes a failing one small.

use crate::clients::{Client, Noted, Shared};
use crate::linearizability::is_linearizable;
use crate::program::{Mask, NAMES, Program, Step};
use crate::revocation;
use crate::sabotage::{Sabotage, Wire};
use crate::turnstile::Turnstile;
use aws_sdk_dynamodb::config::StalledStreamProtectionConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use local::database::Database;
use shared::runtime::{SystemClock, SystemEntropy};
use shared::service::TokenService;
use shared::store::Table;
use std::cell::Cell;
use std::sync::{Arc, Mutex};
use tests::app::{POLICY, join};
use tests::database;
use tests::table::TABLE;
use tokio::runtime::{Builder, Runtime};

/// A table of one's own, and what is done to the requests on their way to it.
pub struct Setting {
    runtime: Runtime,
    database: Database,
    sabotage: Sabotage,
    runs: Cell<u64>,
}

/// What was seen of a program that kept every promise.
#[derive(Debug)]
pub struct Verdict {
    pub operations: usize,
    pub refused: usize,
}

impl Setting {
    /// A setting that nobody else uses.
    pub fn alone(sabotage: Sabotage) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let database = runtime.block_on(database::create());
        Self { runtime, database, sabotage, runs: Cell::new(0) }
    }

    /// Runs a program.
    ///
    /// # Errors
    /// What was wrong, in words.
    pub fn judge(&self, program: &Program) -> Result<Verdict, String> {
        let noted = self.runtime.block_on(self.run(program))?;
        let events = noted.events;
        let refused = revocation::refused(&events)?;
        for name in 0..NAMES {
            let mut of_name: Vec<_> =
                events.iter().filter(|event| event.name == name).cloned().collect();
            of_name.sort_by_key(|event| event.begun);
            if !is_linearizable(&of_name) {
                let lines: Vec<_> = of_name.iter().map(|event| format!("{event:?}")).collect();
                return Err(format!("no order explains\n{}", lines.join("\n")));
            }
        }
        Ok(Verdict { operations: events.len(), refused })
    }

    async fn run(&self, program: &Program) -> Result<Noted, String> {
        self.runs.set(self.runs.get() + 1);
        let shared = Shared { prefix: format!("run{}-", self.runs.get()), noted: Arc::default() };
        let turnstile = Turnstile::new(program.seed, program.clients.len());
        let clients = program.clients.iter().enumerate().map(|(index, steps)| {
            let wire = Wire::new(turnstile.clone(), index, self.sabotage);
            let config = self.database.client().config().to_builder();
            // Nobody gives up while others have their turns, however slow the machine is.
            let config = config
                .http_client(wire)
                .timeout_config(TimeoutConfig::disabled())
                .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
            let client = aws_sdk_dynamodb::Client::from_conf(config.build());
            let service = TokenService::new(
                Table::new(client, TABLE),
                Arc::new(SystemClock),
                Arc::new(SystemEntropy),
                POLICY,
            );
            let client = Client { service, shared: shared.clone() };
            work(client, steps, turnstile.clone())
        });
        let answers = join(clients).await;
        answers.into_iter().collect::<Result<Vec<()>, _>>()?;
        Ok(std::mem::take(&mut *lock(&shared.noted)))
    }

    /// The smallest program that still fails when a step at a time is left out, and how to see it again.
    pub fn shrink(&self, program: Program, failure: String) -> String {
        let mut mask = Mask(vec![true; program.steps()]);
        let mut failure = failure;
        let mut index = 0;
        while index < mask.0.len() {
            let mut smaller = mask.clone();
            smaller.0[index] = false;
            if mask.0[index]
                && let Err(still) = self.judge(&program.keep(&smaller))
            {
                (mask, failure, index) = (smaller, still, 0);
            } else {
                index += 1;
            }
        }
        let (seed, keep) = (program.seed, mask.text());
        format!("{failure}\nagain: MODEL_SEED={seed} MODEL_KEEP={keep} tests/model/run")
    }
}

async fn work(client: Client, steps: &[Step], turnstile: Turnstile) -> Result<(), String> {
    let mut result = Ok(());
    for step in steps {
        if let Err(error) = client.act(*step).await {
            result = Err(format!("{step:?} failed: {error}"));
            break;
        }
    }
    turnstile.leave();
    result
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap()
}
