//! Devices that a test cannot plug in, made by SDL itself.
//!
//! One test: SDL is for one thread of a program, and tests have one each.

use std::cell::Cell;
use std::ffi::{CStr, c_char, c_int};
use std::rc::Rc;
use std::time::{Duration, Instant};

use sdl2::sys;

use super::events::WindowInput;
use super::window::Mapping;
use crate::alert::Alerts;
use crate::input::{Input, InputEvents, InputSource, PadAxis};
use crate::machine::Machine;
use crate::platform::headless::display::NullDisplay;

/// Longer than SDL takes to tell of a device on a busy machine.
const DEADLINE: Duration = Duration::from_secs(30);

/// A gamepad that is plugged in, by SDL's index of it.
fn attach() -> c_int {
    let kind = sys::SDL_JoystickType::SDL_JOYSTICK_TYPE_GAMECONTROLLER;
    // SAFETY: SDL is running, with joysticks; it keeps no pointer of ours.
    let index = unsafe { sys::SDL_JoystickAttachVirtual(kind, 6, 21, 0) };
    assert!(index >= 0, "{}", sdl2::get_error());
    index
}

/// One whose maker's name for it is in a character set of its own.
fn attach_named(name: &CStr) -> c_int {
    let kind = sys::SDL_JoystickType::SDL_JOYSTICK_TYPE_GAMECONTROLLER;
    // SAFETY: all of it may be zero: numbers, and pointers and functions that are not there.
    let mut pad: sys::SDL_VirtualJoystickDesc = unsafe { std::mem::zeroed() };
    (pad.version, pad.type_, pad.name) = (1, kind as u16, name.as_ptr());
    (pad.naxes, pad.nbuttons) = (6, 21);
    // SAFETY: SDL is running, with joysticks; it copies what it is given.
    let index = unsafe { sys::SDL_JoystickAttachVirtualEx(&pad) };
    assert!(index >= 0, "{}", sdl2::get_error());
    index
}

fn detach(index: c_int) {
    // SAFETY: SDL is running, and refuses an index that is no virtual joystick's.
    assert_eq!(unsafe { sys::SDL_JoystickDetachVirtual(index) }, 0, "{}", sdl2::get_error());
}

/// Presses the first button of a pad that is open, and moves its first axis.
fn play(index: c_int, button: u8, axis: i16) {
    // SAFETY: SDL is running; it checks the index, gives null for a pad that is not open, and refuses
    // that in turn.
    unsafe {
        let id = sys::SDL_JoystickGetDeviceInstanceID(index);
        let pad = sys::SDL_JoystickFromInstanceID(id);
        assert_eq!(sys::SDL_JoystickSetVirtualButton(pad, 0, button), 0);
        assert_eq!(sys::SDL_JoystickSetVirtualAxis(pad, 0, axis), 0);
    }
}

fn push(mut event: sys::SDL_Event) {
    // SAFETY: SDL copies the event, which has no pointers in it.
    assert_eq!(unsafe { sys::SDL_PushEvent(&mut event) }, 1, "{}", sdl2::get_error());
}

/// What an input method sends while a text is put together.
fn composition(text: &str, start: i32) -> sys::SDL_Event {
    let mut event = sys::SDL_TextEditingEvent {
        type_: sys::SDL_EventType::SDL_TEXTEDITING as u32,
        timestamp: 0,
        windowID: 0,
        text: [0; 32],
        start,
        length: 0,
    };
    for (to, from) in event.text.iter_mut().zip(text.as_bytes()) {
        *to = c_char::from_ne_bytes([*from]);
    }
    sys::SDL_Event { edit: event }
}

