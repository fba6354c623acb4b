//! Commands that look at the world.

use std::fmt::Write;

use bevy_ecs::entity::Entity;
use bevy_ecs::hierarchy::{ChildOf, Children};
use bevy_ecs::world::World;

use super::super::{Arguments, Command, Complaint, Context, Deed, Parameter, Role, Takes};
use super::target::process;
use crate::inspect;
use crate::process::{self, Class, Held, Names, Paused, accounting, instance_name};
use crate::value::Value;

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "tree",
        aliases: &[],
        parameters: &[Parameter::maybe("NAME", Takes::Process)],
        summary: "Show processes below their parents",
        details: "All of them, or those below one. After 1,000 lines it ends.",
        example: "tree World",
        role: Role::View,
        run: tree,
    },
    Command {
        name: "inspect",
        aliases: &[],
        parameters: &[Parameter::one("NAME", Takes::Process)],
        summary: "Show what a process is: terms, components, attributes, mailbox, account, fault",
        details: "Attributes, and what scripts keep in fields, are told by the scripts themselves: a \
            session of the role `view` does not ask them.",
        example: "inspect Ball",
        role: Role::View,
        run: show,
    },
    Command {
        name: "source",
        aliases: &[],
        parameters: &[Parameter::one("NAME", Takes::Process)],
        summary: "Show the source of a process's class, or of a class",
        details: "",
        example: "source Ball",
        role: Role::View,
        run: source,
    },
];

fn source(context: &mut Context<'_>, arguments: &Arguments) -> Result<(), Complaint> {
    let deed = Deed::Source { name: arguments.text(0).to_owned() };
    let evaluation = context.interpreter.perform(context.world, context.session, &deed);
    context.out += &evaluation.output;
    evaluation.error.map_or(Ok(()), |error| Err(Complaint::new(error.trim_end())))
}

/// The longest tree that is shown, lines.
const MOST_LINES: usize = 1_000;

fn tree(context: &mut Context<'_>, arguments: &Arguments) -> Result<(), Complaint> {
    let world = &*context.world;
    let roots = match arguments.get(0) {
        Some(name) => vec![process(world, name)?],
        None => {
            let names = world.resource::<Names>();
            let is_root = |entity: &Entity| {
                world.get::<ChildOf>(*entity).is_none_or(|parent| !is_process(world, parent.0))
            };
            names.iter().map(|(_, entity)| entity).filter(is_root).collect()
        }
    };
    // A stack of its own: a chain of children may be deeper than the program's.
    let mut open: Vec<_> = roots.into_iter().rev().map(|root| (root, 0)).collect();
    let mut lines = 0;
    while let Some((entity, depth)) = open.pop() {
        lines += 1;
        if lines > MOST_LINES {
            let _ = writeln!(context.out, "... and more: tree NAME shows those below one");
            break;
        }
        let (name, state) = (instance_name(world, entity), state(world, entity));
        let _ = writeln!(context.out, "{}{name}{state}", "  ".repeat(depth.min(40)));
        let children = world.get::<Children>(entity).into_iter().flatten().copied();
        let children: Vec<_> = children.filter(|child| is_process(world, *child)).collect();
        open.extend(children.into_iter().rev().map(|child| (child, depth + 1)));
    }
    Ok(())
}

fn is_process(world: &World, entity: Entity) -> bool {
    world.get::<Class>(entity).is_some()
}

fn state(world: &World, entity: Entity) -> &'static str {
    match (world.get::<Held>(entity), world.get::<Paused>(entity)) {
        (Some(_), _) => "  (held)",
        (_, Some(_)) => "  (paused)",
        _ => "",
    }
}

fn show(context: &mut Context<'_>, arguments: &Arguments) -> Result<(), Complaint> {
    let Some(name) = arguments.get(0) else { return Ok(()) };
    let entity = process(context.world, name)?;
    // Attributes, and objects in fields, are told by scripts, whose code may change things.
    let asks_scripts = context.role() > Role::View;
    let told = if asks_scripts {
        inspect::process(context.world, entity)
    } else {
        inspect::process_without_scripts(context.world, entity)
    };
    let Value::Map(pairs) = told else { return Ok(()) };
    let out = &mut context.out;
    for (key, value) in &pairs {
        let Value::Str(key) = key else { continue };
        describe(out, key, value, 0);
    }
    if let Some(account) = accounting(context.world, entity) {
        let process::Accounting {
            steps, mean_secs, max_secs, late, missed, faults, messages, ..
        } = account;
        let micros = |secs: f64| secs * 1e6;
        let _ = writeln!(
            out,
            "account: {steps} steps of {:.1} µs (longest {:.1}), {late} late, {missed} missed, \
             {faults} faults, {messages} messages",
            micros(mean_secs),
            micros(max_secs)
        );
    }
    if let Some(Held(fault)) = context.world.get::<Held>(entity) {
        let _ = writeln!(out, "fault: {}", fault.report().trim_end().replace('\n', "\n  "));
    }
    Ok(())
}

/// Writes a value below its key; maps take a line for each of theirs.
fn describe(out: &mut String, key: &str, value: &Value, depth: usize) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Map(pairs) if !pairs.is_empty() => {
            let _ = writeln!(out, "{indent}{key}:");
            for (key, value) in pairs {
                let key = match key {
                    Value::Str(key) => key.clone(),
                    key => key.to_string(),
                };
                describe(out, &key, value, depth + 1);
            }
        }
        value => {
            let _ = writeln!(out, "{indent}{key}: {}", shortened(&value.to_string()));
        }
    }
}

/// A text of a length that one reads.
fn shortened(text: &str) -> String {
    const MOST: usize = 500;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}... ({} characters)", &text[..end], text.chars().count()),
        None => text.to_owned(),
    }
}
