//! The terminal's mode: raw while a line is edited, and as it was whenever it is not ours.
//!
//! A process has one terminal, and its panics and signals come from anywhere, so the mode is state
//! of the process.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Once};

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};

/// Bracketed paste on; off again, with plain colours.
const ENTER: &[u8] = b"\x1b[?2004h";
const LEAVE: &[u8] = b"\x1b[?2004l\x1b[0m";

/// Whether the terminal is in our mode.
static IS_OURS: AtomicBool = AtomicBool::new(false);

/// The terminal in our mode, and what signals tell of it.
#[derive(Debug)]
pub(super) struct Mode {
    is_wanted: bool,
    resized: Arc<AtomicBool>,
    stopped: Arc<AtomicBool>,
    continued: Arc<AtomicBool>,
}

impl Mode {
    /// Takes the terminal.
    ///
    /// # Errors
    /// If it cannot be set up, or signals cannot be heard.
    pub(super) fn enter() -> io::Result<Self> {
        restore_at_a_panic();
        let [resized, stopped, continued] = [(); 3].map(|()| Arc::default());
        #[cfg(unix)]
        {
            use signal_hook::consts::{SIGCONT, SIGTSTP, SIGWINCH};
            let flags = [(SIGWINCH, &resized), (SIGTSTP, &stopped), (SIGCONT, &continued)];
            for (signal, flag) in flags {
                signal_hook::flag::register(signal, Arc::clone(flag))?;
            }
        }
        take()?;
        Ok(Self { is_wanted: true, resized, stopped, continued })
    }

    /// Whether the terminal is to be ours.
    pub(super) fn is_wanted(&self) -> bool {
        self.is_wanted
    }

    /// Gives the terminal back.
    pub(super) fn leave(&mut self) {
        self.is_wanted = false;
        give_back(b"");
    }

    /// Takes the terminal again if it is not ours, or may not be; says whether it did.
    pub(super) fn reenter(&mut self) -> bool {
        let was_away = self.continued.swap(false, Ordering::Relaxed);
        let is_ours = IS_OURS.load(Ordering::Relaxed);
        if !self.is_wanted || (is_ours && !was_away) {
            return false;
        }
        if was_away {
            // The shell has set its own mode meanwhile.
            give_back(b"");
        }
        // In the background it is not given to us; then the next time.
        take().is_ok()
    }

    /// The program goes on after a stop that it made itself.
    pub(super) fn return_from_stop(&mut self) {
        for flag in [&self.stopped, &self.continued] {
            flag.store(false, Ordering::Relaxed);
        }
        self.is_wanted = true;
    }

    /// Whether the size has changed since the last time.
    pub(super) fn was_resized(&self) -> bool {
        self.resized.swap(false, Ordering::Relaxed)
    }

    /// Whether somebody else asked the program to stop.
    pub(super) fn was_stopped(&self) -> bool {
        self.stopped.swap(false, Ordering::Relaxed)
    }
}

/// Gives the terminal back as it was, for a program that is about to end on the spot. Without effect
/// if it is not ours.
pub fn restore() {
    give_back(b"\r\n");
}

fn take() -> io::Result<()> {
    enable_raw_mode()?;
    // Before what may fail: the mode is ours by now.
    IS_OURS.store(true, Ordering::Relaxed);
    keep_line_breaks();
    write(ENTER)
}

fn give_back(end: &[u8]) {
    if IS_OURS.swap(false, Ordering::Relaxed) {
        // A terminal that is gone needs nothing.
        let _ = write(&[LEAVE, end].concat());
        let _ = disable_raw_mode();
    }
}

/// Writes to the terminal, unless it does not read: it is given back all the same.
fn write(bytes: &[u8]) -> io::Result<()> {
    if !has_room() {
        return Ok(());
    }
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

/// Whether the terminal takes a few bytes, now or soon.
#[cfg(unix)]
fn has_room() -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    const PATIENCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 200_000_000 };
    let out = io::stdout();
    // What cannot be told is tried.
    poll(&mut [PollFd::new(&out, PollFlags::OUT)], Some(&PATIENCE)) != Ok(0)
}

#[cfg(not(unix))]
fn has_room() -> bool {
    true
}

/// In raw mode a line feed goes straight down. What others print past us is readable all the same if
/// it goes to the row's beginning too.
#[cfg(unix)]
fn keep_line_breaks() {
    use rustix::termios::{OptionalActions, OutputModes, tcgetattr, tcsetattr};
    let stdin = io::stdin();
    if let Ok(mut mode) = tcgetattr(&stdin) {
        mode.output_modes |= OutputModes::OPOST | OutputModes::ONLCR;
        // Only looks are lost without it.
        let _ = tcsetattr(&stdin, OptionalActions::Now, &mode);
    }
}

#[cfg(not(unix))]
fn keep_line_breaks() {}

/// A panic's message is for a terminal as it was. One that is caught costs a new prompt.
fn restore_at_a_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let next = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            restore();
            next(panic);
        }));
    });
}

/// Stops all that was started with this program, as the terminal does at Ctrl-Z; returns when it
/// goes on. Without effect where no shell could make it go on.
#[cfg(unix)]
pub(super) fn stop_group() {
    use rustix::process::{Signal, getppid, getsid, kill_current_process_group};
    let own = getsid(None).ok();
    let parents = getppid().and_then(|parent| getsid(Some(parent)).ok());
    if own.is_some() && own == parents {
        // Ours is heard and does nothing, for we stop by ourselves.
        let _ = kill_current_process_group(Signal::TSTP);
        stop();
    }
}

/// Stops this program; returns when it goes on.
#[cfg(unix)]
pub(super) fn stop() {
    // It fails for no signal that there is.
    let _ = signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP);
}

#[cfg(not(unix))]
pub(super) fn stop_group() {}

#[cfg(not(unix))]
pub(super) fn stop() {}
