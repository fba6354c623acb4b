//! The program in a window, with somebody at the keyboard, in an X server of its own.

use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use image::RgbImage;
use metapython_tests::folder::Folder;
use metapython_tests::program::{self, Running};

/// An X server with somebody at its keyboard; the engine's tests of its window use it too.
#[path = "../../engine/tests/sdl_window/screen.rs"]
mod screen;

use screen::Screen;

/// Longer than a tick, a frame and the end of a process take on a busy machine; shorter than a
/// user waits before pressing again.
const PROMPTLY: Duration = Duration::from_secs(5);

/// What the window can be found by: in the locale that Python sets, xdotool cannot read its title.
const CLASS: &str = "metapython";

/// Says each change of what the left player is: played by somebody, and how high.
const WITNESS: &str = "
class Witness(Process):
    said: str = ''

    def run(self, dt):
        left = machine['Left']
        text = f'touched={left.is_human} y={left.transform.y:.0f}'
        if text != self.said:
            print(text, flush=True)
            self.said = text
";

/// Starts a demo in a window on the screen, drawn by the renderer that pictures are made with.
fn play(screen: &Screen, home: &Folder, arguments: &[&str]) -> Running {
    let mut command = program::command(home.path());
    command.arg("run").args(arguments).env("SDL_RENDER_DRIVER", "software");
    Running::start(command.envs(screen.display().map(|display| ("DISPLAY", display))))
}

/// Nobody but who holds W moves the left paddle to the very top and keeps it there; when the
/// window is closed, the program is done.
#[test]
fn the_left_paddle_follows_its_key() {
    let (screen, home) = (Screen::start(), Folder::new());
    let mut pong = play(&screen, &home, &["pong", "--eval", WITNESS, "--eval", "Witness()"]);
    let window = screen.window("--class", CLASS);
    pong.wait_for("touched=False y=");
    screen.focus(&window);
    screen.xdotool(&["keydown", "w"]);
    // 4 px of wall and half of 100 px of paddle.
    pong.wait_for("touched=True y=54");
    // The middle of the paddle, where the field is dark without it.
    let [left, top] = screen.corner(&window);
    let picture = picture_of_the_paddle_at_the_top(&home);
    let paddle = picture.get_pixel(34, 54).0;
    assert_ne!(paddle, picture.get_pixel(34, 240).0);
    screen.wait_for_pixel(left + 34, top + 54, paddle);
    screen.xdotool(&["keyup", "w"]);
    screen.xdotool(&["keydown", "s"]);
    // 480 px less 54 px.
    pong.wait_for("touched=True y=426");
    screen.xdotool(&["keyup", "s"]);

    close(&screen, &window);
    let finished = pong.finish();
    assert_eq!(finished.status, 0);
    assert_only_silence(&finished.stderr);
}

/// Escape leaves the game as one would wish: done, not failed.
#[test]
fn escape_leaves_pong() {
    let (screen, home) = (Screen::start(), Folder::new());
    let mut pong = play(&screen, &home, &["pong", "--eval", "print('running')"]);
    let window = screen.window("--class", CLASS);
    pong.wait_for("running");
    screen.focus(&window);
    screen.xdotool(&["key", "Escape"]);
    let finished = pong.finish();
    assert_eq!(finished.status, 0);
    assert_only_silence(&finished.stderr);
}

/// A picture of the window that is larger than X servers take is shown smaller, and the program goes on.
#[test]
fn a_large_icon_is_shown_smaller() {
    let (screen, home) = (Screen::start(), Folder::new());
    // 4 bytes a pixel are more than the 16 MiB of the longest request.
    let icon = RgbImage::new(2_100, 2_100);
    icon.save(home.path().join("icon.png")).expect("there is room");
    home.write("scene.ron", "(window: (icon: \"icon.png\"), processes: [])");
    let mut program = play(&screen, &home, &["scene.ron", "--eval", "print('running')"]);
    let window = screen.window("--class", CLASS);
    program.wait_for("running");
    assert_eq!(ask(&screen, "icon.py", &window), "256 256\n");
    close(&screen, &window);
    assert_eq!(program.finish().status, 0);
}

