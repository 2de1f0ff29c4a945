//! The command line.

use crate::database::Storage;
use clap::Parser;
use std::path::PathBuf;

/// tokenward on your machine: API Gateway, the Lambda functions and DynamoDB in one process.
#[derive(Debug, Parser)]
#[command(name = "tokenward")]
pub(crate) struct Options {
    /// The port on 127.0.0.1; 0 picks a free one
    #[arg(long, default_value_t = 3000)]
    pub(crate) port: u16,

    /// The file that keeps the tokens; in a folder that exists, `tokens.db`
    #[arg(long, value_name = "PATH", default_value = ".tokenward/tokens.db", conflicts_with_all = ["in_memory", "endpoint"])]
    data: PathBuf,

    /// Keep the tokens in memory only
    #[arg(long, conflicts_with = "endpoint")]
    in_memory: bool,

    /// Use the DynamoDB at this URL instead of the embedded one
    #[arg(long, value_name = "URL")]
    endpoint: Option<String>,

    /// Say where the embedded DynamoDB answers, on this port of 127.0.0.1; 0 picks a free one
    #[arg(long, value_name = "PORT", conflicts_with = "endpoint")]
    pub(crate) database_port: Option<u16>,

    /// The name of the table; it is created if it does not exist
    #[arg(long, value_name = "NAME", default_value = "tokenward")]
    pub(crate) table: String,

    /// Write a super-admin token that this start generates to this file (mode 0600), not to the terminal
    #[arg(long, value_name = "PATH")]
    pub(crate) admin_token_file: Option<PathBuf>,

    /// Generate another super-admin token (`admin-2`, …), for whoever lost the first
    #[arg(long)]
    pub(crate) new_admin_token: bool,

    /// The one header that holds the token: `Authorization` as `Bearer <token>`, any other bare
    #[arg(long, value_name = "NAME", default_value = "Authorization", value_parser = header_name)]
    pub(crate) token_header: String,
}

impl Options {
    /// Where the tokens are kept. Makes the folder of a file.
    pub(crate) fn storage(&self) -> std::io::Result<Storage> {
        if let Some(url) = &self.endpoint {
            return Ok(Storage::Endpoint(url.clone()));
        }
        if self.in_memory {
            return Ok(Storage::Memory);
        }
        let file = if self.data.is_dir() { self.data.join("tokens.db") } else { self.data.clone() };
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        Ok(Storage::File(file))
    }
}

fn header_name(text: &str) -> Result<String, String> {
    match axum::http::HeaderName::try_from(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err("must be the name of a header".to_owned()),
    }
}
