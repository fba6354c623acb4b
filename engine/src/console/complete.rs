//! Completion of command lines from their rows; of all else by the interpreter.

use std::path::Path;

use bevy_ecs::world::World;

use super::commands::target::{component_of, components_of};
use super::reach::reach;
use super::understand::{Reading, first_word, read, role};
use super::words::{last_word, words};
use super::{
    Candidate, Command, Completion, Interpreter, Role, SessionId, Takes, Wanted, Word, commands,
};
use crate::inspect::path::Field;
use crate::inspect::query::{Suggestions, suggest};
use crate::process::{Class, Names};

/// How many candidates are shown at most: more nobody reads.
const MOST: usize = 1_000;

/// What the word before `cursor` may become in a line of a session. `cursor` is a byte position.
pub fn complete(
    world: &mut World,
    interpreter: &mut dyn Interpreter,
    session: SessionId,
    text: &str,
    cursor: usize,
) -> Completion {
    let Some(before) = text.get(..cursor) else { return Completion::default() };
    let begin = before.len() - before.trim_start().len();
    let is_first = !before[begin..].contains(char::is_whitespace);
    let role = role(world, session);
    if !is_first
        && let Reading { line, call: Some(Ok((command, start))) } =
            read(world, interpreter, session, before)
    {
        let role = role.unwrap_or(Role::View);
        let found = argument(world, interpreter, role, command, &line, start);
        // Where the word stands in what was typed, which may begin with an alias. Who may not use a
        // command need not know which files there are for it.
        return match (found.start + before.len()).checked_sub(line.len()) {
            Some(start) if role >= command.role => Completion { start, ..found },
            _ => Completion { start: cursor, candidates: Vec::new() },
        };
    }
    // Living objects are looked at for those only who may run their code.
    let mut completion = if role == Some(Role::Exec) {
        interpreter.complete(world, session, text, cursor)
    } else {
        Completion { start: cursor, candidates: Vec::new() }
    };
    let prefix = before[begin..].trim_start_matches('%');
    if is_first && first_word(prefix) == prefix {
        let start = before.len() - prefix.len();
        if completion.start != start {
            completion = Completion { start, candidates: Vec::new() };
        }
        let own = commands::all().filter(|command| command.name.starts_with(prefix));
        let own = own.map(|command| candidate(command.name, command.summary));
        completion.candidates.splice(0..0, own);
    }
    completion
}

fn candidate(text: &str, detail: &str) -> Candidate {
    Candidate { text: text.to_owned(), detail: detail.to_owned() }
}

/// What the last word of a command line may become.
fn argument(
    world: &mut World,
    interpreter: &mut dyn Interpreter,
    role: Role,
    command: &Command,
    before: &str,
    start: usize,
) -> Completion {
    let (position, begin) = last_word(before, start);
    let prefix = before.get(begin..).unwrap_or_default();
    if command.parameters.iter().any(|parameter| parameter.takes == Takes::Query) {
        let text = before.get(start..).unwrap_or_default();
        let Suggestions { start: at, found } = suggest(world, text, text.len());
        let candidates = found.into_iter().map(|it| candidate(&it.text, &it.detail));
        return Completion { start: start + at, candidates: candidates.collect() };
    }
    let mut completion = Completion { start: begin, candidates: Vec::new() };
    let Some(parameter) = command.parameter(position) else { return completion };
    completion.candidates = match parameter.takes {
        Takes::Text | Takes::Query => Vec::new(),
        Takes::Word(words) => {
            let words = words.iter().filter(|word| word.starts_with(prefix));
            words.map(|word| candidate(word, "")).collect()
        }
        Takes::Command => {
            let found = commands::all().filter(|command| command.name.starts_with(prefix));
            found.map(|command| candidate(command.name, command.summary)).collect()
        }
        Takes::Process => processes(world, prefix),
        Takes::Class => interpreter.words(world, Wanted::Class, prefix),
        Takes::ProcessOrClass => {
            let mut found = processes(world, prefix);
            found.extend(interpreter.words(world, Wanted::Class, prefix));
            found.truncate(MOST);
            found
        }
        Takes::Method => {
            let process = process_before(command, before, start);
            let of =
                |process: Word| interpreter.words(world, Wanted::Method(&process.text), prefix);
            process.map(of).unwrap_or_default()
        }
        Takes::Script => interpreter.words(world, Wanted::Script, prefix),
        Takes::File(ending) => {
            let (folder, name) = prefix
                .rsplit_once('/')
                .map_or(("", prefix), |(folder, name)| (&prefix[..=folder.len()], name));
            completion.start += folder.len();
            match reach(world, role, Path::new(if folder.is_empty() { "." } else { folder })) {
                Ok(place) => files(&place, name, ending),
                Err(_) => Vec::new(),
            }
        }
        Takes::Place => match prefix.rsplit_once('.') {
            None => processes(world, prefix),
            Some((owner, prefix)) => {
                completion.start += owner.len() + 1;
                members(world, owner, prefix)
            }
        },
    };
    completion
}

