//! The first super-admin token, and the way back in for whoever lost it.

use crate::options::Options;
use shared::domain::description::Description;
use shared::domain::grant::Permissions;
use shared::domain::name::TokenName;
use shared::domain::page::{Filter, PageRequest};
use shared::domain::record::Actor;
use shared::service::TokenService;
use shared::service::generate::{Issued, NewToken};
use std::error::Error;
use std::fs::{OpenOptions, Permissions as Mode};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// Generates a super-admin token if there is no token at all, or another was asked for, and shows it once with lines
/// to paste.
pub(crate) async fn welcome(
    service: &TokenService,
    options: &Options,
    url: &str,
) -> Result<(), Box<dyn Error>> {
    let mut stdout = std::io::stdout();
    let name = if is_empty(service).await? {
        "admin"
    } else if options.new_admin_token {
        "admin-2"
    } else {
        writeln!(
            stdout,
            "Tokens of an earlier start are here. Lost the super admin's? --new-admin-token makes another."
        )?;
        return Ok(());
    };
    // The file is opened first: a token that could not be handed over would be lost, and its name taken.
    let file = options
        .admin_token_file
        .as_deref()
        .map(|path| Ok::<_, std::io::Error>((path, private_file(path)?)));
    let file = file.transpose()?;
    let issued = generate(service, name).await?;
    let name = issued.record.name.clone();
    let token = issued.token.reveal();
    let shown = match file {
        Some((path, mut file)) => {
            file.set_len(0)?;
            writeln!(file, "{token}")?;
            writeln!(stdout, "The token of the super admin `{name}` is in {}.\n", path.display())?;
            format!("$(cat '{}')", path.display())
        }
        None => {
            writeln!(
                stdout,
                "The token of the super admin `{name}`, shown this once:\n\n  {token}\n"
            )?;
            token
        }
    };
    write!(stdout, "{}", lines(url, &header(&options.token_header, &shown)))?;
    Ok(())
}

/// Whether there is no live token.
async fn is_empty(service: &TokenService) -> Result<bool, Box<dyn Error>> {
    let mut request = PageRequest { limit: 100, filter: Filter::default(), after: None };
    loop {
        let page = service.list(&request, service.now()).await?;
        match page.last {
            _ if !page.entries.is_empty() => return Ok(false),
            None => return Ok(true),
            last => request.after = last,
        }
    }
}

/// A super-admin token without expiration, under the first free name: `admin-2`, `admin-3`, …
async fn generate(service: &TokenService, name: &str) -> Result<Issued, Box<dyn Error>> {
    let caller = Actor { id: None, name: "bootstrap".to_owned() };
    let stem = name.trim_end_matches("-2");
    for number in 2.. {
        let name = if number == 2 { name.to_owned() } else { format!("{stem}-{number}") };
        let new = NewToken {
            name: TokenName::parse(&name).map_err(|invalid| invalid.detail)?,
            description: Description::parse("Made by the local gateway").ok(),
            expires_at: None,
            permissions: Permissions::SuperAdmin,
        };
        match service.generate(&caller, new, service.now()).await {
            Err(shared::service::Error::NameTaken(_)) => {}
            issued => return Ok(issued?),
        }
    }
    Err("no name is free".into())
}

/// A file that only its owner reads.
fn private_file(path: &Path) -> std::io::Result<std::fs::File> {
    let file =
        OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)?;
    // The mode above counts for a new file only.
    file.set_permissions(Mode::from_mode(0o600))?;
    Ok(file)
}

fn header(name: &str, token: &str) -> String {
    if name.eq_ignore_ascii_case("authorization") {
        format!("{name}: Bearer {token}")
    } else {
        format!("{name}: {token}")
    }
}

fn lines(url: &str, header: &str) -> String {
    let body = r#"{"name":"ci-deployer","permissions":{"type":"specific","grants":[{"resource":"routes","methods":["GET"],"paths":["/orders/**"]}]}}"#;
    format!(
        "Generate a token that may GET /orders, list all tokens, and ask who you are:\n\n  \
         curl -s {url}/v1/tokens -H \"{header}\" -H 'Content-Type: application/json' -d '{body}'\n  \
         curl -s {url}/v1/tokens -H \"{header}\"\n  \
         curl -s {url}/whoami -H \"{header}\"\n\n"
    )
}
