//! Checks that no token is accepted after it, or its permission, was revoked. This check does not use the sequential model.

use crate::history::{Change, Operation, Outcome, Tick};
use shared::domain::id::TokenId;

/// Returns how many authorizations were denied because of an operation that had finished before they started.
///
/// # Errors
/// The first such authorization that was allowed.
pub fn count_denied(operations: &[Operation]) -> Result<usize, String> {
    let mut count = 0;
    for revoking in operations {
        for later in operations.iter().filter(|later| later.started > revoking.finished) {
            if !revokes(operations, revoking, later) {
                continue;
            }
            count += 1;
            if is_accepted(revoking, later) {
                return Err(format!(
                    "{revoking:?}\nhad finished before this was allowed:\n{later:?}"
                ));
            }
        }
    }
    Ok(count)
}

/// Returns whether `later` was accepted. An introspection may still find the token active if only a permission was revoked.
fn is_accepted(revoking: &Operation, later: &Operation) -> bool {
    match later.outcome {
        Outcome::Authorized { result: Ok(()), .. }
        | Outcome::Introspected { result: Some(true), .. } => true,
        Outcome::Introspected { result: Some(false), .. } => {
            !matches!(revoking.outcome, Outcome::Updated { .. })
        }
        _ => false,
    }
}

/// Returns whether `revoking` revoked what `later` uses.
fn revokes(operations: &[Operation], revoking: &Operation, later: &Operation) -> bool {
    let (Outcome::Authorized { id, token, wide, .. }
    | Outcome::Introspected { id, token, wide, .. }) = &later.outcome
    else {
        return false;
    };
    let was_issued = || issued_at(operations, token) < Some(revoking.started);
    match &revoking.outcome {
        Outcome::Deleted { id: deleted, result: Ok(()), .. } => deleted == id,
        Outcome::Regenerated { id: regenerated, grace: false, result: Ok(_), .. } => {
            regenerated == id && was_issued()
        }
        Outcome::RevokedByItself { token: revoked, result: Ok(()), .. }
        | Outcome::RevokedByForm { token: revoked, .. } => revoked == token,
        Outcome::Updated {
            id: narrowed,
            change: Change::Permissions { wide: false },
            result: Ok(_),
            ..
        } => narrowed == id && *wide && !may_be_widened_after(operations, *id, revoking),
        Outcome::RolledBack { id: rolled_back, result: Ok(_), .. } => {
            rolled_back == id && was_newest(operations, *id, token, revoking)
        }
        Outcome::PreviousEnded { id: ended, result: Ok(_), .. } => {
            ended == id && was_replaced(operations, *id, token, revoking)
        }
        _ => false,
    }
}

/// Returns when the operation that issued this token finished.
fn issued_at(operations: &[Operation], token: &str) -> Option<Tick> {
    let issues = |operation: &&Operation| match &operation.outcome {
        Outcome::Generated(Some((_, issued))) => issued == token,
        Outcome::Regenerated { result: Ok((_, issued)), .. } => issued == token,
        _ => false,
    };
    operations.iter().find(issues).map(|operation| operation.finished)
}

/// Returns whether the last regenerate before `rollback` surely issued this token, so that the rollback ended it.
fn was_newest(operations: &[Operation], id: TokenId, token: &str, rollback: &Operation) -> bool {
    let Some(issuing) = operations.iter().find(|one| {
        matches!(&one.outcome, Outcome::Regenerated { result: Ok((_, issued)), .. } if issued == token)
    }) else {
        return false;
    };
    let may_come_between = |other: &Operation| {
        (regenerates(other, id) || rolls_back(other, id))
            && other.started != issuing.started
            && other.started != rollback.started
            && other.finished > issuing.started
            && other.started < rollback.finished
    };
    issuing.finished < rollback.started && !operations.iter().any(may_come_between)
}

/// Returns whether a regenerate surely replaced this token before `end`, so that the end of the grace period ended it.
fn was_replaced(operations: &[Operation], id: TokenId, token: &str, end: &Operation) -> bool {
    let Some(issued) = issued_at(operations, token) else {
        return false;
    };
    operations.iter().filter(|one| regenerates(one, id)).any(|replacing| {
        let may_restore = |other: &Operation| {
            rolls_back(other, id)
                && other.finished > replacing.started
                && other.started < end.finished
        };
        issued < replacing.started
            && replacing.finished < end.started
            && !operations.iter().any(may_restore)
    })
}

