//! The real thing: a PulseAudio server of our own, on a socket of its own, with a sink that goes
//! nowhere and whose monitor is recorded.
//!
//! Each test runs itself again in a process whose environment leads to that server, so that no
//! environment is changed while threads run. Needs the Debian packages `pulseaudio` and
//! `pulseaudio-utils`.

#![cfg(all(feature = "audio", target_os = "linux"))]

#[path = "pulseaudio/server.rs"]
mod server;

use std::fs;
use std::io::Read;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use metapython_engine::audio::{
    Audio, AudioBackend, AudioEvent, CaptureBackend, Clip, DeviceEvent, Direction, MAX_AHEAD_SECS,
    MAX_DECODED_SECS, PlaySettings, Playable, StreamSettings, TickSpan, ToneSettings,
};
use metapython_engine::platform::cpal::{CpalAudio, CpalMicrophone, devices};
use server::Server;

/// Set in the process that has the environment of a test, to the folder of the test.
const FOLDER: &str = "METAPYTHON_PULSE_TEST_FOLDER";
const RATE_HZ: f64 = 48_000.0;
/// Until when something must have happened. It is only waited for in full where it does not.
const DEADLINE: Duration = Duration::from_secs(30);

/// A tone goes out through the device and comes back from the monitor with its frequency and its
/// amplitude.
#[test]
fn a_tone_comes_back_from_the_server() {
    in_own_process("a_tone_comes_back_from_the_server", |folder| {
        let _server = Server::start(folder);
        let mut recording = Recording::start();
        let mut audio = Audio::new(0);
        let mut device = CpalAudio::open(None).expect("the server has a sink");
        audio.tone(ToneSettings { duration_secs: Some(60.0), ..ToneSettings::default() }).unwrap();

        let mut events = Vec::new();
        let tone = play_until(&mut audio, &mut device, &mut recording, &mut events, undisturbed);
        assert!((tone.frequency_hz - 440.0).abs() < 1.0, "{tone:?}");
        assert!((tone.peak - 0.5).abs() < 0.01, "{tone:?}");
        assert_eq!(events, [opened("Nowhere")]);
    });
}

/// A clip that is read while it is played comes out whole, at another rate than the device's, and so
/// do the blocks of a stream.
#[test]
fn long_clips_and_streams_are_heard() {
    in_own_process("long_clips_and_streams_are_heard", |folder| {
        let _server = Server::start(folder);
        let mut audio = Audio::new(0);
        let file = folder.join("long.wav");
        write_tone(&file, 44_100, MAX_DECODED_SECS as u32 + 1);
        let clip = audio.load(&file).unwrap();
        assert!(matches!(audio.clip(clip), Some(Playable::Long(_))));
        let voice = audio.play(clip, PlaySettings::default()).unwrap();
        let mut device = CpalAudio::open(None).expect("the server has a sink");
        let mut recording = Recording::start();
        let mut events = Vec::new();
        let tone = play_until(&mut audio, &mut device, &mut recording, &mut events, undisturbed);
        assert!((tone.frequency_hz - 440.0).abs() < 1.0, "{tone:?}");
        assert!((tone.peak - 0.5).abs() < 0.01, "{tone:?}");

        audio.stop(voice);
        let settings = StreamSettings { ahead_secs: MAX_AHEAD_SECS, ..StreamSettings::default() };
        let stream = audio.stream(settings).unwrap();
        let block: Vec<_> = (0..audio.stream_state(stream).room_samples)
            .map(|n| {
                [(0.25 * (n as f64 * 600.0 / RATE_HZ * std::f64::consts::TAU).sin()) as f32; 2]
            })
            .collect();
        audio.write_stream(stream, &block).unwrap();
        let quieter = |recording: &Recording, events: &[AudioEvent]| {
            undisturbed(recording, events).filter(|tone| tone.peak < 0.3)
        };
        recording = Recording::start();
        let tone = play_until(&mut audio, &mut device, &mut recording, &mut events, quieter);
        assert!((tone.frequency_hz - 600.0).abs() < 1.0, "{tone:?}");
        assert!((tone.peak - 0.25).abs() < 0.01, "{tone:?}");
    });
}

