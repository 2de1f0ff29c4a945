//! The files that are built from `web/` and embedded in the function.

use crate::permissions;
use sha2::{Digest, Sha256};
use shared::domain::hex;
use shared::domain::permission::Vocabulary;
use shared::runtime::ConsoleConfig;
use std::borrow::Cow;

const PAGE: &str = include_str!("../dist/index.html");

/// One file of the console.
pub(crate) struct Asset {
    pub(crate) content_type: &'static str,
    pub(crate) text: Cow<'static, str>,
    /// The text compressed by gzip. What depends on the deployment is not compressed.
    pub(crate) gzip: Option<&'static [u8]>,
}

macro_rules! embedded {
    ($content_type:literal, $file:literal) => {
        Asset {
            content_type: $content_type,
            text: Cow::Borrowed(include_str!(concat!("../dist/", $file))),
            gzip: Some(include_bytes!(concat!(env!("OUT_DIR"), "/", $file, ".gz"))),
        }
    };
}

impl Asset {
    /// Returns the file with this name. It is one that the page loads, not the page itself.
    pub(crate) fn find(name: &str) -> Option<Self> {
        match name {
            "app.js" => Some(embedded!("text/javascript; charset=utf-8", "app.js")),
            "app.css" => Some(embedded!("text/css; charset=utf-8", "app.css")),
            "icon.svg" => Some(embedded!("image/svg+xml", "icon.svg")),
            _ => None,
        }
    }

    /// Returns the page with the deployment's settings, which the page's script reads.
    pub(crate) fn page(config: &ConsoleConfig) -> Self {
        // In an attribute in double quotes, `&` is the only character of a header name (RFC 9110, section 5.6.2) to escape.
        let header = config.token_header.replace('&', "&amp;");
        // To the page's script, 0 means that there is no maximum.
        let days = config.max_lifetime_days.unwrap_or(0).to_string();
        let page = PAGE
            .replace("{token-header}", &header)
            .replace("{max-lifetime-days}", &days)
            .replace("{cache-seconds}", &config.cache_seconds.to_string())
            .replace("{idle-minutes}", &config.idle_minutes.to_string());
        Self { content_type: "text/html; charset=utf-8", text: Cow::Owned(page), gzip: None }
    }

    /// Returns the vocabulary of permissions, which the page's script loads before it shows anything.
    pub(crate) fn permissions(vocabulary: &Vocabulary) -> Self {
        let text = Cow::Owned(permissions::document(vocabulary).to_string());
        Self { content_type: "application/json", text, gzip: None }
    }

    /// Returns the opaque part of the entity tag: the start of a hash of the content, in quotes.
    pub(crate) fn etag(&self) -> String {
        let hash = Sha256::digest(self.text.as_bytes());
        let start: Vec<_> = hash.iter().copied().take(12).collect();
        format!("\"{}\"", hex::encode(&start))
    }
}
