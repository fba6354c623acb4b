use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use crate::clock::Now;
use crate::component::{
    Arrays, ComponentError, ComponentKind, ComponentRegistry, Field, FieldKind, NotWritten, Number,
    NumberField, Object, Opaque, Rows, Touched,
};
use crate::motion::Transform;
use crate::process::{self, NewProcess};
use crate::value::Value;

fn field(name: &'static str, kind: FieldKind) -> Field {
    Field { name: name.into(), doc: "".into(), kind }
}

fn list(numbers: &[f64]) -> Value {
    Value::List(numbers.iter().copied().map(Value::Float).collect())
}

fn health(points: i64, earlier: Option<&ComponentKind>) -> ComponentKind {
    let fields = vec![
        (field("poisoned", FieldKind::Bool), Value::Bool(false)),
        (field("points", FieldKind::Long), Value::Int(points)),
        (field("title", FieldKind::Text), Value::Str("none".into())),
        (field("wind", FieldKind::Vector(3)), list(&[0.0, 1.0, 2.0])),
        (field("cold", FieldKind::Bool), Value::Bool(true)),
        (field("armour", FieldKind::Float), Value::Int(2)),
        (field("owner", FieldKind::Object), Value::None),
    ];
    ComponentKind::declare("game", "Health", "", fields, earlier).unwrap()
}

/// Every kind of field holds what it is given, beside its neighbours, also when the entity moves.
#[test]
fn fields_of_all_kinds_keep_what_they_are_given() {
    let kind = health(100, None);
    let mut world = World::new();
    let entities: Vec<Entity> = (0..20).map(|_| world.spawn_empty().id()).collect();
    let values = |seed: i64| {
        let float = seed as f64 / 3.0;
        vec![
            Value::Bool(seed % 2 == 0),
            Value::Int(i64::MAX - seed),
            Value::Str(format!("number {seed}")),
            list(&[float, -float, f64::MIN_POSITIVE]),
            Value::Bool(seed % 3 == 0),
            Value::Float(float),
            Value::List(vec![Value::Str("kept".into()), Value::Int(seed)]),
        ]
    };
    let got = |world: &World, entity| -> Vec<Value> {
        (0..7).map(|index| kind.access.get(world, entity, index).unwrap()).collect()
    };
    for (seed, entity) in (0..).zip(&entities) {
        kind.access.insert(&mut world, *entity, &[]).unwrap();
        assert_eq!(got(&world, *entity), kind.access.defaults());
        for (index, value) in values(seed).iter().enumerate() {
            kind.access.set(&mut world, *entity, index, value).unwrap();
        }
    }
    // Into another table, and the last into the place of the first.
    entities[..10].iter().step_by(2).for_each(|entity| {
        world.entity_mut(*entity).insert(Transform::default());
    });
    assert!(kind.access.remove(&mut world, entities[1]));
    assert!(!kind.access.remove(&mut world, entities[1]));
    world.despawn(entities[3]);
    for (seed, entity) in (0..).zip(&entities) {
        let is_there = !matches!(seed, 1 | 3);
        assert_eq!(kind.access.has(&world, *entity), is_there);
        if is_there {
            assert_eq!(got(&world, *entity), values(seed));
        }
    }
    let number = |index| NumberField::of(&kind.storage, index).unwrap();
    assert_eq!(number(1).get(&world, entities[2]), Some(Number::Int(i64::MAX - 2)));
    assert!(number(5).set_float(&mut world, entities[2], 9.5));
    assert_eq!(number(5).get(&world, entities[2]), Some(Number::Float(9.5)));
    for refused in [(5, f64::NAN), (1, 1.0), (2, 1.0), (3, 1.0), (7, 1.0)] {
        let field = NumberField::of(&kind.storage, refused.0);
        assert!(field.is_none_or(|field| !field.set_float(&mut world, entities[2], refused.1)));
    }
    // An entity that takes the place of one that has gone is another.
    for _ in 0..10 {
        let later = world.spawn_empty().id();
        kind.access.insert(&mut world, later, &[]).unwrap();
    }
    assert_eq!(number(5).get(&world, entities[3]), None);
    assert!(!number(5).set_float(&mut world, entities[3], 1.0));
}

