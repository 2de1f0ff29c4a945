//! What was taken away, and whether anybody was let in with it afterwards. Knows nothing of the model.

use crate::history::{Change, Event, Seen};
use shared::domain::id::TokenId;

/// How often something was presented after the answer that took it away.
///
/// # Errors
/// The first event that was let in all the same.
pub fn refused(events: &[Event]) -> Result<usize, String> {
    let mut count = 0;
    for taking in events {
        for later in events.iter().filter(|later| later.begun > taking.ended) {
            if !takes(events, taking, later) {
                continue;
            }
            count += 1;
            if let Seen::Authorized { answer: Ok(()), .. } = later.seen {
                return Err(format!("{taking:?}\nhad answered, and yet\n{later:?}"));
            }
        }
    }
    Ok(count)
}

/// Whether `taking` took away what `later` presents.
fn takes(events: &[Event], taking: &Event, later: &Event) -> bool {
    let Seen::Authorized { id, token, wide, .. } = &later.seen else {
        return false;
    };
    match &taking.seen {
        Seen::Deleted { id: deleted, answer: Ok(()), .. } => deleted == id,
        Seen::Regenerated { id: regenerated, answer: Ok(_), .. } => {
            regenerated == id && issued(events, token) < Some(taking.begun)
        }
        Seen::Updated {
            id: narrowed,
            change: Change::Reach { wide: false },
            answer: Ok(_),
            ..
        } => narrowed == id && *wide && !widened_since(events, *id, taking),
        _ => false,
    }
}

/// When the answer that showed this token was given.
fn issued(events: &[Event], token: &str) -> Option<u64> {
    let shows = |event: &&Event| match &event.seen {
        Seen::Generated(Some((_, shown))) => shown == token,
        Seen::Regenerated { answer: Ok((_, shown)), .. } => shown == token,
        _ => false,
    };
    events.iter().find(shows).map(|event| event.ended)
}

/// Whether somebody may have given wide permissions after `taking`.
fn widened_since(events: &[Event], id: TokenId, taking: &Event) -> bool {
    events.iter().any(|event| {
        let Seen::Updated { id: widened, change: Change::Reach { wide: true }, .. } = event.seen
        else {
            return false;
        };
        widened == id && event.ended > taking.begun
    })
}
