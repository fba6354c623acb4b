//! Whether a line calls a command or is the interpreter's, and carrying it out.

use bevy_ecs::world::World;

use super::interpreter::failed;
use super::{
    Command, Complaint, Context, Evaluation, Interpreter, Role, SessionId, Sessions, command,
    commands, go_on, log,
};
use crate::nearest::nearest;

/// Carries out a line: a command, or a piece of the interpreter's language.
pub(super) fn understand(
    world: &mut World,
    interpreter: &mut dyn Interpreter,
    session: SessionId,
    text: &str,
    until: u64,
) -> Evaluation {
    let Some(role) = role(world, session) else {
        return failed("this session has ended");
    };
    if role == Role::Exec && interpreter.is_asking(world, session) {
        return interpreter.evaluate(world, session, text);
    }
    world.resource_mut::<Sessions>().remember(session, text);
    let Reading { line, call } = read(world, interpreter, session, text);
    log::note(world, session, &line);
    match call {
        Some(Ok((command, start))) => {
            let mut context = Context::new(world, interpreter, session, until);
            let outcome = if command.role <= role {
                command.arguments(&line, start).and_then(|it| (command.run)(&mut context, &it))
            } else {
                Err(Complaint::new(command.role.needed_for(command.name, role)))
            };
            let error = outcome.err().map(|complaint| complaint.report(&line));
            let error = error.or(context.error.take());
            let job = context.job.take();
            let (output, placing) = (context.out, context.placing);
            let Some(job) = job else {
                return Evaluation { output, error, placing, ..Evaluation::default() };
            };
            let evaluation = go_on(world, interpreter, session, job, until);
            Evaluation { output: output + &evaluation.output, ..evaluation }
        }
        Some(Err(complaint)) => failed(complaint.report(&line)),
        None if line.trim().is_empty() => Evaluation::default(),
        None if role < Role::Exec => {
            let word = line.split_whitespace().next().unwrap_or_default();
            match command::find(commands::all(), word) {
                // It is one, but written like something else.
                Ok(command) => failed(format!("{}: write it so\n", command.signature())),
                Err(complaint) => {
                    failed(format!("{complaint}; {}\n", Role::Exec.needed_for("Python", role)))
                }
            }
        }
        None => {
            let mut evaluation = interpreter.evaluate(world, session, &line);
            if let Some(error) = &mut evaluation.error
                && let Some(command) = probable_command(world, interpreter, session, &line)
            {
                let line_break = if error.ends_with('\n') { "" } else { "\n" };
                *error += &format!("{line_break}(did you mean the command `{command}`?)\n");
            }
            evaluation
        }
    }
}

/// What a session may do; nothing, if it has ended.
pub(super) fn role(world: &World, session: SessionId) -> Option<Role> {
    world.resource::<Sessions>().get(session).map(|session| session.role)
}

