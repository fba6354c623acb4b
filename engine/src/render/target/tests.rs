use bevy_ecs::bundle::Bundle;
use bevy_ecs::entity::Entity;

use super::Target;
use crate::color::Color;
use crate::machine::Machine;
use crate::motion::Transform;
use crate::process::{self, NewProcess};
use crate::render::{Camera, Renderer, Shape, Sprite};

const RED: Color = Color::rgb(255, 0, 0);

fn at(x: f64, y: f64) -> Transform {
    Transform { x, y, ..Transform::default() }
}

fn spawn(machine: &mut Machine, name: &str, components: impl Bundle) -> Entity {
    let process = process::spawn(machine.world_mut(), &NewProcess::of(name)).unwrap();
    machine.world_mut().entity_mut(process).insert(components);
    process
}

fn shows(name: &str) -> Sprite {
    Sprite { image: format!("target:{name}"), ..Sprite::default() }
}

/// What a camera shows in a target is not seen in the window through it, lies where the camera has it
/// in the target's size, and is drawn before the window.
#[test]
fn a_camera_shows_the_scene_in_a_target() {
    let mut machine = Machine::builder().build();
    let target = Target { width: 100, height: 60, background: RED, ..Target::default() };
    let map = spawn(&mut machine, "Map", (at(500.0, 500.0), target, Sprite::default()));
    let camera = Camera { target: "Map".into(), last_layer: 0, ..Camera::default() };
    spawn(&mut machine, "Eye", (at(1000.0, 0.0), camera));
    spawn(&mut machine, "Rock", (at(1010.0, 5.0), Shape::rectangle(8.0, 8.0, RED)));
    spawn(&mut machine, "Screen", (at(200.0, 100.0), Sprite { layer: 1, ..shows("Map") }));
    let world = machine.world_mut();
    let mut renderer = Renderer::new(world);
    let frame = renderer.draw(world);
    let [drawn] = frame.targets else { panic!("{:?}", frame.targets) };
    assert_eq!((drawn.id, drawn.size_px, drawn.background), (map, [100, 60], RED));
    let quads: Vec<_> = drawn.list.quads.iter().map(|quad| [quad.x, quad.y]).collect();
    assert_eq!(quads, [[56.0, 31.0]]);
    let quads: Vec<_> = frame.list.quads.iter().map(|quad| [quad.x, quad.width]).collect();
    assert_eq!(quads, [[150.0, 100.0]]);
    assert_eq!(crate::render::to_scene(world, [20.0, 20.0]), [20.0, 20.0]);
    assert_eq!(renderer.take_errors(), [""; 0]);
}

/// A target that is seen nowhere costs nothing; one that is seen in another comes before it, and of
/// two that show each other each is drawn once.
#[test]
fn targets_are_drawn_in_the_order_in_which_they_are_needed() {
    let mut machine = Machine::builder().build();
    let eye = |name: &str| Camera { target: name.into(), ..Camera::default() };
    let a = spawn(&mut machine, "A", (at(0.0, 0.0), Target::default(), eye("A"), shows("B")));
    let b = spawn(&mut machine, "B", (at(0.0, 0.0), Target::default(), Camera::default()));
    let ids = |machine: &mut Machine| {
        let world = machine.world_mut();
        let mut renderer = Renderer::new(world);
        renderer.draw(world).targets.iter().map(|target| target.id).collect::<Vec<_>>()
    };
    machine.world_mut().get_mut::<Camera>(b).unwrap().active = false;
    machine.world_mut().get_mut::<Sprite>(a).unwrap().visible = false;
    assert_eq!(ids(&mut machine), []);
    machine.world_mut().get_mut::<Sprite>(a).unwrap().visible = true;
    // The camera of A sees the sprite that shows B.
    assert_eq!(ids(&mut machine), [b]);
    let window = spawn(&mut machine, "Window", (at(30.0, 0.0), shows("A")));
    assert_eq!(ids(&mut machine), [b, a]);
    // A is now seen in itself.
    let world = machine.world_mut();
    let mut renderer = Renderer::new(world);
    let frame = renderer.draw(world);
    assert!(frame.targets[1].shows_itself() && !frame.targets[0].shows_itself());
    world.despawn(window);
}

/// A name that leads to no target is told of once, and something stands in for the sprite.
#[test]
fn a_name_that_leads_nowhere_is_told_of_once() {
    let mut machine = Machine::builder().build();
    spawn(&mut machine, "Screen", (at(200.0, 100.0), shows("Mop")));
    let lost = Camera { target: "Mop".into(), ..Camera::default() };
    spawn(&mut machine, "Eye", (at(0.0, 0.0), lost));
    let world = machine.world_mut();
    let mut renderer = Renderer::new(world);
    for expected in [2, 0] {
        assert_eq!(renderer.draw(world).list.quads.len(), 4);
        let errors = renderer.take_errors();
        assert_eq!(errors.len(), expected, "{errors:?}");
        if let [camera, sprite] = errors.as_slice() {
            assert_eq!(
                camera,
                "the Camera of Eye: there is no process `Mop` with a Target; give one the component"
            );
            assert!(sprite.starts_with("the Sprite of Screen: no process `Mop` has a Target; "));
        }
    }
}
