//! Commands about the session itself.

use std::fmt::Write;

use super::super::session::MAX_ALIASES;
use super::super::{
    Arguments, Command, Complaint, Context, Count, Parameter, Placing, Role, SessionId, Sessions,
    Takes, command, reference,
};
use super::{GROUPS, all};
use crate::machine::Stop;

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "help",
        aliases: &["?"],
        parameters: &[Parameter::maybe("NAME", Takes::Command)],
        summary: "List the commands, or explain one",
        details: "For all that is no command there is Python's help(...).",
        example: "help set",
        role: Role::View,
        run: help,
    },
    Command {
        name: "sessions",
        aliases: &["who"],
        parameters: &[],
        summary: "Show who uses the console",
        details: "",
        example: "sessions",
        role: Role::View,
        run: sessions,
    },
    Command {
        name: "history",
        aliases: &[],
        parameters: &[Parameter::maybe("COUNT", Takes::Text)],
        summary: "Show the last lines of this session",
        details: "20 unless told otherwise. Lines that begin with a space are not remembered.",
        example: "history 50",
        role: Role::View,
        run: history,
    },
    Command {
        name: "alias",
        aliases: &[],
        parameters: &[
            Parameter::maybe("NAME", Takes::Text),
            Parameter { name: "WORD", takes: Takes::Text, count: Count::Any },
        ],
        summary: "Show the aliases of this session, or make one",
        details: "A line that begins with the name is as if it began with the words. A name alone \
            takes the alias back. What means something in Python does so before an alias.",
        example: "alias slow \"interval Ball 1\"",
        role: Role::View,
        run: alias,
    },
    Command {
        name: "clear",
        aliases: &["cls"],
        parameters: &[],
        summary: "Clear the screen",
        details: "As Ctrl-L does; without effect in a pipe.",
        example: "clear",
        role: Role::View,
        run: clear,
    },
    Command {
        name: "quit",
        aliases: &["exit"],
        parameters: &[],
        summary: "End this session",
        details: "That of whoever started the machine ends the machine too.",
        example: "quit",
        role: Role::View,
        run: quit,
    },
];

fn help(context: &mut Context<'_>, arguments: &Arguments) -> Result<(), Complaint> {
    let Some(word) = arguments.get(0) else {
        let width = all().map(|command| command.signature().len()).max().unwrap_or(0);
        for group in GROUPS {
            let _ = writeln!(context.out, "{}", group.title);
            for command in group.commands {
                let _ =
                    writeln!(context.out, "  {:width$}  {}", command.signature(), command.summary);
            }
        }
        context.out += "help NAME tells more; everything else is Python. Tab completes.\n";
        return Ok(());
    };
    let name = word.text.trim_start_matches('%');
    match command::find(all(), name) {
        Ok(command) => {
            let text = reference::text(command, false);
            let _ = write!(context.out, "{}\n\n{text}", command.signature());
            Ok(())
        }
        // What is no command may be something that Python can explain, to those who may run it.
        Err(_) if is_python(context, name) => {
            let text = format!("help({name})");
            let evaluation = context.interpreter.evaluate(context.world, context.session, &text);
            context.out += &evaluation.output;
            evaluation.error.map_or(Ok(()), |error| Err(Complaint::new(error.trim_end())))
        }
        Err(complaint) => Err(Complaint::at(word, complaint.message)),
    }
}

/// Whether a name means something in Python, and the session may ask that.
fn is_python(context: &mut Context<'_>, name: &str) -> bool {
    context.role() == Role::Exec
        && context.interpreter.is_name(context.world, context.session, name)
}

fn sessions(context: &mut Context<'_>, _: &Arguments) -> Result<(), Complaint> {
    for (id, session) in context.world.resource::<Sessions>().iter() {
        let own = if id == context.session { "  (this one)" } else { "" };
        let _ = writeln!(context.out, "{}  {}  {}{own}", id.0, session.role.name(), session.user);
    }
    Ok(())
}

fn history(context: &mut Context<'_>, arguments: &Arguments) -> Result<(), Complaint> {
    let count = arguments.count(0, "lines", 0, 20)?;
    let Some(session) = context.world.resource::<Sessions>().get(context.session) else {
        return Ok(());
    };
    for line in &session.history[session.history.len().saturating_sub(count)..] {
        let _ = writeln!(context.out, "{line}");
    }
    Ok(())
}

fn alias(context: &mut Context<'_>, arguments: &Arguments) -> Result<(), Complaint> {
    let mut sessions = context.world.resource_mut::<Sessions>();
    let Some(session) = sessions.get_mut(context.session) else { return Ok(()) };
    let Some(name) = arguments.get(0) else {
        for (name, text) in &session.aliases {
            let _ = writeln!(context.out, "{name}: {text}");
        }
        return Ok(());
    };
    let text = match arguments.from(1) {
        [] => {
            return match session.aliases.remove(&name.text) {
                Some(_) => Ok(()),
                None => Err(Complaint::at(name, format!("there is no alias `{}`", name.text))),
            };
        }
        // One word alone may be in quotes to hold several; among others, quotes are for the command.
        [word] => word.text.clone(),
        _ => arguments.rest(1).to_owned(),
    };
    if KEYWORDS.contains(&&*name.text) {
        let text = format!("`{}` is a word of Python; take another one", name.text);
        return Err(Complaint::at(name, text));
    }
    if session.aliases.len() >= MAX_ALIASES && !session.aliases.contains_key(&name.text) {
        let text =
            format!("a session has at most {MAX_ALIASES} aliases; `alias NAME` takes one back");
        return Err(Complaint::at(name, text));
    }
    session.aliases.insert(name.text.clone(), text);
    Ok(())
}

/// What Python's statements begin with: an alias of that name would take them away.
const KEYWORDS: [&str; 25] = [
    "assert", "async", "await", "break", "class", "continue", "def", "del", "for", "from",
    "global", "if", "import", "lambda", "match", "nonlocal", "not", "pass", "raise", "return",
    "try", "type", "while", "with", "yield",
];

fn clear(context: &mut Context<'_>, _: &Arguments) -> Result<(), Complaint> {
    context.placing = Placing::Alone;
    Ok(())
}

fn quit(context: &mut Context<'_>, _: &Arguments) -> Result<(), Complaint> {
    if context.session == SessionId::LOCAL {
        context.world.insert_resource(Stop(Some(0)));
    } else {
        context.world.resource_mut::<Sessions>().close(context.session);
        context.interpreter.end_session(context.world, context.session);
    }
    Ok(())
}
