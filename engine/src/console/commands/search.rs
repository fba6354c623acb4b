//! Commands that look for processes among all of them.

use super::super::table::table;
use super::super::{
    Arguments, Command, Complaint, Context, Count, Job, Parameter, Role, Sessions, Takes,
};
use crate::clock::Stopwatch;
use crate::inspect::query::{Query, SYNTAX, Search};

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "ps",
        aliases: &[],
        parameters: &[Parameter::maybe("PATTERN", Takes::Process)],
        summary: "List the processes: class, state, priority, interval, steps, mean time, faults",
        details: "Those whose names fit a pattern (`Ball*`), or all; 100 at most.",
        example: "ps Ball*",
        role: Role::View,
        run: ps,
    },
    Command {
        name: "top",
        aliases: &[],
        parameters: &[Parameter::maybe("COUNT", Takes::Text)],
        summary: "List the processes whose steps take longest, with lateness, faults and messages",
        details: "20 unless told otherwise.",
        example: "top 5",
        role: Role::View,
        run: top,
    },
    Command {
        name: "query",
        aliases: &["q"],
        parameters: &[Parameter { name: "QUERY", takes: Takes::Query, count: Count::Any }],
        summary: "Find processes by what they are",
        details: SYNTAX,
        example: "query class == Ball and transform.x > 100 order by time desc limit 20",
        role: Role::View,
        run: query,
    },
];

/// How many processes are shown unless the line says otherwise.
const USUAL: usize = 100;

fn ps(context: &mut Context<'_>, arguments: &Arguments) -> Result<(), Complaint> {
    let columns = "show name, class, state, priority, interval, steps, time, faults";
    let filter = arguments.get(0).map(|word| format!("name like {:?} ", word.text));
    start(context, &format!("{}{columns}", filter.unwrap_or_default()), None)
}

fn top(context: &mut Context<'_>, arguments: &Arguments) -> Result<(), Complaint> {
    let count: u32 = match arguments.get(0) {
        None => 20,
        Some(word) => word.text.parse().map_err(|_| {
            Complaint::at(word, format!("COUNT is a number of processes, not `{}`", word.text))
        })?,
    };
    let columns = "name, class, time, last, max, late, lateness, faults, messages";
    start(context, &format!("show {columns} order by time desc limit {count}"), None)
}

fn query(context: &mut Context<'_>, arguments: &Arguments) -> Result<(), Complaint> {
    let at = arguments.get(0).map(|word| word.place.start);
    start(context, arguments.rest(0), at)
}

/// Starts a search; `at` is where its text stands in the line, if it does.
fn start(context: &mut Context<'_>, text: &str, at: Option<usize>) -> Result<(), Complaint> {
    let query = Query::parse(context.world, text).map_err(|error| Complaint {
        message: error.message.clone(),
        at: at.map(|at| at + error.at),
    })?;
    let session = context.world.resource::<Sessions>().get(context.session);
    if query.asks_scripts() && session.is_none_or(|session| session.role == Role::View) {
        let text = "attributes are told by scripts, whose code may change things: that needs the \
            role `edit`";
        return Err(Complaint::new(text));
    }
    let search = Search::new(context.world, query.or_limit(USUAL));
    context.job = Some(Box::new(Listing(search)));
    Ok(())
}

/// A search under way; what it finds is shown when it is over.
struct Listing(Search);

impl Job for Listing {
    fn advance(&mut self, context: &mut Context<'_>) -> bool {
        let left = context.until.saturating_duration_since(std::time::Instant::now());
        let stopwatch = context.world.resource::<Stopwatch>();
        let until = stopwatch.read().saturating_add(stopwatch.count(left));
        let Self(search) = self;
        if !search.advance(context.world, until) {
            return false;
        }
        let shown = search.rows().count();
        if shown > 0 {
            let columns: Vec<_> = search.columns().map(str::to_owned).collect();
            context.out += &table(&columns, search.rows().map(|row| &*row.values));
        }
        context.out += &match (shown, search.total()) {
            (_, 0) => "none\n".to_owned(),
            (shown, total) if shown < total => format!("{shown} of {total}\n"),
            _ => String::new(),
        };
        true
    }
}
