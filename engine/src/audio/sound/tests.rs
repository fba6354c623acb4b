use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use super::*;
use crate::alert::Alerts;
use crate::audio::{
    AudioBackend, AudioBatch, AudioEvent, Mixer, SAMPLE_RATE_HZ, SoundFolder, StereoSample,
    TimedCommand,
};
use crate::machine::Machine;

/// Samples in a tick at 60 Hz.
const TICK: usize = 800;

/// Keeps what a mixer makes of each tick.
struct Ears {
    mixer: Mixer,
    heard: Arc<Mutex<Vec<StereoSample>>>,
}

impl AudioBackend for Ears {
    fn play_tick(&mut self, batch: &AudioBatch<'_>, _events: &mut Vec<AudioEvent>) {
        for TimedCommand { at_sample, command } in batch.commands().iter().cloned() {
            self.mixer.push(at_sample.unwrap_or(0), command).unwrap();
        }
        let mut output = vec![[0.0; 2]; batch.span().sample_count() as usize];
        self.mixer.render(&mut output);
        self.heard.lock().unwrap().extend(output);
    }
}

/// A machine in whose folder `tone.wav` has 2,000 samples of 0.25, and what is heard of it.
struct Room {
    machine: Machine,
    heard: Arc<Mutex<Vec<StereoSample>>>,
    folder: PathBuf,
}

