//! Files in which all test programs of a build record what they have used or seen, so that what is missing in the whole
//! suite can be found afterwards.

use crate::gateway::program;
use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Mutex;

/// A record, which contains each line once per process.
pub struct Record {
    file: &'static str,
    recorded: Mutex<BTreeSet<String>>,
}

impl Record {
    /// Creates a record. `file` is the name of its file, which is beside the programs of this build.
    pub const fn new(file: &'static str) -> Self {
        Self { file, recorded: Mutex::new(BTreeSet::new()) }
    }

    /// Adds a line, unless this process has added it already.
    pub fn add(&self, line: &str) {
        if self.recorded.lock().unwrap().insert(line.to_owned()) {
            let file = OpenOptions::new().create(true).append(true).open(self.path());
            // The whole line is one write, because test programs append concurrently.
            file.unwrap().write_all(format!("{line}\n").as_bytes()).unwrap();
        }
    }

    /// Returns the lines that the test programs of this build have added since the file was deleted.
    pub fn lines(&self) -> BTreeSet<String> {
        let text = std::fs::read_to_string(self.path()).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    fn path(&self) -> PathBuf {
        program(self.file)
    }
}
