//! The command line of the program.

#[cfg(feature = "remote")]
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use metapython_engine::alert::Level;
use metapython_engine::audio::AudioChoice;
#[cfg(feature = "audio")]
use metapython_engine::audio::ChosenDevice;
use metapython_engine::clock::HZ_RANGE;
#[cfg(feature = "remote")]
use metapython_engine::console::Role;
use metapython_engine::machine::DEFAULT_HZ;
#[cfg(feature = "remote")]
use metapython_engine::remote::DEFAULT_ADDRESS;
use metapython_engine::schedule::FrameBudget;

use crate::watchdog::limit_from_secs;

/// A game-loop engine whose processes are live Python.
///
/// Exit status: 0 done; 1 the scene or script is at fault; 2 the command line is; 130 Ctrl-C; or what
/// a script gave to machine.stop(status).
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true, after_help = "Try: metapython run pong")]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a scene, a script or a demo.
    Run(Box<RunArguments>),
    /// List the demos.
    Demos,
    /// Load a scene or script without a tick, and say what is wrong with it.
    Check {
        /// A demo's name, a folder with a scene.ron, a .ron scene or a .py script.
        scene: String,
    },
    /// List the sound devices to play on and to listen to, try them, and remember which ones to use.
    ///
    /// At a terminal it asks which ones; elsewhere it only lists them.
    #[cfg(feature = "audio")]
    Devices(DevicesArguments),
    /// Say whether everything that the engine needs is there, and what to do if it is not.
    Doctor,
    /// Set the password of the console over SSH; asks for it, or reads a line of the standard input.
    #[cfg(feature = "remote")]
    Password(PasswordArguments),
}

/// What is done with sound devices.
#[cfg(feature = "audio")]
#[derive(Args, Debug)]
pub struct DevicesArguments {
    /// Try a device, by its number in the list, its id or its name: notes from one that plays, and how
    /// loud it hears from one that hears; without a name, those that a run would use.
    #[arg(long, value_name = "DEVICE", num_args = 0..=1)]
    pub(crate) test: Option<Option<String>>,

    /// How long --test listens, 0.1 to 3600 seconds; Ctrl-C ends it too.
    #[arg(long, default_value = "5", value_name = "SECONDS", value_parser = listening_secs)]
    pub(crate) seconds: f64,

    /// Use a device from now on, by its number in the list, its id or its name, for what it does. As
    /// long as it is not there the system's own is used.
    #[arg(long = "use", value_name = "DEVICE", conflicts_with = "test")]
    pub(crate) chosen: Option<String>,

    /// Use the system's own devices from now on.
    #[arg(long, conflicts_with_all = ["test", "chosen"])]
    pub(crate) forget: bool,
}

#[cfg(feature = "audio")]
fn listening_secs(text: &str) -> Result<f64, String> {
    let secs = text.parse().ok().filter(|secs| (0.1..=3_600.0).contains(secs));
    secs.ok_or_else(|| "a number of seconds from 0.1 to 3600 is needed".to_owned())
}

/// What becomes of the password.
#[cfg(feature = "remote")]
#[derive(Args, Debug)]
pub struct PasswordArguments {
    /// What whoever knows it may do: look, give commands, or run Python too [default: exec].
    #[arg(long, value_enum, value_name = "ROLE")]
    pub(crate) role: Option<RoleChoice>,

    /// Have no password get in.
    #[arg(long, conflicts_with = "role")]
    pub(crate) remove: bool,
}

/// What a user of the console may do.
#[cfg(feature = "remote")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RoleChoice {
    /// Look at everything, and change nothing.
    View,
    /// Give commands.
    Edit,
    /// Run Python too.
    Exec,
}

#[cfg(feature = "remote")]
impl From<RoleChoice> for Role {
    fn from(role: RoleChoice) -> Self {
        match role {
            RoleChoice::View => Self::View,
            RoleChoice::Edit => Self::Edit,
            RoleChoice::Exec => Self::Exec,
        }
    }
}

/// How a scene is run.
#[derive(Args, Debug)]
pub struct RunArguments {
    /// A demo's name, a folder with a scene.ron, a .ron scene or a .py script.
    pub scene: String,

    /// Open no window and no sound card; ticks follow each other as fast as they can.
    #[arg(long)]
    pub headless: bool,

    /// What paces the ticks [default: real, and virtual with --headless].
    #[arg(long, value_enum, value_name = "CLOCK")]
    pub clock: Option<ClockChoice>,

    /// Take scripts in that are saved while they run [default: with the real clock].
    #[arg(long, overrides_with = "no_watch")]
    pub(crate) watch: bool,

    /// Leave saved scripts alone until the next start.
    #[arg(long, overrides_with = "watch")]
    pub(crate) no_watch: bool,

    /// Stop after this many ticks.
    #[arg(long, value_name = "N", value_parser = whole_number)]
    pub ticks: Option<u64>,

    /// Ticks a second, 1 to 100000.
    #[arg(long, default_value_t = DEFAULT_HZ, value_name = "HZ", value_parser = hz)]
    pub hz: u32,

    /// Seed of every random source: the same seed and input give the same run.
    #[arg(long, default_value_t = 0, value_name = "SEED", value_parser = whole_number)]
    pub seed: u64,

    /// Bind actions as this file says, and keep there what is bound in the run [default: with a window,
    /// the file of the scene's title in the folder `input` of the settings].
    #[arg(long, value_name = "FILE.ron")]
    pub bindings: Option<PathBuf>,

