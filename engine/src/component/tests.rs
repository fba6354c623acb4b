use bevy_ecs::world::World;

use super::{ComponentError, ComponentRegistry, is_meant};
use crate::motion::{Transform, Velocity};
use crate::value::Value;

fn registry() -> ComponentRegistry {
    let mut registry = ComponentRegistry::default();
    registry.register::<Transform>();
    registry.register::<Velocity>();
    registry
}

/// A field written by name is the field that native systems read.
#[test]
fn a_field_is_reached_by_its_name() {
    let registry = registry();
    let kind = registry.find("Transform").unwrap();
    let mut world = World::new();
    let entity = world.spawn_empty().id();
    kind.access.insert(&mut world, entity, &[]).unwrap();
    let y = kind.field_index("y").unwrap();
    kind.access.set(&mut world, entity, y, &Value::Int(7)).unwrap();
    assert_eq!(world.get::<Transform>(entity).unwrap().y, 7.0);
    assert_eq!(kind.access.get(&world, entity, y), Some(Value::Float(7.0)));
}

/// A wrong name is answered with the nearest one that exists.
#[test]
fn wrong_names_name_the_nearest() {
    let registry = registry();
    let error = registry.find("Tranform").unwrap_err().to_string();
    assert_eq!(error, "there is no component `Tranform`; did you mean `Transform`?");
    let error = registry.find("Velocity").unwrap().field_index("yy").unwrap_err().to_string();
    assert_eq!(error, "component Velocity has no field `yy`; did you mean `y`?");
}

/// A value of the wrong kind is refused, and the component keeps what it had.
#[test]
fn a_wrong_value_is_refused_and_changes_nothing() {
    let registry = registry();
    let kind = registry.find("Transform").unwrap();
    let mut world = World::new();
    let entity = world.spawn(Transform { x: 1.0, ..Transform::default() }).id();
    let error = kind.access.set(&mut world, entity, 0, &Value::Float(f64::NAN)).unwrap_err();
    assert_eq!(error.to_string(), "Transform.x takes a finite number, not a number (NaN)");
    assert_eq!(world.get::<Transform>(entity).unwrap().x, 1.0);
    world.despawn(entity);
    let error = kind.access.set(&mut world, entity, 0, &Value::Float(0.0)).unwrap_err();
    assert_eq!(error, ComponentError::Absent { component: "Transform".into() });
}

/// A component is meant in any case, and with underscores wherever they are wanted.
#[test]
fn a_component_goes_by_the_name_that_scripts_write() {
    for name in ["HitBox", "hitbox", "hit_box", "HIT_BOX"] {
        assert!(is_meant("HitBox", name), "{name}");
    }
    assert!(!is_meant("HitBox", "hit_boxes") && !is_meant("HitBox", "hit box"));
}
