//! An X server of our own, with somebody at its keyboard.

use std::io::{BufRead as _, BufReader, ErrorKind};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

/// Longer than anything takes on a busy machine.
const DEADLINE: Duration = Duration::from_secs(30);
/// Between two looks: short against the deadline, long against what a look costs.
const PAUSE: Duration = Duration::from_millis(50);

/// Far from those of people's own screens.
const FIRST_DISPLAY: u32 = 1_000;
/// X takes numbers up to 65,535.
const DISPLAYS: u32 = 60_000;
/// More than a test process opens.
const SCREENS: u32 = 16;

static NEXT_SCREEN: AtomicU32 = AtomicU32::new(0);

/// Width and height of the screen, px.
pub(crate) const SIZE: [u32; 2] = [800, 600];

/// A running Xvfb; killed when dropped.
pub(crate) struct Screen {
    server: Child,
    display: String,
}

impl Screen {
    /// Starts a server on a display number of its own: those that the server looks for itself can
    /// be another's that starts at the same time.
    pub(crate) fn start() -> Self {
        let mut command = Command::new("Xvfb");
        let screens = NEXT_SCREEN.fetch_add(1, Ordering::Relaxed);
        let number = std::process::id().wrapping_mul(SCREENS).wrapping_add(screens);
        command.arg(format!(":{}", FIRST_DISPLAY + number % DISPLAYS));
        let [width, height] = SIZE;
        let size = format!("{width}x{height}x24");
        command.args(["-displayfd", "1", "-screen", "0", &size, "-nolisten", "tcp"]);
        // Otherwise it begins anew whenever its last client goes: each look before the window is
        // there would do that, and a window that opens in this moment is lost.
        command.arg("-noreset");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut server = command.spawn().unwrap_or_else(|error| missing("Xvfb", "xvfb", &error));
        let out = server.stdout.take().expect("its output is piped");
        let (sender, number) = channel();
        let read = move || {
            let mut line = String::new();
            if BufReader::new(out).read_line(&mut line).is_ok() {
                let _ = sender.send(line);
            }
        };
        let reader = thread::Builder::new().name("Xvfb output".into());
        reader.spawn(read).expect("a thread starts");
        let mut screen = Self { server, display: String::new() };
        let number = number.recv_timeout(DEADLINE).expect("Xvfb says its display's number");
        screen.display = format!(":{}", number.trim());
        screen
    }

    /// The value of DISPLAY for programs on this screen.
    pub(crate) fn display(&self) -> Option<&str> {
        Some(&self.display)
    }

    /// Waits for the visible window that xdotool finds `by` an option of its search, such as
    /// `--name`, with this value; returns its X number.
    pub(crate) fn window(&self, by: &str, value: &str) -> String {
        self.wait(&format!("a window with {by} {value}"), || {
            let out = self.run("xdotool", "xdotool", &["search", "--onlyvisible", by, value]);
            let found = String::from_utf8_lossy(&out.stdout).lines().next().map(str::to_owned);
            found.filter(|_| out.status.success())
        })
    }

    /// Where the window's left upper corner is on the screen.
    pub(crate) fn corner(&self, window: &str) -> [u32; 2] {
        let out = self.xdotool(&["getwindowgeometry", "--shell", window]);
        let value = |name: &str| {
            let line = out.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|value| value.parse().ok()).expect("xdotool says where the window is")
        };
        [value("X="), value("Y=")]
    }

    /// Gives the window the keyboard, as a window manager would.
    pub(crate) fn focus(&self, window: &str) {
        self.xdotool(&["windowfocus", "--sync", window]);
    }

    /// Does something by xdotool; returns what it prints.
    pub(crate) fn xdotool(&self, arguments: &[&str]) -> String {
        let out = self.run("xdotool", "xdotool", arguments);
        let problem = String::from_utf8_lossy(&out.stderr);
        assert!(out.status.success(), "xdotool {arguments:?} failed: {problem}");
        String::from_utf8_lossy(&out.stdout).into_owned()
    }

    /// Waits until a pixel of the screen has this colour.
    #[track_caller]
    pub(crate) fn wait_for_pixel(&self, x: u32, y: u32, expected: [u8; 3]) {
        let mut last = None;
        let start = Instant::now();
        while start.elapsed() < DEADLINE {
            last = self.picture().map(|seen| seen[(x, y)].0);
            if last == Some(expected) {
                return;
            }
            thread::sleep(PAUSE);
        }
        panic!("the screen at {x}, {y} is {last:?}, not {expected:?}");
    }

    /// What is on the screen; `None` while it cannot be taken.
    pub(crate) fn picture(&self) -> Option<image::RgbImage> {
        let out = self.run("import", "imagemagick", &["-window", "root", "png:-"]);
        image::load_from_memory(&out.stdout).ok().map(|seen| seen.to_rgb8())
    }

    /// Looks again and again until there is something to see.
    fn wait<T>(&self, what: &str, look: impl FnMut() -> Option<T>) -> T {
        self.wait_until(look).unwrap_or_else(|| panic!("{what} never appeared"))
    }

    /// Looks again and again, for as long as anything may take.
    pub(crate) fn wait_until<T>(&self, mut look: impl FnMut() -> Option<T>) -> Option<T> {
        let start = Instant::now();
        while start.elapsed() < DEADLINE {
            if let Some(found) = look() {
                return Some(found);
            }
            thread::sleep(PAUSE);
        }
        None
    }

    fn run(&self, program: &str, package: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new(program);
        command.args(arguments).env("DISPLAY", &self.display);
        command.output().unwrap_or_else(|error| missing(program, package, &error))
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // Asked to end, it removes its lock file and its socket; killed, it leaves them.
        // The shell has its own `kill`; a program of that name is not on every system.
        let kill = format!("kill {}", self.server.id());
        let _ = Command::new("sh").args(["-c", &kill]).status();
        let start = Instant::now();
        while start.elapsed() < DEADLINE && matches!(self.server.try_wait(), Ok(None)) {
            thread::sleep(PAUSE);
        }
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Fails with the name of the package to install.
fn missing(program: &str, package: &str, error: &std::io::Error) -> ! {
    match error.kind() {
        ErrorKind::NotFound => panic!("{program} is missing: install the package {package}"),
        _ => panic!("cannot start {program}: {error}"),
    }
}
