//! The component `Sound`: what a process is heard with; and the system that plays it.
//!
//! It runs in the audio phase, before and after the tick is played. What it writes into a component
//! follows from simulation time alone, as all that the world knows of its voices does.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use bevy_ecs::change_detection::{DetectChanges as _, Ref, Tick};
use bevy_ecs::entity::Entity;
use bevy_ecs::query::QueryState;
use bevy_ecs::world::{FromWorld, World};

use super::fade::fade_length;
use super::folder::load_clip;
use super::{Audio, AudioError, PlaySettings, VoiceId};
use crate::alert::{self, Level};
use crate::component::component;
use crate::process::instance_name;

component! {
    /// A sound file that is heard for as long as its process has this.
    pub struct Sound {
        /// The sound's file, relative to the scene: WAV, OGG Vorbis, FLAC or MP3.
        clip: String = String::new(),
        /// Factor on the amplitude: 0 (silent) to 4; 1 is the file's own.
        volume: f64 = 1.0,
        /// -1 (left) to 1 (right).
        pan: f64 = 0.0,
        /// Factor on speed and frequency: 1/16 to 16.
        pitch: f64 = 1.0,
        /// Whether it begins again at its end.
        looped: bool = false,
        /// The name of the bus that it plays on.
        bus: String = String::from(super::MASTER_NAME),
        /// How long it takes to reach its volume when it starts, seconds: 0 to 3600.
        fade_in: f64 = 0.0,
        /// How long it takes to fall silent when it is stopped or taken away, seconds: 0 to 3600.
        fade_out: f64 = 0.0,
        /// Whether it is to be heard: false stops it, true starts it again. False after its end.
        playing: bool = true,
        /// Whether it came to its end, or its file cannot be played.
        finished: bool = false,
    }
}

/// The voices of the components, and what was last heard of them.
pub(crate) struct Sounds {
    all: QueryState<(Entity, Ref<'static, Sound>)>,
    live: BTreeMap<Entity, Live>,
    /// Those whose numbers were refused, so that each is told of once.
    refused: BTreeSet<Entity>,
    /// Changes up to this one have been heard.
    last_run: Tick,
}

/// A component that is heard.
struct Live {
    voice: VoiceId,
    heard: Sound,
}

impl FromWorld for Sounds {
    fn from_world(world: &mut World) -> Self {
        let (live, refused) = (BTreeMap::new(), BTreeSet::new());
        Self { all: world.query(), live, refused, last_run: Tick::new(0) }
    }
}

impl Sounds {
    /// Has the voices follow their components, before the tick is played.
    pub(super) fn follow(&mut self, world: &mut World) {
        for (process, sound) in self.take_changed(world) {
            self.apply(world, process, sound);
        }
        self.let_go(world);
        // What this has written is no news to it.
        self.last_run = world.increment_change_tick();
    }

    /// Tells the components whose voices have ended, after the tick has been played.
    pub(super) fn finish(&mut self, world: &mut World) {
        let audio = world.resource::<Audio>();
        let ended = |(_, live): &(&Entity, &Live)| !audio.is_playing(live.voice);
        let ended: Vec<Entity> =
            self.live.iter().filter(ended).map(|(process, _)| *process).collect();
        for process in ended {
            self.live.remove(&process);
            finish_sound(world, process);
        }
        self.last_run = world.increment_change_tick();
    }

    /// The components that are new or were written to since the last time.
    fn take_changed(&mut self, world: &mut World) -> Vec<(Entity, Sound)> {
        let (last_run, this_run) = (self.last_run, world.change_tick());
        self.all
            .iter(world)
            .filter(|(_, sound)| sound.last_changed().is_newer_than(last_run, this_run))
            .map(|(process, sound)| (process, Sound::clone(&sound)))
            .collect()
    }

    /// Plays a component as it is now; where that cannot be, it goes on as it was.
    fn apply(&mut self, world: &mut World, process: Entity, sound: Sound) {
        match self.try_apply(world, process, sound) {
            Ok(()) => {
                self.refused.remove(&process);
            }
            Err(error) if self.refused.insert(process) => {
                let name = instance_name(world, process);
                let text = format!("the Sound of {name} is not heard as it is set: {error}");
                alert::raise(world, "audio", Level::Error, text);
            }
            Err(_) => {}
        }
    }

    fn try_apply(
        &mut self,
        world: &mut World,
        process: Entity,
        sound: Sound,
    ) -> Result<(), AudioError> {
        let mut audio = world.resource_mut::<Audio>();
        let settings = sound.settings(&mut audio)?;
        if let Some(live) = self.live.get_mut(&process) {
            if sound.playing && sound.is_as_started(&live.heard) {
                return live.change(&mut audio, sound);
            }
            // Something else in its place needs no long farewell.
            let fade_out = if sound.playing { 0.0 } else { sound.fade_out };
            audio.fade_out(live.voice, fade_out)?;
            self.live.remove(&process);
        }
        if !sound.playing || sound.clip.is_empty() {
            return Ok(());
        }
        let Some(clip) = load_clip(world, Path::new(&sound.clip)) else {
            finish_sound(world, process);
            return Ok(());
        };
        let voice = world.resource_mut::<Audio>().play(clip, settings)?;
        self.live.insert(process, Live { voice, heard: sound });
        if let Some(mut sound) = world.get_mut::<Sound>(process) {
            sound.finished = false;
        }
        Ok(())
    }

    /// Fades out what no process has any more.
    fn let_go(&mut self, world: &mut World) {
        if self.live.is_empty() && self.refused.is_empty() {
            return;
        }
        let is_gone = |process: &Entity| world.get::<Sound>(*process).is_none();
        let gone: Vec<Entity> = self.live.keys().copied().filter(is_gone).collect();
        self.refused.retain(|process| !is_gone(process));
        let mut audio = world.resource_mut::<Audio>();
        for live in gone.iter().filter_map(|process| self.live.remove(process)) {
            // What was heard has been accepted before.
            let _ = audio.fade_out(live.voice, live.heard.fade_out);
        }
    }
}

impl Live {
    fn change(&mut self, audio: &mut Audio, sound: Sound) -> Result<(), AudioError> {
        if sound.volume != self.heard.volume {
            audio.set_volume(self.voice, sound.volume)?;
        }
        if sound.pan != self.heard.pan {
            audio.set_pan(self.voice, sound.pan)?;
        }
        if sound.pitch != self.heard.pitch {
            audio.set_pitch(self.voice, sound.pitch)?;
        }
        self.heard = sound;
        Ok(())
    }
}

impl Sound {
    /// What a voice is started with, if every number and name is one.
    fn settings(&self, audio: &mut Audio) -> Result<PlaySettings, AudioError> {
        fade_length("fade_out", self.fade_out)?;
        let settings = PlaySettings {
            volume: self.volume,
            pan: self.pan,
            pitch: self.pitch,
            looped: self.looped,
            fade_in_secs: self.fade_in,
            ..PlaySettings::default()
        };
        settings.check()?;
        Ok(PlaySettings { bus: audio.bus(&self.bus)?, ..settings })
    }

    /// Whether what cannot change while a voice is heard is as it was.
    fn is_as_started(&self, heard: &Self) -> bool {
        (&self.clip, &self.bus, self.looped) == (&heard.clip, &heard.bus, heard.looped)
    }
}

/// Writes down that a sound is over.
fn finish_sound(world: &mut World, process: Entity) {
    if let Some(mut sound) = world.get_mut::<Sound>(process) {
        sound.playing = false;
        sound.finished = true;
    }
}

#[cfg(test)]
mod tests;
