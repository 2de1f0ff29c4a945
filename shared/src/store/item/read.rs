//! Reads items. An item with an invalid attribute is [`Unreadable`].

use super::*;
use crate::domain::permission::Vocabulary;
use crate::domain::record::is_purged;
use crate::domain::version::Version;
use crate::store::error::Unreadable;
use std::str::FromStr;

/// A reader of one item.
pub(in crate::store) struct Reader<'a> {
    item: &'a Item,
}

/// The item of a name.
pub(in crate::store) struct NameItem {
    pub(in crate::store) name: String,
    pub(in crate::store) token_id: TokenId,
    pub(in crate::store) expires_at: Option<Timestamp>,
    pub(in crate::store) purge_at: Option<Timestamp>,
}

type ReadResult<T> = Result<T, Unreadable>;

impl<'a> Reader<'a> {
    pub(in crate::store) fn new(item: &'a Item) -> Self {
        Self { item }
    }

    /// Returns the token, or `None` if it is past its purge time.
    pub(in crate::store) fn live_token(
        &self,
        vocabulary: &Vocabulary,
        now: Timestamp,
    ) -> ReadResult<Option<StoredToken>> {
        if self.is_purged(now)? {
            return Ok(None);
        }
        Ok(Some(self.token(vocabulary)?.show_previous_secret(now)))
    }

    /// Returns the token. Its grants are parsed with this vocabulary.
    fn token(&self, vocabulary: &Vocabulary) -> ReadResult<StoredToken> {
        self.check_schema(SCHEMA_WITH_ALLOWED_IPS)?;
        let record = Record {
            id: self.token_id()?,
            name: self.name()?,
            description: self.description()?,
            owner: self.owner()?,
            expires_at: self.optional_timestamp(EXPIRES_AT)?,
            permissions: self.permissions(vocabulary)?,
            allowed_ips: self.allowed_ips()?,
            self_regenerate: self.self_regenerate()?,
            version: self.version()?,
            created_at: self.timestamp(CREATED_AT)?,
            created_by: self.actor(CREATED_BY)?,
            updated_at: self.timestamp(UPDATED_AT)?,
            updated_by: self.actor(UPDATED_BY)?,
            regenerated_at: self.optional_timestamp(REGENERATED_AT)?,
            previous_secret: None,
            last_used: None,
        };
        let secret = self.secret()?;
        let last_generation = self.optional_number(LAST_GENERATION)?;
        Ok(StoredToken {
            record,
            previous: self.previous(&secret)?,
            last_generation: last_generation.unwrap_or(secret.generation),
            secret,
            purge_at: self.optional_timestamp(PURGE_AT)?,
        })
    }

    /// Returns a secret. The first secret of a token that an earlier release generated has no number.
    fn secret(&self) -> ReadResult<StoredSecret> {
        let generation = self.optional_number(GENERATION)?.unwrap_or(1);
        Ok(StoredSecret { hash: self.secret_hash(SECRET_HASH)?, generation })
    }

    /// Returns the previous secret. It must name the current secret as its successor: a release that does not know previous
    /// secrets replaces the current secret and leaves the previous one in the item, where it must no longer work.
    fn previous(&self, current: &StoredSecret) -> ReadResult<Option<PreviousSecret>> {
        let Some(previous) = self.item.get(PREVIOUS_SECRET) else {
            return Ok(None);
        };
        let invalid = || self.unreadable(PREVIOUS_SECRET, "must be a map of a secret");
        let map = Reader::new(previous.as_m().map_err(|_| invalid())?);
        let read = || {
            let previous = PreviousSecret {
                secret: map.secret()?,
                valid_until: map.timestamp(VALID_UNTIL)?,
                expires_at: map.optional_timestamp(EXPIRES_AT)?,
                regenerated_at: map.optional_timestamp(REGENERATED_AT)?,
            };
            Ok((map.secret_hash(SUCCESSOR)? == current.hash).then_some(previous))
        };
        read().map_err(|_: Unreadable| invalid())
    }

    /// Returns the name, with its token's id and times.
    pub(in crate::store) fn name_item(&self) -> ReadResult<NameItem> {
        self.check_schema(SCHEMA)?;
        let id = TokenId::parse(self.string(ID)?);
        Ok(NameItem {
            name: self.sort_key()?.to_owned(),
            token_id: id.ok_or_else(|| self.unreadable(ID, "must be a token id"))?,
            expires_at: self.optional_timestamp(EXPIRES_AT)?,
            purge_at: self.optional_timestamp(PURGE_AT)?,
        })
    }

    /// Returns whether the item is past its purge time.
    pub(in crate::store) fn is_purged(&self, now: Timestamp) -> ReadResult<bool> {
        Ok(is_purged(now, self.optional_timestamp(PURGE_AT)?))
    }

    /// Returns whether this write was the last one of the item.
    pub(in crate::store) fn was_written_by(&self, change_id: &str) -> bool {
        self.string(CHANGE_ID).is_ok_and(|stored| stored == change_id)
    }

