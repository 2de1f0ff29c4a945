//! The compiler of `infra/permissions.yaml`, which rejects each mistake with its line and the reason.

use crate::compiler::vocabulary::compile;
use shared::domain::permission::SegmentPattern;
use tests::fixture::VOCABULARY;

/// A valid vocabulary.
const FILE: &str = "\
actions: [get, pay]
resources:
  invoices: customer/invoice
  stores: region/city/store
grants:
  invoices:
    title: Invoices
    members:
      customer: { title: Customer, single: true }
      invoices: { title: Invoices, example: 2026-001 }
    roles:
      view:
        description: View invoices
        allows:
          - invoices:get:{customer}/{invoices}
      pay:
        includes: view
        allows:
          - invoices:pay:{customer}/{invoices}
  stores:
    members:
      places: { segments: 2 }
    roles:
      view:
        allows:
          - stores:*:{places}/*
";

/// Asserts that the file with `new` in place of the first `old` is rejected at this line for this reason.
fn assert_rejected(old: &str, new: &str, line: usize, reason: &str) {
    assert!(FILE.contains(old), "{old}");
    let error = compile(&FILE.replacen(old, new, 1)).expect_err(new);
    assert_eq!((error.line, error.reason.as_str()), (line, reason), "{new}");
}

#[test]
fn a_valid_file_is_compiled() {
    let vocabulary = compile(FILE).unwrap();
    assert_eq!(vocabulary.actions, ["get", "pay"]);
    let [invoices, stores] = vocabulary.kinds else { panic!("{vocabulary:?}") };
    assert_eq!((invoices.title, invoices.description), ("Invoices", ""));
    assert_eq!((stores.title, stores.roles[0].description), ("stores", ""));
    let [customer, invoice_numbers] = invoices.members else { panic!("{invoices:?}") };
    assert!(customer.single && !invoice_numbers.single);
    assert_eq!(invoice_numbers.example, "2026-001");
    let pay: Vec<_> = invoices
        .role("pay")
        .unwrap()
        .permissions
        .iter()
        .map(|one| (one.actions, one.object))
        .collect();
    let object = &[SegmentPattern::Names(0), SegmentPattern::Names(1)][..];
    assert_eq!(pay, [(&["get"][..], object), (&["pay"][..], object)]);
    // A pair is named after the segments that it stands for, and `*` is every action.
    assert_eq!(stores.members[0].pair, Some(["region", "city"]));
    assert_eq!(stores.roles[0].permissions[0].actions, ["get", "pay"]);
    let object = [SegmentPattern::Pairs(0), SegmentPattern::Any];
    assert_eq!(stores.roles[0].permissions[0].object, object);
}

#[test]
fn a_file_without_exactly_its_three_parts_is_rejected() {
    assert_rejected(FILE, "- get\n", 1, "must be a mapping with `actions`, `resources`, `grants`");
    assert_rejected(FILE, "actions: [get]\n", 1, "must have `actions`, `resources` and `grants`");
    assert_rejected(
        "actions:",
        "action:",
        1,
        "`action` must be one of `actions`, `resources`, `grants`",
    );
}

#[test]
fn actions_that_are_missing_or_listed_twice_are_rejected() {
    assert_rejected("[get, pay]", "[]", 1, "must be a list of actions, at least one");
    assert_rejected("[get, pay]", "[get, get]", 1, "action `get` is listed twice");
}

#[test]
fn malformed_accesses_and_unknown_names_are_rejected() {
    let (old, line) = ("invoices:pay:{customer}/{invoices}", 19);
    let rejected = |new, reason| assert_rejected(old, new, line, reason);
    rejected(
        "invoice:pay:{customer}/{invoices}",
        "resource `invoice` must be one of invoices, stores",
    );
    rejected("invoices:send:{customer}/{invoices}", "action `send` must be one of get, pay");
    rejected(
        "invoices:pay:{client}/{invoices}",
        "member `client` must be one of customer, invoices",
    );
    rejected("invoices:pay:{customer}/2026", "`2026` must be `*` or a member, such as `{project}`");
    rejected("invoices:pay", "`invoices:pay` must be `resource:action:object`");
    assert_rejected("includes: view", "includes: see", 17, "role `see` must be one of view, pay");
}

#[test]
fn an_object_with_the_wrong_number_of_segments_is_rejected() {
    let old = "invoices:pay:{customer}/{invoices}";
    let reason = "an object of `invoices` must have 2 segments, not 1";
    assert_rejected(old, "invoices:pay:{invoices}", 19, reason);
    // A pair stands for two segments.
    let reason = "an object of `stores` must have 3 segments, not 2";
    assert_rejected("stores:*:{places}/*", "stores:*:{places}", 26, reason);
}

#[test]
fn roles_that_include_themselves_are_rejected() {
    let old = "description: View invoices";
    assert_rejected(old, "includes: view", 13, "must not include itself: `view` includes `view`");
    let reason = "must not include itself: `view` includes `pay` includes `view`";
    assert_rejected(old, "includes: pay", 13, reason);
}

#[test]
fn unused_names_and_repeated_accesses_are_rejected() {
    let reason = "resource `refunds` must be allowed by at least one role";
    assert_rejected("  stores: region", "  refunds: refund\n  stores: region", 4, reason);
    let reason = "member `year` must be used by a role";
    assert_rejected("    roles:", "      year: { title: Year }\n    roles:", 11, reason);
    let old = "          - invoices:pay:{customer}/{invoices}";
    let reason = "`invoices:get:{customer}/{invoices}` is allowed already";
    assert_rejected(old, "          - invoices:get:{customer}/{invoices}", 19, reason);
}

#[test]
fn built_in_names_cannot_be_taken() {
    let reason = "kind `routes` is built in; choose another name";
    assert_rejected("  stores:\n    members", "  routes:\n    members", 20, reason);
    let reason = "member `role` must have another name; every grant has this field";
    assert_rejected("customer: {", "role: {", 9, reason);
    assert_rejected("customer: {", "resource: {", 9, &reason.replace("role", "resource"));
}

#[test]
fn a_malformed_part_is_rejected() {
    let name = "must be 1 to 64 letters and digits, the first one a letter";
    assert_rejected("[get, pay]", "[get, 'pay it']", 1, &format!("`pay it` {name}"));
    assert_rejected(
        "  invoices: customer",
        "  my-invoices: customer",
        3,
        &format!("`my-invoices` {name}"),
    );
    assert_rejected("      customer: {", "      _customer: {", 9, &format!("`_customer` {name}"));
    let reason =
        "`customer//invoice` must be 1 to 8 names joined by `/`, such as `project/application`";
    assert_rejected("customer/invoice", "customer//invoice", 3, reason);
    let reason =
        "`a/b/c/d/e/f/g/h/i` must be 1 to 8 names joined by `/`, such as `project/application`";
    assert_rejected("customer/invoice", "a/b/c/d/e/f/g/h/i", 3, reason);
    assert_rejected("single: true", "single: yes please", 9, "`single` must be `true` or `false`");
    let reason = "`segments` must be 2; without it, a value is one segment";
    assert_rejected("segments: 2", "segments: 3", 22, reason);
    let reason = "`label` must be one of `title`, `example`, `hint`, `single`, `segments`";
    assert_rejected("title: Customer", "label: Customer", 9, reason);
    assert_rejected("title: Customer", "title: 7", 9, "must be a string");
    let reason = "`allow` must be one of `description`, `includes`, `allows`";
    assert_rejected(
        "        allows:\n          - invoices:get",
        "        allow:\n          - invoices:get",
        14,
        reason,
    );
    let reason = "kind `stores` must have `members` and `roles`";
    assert_rejected("    members:\n      places: { segments: 2 }\n", "", 20, reason);
    assert_rejected(
        "  invoices:\n    title",
        "  stores:\n    title",
        20,
        "duplicated key in mapping",
    );
}

#[test]
fn a_role_without_accesses_is_rejected() {
    let reason = "role `view` must have `allows` or `includes`";
    assert_rejected(
        "        allows:\n          - stores:*:{places}/*\n",
        "        description: x\n",
        24,
        reason,
    );
    assert_rejected(
        "        allows:\n          - stores:*:{places}/*\n",
        "        allows: []\n",
        25,
        "must be a list of accesses, at least one",
    );
}

#[test]
fn the_generated_expression_equals_the_compiled_file() {
    // The build script compiled the same file, and wrote the result as a Rust expression: `VOCABULARY`.
    let text = include_str!("../fixtures/permissions.yaml");
    assert_eq!(compile(text).unwrap(), VOCABULARY);
}
