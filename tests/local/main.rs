//! The local gateway, started as a process.

mod commands;
mod cors;
mod database;
mod guides;
mod habits;
mod hosts;
mod kill;
mod lambda;
mod log;
mod options;
mod processes;
mod requests;
mod restart;
mod rotate;
mod runbooks;
mod service_guide;

use tempfile::TempDir;
use tests::TestApp;
use tests::gateway::Gateway;
use tests::table::TABLE;

/// A temporary directory with the data file of a gateway and the file of its super-admin token.
struct DataDirectory(TempDir);

impl DataDirectory {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    /// Starts a gateway that uses this directory, with further options.
    fn start(&self, options: &[&str]) -> Gateway {
        let (data, admin) = (self.path("tokens.db"), self.path("admin"));
        Gateway::start(&[&["--data", &data, "--admin-token-file", &admin], options].concat())
    }

    /// Starts another gateway that uses the table of an app.
    async fn start_with_table_of(&self, app: &TestApp) -> Gateway {
        let port = app.database.serve(0).await.unwrap();
        Gateway::start_with_database(
            &port,
            &["--table", TABLE, "--admin-token-file", &self.path("admin")],
        )
    }

    /// Reads the super admin's token from the file that the gateway has written.
    fn admin_token(&self) -> String {
        std::fs::read_to_string(self.path("admin")).unwrap().trim().to_owned()
    }
}
