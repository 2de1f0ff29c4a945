//! Tests whether the time of a comparison depends on where two hashes differ, by Welch's t-test, as in "Dude, is my code
//! constant time?" (Reparaz, Balasch and Verbauwhede, <https://eprint.iacr.org/2016/1123>).
//!
//! Two classes of wrong hashes are compared with the right one in random order: one differs in the first byte, the other
//! in the last. The test also measures a comparison that stops at the first difference, to show that it detects one.

use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};
use shared::domain::token::{HASH_SIZE, SecretHash};
use std::hint::black_box;
use std::time::Instant;
use tests::welch::{THRESHOLD, classes};

/// The number of measurements of each comparison.
const MEASUREMENTS: usize = 1_000_000;
/// Comparisons within one measurement, because one is too short for the clock.
const BATCH: usize = 32;

/// Measures the time of `equal` for both classes. Returns the mean of each class in nanoseconds, and Welch's t.
fn measure(equal: impl Fn(usize) -> bool) -> (f64, f64, f64) {
    let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[3; 32]);
    let samples: Vec<_> = (0..MEASUREMENTS)
        .map(|_| {
            let class = usize::from(rng.next_u32().is_multiple_of(2));
            let start = Instant::now();
            for _ in 0..BATCH {
                black_box(equal(black_box(class)));
            }
            (class, start.elapsed().as_nanos() as f64 / BATCH as f64)
        })
        .collect();
    let [first, last] = classes(&samples);
    (first.mean, last.mean, first.t(&last))
}

/// Compares two hashes and stops at the first difference.
#[inline(never)]
fn stops_early(left: &[u8; HASH_SIZE], right: &[u8; HASH_SIZE]) -> bool {
    left.iter().zip(right).all(|(left, right)| black_box(*left) == *right)
}

fn main() {
    let right = [0x5a; HASH_SIZE];
    let wrong = [0, HASH_SIZE - 1].map(|index| {
        let mut bytes = right;
        bytes[index] ^= 1;
        bytes
    });
    let hash = |bytes: &[u8; HASH_SIZE]| SecretHash::from_bytes(bytes).unwrap();
    let stored = hash(&right);
    let presented = [hash(&wrong[0]), hash(&wrong[1])];
    println!(
        "| comparison | first byte differs, ns | last byte differs, ns | Welch's t | depends on where |\n|---|--:|--:|--:|---|"
    );
    let row = |name: &str, (first, last, t): (f64, f64, f64)| {
        let depends = if t.abs() > THRESHOLD { "yes" } else { "no" };
        println!("| {name} | {first:.2} | {last:.2} | {t:.1} | {depends} |");
    };
    row("the stored hash's own", measure(|class| stored == presented[class]));
    row(
        "one that stops at the first difference",
        measure(|class| stops_early(&right, &wrong[class])),
    );
    println!("\n{MEASUREMENTS} measurements each. Repeat with `tests/bench/timing`.");
}
