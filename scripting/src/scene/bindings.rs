//! Where the user's bindings of actions are kept: a file for each scene, or the one that a run is given.

use std::path::PathBuf;

use bevy_ecs::resource::Resource;
use bevy_ecs::world::World;
use metapython_engine::render::Window;
use metapython_engine::scene::{BindingsFile, take_bindings};

use super::place;

/// Where bindings are kept.
#[derive(Clone, Debug, PartialEq, Eq, Resource)]
pub enum BindingsPlace {
    /// In a file for each scene, named by its title, in this folder.
    Folder(PathBuf),
    /// In this file, whatever the scene.
    File(PathBuf),
}

impl BindingsPlace {
    /// Keeps them here from now on, and binds the actions of the scene that is loaded as the file says.
    pub fn open(self, world: &mut World) {
        world.insert_resource(self);
        take(world);
    }
}

/// Binds the actions of the scene that has just been loaded as the user wants, if bindings are kept.
pub(super) fn take(world: &mut World) {
    let Some(place) = world.get_resource::<BindingsPlace>() else { return };
    let file = match place {
        BindingsPlace::File(file) => file.clone(),
        BindingsPlace::Folder(folder) => {
            folder.join(format!("{}.ron", file_name(&world.resource::<Window>().title)))
        }
    };
    let path = place::absolute(&file);
    let known = world.get_resource::<BindingsFile>();
    if known.is_none_or(|known| known.path() != path) {
        world.insert_resource(BindingsFile::new(path));
    }
    take_bindings(world);
}

/// A title as the name of a file: letters, digits, spaces, `-` and `_` stay.
fn file_name(title: &str) -> String {
    let kept = |letter: char| match letter {
        ' ' | '-' | '_' => letter,
        letter if letter.is_alphanumeric() => letter,
        _ => '_',
    };
    let name: String = title.trim().chars().take(60).map(kept).collect();
    if name.is_empty() { "untitled".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::file_name;

    /// No title leads out of the folder, or nowhere.
    #[test]
    fn a_title_names_a_file() {
        assert_eq!(file_name("Pong"), "Pong");
        assert_eq!(file_name("../../etc/passwd"), "______etc_passwd");
        assert_eq!(file_name("  "), "untitled");
        assert_eq!(file_name("Größe 2"), "Größe 2");
    }
}
