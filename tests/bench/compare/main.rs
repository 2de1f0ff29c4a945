//! Speed, size and cost, in one table.
//!
//! Everything that is compared is measured in turn, on the same machine and in the same minute, so rely on ratios within
//! one run, and on counts and sizes. `tests/bench/run` builds what is measured and runs this program. The arguments are the
//! names of sections.

mod authorize;
mod growth;
mod instructions;
mod load;
mod manage;
mod replay;
mod report;
mod rivals;
mod startup;
mod stopwatch;
mod support;
mod tail;
mod throughput;

use local::functions;
use report::Report;
use shared::runtime::telemetry;
use support::Store;
use tests::deployment::variable;
use tracing::level_filters::LevelFilter;

const SECTIONS: [&str; 9] = [
    "authorize",
    "tail",
    "instructions",
    "manage",
    "growth",
    "startup",
    "throughput",
    "rivals",
    "load",
];

// One thread, as in a Lambda function.
#[tokio::main(flavor = "current_thread")]
async fn main() {
    // Log lines are formatted, as in a function, but not stored.
    telemetry::start(LevelFilter::INFO, functions::names(), std::io::sink);
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    if arguments == [rivals::TOKENWARD] {
        return rivals::serve().await;
    }
    // Cargo passes this flag to benchmarks.
    let mut wanted: Vec<_> = arguments.iter().map(String::as_str).collect();
    wanted.retain(|&word| word != "--bench");
    if wanted.is_empty() {
        wanted = SECTIONS.to_vec();
    }
    let mut report = Report::new();
    for section in wanted {
        Box::pin(measure(section, &mut report)).await;
    }
    report.end();
}

async fn measure(section: &str, report: &mut Report) {
    match section {
        "authorize" => authorize::measure(&Store::open().await, report).await,
        "tail" => tail::measure(&Store::open().await, report).await,
        "instructions" => instructions::count(report),
        "manage" => manage::measure(&Store::open().await, report).await,
        "growth" => growth::measure(report).await,
        "startup" => startup::measure(&Store::open().await, report).await,
        "throughput" => throughput::measure(&Store::open().await, report).await,
        "rivals" => rivals::measure(&Store::open().await, report).await,
        "load" => load::measure(&Store::open().await, report).await,
        other => panic!("no section {other}; there are {SECTIONS:?}"),
    }
}

/// Returns a path from the environment, which `tests/bench/run` sets.
fn path(name: &str) -> String {
    variable(name).unwrap_or_else(|| panic!("{name} is not set: `tests/bench/run` sets it"))
}
