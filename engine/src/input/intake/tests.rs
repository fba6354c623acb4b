use std::time::{Duration, Instant};

use bevy_ecs::entity::Entity;
use std::collections::BTreeMap;

use super::*;
use crate::alert::Alerts;
use crate::clock::Now;
use crate::input::{Binding, Control, Hotkeys, Key, Kinds, Listener, MouseButton, Rumble};
use crate::machine::Machine;
use crate::message::Mailbox;
use crate::platform::headless::display::NullDisplay;
use crate::platform::headless::input::ScriptedInput;
use crate::process::{self, Behaviour, BoxedParcel, Interval, NewProcess, Next, Step, StepError};

fn key(name: &str, down: bool) -> InputEvent {
    InputEvent::Key { key: Key::named(name).unwrap(), label: name.into(), down, repeat: false }
}

/// A machine to which this happens, a list for each tick.
fn machine(ticks: Vec<Vec<InputEvent>>) -> Machine {
    let mut machine = Machine::builder().build();
    machine.attach_display(Box::new(NullDisplay), Box::new(ScriptedInput::new(ticks)));
    machine
}

/// Writes down the methods that are called.
#[derive(Clone, Default)]
struct Diary(std::sync::Arc<std::sync::Mutex<Vec<String>>>);

impl Behaviour for Diary {
    fn step(&mut self, _step: Step<'_>) -> Result<Next, StepError> {
        Ok(Next::Interval)
    }

    fn call(
        &mut self,
        _: Step<'_>,
        method: &str,
        _: &BoxedParcel,
    ) -> Result<BoxedParcel, StepError> {
        self.0.lock().unwrap().push(method.to_owned());
        Ok(Box::new(()))
    }
}

