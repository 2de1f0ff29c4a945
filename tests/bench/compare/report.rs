//! The Markdown table of all results, printed row by row.

/// A printer of rows, which keeps the targets for the end.
#[derive(Default)]
pub struct Report {
    targets: Vec<String>,
}

impl Report {
    /// Prints the machine and the head of the table.
    pub fn new() -> Self {
        let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let mut names = cpu.lines().filter(|line| line.starts_with("model name"));
        let name = names.next().and_then(|line| line.split(": ").nth(1));
        let cores = std::thread::available_parallelism().unwrap();
        let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
        let load = load.split(' ').next().unwrap_or("?");
        let name = name.unwrap_or(std::env::consts::ARCH);
        println!(
            "Machine: {cores} × {name}; load before the run {load}. Medians; µs are of this run.\n"
        );
        println!("| what | µs | ratio | to | counted |\n|---|--:|--:|---|---|");
        Self::default()
    }

    /// Prints the heading of a section.
    pub fn section(&mut self, name: &str) {
        println!("| **{name}** | | | | |");
    }

    /// Prints a row that others are compared with.
    pub fn base(&mut self, name: &str, nanoseconds: f64, counted: &str) {
        println!("| {name} | {} | | | {counted} |", microseconds(nanoseconds));
    }

    /// Prints a row compared with another, and returns the ratio.
    pub fn row(&mut self, name: &str, nanoseconds: f64, to: (&str, f64), counted: &str) -> f64 {
        let ratio = nanoseconds / to.1;
        let time = microseconds(nanoseconds);
        println!("| {name} | {time} | {} | {} | {counted} |", digits(ratio), to.0);
        ratio
    }

    /// Prints a row that was counted and not timed.
    pub fn count(&mut self, name: &str, counted: &str) {
        println!("| {name} | | | | {counted} |");
    }

    /// Adds a target to the list after the table. A missed target is only reported.
    pub fn target(&mut self, met: bool, text: String) {
        let word = if met { "met" } else { "MISSED" };
        self.targets.push(format!("- {word}: {text}"));
    }

    /// Prints the targets.
    pub fn end(self) {
        println!("\nTargets:\n\n{}", self.targets.join("\n"));
        println!("\nRepeat with `tests/bench/run`, or `tests/bench/run SECTION…` for a part.");
    }
}

/// Formats read and write units.
pub fn units((reads, writes): (f64, f64)) -> String {
    match (reads, writes) {
        (0.0, 0.0) => "none".to_owned(),
        (reads, 0.0) => format!("{reads} R"),
        (0.0, writes) => format!("{writes} W"),
        (reads, writes) => format!("{reads} R + {writes} W"),
    }
}

/// Formats a number with about three significant digits.
pub fn digits(number: f64) -> String {
    match number {
        _ if number < 0.095 => format!("{number:.4}"),
        _ if number < 9.95 => format!("{number:.2}"),
        _ if number < 99.5 => format!("{number:.1}"),
        _ => format!("{number:.0}"),
    }
}

/// Formats a time in microseconds.
pub fn microseconds(nanoseconds: f64) -> String {
    digits(nanoseconds / 1e3)
}