fn regenerates(operation: &Operation, id: TokenId) -> bool {
    matches!(operation.outcome, Outcome::Regenerated { id: one, result: Ok(_), .. } if one == id)
}

fn rolls_back(operation: &Operation, id: TokenId) -> bool {
    matches!(operation.outcome, Outcome::RolledBack { id: one, result: Ok(_), .. } if one == id)
}

/// Returns whether an operation may have widened the permissions after `revoking`.
fn may_be_widened_after(operations: &[Operation], id: TokenId, revoking: &Operation) -> bool {
    operations.iter().any(|operation| {
        let Outcome::Updated { id: widened, change: Change::Permissions { wide: true }, .. } =
            operation.outcome
        else {
            return false;
        };
        widened == id && operation.finished > revoking.started
    })
}

mod tests {
    use super::*;

    const ID: &str = "4GkTz0a9QmW1xB7c";

    fn id() -> TokenId {
        TokenId::parse(ID).unwrap()
    }

    fn regenerated(token: &str) -> Outcome {
        let result = Ok((2, token.to_owned()));
        Outcome::Regenerated { id: id(), if_match: None, grace: true, by_itself: None, result }
    }

    fn rolled_back() -> Outcome {
        Outcome::RolledBack { id: id(), if_match: None, result: Ok(3) }
    }

    fn previous_ended() -> Outcome {
        Outcome::PreviousEnded { id: id(), if_match: None, result: Ok(3) }
    }

    fn authorized(token: &str) -> Outcome {
        Outcome::Authorized { id: id(), token: token.to_owned(), wide: false, result: Ok(()) }
    }

    /// Returns whether the check finds an operation that was allowed after a revocation. Each operation has the times at which it
    /// started and finished. Another operation, which generates the token `first`, precedes them.
    fn is_found(operations: &[(Tick, Tick, Outcome)]) -> bool {
        let generated = Outcome::Generated(Some((id(), "first".to_owned())));
        let all = std::iter::once((1, 2, generated)).chain(operations.iter().cloned());
        let all = all.map(|(started, finished, outcome)| Operation {
            started,
            finished,
            name: 0,
            outcome,
        });
        count_denied(&all.collect::<Vec<_>>()).is_err()
    }

    #[test]
    fn a_rollback_ends_the_newest_secret_only() {
        let history = |token| {
            [(3, 4, regenerated("second")), (5, 6, rolled_back()), (7, 8, authorized(token))]
        };
        assert!(is_found(&history("second")));
        assert!(!is_found(&history("first")));
        // The request started before the rollback had finished.
        let [first, second, (_, _, third)] = history("second");
        assert!(!is_found(&[first, second, (6, 8, third)]));
        // The rollback may have undone the regenerate that issued `third`, so `second` may still be valid.
        let concurrent = [
            (3, 6, regenerated("second")),
            (4, 10, regenerated("third")),
            (7, 11, rolled_back()),
            (12, 13, authorized("second")),
        ];
        assert!(!is_found(&concurrent));
    }

    #[test]
    fn the_end_of_a_grace_period_ends_the_secret_before_only() {
        let history = |token| {
            [(3, 4, regenerated("second")), (5, 6, previous_ended()), (7, 8, authorized(token))]
        };
        assert!(is_found(&history("first")));
        assert!(!is_found(&history("second")));
        // The regenerate may have come last, so `first` may still be in its grace period.
        let concurrent =
            [(3, 6, regenerated("second")), (5, 7, previous_ended()), (8, 9, authorized("first"))];
        assert!(!is_found(&concurrent));
        // The rollback has made `first` the current secret again.
        let rolled_back = [
            (3, 4, regenerated("second")),
            (5, 6, rolled_back()),
            (7, 8, previous_ended()),
            (9, 10, authorized("first")),
        ];
        assert!(!is_found(&rolled_back));
    }
}
