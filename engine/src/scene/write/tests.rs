//! What is written is read as the same.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::{
    Just, ProptestConfig, Strategy, any, prop, prop_assert_eq, prop_oneof, proptest,
};

use super::super::{Located, Scene, SceneComponent, SceneProcess};
use crate::clock::Flicks;
use crate::color::Color;
use crate::component::ComponentRegistry;
use crate::input::Control;
use crate::process::{Interval, Missed, Restart};
use crate::render::Window;
use crate::value::Value;

fn located<T>(value: T) -> Located<T> {
    Located::nowhere(value)
}

/// Any text: letters of all kinds, quotes, line breaks.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[a-z\"\\\\\n\r\t\0{}()/*#']{0,12}"]
}

/// Any number but NaN, which is not equal to itself, to its last bit.
fn number() -> impl Strategy<Value = f64> {
    any::<f64>().prop_filter("equal to itself", |number| !number.is_nan())
}

/// Any plain data.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::None),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        number().prop_map(Value::Float),
        text().prop_map(Value::Str),
        prop::collection::vec(any::<u8>(), 0..8).prop_map(Value::Bytes),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
            prop::collection::vec((inner.clone(), inner), 0..4).prop_map(Value::Map),
        ]
    })
}

/// Names with values, none of them twice.
fn entries(
    name: impl Strategy<Value = String>,
) -> impl Strategy<Value = Vec<(Located<String>, Value)>> {
    prop::collection::vec((name, value()), 0..4).prop_map(|mut entries| {
        let mut known = Vec::new();
        entries.retain(|(name, _)| {
            !known.contains(name) && {
                known.push(name.clone());
                true
            }
        });
        entries.into_iter().map(|(name, value)| (located(name), value)).collect()
    })
}

/// The name of a field: what scripts may call one, words of RON among them.
fn field() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z_][a-z0-9_]{0,6}",
        prop::sample::select(vec!["true", "inf", "NaN", "Some", "None", "r", "b", "größe"])
            .prop_map(str::to_owned),
    ]
}

fn restart() -> impl Strategy<Value = Option<Restart>> {
    prop::option::of(
        (1..=u32::MAX, 1..1u64 << 40)
            .prop_map(|(limit, within)| Restart { limit, within: Flicks(within) }),
    )
}

type Terms = (Option<i32>, Option<f64>, Option<Missed>, Option<Option<Restart>>, Option<usize>);

fn terms() -> impl Strategy<Value = Terms> {
    let interval = prop_oneof![Just(0.0), Interval::MIN_SECS..Flicks::MAX_SECS];
    let missed = prop::sample::select(Missed::ALL.map(|(_, policy)| policy).to_vec());
    (
        any::<Option<i32>>(),
        prop::option::of(interval),
        prop::option::of(missed),
        prop::option::of(restart()),
        prop::option::of(0..=1_usize << 30),
    )
}

fn control() -> impl Strategy<Value = Control> {
    let names =
        ["Space", "Ctrl+S", "Keypad +", "label:Ö", "Shift+label:+", "mouse:x1", "pad2:lefty-"];
    prop::sample::select(names.to_vec()).prop_map(|name| Control::parse(name).unwrap())
}

fn process() -> impl Strategy<Value = SceneProcess> {
    let component = (field(), entries(field())).prop_map(|(name, fields)| SceneComponent {
        // No native one, whose fields the scene would be checked for.
        name: located(format!("Own{name}")),
        fields,
    });
    let components = prop::collection::vec(component, 0..3).prop_map(|mut components| {
        components.dedup_by(|one, other| one.name == other.name);
        components.truncate(2);
        components
    });
    let names = (text(), prop::option::of(text()), prop::option::of(text()));
    let hotkeys = prop::collection::vec((control(), text()), 0..3).prop_map(|mut hotkeys| {
        hotkeys.dedup_by(|one, other| one.0 == other.0);
        hotkeys.truncate(2);
        hotkeys
    });
    let flags = (any::<bool>(), any::<Option<bool>>(), prop::option::of(hotkeys));
    let leaf = (names, terms(), flags, components, entries(text())).prop_map(
        |((class, name, parent), terms, (paused, started, hotkeys), components, attributes)| {
            let (priority, interval, missed, restart, memory_size) = terms;
            SceneProcess {
                class: located(class),
                name: name.map(located),
                priority,
                interval,
                missed,
                restart,
                memory_size,
                hotkeys,
                paused,
                started,
                parent: parent.map(located),
                components,
                attributes,
                children: Vec::new(),
            }
        },
    );
    leaf.prop_recursive(3, 8, 3, |inner| {
        (inner.clone(), prop::collection::vec(inner, 0..3))
            .prop_map(|(process, children)| SceneProcess { children, ..process })
    })
}

fn window() -> impl Strategy<Value = Window> {
    let side = 1..=Window::MAX_SIDE_PX;
    let options = (Window::SCALES, any::<bool>(), any::<bool>(), text());
    (text(), side.clone(), side, any::<[u8; 4]>(), options).prop_map(
        |(title, width, height, [r, g, b, a], (scale, fullscreen, vsync, icon))| Window {
            title,
            width,
            height,
            background: Color { r, g, b, a },
            scale,
            fullscreen,
            vsync,
            icon,
        },
    )
}

