//! The program under test: finding it, starting it, hearing what it says, ending it.

use std::fs;
use std::io::{BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

/// Until when something must have happened: long enough for a busy machine, and only waited for in
/// full where it does not happen.
pub const DEADLINE: Duration = Duration::from_secs(30);

/// Between two looks at what does not tell by itself.
pub const PAUSE: Duration = Duration::from_millis(10);

/// The program, as built in the profile of this test.
///
/// # Panics
/// If it is not built, or older than one of its sources.
pub fn path() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows its own file");
    let profile = test.parent().and_then(Path::parent).expect("tests are in target/PROFILE/deps");
    let program = profile.join("metapython");
    let remedy = "run `cargo build --bin metapython` in the same profile first";
    let time = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
    let built = time(&program).unwrap_or_else(|| panic!("no {}: {remedy}", program.display()));
    // Cargo writes down beside the program which files it was made of: "program: file file ...".
    let sources = fs::read_to_string(program.with_extension("d")).unwrap_or_default();
    let sources = sources.split_once(": ").map_or("", |(_, sources)| sources);
    for source in sources.split_whitespace() {
        let is_newer = time(Path::new(source)).is_some_and(|changed| changed > built);
        assert!(!is_newer, "{} is older than {source}: {remedy}", program.display());
    }
    program
}

/// The virtual environment of the tests, in which NumPy is.
///
/// # Panics
/// If it is not made.
pub fn virtual_environment() -> PathBuf {
    let program = path();
    let target = program.ancestors().nth(2).expect("the program is in target/PROFILE");
    let environment = target.join("venv");
    let is_made = environment.join("made-from").is_file();
    assert!(is_made, "no {0}: run `.ci/venv {0}` first, as make does", environment.display());
    environment
}

/// The folder of the sources.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate is in the workspace")
}

/// A command line of the program, to be added to, in an environment that has nothing of the
/// user's: no display, no sound server, no Python settings. `home` is its home folder.
pub fn command(home: &Path) -> Command {
    command_of(&path(), home)
}

/// As [`command`], of a program elsewhere.
pub fn command_of(program: &Path, home: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("LANG", "C.UTF-8")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        // No sound card, and no sound server: the settings that lead to one are an empty file.
        .env("ALSA_CONFIG_PATH", "/dev/null")
        .env("PULSE_SERVER", "unix:/dev/null")
        .envs(["HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"].map(|name| (name, home)))
        .current_dir(home);
    command
}

/// Runs a command to its end.
///
/// # Panics
/// If it cannot be started or does not end by the [`DEADLINE`].
pub fn run(command: &mut Command) -> Finished {
    Running::start(command).finish()
}

/// How a program ended, and what it said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// Its exit status; 128 and the signal's number if a signal ended it, as in a shell.
    pub status: i32,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error stream.
    pub stderr: String,
}

/// A running program; killed when dropped.
#[derive(Debug)]
pub struct Running {
    child: Child,
    lines: Receiver<(Stream, String)>,
    stdout: String,
    stderr: String,
}

#[derive(Clone, Copy, Debug)]
enum Stream {
    Out,
    Err,
}

impl Running {
    /// Starts a command whose output is listened to.
    ///
    /// # Panics
    /// If it cannot be started.
    pub fn start(command: &mut Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let (sender, lines) = channel();
        listen(Stream::Out, child.stdout.take().expect("it is piped"), sender.clone());
        listen(Stream::Err, child.stderr.take().expect("it is piped"), sender);
        Self { child, lines, stdout: String::new(), stderr: String::new() }
    }

    /// Waits until it says a line that contains `part`, on either stream; returns the line.
    ///
    /// # Panics
    /// If it has not by the [`DEADLINE`], or ends before.
    #[track_caller]
    pub fn wait_for(&mut self, part: &str) -> String {
        let start = Instant::now();
        loop {
            match self.hear(start) {
                Ok(line) if line.contains(part) => return line,
                Ok(_) => (),
                Err(error) => panic!("never said {part:?} ({error}), but {}", self.heard()),
            }
        }
    }

    /// Presses Ctrl-C, as a terminal does: the program gets SIGINT.
    ///
    /// # Panics
    /// If there is no shell, or the program has ended.
    pub fn interrupt(&self) {
        // The shell has its own `kill`; a program of that name is not on every system.
        let kill = format!("kill -INT {}", self.child.id());
        let status = Command::new("sh").args(["-c", &kill]).status();
        assert!(status.is_ok_and(|status| status.success()), "the shell cannot interrupt it");
    }

    /// Waits until it ends.
    ///
    /// # Panics
    /// If it has not by the [`DEADLINE`].
    #[track_caller]
    pub fn finish(mut self) -> Finished {
        let start = Instant::now();
        loop {
            match self.hear(start) {
                Ok(_) => (),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("does not end; {}", self.heard()),
            }
        }
        while start.elapsed() < DEADLINE {
            if let Some(status) = self.child.try_wait().expect("it is our child") {
                let stdout = std::mem::take(&mut self.stdout);
                let stderr = std::mem::take(&mut self.stderr);
                return Finished { status: code(status), stdout, stderr };
            }
            thread::sleep(PAUSE);
        }
        panic!("closed its output, but does not end; {}", self.heard())
    }

    /// The next line.
    fn hear(&mut self, since: Instant) -> Result<String, RecvTimeoutError> {
        let (stream, line) = self.lines.recv_timeout(DEADLINE.saturating_sub(since.elapsed()))?;
        match stream {
            Stream::Out => self.stdout.push_str(&line),
            Stream::Err => self.stderr.push_str(&line),
        }
        Ok(line)
    }

    fn heard(&self) -> String {
        format!("its output:\n{}\nits errors:\n{}", self.stdout, self.stderr)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn listen(stream: Stream, pipe: impl Read + Send + 'static, sender: Sender<(Stream, String)>) {
    let listen = move || {
        let mut pipe = BufReader::new(pipe);
        let mut line = Vec::new();
        while pipe.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
            if sender.send((stream, String::from_utf8_lossy(&line).into_owned())).is_err() {
                break;
            }
            line.clear();
        }
    };
    thread::Builder::new().name("listener".into()).spawn(listen).expect("threads can be started");
}

fn code(status: ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt as _;
    status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(-1)
}
