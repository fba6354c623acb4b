//! The table of commands, in groups as help shows them.

mod aside;
mod change;
mod inspect;
mod machine;
mod outside;
mod scene;
mod search;
mod session;
pub(super) mod target;
mod trace;
mod watch;

use super::Command;

/// Commands of a kind.
pub struct Group {
    /// What they are about.
    pub title: &'static str,
    /// The commands, in the order of help.
    pub commands: &'static [Command],
}

/// All commands.
pub const GROUPS: &[Group] = &[
    Group { title: "Searching", commands: search::COMMANDS },
    Group { title: "Looking", commands: inspect::COMMANDS },
    Group { title: "Changing", commands: change::COMMANDS },
    Group { title: "Going on", commands: watch::COMMANDS },
    Group { title: "The scene", commands: scene::COMMANDS },
    Group { title: "The machine", commands: machine::COMMANDS },
    Group { title: "The outside", commands: outside::COMMANDS },
    Group { title: "The session", commands: session::COMMANDS },
];

/// All commands, group by group.
pub(super) fn all() -> impl Iterator<Item = &'static Command> + Clone {
    GROUPS.iter().flat_map(|group| group.commands)
}
