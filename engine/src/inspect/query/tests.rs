//! Queries on a small world whose answers are worked out by hand.

mod error;
mod property;
mod search;
mod suggest;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use super::{Query, Row, Search};
use crate::clock::Stopwatch;
use crate::component::{ComponentKind, ComponentRegistry, Field, FieldKind};
use crate::machine::Machine;
use crate::message;
use crate::motion::{Transform, Velocity};
use crate::process::{self, Behaviour, Names, NewProcess, Next, Step, StepError};
use crate::render::Shape;
use crate::value::Value;

/// A behaviour whose steps take some time, fail or not, and whose attributes count how often they
/// are asked for.
struct Actor {
    nanos: Arc<AtomicU64>,
    step_nanos: u64,
    fails: bool,
    lives: i64,
    asked: Arc<AtomicUsize>,
}

impl Behaviour for Actor {
    fn step(&mut self, _step: Step<'_>) -> Result<Next, StepError> {
        self.nanos.fetch_add(self.step_nanos, Ordering::Relaxed);
        if self.fails { Err(StepError::fault("no luck")) } else { Ok(Next::Interval) }
    }

    fn attributes(&self, _world: &mut World, _process: Entity) -> Vec<(String, Value)> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let home = Value::Map(vec![(Value::Str("town".into()), Value::Str("Bern".into()))]);
        let path = Value::List(vec![Value::Int(7), Value::Int(self.lives)]);
        vec![
            ("lives".into(), Value::Int(self.lives)),
            ("home".into(), home),
            ("path".into(), path),
            ("happy".into(), Value::Bool(self.lives == 3)),
        ]
    }
}

/// A machine whose stopwatch shows what the steps say that they take.
struct Bench {
    machine: Machine,
    nanos: Arc<AtomicU64>,
    asked: Arc<AtomicUsize>,
}

impl Bench {
    fn new() -> Self {
        let nanos = Arc::new(AtomicU64::new(0));
        let stopwatch = Stopwatch::manual(nanos.clone());
        let machine = Machine::builder().hz(10).stopwatch(stopwatch).build();
        Self { machine, nanos, asked: Arc::default() }
    }

    /// After two ticks:
    ///
    /// | name | class | x | mean ms | priority | lives | and |
    /// |---|---|---|---|---|---|---|
    /// | Ball | pong.Ball | 150 | 3 | 10 | 1 | |
    /// | Ball1 | pong.Ball | 50 | 1 | 0 | 2 | paused, two messages wait |
    /// | Paddle | pong.Paddle | 200 | 2 | 5 | 3 | velocity (5, 0), orange |
    /// | Bomb | game.Bomb | | 4 | -1 | 4 | held, child of Paddle |
    fn full() -> Self {
        let mut bench = Self::new();
        let ball = bench.spawn("pong.Ball", 10, 3, 1);
        bench.place(ball, 150.0);
        let paused = bench.spawn("pong.Ball", 0, 1, 2);
        bench.place(paused, 50.0);
        let paddle = bench.spawn("pong.Paddle", 5, 2, 3);
        // Its velocity takes it to 200 in the two ticks.
        bench.place(paddle, 199.0);
        let color = crate::color::Color::parse("orange").unwrap();
        let shape = Shape { color, ..Shape::default() };
        bench
            .world()
            .entity_mut(paddle)
            .insert((Velocity { x: 5.0, ..Velocity::default() }, shape));
        let bomb = NewProcess { priority: -1, parent: Some(paddle), ..NewProcess::of("game.Bomb") };
        bench.spawn_new(&bomb, 4, 4);
        bench.machine.run(Some(2));
        process::pause(bench.world(), paused);
        for _ in 0..2 {
            message::send(bench.world(), "Ball1", Box::new(*b"hello")).unwrap();
        }
        bench
    }

    fn world(&mut self) -> &mut World {
        self.machine.world_mut()
    }

    fn spawn(&mut self, class: &str, priority: i32, step_millis: u64, lives: i64) -> Entity {
        let new = NewProcess { priority, ..NewProcess::of(class) };
        self.spawn_new(&new, step_millis, lives)
    }

    fn spawn_new(&mut self, new: &NewProcess<'_>, step_millis: u64, lives: i64) -> Entity {
        let actor = Actor {
            nanos: self.nanos.clone(),
            step_nanos: step_millis * 1_000_000,
            fails: new.class == "game.Bomb",
            lives,
            asked: self.asked.clone(),
        };
        let process = process::spawn(self.world(), new).unwrap();
        process::launch(self.world(), process, Box::new(actor));
        process
    }

