//! Commands about the session itself.

use std::fmt::Write;

use super::super::session::MAX_ALIASES;
use super::super::{
    Arguments, Command, Complaint, Context, Count, Parameter, Placing, Role, SessionId, Sessions,
    Takes, command, reference,
};
use super::change::is_name;
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
            takes the alias back. What means something in Python does so before an alias, and no word of \
            Python's own can be one.",
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
    let refusal = arguments.get(0).and_then(|name| refusal(context, &name.text));
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
    if let Some(refusal) = refusal {
        return Err(Complaint::at(name, refusal));
    }
    if name.text.len() + text.len() > MAX_ALIAS {
        let text = format!("an alias and what it stands for have at most {MAX_ALIAS} bytes");
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

/// How long an alias is at most with what it stands for, bytes: several lines of a terminal.
const MAX_ALIAS: usize = 1_000;

/// Why an alias cannot have this name, if it cannot.
fn refusal(context: &mut Context<'_>, name: &str) -> Option<String> {
    if !is_name(name) {
        let text = "an alias is a name of letters, digits and underscores, with no digit first";
        return Some(format!("{text}: not `{name}`"));
    }
    context
        .interpreter
        .is_reserved(context.world, name)
        .then(|| format!("`{name}` is a word of Python; take another one"))
}

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
