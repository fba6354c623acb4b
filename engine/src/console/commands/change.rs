//! Commands that change processes.

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use super::super::words::unquoted;
use super::super::{
    Arguments, Command, Complaint, Context, Count, Deed, Parameter, Role, Takes, Word,
};
use super::target::{Place, place, process, processes, value};
use crate::message::{self, Message};
use crate::process::{self, Interval, Priority, instance_name};
use crate::value::Value;

const ARGUMENTS: Parameter = Parameter { name: "ARGUMENT", takes: Takes::Text, count: Count::Any };

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "spawn",
        aliases: &[],
        parameters: &[Parameter::one("CLASS", Takes::Class), ARGUMENTS],
        summary: "Create a process of a class, and show its name",
        details: "The class is one that a script has defined, `Ball` or `pong.Ball`. Arguments are \
            written as in a scene, those with a name as name=value.",
        example: "spawn Ball priority=5 elasticity=0.9",
        role: Role::Edit,
        run: spawn,
    },
    Command {
        name: "call",
        aliases: &[],
        parameters: &[
            Parameter::one("NAME", Takes::Process),
            Parameter::one("METHOD", Takes::Method),
            ARGUMENTS,
        ],
        summary: "Call a public method of a process, and show what it returns",
        details: "",
        example: "call Ball bounce 3 hard=true",
        role: Role::Edit,
        run: call,
    },
    Command {
        name: "update",
        aliases: &[],
        parameters: &[Parameter::one("FILE", Takes::Script)],
        summary: "Take the newest text of a script in, as if it had just been saved",
        details: "If anything is wrong with it, the old version runs on.",
        example: "update pong.py",
        role: Role::Edit,
        run: update,
    },
    Command {
        name: "set",
        aliases: &[],
        parameters: &[Parameter::one("PLACE", Takes::Place), Parameter::one("VALUE", Takes::Text)],
        summary: "Set a field of a component, or a part of one",
        details: "A part of a vector is written .x or .0, as in a query: Ball.push.wind.x. A value is written as in a scene: 5, -1.5, true, \"text\", (10, 20). What the field \
            cannot hold is refused, and nothing changes.",
        example: "set Ball.transform.x 100",
        role: Role::Edit,
        run: set,
    },
    Command {
        name: "priority",
        aliases: &[],
        parameters: &[
            Parameter::one("NAME", Takes::Process),
            Parameter::maybe("NUMBER", Takes::Text),
        ],
        summary: "Show or set the priority of a process",
        details: "Within a tick the higher one steps first.",
        example: "priority Ball 10",
        role: Role::Edit,
        run: priority,
    },
    Command {
        name: "interval",
        aliases: &[],
        parameters: &[
            Parameter::one("NAME", Takes::Process),
            Parameter::maybe("SECONDS", Takes::Text),
        ],
        summary: "Show or set the time between two steps of a process",
        details: "0 is every tick.",
        example: "interval Ball 0.5",
        role: Role::Edit,
        run: interval,
    },
    Command {
        name: "pause",
        aliases: &[],
        parameters: &[Parameter::some("NAME", Takes::Process)],
        summary: "Stop the steps of processes",
        details: "",
        example: "pause Ball Paddle",
        role: Role::Edit,
        run: pause,
    },
    Command {
        name: "resume",
        aliases: &[],
        parameters: &[Parameter::some("NAME", Takes::Process)],
        summary: "Let paused or held processes step again",
        details: "",
        example: "resume Ball",
        role: Role::Edit,
        run: resume,
    },
    Command {
        name: "kill",
        aliases: &["delete"],
        parameters: &[Parameter::some("NAME", Takes::Process)],
        summary: "Delete processes and their children",
        details: "",
        example: "kill Ball3",
        role: Role::Edit,
        run: kill,
    },
    Command {
        name: "send",
        aliases: &[],
        parameters: &[Parameter::one("NAME", Takes::Process), Parameter::one("TEXT", Takes::Text)],
        summary: "Put a message into the mailbox of a process",
        details: "The text is sent as UTF-8.",
        example: "send Clerk \"hello there\"",
        role: Role::Edit,
        run: send,
    },
];

/// The words from a position on as arguments: `5`, `name=5`.
fn values(arguments: &Arguments, from: usize) -> Vec<(Option<String>, Value)> {
    let argument = |word: &Word| match word.text.split_once('=') {
        Some((name, text)) if is_name(name) && word.text.len() == word.place.len() => {
            let start = word.place.start + name.len() + 1;
            let word = Word { text: unquoted(text), place: start..word.place.end };
            (Some(name.to_owned()), value(&word))
        }
        _ => (None, value(word)),
    };
    arguments.from(from).iter().map(argument).collect()
}

