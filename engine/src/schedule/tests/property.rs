//! What holds for any processes and any order of events: the schedule beside a model of it that
//! looks at every process for every step.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;
use proptest::prelude::{
    Just, ProptestConfig, Strategy, any, prop, prop_assert_eq, prop_oneof, proptest,
};

use super::Bench;
use crate::clock::{Flicks, Now};
use crate::machine::Machine;
use crate::memory::pairs;
use crate::process::{self, Behaviour, Interval, NewProcess, Next, Priority, Step, StepError};
use crate::schedule::{self, Schedule};

/// Ticks a second of all machines here.
const HZ: u32 = 10;

/// How long the random lives last, ticks.
const TICKS: u64 = 60;

/// Something that happens to the processes. They are named by a number that is taken modulo how
/// many there have been.
#[derive(Clone, Debug)]
enum Event {
    Spawn {
        priority: i32,
        interval: Flicks,
    },
    Delete(usize),
    Pause(usize),
    Resume(usize),
    SetPriority(usize, i32),
    SetInterval(usize, Flicks),
    /// The process that is being stepped chooses its next time. Nothing between ticks.
    Sleep(Flicks),
}

/// When an event happens: in a tick, as part of its step of that number, or before it for 0.
type Plan = BTreeMap<(u64, usize), Event>;

/// A step: the number of the process and its `dt`.
type Steps = Vec<(usize, Flicks)>;

