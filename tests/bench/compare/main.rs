//! What authorize costs, beside the one read that it cannot do without.
//!
//! Ratios within one run are what it is for: everything that is compared is done in turn, on the same machine, in the
//! same minute. `tests/bench/compare/run` runs it.

mod authorize;
mod canned;
mod report;
mod setting;
mod stopwatch;

use report::Report;
use setting::Store;
use shared::runtime::telemetry;
use tests::table::TABLE;
use tracing::level_filters::LevelFilter;

// One thread, as in a function.
#[tokio::main(flavor = "current_thread")]
async fn main() {
    // Log lines are made, and not kept.
    telemetry::start(LevelFilter::INFO, std::io::sink);
    let store = Store::open().await;
    store.create(TABLE).await;
    let mut report = Report::new();
    authorize::measure(&store, &mut report).await;
    report.end();
}