/// Ctrl-C ends the program at once, with the status that shells give, and without a traceback.
#[test]
fn ctrl_c_ends_the_window() {
    let (screen, home) = (Screen::start(), Folder::new());
    let mut bounce = play(&screen, &home, &["bounce", "--eval", "print('running')"]);
    screen.window("--class", CLASS);
    bounce.wait_for("running");
    let start = Instant::now();
    bounce.interrupt();
    let finished = bounce.finish();
    assert!(start.elapsed() < PROMPTLY, "after {:?}", start.elapsed());
    assert_eq!(finished.status, 130);
    assert_only_silence(&finished.stderr);
}

/// What a hand paints with a mouse is on the screen, and can be taken back; a window that has been made as
/// small as can be, or hidden, shows it all the same when it is large again.
#[test]
fn a_mouse_paints() {
    const PAPER: [u8; 3] = [255, 255, 255];
    const BLUE: [u8; 3] = [0x1d, 0x6f, 0xd8];
    const RED: [u8; 3] = [0xe5, 0x38, 0x3b];
    let (screen, home) = (Screen::start(), Folder::new());
    // Half as large: it has room on the screen.
    let lines = ["paint", "--eval", "window.scale = 0.5", "--eval", "print('running')"];
    let mut paint = play(&screen, &home, &lines);
    let window = screen.window("--class", CLASS);
    paint.wait_for("running");
    let is_small = || {
        let size = screen.xdotool(&["getwindowgeometry", "--shell", &window]);
        size.contains("WIDTH=480").then_some(())
    };
    screen.wait_until(is_small).expect("a window of half its size");
    screen.xdotool(&["windowmove", "--sync", &window, "40", "40"]);
    screen.focus(&window);
    let [left, top] = screen.corner(&window).map(f64::from);
    let half = |from: f64, at: f64| (from + at / 2.0) as u32;
    let wait_for = |x: f64, y: f64, color: [u8; 3]| {
        let [column, row] = [half(left, x), half(top, y)];
        let is_there = || {
            let seen = screen.picture()?[(column, row)].0;
            // Made smaller, a colour is a little off.
            (0..3).all(|channel| seen[channel].abs_diff(color[channel]) <= 4).then_some(())
        };
        assert!(screen.wait_until(is_there).is_some(), "no {color:?} at {x}, {y}");
    };
    let move_to = |x: f64, y: f64| {
        let [x, y] = [half(0.0, x), half(0.0, y)].map(|px| px.to_string());
        screen.xdotool(&["mousemove", "--window", &window, &x, &y]);
    };
    let drag = |y: f64, color| {
        move_to(300.0, y);
        screen.xdotool(&["mousedown", "1"]);
        wait_for(300.0, y, color);
        move_to(500.0, y);
        wait_for(390.0, y, color);
        screen.xdotool(&["mouseup", "1"]);
        wait_for(496.0, y, color);
    };
    wait_for(400.0, 100.0, PAPER);
    drag(100.0, BLUE);
    // The red one of the colours, and lines.
    move_to(30.0, 333.0);
    screen.xdotool(&["click", "1"]);
    screen.xdotool(&["key", "l"]);
    drag(300.0, RED);
    screen.xdotool(&["key", "ctrl+z"]);
    wait_for(400.0, 300.0, PAPER);
    for [small, large] in [
        [vec!["windowsize", &window, "1", "1"], vec!["windowsize", &window, "480", "320"]],
        [vec!["windowunmap", &window], vec!["windowmap", &window]],
    ] {
        screen.xdotool(&small);
        thread::sleep(Duration::from_millis(300));
        screen.xdotool(&large);
        wait_for(400.0, 100.0, BLUE);
    }
    close(&screen, &window);
    let finished = paint.finish();
    assert_eq!(finished.status, 0);
    assert_only_silence(&finished.stderr);
}