/// What a field cannot hold is refused in the words of native fields.
#[test]
fn a_wrong_value_is_refused_and_changes_nothing() {
    let kind = health(100, None);
    let mut world = World::new();
    let entity = world.spawn_empty().id();
    kind.access.insert(&mut world, entity, &[]).unwrap();
    let mut refuse = |index, value| kind.access.set(&mut world, entity, index, &value).unwrap_err();
    for (index, value, told) in [
        (1, Value::Float(1.0), "Health.points takes a whole number of 64 bits, not a number (1.0)"),
        (0, Value::Int(1), "Health.poisoned takes true or false, not a whole number (1)"),
        (3, list(&[1.0]), "Health.wind takes a tuple of 3 finite numbers, not a list ([1.0])"),
        (5, Value::Float(f64::INFINITY), "Health.armour takes a finite number, not a number (inf)"),
    ] {
        assert_eq!(refuse(index, value).to_string(), told);
    }
    let wrong = [Value::Bool(true), Value::None];
    assert!(kind.access.insert(&mut world, entity, &wrong).is_err());
    assert_eq!(kind.access.get(&world, entity, 0), Some(Value::Bool(false)));
    world.despawn(entity);
    let absent = ComponentError::Absent { component: "Health".into() };
    assert_eq!(kind.access.set(&mut world, entity, 0, &Value::Bool(true)), Err(absent.clone()));
    assert_eq!(kind.access.insert(&mut world, entity, &[]), Err(absent));
}

/// A component with the fields of the last one is the same component, with other defaults; one with
/// other fields is another, and takes the name. So are two of different worlds or modules.
#[test]
fn a_declaration_is_the_same_component_while_its_fields_are() {
    let (first, mut registry) = (health(100, None), ComponentRegistry::default());
    registry.declare(&first);
    let second = health(50, registry.get("Health"));
    registry.declare(&second);
    registry.declare(&second);
    assert!(first.is(&second) && registry.iter().count() == 1);
    let (mut one, mut other) = (World::new(), World::new());
    // An id of its own for something else first: ids differ between worlds.
    other.register_component::<Transform>();
    let entities = [one.spawn_empty().id(), other.spawn_empty().id()];
    for (world, entity) in [(&mut one, entities[0]), (&mut other, entities[1])] {
        second.access.insert(world, entity, &[]).unwrap();
        assert_eq!(first.access.get(world, entity, 1), Some(Value::Int(50)));
    }
    let fields = vec![(field("points", FieldKind::Float), Value::Int(1))];
    let third =
        ComponentKind::declare("game", "Health", "", fields.clone(), Some(&second)).unwrap();
    registry.declare(&third);
    assert!(!third.is(&second) && registry.get("Health").unwrap().is(&third));
    assert_eq!(registry.iter().count(), 2);
    assert!(!third.access.has(&one, entities[0]));
    let elsewhere = ComponentKind::declare("mods.orcs", "Health", "", fields, None).unwrap();
    registry.declare(&elsewhere);
    assert!(registry.get("Health").unwrap().is(&third));
    assert!(registry.get("mods.orcs.Health").unwrap().is(&elsewhere));
    assert!(registry.get("game.Health").unwrap().is(&third));
    assert_eq!(registry.name_of(&elsewhere), "mods.orcs.Health");
}

struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Opaque for Counted {
    fn describe(&self, _world: &mut World) -> Value {
        Value::None
    }
}

/// What a component holds is dropped once, whichever way it goes.
#[test]
fn what_a_component_holds_is_dropped_once() {
    let kind = health(100, None);
    let dropped = Arc::new(AtomicUsize::new(0));
    let held = || Value::Object(Object::new(Counted(dropped.clone())));
    let with = |world: &mut World| {
        let entity = world.spawn_empty().id();
        let mut values = kind.access.defaults();
        values[6] = held();
        kind.access.insert(world, entity, &values).unwrap();
        entity
    };
    let mut world = World::new();
    let count = || dropped.load(Ordering::Relaxed);
    let entity = with(&mut world);
    kind.access.set(&mut world, entity, 6, &held()).unwrap();
    assert_eq!(count(), 1);
    kind.access.insert(&mut world, entity, &[]).unwrap();
    assert_eq!(count(), 2);
    let entity = with(&mut world);
    kind.access.remove(&mut world, entity);
    assert_eq!(count(), 3);
    let entity = with(&mut world);
    world.despawn(entity);
    assert_eq!(count(), 4);
    with(&mut world);
    let moved = with(&mut world);
    world.entity_mut(moved).insert(Transform::default());
    assert_eq!(count(), 4);
    drop(world);
    assert_eq!(count(), 6);
}

/// A component without fields is had or not.
#[test]
fn a_component_may_have_no_field() {
    let kind = ComponentKind::declare("game", "Enemy", "", vec![], None).unwrap();
    let mut world = World::new();
    let entity = world.spawn_empty().id();
    assert!(!kind.access.has(&world, entity));
    kind.access.insert(&mut world, entity, &[]).unwrap();
    assert!(kind.access.has(&world, entity));
    assert!(kind.access.remove(&mut world, entity) && !kind.access.has(&world, entity));
}