/// Writes a sine of 440 Hz at half of full scale.
fn write_tone(path: &Path, rate_hz: u32, secs: u32) {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: rate_hz,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut file = hound::WavWriter::create(path, spec).unwrap();
    for n in 0..rate_hz * secs {
        let angle = f64::from(n) * 440.0 / f64::from(rate_hz) * std::f64::consts::TAU;
        file.write_sample((16_384.0 * angle.sin()) as i16).unwrap();
    }
    file.finalize().unwrap();
}

/// When the server dies the device is reported lost; when it is back, what should be heard by then
/// is heard.
#[test]
fn sound_comes_back_with_the_server() {
    in_own_process("sound_comes_back_with_the_server", |folder| {
        let server = Server::start(folder);
        let mut audio = Audio::new(0);
        let period = (0..1_200).map(|n| {
            let angle = f64::from(n) * 440.0 / RATE_HZ * std::f64::consts::TAU;
            [(0.5 * angle.sin()) as f32; 2]
        });
        let clip = audio.add_clip(Clip::from_samples(period.collect()).unwrap());
        audio.play(clip, PlaySettings { looped: true, ..PlaySettings::default() }).unwrap();
        let mut device = CpalAudio::look_for(None);

        let mut recording = Recording::start();
        let mut events = Vec::new();
        play_until(&mut audio, &mut device, &mut recording, &mut events, undisturbed);
        drop(server);
        let lost = |events: &[AudioEvent]| {
            events
                .iter()
                .any(|event| matches!(event, AudioEvent::Device(DeviceEvent::Lost { .. })))
                .then_some(())
        };
        play_until(&mut audio, &mut device, &mut recording, &mut events, |_, events| lost(events));
        assert_eq!(device.device(), None);

        let _server = Server::start(folder);
        let mut recording = Recording::start();
        let tone = play_until(&mut audio, &mut device, &mut recording, &mut events, undisturbed);
        assert!((tone.frequency_hz - 440.0).abs() < 1.0, "{tone:?}");
        let opened = opened("Nowhere");
        assert!(events.len() == 3 && events[0] == opened && events[2] == opened, "{events:?}");
    });
}

/// The sink is listed with what it can do, is opened by any of its names, and no other is.
#[test]
fn devices_are_listed_and_opened_by_name() {
    in_own_process("devices_are_listed_and_opened_by_name", |folder| {
        let _server = Server::start(folder);
        let found = devices();
        let default =
            |direction| found.iter().find(|it| it.is_default && it.direction == direction);
        let sink = default(Direction::Output).expect("a default device");
        assert_eq!(
            (sink.id.as_str(), sink.name.as_str(), sink.host.as_str()),
            ("pulseaudio:nowhere", "Nowhere", "PulseAudio")
        );
        assert!(sink.channels.is_some_and(|(least, most)| least <= 2 && most >= 2), "{sink:?}");
        assert!(sink.rates_hz.is_some_and(|(low, high)| (low..=high).contains(&48_000)));
        for name in ["pulseaudio:nowhere", "nowhere", "Nowhere"] {
            assert_eq!(CpalAudio::open(Some(name)).unwrap().device(), Some("Nowhere"));
        }
        let source = default(Direction::Input).expect("its monitor");
        assert_eq!(
            source.to_string(),
            "pulseaudio:nowhere.monitor: Monitor of Nowhere, through PulseAudio, \
             up to 31 channels, 1 to 768000 Hz"
        );
    });
}

/// Without server and card there is one message, and nothing else is written anywhere.
#[test]
fn a_missing_device_is_one_clear_error() {
    let output = in_own_process("a_missing_device_is_one_clear_error", |_| {
        let message = CpalAudio::open(None).unwrap_err().to_string();
        assert!(message.starts_with("cannot open the default device for sound: "), "{message}");
        assert!(message.ends_with("connect a sound device or start the sound server"), "{message}");
        assert!(!message.contains('\n'), "{message}");
        assert!(devices().iter().all(|device| device.host != "PulseAudio"));
    });
    assert_eq!(output.as_deref().unwrap_or(""), "", "written to the standard error");
}