    /// Save what a user would see at the end, as PNG.
    #[arg(long, value_name = "FILE.png")]
    pub screenshot: Option<PathBuf>,

    /// Save what a user would hear, as WAV.
    #[arg(long, value_name = "FILE.wav")]
    pub audio_out: Option<PathBuf>,

    /// Have a sound file of at most 10 minutes heard instead of a microphone, from its beginning on when
    /// somebody first listens: equal runs hear the same.
    #[arg(long, value_name = "FILE")]
    pub(crate) capture: Option<PathBuf>,

    /// Play on this device, by its id or name, instead of the one that `metapython devices` remembers.
    #[cfg(feature = "audio")]
    #[arg(long, value_name = "DEVICE", conflicts_with = "headless")]
    pub(crate) audio_device: Option<String>,

    /// Listen to this device, by its id or name, where a script names none.
    #[cfg(feature = "audio")]
    #[arg(long, value_name = "DEVICE", conflicts_with_all = ["capture", "headless"])]
    pub(crate) capture_device: Option<String>,

    /// Print a hash over the state at the end, on the last line.
    #[arg(long)]
    pub digest: bool,

    /// Evaluate a line of Python at the first tick, as in a console; can be given several times.
    #[arg(long, value_name = "LINE")]
    pub eval: Vec<String>,

    /// Inspect and change the running machine from this terminal: commands (`help` lists them) and
    /// Python. In a pipe, lines are read and answered one by one.
    #[cfg(feature = "terminal")]
    #[arg(long)]
    pub(crate) console: bool,

    /// Have the console reached over SSH, at 127.0.0.1:40022 unless told otherwise; port 0 takes a
    /// free one. Keys in authorized_keys get in, and the password of `metapython password`.
    #[cfg(feature = "remote")]
    #[arg(long, value_name = "ADDR:PORT", num_args = 0..=1, value_parser = ssh_address)]
    pub(crate) ssh: Option<Option<SocketAddr>>,

    /// Stop a step that takes longer than this: 0.001 to 86400 seconds of real time; 0 stops none.
    #[arg(long, default_value = "0.25", value_name = "SECONDS", value_parser = step_limit)]
    pub(crate) step_limit: StepLimit,

    /// The share of a tick that its steps may use, above 0 and up to 1; what does not fit waits for the
    /// next one. It holds with the real clock.
    #[arg(long, default_value = "0.8", value_name = "SHARE", value_parser = frame_budget)]
    pub(crate) frame_budget: FrameBudget,

    /// Show alerts up to this level: error, v, vv, vvv or vvvv.
    #[arg(long, default_value = "v", value_name = "LEVEL")]
    pub verbosity: Level,
}

/// How long a step may take; `None` if as long as it likes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StepLimit(pub(crate) Option<Duration>);

fn step_limit(text: &str) -> Result<StepLimit, String> {
    let secs = text.parse().map_err(|_| "a number of seconds is needed".to_owned())?;
    limit_from_secs(secs).map(StepLimit)
}

#[cfg(feature = "remote")]
fn ssh_address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        "an address and a port are needed, as in 127.0.0.1:40022 or [::1]:40022; the scene is given \
         before --ssh"
            .to_owned()
    })
}

fn frame_budget(text: &str) -> Result<FrameBudget, String> {
    let share = text.parse().ok().and_then(FrameBudget::of);
    share.ok_or_else(|| "a number above 0 and up to 1 is needed".to_owned())
}

fn hz(text: &str) -> Result<u32, String> {
    let (low, high) = (HZ_RANGE.start(), HZ_RANGE.end());
    let hz = text.parse().ok().filter(|hz| HZ_RANGE.contains(hz));
    hz.ok_or_else(|| format!("a whole number from {low} to {high} is needed"))
}

fn whole_number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("a whole number from 0 to {} is needed", u64::MAX))
}

impl RunArguments {
    /// Whether the terminal is the console's.
    pub(crate) fn has_console(&self) -> bool {
        #[cfg(feature = "terminal")]
        return self.console;
        #[cfg(not(feature = "terminal"))]
        return false;
    }

    /// Where the console is reached over SSH, if it is.
    #[cfg(feature = "remote")]
    pub(crate) fn ssh_address(&self) -> Option<SocketAddr> {
        self.ssh.map(|address| address.unwrap_or(DEFAULT_ADDRESS))
    }

    /// The devices of the command line, where it names some, and those of the user's choice.
    pub(crate) fn devices(&self, choice: AudioChoice) -> AudioChoice {
        #[cfg(feature = "audio")]
        return {
            let named = |name: &Option<String>| name.as_deref().map(ChosenDevice::called);
            let mut choice = choice;
            choice.output = named(&self.audio_device).or(choice.output);
            choice.input = named(&self.capture_device).or(choice.input);
            choice
        };
        #[cfg(not(feature = "audio"))]
        return choice;
    }

    /// What paces the ticks.
    pub(crate) fn pace(&self) -> ClockChoice {
        let otherwise = if self.headless { ClockChoice::Virtual } else { ClockChoice::Real };
        self.clock.unwrap_or(otherwise)
    }

    /// Whether saved scripts are taken in: not in runs that are to repeat, unless asked for.
    pub(crate) fn is_watching(&self) -> bool {
        self.watch || !self.no_watch && self.pace() == ClockChoice::Real
    }
}

/// What paces the ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ClockChoice {
    /// The clock on the wall.
    Real,
    /// No clock: ticks follow each other as fast as they can.
    Virtual,
}
