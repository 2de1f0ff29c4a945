//! Files and folders that only their owner can read.

use std::fs::{DirBuilder, File, OpenOptions, Permissions, set_permissions};
use std::io::Result;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// The default folder of the gateway's files.
pub(crate) const FOLDER: &str = ".tokenward";

/// Opens a file for writing, and creates it if it does not exist. Sets its mode to 0600, and keeps its content.
pub(crate) fn open_private_file(path: &Path) -> Result<File> {
    let file =
        OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)?;
    // The mode above applies to a new file only.
    file.set_permissions(Permissions::from_mode(0o600))?;
    Ok(file)
}

/// Creates the folder of a file with mode 0700. An existing folder keeps its mode, unless its name is `.tokenward`, which only
/// the gateway uses.
pub(crate) fn create_private_folder_of(file: &Path) -> Result<()> {
    let Some(folder) = file.parent() else {
        return Ok(());
    };
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    if folder.file_name().is_some_and(|name| name == FOLDER) {
        set_permissions(folder, Permissions::from_mode(0o700))?;
    }
    Ok(())
}
