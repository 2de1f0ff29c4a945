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
                return Err(format!("{revoking:?}\nhad finished, but allowed was\n{later:?}"));
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
