//! The slowest authorizations when one response of the table in a hundred is late by a second. A hedged read is sent once more
//! if there is no response after [`HEDGE_AFTER`], and the first response counts.

use crate::report::Report;
use crate::stopwatch::Samples;
use crate::support::{Store, authorize, authorizer_event, generate, handlers};
use shared::runtime::{HEDGE_AFTER, SystemClock, SystemEntropy};
use shared::service::TokenService;
use shared::store::Table;
use std::sync::Arc;
use std::time::Instant;
use tests::app::POLICY;
use tests::faults::{Fault, FaultInjector};
use tests::handlers::Handlers;
use tests::table::TABLE;

/// The number of authorizations without hedged reads. It is lower, because each late response costs a second.
const PLAIN: usize = 2000;
/// The number of authorizations with hedged reads.
const HEDGED: usize = 20_000;

/// Measures authorizations without and with hedged reads.
pub async fn measure(store: &Store, report: &mut Report) {
    report.section("the tail: one response in a hundred is late by 1 s");
    let (_, token) = generate(&handlers(&store.client), "tail", 1).await;
    let event = authorizer_event(&token);
    let plain = slowest(store, report, &event, ("without hedged reads", false, PLAIN)).await;
    let hedged = slowest(store, report, &event, ("with hedged reads", true, HEDGED)).await;
    let (slow, extra) = hedged;
    let milliseconds = slow / 1e6;
    let text = format!(
        "with hedged reads, p99.9 is {milliseconds:.0} ms (less than 100; without, {:.0}), for {extra:.2} % more reads (less than 2)",
        plain.0 / 1e6
    );
    report.target(milliseconds < 100.0 && extra < 2.0, text);
}

/// Returns p99.9 in nanoseconds, and the percentage of reads that were sent again.
async fn slowest(
    store: &Store,
    report: &mut Report,
    event: &str,
    (name, is_hedged, calls): (&str, bool, usize),
) -> (f64, f64) {
    let (client, faults) = FaultInjector::attach(&store.client);
    let table = Table::new(client, TABLE, POLICY.vocabulary);
    let table = if is_hedged { table.hedged(HEDGE_AFTER) } else { table };
    let service = TokenService::new(table, Arc::new(SystemClock), Arc::new(SystemEntropy), POLICY);
    let handlers = Handlers::new(service);
    // The first authorization also writes the last use, so it is not measured.
    authorize(&handlers, event, true).await;
    faults.inject((0..calls * 2).map(fault));
    let mut samples = Samples::default();
    for _ in 0..calls {
        let start = Instant::now();
        authorize(&handlers, event, true).await;
        samples.add(start.elapsed());
    }
    let (median, slow) = (samples.median(), samples.percentile(99.9));
    let extra = (faults.requests().len() - calls) as f64 / calls as f64 * 100.0;
    report.base(&format!("median, {name}"), median, "");
    let counted = format!("{extra:.2} % more reads");
    report.row(&format!("p99.9, {name}"), slow, ("the median", median), &counted);
    (slow, extra)
}

/// Returns the fault for the request with this number: one response in a hundred is slow. The intervals between the slow
/// responses are irregular, but the same in every run.
fn fault(number: usize) -> Fault {
    let mixed = (number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    if (mixed >> 32).is_multiple_of(100) { Fault::SlowResponse } else { Fault::None }
}
