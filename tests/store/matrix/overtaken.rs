//! Another caller writes after the request of a write was lost and before it is sent again.

use super::*;
use std::iter::once;

#[tokio::test(start_paused = true)]
async fn a_lost_write_that_was_overtaken_succeeds_unless_its_precondition_fails() {
    let database = database::create().await;
    for operation in OPERATIONS {
        // The other caller cannot read a token that is unreadable.
        if !operation.writes() || *operation == Operation::DeleteUnreadable {
            continue;
        }
        let case = Case::new(&database, *operation).await;
        let before = case.snapshot().await;
        let reads = repeat_n(Fault::None, operation.reads_before_write());
        case.faults.inject(reads.chain(once(Fault::LostRequestAfter(case.other_caller()))));
        let response = case.run().await;
        case.faults.inject([]);
        let after = case.snapshot().await;
        assert_consistent(&after);
        let refusal = match operation {
            Operation::Generate => Some((409, "name-taken")),
            Operation::SetPermissionsIfMatch
            | Operation::RegenerateIfMatch
            | Operation::DeleteIfMatch => Some((412, "version-conflict")),
            _ => None,
        };
        let by_day = false;
        let events = |items| table::events(items, by_day).len();
        // One write is that of the other caller.
        assert_eq!(events(&after) - events(&before), 1 + usize::from(refusal.is_none()));
        match refusal {
            Some((status, code)) => drop(response.assert_problem(status, code)),
            None => {
                response.assert_status(operation.success_status());
                case.assert_ended_secret_denied(&format!("{operation:?}")).await;
            }
        }
    }
}
