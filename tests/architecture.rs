//! Which module may use which, the names of operations, the size of files, and where dependencies are declared.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use tests::imports::paths;
use tests::stack::Stack;

/// Each module of `shared`, the other modules of `shared` that it may use, and the external crates that it must not use.
const MODULES: [(&str, &[&str], &[&str]); 5] = [
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

fn names(folder: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(root().join(folder)).unwrap();
    entries.map(|one| one.unwrap().file_name().into_string().unwrap()).collect()
}

/// Returns the operations: each function is one, except for the console, which serves a page.
fn operations() -> BTreeSet<String> {
    let mut operations = names("functions");
    assert!(operations.remove("console"));
    operations
}

/// Returns the paths that a file of a crate refers to, except in its tests.
fn uses(source: &Path, file: &Path) -> BTreeSet<String> {
    let mut module = vec!["crate".to_owned()];
    let place = file.strip_prefix(source).unwrap().with_extension("");
    module.extend(place.iter().map(|name| name.to_str().unwrap().to_owned()));
    module.retain(|name| name != "mod" && name != "lib");
    paths(&fs::read_to_string(file).unwrap(), &module.join("::"))
}

/// Returns whether a path is `outer` or starts with it.
fn is_in(path: &str, outer: &str) -> bool {
    path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

#[test]
fn modules_use_only_the_modules_that_they_may() {
    let source = root().join("shared/src");
    let modules: BTreeSet<_> = MODULES.iter().map(|(module, ..)| (*module).to_owned()).collect();
    let mut found = names("shared/src");
    found.remove("lib.rs");
    assert_eq!(found, modules, "each module of shared needs a row in MODULES");
    let mut broken = Vec::new();
    for (module, may_use, outside) in MODULES {
        let others = MODULES.iter().map(|(other, ..)| *other);
        let others = others.filter(|other| *other != module && !may_use.contains(other));
        let above = others.map(|other| format!("crate::{other}"));
        let forbidden: Vec<_> =
            above.chain(outside.iter().map(|name| (*name).to_owned())).collect();
        for file in rust_files(&source.join(module)) {
            for path in uses(&source, &file) {
                if path == "crate::*" || forbidden.iter().any(|one| is_in(&path, one)) {
                    broken.push(format!("{} uses {path}", file.display()));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn functions_use_neither_the_table_nor_status_codes_nor_the_environment() {
    for operation in operations() {
        let source = root().join("functions").join(operation).join("src");
        for file in rust_files(&source) {
            for path in uses(&source, &file) {
                let is_hidden = ["shared::store", "aws_sdk_dynamodb", "std::env"]
                    .iter()
                    .any(|one| is_in(&path, one));
                let is_status = path.split("::").any(|name| name == "StatusCode");
                assert!(!is_hidden && !is_status, "{} uses {path}", file.display());
            }
        }
    }
}

#[test]
fn paths_are_found_in_code_but_not_in_tests_comments_and_strings() {
    let code = r##"
        //! See crate::store.
        use crate::{domain::{id::TokenId as Id, token::*}, service::{self, list}};
        use super::super::http;
        /* é /*/ crate::runtime */ crate::runtime */
        /// Like [`crate::store::Table`].
        #[derive(serde::Serialize)]
        struct One<'a>(&'a str);
        fn one() -> Vec::<u8> {
            let text = ("crate::store", r#"crate::store"#, 'c', b"crate::store");
            self::two::<rand::Rng>(text, |x| x as usize, <Id as std::fmt::Display>::fmt)
        }
        #[cfg(test)]
        use aws_config::Tests;
        #[cfg(test)]
        mod tests {
            use crate::store::Table;
        }
        fn after() { tracing::info!(cause = %axum::Error::new(), "lambda_http::x") }
    "##;
    let found = paths(code, "crate::service::list::query");
    let found: Vec<_> = found.iter().filter(|path| path.contains("::")).collect();
    let expected = [
        "axum::Error::new",
        "crate::domain::id::TokenId",
        "crate::domain::token::*",
        "crate::service",
        "crate::service::http",
        "crate::service::list",
        "crate::service::list::query::two",
        "rand::Rng",
        "serde::Serialize",
        "std::fmt::Display",
        "tracing::info",
    ];
    assert_eq!(found, expected);
}

#[test]
fn each_operation_has_the_same_name_in_every_layer() {
    for operation in operations() {
        for file in [
            format!("functions/{operation}/src/lib.rs"),
            format!("functions/{operation}/src/main.rs"),
            // The function is named after its role for API Gateway, and its module of `service` after what it does.
            format!("shared/src/service/{}.rs", operation.replace("authorizer", "authorize")),
            format!("tests/api/{operation}.rs"),
        ] {
            assert!(root().join(&file).is_file(), "{file} is missing");
        }
    }
    let folders = names("functions");
    let deployed = Stack::shipped().our_functions();
    let deployed: BTreeSet<_> = deployed.values().cloned().collect();
    assert_eq!(deployed, folders, "functions in template.yaml and in functions/");
    for (logical_id, folder) in Stack::shipped().our_functions() {
        let (first, rest) = folder.split_at(1);
        assert_eq!(logical_id, format!("{}{rest}Function", first.to_uppercase()));
    }
    // The demo is not part of the API.
    let listed = local::functions::names().filter(|name| *name != "demo").map(str::to_owned);
    assert_eq!(
        listed.collect::<BTreeSet<_>>(),
        folders,
        "functions in local::functions and in functions/"
    );
}

#[test]
fn every_main_serves_its_own_handler_and_does_nothing_else() {
    let main = |operation: &str| {
        fs::read_to_string(root().join("functions").join(operation).join("src/main.rs")).unwrap()
    };
    let model = main("delete");
    assert_eq!(model.lines().count(), 6);
    // The events and responses of the authorizer are not those of HTTP requests, so its `main` differs.
    for operation in operations().iter().filter(|operation| *operation != "authorizer") {
        assert_eq!(main(operation), model.replace("delete", operation), "{operation}");
    }
}

#[test]
fn files_have_at_most_three_hundred_lines_without_their_tests() {
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
        .chain(["shared", "tests", "tests/last_release/shared"].map(|member| root.join(member)))
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
