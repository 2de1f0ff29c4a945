//! Checks that the tests that `docs/SECURITY.md` names exist, and that it lists every weakness.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The number of weaknesses that the document lists.
const WEAKNESSES: usize = 23;

/// Returns the content of a file in this repository.
fn repository(file: &str) -> Option<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    fs::read_to_string(root.join(file)).ok()
}

/// Returns the tests that a text names in backticks as `file: name`. The file is one of Rust or JavaScript.
fn cited(text: &str) -> Vec<(&str, &str)> {
    let spans = text.split('`').skip(1).step_by(2);
    spans
        .filter_map(|span| span.split_once(": "))
        .filter(|(file, _)| file.ends_with(".rs") || file.ends_with(".mjs"))
        .collect()
}

/// Returns whether a file contains a test with this name, and not only a function or a string.
fn is_test(file: &str, content: &str, name: &str) -> bool {
    if file.ends_with(".mjs") {
        return content.contains(&format!("\ntest(\"{name}\", "));
    }
    let Some((before, _)) = content.split_once(&format!("fn {name}(")) else {
        return false;
    };
    // The attributes are on the lines above that of the function.
    let above = before.rsplit_once('\n').map_or("", |(above, _)| above);
    let above = above.lines().rev().map(str::trim);
    let mut attributes = above.take_while(|line| line.starts_with("#["));
    attributes.any(|line| line.contains("test")) || is_api_test(content, name)
}

/// Returns whether the file passes this name to the macro `api_tests!`.
fn is_api_test(content: &str, name: &str) -> bool {
    let list = content.split_once("api_tests!(");
    let list = list.and_then(|(_, rest)| rest.split_once(");"));
    list.is_some_and(|(names, _)| names.split(',').any(|one| one.trim() == name))
}

/// Returns a message for each mistake in the document. `file` returns the content of a file.
fn mistakes(document: &str, file: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let mut mistakes = Vec::new();
    for (path, name) in cited(document) {
        match file(path) {
            None => mistakes.push(format!("{path} does not exist")),
            Some(content) if !is_test(path, &content, name) => {
                mistakes.push(format!("{path} has no test {name}"));
            }
            Some(_) => {}
        }
    }
    let rows = document.lines().filter_map(|line| {
        let (number, rest) = line.strip_prefix("| ")?.split_once(" |")?;
        Some((number.parse::<usize>().ok()?, rest))
    });
    let mut missing: BTreeSet<_> = (1..=WEAKNESSES).collect();
    for (number, row) in rows {
        if !missing.remove(&number) {
            mistakes.push(format!("weakness {number} is repeated or unknown"));
        }
        if cited(row).is_empty() {
            mistakes.push(format!("weakness {number} has no test"));
        }
    }
    mistakes.extend(missing.iter().map(|one| format!("weakness {one} is missing")));
    mistakes
}

#[test]
fn the_security_document_names_tests_that_exist_and_every_weakness() {
    let document = repository("docs/SECURITY.md").unwrap();
    assert!(cited(&document).len() > 2 * WEAKNESSES);
    assert_eq!(mistakes(&document, repository), Vec::<String>::new());
}

/// Returns a sample file, which contains tests and other functions.
fn sample(path: &str) -> Option<String> {
    match path {
        "a.rs" => Some(
            "tests::api_tests!(\n    everywhere,\n);\n\n#[tokio::test]\nasync fn sound() {}\n\n\
             #[test]\nfn plain() {}\n\nfn helper() {}\nfn everywhere() {}\n"
                .to_owned(),
        ),
        "a.mjs" => Some("\ntest(\"a title, in words\", async () => {});\n".to_owned()),
        _ => None,
    }
}

#[test]
fn a_wrong_name_file_or_number_in_the_document_is_found() {
    let document = |last: &str| {
        let rows = (1..WEAKNESSES).map(|number| format!("| {number} | `a.rs: sound` |\n"));
        format!("{}{last}\n", rows.collect::<String>())
    };
    let found = |last: &str| mistakes(&document(last), sample).join("; ");
    for sound in [
        "| 23 | `a.rs: plain` |",
        "| 23 | `a.rs: everywhere` |",
        "| 23 | `a.mjs: a title, in words` |",
    ] {
        assert_eq!(found(sound), "");
    }
    for (broken, mistake) in [
        ("| 23 | `a.rs: unsound` |", "a.rs has no test unsound"),
        ("| 23 | `a.rs: helper` |", "a.rs has no test helper"),
        ("| 23 | `a.mjs: a title` |", "a.mjs has no test a title"),
        ("| 23 | `b.rs: sound` |", "b.rs does not exist"),
        ("| 23 | words |", "weakness 23 has no test"),
        ("", "weakness 23 is missing"),
        ("| 23 | `a.rs: sound` |\n| 24 | `a.rs: sound` |", "weakness 24 is repeated or unknown"),
        ("| 23 | `a.rs: sound` |\n| 7 | `a.rs: sound` |", "weakness 7 is repeated or unknown"),
    ] {
        assert_eq!(found(broken), mistake, "{broken}");
    }
}
