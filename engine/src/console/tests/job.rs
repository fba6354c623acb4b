//! Commands that go on over ticks.

use std::sync::atomic::Ordering;

use bevy_ecs::world::World;

use super::{Desk, Echo};
use crate::audio::{AudioChoice, AudioDevice, AudioDevices, ChosenDevice, Direction};
use crate::clock::Now;
use crate::console::{self, Console, Placing, Role, SessionId};
use crate::instruction::{Instruction, Instructions};
use crate::message;
use crate::motion::Transform;
use crate::process::{
    self, Behaviour, BoxedParcel, NewProcess, Next, Parcel, Paused, Step, StepError,
};
use crate::value::Value;

/// Who ends `step` early, or goes, leaves the process as it was.
#[test]
fn a_step_that_is_ended_pauses() {
    let mut desk = Desk::new();
    let ball = desk.spawn("Ball");
    let edit = desk.open(Role::Edit);
    for is_closed in [false, true] {
        assert!(desk.give(edit, "step Ball 1000000").is_waiting);
        assert!(desk.machine.world().get::<Paused>(ball).is_none());
        let mut echo = Echo::default();
        let mut port = console::Desk::new(desk.machine.world_mut(), &mut echo);
        if is_closed {
            port.close(edit);
        } else {
            port.interrupt(edit);
        }
        desk.machine.turn();
        assert!(desk.machine.world().get::<Paused>(ball).is_some(), "closed: {is_closed}");
    }
}

/// What goes on is shown as it changes; lines wait for their turn, and Ctrl-C ends it.
#[test]
fn what_goes_on_can_be_ended() {
    let mut desk = Desk::new();
    let ball = desk.spawn("Ball");
    assert_eq!(desk.line("pause Ball"), "");
    let evaluation = desk.give(SessionId::LOCAL, "step Ball 2");
    assert!(evaluation.is_waiting);
    desk.machine.world_mut().resource_mut::<Console>().submit(SessionId::LOCAL, "tree Ball".into());
    desk.machine.run(Some(6));
    let shown: Vec<_> = desk.shown.lock().unwrap().drain(..).map(|shown| shown.output).collect();
    assert_eq!(shown, ["Ball is paused after step 2\n", "python: tree Ball\n"]);
    assert!(desk.machine.world().get::<Paused>(ball).is_some());
    let evaluation = desk.give(SessionId::LOCAL, "watch Ball.transform.x");
    assert!(evaluation.is_waiting && evaluation.output.ends_with(": 0.0\n"), "{evaluation:?}");
    desk.machine.run(Some(3));
    assert!(desk.shown.lock().unwrap().is_empty());
    desk.machine.world_mut().get_mut::<Transform>(ball).unwrap().x = 5.0;
    desk.machine.turn();
    let shown = desk.shown.lock().unwrap().pop().unwrap();
    assert!(shown.is_waiting && shown.output.ends_with(": 5.0\n"), "{shown:?}");
    console::Desk::new(desk.machine.world_mut(), &mut Echo::default()).interrupt(SessionId::LOCAL);
    assert_eq!(desk.line("%tree"), "Ball  (paused)\n");
    let view = desk.open(Role::View);
    assert!(desk.give(view, "watch 1 + 1").error.is_some());
    desk.give(view, "watch Ball.transform.x");
    process::delete(desk.machine.world_mut(), ball);
    desk.machine.run(Some(2));
    assert!(desk.shown.lock().unwrap().pop().unwrap().output.ends_with("it is gone\n"));
}

/// `top` is shown once where nothing can take its place, else renewed each second until Ctrl-C.
#[test]
fn top_is_kept_up_to_date() {
    let mut desk = Desk::new();
    let ball = desk.spawn("Ball");
    desk.spawn("Bat");
    let evaluation = desk.give(SessionId::LOCAL, "top name 1");
    assert_eq!((evaluation.is_waiting, evaluation.placing), (false, Placing::Below));
    assert!(evaluation.output.contains("\nBall ") && !evaluation.output.contains("Bat"));
    let error = desk.error("top frob");
    assert!(error.contains("there is no KEY `frob`"), "{error}");
    assert!(desk.error("top 5 name").contains("top takes no more than this"));

    console::Desk::new(desk.machine.world_mut(), &mut Echo::default())
        .set_live(SessionId::LOCAL, true);
    let evaluation = desk.give(SessionId::LOCAL, "top name");
    assert_eq!((evaluation.is_waiting, evaluation.placing), (true, Placing::Instead));
    assert!(evaluation.output.contains("by name"), "{evaluation:?}");
    process::delete(desk.machine.world_mut(), ball);
    desk.machine.run(Some(3));
    assert!(desk.shown.lock().unwrap().is_empty(), "a second is not over");
    desk.nanos.fetch_add(1_000_000_000, Ordering::Relaxed);
    desk.machine.run(Some(3));
    let shown = std::mem::take(&mut *desk.shown.lock().unwrap());
    assert_eq!(shown.len(), 1);
    assert!(
        shown[0].output.contains("\nBat ") && !shown[0].output.contains("\nBall "),
        "{shown:?}"
    );
    assert_eq!((shown[0].is_waiting, shown[0].placing), (true, Placing::Instead));
    console::Desk::new(desk.machine.world_mut(), &mut Echo::default()).interrupt(SessionId::LOCAL);
    assert_eq!(desk.give(SessionId::LOCAL, "clear").placing, Placing::Alone);
}

