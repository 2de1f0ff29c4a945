//! The arrows between modules, one word per verb, and the size of things.

use std::fs;
use std::path::{Path, PathBuf};

const VERBS: [&str; 7] =
    ["simulate", "generate", "list", "update", "regenerate", "delete", "authorizer"];

/// What each module of `shared` may use of ours, and which outside crates it must not know.
const ARROWS: [(&str, &[&str], &[&str]); 5] = [
    ("domain", &[], &["aws_sdk_dynamodb", "aws_config", "lambda_http", "tokio", "tracing", "rand"]),
    ("store", &["domain"], &["aws_config", "lambda_http"]),
    (
        "service",
        &["domain", "store"],
        &["aws_sdk_dynamodb", "aws_config", "lambda_http", "rand", "serde_json"],
    ),
    ("http", &["domain", "service"], &["aws_sdk_dynamodb", "aws_config", "tokio", "rand"]),
    ("runtime", &["domain", "store", "service", "http"], &[]),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// The file's code: without its tests, comments and doc comments.
fn code(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    let code = text.split("#[cfg(test)]").next().unwrap();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn modules_use_only_what_lies_below_them() {
    let mut broken = Vec::new();
    for (module, may_use, outside) in ARROWS {
        for file in rust_files(&root().join("shared/src").join(module)) {
            let code = code(&file);
            for (other, ..) in
                ARROWS.iter().filter(|(other, ..)| *other != module && !may_use.contains(other))
            {
                if code.contains(&format!("crate::{other}")) {
                    broken.push(format!("{} uses {other}", file.display()));
                }
            }
            broken.extend(
                outside
                    .iter()
                    .filter(|name| code.contains(&format!("{name}::")))
                    .map(|name| format!("{} uses the crate {name}", file.display())),
            );
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn functions_see_no_table_no_status_code_and_no_environment() {
    for verb in VERBS {
        for file in rust_files(&root().join("functions").join(verb).join("src")) {
            let code = code(&file);
            for word in ["shared::store", "aws_sdk_dynamodb", "StatusCode", "std::env"] {
                assert!(!code.contains(word), "{} mentions {word}", file.display());
            }
        }
    }
}

#[test]
fn one_word_per_verb_in_every_layer() {
    let root = root();
    let template = fs::read_to_string(root.join("template.yaml")).unwrap();
    for verb in VERBS {
        for file in [
            format!("functions/{verb}/src/lib.rs"),
            format!("functions/{verb}/src/main.rs"),
            // The authorizer is named after API Gateway's term, its rule after what it does.
            format!("shared/src/service/{}.rs", verb.replace("authorizer", "authorize")),
            format!("tests/api/{verb}.rs"),
        ] {
            assert!(root.join(&file).is_file(), "{file} is missing");
        }
        let (first, rest) = verb.split_at(1);
        let resource = format!("  {}{rest}Function:\n", first.to_uppercase());
        assert!(template.contains(&resource), "template.yaml has no {resource}");
        assert!(
            template.contains(&format!("CodeUri: functions/{verb}\n")),
            "template.yaml does not build {verb}"
        );
    }
    let mut folders: Vec<_> =
        fs::read_dir(root.join("functions")).unwrap().map(|one| one.unwrap().file_name()).collect();
    folders.sort();
    // The console is no verb: it serves a page.
    let mut verbs = [VERBS.as_slice(), &["console"]].concat();
    verbs.sort_unstable();
    assert_eq!(folders, verbs, "a function is no verb, or a verb no function");
}

#[test]
fn every_main_is_four_lines() {
    for verb in VERBS {
        let code = code(&root().join("functions").join(verb).join("src/main.rs"));
        assert_eq!(code.trim().lines().count(), 4, "{verb}");
    }
}

#[test]
fn files_stay_under_three_hundred_lines_without_their_tests() {
    let mut long = Vec::new();
    for folder in ["functions", "shared/src", "shared/build", "infra"] {
        for file in rust_files(&root().join(folder)) {
            let text = fs::read_to_string(&file).unwrap();
            let lines = text.split("#[cfg(test)]").next().unwrap().lines().count();
            if lines > 300 {
                long.push(format!("{}: {lines}", file.display()));
            }
        }
    }
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn each_dependency_is_declared_once() {
    let root = root();
    let members = ["functions", "infra"].into_iter().flat_map(|folder| {
        fs::read_dir(root.join(folder)).unwrap().map(|one| one.unwrap().path()).collect::<Vec<_>>()
    });
    for member in members
        .chain([root.join("shared"), root.join("tests")])
        .filter(|path| path.join("Cargo.toml").is_file())
    {
        let text = fs::read_to_string(member.join("Cargo.toml")).unwrap();
        let sections = text
            .split("\n[")
            .filter(|section| section.split(']').next().unwrap().ends_with("dependencies"));
        let lines = sections.flat_map(|section| section.lines().skip(1));
        for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
            assert!(line.contains("workspace = true"), "{}: {line}", member.display());
        }
    }
}