/// A line as it is understood.
pub(super) struct Reading {
    /// With the alias that it begins with, if it does, replaced by what that stands for.
    pub(super) line: String,
    /// The command that it calls, and where its arguments begin; `None` if it calls none.
    pub(super) call: Option<Result<(&'static Command, usize), Complaint>>,
}

/// Reads a line. An alias within an alias is none, so that they cannot go round.
pub(super) fn read(
    world: &mut World,
    interpreter: &mut dyn Interpreter,
    session: SessionId,
    text: &str,
) -> Reading {
    let trimmed = text.trim_start();
    let (word, rest) = trimmed.split_at(trimmed.find(char::is_whitespace).unwrap_or(trimmed.len()));
    let found = world.resource::<Sessions>().get(session);
    let alias = found.and_then(|session| session.aliases.get(word)).cloned();
    let line = match alias {
        Some(alias)
            if !trimmed.trim_end().contains('\n')
                && reads_as_command(rest)
                && !is_name(world, interpreter, session, word) =>
        {
            alias + rest
        }
        _ => text.to_owned(),
    };
    let call = meant(world, interpreter, session, &line);
    Reading { line, call }
}

/// Whether the first line of a text calls a command: those after it are lines of their own then.
pub(super) fn begins_with_command(
    world: &mut World,
    interpreter: &mut dyn Interpreter,
    session: SessionId,
    text: &str,
) -> bool {
    let first = text.trim_start_matches('\n').lines().next().unwrap_or_default();
    read(world, interpreter, session, first).call.is_some()
}

/// What of a text is evaluated at once, and what of it after that: several commands may have been
/// pasted together.
pub(super) fn first_piece(
    world: &mut World,
    interpreter: &mut dyn Interpreter,
    session: SessionId,
    text: String,
) -> (String, Option<String>) {
    match text.trim_start_matches('\n').split_once('\n') {
        Some((first, rest))
            if !rest.trim().is_empty()
                && begins_with_command(world, interpreter, session, first) =>
        {
            (first.to_owned(), Some(rest.to_owned()))
        }
        _ => (text, None),
    }
}

/// The command that a line calls, and where its arguments begin; `None` if it calls none.
fn meant(
    world: &mut World,
    interpreter: &mut dyn Interpreter,
    session: SessionId,
    line: &str,
) -> Option<Result<(&'static Command, usize), Complaint>> {
    let begin = line.len() - line.trim_start().len();
    let trimmed = &line[begin..];
    let (word, end, is_certain) = match trimmed.strip_prefix('%') {
        Some(rest) => (first_word(rest), begin + 1, true),
        None => (first_word(trimmed), begin, false),
    };
    let end = end + word.len();
    let found = command::find(commands::all(), word);
    if is_certain {
        return Some(found.map(|command| (command, end)));
    }
    let command = found.ok()?;
    let is_called = line[end..].starts_with(['(', '.', '[']);
    let is_else = is_called || !reads_as_command(&line[end..]) || trimmed.trim_end().contains('\n');
    if is_else || is_name(world, interpreter, session, word) {
        return None;
    }
    Some(Ok((command, end)))
}

/// Python's operators, those that begin with another one before it.
const OPERATORS: [&str; 19] = [
    "**", "//", ">>", "<<", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "@", "&", "|", "^",
    "<", ">",
];

/// Whether what stands after a name may be the arguments of a command. With an assignment or an
/// annotation to the name, or an operator that stands by itself, the line is Python.
fn reads_as_command(rest: &str) -> bool {
    let rest = rest.trim();
    let is_set = rest.starts_with('=') && !rest.starts_with("==");
    let after = OPERATORS.iter().find_map(|operator| rest.strip_prefix(operator));
    let is_operator =
        after.is_some_and(|after| after.starts_with('=') || after.starts_with(char::is_whitespace));
    !(is_set || is_operator || rest.starts_with([',', ':']))
}

/// Whether a name means something in Python. Those who run none are not asked.
fn is_name(
    world: &mut World,
    interpreter: &mut dyn Interpreter,
    session: SessionId,
    name: &str,
) -> bool {
    role(world, session) == Some(Role::Exec) && interpreter.is_name(world, session, name)
}

/// The letters, digits and underscores that a text begins with; or the question mark, which is a name
/// for help.
pub(super) fn first_word(text: &str) -> &str {
    if text.starts_with('?') {
        return &text[..1];
    }
    let end = text.find(|char: char| !(char.is_alphanumeric() || char == '_'));
    &text[..end.unwrap_or(text.len())]
}

/// The command that a line which failed otherwise seems to call: a misspelt one.
fn probable_command(
    world: &mut World,
    interpreter: &mut dyn Interpreter,
    session: SessionId,
    line: &str,
) -> Option<String> {
    let word = first_word(line.trim_start());
    let rest = line.trim_start().get(word.len()..)?;
    let is_command_like = rest.is_empty() || rest.starts_with(' ') && !rest.contains('=');
    if !is_command_like || is_name(world, interpreter, session, word) {
        return None;
    }
    nearest(word, commands::all().map(|command| command.name)).filter(|found| found != word)
}
