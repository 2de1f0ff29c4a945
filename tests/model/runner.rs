//! Runs programs over a table, checks their histories, and shrinks a program that fails.

use crate::bugs::{Bug, ScheduledHttpClient};
use crate::client::{Client, History, Run};
use crate::linearizability::is_linearizable;
use crate::program::{Mask, NAMES, Program, Step};
use crate::revocation;
use crate::scheduler::Scheduler;
use aws_sdk_dynamodb::config::StalledStreamProtectionConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use local::database::Database;
use shared::runtime::SystemEntropy;
use shared::service::Policy;
use shared::service::TokenService;
use shared::store::Table;
use std::cell::Cell;
use std::sync::Arc;
use tests::app::{POLICY, join};
use tests::clock::TickingClock;
use tests::database;
use tests::table::TABLE;
use tokio::runtime::{Builder, Runtime};

/// The time at which every runner starts: 2026-11-24T01:00:00Z.
const START: i64 = 1_795_482_000;

/// A runner of programs, with its own table and perhaps a bug of the store.
pub struct Runner {
    runtime: Runtime,
    database: Database,
    /// Advances each time it is read, because an operation may be applied long after it has read the time.
    clock: Arc<TickingClock>,
    bug: Bug,
    runs: Cell<u64>,
}

/// The counts of a run without a failure.
#[derive(Debug)]
pub struct Counts {
    pub operations: usize,
    /// Authorizations that were denied because of an earlier operation.
    pub denied: usize,
}

impl Runner {
    pub fn new(bug: Bug) -> Self {
        // The time is paused, so that no client exceeds a timeout of the service while it waits for its turn.
        let mut builder = Builder::new_current_thread();
        let runtime = builder.enable_all().start_paused(true).build().unwrap();
        let database = runtime.block_on(database::create_embedded());
        let clock = TickingClock::from(START);
        Self { runtime, database, clock, bug, runs: Cell::new(0) }
    }

    /// Runs a program and checks its history.
    ///
    /// # Errors
    /// A description of the failure.
    pub fn check(&self, program: &Program) -> Result<Counts, String> {
        let history = self.runtime.block_on(self.run(program))?;
        let operations = history.operations;
        let denied = revocation::count_denied(&operations)?;
        for name in 0..NAMES {
            let of_name = operations.iter().filter(|operation| operation.name == name);
            let mut of_name: Vec<_> = of_name.cloned().collect();
            of_name.sort_by_key(|operation| operation.started);
            if !is_linearizable(&of_name) {
                let lines: Vec<_> =
                    of_name.iter().map(|operation| format!("{operation:?}")).collect();
                return Err(format!("not linearizable:\n{}", lines.join("\n")));
            }
        }
        Ok(Counts { operations: operations.len(), denied })
    }

    async fn run(&self, program: &Program) -> Result<History, String> {
        self.runs.set(self.runs.get() + 1);
        let run = Run { prefix: format!("run{}-", self.runs.get()), history: Arc::default() };
        let scheduler = Scheduler::new(program.seed, program.clients.len());
        let clients = program.clients.iter().enumerate().map(|(index, steps)| {
            let http = self.database.client().config().http_client().unwrap();
            let http = ScheduledHttpClient::new(http, scheduler.clone(), index, self.bug);
            let client = Client { service: self.service(http), run: run.clone() };
            run_client(client, steps, scheduler.clone())
        });
        join(clients).await.into_iter().collect::<Result<Vec<()>, _>>()?;
        Ok(std::mem::take(&mut *run.history.lock().unwrap()))
    }

    fn service(&self, http: ScheduledHttpClient) -> TokenService {
        let config = self.database.client().config().to_builder();
        // The SDK has no timeouts, because on a slow machine a client may wait long for its turn.
        let config = config
            .http_client(http)
            .timeout_config(TimeoutConfig::disabled())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        let client = aws_sdk_dynamodb::Client::from_conf(config.build());
        // With 0, no uses are written. Their timeout could end a request while its client waits for its turn.
        let policy = Policy { usage_interval: 0, ..POLICY };
        let table = Table::new(client, TABLE, policy.vocabulary);
        TokenService::new(table, self.clock.clone(), Arc::new(SystemEntropy), policy)
    }

    /// Removes steps one at a time while the program still fails. Returns the last failure and how to repeat it.
    pub fn shrink(&self, program: Program, failure: String) -> String {
        let mut mask = Mask(vec![true; program.steps()]);
        let mut failure = failure;
        let mut index = 0;
        while index < mask.0.len() {
            let mut smaller = mask.clone();
            smaller.0[index] = false;
            if mask.0[index]
                && let Err(smaller_failure) = self.check(&program.keep(&smaller))
            {
                (mask, failure, index) = (smaller, smaller_failure, 0);
            } else {
                index += 1;
            }
        }
        let (seed, keep) = (program.seed, mask.text());
        format!("{failure}\nrepeat with: MODEL_SEED={seed} MODEL_KEEP={keep} tests/model/run")
    }
}

async fn run_client(client: Client, steps: &[Step], scheduler: Scheduler) -> Result<(), String> {
    let mut result = Ok(());
    for step in steps {
        if let Err(error) = client.run_step(*step).await {
            result = Err(format!("{step:?} failed: {error}"));
            break;
        }
    }
    scheduler.finish();
    result
}
