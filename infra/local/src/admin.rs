//! The first super-admin token, and further ones for users who have lost it.

use crate::files::{create_private_folder_of, open_private_file};
use crate::options::Options;
use shared::domain::description::Description;
use shared::domain::event::Caller;
use shared::domain::grant::Permissions;
use shared::domain::name::TokenName;
use shared::domain::page::{Filter, PageRequest};
use shared::service::TokenService;
use shared::service::generate::{Issued, NewToken};
use std::error::Error;
use std::fmt;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Generates a super-admin token if no token exists or `--new-admin-token` is given. Prints it, or writes it to the file
/// of `--admin-token-file`, and prints `curl` commands that use it.
///
/// No command contains the token, because other users can see command lines, and the shell keeps them in its history.
pub(crate) async fn provide_admin_token(
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
            "Existing tokens loaded. Lost the super-admin token? Use --new-admin-token."
        )?;
        return Ok(());
    };
    // Open the file before generating the token: if opening failed afterwards, the token would be lost and its name taken.
    let output = match &options.admin_token_file {
        Some(path) => Output::TokenFile(path.clone()),
        None => Output::HeaderFile(options.header_file()),
    };
    let mut file = output.open().map_err(|error| format!("{output}: {error}"))?;
    let issued = generate(service, name).await?;
    let name = issued.record.name.clone();
    let token = issued.token.reveal();
    let header = Header::new(&options.token_header);
    match output {
        Output::TokenFile(_) => {
            rewrite(&mut file, &token)?;
            writeln!(stdout, "The super-admin token `{name}` is in {}.", output.path().display())?;
        }
        Output::HeaderFile(_) => {
            rewrite(&mut file, &header.with(&token))?;
            writeln!(stdout, "The super-admin token `{name}`, shown only once:\n\n  {token}\n")?;
            let path = output.path().display();
            writeln!(stdout, "It is also stored in {path} (mode 0600), for `curl -H @{path}`.")?;
        }
    }
    write!(stdout, "{}", curl_commands(url, &output, &header))?;
    Ok(())
}

/// The file from which the printed commands read the token.
enum Output {
    /// The file of `--admin-token-file`, which contains only the token, for programs.
    TokenFile(PathBuf),
    /// A file with the whole header, for `curl -H @file`.
    HeaderFile(PathBuf),
}

impl Output {
    /// Opens the file, and creates it if it does not exist. Only the folder of a header is created, too.
    fn open(&self) -> std::io::Result<File> {
        if let Self::HeaderFile(path) = self {
            create_private_folder_of(path)?;
        }
        open_private_file(self.path())
    }

    fn path(&self) -> &Path {
        match self {
            Self::TokenFile(path) | Self::HeaderFile(path) => path,
        }
    }
}

/// The path, with its option if there is one.
impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TokenFile(path) => write!(f, "--admin-token-file {}", path.display()),
            Self::HeaderFile(path) => write!(f, "{}", path.display()),
        }
    }
}

/// The header that contains a token.
struct Header {
    /// Everything before the token, such as `Authorization: Bearer `.
    prefix: String,
}

impl Header {
    fn new(name: &str) -> Self {
        let scheme = if name.eq_ignore_ascii_case("authorization") { "Bearer " } else { "" };
        Self { prefix: format!("{name}: {scheme}") }
    }

    fn with(&self, token: &str) -> String {
        format!("{}{token}", self.prefix)
    }
}

fn rewrite(file: &mut File, line: &str) -> std::io::Result<()> {
    file.set_len(0)?;
    writeln!(file, "{line}")
}

/// Returns whether no live token exists.
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

/// Generates a super-admin token without expiration. If `name` is in use, `-2`, `-3` and so on are tried.
async fn generate(service: &TokenService, name: &str) -> Result<Issued, Box<dyn Error>> {
    let caller = Caller::bootstrap();
    let stem = name.trim_end_matches("-2");
    for number in 2.. {
        let name = if number == 2 { name.to_owned() } else { format!("{stem}-{number}") };
        let new = NewToken {
            name: TokenName::parse(&name).map_err(|invalid| invalid.detail)?,
            owner: None,
            description: Description::parse("Made by the local gateway").ok(),
            expires_at: None,
            allowed_ips: None,
            self_regenerate: false,
            permissions: Permissions::SuperAdmin,
        };
        match service.generate(&caller, new, service.now()).await {
            Err(shared::service::Error::NameTaken(_)) => {}
            issued => return Ok(issued?),
        }
    }
    Err("no name is free".into())
}

fn curl_commands(url: &str, output: &Output, header: &Header) -> String {
    let body = r#"{"name":"ci-deployer","permissions":{"type":"specific","grants":[{"resource":"routes","methods":["GET"],"paths":["/orders/**"]}]}}"#;
    let path = output.path().display().to_string();
    let (before, source) = match output {
        Output::HeaderFile(_) => (String::new(), quoted(&format!("@{path}"))),
        // The shell itself runs `printf`, so the process list does not show the token.
        Output::TokenFile(_) => (
            format!("printf '{}%s' \"$(cat {})\" | ", header.prefix, quoted(&path)),
            "@-".to_owned(),
        ),
    };
    format!(
        "Generate a token that may GET /orders, list all tokens, and ask who you are:\n\n  \
         {before}curl -s {url}/v1/tokens -H {source} -H 'Content-Type: application/json' -d '{body}'\n  \
         {before}curl -s {url}/v1/tokens -H {source}\n  \
         {before}curl -s {url}/whoami -H {source}\n\n"
    )
}

/// Quotes a word for the shell.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}
