//! Commands that look for processes among all of them.

use std::time::Duration;

use super::super::table::table;
use super::super::{
    Arguments, Command, Complaint, Context, Count, Job, Parameter, Placing, Role, Takes,
};
use crate::clock::{Now, Stopwatch};
use crate::inspect::query::{Query, Search};
use crate::nearest::{did_you_mean, nearest};

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
        parameters: &[
            Parameter::maybe("KEY", Takes::Word(KEYS)),
            Parameter::maybe("COUNT", Takes::Text),
        ],
        summary: "List the processes whose steps take longest, with lateness, faults and messages",
        details: "20 of them unless told otherwise, 1,000 at most; the first by KEY: by their mean time, if \
            none is named. In a terminal the table is renewed once a second until Ctrl-C; in a pipe it is \
            shown once.",
        example: "top lateness 5",
        role: Role::View,
        run: top,
    },
    Command {
        name: "query",
        aliases: &[],
        parameters: &[Parameter { name: "QUERY", takes: Takes::Query, count: Count::Any }],
        summary: "Find processes by what they are",
        details: "100 rows are shown unless the line says otherwise, and 1,000 at most; `offset` shows \
            those that come after them.",
        example: "query class == Ball and transform.x > 100 order by time desc limit 20",
        role: Role::View,
        run: query,
    },
];

/// How many processes are shown unless the line says otherwise.
const USUAL: usize = 100;

/// How many are shown at most: a table is written in one tick, some microseconds for each of its rows.
const MOST: usize = 1_000;

fn ps(context: &mut Context<'_>, arguments: &Arguments) -> Result<(), Complaint> {
    let columns = "show name, class, state, priority, interval, steps, time, faults";
    let filter = arguments.get(0).map(|word| format!("name like {:?} ", word.text));
    start(context, &format!("{}{columns}", filter.unwrap_or_default()), None)
}

/// What `top` sorts by.
const KEYS: &[&str] =
    &["time", "last", "max", "late", "lateness", "steps", "faults", "messages", "name", "class"];

/// How often `top` is renewed: as often as one can read it.
const RENEWAL: Duration = Duration::from_secs(1);

fn top(context: &mut Context<'_>, arguments: &Arguments) -> Result<(), Complaint> {
    // Either may be left out.
    let key = arguments.get(0).filter(|word| word.text.parse::<usize>().is_err());
    let position = usize::from(key.is_some());
    let key = key.map_or(Ok(KEYS[0]), |word| {
        let hint = did_you_mean(nearest(&word.text, KEYS.iter().copied()).as_deref());
        KEYS.iter().copied().find(|key| *key == word.text).ok_or_else(|| {
            let text =
                format!("there is no KEY `{}`{hint}; these are: {}", word.text, KEYS.join(", "));
            Complaint::at(word, text)
        })
    })?;
    let count = arguments.count(position, "processes", 0, 20)?;
    if let Some(word) = arguments.get(position + 1) {
        return Err(Complaint::at(word, "top takes no more than this: top [KEY] [COUNT]"));
    }
    let columns = "name, class, time, last, max, late, lateness, faults, messages";
    let direction = if matches!(key, "name" | "class") { "" } else { "desc " };
    let text = format!("show {columns} order by {key} {direction}limit {count}");
    let query = Query::parse(context.world, &text)
        .map_err(|error| Complaint::new(error.message.clone()))?
        .at_most(MOST);
    context.job = Some(if context.is_live() {
        Box::new(Live { key, query, search: None, due: 0 })
    } else {
        Box::new(Listing(Search::new(context.world, query)))
    });
    Ok(())
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
    if query.asks_scripts() && context.role() == Role::View {
        let text = "attributes are told by scripts, whose code may change things: that needs the \
            role `edit`";
        return Err(Complaint::new(text));
    }
    let search = Search::new(context.world, query.or_limit(USUAL).at_most(MOST));
    context.job = Some(Box::new(Listing(search)));
    Ok(())
}

/// A search under way; what it finds is shown when it is over.
struct Listing(Search);

impl Job for Listing {
    fn advance(&mut self, context: &mut Context<'_>) -> bool {
        let Self(search) = self;
        let is_over = search.advance(context.world, context.until);
        if is_over {
            context.out += &found(search);
        }
        is_over
    }
}

/// A search that is begun anew again and again, and shows in one place what it found last.
struct Live {
    key: &'static str,
    query: Query,
    /// That which is under way.
    search: Option<Search>,
    /// The reading of the stopwatch at which the next one begins.
    due: u64,
}

impl Job for Live {
    fn advance(&mut self, context: &mut Context<'_>) -> bool {
        let stopwatch = context.world.resource::<Stopwatch>();
        let (reading, next) = (stopwatch.read(), stopwatch.count(RENEWAL));
        if self.search.is_none() && reading < self.due {
            return false;
        }
        let search =
            self.search.get_or_insert_with(|| Search::new(context.world, self.query.clone()));
        if search.advance(context.world, context.until) {
            let tick = context.world.resource::<Now>().tick;
            context.out =
                format!("tick {tick}, by {}; Ctrl-C ends it\n{}", self.key, found(search));
            context.placing = Placing::Instead;
            self.search = None;
            self.due = reading.saturating_add(next);
        }
        false
    }
}

/// What a search has found, as a table.
fn found(search: &Search) -> String {
    let shown = search.rows().count();
    let mut text = String::new();
    if shown > 0 {
        let columns: Vec<_> = search.columns().map(str::to_owned).collect();
        text = table(&columns, search.rows().map(|row| &*row.values));
    }
    text + &match (shown, search.total()) {
        (_, 0) => "none\n".to_owned(),
        (MOST, total) if MOST < total => {
            format!("{MOST} of {total}: no table has more rows; `offset` shows others\n")
        }
        (shown, total) if shown < total => format!("{shown} of {total}\n"),
        _ => String::new(),
    }
}
