//! Which files the commands of a session may read and write: with the role `exec` any; otherwise those
//! in the folder of the running scene, and below it.
//!
//! Whoever may load any file imports any script, and runs thereby what Python there is.

use std::path::{Component, Path, PathBuf};

use bevy_ecs::world::World;

use super::Role;
use crate::scene::Loaded;

/// The file that a session of a role means by a path. With `exec`, relative ones start at the current
/// folder, as everywhere; otherwise at that of the running scene.
///
/// # Errors
/// Why the session may not name it, as a sentence; it tells nothing of what lies outside.
pub(super) fn reach(world: &World, role: Role, path: &Path) -> Result<PathBuf, String> {
    if role == Role::Exec {
        return Ok(path.to_owned());
    }
    let Some(Loaded { grounds, .. }) = world.get_resource() else {
        return Err(Role::Exec.needed_for("a file, where no scene was loaded,", role));
    };
    // Without links, so that what is compared is where it leads, whoever told the folder.
    let folder = grounds.canonicalize().unwrap_or_else(|_| grounds.clone());
    let file = without_dots(&folder.join(path));
    if file.starts_with(&folder) && stays(&file, &folder) {
        return Ok(file);
    }
    let what = format!("a file outside of {}, the folder of the scene,", folder.display());
    Err(Role::Exec.needed_for(&what, role))
}

/// A path in which no `..` is left; what is taken back by one is not looked at.
fn without_dots(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    plain
}

/// Whether no symbolic link on the way to a file leads out of a folder. One that leads nowhere counts
/// as one that does: it might be written through.
fn stays(file: &Path, folder: &Path) -> bool {
    let there = file.ancestors().find(|path| path.symlink_metadata().is_ok());
    there.and_then(|path| path.canonicalize().ok()).is_some_and(|path| path.starts_with(folder))
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::path::Path;

    use bevy_ecs::world::World;

    use super::reach;
    use crate::console::Role;
    use crate::scene::{Kind, Loaded};

    /// Below `exec`, a session reaches what is in the scene's folder, by whatever path; and nothing that
    /// is not, by whatever path or link. With `exec`, a path is what it is.
    #[test]
    fn only_exec_reaches_out_of_the_folder() {
        let top = std::env::temp_dir().join(format!("metapython-reach-{}", std::process::id()));
        let home = top.join("home");
        fs::create_dir_all(home.join("deep")).unwrap();
        fs::create_dir_all(top.join("homely")).unwrap();
        fs::write(home.join("a.ron"), "").unwrap();
        fs::write(top.join("b.ron"), "").unwrap();
        for (target, link) in [
            ("../b.ron", "file"),
            ("../missing.ron", "nowhere"),
            ("..", "up"),
            ("deep", "down"),
            ("circle", "circle"),
        ] {
            symlink(target, home.join(link)).unwrap();
        }
        let mut world = World::new();
        let none = reach(&world, Role::Edit, Path::new("a.ron"));
        let grounds = home.canonicalize().unwrap();
        world.insert_resource(Loaded {
            kind: Kind::Scene,
            file: grounds.join("a.ron"),
            grounds: grounds.clone(),
            assets: grounds.clone(),
            scripts: vec![],
        });
        let edit = |path: &str| reach(&world, Role::Edit, Path::new(path));
        let inside: Vec<_> = [
            "a.ron",
            "./new.ron",
            "deep/../a.ron",
            "../home/a.ron",
            "down/new.ron",
            "no/such/a.ron",
        ]
        .map(edit)
        .into();
        let whole = edit(grounds.join("a.ron").to_str().unwrap());
        let outside: Vec<_> = [
            "../b.ron",
            "../homely/c.ron",
            "deep/../../b.ron",
            "no/../../b.ron",
            "file",
            "nowhere",
            "up/b.ron",
            "up/missing/b.ron",
            "circle",
            "/etc/passwd",
            "/",
            "..",
        ]
        .map(edit)
        .into();
        let exec = reach(&world, Role::Exec, Path::new("../b.ron"));
        fs::remove_dir_all(&top).unwrap();
        assert!(none.unwrap_err().contains("no scene was loaded"));
        for path in inside {
            assert!(path.as_ref().is_ok_and(|path| path.starts_with(&grounds)), "{path:?}");
        }
        assert_eq!(whole.unwrap(), grounds.join("a.ron"));
        for path in outside {
            let refusal = path.unwrap_err();
            assert!(refusal.ends_with("needs the role `exec`, and this session has `edit`"));
        }
        assert_eq!(exec.unwrap(), Path::new("../b.ron"));
    }
}