/// What is played on the sink is heard by whoever listens to its monitor, by any of its names, with its
/// frequency and its loudness, at the pace of the ticks.
#[test]
fn a_tone_is_captured() {
    in_own_process("a_tone_is_captured", |folder| {
        let _server = Server::start(folder);
        let mut audio = Audio::new(0);
        let mut device = CpalAudio::open(None).expect("the server has a sink");
        audio.tone(ToneSettings { duration_secs: Some(60.0), ..ToneSettings::default() }).unwrap();
        let mut ear = Ear::new([None, Some("nowhere.monitor".into())]);
        let tone = ear.listen_until(&mut audio, &mut device, heard_well);
        assert!((tone.frequency_hz - 440.0).abs() < 1.0, "{tone:?}");
        assert!((tone.peak - 0.5).abs() < 0.01, "{tone:?}");
        assert_eq!(ear.name.as_deref(), Some("Monitor of Nowhere"));
        let opened = DeviceEvent::Opened { device: "Monitor of Nowhere".into() };
        assert_eq!(ear.events, [opened.clone(), opened]);
    });
}

/// Devices that go away in the middle of the sound are told of, others take their place, and when they
/// are back they are used again. What was heard before is heard then.
#[test]
fn devices_come_and_go() {
    in_own_process("devices_come_and_go", |folder| {
        let _server = Server::start(folder);
        let load = [
            "load-module",
            "module-null-sink",
            "sink_name=cellar",
            "norewinds=1",
            "sink_properties=device.description=Cellar",
        ];
        const CELLAR: &str = "Monitor of Cellar";
        let cellar = pactl(&load);
        let mut audio = Audio::new(0);
        let mut device = CpalAudio::open(Some("cellar")).expect("the server has it");
        audio.tone(ToneSettings { duration_secs: Some(600.0), ..ToneSettings::default() }).unwrap();
        let mut ear = Ear::new([None, Some("cellar.monitor".into())]);
        ear.listen_until(&mut audio, &mut device, heard_well);

        pactl(&["unload-module", &cellar]);
        let missing = |events: &[AudioEvent]| {
            let is_missing = |event: &AudioEvent| {
                matches!(event, AudioEvent::Device(DeviceEvent::Missing { reason, instead })
                    if instead.is_some() && reason.starts_with("cannot open the device cellar"))
            };
            events.iter().any(is_missing)
        };
        ear.listen_until(&mut audio, &mut device, |ear, events| {
            let is_lost = ear.events.iter().any(|it| !matches!(it, DeviceEvent::Opened { .. }));
            (is_lost && missing(events)).then_some(())
        });
        // What is played and what is heard have moved on to the other one.
        ear.heard.clear();
        ear.listen_until(&mut audio, &mut device, heard_well);
        assert_ne!(ear.name.as_deref(), Some(CELLAR));

        pactl(&load);
        ear.heard.clear();
        let tone = ear.listen_until(&mut audio, &mut device, |ear, events| {
            let is_back = device_opened(events) >= 2 && ear.name.as_deref() == Some(CELLAR);
            heard_well(ear, events).filter(|_| is_back)
        });
        assert!((tone.frequency_hz - 440.0).abs() < 1.0, "{tone:?}");
    });
}

/// How often a device was opened to be played on.
fn device_opened(events: &[AudioEvent]) -> usize {
    let is_opened =
        |event: &&AudioEvent| matches!(event, AudioEvent::Device(DeviceEvent::Opened { .. }));
    events.iter().filter(is_opened).count()
}

/// Where no such device is, the default one is used, and it is told which is not there.
#[test]
fn the_default_device_stands_in() {
    in_own_process("the_default_device_stands_in", |folder| {
        let _server = Server::start(folder);
        let mut audio = Audio::new(0);
        let mut device = CpalAudio::open(Some("elsewhere")).expect("there is another");
        let events = audio.flush(&mut device, TickSpan::of_tick(0, NonZeroU32::new(60).unwrap()));
        let missing = DeviceEvent::Missing {
            reason: "cannot open the device elsewhere for sound: there is none; \
                     see `metapython devices` for the names of those that are there"
                .into(),
            instead: Some("Nowhere".into()),
        };
        assert_eq!(events, [AudioEvent::Device(missing), opened("Nowhere")]);
        assert_eq!(device.device(), Some("Nowhere"));
    });
}

