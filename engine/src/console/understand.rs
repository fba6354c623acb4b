//! Whether a line calls a command or is the interpreter's, and carrying it out.

use bevy_ecs::world::World;

use super::interpreter::failed;
use super::{
    Command, Complaint, Context, Evaluation, Interpreter, Role, Session, SessionId, Sessions,
    command, commands, go_on, log, session,
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
    let Some(Session { role, aliases, .. }) = world.resource::<Sessions>().get(session) else {
        return failed("this session has ended");
    };
    let (role, line) = (*role, session::expanded(aliases, text));
    if role == Role::Exec && interpreter.is_asking(world, session) {
        return interpreter.evaluate(world, session, text);
    }
    world.resource_mut::<Sessions>().remember(session, text);
    log::note(world, session, &line);
    match meant(world, interpreter, session, &line) {
        Some(Ok((command, start))) => {
            let mut context = Context::new(world, interpreter, session, until);
            let outcome = if command.role <= role {
                command.arguments(&line, start).and_then(|it| (command.run)(&mut context, &it))
            } else {
                Err(Complaint::new(command.role.needed_for(command.name, role)))
            };
            let error = outcome.err().map(|complaint| complaint.report(&line));
            let job = context.job.take();
            let (output, placing) = (context.out, context.placing);
            let Some(job) = job else {
                return Evaluation { output, error, is_waiting: false, placing };
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

/// The command that a line calls, and where its arguments begin; `None` if it calls none.
pub(super) fn meant(
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
    let rest = line[end..].trim_start();
    let is_set = rest.starts_with('=') && !rest.starts_with("==");
    let is_called = line[end..].starts_with(['(', '.', '[']);
    let is_else = is_set || is_called || trimmed.trim_end().contains('\n');
    if is_else || interpreter.is_name(world, session, word) {
        return None;
    }
    Some(Ok((command, end)))
}

/// The letters, digits and underscores that a text begins with.
pub(super) fn first_word(text: &str) -> &str {
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
    if !is_command_like || interpreter.is_name(world, session, word) {
        return None;
    }
    nearest(word, commands::all().map(|command| command.name)).filter(|found| found != word)
}
