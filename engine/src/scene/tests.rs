use std::path::Path;

use super::{Scene, SceneError};
use crate::clock::Flicks;
use crate::component::ComponentRegistry;
use crate::machine::Machine;
use crate::motion::{Transform, Velocity};
use crate::process::{Missed, Restart};
use crate::value::Value;

fn parse(text: &str) -> Result<Scene, SceneError> {
    let mut registry = ComponentRegistry::default();
    registry.register::<Transform>();
    registry.register::<Velocity>();
    Scene::parse(Path::new("test.ron"), text.to_owned(), &registry)
}

fn error(text: &str) -> String {
    parse(text).unwrap_err().to_string()
}

/// Every field but the class has a default.
#[test]
fn a_small_scene_is_read() {
    let scene = parse(
        r#"(
            title: "Test", scripts: ["a.py"],
            processes: [(
                class: "a.Ball", name: "Left", priority: 10, interval: 0.5,
                missed: "burst", restart: (limit: 2), memory_size: 100,
                components: {"Transform": (x: 20, y: 1.5)},
                attributes: {"keys": ("W", "S")},
                children: [(class: "a.Shadow")],
            )],
        )"#,
    )
    .unwrap();
    assert_eq!((scene.window.title.as_str(), scene.window.width), ("Test", 640));
    let ball = &scene.processes[0];
    assert_eq!(
        (ball.class.value.as_str(), ball.name.as_ref().map(|name| name.value.as_str())),
        ("a.Ball", Some("Left"))
    );
    assert_eq!((ball.priority, ball.interval), (Some(10), Some(0.5)));
    assert_eq!((ball.missed, ball.memory_size), (Some(Missed::Burst), Some(100)));
    assert_eq!(ball.restart, Some(Some(Restart { limit: 2, ..Restart::default() })));
    let fields = ball.components[0].fields.iter().map(|(name, value)| (name.value.as_str(), value));
    assert!(fields.eq([("x", &Value::Int(20)), ("y", &Value::Float(1.5))]));
    assert_eq!(ball.attributes[0].0.value, "keys");
    assert_eq!(ball.children[0].class.value, "a.Shadow");
    assert!(parse("()").unwrap().processes.is_empty());
}

/// Whatever is wrong is named with its line and column, and the name that was meant.
#[test]
fn mistakes_are_located() {
    assert_eq!(
        error("(\n  titel: \"x\",\n)"),
        "test.ron:2:3: the scene has no field `titel`; did you mean `title`?"
    );
    let unknown = "(processes: [\n  (class: \"a.B\", components: {\"Tranform\": ()})\n])";
    let scene = parse(unknown).unwrap();
    // Scripts may declare it, so that it is refused when they have been imported.
    let refusal =
        scene.processes[0].components[0].settle(&Machine::native_components()).unwrap_err();
    assert_eq!(
        scene.error_at(refusal.at, refusal.message).to_string(),
        "test.ron:2:32: there is no component `Tranform`; did you mean `Transform`?"
    );
    assert_eq!(
        error(
            "(processes: [(class: \"a.B\", components: {\"Transform\": (\n x: 1.0,\n yy: 2.0)})])"
        ),
        "test.ron:3:2: component Transform has no field `yy`; did you mean `y`?"
    );
    assert_eq!(
        error("(processes: [(class: \"a.B\", components: {\"Transform\": (x: \"left\")})])"),
        "test.ron:1:56: Transform.x takes a finite number, not text (\"left\")"
    );
    for side in ["0", "-5", "9000", "1.5", "\"wide\""] {
        assert_eq!(
            error(&format!("(\n  window: (width: {side}),\n)")),
            format!(
                "test.ron:2:19: a window's width is a whole number from 1 to 8192, in px, not {side}"
            )
        );
    }
    assert!(error("(window: (scale: 1e300))").ends_with("from 0.25 to 16, not 1e300"));
    assert!(
        error("(version: 2)").starts_with("test.ron:1:2: this engine reads scenes of version 1")
    );
    assert!(error("(processes: [(name: \"x\")])").contains("this process has no `class`"));
    assert!(error("(title: \"x\" scripts: [])").starts_with("test.ron:1:13: this is no valid RON"));
    assert!(error("(processes: [(class: 3)])").starts_with("test.ron:1:22: "));
}

/// A number or a color that is none is told where it stands, not where its process or window does.
#[test]
fn a_wrong_value_is_told_at_its_own_place() {
    let process = |field: &str| error(&format!("(processes: [(class: \"a.B\", {field})])"));
    let whole = "a whole number from -2147483648 to 2147483647";
    for (value, shown) in [("1.5", "1.5"), ("\"high\"", "\"high\""), ("3000000000", "3000000000")] {
        assert_eq!(
            process(&format!("priority: {value}")),
            format!("test.ron:1:39: priority is {whole}, not {shown}")
        );
    }
    let interval = "an interval is 0 (every tick) or from 0.00001 to 1000000000 seconds";
    for value in ["0.000001", "-1", "\"soon\"", "true", "[1,\n 2]"] {
        assert_eq!(
            process(&format!("interval: {value}")),
            format!("test.ron:1:39: {interval}, not {}", value.replace('\n', ""))
        );
    }
    assert_eq!(
        error("(\n  window: (width: 9, background: \"oragne\"),\n)"),
        "test.ron:2:34: `oragne` is no color; try \"navy\" or \"#101218\""
    );
    let scene = parse("(window: (background: \"navy\"))").unwrap();
    assert_eq!(scene.window.background.to_string(), "#000080");
}