fn cells<T: Copy>(values: &[T]) -> Vec<Cell<T>> {
    values.iter().copied().map(Cell::new).collect()
}

/// Arrays find their entities again after the world has changed, and write what was changed alone.
#[test]
fn columns_are_read_and_written_however_the_world_changes() {
    let kind = health(100, None);
    let number = |index| NumberField::of(&kind.storage, index).unwrap();
    let mut world = World::new();
    process::install(&mut world);
    world.insert_resource(Now { tick: 0, hz: 60 });
    let spawn = |world: &mut World, index: usize| {
        let entity = process::spawn(world, &NewProcess::of("game.Thing")).unwrap();
        if index.is_multiple_of(3) {
            world.entity_mut(entity).insert(Transform::default());
        }
        kind.access.insert(world, entity, &[Value::Bool(true), Value::Int(index as i64)]).unwrap();
        entity
    };
    let entities: Vec<Entity> = (0..10).map(|index| spawn(&mut world, index)).collect();
    // No process: it has no name.
    let other = world.spawn_empty().id();
    kind.access.insert(&mut world, other, &[]).unwrap();
    let storage = &kind.storage;
    let rows = Rows::all(&world, [&**storage]);
    assert_eq!(rows.len(), 10);
    let (points, winds, truths) = (cells(&[0_i64; 10]), cells(&[0.0; 30]), cells(&[7_u8; 10]));
    let copy = points.clone();
    let read = |index, arrays: Arrays<'_>| rows.gather(&world, storage, index, &arrays);
    assert!(read(1, [&*points, &copy].into()) && points == copy);
    assert!(read(3, [&*winds, &winds].into()));
    assert!(read(0, [&*truths, &truths].into()));
    assert!(!read(0, [&*points, &points].into()), "a field of another type");
    assert!(!read(1, [&points[1..], &points].into()), "too short");
    assert!(!read(1, [&*points, &points[1..]].into()), "too short a copy");
    assert!(!read(2, [&*points, &points].into()), "no numbers");
    let order: Vec<Entity> = rows.entities().collect();
    for (entity, point) in order.iter().zip(&points) {
        assert_eq!(number(1).get(&world, *entity), Some(Number::Int(point.get())));
    }
    assert!(winds.chunks(3).all(|wind| wind == cells(&[0.0, 1.0, 2.0])));

    let write = |world: &mut World, index, arrays: Arrays<'_>| {
        let since = world.increment_change_tick();
        rows.scatter(world, &[Touched { storage, index, arrays, since }])
    };
    for is_moved in [false, true] {
        let before = points.clone();
        points.iter().step_by(2).for_each(|point| point.set(point.get() + 1000));
        if is_moved {
            world.despawn(entities[4]);
            world.entity_mut(entities[5]).insert(Transform::default());
            kind.access.remove(&mut world, entities[6]);
            spawn(&mut world, 77);
        }
        // Somebody else changes what the array does not.
        kind.access.set(&mut world, order[1], 1, &Value::Int(-1)).unwrap();
        write(&mut world, 1, [&*points, &before].into()).unwrap();
        for (position, (entity, point)) in order.iter().zip(&points).enumerate() {
            let expected = if position == 1 { -1 } else { point.get() };
            if let Some(value) = number(1).get(&world, *entity) {
                assert_eq!(value, Number::Int(expected), "{position} {is_moved}");
            }
        }
    }
    let before = winds.clone();
    winds[3].set(f64::INFINITY);
    let refused = NotWritten::Invalid(0, order[1]);
    assert_eq!(write(&mut world, 3, [&*winds, &before].into()), Err(refused));
    assert_eq!(write(&mut world, 3, [&winds[3..], &before].into()), Err(NotWritten::Unfit(0)));
    assert!(write(&mut world, 3, [&*winds, &winds].into()).is_ok(), "it was so");
    winds[3].set(5.0);
    write(&mut world, 3, [&*winds, &before].into()).unwrap();
    assert_eq!(kind.access.get(&world, order[1], 3), Some(list(&[5.0, 1.0, 2.0])));
    let before = truths.clone();
    truths[0].set(2);
    truths[1].set(0);
    write(&mut world, 0, [&*truths, &before].into()).unwrap();
    assert!(truths[0].get() == 1 && before == truths, "both have what the components have");
    assert_eq!(number(0).get(&world, order[0]), Some(Number::Bool(true)));
    assert_eq!(number(0).get(&world, order[1]), Some(Number::Bool(false)));
    let chosen = rows.filtered(|entity| *entity == order[3]);
    let point = cells(&[0_i64]);
    assert!(chosen.gather(&world, storage, 1, &[&*point, &point].into()) && chosen.len() == 1);
    assert_eq!(point[0].get(), points[3].get());
}