    fn place(&mut self, process: Entity, x: f64) {
        self.world().entity_mut(process).insert(Transform { x, ..Transform::default() });
    }

    fn rows(&mut self, text: &str) -> (Vec<Row>, usize) {
        let query = Query::parse(self.machine.world(), text).unwrap_or_else(|error| {
            panic!("{text}: {error}");
        });
        let mut search = Search::new(self.world(), query);
        assert!(search.advance(self.world(), u64::MAX));
        (search.rows().cloned().collect(), search.total())
    }

    /// The names of those found, in order.
    fn names(&mut self, text: &str) -> String {
        let (rows, _) = self.rows(text);
        let names: Vec<_> = rows
            .iter()
            .map(|row| process::instance_name(self.machine.world(), row.process))
            .collect();
        names.join(" ")
    }

    /// The values of the rows found, as RON has them.
    fn values(&mut self, text: &str) -> Vec<String> {
        let (rows, _) = self.rows(text);
        rows.into_iter().map(|row| Value::List(row.values).to_string()).collect()
    }
}

/// Each condition finds whom the table of the small world says.
#[test]
fn conditions_find_whom_they_mean() {
    let mut bench = Bench::full();
    let cases = [
        ("", "Ball Ball1 Paddle Bomb"),
        ("name == Ball", "Ball"),
        ("name == \"Ball\" or name == 'Bomb'", "Ball Bomb"),
        ("class == Ball", "Ball Ball1"),
        ("class == pong.Ball", "Ball Ball1"),
        ("class == ong.Ball", ""),
        ("class != Ball", "Paddle Bomb"),
        ("class in (Bomb, pong.Paddle)", "Paddle Bomb"),
        ("class not in (Bomb, pong.Paddle)", "Ball Ball1"),
        ("class like \"B*\"", "Ball Ball1 Bomb"),
        ("class like 'pong.?a*'", "Ball Ball1 Paddle"),
        ("class not like \"pong.*\"", "Bomb"),
        ("name like Ball", "Ball"),
        ("state == paused", "Ball1"),
        ("state == held or state == running", "Ball Paddle Bomb"),
        ("parent == Paddle", "Bomb"),
        ("parent == none", "Ball Ball1 Paddle"),
        ("parent != Paddle", "Ball Ball1 Paddle"),
        ("priority >= 0 and priority < 10", "Ball1 Paddle"),
        ("priority == -1", "Bomb"),
        ("interval == 0.0", "Ball Ball1 Paddle Bomb"),
        ("transform.x > 100", "Ball Paddle"),
        ("Transform.x <= 150", "Ball Ball1"),
        ("transform.x != 150", "Ball1 Paddle Bomb"),
        ("not transform.x == 150", "Ball1 Paddle Bomb"),
        ("transform.x == none", "Bomb"),
        ("has transform", "Ball Ball1 Paddle"),
        ("not has transform or has velocity", "Paddle Bomb"),
        ("transform.x > velocity.x", "Paddle"),
        ("shape.color == orange", "Paddle"),
        ("shape.color != \"#ffa500\"", "Ball Ball1 Bomb"),
        ("steps == 2", "Ball Ball1 Paddle"),
        ("time > 0.0015 and time <= 3e-3", "Ball Paddle"),
        ("last == max", "Ball Ball1 Paddle Bomb"),
        ("faults > 0", "Bomb"),
        ("mailbox == 2 and messages == 2", "Ball1"),
        ("late == 0 and lateness == 0 and missed == 0", "Ball Ball1 Paddle Bomb"),
        ("attr.lives >= 3", "Paddle Bomb"),
        ("attr.happy", "Paddle"),
        ("not attr.happy", "Ball Ball1 Bomb"),
        ("attr.home.town == Bern and attr.path.1 == 2", "Ball1"),
        ("attr.path.x != 7 or attr.nothing != none", ""),
        // `and` binds closer than `or`, `not` closer than both.
        ("name == Ball or class == Ball and state == paused", "Ball Ball1"),
        ("(name == Ball or class == Ball) and state == paused", "Ball1"),
        ("not name == Ball and class == Ball", "Ball1"),
        ("not (name == Ball and class == Ball)", "Ball1 Paddle Bomb"),
    ];
    for (text, names) in cases {
        assert_eq!(bench.names(text), names, "{text}");
    }
}

