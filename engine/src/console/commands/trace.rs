//! `trace`: what happens to a process, as it happens.

use std::fmt::Write;

use bevy_ecs::entity::Entity;

use super::super::table::duration;
use super::super::{Arguments, Command, Complaint, Context, Job, Parameter, Role, Takes};
use super::target::process as named;
use crate::inspect::trace::{Event, Excerpt, Trace};
use crate::process::Next;

pub(super) const TRACE: Command = Command {
    name: "trace",
    aliases: &[],
    parameters: &[Parameter::one("NAME", Takes::Process)],
    summary: "Follow a process: its steps, messages, instructions and faults as they happen",
    details: "A line each, after the tick in which it happened; 20 of a tick at most. Of a step it tells \
        the seconds since the last one and how long it took. Ctrl-C ends it.",
    example: "trace Ball",
    role: Role::View,
    run: trace,
};

/// A process that is followed until it is gone.
struct Following {
    process: Entity,
    trace: Trace,
}

fn trace(context: &mut Context<'_>, arguments: &Arguments) -> Result<(), Complaint> {
    let Some(name) = arguments.get(0) else { return Ok(()) };
    let process = named(context.world, name)?;
    let trace = Trace::of(context.world, process);
    context.job = Some(Box::new(Following { process, trace }));
    Ok(())
}

impl Job for Following {
    fn advance(&mut self, context: &mut Context<'_>) -> bool {
        let (events, left_out) = self.trace.take();
        for (tick, event) in &events {
            let _ = writeln!(context.out, "{tick}: {}", told(event));
        }
        if let (Some((tick, _)), 1..) = (events.last(), left_out) {
            let _ = writeln!(context.out, "{tick}: {left_out} more");
        }
        let is_gone = context.world.get_entity(self.process).is_err();
        if is_gone {
            context.out += "it is gone\n";
        }
        is_gone
    }
}

/// An event in a line.
fn told(event: &Event) -> String {
    match event {
        Event::Step { dt_secs, time_secs, next } => {
            let (dt, time) = (duration(*dt_secs), duration(*time_secs));
            format!("step after {dt}, took {time}{}", next.map_or(String::new(), then))
        }
        Event::Sent { to, message } => format!("sent to {to}: {}", quoted(message)),
        Event::Received(message) => format!("received {}", quoted(message)),
        Event::Called { method, time_secs, failure } => {
            let end =
                failure.as_ref().map_or(String::new(), |reason| format!(", failed: {reason}"));
            format!("called {method}(), took {}{end}", duration(*time_secs))
        }
        Event::Gave { target, method, due } => {
            format!("gave the instruction {target}.{method}(), due at {due}")
        }
        Event::Failed { summary } => format!("failed: {summary}"),
    }
}

/// What comes after a step, where it is not the next one by the interval.
fn then(next: Next) -> String {
    match next {
        Next::Interval => String::new(),
        Next::Tick => ", waits a tick".to_owned(),
        Next::After(span) => format!(", sleeps {span}"),
        Next::Woken(None) => ", waits to be woken".to_owned(),
        Next::Woken(Some(span)) => format!(", waits to be woken for {span}"),
        Next::Done => ", is done".to_owned(),
    }
}

/// A message as bytes are written.
fn quoted(message: &Excerpt) -> String {
    let Excerpt { begin, size } = message;
    let end = if begin.len() < *size { format!("… ({size} bytes)") } else { String::new() };
    format!("b\"{}\"{end}", begin.escape_ascii())
}