fn interval() -> impl Strategy<Value = Flicks> {
    let tick = Flicks::of_tick(1, HZ).0;
    prop_oneof![
        2 => Just(Flicks::ZERO),
        2 => Just(Flicks(tick)),
        2 => (tick / 20..tick).prop_map(Flicks),
        4 => (tick..tick * 12).prop_map(Flicks),
        1 => Just(Flicks::from_secs(Flicks::MAX_SECS).unwrap()),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    let target = any::<u16>().prop_map(usize::from);
    let longer_than_a_tick = (Flicks::of_tick(1, HZ).0..Flicks::of_tick(9, HZ).0).prop_map(Flicks);
    prop_oneof![
        3 => (-3..3, interval()).prop_map(|(priority, interval)| Event::Spawn { priority, interval }),
        2 => target.clone().prop_map(Event::Delete),
        2 => target.clone().prop_map(Event::Pause),
        3 => target.clone().prop_map(Event::Resume),
        2 => (target.clone(), -3..3).prop_map(|(target, to)| Event::SetPriority(target, to)),
        3 => (target, interval()).prop_map(|(target, to)| Event::SetInterval(target, to)),
        3 => longer_than_a_tick.prop_map(Event::Sleep),
    ]
}

fn plan() -> impl Strategy<Value = Plan> {
    let birth =
        (-3..3, interval()).prop_map(|(priority, interval)| Event::Spawn { priority, interval });
    let births = prop::collection::vec(birth, 1..8);
    let later = prop::collection::btree_map((2..TICKS, 0_usize..6), event(), 0..80);
    (births, later).prop_map(|(births, later)| {
        let births = births.into_iter().enumerate();
        // One before the first tick, and each of the others in a tick of its own.
        births.map(|(number, birth)| ((number as u64 + 1, 0), birth)).chain(later).collect()
    })
}

/// A process of the model.
struct Modelled {
    priority: i32,
    /// The priority that orders this tick: a new one is for the next.
    priority_of_tick: i32,
    interval: Flicks,
    last: Flicks,
    next: Flicks,
    is_asleep: bool,
    is_paused: bool,
    is_alive: bool,
}

#[derive(Default)]
struct Model(Vec<Modelled>);

impl Model {
    fn happen(&mut self, event: &Event, now: Now) {
        let soon = now.time() + Flicks(1);
        let target = match *event {
            Event::Spawn { priority, interval } => {
                return self.0.push(Modelled {
                    priority,
                    priority_of_tick: priority,
                    interval,
                    last: now.time(),
                    next: first_due(interval, now),
                    is_asleep: false,
                    is_paused: false,
                    is_alive: true,
                });
            }
            Event::Sleep(_) => return,
            Event::Delete(target)
            | Event::Pause(target)
            | Event::Resume(target)
            | Event::SetPriority(target, _)
            | Event::SetInterval(target, _) => target,
        };
        let number = target % self.0.len();
        let it = &mut self.0[number];
        match *event {
            Event::Delete(_) => it.is_alive = false,
            Event::Pause(_) => it.is_paused = true,
            Event::Resume(_) if std::mem::take(&mut it.is_paused) => {
                if it.is_asleep {
                    it.next = it.next.max(soon);
                } else {
                    it.last = now.time();
                    it.next = first_due(it.interval, now);
                }
            }
            Event::SetPriority(_, priority) => it.priority = priority,
            Event::SetInterval(_, interval) if interval != it.interval => {
                it.interval = interval;
                if !it.is_asleep {
                    it.next = (it.last + interval).max(soon);
                }
            }
            _ => {}
        }
    }

    /// Makes the steps of a tick, each time the first of all that are due.
    fn turn(&mut self, plan: &Plan, now: Now) -> Steps {
        for it in &mut self.0 {
            it.priority_of_tick = it.priority;
        }
        let mut steps = Steps::new();
        while let Some(number) = self.first(now.time()) {
            let it = &mut self.0[number];
            let due =
                if it.interval == Flicks::ZERO && !it.is_asleep { now.time() } else { it.next };
            steps.push((number, due - it.last));
            it.last = due;
            it.next = match () {
                () if it.interval == Flicks::ZERO => now.next_time(),
                // Due times begin anew where the sleep ended; those of this tick are over.
                () if it.is_asleep => {
                    let passed = (now.time() - due).0 / it.interval.0;
                    due + Flicks((passed + 1) * it.interval.0)
                }
                () => due + it.interval,
            };
            it.is_asleep = false;
            match plan.get(&(now.tick, steps.len())) {
                Some(Event::Sleep(span)) => (it.next, it.is_asleep) = (due + *span, true),
                Some(event) => self.happen(event, now),
                None => {}
            }
        }
        steps
    }

    fn first(&self, time: Flicks) -> Option<usize> {
        let due = self
            .0
            .iter()
            .enumerate()
            .filter(|(_, it)| it.is_alive && !it.is_paused && it.next <= time);
        let key = |(number, it): &(usize, &Modelled)| {
            let is_every_tick = it.interval == Flicks::ZERO && !it.is_asleep;
            let at = if is_every_tick { time } else { it.next };
            (Reverse(it.priority_of_tick), at, *number)
        };
        due.min_by_key(key).map(|(number, _)| number)
    }
}

fn first_due(interval: Flicks, now: Now) -> Flicks {
    let next = now.next_time();
    if interval == Flicks::ZERO { next } else { next.min(now.time() + interval) }
}

/// What the processes of the schedule share.
#[derive(Default)]
struct Shared {
    plan: Plan,
    processes: Vec<Entity>,
    steps: Steps,
}

#[derive(Clone, Default)]
struct Stage(Arc<Mutex<Shared>>);

impl Stage {
    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.0.lock().unwrap()
    }

    fn happen(&self, world: &mut World, event: &Event) {
        if let Event::Spawn { priority, interval } = *event {
            let mut shared = self.shared();
            let interval = Interval(interval);
            let new = NewProcess { priority, interval, ..NewProcess::of("test.Actor") };
            let process = process::spawn(world, &new).unwrap();
            let actor = Actor { stage: self.clone(), number: shared.processes.len() };
            process::launch(world, process, Box::new(actor));
            shared.processes.push(process);
            return;
        }
        let shared = self.shared();
        let entity = |target: usize| shared.processes[target % shared.processes.len()];
        let mut set = |target: usize, set: &dyn Fn(bevy_ecs::world::EntityWorldMut<'_>)| {
            if let Ok(entity) = world.get_entity_mut(entity(target)) {
                set(entity);
            }
        };
        match *event {
            Event::SetPriority(target, to) => set(target, &|mut it| {
                it.insert(Priority(to));
            }),
            Event::SetInterval(target, to) => set(target, &|mut it| {
                it.insert(Interval(to));
            }),
            Event::Delete(target) => process::delete(world, entity(target)),
            Event::Pause(target) => process::pause(world, entity(target)),
            Event::Resume(target) => process::resume(world, entity(target)),
            Event::Spawn { .. } | Event::Sleep(_) => {}
        }
    }
}

struct Actor {
    stage: Stage,
    number: usize,
}

impl Behaviour for Actor {
    fn step(&mut self, step: Step<'_>) -> Result<Next, StepError> {
        let event = {
            let mut shared = self.stage.shared();
            shared.steps.push((self.number, exact(step.dt)));
            let tick = step.world.resource::<Now>().tick;
            shared.plan.get(&(tick, shared.steps.len())).cloned()
        };
        match event {
            Some(Event::Sleep(span)) => return Ok(Next::After(span)),
            Some(event) => self.stage.happen(step.world, &event),
            None => {}
        }
        Ok(Next::Interval)
    }
}

