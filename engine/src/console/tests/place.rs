//! Places: fields of components, and parts of them.

use super::Desk;
use crate::component::{ComponentKind, ComponentRegistry, Field, FieldKind};
use crate::console::{Role, SessionId};
use crate::render::Shape;
use crate::value::Value;

/// A desk with a ball that has a component of a script's, and a shape.
fn desk() -> Desk {
    let mut desk = Desk::new();
    let ball = desk.spawn("Ball");
    let world = desk.machine.world_mut();
    let field = |name: &'static str, kind| Field { name: name.into(), doc: "".into(), kind };
    let zeros = |count| Value::List(vec![Value::Float(0.0); count]);
    let fields = vec![
        (field("speed", FieldKind::Vector(3)), zeros(3)),
        (field("matrix", FieldKind::Vector(9)), zeros(9)),
        (field("target", FieldKind::Object), Value::None),
    ];
    let kind = ComponentKind::declare("physics", "RigidBody", "", fields, None).unwrap();
    world.resource_mut::<ComponentRegistry>().declare(&kind);
    kind.access.insert(world, ball, &[]).unwrap();
    let points = vec![[0.0, 0.0], [4.0, 0.0], [4.0, 3.0]];
    world.entity_mut(ball).insert(Shape { points, ..Shape::default() });
    desk
}

/// A part is set where a query finds it, and what stands beside it stays.
#[test]
fn parts_are_set() {
    let mut desk = desk();
    for (place, value) in [
        ("rigid_body.speed", "(1, 2, 3)"),
        ("rigid_body.speed.y", "-2.5"),
        ("RigidBody.speed.2", "7"),
        ("physics.RigidBody.matrix.8", "0.5"),
        ("shape.points.1", "(5, 1)"),
        ("shape.points.2.y", "6"),
    ] {
        desk.line(&format!("set Ball.{place} {value}"));
        let found = desk.line(&format!("query name == Ball show {place}"));
        assert!(found.starts_with(place), "{found}");
    }
    let found =
        desk.line("query name == Ball show rigid_body.speed, shape.points, rigidbody.matrix.8");
    for text in ["[1.0, -2.5, 7.0]", "[[0.0, 0.0], [5.0, 1.0], [4.0, 6.0]]", "  0.5"] {
        assert!(found.contains(text), "no {text} in {found}");
    }
    assert!(desk.give(SessionId::LOCAL, "watch Ball.shape.points.2.y").output.ends_with(": 6.0\n"));
}

/// What is no part, and what a part cannot hold, is refused with what there is; nothing changes.
#[test]
fn parts_that_there_are_not_are_refused() {
    let mut desk = desk();
    let state = |desk: &mut Desk| desk.line("query show rigid_body, shape, transform");
    let before = state(&mut desk);
    for (line, message) in [
        (
            "rigid_body.speed.w 1",
            "`rigidbody.speed` is a tuple of 3 finite numbers: it has no `.w`, but .x, .y, .z",
        ),
        ("rigid_body.speed.x.y 1", "it has no `.x.y`, but .x, .y, .z"),
        ("rigid_body.matrix.9 1", "it has no `.9`, but .x, .y, .z, .w, .4, .5, .6, .7, .8"),
        ("rigid_body.speed.x wide", "RigidBody.speed.x takes a finite number, not text (\"wide\")"),
        ("rigid_body.speed.x (1, 2)", "RigidBody.speed.x takes a finite number, not a list"),
        ("shape.points.3 (1, 2)", "Shape.points has no part `3`: it has 3, numbered from 0"),
        ("shape.points.1.z 1", "Shape.points.1 has no part `z`: it has 2, numbered from 0"),
        ("shape.points.1.x.y 1", "Shape.points.1.x has no part `y`: it has none"),
        (
            "shape.points.1 5",
            "Shape.points.1 takes a pair of finite numbers, not a whole number (5)",
        ),
        ("transform.x.y 1", "`transform.x` is a finite number: it has no `.y`"),
        ("rigid_body.target.x 1", "what an object has is for Python to tell"),
        ("rigid_body. 1", "component RigidBody has no field ``"),
    ] {
        let error = desk.error(&format!("set Ball.{line}"));
        assert!(error.contains(message), "{line}: {error}");
        assert_eq!(state(&mut desk), before, "{line}");
    }
    let view = desk.open(Role::View);
    assert!(desk.give(view, "watch Ball.rigid_body.target.x").error.is_some());
    assert!(desk.give(view, "watch Ball.rigid_body.speed.z").output.ends_with(": 0.0\n"));
}

/// Parts are completed as fields are, here and in queries.
#[test]
fn parts_are_completed() {
    let mut desk = desk();
    let mut found = |text: &str| {
        let (start, words) = desk.complete(text);
        format!("{start} {}", words.join(" "))
    };
    assert_eq!(found("set Ball.rigid"), "9 rigidbody");
    assert_eq!(found("set Ball.rigid_body.sp"), "20 speed");
    assert_eq!(found("set Ball.rigid_body.speed."), "26 x y z");
    assert_eq!(found("set Ball.rigid_body.matrix."), "27 x y z w 4 5 6 7 8");
    assert_eq!(found("set Ball.rigid_body.target."), "27 ");
    assert_eq!(found("set Ball.nothing.x."), "19 ");
    assert_eq!(
        found("query rigid_body.speed."),
        "6 rigid_body.speed.x rigid_body.speed.y rigid_body.speed.z"
    );
}
