//! The item of a secret's last use.

use super::*;
use crate::domain::usage::Usage;
use crate::store::error::Unreadable;

pub(in crate::store) const AT: &str = "at";
const SOURCE_IP: &str = "sourceIp";
const ROUTE: &str = "route";

/// Returns the key of a secret's last use.
pub(in crate::store) fn usage_key((id, generation): (TokenId, Generation)) -> Item {
    key(format!("USAGE#{id}"), &format!("SECRET#{generation}"))
}

/// Returns the attributes of a use. The item is purged at `purge_at`.
pub(in crate::store) fn usage_attributes(usage: &Usage, purge_at: Timestamp) -> [Attribute; 5] {
    let Usage { at, source_ip, route } = usage;
    [
        (SCHEMA_NUMBER, Some(number(SCHEMA))),
        (AT, Some(timestamp(*at))),
        (SOURCE_IP, source_ip.as_deref().map(string)),
        (ROUTE, route.as_deref().map(string)),
        (PURGE_AT, Some(timestamp(purge_at))),
    ]
}

/// Reads the item of a use. Returns the use, and the token id and the generation of the secret that was used.
pub(in crate::store) fn read_usage(
    item: &Item,
) -> Result<((TokenId, Generation), Usage), Unreadable> {
    let reader = Reader::new(item);
    reader.check_schema(SCHEMA)?;
    let id = reader.string(PK)?.strip_prefix("USAGE#").and_then(TokenId::parse);
    let generation = reader.sort_key()?.strip_prefix("SECRET#");
    let generation = generation.and_then(|generation| generation.parse().ok());
    let secret = id.zip(generation);
    let text = |name| reader.optional_string(name).map(|text| text.map(str::to_owned));
    let usage =
        Usage { at: reader.timestamp(AT)?, source_ip: text(SOURCE_IP)?, route: text(ROUTE)? };
    Ok((secret.ok_or_else(|| reader.unreadable(PK, "must be the key of a use"))?, usage))
}
