//! The template, the rules of its routes, and the functions behind them agree.

mod authorizer;
mod deployer;
mod functions;
mod operation;
mod parameters;
mod routes;

use local::template::STACK;
use serde_json::Value;
use tests::stack::{Stack, parse_yaml};

/// Returns what a user adds for a function of their own, according to docs/ADDING.md: the resources, and the rule.
fn users_own() -> (String, Value) {
    let document = include_str!("../../docs/ADDING.md");
    let (_, recipe) = document.split_once("\n## A protected route of your own\n").unwrap();
    let blocks = recipe.split("   ```yaml\n").skip(1);
    // In the document, a block is as deep as the text of its step.
    let block = |block: &str| {
        let lines = block.lines().take_while(|line| *line != "   ```");
        lines.map(|line| line.strip_prefix("   ").unwrap_or(line)).collect::<Vec<_>>().join("\n")
    };
    let mut blocks = blocks.map(block);
    (blocks.next().unwrap(), parse_yaml(&blocks.next().unwrap()))
}

/// Returns the stack, and the stack with a function of its user's.
fn stacks() -> [Stack; 2] {
    let own = format!("\nResources:\n{}\n", users_own().0);
    let with_own = STACK.text.replacen("\nResources:\n", &own, 1);
    [STACK.text, &with_own].map(Stack::read)
}
