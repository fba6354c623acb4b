//! Commands about the machine as a whole.

use std::fmt::Write;

use super::super::{Arguments, Command, Complaint, Context, Parameter, Role, Takes};
use crate::alert::{Alerts, Level};
use crate::machine::Stop;

const LEVELS: &[&str] = &["error", "v", "vv", "vvv", "vvvv"];

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "log",
        aliases: &["alerts"],
        parameters: &[
            Parameter::maybe("COUNT", Takes::Text),
            Parameter::maybe("LEVEL", Takes::Word(LEVELS)),
        ],
        summary: "Show the last alerts",
        details: "20 unless told otherwise, of all levels up to the one that is named. The last 1,000 \
            are kept.",
        example: "log 50 error",
        role: Role::View,
        run: log,
    },
    Command {
        name: "verbosity",
        aliases: &[],
        parameters: &[Parameter::maybe("LEVEL", Takes::Word(LEVELS))],
        summary: "Show or set which alerts are told",
        details: "From error, the fewest, to vvvv, all. Below v neither logins nor the lines of others \
            are told: that takes the role `exec`.",
        example: "verbosity vv",
        role: Role::Edit,
        run: verbosity,
    },
    Command {
        name: "shutdown",
        aliases: &[],
        parameters: &[],
        summary: "Stop the machine",
        details: "",
        example: "shutdown",
        role: Role::Edit,
        run: shutdown,
    },
];

fn level(word: &super::super::Word) -> Result<Level, Complaint> {
    word.text
        .parse()
        .map_err(|error: crate::alert::LevelError| Complaint::at(word, error.to_string()))
}

fn log(context: &mut Context<'_>, arguments: &Arguments) -> Result<(), Complaint> {
    let count = arguments.count(0, "alerts", 0, 20)?;
    let most = arguments.get(1).map_or(Ok(Level::Vvvv), level)?;
    let alerts: Vec<_> =
        context.world.resource::<Alerts>().recent().filter(|alert| alert.level <= most).collect();
    for alert in &alerts[alerts.len().saturating_sub(count)..] {
        let _ = writeln!(context.out, "{alert}");
    }
    Ok(())
}

fn verbosity(context: &mut Context<'_>, arguments: &Arguments) -> Result<(), Complaint> {
    let role = context.role();
    let mut alerts = context.world.resource_mut::<Alerts>();
    match arguments.get(0) {
        Some(word) => {
            let level = level(word)?;
            // Logins and lines are told from `v` on: nobody is to do things unseen.
            if level < Level::V && level < alerts.verbosity && role < Role::Exec {
                let text = Role::Exec.needed_for("to keep logins and lines out of the log", role);
                return Err(Complaint::at(word, text));
            }
            alerts.verbosity = level;
        }
        None => {
            let _ = writeln!(context.out, "{}", alerts.verbosity.name());
        }
    }
    Ok(())
}

fn shutdown(context: &mut Context<'_>, _: &Arguments) -> Result<(), Complaint> {
    context.world.insert_resource(Stop(Some(0)));
    Ok(())
}
