//! Speed, size and cost, in one table.
//!
//! Ratios within one run, counts and sizes are what it is for: everything that is compared is done in turn, on the same
//! machine, in the same minute. `tests/bench/run` builds what is measured and runs this; its arguments are sections.

mod authorize;
mod canned;
mod growth;
mod instructions;
mod load;
mod manage;
mod report;
mod rivals;
mod startup;
mod stopwatch;
mod support;

use local::functions;
use report::Report;
use shared::runtime::telemetry;
use support::Store;
use tests::deployment::variable;
use tracing::level_filters::LevelFilter;

const SECTIONS: [&str; 7] =
    ["authorize", "instructions", "manage", "growth", "startup", "rivals", "load"];

// One thread, as in a function.
#[tokio::main(flavor = "current_thread")]
async fn main() {
    // Log lines are made, and not kept.
    telemetry::start(LevelFilter::INFO, functions::names(), std::io::sink);
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    if arguments == [rivals::OURSELVES] {
        return rivals::compete().await;
    }
    // Cargo says that this is a benchmark.
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
        "instructions" => instructions::count(report),
        "manage" => manage::measure(&Store::open().await, report).await,
        "growth" => growth::measure(report).await,
        "startup" => startup::measure(&Store::open().await, report).await,
        "rivals" => rivals::measure(&Store::open().await, report).await,
        "load" => load::measure(&Store::open().await, report).await,
        other => panic!("no section {other}; there are {SECTIONS:?}"),
    }
}

/// Where `tests/bench/run` put something.
fn place(name: &str) -> String {
    variable(name).unwrap_or_else(|| panic!("{name} is not set: `tests/bench/run` sets it"))
}
