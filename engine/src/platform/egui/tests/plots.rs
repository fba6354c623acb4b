//! Curves of any numbers.

use egui::Shape;
use egui::epaint::ClippedShape;

use super::{EguiToolkit, Machine, NullDisplay, ScriptedInput, Toolkit, launch, window};
use crate::platform::egui::press::line;
use crate::ui::{Kind, Panel, Plot, PlotStyle, Series};

/// A plot of 200 px within a window of 300 px.
fn plot(style: PlotStyle, points: &[[f64; 2]]) -> Plot {
    Plot {
        title: String::new(),
        series: vec![Series::new(String::new(), points.iter().copied())],
        style,
        width: Some(200.0),
        height: 100.0,
        x: None,
        y: None,
        has_axes: true,
    }
}

/// Heights of a curve, at 0, 1, 2 and so on.
fn heights(ys: &[f64]) -> Vec<[f64; 2]> {
    ys.iter().zip(0..).map(|(y, x)| [f64::from(x), *y]).collect()
}

/// What is seen of a plot's points.
#[derive(Debug, PartialEq)]
struct Seen {
    /// Their places as parts of the field's width and height, from its lower left corner.
    places: Vec<[f32; 2]>,
    /// The width of the field, px.
    width: f32,
    /// What is written beside and below it.
    numbers: Vec<String>,
    /// Where the leftmost of its numbers begins, px from the edge of the window.
    left: f32,
}

/// Shows one plot after the other.
fn see(plots: Vec<Plot>) -> Vec<Seen> {
    // The numbers beside a plot are measured when it is shown first.
    const STEPS: u64 = 3;
    let count = plots.len();
    let mut machine = Machine::builder().build();
    machine.attach_display(Box::new(NullDisplay), Box::new(ScriptedInput::default()));
    let draw = move |panel: &mut Panel, step: u64| {
        let place = usize::try_from((step - 1) / STEPS).expect("there are few");
        window(panel, |panel| {
            let id = panel.name(&place.to_string());
            panel.add(id, Kind::Plot(plots[place].clone()), String::new(), true);
        });
        Ok(())
    };
    launch(&mut machine, 0.0, |_| true, draw);
    let mut toolkit = EguiToolkit::default();
    let mut look = |_| {
        for _ in 0..STEPS {
            machine.run(Some(1));
            toolkit.take_input(machine.world(), &mut ScriptedInput::default(), &mut Vec::new());
        }
        let (mut textures, _) = toolkit.press.print(&toolkit.context, &toolkit.shapes, 1.0);
        // It insists on being emptied.
        textures.clear();
        seen(&toolkit.shapes)
    };
    (0..count).map(&mut look).collect()
}

fn seen(shapes: &[ClippedShape]) -> Seen {
    let mut seen =
        Seen { places: Vec::new(), width: 0.0, numbers: Vec::new(), left: f32::INFINITY };
    for ClippedShape { clip_rect: field, shape, .. } in shapes {
        if let Shape::Text(text) = shape {
            seen.numbers.push(text.galley.text().to_owned());
            seen.left = seen.left.min(text.pos.x);
        } else if let Shape::Circle(circle) = shape {
            let from_corner = circle.center - field.left_bottom();
            let place = [from_corner.x / field.width(), -from_corner.y / field.height()];
            seen.places.push(place);
            seen.width = field.width();
        }
    }
    seen
}

/// However large numbers are, equal ones stand in the middle, and others have 8 % of their distance
/// below and above them, in a field that whole numbers beside it leave its room.
#[test]
fn large_numbers_are_seen() {
    let (bottom, top) = (0.08 / 1.16, 1.08 / 1.16);
    let mut cases = Vec::new();
    for large in [1e300, -1e300, 1e40, 1e17, 123_456.0] {
        cases.push((vec![large; 3], vec![0.5; 3]));
        cases.push((vec![large, f64::NAN, large], vec![0.5; 2]));
        cases.push((vec![large.abs(), f64::INFINITY, 0.0], vec![top, bottom]));
    }
    let plots = cases.iter().map(|(ys, _)| plot(PlotStyle::Points, &heights(ys)));
    for (seen, (ys, expected)) in see(plots.collect()).iter().zip(&cases) {
        let found: Vec<_> = seen.places.iter().map(|place| f64::from(place[1])).collect();
        let is_near = found.iter().zip(expected).all(|(one, other)| (one - other).abs() < 0.02);
        assert!(found.len() == expected.len() && is_near, "{ys:?}: {found:?}");
        assert!(seen.width > 100.0 && seen.left > 0.0, "{ys:?}: {seen:?}");
    }
}

/// Whatever numbers there are, there are a few beside and below a plot, each told from the next, and short.
#[test]
fn numbers_stand_along_a_plot() {
    let cases: [(&[[f64; 2]], &[&str]); 5] = [
        (&heights(&[1.0, 2.0, 3.0, 400.0, 5.0]), &["0", "2", "4", "0", "200", "400"]),
        (&heights(&[0.0, 1.0]), &["0", "0.5", "0", "0.5", "1.0"]),
        (&heights(&[0.0, -1e7]), &["0", "0.5", "-1.0e7", "-5e6", "0"]),
        (&[[0.0, 0.0], [2e6, 1e-6]], &["0", "1e6", "0", "5e-7", "1.0e-6"]),
        (&[[1.7e9, 0.0], [1.7e9 + 300.0, 50.0]], &["1700000000", "1700000200", "0", "20", "40"]),
    ];
    let plots = cases.iter().map(|(points, _)| plot(PlotStyle::Lines, points)).collect();
    for (seen, (points, expected)) in see(plots).iter().zip(cases) {
        let numbers: Vec<_> = seen.numbers.iter().filter(|text| *text != "Test").collect();
        assert_eq!(numbers, expected, "{points:?}");
    }
}

/// No numbers and no limits end or stop the program.
#[test]
fn no_numbers_break_a_plot() {
    let odd = [0.0, 5e-324, -1e300, f64::MAX, f64::MIN, f64::NAN, f64::INFINITY];
    let mut plots = Vec::new();
    for style in [PlotStyle::Lines, PlotStyle::Points, PlotStyle::Bars] {
        for one in odd {
            for other in odd {
                let of_heights = plot(style, &heights(&[one, other]));
                if one < other && other.is_finite() {
                    let limits = Some([one, other]);
                    plots.push(Plot { x: limits, y: limits, ..of_heights.clone() });
                }
                plots.extend([of_heights, plot(style, &[[one, 0.0], [other, 1.0]])]);
            }
        }
    }
    let count = plots.len();
    assert_eq!(see(plots).len(), count);
}

/// A line rises as thick as it falls, on whole pixels at any scale.
#[test]
fn all_parts_of_a_line_are_as_thick_as_each_other() {
    for scale in [1.0, 1.5, 2.0] {
        for [x, y] in [[40.3, 40.7], [20.6, 70.2], [70.9, 20.4]] {
            let points = [[0.0, 0.0], [x, y], [2.0 * x, 0.0]].map(egui::Pos2::from);
            let mesh = line(&points, 2.0, egui::Color32::WHITE, scale);
            let corners: Vec<_> = mesh.vertices.iter().map(|at| (at.pos * scale).floor()).collect();
            for part in [&corners[..4], &corners[4..8]] {
                let (across, along) = (part[3] - part[0], (part[1] - part[0]).normalized());
                let thickness = (across.x * along.y - across.y * along.x).abs();
                assert!((thickness - 2.0 * scale).abs() <= 0.5, "{thickness} px at {scale}");
            }
        }
    }
}
