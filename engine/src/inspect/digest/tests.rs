use bevy_ecs::entity::Entity;
use bevy_ecs::world::{EntityWorldMut, World};

use crate::clock::Flicks;
use crate::input::{Actions, Binding, Control, Input, InputEvent, Key, Simulated, Wishes};
use crate::instruction::{Instruction, Instructions};
use crate::machine::Machine;
use crate::message::{self, Mailbox};
use crate::process::{
    self, Behaviour, Interval, Missed, Names, NewProcess, Next, Restart, Step, StepError,
};
use crate::render::Window;
use crate::schedule::Schedule;
use crate::value::Value;

struct Idle;

impl Behaviour for Idle {
    fn step(&mut self, _: Step<'_>) -> Result<Next, StepError> {
        Ok(Next::Interval)
    }
}

/// A machine of 10 ticks a second with two processes that step every second.
fn bench() -> Machine {
    let mut machine = Machine::builder().hz(10).build();
    spawn(machine.world_mut(), Some("a"));
    spawn(machine.world_mut(), Some("b"));
    machine.turn();
    machine
}

fn spawn(world: &mut World, name: Option<&str>) -> Entity {
    let interval = Interval::from_secs(1.0).unwrap();
    let new = NewProcess { name, interval, ..NewProcess::of("test.Idle") };
    let process = process::spawn(world, &new).unwrap();
    process::launch(world, process, Box::new(Idle));
    process
}

fn give(world: &mut World, argument: Value) {
    let delay = Flicks::from_secs(1.0).unwrap();
    let instruction = Instruction { delay, ..Instruction::new("a", "jump", Box::new(argument)) };
    world.resource_mut::<Instructions>().push(instruction, Flicks::ZERO);
}

/// The digest of a machine to which one thing was done, against those with nothing or another
/// thing done to it.
#[track_caller]
fn assert_seen(one: impl Fn(&mut Machine), other: impl Fn(&mut Machine)) {
    let digest = |act: &dyn Fn(&mut Machine)| {
        let mut machine = bench();
        act(&mut machine);
        (machine.digest(), machine.digest())
    };
    let (first, again) = digest(&one);
    assert_eq!(first, again, "taking a digest changes the next one");
    assert_eq!(first, digest(&one).0);
    assert_ne!(first, digest(&other).0);
}

/// Two instructions that differ only in their arguments are two states.
#[test]
fn arguments_of_instructions_are_seen() {
    assert_seen(
        |machine| give(machine.world_mut(), Value::Int(1)),
        |machine| give(machine.world_mut(), Value::Int(2)),
    );
}

/// Looking at the instructions leaves them where they were.
#[test]
fn instructions_outlive_a_digest() {
    let mut machine = bench();
    give(machine.world_mut(), Value::None);
    machine.digest();
    assert_eq!(machine.world_mut().resource_mut::<Instructions>().lend().len(), 1);
}

/// A machine whose next process will have another name is another.
#[test]
fn the_numbering_of_names_is_seen() {
    let named = |count: usize| {
        move |machine: &mut Machine| {
            let world = machine.world_mut();
            let new: Vec<_> = (0..count).map(|_| spawn(world, None)).collect();
            new.into_iter().for_each(|process| process::delete(world, process));
            machine.turn();
            let names = machine.world().resource::<Names>();
            assert_eq!(names.iter().count(), 2);
        }
    };
    assert_seen(named(2), named(3));
}

/// A process that was spawned and is gone leaves the order of the next ones behind.
#[test]
fn the_count_of_spawned_processes_is_seen() {
    let come_and_go = |machine: &mut Machine| {
        let process = spawn(machine.world_mut(), Some("gone"));
        process::delete(machine.world_mut(), process);
        machine.turn();
    };
    assert_seen(come_and_go, Machine::turn);
}

/// What the digest is told of due times: first in the tick after the spawning, then an interval
/// later; a paused process is not due.
#[test]
fn due_times_are_told() {
    let mut machine = bench();
    let outlook = |machine: &mut Machine| {
        let process = machine.world().resource::<Names>().get("a").unwrap();
        machine.world().resource::<Schedule>().outlook().get(&process).copied()
    };
    assert_eq!(outlook(&mut machine), Some(Flicks::from_secs(1.1).unwrap()));
    let process = machine.world().resource::<Names>().get("a").unwrap();
    process::pause(machine.world_mut(), process);
    machine.turn();
    assert_eq!(outlook(&mut machine), None);
    process::resume(machine.world_mut(), process);
    machine.turn();
    assert_eq!(outlook(&mut machine), Some(Flicks::from_secs(1.3).unwrap()));
}

