//! What was built from `web/`, embedded.

use sha2::{Digest, Sha256};
use shared::runtime::ConsoleConfig;
use std::borrow::Cow;
use std::fmt::Write;

const PAGE: &str = include_str!("../dist/index.html");

/// One file of the console.
pub(crate) struct Asset {
    pub(crate) media: &'static str,
    pub(crate) text: Cow<'static, str>,
    /// The same in gzip, where that is worth it.
    pub(crate) packed: Option<&'static [u8]>,
}

macro_rules! embedded {
    ($media:literal, $file:literal) => {
        Asset {
            media: $media,
            text: Cow::Borrowed(include_str!(concat!("../dist/", $file))),
            packed: Some(include_bytes!(concat!(env!("OUT_DIR"), "/", $file, ".gz"))),
        }
    };
}

impl Asset {
    /// A part of the page by its file's name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "app.js" => Some(embedded!("text/javascript; charset=utf-8", "app.js")),
            "app.css" => Some(embedded!("text/css; charset=utf-8", "app.css")),
            "icon.svg" => Some(embedded!("image/svg+xml", "icon.svg")),
            _ => None,
        }
    }

    /// The page itself, which tells its script what the deployment is set to.
    pub(crate) fn page(config: &ConsoleConfig) -> Self {
        // Of all that the name of a header may have (RFC 9110, section 5.6.2), only this means something in an attribute.
        let header = config.token_header.replace('&', "&amp;");
        let days = config.max_lifetime_days.unwrap_or(0).to_string();
        let page = PAGE.replace("{token-header}", &header);
        Self {
            media: "text/html; charset=utf-8",
            text: Cow::Owned(page.replace("{max-lifetime-days}", &days)),
            packed: None,
        }
    }

    /// The entity tag: a hash of the content, quoted.
    pub(crate) fn tag(&self) -> String {
        let hash = Sha256::digest(self.text.as_bytes());
        let mut tag = String::from("\"");
        for byte in hash.iter().take(12) {
            // Writing to a text cannot fail.
            write!(tag, "{byte:02x}").ok();
        }
        tag.push('"');
        tag
    }
}
