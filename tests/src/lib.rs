//! Helpers of the black-box tests. A [`TestApp`] is a table, a transport to the service and a super admin.
//!
//! Some modules serve single suites: [`imports`] finds the paths that Rust code refers to, [`meter`] counts the capacity
//! units of a client, [`record`] collects what all test programs have used, and [`welch`] compares measured times.

pub mod app;
pub mod client;
pub mod clock;
pub mod database;
pub mod deployment;
pub mod faults;
pub mod fixture;
pub mod gateway;
pub mod handlers;
pub mod http;
pub mod imports;
pub mod lambda;
pub mod meter;
pub mod openapi;
pub mod privilege;
pub mod record;
pub mod request;
pub mod stack;
pub mod table;
pub mod tls;
pub mod welch;

pub use app::TestApp;
pub use request::{Request, Response};

/// Runs each of these tests twice: against the handlers in this process, and over HTTP against a gateway process.
#[macro_export]
macro_rules! api_tests {
    ($($name:ident),+ $(,)?) => {
        mod handlers {
            // The time is paused, so that no request times out on a slow machine.
            $(#[tokio::test(start_paused = true)]
            async fn $name() {
                let app = $crate::TestApp::over_handlers().await;
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