/// Everything that says how a process goes on is seen: its policy, its restarts, its mailbox's size.
#[test]
fn the_terms_of_a_process_are_seen() {
    fn changed(act: impl Fn(&mut EntityWorldMut<'_>)) -> impl Fn(&mut Machine) {
        move |machine| {
            let process = machine.world().resource::<Names>().get("a").unwrap();
            act(&mut machine.world_mut().entity_mut(process));
        }
    }
    let missed = |missed: Missed| changed(move |process| _ = process.insert(missed));
    let restart = |limit, secs| {
        let within = Flicks::from_secs(secs).unwrap();
        changed(move |process| _ = process.insert(Restart { limit, within }))
    };
    let small = |process: &mut EntityWorldMut<'_>| {
        process.get_mut::<Mailbox>().unwrap().set_capacity(7);
    };
    assert_seen(missed(Missed::Burst), missed(Missed::Delay));
    assert_seen(restart(3, 10.0), |_| ());
    assert_seen(restart(3, 10.0), restart(2, 10.0));
    assert_seen(restart(3, 10.0), restart(3, 9.0));
    assert_seen(changed(small), |_| ());
}

/// A message that cannot be read yet is another state than one that can.
#[test]
fn the_tick_of_a_message_is_seen() {
    let send = |machine: &mut Machine| {
        message::send(machine.world_mut(), "a", Box::new(b"hello")).unwrap()
    };
    assert_seen(
        |machine| {
            send(machine);
            machine.turn();
        },
        |machine| {
            machine.turn();
            send(machine);
        },
    );
}

/// What scripts can read of the window is seen.
#[test]
fn the_window_is_seen() {
    assert_seen(|machine| machine.world_mut().resource_mut::<Window>().width = 100, |_| ());
    assert_seen(|machine| machine.world_mut().resource_mut::<Window>().title.clear(), |_| ());
}

/// A key that is held down is seen, a tap of this tick is not.
#[test]
fn input_that_lasts_is_seen() {
    let key = |machine: &mut Machine, down: bool| {
        let key = Key::named("Space").unwrap();
        let event = InputEvent::Key { key, label: "Space".into(), down, repeat: false };
        machine.world_mut().resource_mut::<Input>().apply(&event);
    };
    assert_seen(|machine| key(machine, true), |_| ());
    let mut machine = bench();
    key(&mut machine, true);
    key(&mut machine, false);
    assert_eq!(machine.digest(), bench().digest());
    let moved = |x: f64| {
        move |machine: &mut Machine| {
            let event = InputEvent::MouseMotion { x, y: 0.0 };
            machine.world_mut().resource_mut::<Input>().apply(&event);
        }
    };
    assert_seen(moved(1.0), moved(2.0));
}

/// No NaN and no zero is another one.
#[test]
fn what_no_comparison_shows_is_not_seen() {
    let with = |number: f64| {
        let mut machine = bench();
        give(machine.world_mut(), Value::Float(number));
        machine.digest()
    };
    assert_eq!(with(f64::NAN), with(-f64::NAN));
    assert_eq!(with(f64::NAN), with(f64::from_bits(f64::NAN.to_bits() | 1)));
    assert_eq!(with(0.0), with(-0.0));
    assert_ne!(with(0.0), with(f64::MIN_POSITIVE));
}

/// What was simulated for the next tick, who asks for text, and what is bound by default is state.
#[test]
fn input_to_come_is_seen() {
    let nothing = |_: &mut Machine| {};
    let simulate = |machine: &mut Machine| {
        let turn = InputEvent::Wheel { x: 0.0, y: 1.0 };
        machine.world_mut().resource_mut::<Simulated>().push(turn);
    };
    assert_seen(simulate, nothing);
    let ask = |name: &'static str, area| {
        move |machine: &mut Machine| {
            let world = machine.world_mut();
            let process = world.resource::<Names>().get(name).unwrap();
            world.resource_mut::<Wishes>().ask_for_text(process, area);
        }
    };
    assert_seen(ask("a", None), nothing);
    assert_seen(ask("a", None), ask("b", None));
    assert_seen(ask("a", None), ask("a", Some([0.0; 4])));
    let define = |control: &'static str| {
        move |machine: &mut Machine| {
            let bindings = vec![Binding::One(Control::parse(control).unwrap())];
            machine.world_mut().resource_mut::<Actions>().define("jump", bindings).unwrap();
        }
    };
    assert_seen(define("A"), nothing);
    assert_seen(define("A"), define("B"));
}