fn key(down: bool) -> sys::SDL_Event {
    let kind = if down { sys::SDL_EventType::SDL_KEYDOWN } else { sys::SDL_EventType::SDL_KEYUP };
    let keysym = sys::SDL_Keysym {
        scancode: sys::SDL_Scancode::SDL_SCANCODE_A,
        sym: sys::SDL_KeyCode::SDLK_a as i32,
        mod_: 0,
        unused: 0,
    };
    sys::SDL_Event {
        key: sys::SDL_KeyboardEvent {
            type_: kind as u32,
            timestamp: 0,
            windowID: 0,
            state: u8::from(down),
            repeat: 0,
            padding2: 0,
            padding3: 0,
            keysym,
        },
    }
}

/// Turns the machine until its input is as it should be.
#[track_caller]
fn turn_until(machine: &mut Machine, is_reached: impl Fn(&Input) -> bool) {
    let start = Instant::now();
    while start.elapsed() < DEADLINE {
        machine.turn();
        if is_reached(machine.world().resource::<Input>()) {
            return;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    panic!("it is {:#?}", machine.world().resource::<Input>());
}

/// Gamepads come and go while the machine runs, each in its slot, whatever bytes their names are; what an input method puts together
/// is seen; ten thousand events at once are taken in.
#[test]
fn devices_reach_the_machine() {
    sdl2::hint::set("SDL_VIDEODRIVER", "dummy");
    sdl2::hint::set("SDL_JOYSTICK_ALLOW_BACKGROUND_EVENTS", "1");
    let sdl = sdl2::init().unwrap();
    let video = sdl.video().unwrap();
    let mapping = Rc::new(Cell::new(Mapping::new([640, 480], [640, 480], 1.0)));
    let mut input = WindowInput::new(&sdl, &video, mapping).unwrap();
    assert!(!video.text_input().is_active());
    input.ask_for_text(true);
    input.ask_for_text(true);
    input.ask_for_text(false);
    assert!(video.text_input().is_active());
    input.set_text_area([1.0, 2.0, 3.0, f64::INFINITY]);
    let mut machine = Machine::builder().build();
    machine.attach_display(Box::new(NullDisplay), Box::new(input));

    let slots = |input: &Input| input.gamepads().map(|(slot, _)| slot).collect::<Vec<_>>();
    let first = attach();
    turn_until(&mut machine, |input| slots(input) == [1]);
    play(first, 1, i16::MIN);
    turn_until(&mut machine, |input| {
        let pad = input.gamepad(1).unwrap();
        input.was_pressed("pad1:a").unwrap() && pad.axis(PadAxis::LeftX) == -1.0
    });
    let second = attach();
    turn_until(&mut machine, |input| slots(input) == [1, 2]);
    assert!(machine.world().resource::<Input>().is_down("pad1:a").unwrap());
    detach(first);
    turn_until(&mut machine, |input| input.was_released("pad:a").unwrap());
    assert_eq!(slots(machine.world().resource::<Input>()), [2]);
    // Its place is the next one's, and the other keeps its own.
    attach();
    turn_until(&mut machine, |input| slots(input) == [1, 2]);
    // SDL counts anew from where one went.
    play(second - 1, 1, 0);
    turn_until(&mut machine, |input| input.is_down("pad2:a").unwrap());
    assert!(!machine.world().resource::<Input>().is_down("pad1:a").unwrap());

    attach_named(c"Man\xf6ver");
    turn_until(&mut machine, |input| {
        input.gamepad(3).is_some_and(|pad| pad.name == "Man\u{fffd}ver")
    });

    push(composition("にほ", 2));
    turn_until(&mut machine, |input| {
        input.composition().is_some_and(|it| it.text == "にほ" && it.cursor == 2)
    });
    push(composition("", 0));
    turn_until(&mut machine, |input| input.composition().is_none());

    for _ in 0..5_000 {
        push(key(true));
        push(key(false));
    }
    push(key(true));
    let start = Instant::now();
    machine.turn();
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    assert!(machine.world().resource::<Input>().is_down("A").unwrap());
    assert_eq!(machine.world().resource::<InputEvents>().iter().count(), 1_000);
    let said: Vec<_> = machine.world().resource::<Alerts>().recent().collect();
    assert!(said.len() == 1 && said[0].text.contains("9001 of key"), "{said:?}");
}