impl Diary {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

fn spawn(machine: &mut Machine, name: &str, diary: &Diary) -> Entity {
    let interval = Interval::from_secs(1000.0).unwrap();
    let new =
        NewProcess { name: Some(name), interval, memory_size: 4096, ..NewProcess::of("Tool") };
    let world = machine.world_mut();
    let process = process::spawn(world, &new).unwrap();
    process::launch(world, process, Box::new(diary.clone()));
    process
}

fn alerts(machine: &Machine) -> Vec<String> {
    machine.world().resource::<Alerts>().recent().map(|it| it.text.clone()).collect()
}

/// What a process can read of its mailbox in this tick.
fn mail(machine: &mut Machine, process: Entity) -> Vec<String> {
    let tick = machine.world().resource::<Now>().tick;
    let mut mailbox = machine.world_mut().get_mut::<Mailbox>(process).unwrap();
    let read = mailbox.read(tick).map(|it| String::from_utf8((*it).as_ref().to_vec()).unwrap());
    read.collect()
}

/// A hotkey calls its method in the tick in which it is struck, once, while the process sleeps; not
/// while it is paused; with exactly its modifiers.
#[test]
fn a_hotkey_calls_a_method() {
    let [ctrl, save] = [key("Left Ctrl", true), key("S", true)];
    let tap = || [key("S", false), key("S", true)];
    let mut machine = machine(vec![
        vec![save.clone()],
        [vec![key("S", false), ctrl, save], tap().to_vec()].concat(),
        vec![],
        tap().to_vec(),
        tap().to_vec(),
        vec![],
    ]);
    let diary = Diary::default();
    let tool = spawn(&mut machine, "Tool", &diary);
    let hotkey = |name, method: &str| (Control::parse(name).unwrap(), method.to_owned());
    let keys = vec![
        hotkey("Ctrl+S", "save"),
        hotkey("Ctrl+Shift+S", "save_as"),
        hotkey("Left Ctrl", "mark"),
    ];
    machine.world_mut().entity_mut(tool).insert(Hotkeys(keys));
    machine.turn();
    assert_eq!(diary.take(), [""; 0]);
    machine.turn();
    assert_eq!(diary.take(), ["save", "mark"]);
    machine.turn();
    assert_eq!(diary.take(), [""; 0]);
    process::pause(machine.world_mut(), tool);
    machine.turn();
    assert_eq!(diary.take(), [""; 0]);
    process::resume(machine.world_mut(), tool);
    machine.turn();
    assert_eq!(diary.take(), ["save"]);
    process::delete(machine.world_mut(), tool);
    machine.turn();
    assert_eq!(alerts(&machine), [""; 0]);
}

/// Events are read as JSON in the tick in which they come, oldest first, by whom they are sent to.
#[test]
fn events_are_messages() {
    let motion = |x| InputEvent::MouseMotion { x, y: 0.5 };
    let mut machine = machine(vec![
        vec![key("A", true), motion(1.0), motion(2.0), InputEvent::Text { text: "\"ä".into() }],
        vec![key("A", false)],
    ]);
    let [one, other] = ["One", "Other"].map(|name| spawn(&mut machine, name, &Diary::default()));
    let kinds = |names: &[&str]| {
        let kinds = names.iter().map(|name| Kinds::named(name).unwrap());
        Listener::to(kinds.fold(Kinds::default(), Kinds::with))
    };
    machine.world_mut().entity_mut(one).insert(kinds(&["key", "mouse"]));
    machine.world_mut().entity_mut(other).insert(kinds(&["text"]));
    machine.turn();
    let pressed = r#"{"kind":"key","key":"A","label":"A","down":true,"repeat":false}"#;
    assert_eq!(mail(&mut machine, one), [pressed, r#"{"kind":"mouse_motion","x":2.0,"y":0.5}"#]);
    assert_eq!(mail(&mut machine, other), [r#"{"kind":"text","text":"\"ä"}"#]);
    machine.turn();
    assert_eq!((mail(&mut machine, one).len(), mail(&mut machine, other).len()), (1, 0));
}

/// Every event is read back from its JSON; what is none is refused with a reason.
#[test]
fn json_is_read_back() {
    let events = [
        key("Left Shift", true),
        InputEvent::MouseButton { button: MouseButton::X1, down: true, x: 1.5, y: -2.0 },
        InputEvent::GamepadConnected { slot: 1, name: "Ä".into() },
        InputEvent::Quit,
        InputEvent::Bound {
            actions: BTreeMap::from([(
                "steer".to_owned(),
                vec![
                    Binding::One(Control::parse("pad:leftx").unwrap()),
                    Binding::Pair(Control::parse("A").unwrap(), Control::parse("Ctrl+D").unwrap()),
                ],
            )]),
        },
    ];
    for event in events {
        let kind = event.to_json().split('"').nth(3).unwrap().to_owned();
        assert_eq!(InputEvent::KINDS.contains(&&*kind), !Kinds::of(&event).is_empty(), "{kind}");
        assert_eq!(InputEvent::from_json(&event.to_json()), Ok(event));
    }
    let error = |text| InputEvent::from_json(text).unwrap_err();
    assert!(error(r#"{"kind":"kye"}"#).starts_with("unknown kind `kye`, expected one of `key`"));
    let known = error(r#"{"kind":"kye"}"#);
    let known: Vec<_> = known.split('`').skip(3).step_by(2).collect();
    let (told, others): (Vec<_>, Vec<_>) =
        known.into_iter().partition(|kind| InputEvent::KINDS.contains(kind));
    assert_eq!(
        (told, others),
        (InputEvent::KINDS.to_vec(), vec!["bound", "widget", "widgets", "quit"])
    );
    assert_eq!(error(r#"{"kind":"key","key":"A"}"#), "missing field `down`");
    assert!(error(r#"{"kind":"key","key":"Spcae","down":true}"#).contains("did you mean `Space`?"));
}

/// Ten thousand events in a tick cost little; one alert names what processes are not told of, and what
/// is down is right all the same.
#[test]
fn a_flood_of_events_is_bounded() {
    let flood = || (0..5_000).flat_map(|_| [key("A", true), key("A", false)]).collect::<Vec<_>>();
    let mut last = flood();
    last.push(key("B", true));
    let mut machine = machine(vec![flood(), last, vec![]]);
    let listener = spawn(&mut machine, "Listener", &Diary::default());
    machine.world_mut().entity_mut(listener).insert(Listener::to(Kinds::named("key").unwrap()));
    let start = Instant::now();
    machine.turn();
    machine.turn();
    // About 10 ms in an unoptimised build, on a machine that has nothing else to do.
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    assert!(machine.world().resource::<Input>().is_down("B").unwrap());
    assert_eq!(machine.world().resource::<InputEvents>().iter().count(), MAX_EVENTS);
    let said = alerts(&machine);
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said.iter().any(|text| text.contains("9000 of key")), "{said:?}");
    let full = "events of this tick are lost: the mailbox of Listener is full: it holds";
    assert!(said.iter().any(|text| text.contains(full)), "{said:?}");
    machine.turn();
    assert_eq!(machine.world().resource::<InputEvents>().iter().count(), 0);
}

/// Too long a text is told of once, until one fits again.
#[test]
fn text_that_is_cut_is_told_of() {
    let long = || vec![InputEvent::Text { text: "a".repeat(MAX_TEXT + 3) }];
    let mut machine = machine(vec![long(), long(), vec![], long()]);
    for said in [1, 1, 1, 2] {
        machine.turn();
        assert_eq!(alerts(&machine).len(), said);
    }
    assert!(alerts(&machine)[0].starts_with("3 bytes of the text of this tick are not in"));
}

/// Bindings that the user saves are input: they come with the events of a tick.
#[test]
fn saved_bindings_come_as_an_event() {
    let control = |name| vec![Binding::One(Control::parse(name).unwrap())];
    let actions = BTreeMap::from([("jump".to_owned(), control("X"))]);
    let mut machine = machine(vec![vec![key("X", true)], vec![InputEvent::Bound { actions }]]);
    machine.world_mut().resource_mut::<Actions>().define("jump", control("Space")).unwrap();
    machine.turn();
    assert!(!machine.world().resource::<Actions>().state("jump").unwrap().is_down);
    let before = machine.digest();
    machine.turn();
    assert!(machine.world().resource::<Actions>().state("jump").unwrap().was_pressed);
    assert_ne!(machine.digest(), before);
}

/// What the world wants of the devices reaches them once, and ends with whoever wanted it.
#[test]
fn wishes_reach_the_source() {
    #[derive(Clone, Default)]
    struct Source(std::sync::Arc<std::sync::Mutex<Vec<String>>>);

    impl InputSource for Source {
        fn poll(&mut self, _into: &mut Vec<InputEvent>) {}

        fn ask_for_text(&mut self, wanted: bool) {
            self.0.lock().unwrap().push(format!("text {wanted}"));
        }

        fn set_text_area(&mut self, area: [f64; 4]) {
            self.0.lock().unwrap().push(format!("area {area:?}"));
        }

        fn rumble(&mut self, slot: u8, strengths: [f64; 2], time: Duration) {
            self.0.lock().unwrap().push(format!("rumble {slot} {strengths:?} {time:?}"));
        }
    }

    let source = Source::default();
    let said = || std::mem::take(&mut *source.0.lock().unwrap());
    let mut machine = machine(vec![]);
    machine.attach_display(Box::new(NullDisplay), Box::new(source.clone()));
    let [one, other] = ["One", "Other"].map(|name| spawn(&mut machine, name, &Diary::default()));
    let mut wishes = machine.world_mut().resource_mut::<Wishes>();
    wishes.ask_for_text(one, None);
    wishes.ask_for_text(other, Some([1.0, 2.0, 3.0, 4.0]));
    wishes.rumble(Rumble { slot: 1, strengths: [0.5, 1.0], time: Duration::from_secs(1) });
    machine.turn();
    machine.turn();
    assert_eq!(said(), ["rumble 1 [0.5, 1.0] 1s", "text true", "area [1.0, 2.0, 3.0, 4.0]"]);
    process::delete(machine.world_mut(), other);
    machine.turn();
    machine.turn();
    assert_eq!(said(), [""; 0]);
    machine.world_mut().resource_mut::<Wishes>().stop_text(one);
    machine.turn();
    machine.turn();
    assert_eq!(said(), ["text false"]);
}