/// Says something to the server; returns what it says.
fn pactl(arguments: &[&str]) -> String {
    let output = Command::new("pactl").args(arguments).output();
    let output = output.expect("pactl cannot be run: install the package pulseaudio-utils");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn opened(device: &str) -> AudioEvent {
    AudioEvent::Device(DeviceEvent::Opened { device: device.into() })
}

/// A microphone, and what was heard with it by the last of those who listen.
struct Ear {
    microphone: CpalMicrophone,
    wanted: Vec<Option<String>>,
    heard: Vec<f64>,
    /// The device that the last hears.
    name: Option<String>,
    events: Vec<DeviceEvent>,
    played: Vec<AudioEvent>,
}

impl Ear {
    fn new(wanted: [Option<String>; 2]) -> Self {
        let microphone = CpalMicrophone::new(None);
        let (heard, name, events, played) = (Vec::new(), None, Vec::new(), Vec::new());
        Self { microphone, wanted: wanted.into(), heard, name, events, played }
    }

    /// Plays and listens for ticks in real time until `is_done` gives something, or panics at the
    /// deadline.
    fn listen_until<T>(
        &mut self,
        audio: &mut Audio,
        device: &mut dyn AudioBackend,
        is_done: impl Fn(&Self, &[AudioEvent]) -> Option<T>,
    ) -> T {
        let hz = NonZeroU32::new(60).unwrap();
        let start = Instant::now();
        let first_tick = audio.now_sample() / 800;
        for tick in 0.. {
            let tick_end = start + Duration::from_secs(tick) / hz.get();
            thread::sleep(tick_end.saturating_duration_since(Instant::now()));
            let span = TickSpan::of_tick(first_tick + tick, hz);
            let heard = self.microphone.listen(&self.wanted, span, &mut self.events);
            self.name.clone_from(&heard[1].device);
            let values = heard[1].samples.iter().map(|sample| f64::from(sample[0]));
            self.heard.extend(values);
            // A second is enough to judge by, and to judge all of it would take longer than a tick.
            self.heard.drain(..self.heard.len().saturating_sub(RATE_HZ as usize));
            self.played.extend(audio.flush(device, span));
            let is_judged = tick % 6 == 0;
            if let Some(done) = is_judged.then(|| is_done(self, &self.played)).flatten() {
                return done;
            }
            let (events, played) = (&self.events, &self.played);
            assert!(start.elapsed() < DEADLINE, "{events:?}, {played:?}, {}", self.heard.len());
        }
        unreachable!("the ticks do not end")
    }
}

/// Plays ticks in real time until `is_done` gives something, or panics at the deadline.
fn play_until<T>(
    audio: &mut Audio,
    device: &mut dyn AudioBackend,
    recording: &mut Recording,
    events: &mut Vec<AudioEvent>,
    is_done: impl Fn(&Recording, &[AudioEvent]) -> Option<T>,
) -> T {
    let hz = NonZeroU32::new(60).unwrap();
    let start = Instant::now();
    let first_tick = audio.now_sample() / 800;
    for tick in 0.. {
        let tick_end = start + Duration::from_secs(tick) / hz.get();
        recording.take_until(tick_end);
        events.extend(audio.flush(device, TickSpan::of_tick(first_tick + tick, hz)));
        if let Some(done) = is_done(recording, events) {
            return done;
        }
        assert!(start.elapsed() < DEADLINE, "events {events:?}, {}", recording.describe());
    }
    unreachable!("the ticks do not end")
}

#[derive(Debug)]
struct Tone {
    frequency_hz: f64,
    peak: f64,
}

/// Half a second of the recording's last second in which no rise through 0 is missing or misplaced:
/// on a busy machine the server may run dry now and then, and what was played before may be on its
/// way for long.
fn undisturbed(recording: &Recording, _events: &[AudioEvent]) -> Option<Tone> {
    let samples = &recording.samples;
    tone_in::<220>(&samples[samples.len().saturating_sub(RATE_HZ as usize)..])
}

/// The same of a tenth of a second that somebody has heard, in which both ways must have gone well.
fn heard_well(ear: &Ear, _events: &[AudioEvent]) -> Option<Tone> {
    tone_in::<44>(&ear.heard)
}

/// The first so many periods of a tone that are even.
fn tone_in<const PERIODS: usize>(samples: &[f64]) -> Option<Tone> {
    let rises: Vec<f64> = (1..samples.len())
        .filter(|n| samples[n - 1] < 0.0 && samples[*n] >= 0.0)
        .map(|n| n as f64 - samples[n] / (samples[n] - samples[n - 1]))
        .collect();
    let is_even = |stretch: &&[f64]| {
        let mean = (stretch[PERIODS] - stretch[0]) / PERIODS as f64;
        stretch.windows(2).all(|pair| (pair[1] - pair[0] - mean).abs() < 0.5)
    };
    let stretch = rises.windows(PERIODS + 1).find(is_even)?;
    let heard = &samples[stretch[0] as usize..stretch[PERIODS] as usize];
    Some(Tone {
        frequency_hz: PERIODS as f64 * RATE_HZ / (stretch[PERIODS] - stretch[0]),
        peak: heard.iter().copied().fold(0.0, f64::max),
    })
}

/// What comes out of the monitor of the sink, one channel.
struct Recording {
    recorder: Child,
    chunks: Receiver<Vec<u8>>,
    samples: Vec<f64>,
}

impl Recording {
    fn start() -> Self {
        let mut recorder = Command::new("parec")
            .args(["--raw", "--format=s16le", "--rate=48000", "--channels=1"])
            .args(["--device=nowhere.monitor", "--latency-msec=20"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("parec cannot be run: install the package pulseaudio-utils");
        let mut output = recorder.stdout.take().expect("the output is piped");
        let (sender, chunks) = mpsc::sync_channel(1_000);
        let read = move || {
            // An even number of bytes at a time: whole samples.
            let mut chunk = [0; 960];
            while output.read_exact(&mut chunk).is_ok() && sender.send(chunk.to_vec()).is_ok() {}
        };
        thread::Builder::new().name("recording".into()).spawn(read).unwrap();
        Self { recorder, chunks, samples: Vec::new() }
    }

    /// Takes what is recorded until `time`.
    fn take_until(&mut self, time: Instant) {
        loop {
            let left = time.saturating_duration_since(Instant::now());
            match self.chunks.recv_timeout(left) {
                Ok(chunk) => {
                    let pairs = chunk.chunks_exact(2);
                    let values = pairs.map(|pair| i16::from_le_bytes([pair[0], pair[1]]));
                    self.samples.extend(values.map(|value| f64::from(value) / 32_768.0));
                }
                Err(mpsc::RecvTimeoutError::Timeout) => return,
                Err(mpsc::RecvTimeoutError::Disconnected) => return thread::sleep(left),
            }
        }
    }

    fn describe(&self) -> String {
        let peak = self.samples.iter().copied().fold(0.0, f64::max);
        format!("{} samples recorded, the loudest {peak}", self.samples.len())
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        let _ = self.recorder.kill();
        let _ = self.recorder.wait();
    }
}

/// Runs `body` in a process whose sound server is on a socket in a new folder, which it is given.
/// The outer process gets what the inner one wrote to its standard error; the inner one, nothing.
fn in_own_process(test: &str, body: impl FnOnce(&Path)) -> Option<String> {
    if let Some(folder) = std::env::var_os(FOLDER) {
        body(Path::new(&folder));
        return None;
    }
    let folder = Folder::new();
    let no_card = folder.0.join("asound.conf");
    fs::write(&no_card, "").unwrap();
    // The server lets everybody in, but not without something of the length of a cookie.
    let cookie = folder.0.join("cookie");
    fs::write(&cookie, [0; 256]).unwrap();
    let inner = Command::new(std::env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture", "--test-threads=1"])
        .env(FOLDER, &folder.0)
        .env("PULSE_SERVER", format!("unix:{}", folder.0.join("socket").display()))
        .env("PULSE_COOKIE", cookie)
        .env("ALSA_CONFIG_PATH", no_card)
        .envs(["HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME"].map(|name| (name, &folder.0)))
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&inner.stderr).into_owned();
    assert!(inner.status.success(), "{}\n{errors}", String::from_utf8_lossy(&inner.stdout));
    Some(errors)
}

/// A folder that is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        /// Tests of one process each have their own.
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        // Short: the path of a socket has no more than 107 bytes.
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("mpy-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
