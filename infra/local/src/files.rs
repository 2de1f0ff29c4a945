//! Files and folders that only their owner can read.

use std::fs::{DirBuilder, File, OpenOptions, Permissions, set_permissions};
use std::io::Result;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// The folder that the gateway keeps its files in unless told otherwise.
pub(crate) const FOLDER: &str = ".tokenward";

/// Opens a file for writing, and creates it if it does not exist. Its mode is 0600 afterwards; its content is kept.
pub(crate) fn private_file(path: &Path) -> Result<File> {
    let file =
        OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)?;
    // The mode above counts for a new file only.
    file.set_permissions(Permissions::from_mode(0o600))?;
    Ok(file)
}

/// Creates a folder with mode 0700. One that exists keeps its mode, unless it is a `.tokenward`: that is the gateway's.
pub(crate) fn private_folder(path: &Path) -> Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    if path.file_name().is_some_and(|name| name == FOLDER) {
        set_permissions(path, Permissions::from_mode(0o700))?;
    }
    Ok(())
}
