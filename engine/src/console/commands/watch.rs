//! Commands that go on until they are ended.

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use super::super::{Arguments, Command, Complaint, Context, Count, Job, Parameter, Role, Takes};
use super::target::{Place, place, process as named};
use super::trace::TRACE;
use crate::process::{self, accounting, instance_name};

pub(super) const COMMANDS: &[Command] = &[
    TRACE,
    Command {
        name: "watch",
        aliases: &[],
        parameters: &[Parameter { name: "PLACE", takes: Takes::Place, count: Count::Some }],
        summary: "Show a field, or the value of an expression, whenever it changes",
        details: "A field is written NAME.component.field; anything else is an expression of Python, \
            for those who may run it, which is evaluated in each tick. Ctrl-C ends it.",
        example: "watch Ball.transform.x",
        role: Role::View,
        run: watch,
    },
    Command {
        name: "step",
        aliases: &[],
        parameters: &[
            Parameter::one("NAME", Takes::Process),
            Parameter::maybe("COUNT", Takes::Text),
        ],
        summary: "Let a process make one step, or some, and pause it",
        details: "Its steps are made now, one in each tick, however long its interval or its `sleep` is; \
            with an interval below that of the ticks it makes those of a whole tick. What awaits a message, \
            an instruction or another process steps when that has come: Ctrl-C ends the wait.",
        example: "step Ball 10",
        role: Role::Edit,
        run: step,
    },
];

/// What is watched.
enum Subject {
    Field(Place),
    Expression(String),
}

struct Watch {
    subject: Subject,
    last: Option<String>,
}

fn watch(context: &mut Context<'_>, arguments: &Arguments) -> Result<(), Complaint> {
    let Some(word) = arguments.get(0) else { return Ok(()) };
    let may_evaluate = context.role() == Role::Exec;
    let subject = match place(context.world, word) {
        Ok(place) if arguments.get(1).is_none() => Subject::Field(place),
        _ if may_evaluate => Subject::Expression(arguments.rest(0).to_owned()),
        Ok(_) => return Err(Complaint::new("one field can be watched at a time")),
        Err(complaint) => return Err(complaint),
    };
    context.job = Some(Box::new(Watch { subject, last: None }));
    Ok(())
}

impl Job for Watch {
    fn advance(&mut self, context: &mut Context<'_>) -> bool {
        let (value, is_over) = match &self.subject {
            Subject::Field(Place { process, field }) => match field.look(context.world, *process) {
                Some(value) => (format!("{value}\n"), false),
                None => ("it is gone\n".to_owned(), true),
            },
            Subject::Expression(text) => evaluated(context, text),
        };
        if self.last.as_ref() != Some(&value) {
            let tick = context.world.resource::<crate::clock::Now>().tick;
            context.out += &format!("{tick}: {value}");
            self.last = Some(value);
        }
        is_over
    }
}

/// What an expression comes to, and whether there is no sense in asking again.
fn evaluated(context: &mut Context<'_>, text: &str) -> (String, bool) {
    let evaluation = context.interpreter.watch(context.world, context.session, text);
    let is_over = evaluation.error.is_some();
    (evaluation.output + evaluation.error.as_deref().unwrap_or_default(), is_over)
}

/// Has a process make steps until it has made so many.
struct Steps {
    process: Entity,
    until: u64,
    /// How many there were when it was last told to make one.
    told: Option<u64>,
}

fn steps(world: &World, process: Entity) -> Option<u64> {
    Some(accounting(world, process)?.steps)
}

fn step(context: &mut Context<'_>, arguments: &Arguments) -> Result<(), Complaint> {
    let Some(name) = arguments.get(0) else { return Ok(()) };
    let process = named(context.world, name)?;
    let count = arguments.count(1, "steps", 1, 1)?;
    let until = steps(context.world, process).unwrap_or(0).saturating_add(count as u64);
    process::resume(context.world, process);
    context.job = Some(Box::new(Steps { process, until, told: None }));
    Ok(())
}

impl Job for Steps {
    fn advance(&mut self, context: &mut Context<'_>) -> bool {
        let Some(steps) = steps(context.world, self.process) else {
            context.out += "it is gone\n";
            return true;
        };
        let is_held = context.world.get::<process::Held>(self.process).is_some();
        if steps < self.until && !is_held {
            // Told again before it has made the step, it would put that off.
            if self.told.replace(steps) != Some(steps) {
                process::hasten(context.world, self.process);
            }
            return false;
        }
        process::pause(context.world, self.process);
        let state = if is_held { "held by a fault" } else { "paused" };
        let name = instance_name(context.world, self.process);
        context.out += &format!("{name} is {state} after step {steps}\n");
        true
    }

    fn end(&mut self, context: &mut Context<'_>) {
        process::pause(context.world, self.process);
    }
}
