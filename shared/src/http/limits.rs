//! The fields of a request body that limit from where a token may be used and whether it may regenerate itself.

use super::fields::{Fields, Rejected, wrong_type};
use crate::domain::network::{AllowedIps, Network};
use crate::domain::patch::Patch;
use serde_json::Value;

impl Fields<'_> {
    /// Reads `allowedIps`, as a merge patch.
    ///
    /// # Errors
    /// [`Rejected`].
    pub fn allowed_ips(&mut self) -> Result<Patch<AllowedIps>, Rejected> {
        let name = "allowedIps";
        match self.value(name) {
            None => Ok(Patch::Unchanged),
            Some(Value::Null) => Ok(Patch::Clear),
            Some(_) => {
                let networks = self.list(name, AllowedIps::check_count, Network::parse)?;
                self.check_at(name, AllowedIps::new(networks)).map(Patch::Set)
            }
        }
    }

    /// Reads a boolean, as a merge patch.
    ///
    /// # Errors
    /// [`Rejected`].
    pub fn flag(&mut self, name: &'static str) -> Result<Patch<bool>, Rejected> {
        match self.value(name) {
            None => Ok(Patch::Unchanged),
            Some(Value::Null) => Ok(Patch::Clear),
            Some(Value::Bool(is_set)) => Ok(Patch::Set(*is_set)),
            Some(_) => self.check_at(name, Err(wrong_type("`true` or `false`"))),
        }
    }
}
