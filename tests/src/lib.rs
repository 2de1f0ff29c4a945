//! What the black-box tests share: a app with a table, a transport and a super admin.

pub mod app;
pub mod database;
pub mod deployment;
pub mod faults;
pub mod gateway;
pub mod handlers;
pub mod http;
pub mod lambda;
pub mod meter;
pub mod privilege;
pub mod request;
pub mod stack;
pub mod table;
pub mod tls;

pub use app::TestApp;
pub use request::{Request, Response};

/// Runs each of these guarantees against the handlers and, over HTTP, against a gateway in a process of its own.
#[macro_export]
macro_rules! api_tests {
    ($($name:ident),+ $(,)?) => {
        pub(crate) mod handlers {
            /// All of them, one after the other.
            pub(crate) async fn all() {
                // Boxed, or all of them together would be too much for a stack.
                $(Box::pin(async { super::$name(&$crate::TestApp::in_process().await).await }).await;)+
            }

            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let app = $crate::TestApp::in_process().await;
                super::$name(&app).await;
                app.assert_no_secret_leaked().await;
            })+
        }
        mod http {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let app = $crate::TestApp::over_http().await;
                super::$name(&app).await;
                app.assert_no_secret_leaked().await;
            })+
        }
    };
}
