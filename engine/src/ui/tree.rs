//! What a process has drawn in a step: plain data, which any port can show.

use super::{Plot, Table, WidgetId};
use crate::color::Color;

/// Widgets in the order in which they were drawn; what is in a container follows it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tree {
    /// All of them.
    pub nodes: Vec<Node>,
}

/// A widget, or a container.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Which one it is.
    pub id: WidgetId,
    /// What it is.
    pub kind: Kind,
    /// The position behind the last one that is in it.
    pub end: usize,
    /// What is said of it while the mouse rests on it; nothing if empty.
    pub tooltip: String,
    /// Whether the user can do something with it.
    pub is_enabled: bool,
}

/// What a node is. Sizes and places are in the scene's px; a size that is not said is as large as
/// what is in it.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A window within the scene.
    Window(WindowKind),
    /// A strip along a side of the scene.
    Side(SideKind),
    /// A window that nothing else can be reached beside.
    Dialog {
        /// What its title bar says.
        title: String,
        /// Width of what is in it; if none is said, 280 px.
        width: Option<f32>,
    },
    /// What is in it stands side by side.
    Row {
        /// Whether it begins at the right.
        is_from_right: bool,
    },
    /// What is in it stands one below the other.
    Column {
        /// Its width.
        width: Option<f32>,
    },
    /// What is in it stands in columns of the same width, row by row.
    Grid {
        /// How many columns there are.
        columns: u32,
    },
    /// What is in it has a frame around it.
    Group,
    /// What is in it is seen through an opening.
    Scroll {
        /// Height of the opening; if none is said, the room that there is, and in a window 200 px at
        /// least.
        height: Option<f32>,
    },
    /// What is in it is seen when it is open.
    Collapsing {
        /// What its head says.
        label: String,
        /// Whether it is open until the user says otherwise.
        is_open: bool,
    },
    /// Menus side by side.
    MenuBar,
    /// What is in it is seen when its head was clicked.
    Menu {
        /// What its head says.
        label: String,
    },
    /// What is in it is seen after a click with the right button: on what was drawn before it, or, at
    /// the outermost, on what no panel covers.
    ContextMenu,
    /// A text.
    Label(LabelKind),
    /// Something to click.
    Button(ButtonKind),
    /// Something that is so or not.
    Checkbox {
        /// What it says.
        label: String,
        /// Whether it is so.
        is_checked: bool,
    },
    /// One of several.
    Options {
        /// How it is shown.
        style: OptionsStyle,
        /// What it says.
        label: String,
        /// What there is to choose from.
        options: Vec<String>,
        /// Which one is chosen.
        chosen: Option<u32>,
    },
    /// A number between two.
    Slider(NumberKind),
    /// A number that is typed or dragged.
    Number(NumberKind),
    /// A text that can be edited.
    Field(FieldKind),
    /// How far something has come.
    Progress {
        /// 0 to 1.
        share: f32,
        /// What it says.
        text: String,
    },
    /// A line.
    Separator,
    /// Nothing.
    Space {
        /// How much of it.
        px: f32,
    },
    /// One of the scene's images, whole and undistorted.
    Image(ImageKind),
    /// Rows and columns of texts.
    Table(Table),
    /// Curves.
    Plot(Plot),
    /// A colour that can be chosen.
    Color {
        /// What it says.
        label: String,
        /// Which colour.
        color: Color,
    },
}

/// A window within the scene.
#[derive(Clone, Debug, PartialEq)]
pub struct WindowKind {
    /// What its title bar says.
    pub title: String,
    /// Where its left and top edges are until the user moves it.
    pub place: [Option<f32>; 2],
    /// Its width and height, with title and edge, until the user changes them; if they are not said, 280 px
    /// and as high as what is in it. It is larger where more is in it.
    pub size: [Option<f32>; 2],
    /// Whether the user can move it.
    pub is_movable: bool,
    /// Whether the user can change its size.
    pub is_resizable: bool,
    /// Whether the user can close it.
    pub is_closable: bool,
    /// Whether it has a title bar.
    pub has_title: bool,
    /// Whether it has a ground and an edge; otherwise the scene is seen between what is in it.
    pub has_frame: bool,
}

/// A strip along a side of the scene.
#[derive(Clone, Debug, PartialEq)]
pub struct SideKind {
    /// Which one.
    pub side: Side,
    /// Its height at the top and the bottom, its width at the left and the right.
    pub size: Option<f32>,
    /// Whether the user can change that.
    pub is_resizable: bool,
}

/// A side of the scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The upper one.
    Top,
    /// The lower one.
    Bottom,
    /// The left one.
    Left,
    /// The right one.
    Right,
}

/// A text.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelKind {
    /// What it says.
    pub text: String,
    /// Height of the letters; that of all others, if none is said.
    pub size: Option<f32>,
    /// Its colour.
    pub color: Option<Color>,
    /// Whether it stands above others.
    pub is_heading: bool,
    /// Whether it goes on in the next line where there is no more room; otherwise it is cut off.
    pub wraps: bool,
}

/// Something to click.
#[derive(Clone, Debug, PartialEq)]
pub struct ButtonKind {
    /// What it says.
    pub label: String,
    /// Whether it looks pressed in.
    pub is_selected: bool,
    /// An image above what it says.
    pub image: Option<ImageKind>,
    /// Its least width and height.
    pub size: [Option<f32>; 2],
    /// Whether there is a frame around it while nobody touches it.
    pub has_frame: bool,
}

/// One of the scene's images.
#[derive(Clone, Debug, PartialEq)]
pub struct ImageKind {
    /// As sprites name theirs.
    pub image: String,
    /// Width and height that it is fitted into.
    pub size: [f32; 2],
}

/// A number.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberKind {
    /// What it says.
    pub label: String,
    /// Its value.
    pub value: f64,
    /// The least that it can be.
    pub low: f64,
    /// The most that it can be.
    pub high: f64,
    /// What it is a multiple of, counted from `low`; 0 for anything.
    pub step: f64,
    /// How many digits are shown behind the point; as many as are needed, if none is said.
    pub decimals: Option<u8>,
    /// What is written behind it.
    pub unit: String,
    /// Whether it grows by factors, not by steps.
    pub is_logarithmic: bool,
}

/// A text that can be edited.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldKind {
    /// What it says beside it.
    pub label: String,
    /// What is in it.
    pub text: String,
    /// What is said while nothing is in it.
    pub hint: String,
    /// Whether its letters are hidden.
    pub is_password: bool,
    /// How many rows are seen; more than one can be typed where there is more than one.
    pub rows: u32,
    /// Its width; if none is said, 160 px, or with more than one row the room that there is.
    pub width: Option<f32>,
}

/// How options are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptionsStyle {
    /// One below the other.
    Radio,
    /// In a list that opens when it is clicked.
    List,
    /// Side by side, as the tabs of what follows.
    Tabs,
}
