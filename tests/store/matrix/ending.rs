//! The ways in which a secret stops working.

use super::case::member;
use super::*;
use shared::runtime::SystemClock;
use shared::service::Clock;
use tests::app::route_permissions;

/// What ends secrets of a token.
#[derive(Clone, Copy, Debug)]
pub enum Ending {
    Deleted,
    Regenerated,
    Expired,
    /// The token works, but no longer for the request of the tests.
    Narrowed,
    Revoked,
    RevokedBySelf,
    RolledBack,
    /// The secret was rolled back, and then another regenerate opened a grace period.
    RolledBackBefore,
    GraceEndedByRequest,
    GraceEndedByTime,
    /// A previous secret was presented to revoke, which ends only its grace period.
    GraceEndedByHolder,
    /// This and the following ones end both secrets of a grace period.
    RegeneratedInGrace,
    ExpiredInGrace,
    RevokedInGrace,
    DeletedInGrace,
}

pub const ENDINGS: [Ending; 15] = [
    Ending::Deleted,
    Ending::Regenerated,
    Ending::Expired,
    Ending::Narrowed,
    Ending::Revoked,
    Ending::RevokedBySelf,
    Ending::RolledBack,
    Ending::RolledBackBefore,
    Ending::GraceEndedByRequest,
    Ending::GraceEndedByTime,
    Ending::GraceEndedByHolder,
    Ending::RegeneratedInGrace,
    Ending::ExpiredInGrace,
    Ending::RevokedInGrace,
    Ending::DeletedInGrace,
];

impl Ending {
    fn opens_grace_period(self) -> bool {
        use Ending::{Deleted, Expired, Narrowed, Regenerated, Revoked, RevokedBySelf};
        !matches!(self, Deleted | Regenerated | Expired | Narrowed | Revoked | RevokedBySelf)
    }

    /// Ends secrets of a new token, and returns them. Asserts that they worked before.
    pub async fn end_secrets(self, case: &Case) -> Vec<String> {
        let name = format!("{self:?}").to_lowercase();
        let record = case.generate(&name).await.assert_status(201).json();
        let (id, first) = (member(&record, "id"), member(&record, "token"));
        assert!(case.authorize(&first).await, "{self:?}");
        if !self.opens_grace_period() {
            self.end(case, &id, &first).await;
            return vec![first];
        }
        let second = self.regenerate_with_grace(case, &id).await;
        assert!(case.authorize(&first).await && case.authorize(&second).await, "{self:?}");
        let presented = if matches!(self, Self::GraceEndedByHolder) { &first } else { &second };
        self.end(case, &id, presented).await;
        match self {
            Self::RolledBack | Self::RolledBackBefore => vec![second],
            Self::GraceEndedByRequest | Self::GraceEndedByTime | Self::GraceEndedByHolder => {
                vec![first]
            }
            _ => vec![first, second],
        }
    }

    async fn regenerate_with_grace(self, case: &Case, id: &str) -> String {
        let request = Operation::RegenerateWithGrace.request(id, "");
        member(&case.send(request).await.assert_status(200).json(), "token")
    }

    /// Ends secrets of a token. `presented` is the one that a holder presents.
    async fn end(self, case: &Case, id: &str, presented: &str) {
        let now = SystemClock.now().seconds();
        let request = match self {
            Self::Deleted | Self::DeletedInGrace => Request::delete(id),
            Self::Regenerated | Self::RegeneratedInGrace => Request::regenerate(id),
            Self::Narrowed => {
                let permissions = route_permissions("GET", "/invoices/**");
                Request::patch(id, &json!({ "permissions": permissions }))
            }
            Self::Revoked | Self::RevokedInGrace | Self::GraceEndedByHolder => {
                Request::revoke(presented)
            }
            Self::RolledBack | Self::RolledBackBefore => Request::rollback(id),
            Self::GraceEndedByRequest => Request::end_previous(id),
            Self::GraceEndedByTime => {
                return table::end_grace_period(&case.dynamodb, id, now).await;
            }
            Self::Expired | Self::ExpiredInGrace => {
                return table::set_timestamp(&case.dynamodb, id, "expiresAt", now).await;
            }
            Self::RevokedBySelf => {
                let response = case.handlers.send_as_holder(&Request::revoke_self(), id, 1).await;
                return drop(response.assert_status(204));
            }
        };
        assert!(case.send(request).await.status < 300, "{self:?}");
        if matches!(self, Self::RolledBackBefore) {
            self.regenerate_with_grace(case, id).await;
        }
    }
}