/// What a scene says of restarts, and whether it says something.
#[test]
fn a_restart_may_be_none() {
    let restart = |field: &str| {
        let scene = parse(&format!("(processes: [(class: \"a.B\", {field})])")).unwrap();
        scene.processes[0].restart
    };
    let within = |secs| Flicks::from_secs(secs).unwrap();
    assert_eq!(restart(""), None);
    assert_eq!(restart("restart: None"), Some(None));
    assert_eq!(restart("restart: ()"), Some(Some(Restart { limit: 3, within: within(10.0) })));
    let full = Restart { limit: 1, within: within(0.5) };
    assert_eq!(restart("restart: (limit: 1, within: 0.5)"), Some(Some(full)));
    assert_eq!(restart("restart: Some((limit: 1, within: 0.5))"), Some(Some(full)));
}

/// Terms that are none are told with the range, and with what stands in the file.
#[test]
fn wrong_terms_are_told_with_their_range() {
    let process = |field: &str| error(&format!("(processes: [(class: \"a.B\", {field})])"));
    let names = "missed is one of \"skip\", \"burst\" and \"delay\"";
    let bytes = "memory_size is a whole number from 0 to 1073741824, in bytes";
    let limit = "a restart's limit is a whole number from 1 to 4294967295 (`restart: None` is no \
                 restart)";
    let restart = "restart is (limit: ..., within: ...) or None";
    let within = "a restart's within is a number of seconds above 0 and up to 1000000000";
    for (field, column, message) in [
        ("missed: \"brust\"", 37, format!("{names}, not \"brust\"; did you mean `\"burst\"`?")),
        ("missed: Burst", 37, format!("{names}, not Burst; did you mean `\"burst\"`?")),
        ("missed: skip", 37, format!("{names}, not skip; did you mean `\"skip\"`?")),
        ("missed: ()", 37, format!("{names}, not ()")),
        ("missed: 3", 37, format!("{names}, not 3")),
        ("memory_size: -1", 42, format!("{bytes}, not -1")),
        ("memory_size: 1073741825", 42, format!("{bytes}, not 1073741825")),
        ("memory_size: \"much\"", 42, format!("{bytes}, not \"much\"")),
        ("restart: (limit: 0)", 46, format!("{limit}, not 0")),
        ("restart: (limit: 1.5)", 46, format!("{limit}, not 1.5")),
        ("restart: (within: 0)", 47, format!("{within}, not 0")),
        ("restart: (within: \"x\")", 47, format!("{within}, not \"x\"")),
        ("restart: (limit: Three)", 46, format!("{limit}, not Three")),
        ("restart: 3", 38, format!("{restart}, not 3")),
        ("restart: (3, 10.0)", 38, format!("{restart}, not (3, 10.0)")),
        ("restart: {\"limit\": 3}", 38, format!("{restart}, not {{\"limit\": 3}}")),
        ("restart: Some(3)", 38, format!("{restart}, not Some(3)")),
        ("restart: Never", 38, format!("{restart}, not Never")),
        (
            "restart: \"a text of many more than forty characters\"",
            38,
            format!("{restart}, not \"a text of many more than forty characte..."),
        ),
        ("restart: (limit: 1, within: -2.5)", 57, format!("{within}, not -2.5")),
        (
            "restart: (limits: 3)",
            39,
            "the restart has no field `limits`; did you mean `limit`?".to_owned(),
        ),
    ] {
        assert_eq!(process(field), format!("test.ron:1:{column}: {message}"), "{field}");
    }
}

/// A scene of another version is told so first, whatever else it has that is not understood.
#[test]
fn a_version_to_come_is_told_before_its_fields() {
    let refused = "this engine reads scenes of version 1, and this one has version 2";
    for text in [
        "(version: 2, new_thing: 3)",
        "(new_thing: (a: [1]), version: 2, processes: 7)",
        "/* version */ Scene(title: \"version\", version: 2)",
    ] {
        let error = error(text);
        let column = text.find("version: ").unwrap() + 1;
        assert!(error.starts_with(&format!("test.ron:1:{column}: {refused}")), "{error}");
    }
    assert!(error("(version: 1, new_thing: 3)").contains("no field `new_thing`"));
    assert!(error("(version: \"two\")").starts_with("test.ron:1:11: this is no valid RON"));
}

/// A file that is not there, or is no text, is one error that names it.
#[test]
fn a_missing_file_is_named() {
    let registry = ComponentRegistry::default();
    let error = Scene::load(Path::new("no/such.ron"), &registry).unwrap_err();
    assert_eq!(error.to_string(), "no/such.ron: there is no such scene");
}
