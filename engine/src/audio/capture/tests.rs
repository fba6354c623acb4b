use std::collections::VecDeque;

use super::*;
use crate::alert::Alerts;
use crate::audio::{DeviceEvent, TickSpan};
use crate::machine::Machine;
use crate::message::Mailbox;
use crate::process::{self, NewProcess};

/// A device that gives what it is told to, in each tick; nothing is there when it has run out.
#[derive(Default)]
struct Script(VecDeque<Heard>);

impl CaptureBackend for Script {
    fn listen(
        &mut self,
        wanted: &[Option<String>],
        _: TickSpan,
        _: &mut Vec<DeviceEvent>,
    ) -> Vec<Heard> {
        let heard = self.0.pop_front().unwrap_or_default();
        vec![heard; wanted.len()]
    }
}

fn heard(samples: Vec<StereoSample>) -> Heard {
    Heard { device: Some("Ear".to_owned()), samples, is_overrun: false }
}

/// A machine of 6,000 ticks a second, 8 samples each, that hears this.
fn machine(ticks: impl IntoIterator<Item = Heard>) -> Machine {
    let script = Script(ticks.into_iter().collect());
    Machine::builder().hz(6_000).capture(Box::new(script)).build()
}

fn open(machine: &mut Machine, settings: CaptureSettings) -> (CaptureId, CaptureHold) {
    machine.world_mut().resource_mut::<Captures>().open(settings).unwrap()
}

fn read(machine: &mut Machine, id: CaptureId) -> Vec<f32> {
    machine.world_mut().resource_mut::<Captures>().read(id, usize::MAX)
}

fn alerts(machine: &Machine) -> Vec<String> {
    machine.world().resource::<Alerts>().recent().map(|alert| alert.text.clone()).collect()
}