impl Room {
    fn new(name: &str) -> Self {
        let folder =
            std::env::temp_dir().join(format!("metapython-sound-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let spec = hound::WavSpec {
            channels: 2,
            sample_rate: SAMPLE_RATE_HZ,
            bits_per_sample: 32,
            sample_format: hound::SampleFormat::Float,
        };
        let mut file = hound::WavWriter::create(folder.join("tone.wav"), spec).unwrap();
        (0..4_000).for_each(|_| file.write_sample(0.25_f32).unwrap());
        file.finalize().unwrap();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let ears = Ears { mixer: Mixer::new(SAMPLE_RATE_HZ), heard: Arc::clone(&heard) };
        let mut machine = Machine::builder().audio(Box::new(ears)).build();
        machine.world_mut().insert_resource(SoundFolder::new(&folder));
        Self { machine, heard, folder }
    }

    fn spawn(&mut self, sound: Sound) -> Entity {
        self.machine.world_mut().spawn(sound).id()
    }

    fn change(&mut self, process: Entity, change: impl FnOnce(&mut Sound)) {
        change(&mut self.machine.world_mut().get_mut::<Sound>(process).unwrap());
    }

    fn sound(&self, process: Entity) -> &Sound {
        self.machine.world().get::<Sound>(process).unwrap()
    }

    /// What is heard in so many more ticks, on the left.
    fn listen(&mut self, ticks: usize) -> Vec<f32> {
        self.heard.lock().unwrap().clear();
        (0..ticks).for_each(|_| self.machine.turn());
        self.heard.lock().unwrap().iter().map(|sample| sample[0]).collect()
    }

    fn alerts(&self) -> Vec<String> {
        let alerts = self.machine.world().resource::<Alerts>();
        alerts.recent().map(|alert| alert.text.to_string()).collect()
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn tone() -> Sound {
    Sound { clip: "tone.wav".to_owned(), ..Sound::default() }
}

/// A sound is heard from the tick on in which a process gets it, to its end, which the component
/// tells; set to be played again, it is.
#[test]
fn a_sound_plays_to_its_end() {
    let mut room = Room::new("end");
    let process = room.spawn(tone());
    let heard = room.listen(2);
    assert_eq!((heard[0], heard[1_599]), (0.25, 0.25));
    assert!(room.sound(process).playing && !room.sound(process).finished);
    let heard = room.listen(2);
    assert_eq!((heard[399], heard[400]), (0.25, 0.0));
    assert!(!room.sound(process).playing && room.sound(process).finished);
    assert_eq!(room.listen(2), vec![0.0; 2 * TICK]);
    room.change(process, |sound| sound.playing = true);
    assert_eq!(room.listen(1), vec![0.25; TICK]);
    assert!(!room.sound(process).finished);
}

/// Volume, pan and pitch follow within 5 ms, without the sound beginning anew.
#[test]
fn changes_are_heard_within_5_ms() {
    let mut room = Room::new("changes");
    let process = room.spawn(Sound { looped: true, ..tone() });
    room.listen(1);
    room.change(process, |sound| sound.volume = 0.5);
    assert_eq!(room.listen(1)[239], 0.125);
    room.change(process, |sound| sound.pan = 1.0);
    assert!(room.listen(1)[239].abs() < 1e-6);
    assert_eq!(room.machine.world().resource::<Audio>().playing().count(), 1);
    room.change(process, |sound| sound.bus = "music".to_owned());
    room.listen(1);
    assert_eq!(room.machine.world().resource::<Audio>().playing().count(), 1);
}

/// Stopped, taken away or deleted with its process, a sound fades out for as long as it says.
#[test]
fn a_sound_that_goes_fades_out() {
    let looped = Sound { looped: true, fade_out: 0.05, ..tone() };
    for (number, act) in [0, 1, 2].into_iter().enumerate() {
        let mut room = Room::new(&format!("goes-{number}"));
        let process = room.spawn(looped.clone());
        room.listen(1);
        match act {
            0 => room.change(process, |sound| sound.playing = false),
            1 => drop(room.machine.world_mut().entity_mut(process).take::<Sound>()),
            _ => drop(room.machine.world_mut().despawn(process)),
        }
        let heard = room.listen(4);
        assert!((heard[1_199] - 0.125).abs() < 1e-4, "half way: {}", heard[1_199]);
        assert_eq!((heard[2_399], heard[3_199]), (0.0, 0.0));
    }
}

/// A sound that fades in is silent at first, and as loud as it should be after it.
#[test]
fn a_sound_fades_in() {
    let mut room = Room::new("in");
    room.spawn(Sound { fade_in: 0.05, looped: true, ..tone() });
    let heard = room.listen(4);
    assert!((heard[1_199] - 0.125).abs() < 1e-4 && heard[0] < 0.001);
    assert_eq!(heard[2_399], 0.25);
}

/// A file that is not there is one alert, however many processes have it, and silence that has come to
/// its end.
#[test]
fn a_missing_file_is_told_of_once() {
    let mut room = Room::new("missing");
    let missing = Sound { clip: "none.wav".to_owned(), ..Sound::default() };
    let first = room.spawn(missing.clone());
    room.spawn(missing);
    assert_eq!(room.listen(3), vec![0.0; 3 * TICK]);
    let alerts = room.alerts();
    assert_eq!(alerts.len(), 1, "{alerts:?}");
    assert!(alerts[0].contains("none.wav") && alerts[0].ends_with("check the path"));
    assert!(room.sound(first).finished);
}

/// A number out of its range is one alert with the range, and the sound goes on as it was until it is
/// set right.
#[test]
fn a_bad_number_is_told_of_once() {
    let mut room = Room::new("bad");
    let process = room.spawn(Sound { looped: true, ..tone() });
    room.listen(1);
    for volume in [9.0, f64::NAN, 11.0] {
        room.change(process, |sound| sound.volume = volume);
        assert_eq!(room.listen(1), vec![0.25; TICK]);
    }
    let alerts = room.alerts();
    assert_eq!(alerts.len(), 1, "{alerts:?}");
    assert!(alerts[0].ends_with("volume is 9: give a number from 0 to 4"), "{}", alerts[0]);
    room.change(process, |sound| sound.volume = 2.0);
    assert_eq!(room.listen(1)[TICK - 1], 0.5);
    room.change(process, |sound| sound.fade_out = -1.0);
    room.listen(1);
    assert_eq!(room.alerts().len(), 2);
}

/// A component that a process writes to in each tick plays on, and a loop never ends.
#[test]
fn a_component_that_is_written_in_each_tick_plays_on() {
    let mut room = Room::new("each");
    let process = room.spawn(Sound { looped: true, ..tone() });
    for _ in 0..5 {
        room.change(process, |sound| sound.volume = 1.0);
        assert_eq!(room.listen(1), vec![0.25; TICK]);
    }
    assert!(!room.sound(process).finished);
}