/// What a window shows, drawn by OpenGL or in software, is the reference picture; at edges, which renderers
/// round their own ways, a colour between those beside it.
#[test]
fn every_renderer_shows_the_same() {
    for (case, driver) in [
        ("renderers", "opengl"),
        ("renderers", "software"),
        ("shapes", "opengl"),
        ("shapes", "software"),
        ("targets", "opengl"),
        ("targets", "software"),
        ("text", "opengl"),
        ("panels", "opengl"),
        ("panels", "software"),
    ] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/picture").join(case);
        let expected = image::open(folder.join("picture.png")).expect("a picture").to_rgb8();
        let (screen, home) = (Screen::start(), Folder::new());
        let mut command = program::command(home.path());
        command.arg("run").arg(folder.join("scene.ron")).env("SDL_RENDER_DRIVER", driver);
        let shown =
            Running::start(command.envs(screen.display().map(|display| ("DISPLAY", display))));
        let window = screen.window("--class", CLASS);
        let [left, top] = screen.corner(&window);
        let mut wrong = Vec::new();
        let is_same = screen.wait_until(|| {
            let seen = screen.picture()?;
            wrong = differences(&expected, &seen, [left, top]);
            // Where the edges of several things meet, a pixel or two are none of these.
            let most = expected.pixels().len() / 1_000;
            (wrong.len() <= most).then_some(())
        });
        let first: Vec<_> = wrong.iter().take(5).collect();
        assert!(is_same.is_some(), "{case}, {driver}: {} pixels differ: {first:?}", wrong.len());
        drop(shown);
    }
}

/// Where a picture on the screen is neither as expected nor as what is expected around it, and what
/// is there.
fn differences(
    expected: &RgbImage,
    seen: &RgbImage,
    [left, top]: [u32; 2],
) -> Vec<(u32, u32, [u8; 3])> {
    /// Versions of SDL and drivers of graphics cards blend differently by one or two.
    const TOLERANCE: u8 = 3;
    let (width, height) = expected.dimensions();
    let is_right = |x: u32, y: u32, came: [u8; 3]| {
        let columns = x.saturating_sub(1)..=(x + 1).min(width - 1);
        let rows = y.saturating_sub(1)..=(y + 1).min(height - 1);
        let around = || {
            let columns = columns.clone();
            rows.clone().flat_map(move |y| columns.clone().map(move |x| expected[(x, y)].0))
        };
        (0..3).all(|channel| {
            let values = || around().map(|pixel| pixel[channel]);
            let least = values().min().unwrap_or(0).saturating_sub(TOLERANCE);
            let most = values().max().unwrap_or(0).saturating_add(TOLERANCE);
            (least..=most).contains(&came[channel])
        })
    };
    let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let seen = pixels.map(|(x, y)| (x, y, seen[(left + x, top + y)].0));
    seen.filter(|(x, y, came)| !is_right(*x, *y, *came)).collect()
}

/// What the user binds is what counts, from a file of the user's for the scene that is read again when it
/// is saved; a mistake in it is told with its place, and changes nothing. Real keys strike hotkeys and
/// arrive as messages.
#[test]
fn the_user_binds_actions() {
    const SCENE: &str = r#"(
        title: "Game of keys",
        scripts: ["game.py"],
        actions: {"jump": ["Space"]},
        processes: [(class: "game.Game", interval: 0), (class: "game.Ear", interval: 100)],
    )"#;
    const SCRIPT: &str = "
from metapython import Process, input

class Game(Process):
    def run(self, dt):
        if input.action('jump').was_pressed:
            print('jumps by', input.action('jump').bindings, flush=True)

class Ear(Process):
    hotkeys = {'Ctrl+Shift+S': 'save'}

    def start(self):
        input.send_to(self, 'key')

    def save(self):
        input.bind('jump', 'B')
        print('saved in', input.save_bindings(), flush=True)
        heard = [bytes(message) for message in self.read_messages()]
        print('saves, having heard', b' '.join(heard).decode(), flush=True)
