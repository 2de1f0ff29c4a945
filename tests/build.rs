//! Compiles the vocabulary and the rules of the tests. They are independent of the vocabulary and the rules of the deployment,
//! so that a deployment may replace `infra/permissions.yaml` and add rules to `infra/routes.yaml`.

#[path = "../shared/build/access.rs"]
mod access;
#[path = "../shared/src/domain/method.rs"]
mod method;
#[path = "../shared/src/domain/permission.rs"]
#[expect(
    dead_code,
    reason = "the compiler needs the types of the vocabulary, but not every function"
)]
mod permission;
#[path = "../shared/build/roles.rs"]
mod roles;
#[path = "../shared/build/rules.rs"]
mod rules;
#[path = "../shared/build/vocabulary.rs"]
mod vocabulary;
#[path = "../shared/build/yaml.rs"]
mod yaml;

use rules::OnInvalidAccess;
use std::path::Path;

#[expect(
    clippy::disallowed_methods,
    reason = "cargo passes the output folder to build scripts in the environment"
)]
fn main() {
    for path in
        ["../shared/build", "../shared/src/domain/permission.rs", "../shared/src/domain/method.rs"]
    {
        println!("cargo::rerun-if-changed={path}");
    }
    let vocabulary = vocabulary::compile(&read("fixtures/permissions.yaml")).unwrap();
    let compile = |file, on_invalid| rules::compile(&read(file), &vocabulary, on_invalid).unwrap();
    let mut own = compile("../infra/routes.yaml", OnInvalidAccess::RequireSuperAdmin).rules;
    own.retain(|rule| rule.path_shape.starts_with("/v1/"));
    let demo = compile("../infra/demo/routes.yaml", OnInvalidAccess::Reject);
    let out = std::env::var("OUT_DIR").unwrap();
    let write = |file, text| std::fs::write(Path::new(&out).join(file), text).unwrap();
    write("vocabulary.rs", vocabulary::expression(&vocabulary));
    // The demo's file does not set a default, so this is the default of the format.
    write("rules.rs", rules::expression(demo.default, own.iter()));
    write("rules_with_demo.rs", rules::expression(demo.default, own.iter().chain(&demo.rules)));
}

fn read(file: &str) -> String {
    println!("cargo::rerun-if-changed={file}");
    std::fs::read_to_string(file).unwrap()
}
