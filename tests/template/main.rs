//! The template, the rules of its routes, and the functions behind them agree.

mod authorizer;
mod deployer;
mod functions;
mod operation;
mod parameters;
mod queries;
mod routes;

use local::template::STACK;
use serde_json::Value;
use tests::stack::{Stack, parse_yaml};

/// What a user adds to deploy a function of their own.
struct UsersAddition {
    /// The resources in `template.yaml`, as YAML.
    resources: String,
    /// The list in `infra/routes.yaml`, with one rule.
    rules: Value,
}

/// Returns the addition that docs/ADDING.md describes.
fn users_addition() -> UsersAddition {
    let document = include_str!("../../docs/ADDING.md");
    let (_, recipe) = document.split_once("\n## A protected route of your own\n").unwrap();
    let blocks = recipe.split("   ```yaml\n").skip(1);
    // In the document, a block belongs to a step of a numbered list, so it is indented by 3 columns.
    let block = |block: &str| {
        let lines = block.lines().take_while(|line| *line != "   ```");
        lines.map(|line| line.strip_prefix("   ").unwrap_or(line)).collect::<Vec<_>>().join("\n")
    };
    let mut blocks = blocks.map(block);
    let resources = blocks.next().unwrap();
    UsersAddition { resources, rules: parse_yaml(&blocks.next().unwrap()) }
}

/// Returns the stack as it is shipped, and the stack with [`users_addition`].
fn stacks() -> [Stack; 2] {
    let resources = format!("\nResources:\n{}\n", users_addition().resources);
    let extended = STACK.text.replacen("\nResources:\n", &resources, 1);
    [STACK.text, &extended].map(Stack::read)
}
