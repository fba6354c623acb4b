//! A tree while it is drawn: call by call, whatever happens in between.

use super::id::Occurrences;
use super::{Kind, Node, Series, Tree, WidgetId};

/// How many widgets a process may draw: more than a screen has room for. Options, columns of tables and
/// curves count as widgets.
pub const MAX_NODES: usize = 20_000;
/// How deep containers may lie in each other: the port goes down as deep.
pub(super) const MAX_DEPTH: usize = 48;
/// How much text a process may draw, bytes.
pub const MAX_TEXT: usize = 4 << 20;
/// How long a text may be, bytes; longer ones are cut off.
pub const MAX_LABEL: usize = 64 << 10;

/// A container that was opened, to be closed with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opened {
    /// Which drawing it belongs to.
    drawing: u64,
    /// How many containers were open before it.
    depth: usize,
}

/// A tree while it is drawn.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub(super) tree: Tree,
    /// Another number for each drawing.
    drawing: u64,
    open: Vec<Open>,
    occurrences: Occurrences,
    /// How much there is of it, with what there was no room for.
    count: usize,
    text: usize,
    /// What is too much about it.
    pub(super) excess: Option<&'static str>,
}

#[derive(Clone, Copy, Debug)]
struct Open {
    /// The place of its node; `None` if it is not among them.
    node: Option<usize>,
    /// What the names of what is in it begin with.
    id: WidgetId,
}

impl Draft {
    /// Begins a new one.
    pub(super) fn begin(&mut self) {
        self.tree.nodes.clear();
        self.drawing += 1;
        self.open.clear();
        self.occurrences.clear();
        self.count = 0;
        self.text = 0;
        self.excess = None;
    }

    /// Ends it: what is still open is closed.
    pub(super) fn finish(&mut self) {
        while self.close_one() {}
    }

    /// How many containers are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// What the names of what is drawn next begin with.
    fn container(&self) -> WidgetId {
        self.open.last().map_or(WidgetId::ROOT, |open| open.id)
    }

    /// The widget that is called `name` here, and is none of those before it.
    pub(super) fn name(&mut self, name: &str) -> WidgetId {
        let container = self.container();
        self.occurrences.next(container, name)
    }

    /// Adds a widget; whether there was room for it.
    pub(super) fn add(&mut self, node: Node) -> bool {
        if self.open.iter().any(|open| open.node.is_none()) {
            return false;
        }
        self.count = self.count.saturating_add(count(&node));
        self.text = self.text.saturating_add(weight(&node));
        let excess = match () {
            () if self.count > MAX_NODES => Some("20,000 widgets"),
            () if self.text > MAX_TEXT => Some("4 MiB of text"),
            () => None,
        };
        self.excess = self.excess.or(excess);
        if excess.is_some() {
            return false;
        }
        let end = self.tree.nodes.len() + 1;
        self.tree.nodes.push(Node { end, ..node });
        true
    }

    /// Adds a container, in which is what comes next. Where `names` is set, it is part of the names
    /// of what is in it.
    pub(super) fn open(&mut self, node: Node, names: bool) -> Opened {
        let id = if names { node.id } else { self.container() };
        let opened = Opened { drawing: self.drawing, depth: self.open.len() };
        let place = self.tree.nodes.len();
        let is_too_deep = self.open.len() >= MAX_DEPTH;
        if is_too_deep {
            self.excess = self.excess.or(Some("48 containers in each other"));
        }
        let node = (!is_too_deep && self.add(node)).then_some(place);
        self.open.push(Open { node, id });
        opened
    }

    /// Opens a container that is not seen: nothing in it is.
    pub(super) fn open_hidden(&mut self, id: WidgetId) -> Opened {
        let opened = Opened { drawing: self.drawing, depth: self.open.len() };
        self.open.push(Open { node: None, id });
        opened
    }

    /// Closes a container, and those in it that are still open. Of one that is closed already, or of
    /// an earlier drawing, there is nothing to close.
    pub(super) fn close(&mut self, opened: Opened) {
        while opened.drawing == self.drawing && self.open.len() > opened.depth {
            self.close_one();
        }
    }

    fn close_one(&mut self) -> bool {
        let Some(open) = self.open.pop() else { return false };
        let end = self.tree.nodes.len();
        if let Some(node) = open.node.and_then(|node| self.tree.nodes.get_mut(node)) {
            node.end = end;
        }
        true
    }
}

/// How many widgets a node is as much as: an option, a column and a curve are one each.
fn count(node: &Node) -> usize {
    let parts = match &node.kind {
        Kind::Options { options, .. } => options.len(),
        Kind::Table(table) => table.columns.len(),
        Kind::Plot(plot) => plot.series.len(),
        _ => 0,
    };
    parts + 1
}

/// How much a node weighs beside others, bytes of text.
fn weight(node: &Node) -> usize {
    let own = match &node.kind {
        Kind::Window(window) => window.title.len(),
        Kind::Dialog { title, .. } => title.len(),
        Kind::Collapsing { label, .. }
        | Kind::Menu { label }
        | Kind::Checkbox { label, .. }
        | Kind::Color { label, .. } => label.len(),
        Kind::Label(label) => label.text.len(),
        Kind::Button(button) => {
            button.label.len() + button.image.as_ref().map_or(0, |image| image.image.len())
        }
        Kind::Options { label, options, .. } => {
            label.len() + options.iter().map(|option| option.len() + 8).sum::<usize>()
        }
        Kind::Slider(number) | Kind::Number(number) => number.label.len() + number.unit.len(),
        Kind::Field(field) => field.label.len() + field.text.len() + field.hint.len(),
        Kind::Progress { text, .. } => text.len(),
        Kind::Image(image) => image.image.len(),
        Kind::Table(table) => {
            let cells = table.rows.iter().flat_map(|row| &row.cells).map(|cell| cell.len() + 8);
            cells.chain(table.columns.iter().map(|column| column.title.len())).sum()
        }
        Kind::Plot(plot) => {
            let curve = |series: &Series| series.name.len() + 16 * series.points().count();
            plot.title.len() + plot.series.iter().map(curve).sum::<usize>()
        }
        Kind::Side(_)
        | Kind::Row { .. }
        | Kind::Column { .. }
        | Kind::Grid { .. }
        | Kind::Group
        | Kind::Scroll { .. }
        | Kind::MenuBar
        | Kind::ContextMenu
        | Kind::Separator
        | Kind::Space { .. } => 0,
    };
    own + node.tooltip.len()
}