/// Fields of scripts' components are found too: parts of vectors, a name with its module, a name
/// written as an attribute would be.
#[test]
fn components_of_scripts_are_known() {
    let mut bench = Bench::full();
    let field = |name: &'static str, kind| Field { name: name.into(), doc: "".into(), kind };
    let zeros = Value::List(vec![Value::Float(0.0); 3]);
    let fields = vec![
        (field("speed", FieldKind::Vector(3)), zeros),
        (field("solid", FieldKind::Bool), Value::Bool(true)),
        (field("weight", FieldKind::Int), Value::Int(4)),
    ];
    let kind = ComponentKind::declare("physics", "RigidBody", "", fields, None).unwrap();
    bench.world().resource_mut::<ComponentRegistry>().declare(&kind);
    let ball = bench.world().resource::<Names>().get("Ball").unwrap();
    let speed = Value::List([1.0, 2.0, 3.0].map(Value::Float).to_vec());
    kind.access.insert(bench.world(), ball, &[speed]).unwrap();
    for text in [
        "has rigid_body",
        "has RigidBody",
        "has physics.RigidBody",
        "rigid_body.speed.y == 2",
        "rigid_body.speed.2 > rigid_body.speed.x",
        "rigidbody.solid",
        "physics.RigidBody.weight < 4.5",
        "rigid_body.weight == 4 and rigid_body.solid == True",
    ] {
        assert_eq!(bench.names(text), "Ball", "{text}");
    }
    assert_eq!(bench.values("has RigidBody show rigid_body.speed"), ["[[1.0, 2.0, 3.0]]"]);
}

/// A query knows whether it takes code of scripts to answer it.
#[test]
fn a_query_knows_whether_it_asks_scripts() {
    let mut bench = Bench::full();
    let fields = vec![(
        Field { name: "target".into(), doc: "".into(), kind: FieldKind::Object },
        Value::None,
    )];
    let kind = ComponentKind::declare("guns", "Aim", "", fields, None).unwrap();
    bench.world().resource_mut::<ComponentRegistry>().declare(&kind);
    let asks = |text| Query::parse(bench.machine.world(), text).unwrap().asks_scripts();
    for text in ["", "has aim", "name == a and transform.x > time order by last show transform"] {
        assert!(!asks(text), "{text}");
    }
    for text in ["attr.a", "show aim", "order by aim.target.x", "time > attr.a"] {
        assert!(asks(text), "{text}");
    }
}

/// Rows come in the order asked for, those alike in the order of spawning, and page by page.
#[test]
fn rows_are_sorted_and_paged() {
    let mut bench = Bench::full();
    let cases = [
        ("order by time", "Ball1 Paddle Ball Bomb"),
        ("order by time desc", "Bomb Ball Paddle Ball1"),
        ("order by class, time", "Bomb Ball1 Ball Paddle"),
        ("order by class desc, name desc", "Paddle Ball1 Ball Bomb"),
        // Who has no such component comes last.
        ("order by transform.x asc", "Ball1 Ball Paddle Bomb"),
        ("order by transform.x desc", "Paddle Ball Ball1 Bomb"),
        ("order by steps", "Bomb Ball Ball1 Paddle"),
        ("order by time desc limit 2", "Bomb Ball"),
        ("limit 2 offset 1 order by time desc", "Ball Paddle"),
        ("offset 3", "Bomb"),
        ("limit 0", ""),
        ("limit 9223372036854775807 offset 4", ""),
    ];
    for (text, names) in cases {
        assert_eq!(bench.names(text), names, "{text}");
    }
    let ball = bench.world().resource::<Names>().get("Ball").unwrap();
    bench.place(ball, f64::NAN);
    assert_eq!(bench.names("order by transform.x"), "Ball1 Paddle Ball Bomb");
    assert_eq!(bench.names("order by transform.x desc"), "Paddle Ball1 Ball Bomb");
}

/// What is shown is what was asked for; else name, class, state, and what the query mentions.
#[test]
fn columns_are_chosen() {
    let mut bench = Bench::full();
    let columns = |text: &str| {
        let query = Query::parse(bench.machine.world(), text).unwrap();
        query.columns().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(columns(""), "name class state");
    assert_eq!(columns("class == Ball order by time, name"), "name class state time");
    let text = "transform.x > velocity.x and transform.x > 1";
    assert_eq!(columns(text), "name class state transform.x velocity.x");
    assert_eq!(columns("transform.x > 3 show parent, parent"), "parent parent");
    assert_eq!(
        bench.values("name in (Paddle, Bomb) show name, parent, transform.x, steps, velocity"),
        [
            r#"["Paddle", (), 200.0, 2, {"x": 5.0, "y": 0.0, "spin": 0.0}]"#,
            r#"["Bomb", "Paddle", (), 1, ()]"#,
        ]
    );
    assert_eq!(bench.values("show time, last limit 1"), ["[0.003, 0.003]"]);
}
