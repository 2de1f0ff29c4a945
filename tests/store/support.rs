//! A service with any SDK client and one caller.

use aws_sdk_dynamodb::Client;
use local::database::Database;
use shared::domain::description::Description;
use shared::domain::event::Caller;
use shared::domain::expiration::RequestedExpiration;
use shared::domain::grant::Permissions;
use shared::domain::id::TokenId;
use shared::domain::name::TokenName;
use shared::domain::page::{Filter, Page, PageRequest};
use shared::domain::patch::{Patch, TokenPatch};
use shared::domain::precondition::Precondition;
use shared::domain::record::Record;
use shared::domain::route::RouteRequest;
use shared::domain::time::Timestamp;
use shared::runtime::{SystemClock, SystemEntropy};
use shared::service::generate::{Issued, NewToken};
use shared::service::regenerate::Renewal;
use shared::service::{AuthorizeError, Client as RequestClient, Error, TokenService};
use shared::service::{Clock, Entropy, Policy};
use shared::store::Table;
use std::collections::BTreeMap;
use std::sync::Arc;
use tests::app::POLICY;
use tests::database;
use tests::faults::FaultInjector;
use tests::fixture::RULES_WITH_DEMO;
use tests::table::{self, Item};

/// Returns a service that uses `client`.
pub fn token_service(client: &Client) -> TokenService {
    let table = Table::new(client.clone(), tests::table::TABLE, POLICY.vocabulary);
    TokenService::new(table, Arc::new(SystemClock), Arc::new(SystemEntropy), POLICY)
}

/// A clock that always shows this time.
pub struct FixedClock(pub Timestamp);

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// A service whose caller is always the bootstrap.
#[derive(Clone)]
pub struct TestService(TokenService);

impl TestService {
    pub fn new(client: &Client) -> Self {
        Self(token_service(client))
    }

    /// Returns a service with this time, entropy and policy.
    pub fn with(
        client: &Client,
        now: Timestamp,
        entropy: impl Entropy + 'static,
        policy: Policy,
    ) -> Self {
        let table = Table::new(client.clone(), tests::table::TABLE, policy.vocabulary);
        Self(TokenService::new(table, Arc::new(FixedClock(now)), Arc::new(entropy), policy))
    }

    /// Generates a super admin that expires in thirty days.
    pub async fn generate(&self, name: &str) -> Result<Issued, Error> {
        let now = self.0.now();
        let new = NewToken {
            name: TokenName::parse(name).unwrap(),
            description: None,
            owner: None,
            expires_at: Some(now.plus_days(30)),
            permissions: Permissions::SuperAdmin,
            allowed_ips: None,
            self_regenerate: false,
        };
        self.0.generate(&Caller::bootstrap(), new, now).await
    }

    /// Generates a token, and returns only its id.
    pub async fn create(&self, name: &str) -> TokenId {
        self.generate(name).await.unwrap().record.id
    }

    pub async fn get(&self, id: TokenId) -> Result<Record, Error> {
        self.0.get(id, self.0.now()).await
    }

    pub async fn list(&self, request: &PageRequest) -> Result<Page, Error> {
        self.0.list(request, self.0.now()).await
    }

    pub async fn set_description(&self, id: TokenId, description: &str) -> Result<Record, Error> {
        let description = Patch::Set(Description::parse(description).unwrap());
        let patch = TokenPatch {
            description,
            owner: Patch::Unchanged,
            permissions: None,
            allowed_ips: Patch::Unchanged,
            self_regenerate: Patch::Unchanged,
        };
        self.0.update(&Caller::bootstrap(), id, patch, &Precondition::Exists, self.0.now()).await
    }

    pub async fn regenerate(
        &self,
        id: TokenId,
        precondition: &Precondition,
    ) -> Result<Issued, Error> {
        let now = self.0.now();
        let expiration = RequestedExpiration::At(now.plus_days(30));
        let renewal = Renewal { expiration, grace_seconds: 0 };
        self.0.regenerate(&Caller::bootstrap(), id, renewal, precondition, now).await
    }

    pub async fn regenerate_with_grace(
        &self,
        id: TokenId,
        grace_seconds: u32,
    ) -> Result<Issued, Error> {
        let now = self.0.now();
        let expiration = RequestedExpiration::At(now.plus_days(30));
        let renewal = Renewal { expiration, grace_seconds };
        self.0.regenerate(&Caller::bootstrap(), id, renewal, &Precondition::Exists, now).await
    }

    pub async fn roll_back(&self, id: TokenId) -> Result<Record, Error> {
        let now = self.0.now();
        self.0.roll_back(&Caller::bootstrap(), id, &Precondition::Exists, now).await
    }

    pub async fn delete(&self, id: TokenId, precondition: &Precondition) -> Result<(), Error> {
        self.0.delete(&Caller::bootstrap(), id, precondition, self.0.now()).await
    }

    /// Authorizes `GET /whoami`.
    pub async fn authorize(&self, token: &str) -> Result<(), AuthorizeError> {
        let whoami = RouteRequest::parse("GET", "/whoami", RULES_WITH_DEMO).unwrap();
        self.0.authorize(token, &whoami, RequestClient::default(), self.0.now()).await.map(drop)
    }
}

/// Returns a request for the first page of all tokens.
pub fn first_page(limit: u8) -> PageRequest {
    PageRequest { limit, filter: Filter::default(), after: None }
}

/// A service with an empty table, and the injector of faults between the two.
pub struct Fixture {
    pub service: TestService,
    pub faults: FaultInjector,
    /// Direct access to the table, without faults.
    pub dynamodb: Client,
    _database: Database,
}

impl Fixture {
    pub async fn new() -> Self {
        let database = database::create().await;
        let dynamodb = database.client();
        let (client, faults) = FaultInjector::attach(&dynamodb);
        Self { service: TestService::new(&client), faults, dynamodb, _database: database }
    }

    pub fn parts(&self) -> (&TestService, &FaultInjector) {
        (&self.service, &self.faults)
    }

    pub async fn snapshot(&self) -> BTreeMap<String, Item> {
        table::snapshot(&self.dynamodb).await
    }

    /// Returns the tokens and names.
    pub async fn tokens_and_names(&self) -> BTreeMap<String, Item> {
        table::without_events(self.snapshot().await)
    }
}
