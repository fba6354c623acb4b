//! Commands about the machine as a whole.

use std::fmt::Write;

use super::super::{Arguments, Command, Complaint, Context, Parameter, Role, Takes, Word};
use crate::alert::{Alert, Alerts, Level};
use crate::machine::Stop;

const LEVELS: &[&str] = &["error", "v", "vv", "vvv", "vvvv"];

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "log",
        aliases: &["alerts"],
        parameters: &[
            Parameter::maybe("LEVEL", Takes::Word(LEVELS)),
            Parameter::maybe("COUNT", Takes::Text),
        ],
        summary: "Show the last alerts, and who has entered which line",
        details: "20 unless told otherwise, of all levels up to the one that is named. The last 1,000 \
            alerts are kept, and whatever the verbosity the last 1,000 logins and lines of sessions. The \
            lines of others are shown to sessions of the role `exec` alone.",
        example: "log error 50",
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

fn level(word: &Word) -> Result<Level, Complaint> {
    word.text
        .parse()
        .map_err(|error: crate::alert::LevelError| Complaint::at(word, error.to_string()))
}

fn log(context: &mut Context<'_>, arguments: &Arguments) -> Result<(), Complaint> {
    // Either may be left out, and either may come first.
    let is_count = |position| {
        arguments.get(position).is_some_and(|word: &Word| word.text.parse::<usize>().is_ok())
    };
    let (named, counted) = if is_count(0) { (1, 0) } else { (0, 1) };
    let count = arguments.count(counted, "alerts", 0, 20)?;
    let most = arguments.get(named).map_or(Ok(Level::Vvvv), level)?;
    let (session, role) = (context.session, context.role());
    let alerts = context.world.resource::<Alerts>();
    let others = alerts.recent().filter(|alert| !alert.is_record);
    let is_wanted = |alert: &&Alert| alert.level <= most && alert.is_open_to(session, role);
    let mut alerts: Vec<_> = alerts.records().chain(others).filter(is_wanted).collect();
    // What a line had done is said after it.
    alerts.sort_by_key(|alert| alert.time);
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
                let text = Role::Exec.needed_for("to have logins and lines told to nobody", role);
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