/// The word of a line that names a process, for what follows it.
fn process_before(command: &Command, before: &str, start: usize) -> Option<Word> {
    let position = command.parameters.iter().position(|it| it.takes == Takes::Process)?;
    words(before, start).ok()?.into_iter().nth(position)
}

/// The folders, and the files of an ending, whose names begin so; hidden ones only if they are asked
/// for, and none whose name would be several words.
fn files(folder: &Path, prefix: &str, ending: &str) -> Vec<Candidate> {
    /// More entries than that nobody has in a folder of scenes, and reading them takes its time.
    const MOST_ENTRIES: usize = 10_000;
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().take(MOST_ENTRIES);
    let mut found: Vec<_> = entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let is_word =
                !name.contains(|char: char| char.is_whitespace() || "\"'()[]{}".contains(char));
            let is_meant =
                name.starts_with(prefix) && name.starts_with('.') <= prefix.starts_with('.');
            if !is_word || !is_meant {
                return None;
            }
            // Of a link only the system knows where it leads.
            let kind = entry.file_type().ok()?;
            let leads_on = || std::fs::metadata(entry.path()).is_ok_and(|found| found.is_dir());
            let is_folder = kind.is_dir() || kind.is_symlink() && leads_on();
            let has_ending = name.rsplit_once('.').is_some_and(|(_, own)| own == ending);
            (is_folder || has_ending)
                .then(|| candidate(&if is_folder { name + "/" } else { name }, ""))
        })
        .collect();
    found.sort_unstable_by(|one, other| one.text.cmp(&other.text));
    found.truncate(MOST);
    found
}

/// The processes whose names begin so, by name.
fn processes(world: &World, prefix: &str) -> Vec<Candidate> {
    let names = world.resource::<Names>().beginning_with(prefix).take(MOST);
    let class = |entity| world.get::<Class>(entity).map_or("", |class| class.0.as_str());
    names.map(|(name, entity)| candidate(name, class(entity))).collect()
}

/// The components of a process, the fields of one, or the parts of a field.
fn members(world: &World, owner: &str, prefix: &str) -> Vec<Candidate> {
    let (name, path) = owner.split_once('.').unwrap_or((owner, ""));
    let Some(process) = world.resource::<Names>().get(name) else { return Vec::new() };
    let mut found: Vec<_> = match component_of(world, process, path) {
        None if path.is_empty() => components_of(world, process)
            .map(|(name, kind)| candidate(&name.to_lowercase(), &kind.doc))
            .collect(),
        None => Vec::new(),
        Some((kind, "")) => {
            let fields = kind.fields.iter();
            fields.map(|field| candidate(&field.name, &field.kind.describe())).collect()
        }
        Some((kind, path)) => match Field::resolve(kind, path) {
            Ok(field) => {
                field.named_parts().map(|part| candidate(&part, "a finite number")).collect()
            }
            Err(_) => Vec::new(),
        },
    };
    found.retain(|candidate| candidate.text.starts_with(prefix));
    found
}
