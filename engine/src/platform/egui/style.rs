//! How the overlay looks: one font, flat and dark, all in whole pixels.
//!
//! No shadows, no rounded corners and no smoothed edges: what is left are rectangles and glyphs, which
//! every renderer of SDL draws fast and alike.

use std::sync::Arc;

use egui::{
    Color32, Context, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Margin, Shadow,
    Stroke, Style, TextStyle, Theme, Vec2, vec2,
};

use crate::alert::Level;
use crate::render::HACK;
use crate::ui;

/// The width of a letter, points: a whole number of pixels at every zoom in eighths.
pub(crate) const LETTER_WIDTH: f32 = 8.0;

/// The height of a row of text, points.
pub(crate) const ROW_HEIGHT: f32 = 16.0;

/// The font's size whose letters are [`LETTER_WIDTH`] wide, points: Hack's are 1233 of 2048 parts of
/// an em.
const FONT_SIZE: f32 = LETTER_WIDTH * 2048.0 / 1233.0;

/// Behind text.
pub(crate) const BACKGROUND: Color32 = Color32::from_rgb(22, 25, 32);
/// Behind headings, and behind what is selected or hovered.
pub(crate) const RAISED: Color32 = Color32::from_rgb(38, 43, 54);
/// Behind what is edited.
pub(crate) const SUNKEN: Color32 = Color32::from_rgb(15, 17, 22);
/// Lines between panels and around fields.
pub(crate) const LINE: Color32 = Color32::from_rgb(56, 62, 76);
/// Behind selected text.
pub(crate) const SELECTION: Color32 = Color32::from_rgb(42, 74, 122);
/// Text.
pub(crate) const TEXT: Color32 = Color32::from_rgb(212, 216, 224);
/// Text that matters less.
pub(crate) const DIM: Color32 = Color32::from_rgb(138, 146, 162);
/// What leads: the prompt, what is in hand.
pub(crate) const ACCENT: Color32 = Color32::from_rgb(108, 178, 255);
/// What went wrong.
pub(crate) const ERROR: Color32 = Color32::from_rgb(255, 118, 112);
/// What deserves a look.
pub(crate) const WARNING: Color32 = Color32::from_rgb(240, 186, 92);
/// What is well; strings.
pub(crate) const GOOD: Color32 = Color32::from_rgb(142, 206, 128);

/// The colour of an alert.
pub(crate) fn level(level: Level) -> Color32 {
    match level {
        Level::Error => ERROR,
        Level::V => TEXT,
        Level::Vv => Color32::from_rgb(176, 184, 200),
        Level::Vvv | Level::Vvvv => DIM,
    }
}

/// The font of everything.
pub(crate) fn font() -> FontId {
    FontId::monospace(FONT_SIZE)
}

/// Makes a context look so.
pub(crate) fn apply(context: &Context) {
    context.set_fonts(fonts());
    context.set_theme(Theme::Dark);
    context.set_style_of(Theme::Dark, style());
    context.tessellation_options_mut(|options| {
        options.feathering = false;
        options.prerasterized_discs = false;
        options.validate_meshes = true;
    });
    context.options_mut(|options| {
        // The overlay has its own steps.
        options.zoom_with_keyboard = false;
        options.quit_shortcuts.clear();
    });
}

/// The colours of curves, one after the other.
const CURVES: [Color32; 6] = [
    ACCENT,
    WARNING,
    GOOD,
    ERROR,
    Color32::from_rgb(202, 158, 246),
    Color32::from_rgb(118, 214, 206),
];

/// The colour of a curve among others.
pub(crate) fn curve(number: usize) -> Color32 {
    CURVES[number % CURVES.len()]
}

/// Makes a context look so, for widgets over a scene: as the overlay, with more room.
pub(crate) fn apply_to_widgets(context: &Context, theme: ui::Theme) {
    apply(context);
    let mut style = match theme {
        ui::Theme::Dark => style(),
        ui::Theme::Light => light(),
    };
    style.text_styles.insert(TextStyle::Heading, FontId::monospace(FONT_SIZE * 1.25));
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(8.0, 6.0);
    spacing.button_padding = vec2(10.0, 4.0);
    spacing.interact_size = vec2(32.0, 24.0);
    spacing.window_margin = Margin::same(10);
    spacing.menu_margin = Margin::same(4);
    spacing.slider_width = 140.0;
    style.visuals.slider_trailing_fill = true;
    // Ticks and arrows: thinner ones fall between the pixels where edges are not smooth.
    let widgets = &mut style.visuals.widgets;
    for state in [&mut widgets.inactive, &mut widgets.hovered, &mut widgets.active] {
        state.fg_stroke.width = 2.0;
    }
    context.set_style_of(Theme::Dark, style);
}

