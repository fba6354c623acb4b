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
