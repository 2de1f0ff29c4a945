//! Measures times of several tasks in turn, so that a slow minute of the machine slows all tasks equally.

use std::pin::Pin;
use std::time::{Duration, Instant};

/// Rounds that are run before any is counted.
const WARM_UP: usize = 200;

/// Something to measure repeatedly.
pub type Task<'a> = Box<dyn Fn() -> Pin<Box<dyn Future<Output = ()> + 'a>> + 'a>;

/// Creates a [`Task`]. [`in_turn`] measures only the future that `prepare` returns; [`per_call`] measures `prepare`, too.
pub fn task<'a, Fut: Future + 'a>(prepare: impl Fn() -> Fut + 'a) -> Task<'a> {
    Box::new(move || {
        let future = prepare();
        Box::pin(async move { drop(future.await) })
    })
}

/// Measurements in nanoseconds.
#[derive(Clone, Debug, Default)]
pub struct Samples(Vec<f64>);

impl Samples {
    /// Adds a measurement.
    pub fn add(&mut self, took: Duration) {
        self.push(took.as_secs_f64() * 1e9);
    }

    /// Adds a measurement in nanoseconds.
    pub fn push(&mut self, nanoseconds: f64) {
        self.0.push(nanoseconds);
    }

    /// Adds all measurements of others.
    pub fn append(&mut self, mut others: Self) {
        self.0.append(&mut others.0);
    }

    /// Returns the number of measurements.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Returns the median.
    pub fn median(&self) -> f64 {
        self.percentile(50.0)
    }

    /// Returns a percentile: this percentage of the measurements does not exceed it.
    pub fn percentile(&self, percent: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        let last = sorted.len() - 1;
        sorted[((last as f64) * percent / 100.0).round() as usize]
    }
}

/// Runs each task once per round, starting with another one each time, and returns the samples of each.
pub async fn in_turn(tasks: &[Task<'_>], rounds: usize) -> Vec<Samples> {
    let mut samples = vec![Samples::default(); tasks.len()];
    for round in 0..WARM_UP + rounds {
        for turn in 0..tasks.len() {
            let which = (turn + round) % tasks.len();
            let prepared = tasks[which]();
            let start = Instant::now();
            prepared.await;
            let took = start.elapsed();
            if round >= WARM_UP {
                samples[which].add(took);
            }
        }
    }
    samples
}

/// Returns the time in nanoseconds of one call that is too short to measure alone: the median of 100 batches.
pub async fn per_call(calls: u32, task: &Task<'_>) -> f64 {
    let mut samples = Samples::default();
    for _ in 0..100 {
        let start = Instant::now();
        for _ in 0..calls {
            task().await;
        }
        samples.add(start.elapsed() / calls);
    }
    samples.median()
}
