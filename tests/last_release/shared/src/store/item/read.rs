//! From an item to what it stands for; whatever it is not is an [`Unreadable`] that names the attribute.

use super::*;
use crate::domain::precondition::Version;
use crate::store::error::Unreadable;

/// Reads an item, attribute by attribute.
pub(in crate::store) struct Reader<'a> {
    item: &'a Item,
}

type Read<T> = Result<T, Unreadable>;

impl<'a> Reader<'a> {
    pub(in crate::store) fn new(item: &'a Item) -> Self {
        Self { item }
    }

    /// Everything that a token's item holds.
    pub(in crate::store) fn token(&self) -> Read<StoredToken> {
        self.known_schema()?;
        let record = Record {
            id: self.token_id()?,
            name: self.name()?,
            description: self.description()?,
            expires_at: self.optional_moment(EXPIRES_AT)?,
            permissions: self.permissions()?,
            version: self.number::<Version>(VERSION)?,
            created_at: self.moment(CREATED_AT)?,
            created_by: self.actor(CREATED_BY)?,
            updated_at: self.moment(UPDATED_AT)?,
            updated_by: self.actor(UPDATED_BY)?,
            regenerated_at: self.optional_moment(REGENERATED_AT)?,
        };
        Ok(StoredToken { record, secret_hash: self.secret_hash()?, purge_at: self.purge_at()? })
    }

    /// When the item is gone, for any item.
    pub(in crate::store) fn purge_at(&self) -> Read<Option<Timestamp>> {
        self.optional_moment(PURGE_AT)
    }

    /// When the token of a name expires.
    pub(in crate::store) fn expires_at(&self) -> Read<Option<Timestamp>> {
        self.optional_moment(EXPIRES_AT)
    }

    /// The token's id in a name's item.
    pub(in crate::store) fn named_id(&self) -> Read<TokenId> {
        self.known_schema()?;
        TokenId::parse(self.text(ID)?).ok_or_else(|| self.unreadable(ID, "is no token id"))
    }

    /// The name in a name's key.
    pub(in crate::store) fn name_in_key(&self) -> Read<&'a str> {
        self.text(SK)
    }

    /// The token's id in its key.
    pub(in crate::store) fn token_id(&self) -> Read<TokenId> {
        let id = self.text(PK)?.strip_prefix("TOKEN#").and_then(TokenId::parse);
        id.ok_or_else(|| self.unreadable(PK, "is no token's key"))
    }

    /// A token's name.
    pub(in crate::store) fn name(&self) -> Read<TokenName> {
        TokenName::parse(self.text(NAME)?).map_err(|_| self.unreadable(NAME, "is no token name"))
    }

    /// Whether the last write of the item was the one with this change id.
    pub(in crate::store) fn was_changed_by(&self, write_id: &str) -> bool {
        self.text(CHANGE_ID).is_ok_and(|stored| stored == write_id)
    }

    fn known_schema(&self) -> Read<()> {
        let schema: i64 = self.number(SCHEMA_NUMBER)?;
        if schema > SCHEMA {
            return Err(self.unreadable(
                SCHEMA_NUMBER,
                "is newer than this release can classify_cancellation",
            ));
        }
        Ok(())
    }

    fn description(&self) -> Read<Option<Description>> {
        if !self.item.contains_key(DESCRIPTION) {
            return Ok(None);
        }
        let description = Description::parse(self.text(DESCRIPTION)?);
        description.map(Some).map_err(|_| self.unreadable(DESCRIPTION, "is no description"))
    }

    fn permissions(&self) -> Read<Permissions> {
        let document = serde_json::from_str(self.text(PERMISSIONS)?)
            .map_err(|_| self.unreadable(PERMISSIONS, "is not JSON"))?;
        Permissions::from_stored(&document)
            .map_err(|_| self.unreadable(PERMISSIONS, "holds no permissions"))
    }

    fn secret_hash(&self) -> Read<SecretHash> {
        let bytes = self
            .value(SECRET_HASH)?
            .as_b()
            .map_err(|_| self.unreadable(SECRET_HASH, "is not binary"))?;
        SecretHash::from_bytes(bytes.as_ref())
            .ok_or_else(|| self.unreadable(SECRET_HASH, "is not 32 bytes"))
    }

    fn actor(&self, attribute: &'static str) -> Read<Actor> {
        let map = self
            .value(attribute)?
            .as_m()
            .map_err(|_| self.unreadable(attribute, "is not a map"))?;
        let text = |member| map.get(member).and_then(|value: &AttributeValue| value.as_s().ok());
        let name = text(NAME).ok_or_else(|| self.unreadable(attribute, "has no name"))?.clone();
        match text(ID).map(|id| TokenId::parse(id)) {
            Some(None) => Err(self.unreadable(attribute, "has an id that is none")),
            id => Ok(Actor { id: id.flatten(), name }),
        }
    }

    fn moment(&self, attribute: &'static str) -> Read<Timestamp> {
        Timestamp::from_seconds(self.number(attribute)?)
            .ok_or_else(|| self.unreadable(attribute, "is no moment"))
    }

    fn optional_moment(&self, attribute: &'static str) -> Read<Option<Timestamp>> {
        self.item.contains_key(attribute).then(|| self.moment(attribute)).transpose()
    }

    fn number<N: std::str::FromStr>(&self, attribute: &'static str) -> Read<N> {
        let digits = self.value(attribute)?.as_n().ok().and_then(|digits| digits.parse().ok());
        digits.ok_or_else(|| self.unreadable(attribute, "is not a number that it could be"))
    }

    fn text(&self, attribute: &'static str) -> Read<&'a str> {
        let text = self.value(attribute)?.as_s().map(String::as_str);
        text.map_err(|_| self.unreadable(attribute, "is not a text"))
    }

    fn value(&self, attribute: &'static str) -> Read<&'a AttributeValue> {
        self.item.get(attribute).ok_or_else(|| self.unreadable(attribute, "is missing"))
    }

    fn unreadable(&self, attribute: &'static str, reason: &'static str) -> Unreadable {
        let part = |attribute| {
            self.item.get(attribute).and_then(|value| value.as_s().ok()).map_or("?", String::as_str)
        };
        let key = match part(SK) {
            TOKEN => part(PK).to_owned(),
            sk => format!("{} {sk}", part(PK)),
        };
        Unreadable { key, attribute, reason }
    }
}
