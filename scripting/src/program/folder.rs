//! Where settings and histories are kept.

use std::env;
use std::path::PathBuf;

/// `$XDG_CONFIG_HOME/metapython`, or `~/.config/metapython`. `None` where there is no home.
pub(crate) fn config_folder() -> Option<PathBuf> {
    let folder = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let config = folder("XDG_CONFIG_HOME").filter(|path| path.is_absolute());
    let config = config.or_else(|| folder("HOME").map(|home| home.join(".config")))?;
    Some(config.join("metapython"))
}
