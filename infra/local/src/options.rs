//! The command line.

use crate::cors::origin;
use crate::database::Storage;
use crate::files::FOLDER;
use crate::lambda::lambda_url;
use axum::http::{HeaderValue, Uri};
use clap::Parser;
use std::path::{Path, PathBuf};

/// tokenward on your machine: API Gateway, the Lambda functions and DynamoDB in one process.
#[derive(Debug, Parser)]
#[command(name = "tokenward")]
pub(crate) struct Options {
    /// Port on 127.0.0.1; 0 picks a free one
    #[arg(long, default_value_t = 3000)]
    pub(crate) port: u16,

    /// File that stores the tokens; for an existing folder, `tokens.db` in it
    #[arg(long, value_name = "PATH", default_value = ".tokenward/tokens.db", conflicts_with_all = ["in_memory", "endpoint"])]
    data: PathBuf,

    /// Keep the tokens in memory only
    #[arg(long, conflicts_with = "endpoint")]
    in_memory: bool,

    /// Use the DynamoDB at this URL instead of the embedded one
    #[arg(long, value_name = "URL", value_parser = endpoint_url)]
    endpoint: Option<String>,

    /// Also serve the embedded DynamoDB on this port of 127.0.0.1, to clients with the printed access key; 0 picks a
    /// free one
    #[arg(long, value_name = "PORT", conflicts_with = "endpoint")]
    pub(crate) database_port: Option<u16>,

    /// Name of the table; created if it does not exist
    #[arg(long, value_name = "NAME", default_value = "tokenward")]
    pub(crate) table: String,

    /// If a super-admin token is generated, write it to this file (mode 0600) instead of printing it
    #[arg(long, value_name = "PATH")]
    pub(crate) admin_token_file: Option<PathBuf>,

    /// Generate another super-admin token (`admin-2`, …), in case the first one is lost
    #[arg(long)]
    pub(crate) new_admin_token: bool,

    /// Also serve the routes of this template; may be repeated
    #[arg(long, value_name = "PATH")]
    pub(crate) template: Vec<PathBuf>,

    /// Invoke your own functions at this URL, where `cargo lambda watch` or `sam local start-lambda` serves them;
    /// without it, their routes respond with 501
    #[arg(long, value_name = "URL", value_parser = lambda_url)]
    pub(crate) lambda_endpoint: Option<String>,

    /// Header that contains the token; `Authorization` contains `Bearer <token>`, any other header the token alone
    #[arg(long, value_name = "NAME", default_value = "Authorization", value_parser = header_name)]
    pub(crate) token_header: String,

    /// Origins whose pages may call the API (CORS), such as `https://console.example.com`; `*` for all
    #[arg(long, value_name = "ORIGIN,…", value_delimiter = ',', value_parser = origin)]
    pub(crate) allowed_origins: Vec<HeaderValue>,
}

impl Options {
    /// Returns where the tokens are stored.
    pub(crate) fn storage(&self) -> Storage {
        match &self.endpoint {
            Some(url) => Storage::Endpoint(url.clone()),
            None if self.in_memory => Storage::Memory,
            None => Storage::File(self.data_file()),
        }
    }

    /// Returns the file for the super admin's header, which the printed `curl` commands read.
    pub(crate) fn header_file(&self) -> PathBuf {
        match self.storage() {
            Storage::Endpoint(_) => Path::new(FOLDER).join("endpoint.header"),
            Storage::Memory => Path::new(FOLDER).join("in-memory.header"),
            Storage::File(file) => file.with_file_name("admin.header"),
        }
    }

    fn data_file(&self) -> PathBuf {
        if self.data.is_dir() { self.data.join("tokens.db") } else { self.data.clone() }
    }
}

fn endpoint_url(text: &str) -> Result<String, String> {
    let uri = text.parse::<Uri>().ok();
    let is_url = |uri: Uri| ["http", "https"].contains(&uri.scheme_str().unwrap_or_default());
    match uri.is_some_and(is_url) {
        true => Ok(text.to_owned()),
        false => Err("must be a URL, such as `http://127.0.0.1:8000`".to_owned()),
    }
}

fn header_name(text: &str) -> Result<String, String> {
    match axum::http::HeaderName::try_from(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err("must be the name of a header".to_owned()),
    }
}
