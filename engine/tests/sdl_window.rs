//! The SDL window as a user meets it: on a screen, under a keyboard and a mouse.
//!
//! Each test starts an X server of its own and, in it, this same program again as the one with the
//! window (see [`child`]); it presses keys by xdotool and looks at the screen by ImageMagick.

#![cfg(feature = "sdl")]

#[path = "sdl_window/child.rs"]
mod child;
#[path = "sdl_window/screen.rs"]
mod screen;

use child::Child;
use screen::Screen;

const RED: [u8; 3] = [255, 0, 0];
const BACKGROUND: [u8; 3] = [10, 20, 30];
const BLACK: [u8; 3] = [0, 0, 0];

/// Keys, mouse buttons, motion and the wheel arrive as events, under their names and at their
/// place in the scene.
#[test]
fn what_the_user_does_arrives_as_events() {
    let screen = Screen::start();
    let mut child = Child::start(screen.display(), &[]);
    let window = screen.window("--name", child::TITLE);
    screen.focus(&window);
    child.wait_for("FocusChanged { focused: true }");
    screen.xdotool(&["key", "w"]);
    child.wait_for(r#"Key { key: Key(W), label: "W", down: true, repeat: false }"#);
    child.wait_for(r#"Key { key: Key(W), label: "W", down: false, repeat: false }"#);
    screen.xdotool(&["key", "Left"]);
    child.wait_for(r#"Key { key: Key(Left), label: "Left", down: true, repeat: false }"#);
    screen.xdotool(&["mousemove", "--window", &window, "30", "40"]);
    child.wait_for("MouseMotion { x: 30.0, y: 40.0 }");
    screen.xdotool(&["click", "3"]);
    child.wait_for("MouseButton { button: Right, down: true, x: 30.0, y: 40.0 }");
    screen.xdotool(&["click", "4"]);
    child.wait_for("Wheel { x: 0.0, y: 1.0 }");
    assert!(!child.said("Text"), "text arrives though nobody asked for it");
    screen.xdotool(&["key", "Escape"]);
    child.wait_for("ended");
}

/// What the world holds is on the screen, pixel by pixel, by the accelerated renderer and by the
/// software renderer.
#[test]
fn the_window_shows_the_world() {
    for driver in ["opengl", "software"] {
        let screen = Screen::start();
        let mut child = Child::start(screen.display(), &[("SDL_RENDER_DRIVER", driver)]);
        let window = screen.window("--name", child::TITLE);
        let [left, top] = screen.corner(&window);
        // A red square of 40 px about the middle of 320 × 240 px.
        screen.wait_for_pixel(left + 160, top + 120, RED);
        screen.wait_for_pixel(left + 140, top + 100, RED);
        screen.wait_for_pixel(left + 179, top + 139, RED);
        screen.wait_for_pixel(left + 139, top + 120, BACKGROUND);
        screen.wait_for_pixel(left + 180, top + 120, BACKGROUND);
        screen.wait_for_pixel(left + 5, top + 5, BACKGROUND);
        child.wait_for("frames");
    }
}

/// In a window of another shape the scene is whole, undistorted and in the middle, the rest black;
/// the mouse's place is still the scene's.
#[test]
fn a_resized_window_shows_the_whole_scene() {
    let screen = Screen::start();
    let mut child = Child::start(screen.display(), &[]);
    let window = screen.window("--name", child::TITLE);
    let [left, top] = screen.corner(&window);
    screen.xdotool(&["windowsize", &window, "500", "240"]);
    child.wait_for("Resized { width: 500, height: 240 }");
    // (500 - 320) / 2 = 90 px stay free on each side.
    screen.wait_for_pixel(left + 80, top + 120, BLACK);
    screen.wait_for_pixel(left + 420, top + 120, BLACK);
    screen.wait_for_pixel(left + 100, top + 120, BACKGROUND);
    screen.wait_for_pixel(left + 90 + 140, top + 100, RED);
    screen.wait_for_pixel(left + 90 + 179, top + 139, RED);
    screen.xdotool(&["mousemove", "--window", &window, "250", "120"]);
    child.wait_for("MouseMotion { x: 160.0, y: 120.0 }");
}

/// A window of scale 2 is twice as large as the scene; it fills the screen when the world wants it to.
#[test]
fn the_window_has_the_size_that_is_asked_for() {
    let screen = Screen::start();
    let mut child = Child::start(screen.display(), &[(child::DOUBLED, "1")]);
    let window = screen.window("--name", child::TITLE);
    let [left, top] = screen.corner(&window);
    // The red square of 40 px about the middle of 320 × 240 px has 80 px in 640 × 480.
    screen.wait_for_pixel(left + 281, top + 201, RED);
    screen.wait_for_pixel(left + 359, top + 279, RED);
    screen.wait_for_pixel(left + 278, top + 240, BACKGROUND);
    screen.focus(&window);
    child.wait_for("FocusChanged { focused: true }");
    screen.xdotool(&["key", "f"]);
    let [width, height] = screen::SIZE;
    child.wait_for(&format!("Resized {{ width: {width}, height: {height} }}"));
    // To look at the screen then is no use: what fills it is a window manager's doing, and none is here.
}

/// The key left of `1` opens a console over the scene: what is typed is evaluated and seen, and the
/// letter of the key itself is not among it; Escape closes it.
#[cfg(feature = "overlay")]
#[test]
fn the_window_has_a_console() {
    const HEADER: [u8; 3] = [38, 43, 54];
    for driver in ["opengl", "software"] {
        let screen = Screen::start();
        let variables = [("SDL_RENDER_DRIVER", driver), (child::OVERLAY, "1")];
        let mut child = Child::start(screen.display(), &variables);
        let window = screen.window("--name", child::TITLE);
        let [left, top] = screen.corner(&window);
        screen.focus(&window);
        // The console has the lower two fifths of 640 × 480 px, and begins with a header of 24 px.
        let [x, y] = [left + 250, top + 480 - 192 + 22];
        screen.wait_for_pixel(x, y, BACKGROUND);
        screen.xdotool(&["key", "grave"]);
        screen.wait_for_pixel(x, y, HEADER);
        screen.xdotool(&["type", "sessions"]);
        screen.xdotool(&["key", "Return"]);
        let line = child.wait_for("1 gave \"sessions\"");
        assert!(line.contains("exec  window  (this one)"), "{line}");
        screen.xdotool(&["key", "Escape"]);
        screen.wait_for_pixel(x, y, BACKGROUND);
        screen.xdotool(&["key", "grave"]);
        screen.xdotool(&["type", "~quit"]);
        screen.wait_for_pixel(x, y, HEADER);
        screen.xdotool(&["key", "grave"]);
        screen.wait_for_pixel(x, y, BACKGROUND);
    }
}

/// Without a screen the error says so, and names the way out.
#[test]
fn no_screen_is_an_error_that_names_the_remedy() {
    let mut child = Child::start(None, &[]);
    let line = child.wait_for("cannot open a window: ");
    assert!(line.contains("there is no screen"), "{line}");
    assert!(line.ends_with("run without one by --headless"), "{line}");
}

/// A driver without a screen is used where the user asks for it by name.
#[test]
fn a_driver_that_the_user_names_is_used() {
    let mut child = Child::start(None, &[("SDL_VIDEODRIVER", "dummy")]);
    child.wait_for("frames");
}

/// The program with the window: started by the tests above, and nothing without them.
#[test]
#[ignore = "the other tests start it"]
fn window_program() {
    child::run();
}
