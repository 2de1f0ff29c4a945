//! A service over a client of one's own.

use aws_sdk_dynamodb::Client;
use shared::domain::grant::Permissions;
use shared::domain::name::TokenName;
use shared::domain::record::Actor;
use shared::domain::time::Timestamp;
use shared::runtime::{SystemClock, SystemEntropy};
use shared::service::generate::{Issued, NewToken};
use shared::service::{Clock, Error, TokenService};
use shared::store::Table;
use std::sync::Arc;
use tests::app::POLICY;

/// A service that reaches the table through `client`.
pub fn service(client: &Client) -> TokenService {
    let table = Table::new(client.clone(), tests::table::TABLE);
    TokenService::new(table, Arc::new(SystemClock), Arc::new(SystemEntropy), POLICY)
}

/// Who does everything here.
pub fn caller() -> Actor {
    Actor { id: None, name: "bootstrap".to_owned() }
}

/// Thirty days from now.
pub fn later() -> Option<Timestamp> {
    Some(SystemClock.now().plus_days(30))
}

/// A small token of this name, for thirty days.
pub fn new_token(name: &str) -> NewToken {
    let name = TokenName::parse(name).unwrap();
    NewToken { name, description: None, expires_at: later(), permissions: Permissions::SuperAdmin }
}

/// Generates it.
pub async fn generate(service: &TokenService, name: &str) -> Result<Issued, Error> {
    service.generate(&caller(), new_token(name), service.now()).await
}
