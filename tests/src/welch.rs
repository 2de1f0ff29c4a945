//! Welch's t-test, as in "Dude, is my code constant time?" (Reparaz, Balasch and Verbauwhede,
//! <https://eprint.iacr.org/2016/1123>).

/// The value of t above which the authors consider a difference certain.
pub const THRESHOLD: f64 = 4.5;

/// The mean and variance of one class of measurements.
#[derive(Clone, Copy, Debug, Default)]
pub struct Class {
    count: f64,
    /// The mean.
    pub mean: f64,
    /// The sum of the squared distances from the mean.
    squares: f64,
}

impl Class {
    /// Adds a value, by Welford's algorithm.
    pub fn add(&mut self, value: f64) {
        self.count += 1.0;
        let distance = value - self.mean;
        self.mean += distance / self.count;
        self.squares += distance * (value - self.mean);
    }

    /// Returns Welch's t of two classes.
    pub fn t(&self, other: &Self) -> f64 {
        let deviation = (self.variance_of_mean() + other.variance_of_mean()).sqrt();
        (self.mean - other.mean) / deviation
    }

    fn variance_of_mean(&self) -> f64 {
        self.squares / (self.count - 1.0) / self.count
    }
}

/// Sums up measurements by class. The slowest tenth of all is left out, because it contains interruptions.
pub fn classes<const N: usize>(samples: &[(usize, f64)]) -> [Class; N] {
    let mut sorted: Vec<_> = samples.iter().map(|(_, time)| *time).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let limit = sorted[sorted.len() * 9 / 10];
    let mut classes = [Class::default(); N];
    for (class, time) in samples {
        if *time <= limit {
            classes[*class].add(*time);
        }
    }
    classes
}
