//! The program and a sound server of its own, with a sink that goes nowhere and whose monitor is
//! recorded.

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;
use std::time::Instant;

use metapython_tests::folder::Folder;
use metapython_tests::program::{self, DEADLINE, Running};

/// The server; the engine's tests of its device use it too.
#[path = "../../engine/tests/pulseaudio/server.rs"]
mod server;

use server::Server;

const SCRIPT: &str = r#"
"""Plays a tone on and on, until it is told to stop."""

from metapython import Process, sound


class Player(Process):
    def start(self):
        sound.tone(440, 60.0, volume=0.5)
        print("playing", flush=True)
"#;

/// A tone that a script plays comes out of the sink, as loud as it was asked for.
#[test]
fn a_script_is_heard() {
    let folder = Folder::new();
    let _server = Server::start(folder.path());
    let mut recording = Recording::start(folder.path());
    let script = folder.write("tone.py", SCRIPT);
    let mut command = program::command(folder.path());
    // A screen in memory, so that this needs no other.
    command.arg("run").arg(script).env("SDL_VIDEODRIVER", "dummy");
    for (name, value) in environment(folder.path()) {
        command.env(name, value);
    }
    let mut player = Running::start(&mut command);
    player.wait_for("playing");
    // Half of 32,768, which the tone reaches some forty times in 0.1 s of it.
    let peak = recording.wait_for_peak(16_000);
    assert!((16_000..=16_700).contains(&peak), "{peak}");
    player.interrupt();
    let finished = player.finish();
    assert_eq!((finished.status, finished.stderr.as_str()), (130, ""));
}

const LISTENER: &str = r#"
"""Plays a tone, listens to what comes out of the sink, and ends when it is there."""

from metapython import Process, machine, sound


class Listener(Process):
    def start(self):
        sound.tone(440, 60.0, volume=0.5)
        self.microphone = sound.capture()
        self.is_heard = False

    def run(self, dt):
        if self.microphone.peak > 0.4 and not self.is_heard:
            self.is_heard = True
            print(f"heard {self.microphone.device}, {self.microphone.peak:.1f}", flush=True)
"#;

/// What a script plays is heard by it again through the monitor of the sink; a device that is named and
/// not there is told of, and the default one is used.
#[test]
fn a_script_hears() {
    let folder = Folder::new();
    let _server = Server::start(folder.path());
    let script = folder.write("listener.py", LISTENER);
    let mut command = program::command(folder.path());
    command.arg("run").arg(script).args(["--capture-device", "Cellar"]);
    command.env("SDL_VIDEODRIVER", "dummy").envs(environment(folder.path()));
    let mut listener = Running::start(&mut command);
    listener.wait_for("heard Monitor of Nowhere, 0.5");
    listener.interrupt();
    let finished = listener.finish();
    assert_eq!(finished.status, 130);
    let missing = "cannot open the microphone Cellar for sound: there is none; see `metapython \
                   devices` for the names of those that are there; Monitor of Nowhere is used \
                   until it is there";
    assert!(finished.stderr.contains(missing), "{}", finished.stderr);
}

/// Devices are listed, tried, chosen, used and forgotten.
#[test]
fn devices_are_chosen() {
    let folder = Folder::new();
    let _server = Server::start(folder.path());
    let devices = |arguments: &[&str]| {
        let mut command = program::command(folder.path());
        command.arg("devices").args(arguments).envs(environment(folder.path()));
        program::run(&mut command)
    };
    let listed = devices(&[]);
    let list = "to play on:\n  \
        1  * pulseaudio:nowhere: Nowhere, through PulseAudio, up to 31 channels, 1 to 768000 Hz\n\
        to listen to:\n  \
        2  * pulseaudio:nowhere.monitor: Monitor of Nowhere, through PulseAudio, up to 31 channels, \
        1 to 768000 Hz\n\
        > is chosen, * is the system's own\n";
    assert_eq!((listed.status, listed.stdout.as_str()), (0, list));

    let chosen = devices(&["--use", "2"]);
    assert_eq!(chosen.stdout, "Monitor of Nowhere is listened to from now on\n");
    let settings =
        fs::read_to_string(folder.path().join("metapython/audio.ron")).expect("it is kept");
    assert!(settings.contains("pulseaudio:nowhere.monitor"), "{settings}");
    assert!(devices(&[]).stdout.contains("  2 >* pulseaudio:nowhere.monitor"));

    let tried = devices(&["--test", "--seconds", "0.2"]);
    assert_eq!((tried.status, tried.stderr.as_str()), (0, ""));
    let notes =
        "Nowhere: three notes, left, then right\nMonitor of Nowhere: speak, for 0.2 seconds\n[";
    assert!(tried.stdout.starts_with(notes), "{}", tried.stdout);

    assert_eq!(devices(&["--forget"]).status, 0);
    assert_eq!(devices(&[]).stdout, list);
    assert!(!folder.path().join("metapython/audio.ron").exists());
}

/// What leads a program to the server. It lets everybody in, but not without a cookie.
fn environment(folder: &Path) -> [(&'static str, String); 2] {
    let cookie = folder.join("cookie");
    fs::write(&cookie, [0; 256]).expect("our folder takes files");
    let server = format!("unix:{}", folder.join("socket").display());
    [("PULSE_SERVER", server), ("PULSE_COOKIE", cookie.display().to_string())]
}

/// What comes out of the sink.
struct Recording {
    recorder: Child,
    samples: Receiver<Vec<i16>>,
}

impl Recording {
    fn start(folder: &Path) -> Self {
        let mut recorder = Command::new("parec")
            .args(["--raw", "--format=s16le", "--rate=48000", "--channels=1"])
            .args(["--device=nowhere.monitor", "--latency-msec=20"])
            .envs(environment(folder))
            .env("HOME", folder)
            .stdout(Stdio::piped())
            .spawn()
            .expect("parec cannot be run: install the package pulseaudio-utils");
        let mut output = recorder.stdout.take().expect("it is piped");
        let (sender, samples) = sync_channel(1_000);
        let listen = move || {
            // 0.1 s, so that each chunk of a tone holds its peaks.
            let mut chunk = [0; 9_600];
            while output.read_exact(&mut chunk).is_ok() {
                let pairs = chunk.chunks_exact(2);
                let samples = pairs.map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect();
                if sender.send(samples).is_err() {
                    break;
                }
            }
        };
        thread::Builder::new().name("recording".into()).spawn(listen).expect("a thread starts");
        Self { recorder, samples }
    }

    /// Waits for a tenth of a second that is as loud as `least`; returns how loud it is.
    fn wait_for_peak(&mut self, least: i16) -> i16 {
        let start = Instant::now();
        let mut loudest = 0;
        while let Ok(chunk) = self.samples.recv_timeout(DEADLINE.saturating_sub(start.elapsed())) {
            loudest = chunk.into_iter().map(i16::saturating_abs).max().unwrap_or(0).max(loudest);
            if loudest >= least {
                return loudest;
            }
        }
        panic!("nothing louder than {loudest} came out of the sink");
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        // It may have ended with its server.
        let _ = self.recorder.kill();
        let _ = self.recorder.wait();
    }
}