/// Dark letters on a light ground.
fn light() -> Style {
    let mut style = style();
    let visuals = &mut style.visuals;
    let ground = Color32::from_rgb(240, 242, 246);
    let (line, text) = (Color32::from_rgb(196, 202, 214), Color32::from_rgb(36, 40, 50));
    let (raised, accent) = (Color32::from_rgb(220, 224, 232), Color32::from_rgb(20, 104, 200));
    let selection = Color32::from_rgb(178, 208, 246);
    visuals.dark_mode = false;
    visuals.weak_text_color = Some(Color32::from_rgb(98, 106, 122));
    visuals.hyperlink_color = accent;
    visuals.faint_bg_color = Color32::from_rgb(232, 235, 241);
    visuals.extreme_bg_color = Color32::WHITE;
    visuals.code_bg_color = Color32::WHITE;
    visuals.panel_fill = ground;
    visuals.window_fill = ground;
    visuals.window_stroke = Stroke::new(1.0, line);
    visuals.selection.bg_fill = selection;
    visuals.selection.stroke = Stroke::new(1.0, accent);
    visuals.text_cursor.stroke = Stroke::new(2.0, accent);
    let widgets = &mut visuals.widgets;
    for (state, fill, line) in [
        (&mut widgets.noninteractive, ground, line),
        (&mut widgets.inactive, raised, Color32::TRANSPARENT),
        (&mut widgets.hovered, Color32::from_rgb(208, 214, 226), accent),
        (&mut widgets.active, selection, accent),
        (&mut widgets.open, raised, line),
    ] {
        state.bg_fill = fill;
        state.weak_bg_fill = fill;
        state.bg_stroke = Stroke::new(1.0, line);
        state.fg_stroke = Stroke::new(1.0, text);
    }
    style
}

/// Hack alone, which the engine has for labels anyway.
pub(crate) fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    fonts.font_data.insert("Hack".to_owned(), Arc::new(FontData::from_static(HACK)));
    for family in [FontFamily::Monospace, FontFamily::Proportional] {
        fonts.families.insert(family, vec!["Hack".to_owned()]);
    }
    fonts
}

fn style() -> Style {
    let mut style = Style::default();
    for text in [TextStyle::Body, TextStyle::Monospace, TextStyle::Button, TextStyle::Heading] {
        style.text_styles.insert(text, font());
    }
    style.text_styles.insert(TextStyle::Small, font());
    style.animation_time = 0.0;
    style.scroll_animation = egui::style::ScrollAnimation::none();

    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(8.0, 4.0);
    spacing.button_padding = vec2(6.0, 2.0);
    spacing.interact_size = vec2(32.0, 20.0);
    spacing.window_margin = Margin::same(8);
    spacing.menu_margin = Margin::same(4);
    spacing.indent = 12.0;
    spacing.scroll = egui::style::ScrollStyle::solid();
    spacing.scroll.bar_width = 8.0;
    spacing.scroll.fade.strength = 0.0;

    let visuals = &mut style.visuals;
    visuals.dark_mode = true;
    visuals.text_options.subpixel_binning = false;
    visuals.weak_text_color = Some(DIM);
    visuals.hyperlink_color = ACCENT;
    visuals.faint_bg_color = Color32::from_rgb(27, 31, 39);
    visuals.extreme_bg_color = SUNKEN;
    visuals.code_bg_color = SUNKEN;
    visuals.warn_fg_color = WARNING;
    visuals.error_fg_color = ERROR;
    visuals.panel_fill = BACKGROUND;
    visuals.window_fill = BACKGROUND;
    visuals.window_stroke = Stroke::new(1.0, LINE);
    visuals.window_corner_radius = CornerRadius::ZERO;
    visuals.menu_corner_radius = CornerRadius::ZERO;
    visuals.window_shadow = Shadow::NONE;
    visuals.popup_shadow = Shadow::NONE;
    visuals.selection.bg_fill = SELECTION;
    visuals.selection.stroke = Stroke::new(1.0, ACCENT);
    visuals.text_cursor.blink = false;
    visuals.text_cursor.stroke = Stroke::new(2.0, ACCENT);
    let widgets = &mut visuals.widgets;
    let states = [
        (&mut widgets.noninteractive, BACKGROUND, LINE, TEXT),
        (&mut widgets.inactive, RAISED, Color32::TRANSPARENT, TEXT),
        (&mut widgets.hovered, Color32::from_rgb(52, 58, 72), ACCENT, Color32::WHITE),
        (&mut widgets.active, SELECTION, ACCENT, Color32::WHITE),
        (&mut widgets.open, RAISED, LINE, TEXT),
    ];
    for (state, fill, line, text) in states {
        state.bg_fill = fill;
        state.weak_bg_fill = fill;
        state.bg_stroke = Stroke::new(1.0, line);
        state.fg_stroke = Stroke::new(1.0, text);
        state.corner_radius = CornerRadius::ZERO;
        state.expansion = 0.0;
    }
    style
}

/// A size in letters and rows, points.
pub(crate) fn cells(columns: usize, rows: usize) -> Vec2 {
    #[expect(clippy::cast_precision_loss, reason = "far fewer than a million")]
    let [columns, rows] = [columns, rows].map(|count| count as f32);
    vec2(columns * LETTER_WIDTH, rows * ROW_HEIGHT)
}
