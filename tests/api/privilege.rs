//! Least privilege: the roles permit only what the suite uses.

use tests::privilege::{self, granted};
use tests::stack;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_permitted_action_is_used_by_the_suite() {
    crate::console::handlers::all().await;
    crate::generate::handlers::all().await;
    crate::list::handlers::all().await;
    crate::update::handlers::all().await;
    crate::regenerate::handlers::all().await;
    crate::delete::handlers::all().await;
    crate::simulate::handlers::all().await;
    crate::authorizer::handlers::all().await;
    let used = privilege::used();
    for function in stack::resources("AWS::Serverless::Function").keys() {
        let unused: Vec<_> = granted(function).difference(&used).cloned().collect();
        assert!(unused.is_empty(), "never used: {unused:#?}");
    }
    assert_eq!(used.len(), 15, "{used:#?}");
}