    /// Returns the sort key. That of a name item is the name.
    pub(in crate::store) fn sort_key(&self) -> ReadResult<&'a str> {
        self.string(SK)
    }

    /// Returns the token's id, which is in its key.
    pub(in crate::store) fn token_id(&self) -> ReadResult<TokenId> {
        let id = self.string(PK)?.strip_prefix("TOKEN#").and_then(TokenId::parse);
        id.ok_or_else(|| self.unreadable(PK, "must be the key of a token"))
    }

    /// Returns the token's name.
    pub(in crate::store) fn name(&self) -> ReadResult<TokenName> {
        let name = TokenName::parse(self.string(NAME)?);
        name.map_err(|_| self.unreadable(NAME, "must be a token name"))
    }

    /// Returns the token's version.
    pub(in crate::store) fn version(&self) -> ReadResult<Version> {
        self.number(VERSION)
    }

    /// Checks that the item's `schema` is at most `newest`.
    pub(super) fn check_schema(&self, newest: i64) -> ReadResult<()> {
        if self.number::<i64>(SCHEMA_NUMBER)? > newest {
            return Err(self.unreadable(SCHEMA_NUMBER, "is newer than this release can read"));
        }
        Ok(())
    }

    fn owner(&self) -> ReadResult<Option<Owner>> {
        let owner = self.optional_string(OWNER)?.map(Owner::parse).transpose();
        owner.map_err(|_| self.unreadable(OWNER, "must be an owner"))
    }

    fn description(&self) -> ReadResult<Option<Description>> {
        let description = self.optional_string(DESCRIPTION)?.map(Description::parse).transpose();
        description.map_err(|_| self.unreadable(DESCRIPTION, "must be a description"))
    }

    fn permissions(&self, vocabulary: &Vocabulary) -> ReadResult<Permissions> {
        let permissions = Permissions::from_stored(vocabulary, self.string(PERMISSIONS)?);
        permissions.ok_or_else(|| self.unreadable(PERMISSIONS, "must be permissions as JSON"))
    }

    fn allowed_ips(&self) -> ReadResult<Option<AllowedIps>> {
        let Some(value) = self.item.get(ALLOWED_IPS) else {
            return Ok(None);
        };
        let list = value.as_l().ok().filter(|list| !list.is_empty());
        let networks = list.and_then(|list| {
            list.iter().map(|one| Network::parse(one.as_s().ok()?).ok()).collect::<Option<Vec<_>>>()
        });
        let allowed = networks.and_then(|networks| AllowedIps::new(networks).ok());
        let expected = "must be a list of addresses or ranges";
        allowed.map(Some).ok_or_else(|| self.unreadable(ALLOWED_IPS, expected))
    }

    fn self_regenerate(&self) -> ReadResult<bool> {
        let Some(value) = self.item.get(SELF_REGENERATE) else {
            return Ok(false);
        };
        let is_set = value.as_bool().copied();
        is_set.map_err(|_| self.unreadable(SELF_REGENERATE, "must be a boolean"))
    }

    fn secret_hash(&self, attribute: &'static str) -> ReadResult<SecretHash> {
        let bytes = self.value(attribute)?.as_b().ok();
        let hash = bytes.and_then(|bytes| SecretHash::from_bytes(bytes.as_ref()));
        hash.ok_or_else(|| self.unreadable(attribute, "must be 32 bytes"))
    }

    pub(super) fn actor(&self, attribute: &'static str) -> ReadResult<Actor> {
        let map = self.value(attribute)?.as_m();
        let map = map.map_err(|_| self.unreadable(attribute, "must be a map"))?;
        let string = |name| map.get(name).and_then(|value: &AttributeValue| value.as_s().ok());
        let name = string(NAME).ok_or_else(|| self.unreadable(attribute, "must have a name"))?;
        let id = match string(ID) {
            None => None,
            Some(id) => {
                let id = TokenId::parse(id);
                Some(id.ok_or_else(|| self.unreadable(attribute, "must have a token id"))?)
            }
        };
        Ok(Actor { id, name: name.clone() })
    }

    pub(super) fn timestamp(&self, attribute: &'static str) -> ReadResult<Timestamp> {
        let timestamp = Timestamp::from_seconds(self.number(attribute)?);
        timestamp.ok_or_else(|| self.unreadable(attribute, "must be a timestamp"))
    }

    fn optional_timestamp(&self, attribute: &'static str) -> ReadResult<Option<Timestamp>> {
        self.item.contains_key(attribute).then(|| self.timestamp(attribute)).transpose()
    }

    fn optional_number<N: FromStr>(&self, attribute: &'static str) -> ReadResult<Option<N>> {
        self.item.contains_key(attribute).then(|| self.number(attribute)).transpose()
    }

    fn number<N: FromStr>(&self, attribute: &'static str) -> ReadResult<N> {
        let digits = self.value(attribute)?.as_n().ok().and_then(|digits| digits.parse().ok());
        digits.ok_or_else(|| self.unreadable(attribute, "must be a number in range"))
    }

    pub(super) fn optional_string(&self, attribute: &'static str) -> ReadResult<Option<&'a str>> {
        self.item.contains_key(attribute).then(|| self.string(attribute)).transpose()
    }

    pub(super) fn string(&self, attribute: &'static str) -> ReadResult<&'a str> {
        let string = self.value(attribute)?.as_s().map(String::as_str);
        string.map_err(|_| self.unreadable(attribute, "must be a string"))
    }

    fn value(&self, attribute: &'static str) -> ReadResult<&'a AttributeValue> {
        self.item.get(attribute).ok_or_else(|| self.unreadable(attribute, "is missing"))
    }

    pub(super) fn unreadable(&self, attribute: &'static str, reason: &'static str) -> Unreadable {
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
