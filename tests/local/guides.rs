//! The commands and outputs in `docs/GUIDES.md`.

const GUIDES: &str = include_str!("../../docs/GUIDES.md");

/// Returns the commands of a section, in one script.
pub(crate) fn commands(section: &str) -> String {
    blocks(section, "sh").concat()
}

/// Returns the fenced blocks of a section in a language, without the indentation of their step.
pub(crate) fn blocks(section: &str, language: &str) -> Vec<String> {
    let (_, text) = GUIDES.split_once(&format!("\n## {section}\n")).unwrap();
    let text = text.split("\n## ").next().unwrap();
    let opening = format!("```{language}\n");
    text.split(&opening).skip(1).map(first_block).collect()
}

/// Returns the lines before the closing fence.
fn first_block(text: &str) -> String {
    text.lines().take_while(|line| line.trim() != "```").map(unindented).collect()
}

fn unindented(line: &str) -> String {
    line.strip_prefix("   ").unwrap_or(line).to_owned() + "\n"
}