fn is_name(text: &str) -> bool {
    text.starts_with(|char: char| char.is_alphabetic() || char == '_')
        && text.chars().all(|char| char.is_alphanumeric() || char == '_')
}

/// Has the interpreter do what it alone can.
pub(super) fn perform(context: &mut Context<'_>, deed: &Deed) -> Result<(), Complaint> {
    let evaluation = context.interpreter.perform(context.world, context.session, deed);
    context.out += &evaluation.output;
    evaluation.error.map_or(Ok(()), |error| Err(Complaint::new(error.trim_end())))
}

fn spawn(context: &mut Context<'_>, arguments: &Arguments) -> Result<(), Complaint> {
    let class = arguments.text(0).to_owned();
    perform(context, &Deed::Spawn { class, arguments: values(arguments, 1) })
}

fn call(context: &mut Context<'_>, arguments: &Arguments) -> Result<(), Complaint> {
    let Some(name) = arguments.get(0) else { return Ok(()) };
    let process = instance_name(context.world, process(context.world, name)?);
    let method = arguments.text(1).to_owned();
    perform(context, &Deed::Call { process, method, arguments: values(arguments, 2) })
}

fn update(context: &mut Context<'_>, arguments: &Arguments) -> Result<(), Complaint> {
    perform(context, &Deed::Update { file: arguments.text(0).to_owned() })
}

fn set(context: &mut Context<'_>, arguments: &Arguments) -> Result<(), Complaint> {
    let [to, what] = arguments.from(0) else { return Ok(()) };
    let Place { process, field } = place(context.world, to)?;
    let outcome = field.set(context.world, process, &value(what));
    outcome.map_err(|error| Complaint::at(what, error.to_string()))
}

/// A number in a word, or what is wrong with it.
fn number<T: std::str::FromStr>(word: &Word, takes: &str) -> Result<T, Complaint> {
    word.text.parse().map_err(|_| Complaint::at(word, format!("{takes}, not `{}`", word.text)))
}

fn priority(context: &mut Context<'_>, arguments: &Arguments) -> Result<(), Complaint> {
    let Some(name) = arguments.get(0) else { return Ok(()) };
    let process = process(context.world, name)?;
    if let Some(word) = arguments.get(1) {
        let takes = format!("a priority is a whole number from {} to {}", i32::MIN, i32::MAX);
        let priority = Priority(number(word, &takes)?);
        context.world.entity_mut(process).insert(priority);
    } else if let Some(Priority(priority)) = context.world.get(process) {
        context.out += &format!("{priority}\n");
    }
    Ok(())
}

fn interval(context: &mut Context<'_>, arguments: &Arguments) -> Result<(), Complaint> {
    let Some(name) = arguments.get(0) else { return Ok(()) };
    let process = process(context.world, name)?;
    if let Some(word) = arguments.get(1) {
        let seconds = number(word, "an interval is a number of seconds")?;
        let interval = Interval::from_secs(seconds);
        let interval = interval.map_err(|error| Complaint::at(word, error.to_string()))?;
        context.world.entity_mut(process).insert(interval);
    } else if let Some(interval) = context.world.get::<Interval>(process) {
        context.out += &format!("{} s\n", interval.0.as_secs());
    }
    Ok(())
}

/// Does something to each process that is named, or to none.
fn each(
    context: &mut Context<'_>,
    arguments: &Arguments,
    act: fn(&mut World, Entity),
) -> Result<(), Complaint> {
    let processes = processes(context.world, arguments.from(0))?;
    processes.into_iter().for_each(|process| act(context.world, process));
    Ok(())
}

fn pause(context: &mut Context<'_>, arguments: &Arguments) -> Result<(), Complaint> {
    each(context, arguments, process::pause)
}

fn resume(context: &mut Context<'_>, arguments: &Arguments) -> Result<(), Complaint> {
    each(context, arguments, process::resume)
}

fn kill(context: &mut Context<'_>, arguments: &Arguments) -> Result<(), Complaint> {
    each(context, arguments, process::delete)
}

fn send(context: &mut Context<'_>, arguments: &Arguments) -> Result<(), Complaint> {
    let [to, text] = arguments.from(0) else { return Ok(()) };
    let name = instance_name(context.world, process(context.world, to)?);
    let message: Message = Box::new(text.text.clone().into_bytes());
    let sent = message::send(context.world, &name, message);
    sent.map_err(|error| Complaint::at(to, error.to_string()))
}