/// Sends a message and gives an instruction in each step, and fails in the fourth.
struct Busy(u32);

impl Behaviour for Busy {
    fn step(&mut self, step: Step<'_>) -> Result<Next, StepError> {
        self.0 += 1;
        if self.0 == 4 {
            return Err(StepError::fault("tired"));
        }
        let now = step.world.resource::<Now>().time();
        message::send(step.world, "Other", Box::new(b"hi".as_slice())).unwrap();
        let instruction = Instruction::new("Other", "beep", Box::new(NoArguments));
        step.world.resource_mut::<Instructions>().push(instruction, now);
        Ok(Next::Interval)
    }

    fn call(
        &mut self,
        _: Step<'_>,
        _: &str,
        arguments: &BoxedParcel,
    ) -> Result<BoxedParcel, StepError> {
        let _ = arguments;
        Ok(Box::new(NoArguments))
    }
}

#[derive(Clone, Copy)]
struct NoArguments;

impl Parcel for NoArguments {
    fn describe(&self, _: &mut World) -> Value {
        Value::None
    }
}

/// What a process does and what happens to it is told as it happens, to whoever may look; and no more
/// when nobody does.
#[test]
fn a_process_is_followed() {
    let mut desk = Desk::new();
    let other = desk.spawn("Other");
    let world = desk.machine.world_mut();
    let new = NewProcess { name: Some("Busy"), ..NewProcess::of("Busy") };
    let busy = process::spawn(world, &new).unwrap();
    process::launch(world, busy, Box::new(Busy(0)));
    let sessions = [desk.open(Role::View), desk.open(Role::View)];
    for (session, name) in sessions.iter().zip(["Busy", "Other"]) {
        let evaluation = desk.give(*session, &format!("trace {name}"));
        assert_eq!((evaluation.is_waiting, &*evaluation.output), (true, ""));
    }
    desk.machine.run(Some(4));
    let shown = std::mem::take(&mut *desk.shown.lock().unwrap());
    let text: String = shown.into_iter().map(|shown| shown.output).collect();
    for expected in [
        "2: sent to Other: b\"hi\"\n2: gave the instruction Other.beep(), due at ",
        ": step after 16.7 ms, took 0\n",
        ": received b\"hi\"\n",
        ": called beep(), took 0, failed: ",
        ": failed: tired\n",
    ] {
        assert!(text.contains(expected), "{expected:?} in {text}");
    }
    for session in sessions {
        console::Desk::new(desk.machine.world_mut(), &mut Echo::default()).interrupt(session);
    }
    desk.machine.run(Some(2));
    assert!(desk.shown.lock().unwrap().is_empty());
    desk.give(sessions[0], "trace Other");
    process::delete(desk.machine.world_mut(), other);
    desk.machine.run(Some(2));
    assert!(desk.shown.lock().unwrap().pop().unwrap().output.ends_with("it is gone\n"));
}

/// What other threads find out comes when it is there: devices of a backend, and the failure to take a
/// picture where there is no display. A place that is none is told at once.
#[test]
fn what_takes_long_comes_later() {
    let mut desk = Desk::new();
    let outcome = |desk: &mut Desk, line: &str| {
        let mut evaluation = desk.give(SessionId::LOCAL, line);
        while evaluation.is_waiting {
            desk.machine.turn();
            if let Some(shown) = desk.shown.lock().unwrap().pop() {
                evaluation = shown;
            }
        }
        evaluation
    };
    assert_eq!(outcome(&mut desk, "devices").output, "none\n");
    let device = || {
        let rates_hz = Some((44_100, 48_000));
        let [id, name, host] = ["alsa:hw", "Card", "ALSA"].map(str::to_owned);
        let (direction, channels) = (Direction::Output, Some((1, 2)));
        let card = AudioDevice { id, name, host, direction, is_default: true, channels, rates_hz };
        let direction = Direction::Input;
        vec![card.clone(), AudioDevice { direction, channels: None, rates_hz: None, ..card }]
    };
    desk.machine.world_mut().insert_resource(AudioDevices(device));
    let told = outcome(&mut desk, "devices").output;
    assert_eq!(
        told,
        "to play on:\n * alsa:hw: Card, through ALSA, up to 2 channels, 44100 to 48000 Hz\n\
         to listen to:\n * alsa:hw: Card, through ALSA\n"
    );
    let mut chosen = AudioChoice::default();
    chosen.input = Some(ChosenDevice::called("Card"));
    desk.machine.world_mut().insert_resource(chosen);
    assert!(outcome(&mut desk, "devices").output.ends_with("\n>* alsa:hw: Card, through ALSA\n"));

    let error = outcome(&mut desk, "screenshot").error.unwrap();
    assert!(error.starts_with("cannot take a picture"), "{error}");
    for (line, error) in [
        ("screenshot a.jpg", "a picture is a PNG: a.jpg.png"),
        ("screenshot /no/such/folder/a.png", "its folder does not exist; choose one that does"),
        ("screenshot /dev/null", "a picture is a PNG"),
    ] {
        assert!(desk.error(line).contains(error), "{line}");
    }
}