/// Each tick brings its samples, whatever the device gives: too few are filled with silence, too many
/// cut off, and what is no number is none.
#[test]
fn a_tick_has_as_many_samples_as_it_lasts() {
    let odd = vec![[f32::NAN, 1.0], [f32::INFINITY, 100.0]];
    let mut machine = machine([heard(vec![[0.5, 0.25]; 100]), heard(odd)]);
    let stereo = CaptureSettings { channels: Channels::Stereo, ..CaptureSettings::default() };
    let (mono, _hold) = open(&mut machine, CaptureSettings::default());
    let (both, _other) = open(&mut machine, stereo);
    machine.turn();
    assert_eq!(read(&mut machine, mono), [0.375; 8]);
    machine.turn();
    assert_eq!(read(&mut machine, mono), [0.5, 8.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    let values = read(&mut machine, both);
    assert_eq!(
        (values.len(), &values[..2], &values[16..20]),
        (32, [0.5, 0.25].as_slice(), [0.0, 1.0, 0.0, 16.0].as_slice())
    );
    assert_eq!(machine.world().resource::<Captures>().state(both).peak, 16.0);
}

/// A capture tells which device is heard in this tick; without one it is silent, or has what it was
/// given for that, over and over.
#[test]
fn a_missing_device_is_silence_or_a_clip() {
    let clip = Clip::from_samples((0..5).map(|n| [n as f32; 2]).collect()).unwrap();
    let otherwise = Some(Arc::new(clip));
    let mut machine = machine([Heard::default(), heard(vec![[0.5; 2]; 8])]);
    let (silent, _hold) = open(&mut machine, CaptureSettings::default());
    let (other, _other) = open(&mut machine, CaptureSettings { otherwise, ..Default::default() });
    let state = |machine: &Machine| machine.world().resource::<Captures>().state(silent).heard;
    machine.turn();
    assert_eq!(state(&machine), None);
    assert_eq!(read(&mut machine, silent), [0.0; 8]);
    assert_eq!(read(&mut machine, other), [0.0, 1.0, 2.0, 3.0, 4.0, 0.0, 1.0, 2.0]);
    machine.turn();
    assert_eq!(state(&machine).as_deref(), Some("Ear"));
    assert_eq!(read(&mut machine, other), [0.5; 8]);
    machine.turn();
    assert_eq!(read(&mut machine, other), [3.0, 4.0, 0.0, 1.0, 2.0, 3.0, 4.0, 0.0]);
}

/// What waits for too long is lost, the oldest first: counted, and told of once. Before somebody reads
/// the first time nothing is missed.
#[test]
fn what_nobody_reads_is_lost_and_told_of_once() {
    let ticks = (0..1_000).map(|n| heard(vec![[n as f32 / 1_000.0; 2]; 8]));
    let mut machine = machine(ticks);
    let settings = CaptureSettings { keep_secs: 0.02, ..CaptureSettings::default() };
    let (id, _hold) = open(&mut machine, settings);
    machine.run(Some(300));
    let state = machine.world().resource::<Captures>().state(id);
    assert_eq!((state.waiting_samples, state.overruns), (960, 0));
    assert_eq!(read(&mut machine, id)[0], 0.18);
    machine.run(Some(122));
    let state = machine.world().resource::<Captures>().state(id);
    assert_eq!((state.waiting_samples, state.overruns), (960, 2));
    assert_eq!(
        alerts(&machine),
        ["capture 1 has lost sound, and `overruns` counts how often: nobody has read it for too \
          long: read more often, or give a longer `keep`"]
    );
}

/// Samples become messages of as many as are wanted, as little-endian floats without a header; a
/// mailbox that is full loses some, and the capture ends with its process.
#[test]
fn samples_become_messages() {
    let ticks = (0..100).map(|n| heard(vec![[n as f32, 0.0]; 8]));
    let mut machine = machine(ticks);
    let new = NewProcess { name: Some("Ann"), memory_size: 256, ..NewProcess::of("Listener") };
    let ann = process::spawn(machine.world_mut(), &new).unwrap();
    let settings = CaptureSettings {
        receiver: Some(ann),
        block_samples: Some(32),
        channels: Channels::Stereo,
        ..CaptureSettings::default()
    };
    let (id, hold) = open(&mut machine, settings);
    drop(hold);
    machine.run(Some(5));
    let mailbox = machine.world().get::<Mailbox>(ann).unwrap();
    let messages: Vec<_> = mailbox.waiting().map(|(_, bytes)| bytes.to_vec()).collect();
    assert_eq!(messages.iter().map(Vec::len).collect::<Vec<_>>(), [32 * 2 * 4]);
    assert_eq!(messages[0][8 * 8..8 * 8 + 8], [1.0_f32.to_le_bytes(), [0; 4]].concat());
    assert_eq!(read(&mut machine, id), [0.0; 0]);

    machine.run(Some(12));
    let state = machine.world().resource::<Captures>().state(id);
    assert_eq!(state.overruns, 3);
    let told = alerts(&machine);
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("the mailbox of Ann is full"), "{told:?}");

    process::delete(machine.world_mut(), ann);
    machine.run(Some(2));
    assert!(machine.world().resource::<Captures>().state(id).is_closed);
}

/// A device is listened to for as long as somebody does.
#[test]
fn what_nobody_holds_is_closed() {
    let mut machine = machine([]);
    let (id, hold) = open(&mut machine, CaptureSettings::default());
    machine.turn();
    assert_eq!(machine.world().resource::<Captures>().wanted(), [None]);
    drop(hold);
    machine.turn();
    assert!(machine.world().resource::<Captures>().state(id).is_closed);
    assert!(machine.world().resource::<Captures>().wanted().is_empty());
}

/// A recording has exactly what was heard between its ticks, and is there when the machine has ended;
/// meanwhile another file has it, which could be read.
#[test]
fn a_recording_is_whole_in_the_end() {
    let folder = std::env::temp_dir().join(format!("metapython-recording-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("heard.wav");
    let mut machine = machine((0..20).map(|n| heard(vec![[f32::from(n as u8) / 100.0; 2]; 8])));
    let (id, _hold) = open(&mut machine, CaptureSettings::default());
    machine.run(Some(3));
    let mut captures = machine.world_mut().resource_mut::<Captures>();
    captures.record(id, &path).unwrap();
    let again = captures.record(id, &path).unwrap_err().to_string();
    assert!(again.ends_with("this capture writes another file; end that first: stop_recording()"));
    let (other, _other) = captures.open(CaptureSettings::default()).unwrap();
    let same = captures.record(other, &path).unwrap_err().to_string();
    assert!(same.ends_with("another capture writes it; choose another name"), "{same}");
    let taken =
        crate::platform::headless::audio::OfflineAudio::create(&path).unwrap_err().to_string();
    assert!(taken.ends_with("it is being written already; choose another name"), "{taken}");
    machine.run(Some(4));
    let is_early = path.exists();
    machine.world_mut().resource_mut::<Captures>().stop_recording(id);
    machine.run(Some(5));
    machine.finish_audio().unwrap();
    let samples: Vec<i16> =
        hound::WavReader::open(&path).unwrap().into_samples().map(Result::unwrap).collect();
    let files = std::fs::read_dir(&folder).unwrap().count();
    std::fs::remove_dir_all(&folder).unwrap();
    let expected: Vec<i16> =
        (3..7).flat_map(|n| [(f32::from(n as u8) / 100.0 * 32_767.0).round() as i16; 8]).collect();
    assert_eq!((samples, files, is_early), (expected, 1, false));
}

/// A recording that cannot be kept is told of, and what there is of it is left.
#[test]
fn a_recording_that_fails_is_told_of() {
    let folder = std::env::temp_dir().join(format!("metapython-lost-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("heard.wav");
    let mut machine = machine([]);
    let (id, _hold) = open(&mut machine, CaptureSettings::default());
    let captures = &mut machine.world_mut().resource_mut::<Captures>();
    let refused = captures.record(id, &folder.join("no/such.wav")).unwrap_err().to_string();
    assert!(refused.ends_with("choose a folder that exists and can be written to"), "{refused}");
    captures.record(id, &path).unwrap();
    // What is in its place when it is to appear cannot be replaced.
    std::fs::create_dir(&path).unwrap();
    captures.close(id);
    let mut told = Vec::new();
    while told.is_empty() {
        machine.turn();
        told = alerts(&machine);
    }
    let files = std::fs::read_dir(&folder).unwrap().count();
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(told[0].starts_with("cannot write the sound file "), "{told:?}");
    assert!(told[0].ends_with("/heard.wav.partial"), "{told:?}");
    assert_eq!(files, 2);
}

/// A recording for which there is no room is there up to where there was; the capture goes on, and can
/// write another.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_ends_a_recording() {
    let folder = std::env::temp_dir().join(format!("metapython-full-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("heard.wav");
    let mut machine = machine([]);
    let (id, _hold) = open(&mut machine, CaptureSettings::default());
    let mut file = crate::audio::WavFile::create(&path, 1).unwrap();
    file.write(&[0.5; 100]).unwrap();
    file.fill_disk();
    let recorder = Recorder::of(file, Channels::Mono).unwrap();
    let captures = &mut machine.world_mut().resource_mut::<Captures>();
    captures.open.get_mut(&id).unwrap().recorder = Some(recorder);
    while alerts(&machine).is_empty() {
        machine.turn();
    }
    let mut captures = machine.world_mut().resource_mut::<Captures>();
    let is_recording = captures.state(id).is_recording;
    let samples = hound::WavReader::open(&path).unwrap().duration();
    let again = captures.record(id, &folder.join("again.wav"));
    machine.finish_audio().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    again.unwrap();
    assert!(alerts(&machine)[0].contains("No space left on device"), "{:?}", alerts(&machine));
    assert_eq!((is_recording, samples, alerts(&machine).len()), (false, 100, 1));
}

/// At the end every file that cannot be is told of, not the first alone.
#[test]
fn each_failure_at_the_end_is_told_of() {
    let folder = std::env::temp_dir().join(format!("metapython-ends-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut machine = machine([]);
    let mut holds = Vec::new();
    for name in ["a.wav", "b.wav"] {
        let (id, hold) = open(&mut machine, CaptureSettings::default());
        holds.push(hold);
        let path = folder.join(name);
        machine.world_mut().resource_mut::<Captures>().record(id, &path).unwrap();
        std::fs::create_dir(&path).unwrap();
    }
    machine.turn();
    let first = machine.finish_audio().unwrap_err().to_string();
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(first.contains("/a.wav: "), "{first}");
    let others = alerts(&machine);
    assert!(others.len() == 1 && others[0].contains("/b.wav: "), "{others:?}");
}

/// Numbers out of their range are refused, and so is one capture too many.
#[test]
fn what_cannot_be_is_refused() {
    let mut captures = Captures::default();
    let refusal = |captures: &mut Captures, settings: CaptureSettings| {
        captures.open(settings).unwrap_err().to_string()
    };
    let keep = CaptureSettings { keep_secs: f64::NAN, ..CaptureSettings::default() };
    assert_eq!(refusal(&mut captures, keep), "keep is NaN: give a number from 0.02 to 60");
    let block = CaptureSettings { block_samples: Some(1), ..CaptureSettings::default() };
    assert_eq!(refusal(&mut captures, block), "block is 1: give a number from 32 to 48000");
    let open = |_| captures.open(CaptureSettings::default()).unwrap();
    let holds: Vec<_> = (0..MAX_CAPTURES).map(open).collect();
    let refused = refusal(&mut captures, CaptureSettings::default());
    assert_eq!(refused, "there are 32 captures already: close one, or let go of it");
    // That takes effect at once.
    drop(holds);
    captures.open(CaptureSettings::default()).unwrap();
}
