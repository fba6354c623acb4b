use std::cell::Cell;

use bevy_ecs::change_detection::{DetectChanges, Tick};
use bevy_ecs::entity::Entity;
use bevy_ecs::world::World;

use super::{Arrays, NotWritten, Rows, Touched};
use crate::clock::Now;
use crate::component::ComponentKind;
use crate::motion::{Transform, Velocity};
use crate::process::{self, NewProcess};

/// More than are written at once, and no multiple of it.
const COUNT: usize = 300;

fn world() -> (World, Vec<Entity>) {
    let mut world = World::new();
    process::install(&mut world);
    world.insert_resource(Now { tick: 0, hz: 60 });
    let spawn = |x| {
        let entity = process::spawn(&mut world, &NewProcess::of("game.Thing")).unwrap();
        let transform = Transform { x: x as f64, ..Transform::default() };
        world.entity_mut(entity).insert((transform, Velocity::default()));
        entity
    };
    let entities = (0..COUNT).map(spawn).collect();
    (world, entities)
}

fn column(values: impl IntoIterator<Item = f64>) -> Vec<Cell<f64>> {
    values.into_iter().map(Cell::new).collect()
}

fn touched<'a>(kind: &'a ComponentKind, arrays: Arrays<'a>, since: Tick) -> Touched<'a> {
    Touched { storage: &kind.storage, index: 0, arrays, since }
}

/// A tick is noted where an element was changed, and nowhere else: for one row, some, or all.
#[test]
fn rows_that_are_written_and_no_others_are_noted_as_changed() {
    let (mut world, entities) = world();
    let kind = ComponentKind::of::<Transform>();
    let rows = Rows::all(&world, [&*kind.storage]);
    let (x, before) = (column([0.0; COUNT]), column([0.0; COUNT]));
    let step = |every| (0..COUNT).step_by(every).collect();
    let all: [Vec<usize>; 6] =
        [step(1), step(7), step(COUNT), (129..131).collect(), vec![], step(1)];
    for which in all {
        assert!(rows.gather(&world, &kind.storage, 0, &[&*x, &before].into()));
        let since = world.increment_change_tick();
        which.iter().for_each(|row| x[*row].set(x[*row].get() + 0.5));
        let now = world.change_tick();
        let touched = touched(&kind, [&*x, &before].into(), since);
        assert_eq!(rows.scatter(&mut world, &[touched]), Ok(vec![Some(now)]));
        for (row, entity) in entities.iter().enumerate() {
            let component = world.entity(*entity).get_ref::<Transform>().unwrap();
            assert_eq!(component.last_changed() == now, which.contains(&row), "{row}");
            assert_eq!(component.x.to_bits(), x[row].get().to_bits());
        }
        assert_eq!(x, before);
        let is_noted = !rows.is_unchanged(&world, &kind.storage, since);
        assert_eq!(is_noted, !which.is_empty(), "the table notes it too");
    }
}

/// A number that is none, in the last window of the last field, keeps all others out; one that the
/// component has already does not.
#[test]
fn nothing_is_written_with_a_number_that_is_none() {
    let (mut world, entities) = world();
    let kind = ComponentKind::of::<Transform>();
    let rows = Rows::all(&world, [&*kind.storage]);
    world.get_mut::<Transform>(entities[3]).unwrap().x = f64::NAN;
    let arrays = [column([0.0; COUNT]), column([0.0; COUNT]), column([0.0; COUNT])];
    let [x, y, rotation] = &arrays;
    let befores = arrays.clone();
    for index in 0..arrays.len() {
        let arrays = [&*arrays[index], &befores[index]].into();
        assert!(rows.gather(&world, &kind.storage, index, &arrays));
    }
    let since = world.increment_change_tick();
    x.iter().chain(y).chain(rotation).for_each(|element| element.set(element.get() + 1.0));
    let write = |world: &mut World| {
        let touched = [0, 1, 2].map(|index| {
            let arrays = [&*arrays[index], &befores[index]].into();
            Touched { index, ..touched(&kind, arrays, since) }
        });
        rows.scatter(world, &touched)
    };
    for wrong in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        rotation[COUNT - 1].set(wrong);
        assert_eq!(write(&mut world), Err(NotWritten::Invalid(2, entities[COUNT - 1])));
        assert!(rows.is_unchanged(&world, &kind.storage, since));
        assert_eq!(world.get::<Transform>(entities[0]).unwrap(), &Transform::default());
    }
    rotation[COUNT - 1].set(f64::MAX);
    let now = world.change_tick();
    assert_eq!(write(&mut world), Ok(vec![Some(now); 3]));
    assert_eq!(world.get::<Transform>(entities[COUNT - 1]).unwrap().rotation, f64::MAX);
    assert!(world.get::<Transform>(entities[3]).unwrap().x.is_nan(), "as it was");
}

/// Of two arrays of one field neither is what the field is after both were written.
#[test]
fn a_field_that_is_written_twice_has_to_be_read_again() {
    let (mut world, entities) = world();
    let kind = ComponentKind::of::<Transform>();
    let rows = Rows::all(&world, [&*kind.storage]);
    let arrays = [(); 4].map(|()| column((0..COUNT).map(|row| row as f64)));
    let since = world.increment_change_tick();
    arrays[0][0].set(-1.0);
    arrays[2][1].set(-2.0);
    let pairs = [[&*arrays[0], &arrays[1]], [&*arrays[2], &arrays[3]]];
    let touched = pairs.map(|pair| touched(&kind, pair.into(), since));
    assert_eq!(rows.scatter(&mut world, &touched), Ok(vec![None, None]));
    let x = |row: usize| world.get::<Transform>(entities[row]).unwrap().x;
    assert_eq!([x(0), x(1), x(2)], [-1.0, -2.0, 2.0]);
}
