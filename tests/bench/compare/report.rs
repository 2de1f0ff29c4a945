//! The one table that is printed, in Markdown, row by row as it is measured.

/// Where rows go.
#[derive(Default)]
pub struct Report {
    targets: Vec<String>,
}

impl Report {
    /// Begins the table, with what it was measured on.
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

    /// A row that stands over others.
    pub fn section(&mut self, name: &str) {
        println!("| **{name}** | | | | |");
    }

    /// A row that others are compared with.
    pub fn base(&mut self, name: &str, nanoseconds: f64, counted: &str) {
        println!("| {name} | {} | | | {counted} |", microseconds(nanoseconds));
    }

    /// A row compared with another; gives the ratio.
    pub fn row(&mut self, name: &str, nanoseconds: f64, to: (&str, f64), counted: &str) -> f64 {
        let ratio = nanoseconds / to.1;
        let time = microseconds(nanoseconds);
        println!("| {name} | {time} | {} | {} | {counted} |", digits(ratio), to.0);
        ratio
    }

    /// A row of what was counted and not timed.
    pub fn count(&mut self, name: &str, counted: &str) {
        println!("| {name} | | | | {counted} |");
    }

    /// Whether something is as it should be: said after the table, and no more than said.
    pub fn target(&mut self, met: bool, text: String) {
        let word = if met { "met" } else { "MISSED" };
        self.targets.push(format!("- {word}: {text}"));
    }

    /// Ends the table.
    pub fn end(self) {
        println!("\nTargets:\n\n{}", self.targets.join("\n"));
        println!("\nRepeat with `tests/bench/run`, or `tests/bench/run SECTION…` for a part.");
    }
}

/// Units as the table counted them.
pub fn units((reads, writes): (f64, f64)) -> String {
    match (reads, writes) {
        (0.0, 0.0) => "none".to_owned(),
        (reads, 0.0) => format!("{reads} R"),
        (0.0, writes) => format!("{writes} W"),
        (reads, writes) => format!("{reads} R + {writes} W"),
    }
}

/// Three significant digits, or nearly.
pub fn digits(number: f64) -> String {
    match number {
        _ if number < 0.095 => format!("{number:.4}"),
        _ if number < 9.95 => format!("{number:.2}"),
        _ if number < 99.5 => format!("{number:.1}"),
        _ => format!("{number:.0}"),
    }
}

/// In microseconds.
pub fn microseconds(nanoseconds: f64) -> String {
    digits(nanoseconds / 1e3)
}
