//! Finds the paths that Rust code refers to, except in comments, string literals and tests.

use std::collections::BTreeSet;

/// Returns the paths in `use` items and in other code, such as `crate::store::Table`.
///
/// `module` is the module of the code, such as `crate::service::list`. It resolves `self` and `super`.
pub fn paths(code: &str, module: &str) -> BTreeSet<String> {
    let tokens = without_tests(&tokens(code));
    let mut found = Vec::new();
    let mut rest = tokens.as_slice();
    while let [first, after @ ..] = rest {
        rest = if is_word(first) { path(rest, &[], &mut found) } else { after };
    }
    found.iter().map(|path| absolute(path, module)).collect()
}

/// Adds the path at the start of `tokens` to `found`, or each path of a group such as `a::{b, c}`. Returns the tokens after
/// it.
fn path<'t>(
    mut tokens: &'t [String],
    prefix: &[String],
    found: &mut Vec<Vec<String>>,
) -> &'t [String] {
    let mut path = prefix.to_vec();
    while let [segment, after @ ..] = tokens {
        tokens = after;
        path.push(segment.clone());
        let [one, two, next, ..] = after else { break };
        if one != ":" || two != ":" || !(is_word(next) || next == "*" || next == "{") {
            break;
        }
        tokens = &after[2..];
        if next == "{" {
            return tree(&after[3..], &path, found);
        }
    }
    found.push(path);
    tokens
}

/// Adds the paths in the rest of a group to `found`. Returns the tokens after the group.
fn tree<'t>(
    mut tokens: &'t [String],
    prefix: &[String],
    found: &mut Vec<Vec<String>>,
) -> &'t [String] {
    while let [first, after @ ..] = tokens {
        tokens = match first.as_str() {
            "}" => return after,
            // An alias is a local name and not a path.
            "as" => after.get(1..).unwrap_or_default(),
            "*" => path(tokens, prefix, found),
            word if is_word(word) => path(tokens, prefix, found),
            _ => after,
        };
    }
    tokens
}

fn absolute(path: &[String], module: &str) -> String {
    let mut module: Vec<_> = module.split("::").collect();
    let mut rest = path;
    while let [first, after @ ..] = rest {
        match first.as_str() {
            "self" => {}
            "super" => drop(module.pop()),
            _ => break,
        }
        rest = after;
    }
    let start = if rest.len() < path.len() { module.as_slice() } else { &[] };
    // In a group, `self` is the path before the group.
    let names = rest.iter().map(String::as_str).filter(|name| *name != "self");
    start.iter().copied().chain(names).collect::<Vec<_>>().join("::")
}

fn is_word(token: &str) -> bool {
    token.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// Removes each item after `#[cfg(test)]`. It ends with its closing brace, or with a semicolon outside of braces.
fn without_tests(tokens: &[String]) -> Vec<String> {
    const TEST: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::new();
    let mut rest = tokens;
    while let [first, after @ ..] = rest {
        if !rest.starts_with(&TEST.map(str::to_owned)) {
            kept.push(first.clone());
            rest = after;
            continue;
        }
        let mut depth = 0;
        let end = rest.iter().position(|token| {
            depth += i32::from(token == "{") - i32::from(token == "}");
            depth == 0 && (token == "}" || token == ";")
        });
        rest = end.map_or(&[], |end| &rest[end + 1..]);
    }
    kept
}

/// Returns identifiers and punctuation, without comments and literals.
fn tokens(code: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let length = if let Some(length) = skipped(rest) {
            length
        } else {
            let end = rest.find(|one: char| !one.is_alphanumeric() && one != '_');
            let length = end.unwrap_or(rest.len()).max(first.len_utf8());
            if !first.is_whitespace() && !first.is_numeric() {
                tokens.push(rest[..length].to_owned());
            }
            length
        };
        rest = &rest[length..];
    }
    tokens
}

/// Returns the length of the comment, string literal or character literal at the start of the code.
fn skipped(code: &str) -> Option<usize> {
    let mut two = code.chars().take(2);
    match (two.next()?, two.next()) {
        ('/', Some('/')) => Some(code.find('\n').unwrap_or(code.len())),
        ('/', Some('*')) => Some(comment(code)),
        ('"', _) => Some(quoted(code, '"')),
        ('\'', Some('\\')) => Some(quoted(code, '\'')),
        // Otherwise the quotation mark starts a lifetime.
        ('\'', Some(one)) => {
            code[1..].strip_prefix(one)?.starts_with('\'').then(|| one.len_utf8() + 2)
        }
        ('r' | 'b' | 'c', _) => raw(code),
        _ => None,
    }
}

fn comment(code: &str) -> usize {
    let (mut rest, mut depth) = (code, 0);
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("/*") {
            (rest, depth) = (after, depth + 1);
        } else if let Some(after) = rest.strip_prefix("*/") {
            (rest, depth) = (after, depth - 1);
            if depth == 0 {
                break;
            }
        } else {
            let mut characters = rest.chars();
            characters.next();
            rest = characters.as_str();
        }
    }
    code.len() - rest.len()
}

fn quoted(code: &str, mark: char) -> usize {
    let mut characters = code.char_indices().skip(1);
    while let Some((index, one)) = characters.next() {
        if one == mark {
            return index + 1;
        }
        if one == '\\' {
            characters.next();
        }
    }
    code.len()
}

/// Returns the length of a raw string such as `r#"…"#`.
fn raw(code: &str) -> Option<usize> {
    let start = ["r", "br", "cr"].into_iter().find(|start| code.starts_with(start))?.len();
    let hashes = code[start..].bytes().take_while(|byte| *byte == b'#').count();
    let begin = start + hashes + 1;
    let text = code.get(begin..).filter(|_| code[..begin].ends_with('"'))?;
    let end = format!("\"{}", "#".repeat(hashes));
    Some(text.find(&end).map_or(code.len(), |index| begin + index + end.len()))
}