";
    const FILE: &str = "metapython/input/Game of keys.ron";
    let (screen, home) = (Screen::start(), Folder::new());
    home.write("game.ron", SCENE);
    home.write("game.py", SCRIPT);
    home.write(FILE, "(version: 1, actions: {\"jump\": [\"K\"]})");
    let mut game = play(&screen, &home, &["game.ron", "--eval", "print('running')"]);
    let window = screen.window("--class", CLASS);
    game.wait_for("running");
    screen.focus(&window);
    screen.xdotool(&["key", "space"]);
    screen.xdotool(&["key", "k"]);
    game.wait_for("jumps by ['K']");
    let save = |actions: &str| home.write(FILE, format!("(version: 1, actions: {{{actions}}})"));
    save("\"jump\": [\"Spcae\"]");
    std::thread::sleep(Duration::from_secs(1));
    screen.xdotool(&["key", "k"]);
    game.wait_for("jumps by ['K']");
    save("\"jump\": [\"Shift+label:M\"]");
    // The system may take its time to tell of a file that was saved.
    let pressed = Instant::now();
    std::thread::sleep(Duration::from_secs(1));
    screen.xdotool(&["key", "shift+m"]);
    game.wait_for("jumps by ['Shift+label:M']");
    assert!(pressed.elapsed() < 4 * PROMPTLY);
    screen.xdotool(&["key", "ctrl+shift+s"]);
    let file = home.path().join(FILE);
    let file = file.canonicalize().expect("it was written above");
    game.wait_for(&format!("saved in {}", file.display()));
    let heard = game.wait_for("saves, having heard");
    assert!(heard.contains(r#"{"kind":"key","key":"S","label":"S","down":true,"repeat":false}"#));
    screen.xdotool(&["key", "b"]);
    game.wait_for("jumps by ['B']");
    close(&screen, &window);
    let finished = game.finish();
    assert_eq!(finished.status, 0);
    assert!(
        finished.stderr.contains("Game of keys.ron:1:33: there is no key `Spcae`"),
        "{}",
        finished.stderr
    );
    let kept = std::fs::read_to_string(file).expect("it was saved");
    assert!(kept.contains("\"jump\": [\"B\"]"), "{kept}");
}

/// A window of widgets in the corner: a button, and a slider.
const PANEL: &str = "
import math
from metapython import Process, input, sleep, ui

class Panel(Process):
    value: float = 0.0
    def run(self, dt):
        with ui.window('Panel', x=0, y=0, width=300):
            if ui.button('Fire'):
                print('fired', flush=True)
            value = ui.slider('value', self.value, 0.0, 100.0)
            if value != self.value:
                print(f'{value!r}', flush=True)
            self.value = value

class Hand(Process):
    async def run(self):
        await sleep(0.5)
        for tick in range(40):
            input.simulate('mouse_button', button='left', down=tick % 20 != 19, x=30 + 3.7 * (tick % 20), y=65 + 30 * (tick > 19))
            await sleep(0.05)
        print('done', flush=True)
";

/// Somebody clicks on a button that a process has drawn, and it hears of it.
#[test]
fn a_button_of_a_process_is_clicked() {
    let (screen, home) = (Screen::start(), Folder::new());
    let scripts = ["--eval", PANEL, "--eval", "Panel() and print('running')"];
    let arguments = ["bounce"].into_iter().chain(scripts).collect::<Vec<_>>();
    let mut panel = play(&screen, &home, &arguments);
    let window = screen.window("--class", CLASS);
    panel.wait_for("running");
    screen.focus(&window);
    let [left, top] = screen.corner(&window);
    let [x, y] = [left + 40, top + 65].map(|px| px.to_string());
    screen.xdotool(&["mousemove", &x, &y]);
    std::thread::sleep(Duration::from_millis(300));
    screen.xdotool(&["mousedown", "1"]);
    std::thread::sleep(Duration::from_millis(100));
    screen.xdotool(&["mouseup", "1"]);
    panel.wait_for("fired");
    close(&screen, &window);
    assert_eq!(panel.finish().status, 0);
}

/// What a process hears of the same clicks is the same to the last bit, with a window and without.
#[test]
fn widgets_are_the_same_with_a_window_and_without() {
    let (screen, home) = (Screen::start(), Folder::new());
    let made_up = ["--eval", PANEL, "--eval", "Panel() and Hand() and None", "--ticks", "200"];
    let mut headless = program::command(home.path());
    headless.args(["run", "bounce", "--headless"]).args(made_up);
    let unseen = program::run(&mut headless).stdout;
    assert!(unseen.contains("fired") && unseen.lines().count() > 8, "{unseen}");
    let arguments = ["bounce"].into_iter().chain(made_up).chain(["--clock", "virtual"]);
    let seen = play(&screen, &home, &arguments.collect::<Vec<_>>()).finish();
    assert_eq!(seen.stdout, unseen);
}

/// The synthesizer is played: keys and the mouse hold notes until they are let go, the mouse chooses a wave, moves
/// a slider and paints steps of the rhythm.
#[test]
fn the_synthesizer_is_played() {
    const EAR: &str = "
class Ear(Process):
    said: str = ''

    def run(self, dt):
        panel, piano = machine['Panel'], machine['Piano']
        held = ''.join(key.name for key in piano.keys if key.voices)
        attack = panel.envelope['attack']
        text = f'held={held} {panel.waveform} {piano.octave} {attack:.0f} {machine[\"Kick\"].pattern}'
        if text != self.said:
            print(text, flush=True)
            self.said = text
";
    let (screen, home) = (Screen::start(), Folder::new());
    let arguments = [
        "synth",
        "--step-limit",
        "10",
        "--eval",
        EAR,
        "--eval",
        "await sleep(0.1)",
        "--eval",
        "Ear()",
    ];
    let mut synth = play(&screen, &home, &arguments);
    let window = screen.window("--class", CLASS);
    synth.wait_for("held= sawtooth 4 0 x.....x.x....x..");
    screen.focus(&window);
    screen.xdotool(&["keydown", "q"]);
    synth.wait_for("held=Q ");
    screen.xdotool(&["keydown", "e"]);
    synth.wait_for("held=QE ");
    screen.xdotool(&["keyup", "q", "keyup", "e"]);
    synth.wait_for("held= ");
    screen.xdotool(&["key", "Up"]);
    synth.wait_for("held= sawtooth 5 ");
    // The window is wider than the screen, so its edges are beyond that.
    let go = |x: u32, y: u32| {
        screen.xdotool(&["mousemove", "--window", &window, &x.to_string(), &y.to_string()]);
    };
    let mouse = |action: &str, x: u32, y: u32| {
        go(x, y);
        screen.xdotool(&[action, "1"]);
    };
    // A white key, then, with the button still down, a black one.
    mouse("mousedown", 100, 600);
    synth.wait_for("held=X ");
    go(128, 500);
    synth.wait_for("held=D ");
    mouse("mouseup", 128, 500);
    synth.wait_for("held= ");
    mouse("click", 561, 96);
    synth.wait_for("held= sine ");
    mouse("mousedown", 534, 150);
    synth.wait_for("held= sine 5 2 x.....x");
    mouse("mouseup", 534, 150);
    mouse("mousedown", 195, 275);
    synth.wait_for(" xx....x.");
    go(245, 275);
    synth.wait_for(" xxx...x.");
    screen.xdotool(&["key", "Escape"]);
    let finished = synth.finish();
    assert_eq!(finished.status, 0);
    assert_only_silence(&finished.stderr);
}

/// Where there is a screen and no sound card, that is said once and is no fault.
#[track_caller]
fn assert_only_silence(stderr: &str) {
    let begins = stderr.starts_with("    0.000 audio: silent: cannot open the default device");
    let ends = stderr.ends_with("connect a sound device or start the sound server\n");
    assert!(begins && ends && stderr.lines().count() == 1, "{stderr}");
}

fn picture_of_the_paddle_at_the_top(home: &Folder) -> RgbImage {
    let mut command = program::command(home.path());
    command.args(["run", "pong", "--headless", "--ticks", "1", "--screenshot", "top.png"]);
    command.args(["--eval", "Left.untouched = 0.0; Left.transform.y = 54"]);
    assert_eq!(program::run(&mut command).status, 0);
    image::open(home.path().join("top.png")).expect("it was made just now").to_rgb8()
}

fn close(screen: &Screen, window: &str) {
    ask(screen, "close.py", window);
}

/// What a script beside these tests says of a window.
fn ask(screen: &Screen, script: &str, window: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/window").join(script);
    let mut command = Command::new("python3");
    command.arg(path).arg(window).envs(screen.display().map(|display| ("DISPLAY", display)));
    let output = command.output().expect("python3 is missing: install the package python3");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}: install the package libx11-6? {said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
