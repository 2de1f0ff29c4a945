//! The local gateway: it does what API Gateway does, with the handlers that are deployed and an embedded DynamoDB.
//!
//! Routes and table are read from the templates, so they are those of a deployment. `docs/LOCAL.md` lists the known
//! differences from AWS.

mod admin;
mod cors;
pub mod database;
mod event;
mod files;
pub mod functions;
mod gateway;
mod host;
mod lambda;
mod options;
mod payload;
pub mod template;

use crate::cors::Cors;
use crate::database::Database;
use crate::functions::Functions;
use crate::gateway::Gateway;
use crate::lambda::LambdaEndpoint;
use crate::options::Options;
use crate::template::Template;
use clap::Parser;
use shared::domain::hex;
use shared::runtime::{RULES_WITH_DEMO, SystemClock, SystemEntropy, VOCABULARY, telemetry};
use shared::service::{Entropy, Policy, TokenService};
use shared::store::Table;
use std::error::Error;
use std::io::Write;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;
use tracing::level_filters::LevelFilter;

/// The policy that `template.yaml` has by default (no maximum lifetime, and a retention of 30 days), with the demo's rules.
pub const POLICY: Policy = Policy::new(&VOCABULARY, RULES_WITH_DEMO);

/// How long the gateway waits for running requests when it stops. Without a limit, a stalled client would block the stop.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(3);

/// Runs the gateway with the command line's options and this policy until SIGINT, which Ctrl-C sends, or SIGTERM.
///
/// If it cannot start, this prints the reason, with the option that has to change, and fails.
pub async fn main(policy: Policy) -> ExitCode {
    match run(&Options::parse(), policy).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            writeln!(std::io::stderr(), "error: {error}").ok();
            ExitCode::FAILURE
        }
    }
}

async fn run(options: &Options, policy: Policy) -> Result<(), Box<dyn Error>> {
    let signals = Signals::listen()?;
    telemetry::start(LevelFilter::INFO, functions::names().chain(["local"]), std::io::stderr);
    telemetry::log_panics_without_message();
    let mut template = Template::built_in()?;
    for file in &options.template {
        let routes = template::routes_of_file(file);
        template.routes.extend(routes.map_err(|error| format!("--template {error}"))?);
    }
    let storage = options.storage();
    let in_storage = |error| format!("{storage}: {error}");
    let database = Database::open(&storage).await.map_err(in_storage)?;
    database.create_table(&options.table, &template.table).await.map_err(in_storage)?;
    let table = Table::new(database.client(), &options.table, policy.vocabulary);
    let service = TokenService::new(table, Arc::new(SystemClock), Arc::new(SystemEntropy), policy);
    let service: &'static TokenService = Box::leak(Box::new(service));
    let gateway = gateway(options, template, service)?;
    let listener = TcpListener::bind(("127.0.0.1", options.port)).await;
    let listener = listener.map_err(|error| format!("--port {}: {error}", options.port))?;
    let url = format!("http://{}", listener.local_addr()?);
    admin::provide_admin_token(service, options, &url).await?;
    let mut stdout = std::io::stdout();
    if let Some(port) = options.database_port {
        let served = database.serve(port).await;
        let port = served.map_err(|error| format!("--database-port {port}: {error}"))?;
        writeln!(stdout, "DynamoDB on {}", port.url)?;
        writeln!(stdout, "AWS_ACCESS_KEY_ID={}", port.access_key_id)?;
    }
    writeln!(stdout, "console on {url}/console")?;
    writeln!(stdout, "listening on {url}")?;
    stdout.flush()?;
    serve(listener, gateway, signals).await?;
    database.close().await;
    Ok(())
}

/// Creates the gateway with the routes of this template.
fn gateway(
    options: &Options,
    template: Template,
    service: &'static TokenService,
) -> Result<Gateway, Box<dyn Error>> {
    let header = options.token_header.to_ascii_lowercase();
    let mut gateway = Gateway::new(template.routes, Functions::new(service, &header));
    if !options.allowed_origins.is_empty() {
        let cors = Cors::new(options.allowed_origins.clone(), &template.cors, &header);
        gateway.allow_origins(cors.ok_or("the template names an invalid header")?);
    }
    if let Some(url) = &options.lambda_endpoint {
        gateway.invoke_own_functions_at(LambdaEndpoint::new(url.clone()));
    }
    Ok(gateway)
}

/// Serves until SIGINT or SIGTERM. Then waits until running requests have ended, but at most for [`SHUTDOWN_TIMEOUT`].
async fn serve(listener: TcpListener, gateway: Gateway, signals: Signals) -> std::io::Result<()> {
    let (stopping, stopped) = oneshot::channel();
    // Connect info is the address of the client, which events contain.
    let router = gateway.into_router().into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, router).with_graceful_shutdown(async {
        signals.wait().await;
        stopping.send(()).ok();
    });
    let timeout = async {
        match stopped.await {
            Ok(()) => tokio::time::sleep(SHUTDOWN_TIMEOUT).await,
            // The server has ended without a signal.
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        ended = server.into_future() => ended?,
        () = timeout => tracing::warn!("stopped before all requests had ended"),
    }
    Ok(())
}

/// The signals that stop the gateway: SIGINT, which Ctrl-C sends, and SIGTERM.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// Starts to listen. Before this, each of these signals ends the process at once.
    fn listen() -> std::io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn wait(mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// Returns 32 random hexadecimal characters.
///
/// # Errors
/// The operating system has no randomness.
fn random_hex() -> Result<String, Box<dyn Error>> {
    let mut bytes = [0; 16];
    SystemEntropy.fill(&mut bytes)?;
    Ok(hex::encode(&bytes))
}