/// A `dt` as it was before it became seconds: a double holds the flicks of years exactly.
fn exact(secs: f64) -> Flicks {
    Flicks::from_secs(secs).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() })]

    /// Whatever happens to processes, in steps and between ticks, the same steps are made in the
    /// same order with the same `dt` as if all were looked at for each step.
    #[test]
    fn the_schedule_is_its_model(plan in plan()) {
        let mut machine = Machine::builder().hz(HZ).build();
        let stage = Stage::default();
        stage.shared().plan = plan.clone();
        let mut model = Model::default();
        for tick in 1..=TICKS {
            if let Some(event) = plan.get(&(tick, 0)) {
                stage.happen(machine.world_mut(), event);
                model.happen(event, Now { tick: tick - 1, hz: HZ });
            }
            machine.turn();
            let steps = std::mem::take(&mut stage.shared().steps);
            prop_assert_eq!(steps, model.turn(&plan, Now { tick, hz: HZ }), "tick {}", tick);
        }
    }
}

/// After a million ticks every due time is where arithmetic puts it, to the flick.
#[test]
fn nothing_drifts_over_a_million_ticks() {
    const TICKS: u64 = 1_000_000;
    struct Metronome {
        at: Flicks,
        interval: Flicks,
        count: Arc<Mutex<u64>>,
    }
    impl Behaviour for Metronome {
        fn step(&mut self, step: Step<'_>) -> Result<Next, StepError> {
            let mut count = self.count.lock().unwrap();
            // The first step is in the tick after the spawn.
            let due = if *count == 0 { Flicks::of_tick(1, HZ) } else { self.at + self.interval };
            assert_eq!(exact(step.dt), due - self.at);
            let time = step.world.resource::<Now>().time();
            assert!(due <= time && time - due < Flicks::of_tick(1, HZ));
            self.at = due;
            *count += 1;
            Ok(Next::Interval)
        }
    }
    let mut machine = Machine::builder().hz(HZ).build();
    // Primes: they share no divisor with the tick. The last is the only one above a second.
    let counts = [104_395_301, 179_424_673, 3_628_273_133].map(|interval| {
        let interval = Flicks(interval);
        let world = machine.world_mut();
        let new = NewProcess { interval: Interval(interval), ..NewProcess::of("test.Metronome") };
        let process = process::spawn(world, &new).unwrap();
        let count = Arc::new(Mutex::new(0));
        let metronome = Metronome { at: Flicks::ZERO, interval, count: count.clone() };
        process::launch(world, process, Box::new(metronome));
        (interval, count)
    });
    // The schedule alone: what else a tick does takes longer, and is nothing to due times.
    let world = machine.world_mut();
    schedule::settle(world);
    for tick in 1..=TICKS {
        world.resource_mut::<Now>().tick = tick;
        schedule::run(world, None);
    }
    let end = Flicks::of_tick(TICKS, HZ) - Flicks::of_tick(1, HZ);
    for (interval, count) in counts {
        assert_eq!(*count.lock().unwrap(), 1 + end.0 / interval.0);
    }
}

/// A tick in which none is due looks at none, be there three or many thousands.
#[test]
fn sleepers_cost_nothing() {
    let mut bench = Bench::new();
    for number in 0..20_000 {
        bench.spawn(&format!("p{number}"), 0, 100.1);
    }
    let first = bench.spawn("paused", 0, 0.0);
    process::pause(bench.machine.world_mut(), first);
    assert_eq!(bench.turn().len(), 20_000);
    // Without its slots, the table could not as much as look at one.
    let exchange = |bench: &mut Bench, slots| {
        let mut schedule = bench.machine.world_mut().resource_mut::<Schedule>();
        std::mem::replace(&mut schedule.0.as_mut().unwrap().slots, slots)
    };
    let slots = exchange(&mut bench, pairs().0);
    assert_eq!(bench.run(1_000), []);
    exchange(&mut bench, slots);
    assert_eq!(bench.turn().len(), 20_000);
}

/// Due times that became void are forgotten: a process that is told new ones for ever takes no more
/// memory than one that is not.
#[test]
fn void_due_times_are_forgotten() {
    let mut bench = Bench::new();
    let process = bench.spawn("p", 0, 0.0);
    for number in 0..10_000 {
        let interval = Interval(Flicks::from_secs(1e6 + f64::from(number)).unwrap());
        bench.machine.world_mut().entity_mut(process).insert(interval);
        bench.turn();
    }
    let table = bench.machine.world().resource::<Schedule>().0.as_ref();
    let count = table.unwrap().calendar.len();
    assert!(count < 5_000, "{count} due times of one process");
}
