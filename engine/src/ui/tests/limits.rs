//! How much a process may draw.

use super::launch;
use crate::alert::{Alerts, Level};
use crate::color::Color;
use crate::machine::Machine;
use crate::ui::{
    ButtonKind, Column, FieldKind, ImageKind, Kind, LabelKind, NumberKind, OptionsStyle, Panel,
    Panels, Plot, PlotStyle, Row, Series, Table, WindowKind,
};

/// How many widgets are seen of those that a process draws, and what it is told of the others.
fn shown(draw: impl Fn(&mut Panel) + Send + Sync + 'static) -> (usize, Vec<String>) {
    let mut machine = Machine::builder().build();
    launch(
        &mut machine,
        0.0,
        |_| true,
        move |panel, _| {
            draw(panel);
            Ok(())
        },
    );
    machine.run(Some(1));
    let count = machine.world().resource::<Panels>().iter().map(|it| it.tree().nodes.len()).sum();
    let alerts = machine.world().resource::<Alerts>();
    let errors = alerts.recent().filter(|alert| alert.level == Level::Error);
    (count, errors.map(|alert| alert.text.to_string()).collect())
}

/// Widgets that each have one text of this many bytes, and what is said of them, which may be one, too.
fn widgets_with(bytes: usize) -> Vec<(Kind, String)> {
    let (long, none) = (|| "x".repeat(bytes), String::new);
    let label = |text| {
        let (size, color, is_heading, wraps) = (None, None, false, true);
        Kind::Label(LabelKind { text, size, color, is_heading, wraps })
    };
    let button = |label, image| {
        let image = Some(ImageKind { image, size: [8.0; 2] });
        let (is_selected, size, has_frame) = (false, [None; 2], true);
        Kind::Button(ButtonKind { label, is_selected, image, size, has_frame })
    };
    let number = |label, unit| NumberKind {
        label,
        value: 0.0,
        low: 0.0,
        high: 1.0,
        step: 0.0,
        decimals: None,
        unit,
        is_logarithmic: false,
    };
    let field = |label, text, hint| {
        let (is_password, rows, width) = (false, 1, None);
        Kind::Field(FieldKind { label, text, hint, is_password, rows, width })
    };
    let options =
        |label, options| Kind::Options { style: OptionsStyle::List, label, options, chosen: None };
    let table = |title, cell| {
        Kind::Table(Table {
            columns: vec![Column { title, is_number: false }],
            len: 1,
            first: 0,
            rows: vec![Row { number: 0, cells: vec![cell] }],
            selected: None,
            sort: None,
            is_selectable: false,
            is_sortable: false,
            height: None,
        })
    };
    let plot = |title, name| {
        Kind::Plot(Plot {
            title,
            series: vec![Series::new(name, [[0.0, 0.0]].into_iter())],
            style: PlotStyle::Lines,
            width: None,
            height: 100.0,
            x: None,
            y: None,
            has_axes: false,
        })
    };
    let window = WindowKind {
        title: long(),
        place: [None; 2],
        size: [None; 2],
        is_movable: true,
        is_resizable: true,
        is_closable: true,
        has_title: true,
        has_frame: true,
    };
    let kinds = [
        Kind::Window(window),
        Kind::Dialog { title: long(), width: None },
        Kind::Collapsing { label: long(), is_open: true },
        Kind::Menu { label: long() },
        Kind::Checkbox { label: long(), is_checked: false },
        Kind::Color { label: long(), color: Color::WHITE },
        label(long()),
        button(long(), none()),
        button(none(), long()),
        options(long(), vec![]),
        options(none(), vec![long()]),
        Kind::Slider(number(long(), none())),
        Kind::Number(number(none(), long())),
        field(long(), none(), none()),
        field(none(), long(), none()),
        field(none(), none(), long()),
        Kind::Progress { share: 0.5, text: long() },
        Kind::Image(ImageKind { image: long(), size: [8.0; 2] }),
        table(long(), none()),
        table(none(), long()),
        plot(long(), none()),
        plot(none(), long()),
    ];
    let tooltip = (Kind::Separator, long());
    kinds.into_iter().map(|kind| (kind, none())).chain([tooltip]).collect()
}

/// Whatever part of whatever widget it is in, all text together is no more than 4 MiB: of texts of
/// 60,000 bytes, 69.
#[test]
fn every_text_has_its_weight() {
    for (number, (kind, tooltip)) in widgets_with(60_000).into_iter().enumerate() {
        let is_container = matches!(
            kind,
            Kind::Window(_) | Kind::Dialog { .. } | Kind::Collapsing { .. } | Kind::Menu { .. }
        );
        let (count, said) = shown(move |panel| {
            for _ in 0..80 {
                let id = panel.name("one");
                if is_container {
                    let opened = panel.open(id, kind.clone(), true);
                    panel.close(opened);
                } else {
                    panel.add(id, kind.clone(), tooltip.clone(), true);
                }
            }
        });
        // The window that they are in is one, too.
        assert_eq!(count, 70, "widget {number}");
        let begins = said.iter().all(|text| text.starts_with("draws more than 4 MiB of text; "));
        assert!(said.len() == 1 && begins, "widget {number}: {said:?}");
    }
}

/// An option, a column and a curve are as much as a widget: all together are no more than 20,000.
#[test]
fn parts_of_widgets_count_as_widgets() {
    let options = |count| Kind::Options {
        style: OptionsStyle::Radio,
        label: String::new(),
        options: vec![String::new(); count],
        chosen: None,
    };
    let told = |count: usize| {
        shown(move |panel| {
            let id = panel.name("choice");
            panel.add(id, options(count), String::new(), true);
        })
    };
    // The window and the widget are one each.
    assert_eq!(told(19_998), (2, vec![]));
    let (count, said) = told(19_999);
    assert_eq!(count, 1);
    assert!(said[0].starts_with("draws more than 20,000 widgets; "), "{said:?}");
}