fn scene() -> impl Strategy<Value = Scene> {
    let paths = (prop::option::of(text()), prop::collection::vec(text(), 0..3));
    (window(), paths, any::<bool>(), prop::collection::vec(process(), 0..3)).prop_map(
        |(window, (assets, scripts), whole, processes)| Scene {
            assets: assets.map(PathBuf::from),
            scripts: scripts.into_iter().map(|script| located(PathBuf::from(script))).collect(),
            whole,
            processes,
            ..Scene::new(Path::new("test.ron"), window)
        },
    )
}

/// The process with no places, as one that was never in a file.
fn unplaced(process: &SceneProcess) -> SceneProcess {
    let entries = |entries: &[(Located<String>, Value)]| {
        entries.iter().map(|(name, value)| (located(name.value.clone()), value.clone())).collect()
    };
    let component = |component: &SceneComponent| SceneComponent {
        name: located(component.name.value.clone()),
        fields: entries(&component.fields),
    };
    SceneProcess {
        class: located(process.class.value.clone()),
        name: process.name.clone().map(|name| located(name.value)),
        parent: process.parent.clone().map(|parent| located(parent.value)),
        components: process.components.iter().map(component).collect(),
        attributes: entries(&process.attributes),
        children: process.children.iter().map(unplaced).collect(),
        ..process.clone()
    }
}

fn read(text: &str) -> Scene {
    let path = Path::new("test.ron");
    match Scene::parse(path, text.to_owned(), &ComponentRegistry::default()) {
        Ok(scene) => scene,
        Err(error) => panic!("{error}\n{text}"),
    }
}

/// Numbers as they lie in memory: -0 is equal to 0, and is another number.
fn bits(value: &Value) -> Vec<u64> {
    match value {
        Value::Float(number) => vec![number.to_bits()],
        Value::List(values) => values.iter().flat_map(bits).collect(),
        Value::Map(pairs) => {
            pairs.iter().flat_map(|(key, value)| [bits(key), bits(value)]).flatten().collect()
        }
        _ => Vec::new(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..Default::default() })]

    #[test]
    fn what_is_written_is_read_as_the_same(scene in scene()) {
        let back = read(&scene.to_ron());
        prop_assert_eq!(&back.window, &scene.window);
        prop_assert_eq!(&back.assets, &scene.assets);
        prop_assert_eq!(back.whole, scene.whole);
        let scripts = |scene: &Scene| -> Vec<_> {
            scene.scripts.iter().map(|script| script.value.clone()).collect()
        };
        prop_assert_eq!(scripts(&back), scripts(&scene));
        let processes: Vec<_> = back.processes.iter().map(unplaced).collect();
        prop_assert_eq!(&processes, &scene.processes);
        prop_assert_eq!(back.to_ron(), scene.to_ron());
    }

    #[test]
    fn every_bit_of_a_number_stays(value in value()) {
        let mut scene = Scene::new(Path::new("test.ron"), Window::default());
        let text = format!("(processes: [(class: \"a.B\", attributes: {{\"it\": {value}}})])");
        scene.processes = read(&text).processes;
        prop_assert_eq!(bits(&scene.processes[0].attributes[0].1), bits(&value));
    }
}

/// What is no number is one of these all the same.
#[test]
fn what_is_no_number_stays_so() {
    let text = format!(
        "(processes: [(class: \"a.B\", attributes: {{\"it\": {}}})])",
        Value::Float(f64::NAN)
    );
    let back = read(&text);
    assert!(matches!(back.processes[0].attributes[0].1, Value::Float(number) if number.is_nan()));
}

/// A scene is as somebody would write it, and a folder is none.
#[test]
fn a_scene_is_a_file_that_can_be_read() {
    let mut scene = Scene::new(Path::new("/"), Window::default());
    assert_eq!(
        scene.save().unwrap_err().to_string(),
        "cannot save the scene /: it is a folder; give the name of a file in it"
    );
    scene.scripts.push(located(PathBuf::from("pong.py")));
    scene.processes = read(
        r#"(processes: [(class: "pong.Ball", name: "Ball", interval: 0.5, restart: None,
            components: {"Own": (x: 1, label: "a \"b\"")}, attributes: {"rest": -0.0},
            children: [(class: "pong.Flash", started: true)])])"#,
    )
    .processes;
    let expected = r##"(
    version: 1,
    title: "Metapython",
    window: (width: 640, height: 480, background: "#101218"),
    scripts: ["pong.py"],
    processes: [
        (
            class: "pong.Ball", name: "Ball", interval: 0.5,
            restart: None,
            components: {"Own": (x: 1, label: "a \"b\"")},
            attributes: {"rest": -0.0},
            children: [
                (
                    class: "pong.Flash",
                    started: true,
                ),
            ],
        ),
    ],
)
"##;
    assert_eq!(scene.to_ron(), expected);
}

/// A folder in which nothing can be made is named with what the system says.
#[test]
fn an_impossible_place_is_named() {
    let path = Path::new("/no/such/folder/a.ron");
    let error = Scene::new(path, Window::default()).save().unwrap_err().to_string();
    assert!(error.starts_with("cannot save the scene /no/such/folder/a.ron: "), "{error}");
    assert!(error.ends_with("; choose a folder that exists"), "{error}");
    assert!(fs::metadata(path).is_err());
}
