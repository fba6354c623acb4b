//! Commands that look at the world.

use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::mem;

use bevy_ecs::entity::Entity;
use bevy_ecs::hierarchy::{ChildOf, Children};
use bevy_ecs::world::World;

use super::super::{Arguments, Command, Complaint, Context, Deed, Job, Parameter, Role, Takes};
use super::target::process;
use crate::clock::Stopwatch;
use crate::inspect;
use crate::message::Mailbox;
use crate::process::{self, Class, Held, InstanceName, Names, Paused, accounting, instance_name};
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
        parameters: &[Parameter::one("NAME", Takes::ProcessOrClass)],
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
    let mut tree = Tree::default();
    match arguments.get(0) {
        Some(name) => tree.open.push((process(context.world, name)?, 0)),
        None => tree.left = context.world.resource::<Names>().entities().collect(),
    }
    context.job = Some(Box::new(tree));
    Ok(())
}

/// A tree that grows, a piece in each tick: first its roots are found among all processes, then its
/// lines are written.
#[derive(Default)]
struct Tree {
    /// Those that may be roots.
    left: Vec<Entity>,
    /// The roots so far by their names, as many as can be shown.
    roots: BTreeMap<InstanceName, Entity>,
    /// What is shown next, the last one first, and how deep it stands. A stack of its own: a chain of
    /// children may be deeper than the program's.
    open: Vec<(Entity, usize)>,
    text: String,
    /// How many lines it has.
    lines: usize,
    /// Whether there are more processes than can be shown.
    is_cut: bool,
}

impl Job for Tree {
    fn advance(&mut self, context: &mut Context<'_>) -> bool {
        let world = &*context.world;
        let is_late = || world.resource::<Stopwatch>().read() >= context.until;
        while let Some(process) = self.left.pop() {
            self.look_at(world, process);
            if is_late() {
                return false;
            }
        }
        let roots = mem::take(&mut self.roots);
        self.open.extend(roots.into_values().rev().map(|root| (root, 0)));
        while let Some((process, depth)) = self.open.pop() {
            self.write(world, process, depth);
            if !self.open.is_empty() && is_late() {
                return false;
            }
        }
        if self.is_cut {
            self.text += "... and more: tree NAME shows those below one\n";
        }
        context.out += &self.text;
        true
    }
}

impl Tree {
    /// Keeps a process if it is a root, and one of the first.
    fn look_at(&mut self, world: &World, process: Entity) {
        let Some(name) = world.get::<InstanceName>(process) else { return };
        if world.get::<ChildOf>(process).is_some_and(|parent| is_process(world, parent.0)) {
            return;
        }
        if self.roots.len() >= MOST_LINES {
            self.is_cut = true;
            match self.roots.last_entry() {
                Some(last) if name < last.key() => drop(last.remove()),
                _ => return,
            }
        }
        self.roots.insert(name.clone(), process);
    }

    /// Writes the line of a process, and has its children come next.
    fn write(&mut self, world: &World, process: Entity, depth: usize) {
        // One that has gone meanwhile is not shown.
        if !is_process(world, process) {
            return;
        }
        self.lines += 1;
        let (name, state) = (instance_name(world, process), state(world, process));
        let _ = writeln!(self.text, "{}{name}{state}", "  ".repeat(depth.min(40)));
        let room = MOST_LINES - self.lines.min(MOST_LINES);
        let children = world.get::<Children>(process).into_iter().flatten().copied();
        let children = children.filter(|child| is_process(world, *child));
        let mut children: Vec<_> =
            children.take(room + 1).map(|child| (child, depth + 1)).collect();
        children.reverse();
        self.open.append(&mut children);
        // Each has a line at least: what stands deeper in the stack than there is room will not be shown.
        if let surplus @ 1.. = self.open.len().saturating_sub(room) {
            self.open.drain(..surplus);
            self.is_cut = true;
        }
    }
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
    let pairs = if asks_scripts {
        inspect::process_without_messages(context.world, entity)
    } else {
        inspect::process_without_scripts(context.world, entity)
    };
    let out = &mut context.out;
    for (key, value) in &pairs {
        let Value::Str(key) = key else { continue };
        describe(out, key, value, 0);
    }
    let _ = writeln!(out, "mailbox: {}", messages(context.world, entity));
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
            let _ = writeln!(out, "{indent}{key}: {}", shortened(value));
        }
    }
}

/// The messages that wait for a process, as the list that they would be; they are not copied for that.
fn messages(world: &World, process: Entity) -> String {
    let waiting = || world.get::<Mailbox>(process).into_iter().flat_map(Mailbox::waiting);
    let mut excerpt = Excerpt::default();
    let _ = write!(excerpt, "[").and_then(|()| {
        waiting().enumerate().try_for_each(|(number, (sent, bytes))| {
            let separator = if number == 0 { "" } else { ", " };
            write!(excerpt, "{separator}[{sent}, b\"{}\"]", bytes.escape_ascii())
        })?;
        write!(excerpt, "]")
    });
    excerpt.end(|| format!("{} messages", waiting().count()))
}

/// A value as text of a length that one reads. How large it is then stands at the end, as far as that is
/// known without writing it.
fn shortened(value: &Value) -> String {
    let mut excerpt = Excerpt::default();
    let _ = match value {
        // Written as a whole, all of it would be searched for what is to be escaped.
        Value::Str(text) => {
            let end = text.char_indices().nth(Excerpt::MOST).map_or(text.len(), |(end, _)| end);
            write!(excerpt, "{:?}", &text[..end])
        }
        value => write!(excerpt, "{value}"),
    };
    excerpt.end(|| match value {
        Value::Str(text) => format!("{} bytes", text.len()),
        Value::Bytes(bytes) => format!("{} bytes", bytes.len()),
        Value::List(values) => format!("{} values", values.len()),
        value => value.kind().to_owned(),
    })
}

/// A text of which no more is written than one reads: then writing fails, so that whoever writes stops.
#[derive(Default)]
struct Excerpt {
    text: String,
    /// How many characters it has.
    length: usize,
    is_cut: bool,
}

impl Excerpt {
    /// The longest, characters: some lines of a terminal.
    const MOST: usize = 500;

    /// The text, and how much there is where that is not all.
    fn end(self, size: impl FnOnce() -> String) -> String {
        if self.is_cut { format!("{}... ({})", self.text, size()) } else { self.text }
    }
}

impl Write for Excerpt {
    fn write_str(&mut self, more: &str) -> fmt::Result {
        for letter in more.chars() {
            if self.length == Self::MOST {
                self.is_cut = true;
                return Err(fmt::Error);
            }
            self.text.push(letter);
            self.length += 1;
        }
        Ok(())
    }
}
