//! Where the files of a scene lie, as seen from another folder.

use std::path::{Component, Path, PathBuf};

/// A path from the root, without links and dots where it leads to something.
pub(super) fn absolute(path: &Path) -> PathBuf {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    let canonical = path.canonicalize().or_else(|_| {
        // What is not there yet will lie in a folder that is.
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).canonicalize()?;
        Ok::<_, std::io::Error>(folder.join(path.file_name().unwrap_or_default()))
    });
    canonical.or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned())
}

/// How `path` is written in a file that lies in `folder`, so that both can be moved together; as it is
/// where they have nothing but the root in common. Both are absolute.
pub(super) fn fitting(path: &Path, folder: &Path) -> PathBuf {
    let common = path.components().zip(folder.components()).take_while(|(one, other)| one == other);
    let common: Vec<_> = common.map(|(component, _)| component).collect();
    if !common.iter().any(|component| matches!(component, Component::Normal(_))) {
        return path.to_owned();
    }
    let up = folder.components().skip(common.len()).map(|_| Component::ParentDir);
    up.chain(path.components().skip(common.len())).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::fitting;

    /// A script beside its scene is its name, another the way to it.
    #[test]
    fn a_path_is_written_from_where_the_scene_lies() {
        let fitting = |path, folder| fitting(Path::new(path), Path::new(folder));
        assert_eq!(fitting("/home/ann/pong/pong.py", "/home/ann/pong"), Path::new("pong.py"));
        assert_eq!(
            fitting("/home/ann/pong/pong.py", "/home/ann/mine"),
            Path::new("../pong/pong.py")
        );
        assert_eq!(fitting("/usr/share/pong.py", "/home/ann"), Path::new("/usr/share/pong.py"));
        assert_eq!(fitting("/home/ann/pong", "/home/ann/pong"), Path::new(""));
    }
}
