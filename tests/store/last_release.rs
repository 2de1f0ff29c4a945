//! How release 0.1.0 and this release read each other's items.
//!
//! The reader here follows that release's `store/item/read.rs`: it reads the attributes that it knows, and ignores others.

use crate::support::TestService;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use shared::domain::token::{SecretHash, Token};
use tests::database;
use tests::table::{self, Item};

/// A token as release 0.1.0 reads it.
struct OldToken {
    version: u64,
    expires_at: Option<i64>,
    secret_hash: SecretHash,
}

/// The schema that release 0.1.0 can read.
const OLD_SCHEMA: i64 = 1;

/// Reads a token as release 0.1.0 does. Returns `None` for an item that it cannot read.
fn read(item: &Item) -> Option<OldToken> {
    let string = |name: &str| item.get(name)?.as_s().ok();
    let number = |name: &str| item.get(name)?.as_n().ok()?.parse::<i64>().ok();
    let optional =
        |name: &str| if item.contains_key(name) { number(name).map(Some) } else { Some(None) };
    if number("schema")? > OLD_SCHEMA {
        return None;
    }
    for required in ["pk", "name", "permissions", "changeId"] {
        string(required)?;
    }
    for required in ["createdAt", "updatedAt"] {
        number(required)?;
    }
    for actor in ["createdBy", "updatedBy"] {
        item.get(actor)?.as_m().ok()?.get("name")?.as_s().ok()?;
    }
    for optional_time in ["purgeAt", "regeneratedAt"] {
        optional(optional_time)?;
    }
    Some(OldToken {
        version: u64::try_from(number("version")?).ok()?,
        expires_at: optional("expiresAt")?,
        secret_hash: SecretHash::from_bytes(item.get("secretHash")?.as_b().ok()?.as_ref())?,
    })
}

fn verifies(token: &OldToken, text: &str) -> bool {
    token.secret_hash.verify(&Token::parse(text).unwrap())
}

#[tokio::test]
async fn the_last_release_accepts_only_the_current_secret_of_an_item_of_this_release() {
    let database = database::create().await;
    let service = TestService::new(&database.client());
    let issued = service.generate("rotated").await.unwrap();
    let (id, old) = (issued.record.id, issued.token.reveal());
    let regenerated = service.regenerate_with_grace(id, 3600).await.unwrap();
    let new = regenerated.token.reveal();
    let item = async || table::token(&database.client(), id.as_str()).await.unwrap();
    let read_back = read(&item().await).unwrap();
    assert_eq!(read_back.version, regenerated.record.version);
    let expires_at = regenerated.record.expires_at.map(|time| time.seconds());
    assert_eq!(read_back.expires_at, expires_at);
    assert!(verifies(&read_back, &new) && !verifies(&read_back, &old));
    service.roll_back(id).await.unwrap();
    let read_back = read(&item().await).unwrap();
    assert!(verifies(&read_back, &old) && !verifies(&read_back, &new));
}

#[tokio::test]
async fn a_regenerate_of_the_last_release_ends_the_grace_period_too() {
    let database = database::create().await;
    let client = database.client();
    let service = TestService::new(&client);
    let issued = service.generate("rotated").await.unwrap();
    let (id, first) = (issued.record.id, issued.token.reveal());
    let second = service.regenerate_with_grace(id, 3600).await.unwrap().token.reveal();
    assert!(service.authorize(&first).await.is_ok() && service.authorize(&second).await.is_ok());
    // It replaces the hash, and leaves the attributes that it does not know.
    let third = SecretHash::from_bytes(&[7; 32]).unwrap();
    let hash = AttributeValue::B(Blob::new(third.as_bytes()));
    table::set_token(&client, id.as_str(), "secretHash", Some(hash)).await;
    for ended in [&first, &second] {
        assert!(service.authorize(ended).await.is_err());
    }
    assert_eq!(service.get(id).await.unwrap().previous_secret, None);
}

#[tokio::test]
async fn a_token_of_the_last_release_has_the_first_generation() {
    let database = database::create().await;
    let client = database.client();
    let service = TestService::new(&client);
    let issued = service.generate("older").await.unwrap();
    let (id, first) = (issued.record.id, issued.token.reveal());
    for new in ["generation", "lastGeneration"] {
        table::set_token(&client, id.as_str(), new, None).await;
    }
    service.authorize(&first).await.unwrap();
    assert!(service.get(id).await.unwrap().last_used.is_some());
    let regenerated = service.regenerate_with_grace(id, 3600).await.unwrap();
    let previous = regenerated.record.previous_secret.unwrap();
    assert!(previous.last_used_at.is_some(), "the use of the first secret is found");
    assert_eq!(regenerated.record.last_used, None);
    let uses = table::usages(&client, id.as_str()).await;
    assert_eq!(table::string(&uses[0], "sk"), "SECRET#1");
}

#[tokio::test]
async fn the_last_release_refuses_only_a_token_that_is_limited_to_addresses() {
    let database = database::create().await;
    let service = TestService::new(&database.client());
    let id = service.create("limited").await;
    let is_readable =
        async || read(&table::token(&database.client(), id.as_str()).await.unwrap()).is_some();
    assert!(is_readable().await);
    service.limit(id, &["203.0.113.0/24"]).await.unwrap();
    assert!(!is_readable().await, "it would ignore the limit");
    service.limit(id, &[]).await.unwrap();
    assert!(is_readable().await);
}
