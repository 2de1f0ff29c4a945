//! Time, taken so that every contender suffers the same machine.

use std::pin::Pin;
use std::time::{Duration, Instant};

/// Rounds before any is counted.
const WARM: usize = 200;

/// One way to do something, to be done again and again.
pub type Work<'a> = Box<dyn Fn() -> Pin<Box<dyn Future<Output = ()> + 'a>> + 'a>;

/// Makes a [`Work`] of what begins it. The beginning is preparation, and not measured; what it gives is.
pub fn work<'a, Fut: Future + 'a>(begin: impl Fn() -> Fut + 'a) -> Work<'a> {
    Box::new(move || {
        let begun = begin();
        Box::pin(async move { drop(begun.await) })
    })
}

/// Nanoseconds, one for each time.
#[derive(Clone, Debug, Default)]
pub struct Samples(Vec<f64>);

impl Samples {
    /// One more.
    pub fn add(&mut self, took: Duration) {
        self.push(took.as_secs_f64() * 1e9);
    }

    /// One more, in nanoseconds.
    pub fn push(&mut self, nanoseconds: f64) {
        self.0.push(nanoseconds);
    }

    /// All of others.
    pub fn append(&mut self, mut others: Self) {
        self.0.append(&mut others.0);
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The one in the middle.
    pub fn median(&self) -> f64 {
        self.percentile(50.0)
    }

    /// The one that so many per cent of them do not exceed.
    pub fn percentile(&self, percent: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        let last = sorted.len() - 1;
        sorted[((last as f64) * percent / 100.0).round() as usize]
    }
}

/// Does each once in every round, first another one each time, and gives each one's samples.
pub async fn in_turn(works: &[Work<'_>], rounds: usize) -> Vec<Samples> {
    let mut samples = vec![Samples::default(); works.len()];
    for round in 0..WARM + rounds {
        for turn in 0..works.len() {
            let which = (turn + round) % works.len();
            let begun = works[which]();
            let start = Instant::now();
            begun.await;
            let took = start.elapsed();
            if round >= WARM {
                samples[which].add(took);
            }
        }
    }
    samples
}

/// What one call costs that is too short for a clock: the median over batches.
pub async fn per_call(calls: u32, work: &Work<'_>) -> f64 {
    let mut samples = Samples::default();
    for _ in 0..100 {
        let start = Instant::now();
        for _ in 0..calls {
            work().await;
        }
        samples.add(start.elapsed() / calls);
    }
    samples.median()
}
