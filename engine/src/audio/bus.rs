//! What the world knows of its buses: their names, volumes and effects.

use super::Audio;
use super::command::Command;
use super::effect::Effects;
use super::error::AudioError;
use super::fade::{Fade, Glide, fade_length};
use super::settings::check_volume;

/// How many buses there can be beside the master.
pub const MAX_BUSES: usize = 16;

/// The longest name of a bus, in characters.
pub const MAX_BUS_NAME: usize = 64;

/// The name of the bus that all others lead to.
pub const MASTER_NAME: &str = "master";

/// A bus: voices are added up on it, pass its effects and its volume, and go on to the master.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BusId(u8);

impl BusId {
    /// The bus that all others lead to, and that leads to the output.
    pub const MASTER: Self = Self(0);

    /// The bus at this place in the order in which they were first named; the master is 0.
    pub const fn from_index(index: u8) -> Self {
        Self(index)
    }

    /// Its place in the order in which they were first named; the master is 0.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A bus as it is set, all in one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BusSettings {
    /// Factor on the amplitude: 0 (silent) to [`MAX_VOLUME`](super::MAX_VOLUME).
    pub volume: f64,
    /// Whether nothing of it is heard, whatever its volume.
    pub muted: bool,
    /// What its sound passes before the volume.
    pub effects: Effects,
}

impl Default for BusSettings {
    fn default() -> Self {
        Self { volume: 1.0, muted: false, effects: Effects::default() }
    }
}

impl BusSettings {
    /// # Errors
    /// [`AudioError::OutOfRange`] for the first number outside of its range.
    pub(crate) fn check(&self) -> Result<(), AudioError> {
        check_volume(self.volume)?;
        self.effects.check()
    }
}

/// A bus for a mixer that knows nothing of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BusStart {
    /// The bus.
    pub bus: BusId,
    /// Its volume, and where that is going.
    pub volume: Glide,
    /// Whether it is muted.
    pub muted: bool,
    /// Its effects, without what they still hold of the past.
    pub effects: Effects,
}

/// All buses, in the order in which they were first named.
#[derive(Debug)]
pub(crate) struct Buses(Vec<Bus>);

#[derive(Debug)]
pub(crate) struct Bus {
    name: String,
    pub(crate) volume: Fade,
    pub(crate) muted: bool,
    pub(crate) effects: Effects,
}

impl Bus {
    fn new(name: &str) -> Self {
        let BusSettings { volume, muted, effects } = BusSettings::default();
        Self { name: name.to_owned(), volume: Fade::at(volume), muted, effects }
    }
}

impl Default for Buses {
    /// The master alone.
    fn default() -> Self {
        Self(vec![Bus::new(MASTER_NAME)])
    }
}

impl Buses {
    /// The bus of this name, which is made by naming it.
    ///
    /// # Errors
    /// [`AudioError::BusName`], [`AudioError::TooManyBuses`].
    pub(crate) fn named(&mut self, name: &str) -> Result<BusId, AudioError> {
        if let Some(index) = self.0.iter().position(|bus| bus.name == name) {
            return Ok(BusId(index as u8));
        }
        let length = name.chars().count();
        if length == 0 || length > MAX_BUS_NAME || name.chars().any(char::is_control) {
            return Err(AudioError::BusName(name.chars().take(MAX_BUS_NAME).collect()));
        }
        if self.0.len() > MAX_BUSES {
            let names: Vec<&str> = self.0.iter().map(|bus| bus.name.as_str()).collect();
            let known = names.join(", ");
            return Err(AudioError::TooManyBuses { name: name.to_owned(), known });
        }
        self.0.push(Bus::new(name));
        Ok(BusId((self.0.len() - 1) as u8))
    }

    pub(crate) fn get(&self, bus: BusId) -> Option<&Bus> {
        self.0.get(bus.index())
    }

    pub(crate) fn get_mut(&mut self, bus: BusId) -> Option<&mut Bus> {
        self.0.get_mut(bus.index())
    }

    /// The names with their buses, in order.
    pub(crate) fn names(&self) -> impl Iterator<Item = (&str, BusId)> {
        self.0.iter().enumerate().map(|(index, bus)| (bus.name.as_str(), BusId(index as u8)))
    }

    /// What a mixer has to know of each bus at a sample.
    pub(crate) fn starts_at(&self, sample: u64) -> impl Iterator<Item = BusStart> {
        self.0.iter().enumerate().map(move |(index, bus)| BusStart {
            bus: BusId(index as u8),
            volume: bus.volume.rest_at(sample),
            muted: bus.muted,
            effects: bus.effects,
        })
    }
}

impl Audio {
    /// The bus of this name; the first to name a bus makes it, at volume 1 and without effects.
    /// "master" is [`BusId::MASTER`].
    ///
    /// # Errors
    /// [`AudioError::BusName`] for a text that is no name, [`AudioError::TooManyBuses`] for one more
    /// than [`MAX_BUSES`] beside the master.
    pub fn bus(&mut self, name: &str) -> Result<BusId, AudioError> {
        self.buses.named(name)
    }

    /// The names of the buses, in the order in which they were first named.
    pub fn bus_names(&self) -> impl Iterator<Item = (&str, BusId)> {
        self.buses.names()
    }

    /// How a bus is set now; in a fade, the volume at the start of this tick.
    ///
    /// # Errors
    /// [`AudioError::UnknownBus`].
    pub fn bus_settings(&self, bus: BusId) -> Result<BusSettings, AudioError> {
        let Bus { volume, muted, effects, .. } =
            self.buses.get(bus).ok_or(AudioError::UnknownBus(bus))?;
        let volume = volume.value_at(self.now_sample);
        Ok(BusSettings { volume, muted: *muted, effects: *effects })
    }

    /// Sets all of a bus, within 5 ms.
    ///
    /// # Errors
    /// [`AudioError::OutOfRange`], [`AudioError::UnknownBus`].
    pub fn set_bus(&mut self, bus: BusId, settings: &BusSettings) -> Result<(), AudioError> {
        settings.check()?;
        self.fade_bus(bus, settings.volume, 0.0)?;
        self.set_bus_muted(bus, settings.muted)?;
        self.set_effects(bus, settings.effects)
    }

    /// All buses that somebody has set, with their names, as they are now.
    pub fn bus_list(&self) -> Vec<(String, BusSettings)> {
        let settings = |(name, bus): (&str, BusId)| (name.to_owned(), self.bus_settings(bus));
        let known = self.buses.names().map(settings);
        let known = known.filter_map(|(name, settings)| Some((name, settings.ok()?)));
        known.filter(|(_, settings)| *settings != BusSettings::default()).collect()
    }

    /// Sets these buses, and all others as they are when nobody has set them.
    ///
    /// # Errors
    /// As [`bus`](Self::bus) and [`set_bus`](Self::set_bus).
    pub fn reset_buses(&mut self, settings: &[(String, BusSettings)]) -> Result<(), AudioError> {
        let others: Vec<BusId> = self.buses.names().map(|(_, bus)| bus).collect();
        for bus in others {
            self.set_bus(bus, &BusSettings::default())?;
        }
        for (name, settings) in settings {
            let bus = self.bus(name)?;
            self.set_bus(bus, settings)?;
        }
        Ok(())
    }

    /// Changes the volume of a bus in a straight line over so many seconds: 0 to
    /// [`MAX_FADE_SECS`](super::MAX_FADE_SECS), and 5 ms at least.
    ///
    /// # Errors
    /// [`AudioError::OutOfRange`], [`AudioError::UnknownBus`].
    pub fn fade_bus(&mut self, bus: BusId, volume: f64, secs: f64) -> Result<(), AudioError> {
        check_volume(volume)?;
        let samples = fade_length("seconds", secs)?;
        let now_sample = self.now_sample;
        let known = self.buses.get_mut(bus).ok_or(AudioError::UnknownBus(bus))?;
        known.volume.head_for(volume, now_sample, samples);
        self.changes.push(Command::SetBusVolume { bus, volume, samples });
        Ok(())
    }

    /// Mutes a bus within 5 ms, or no longer. Its voices and its echoes go on unheard.
    ///
    /// # Errors
    /// [`AudioError::UnknownBus`].
    pub fn set_bus_muted(&mut self, bus: BusId, muted: bool) -> Result<(), AudioError> {
        self.buses.get_mut(bus).ok_or(AudioError::UnknownBus(bus))?.muted = muted;
        self.changes.push(Command::SetBusMuted(bus, muted));
        Ok(())
    }

    /// Changes the effects of a bus within 5 ms.
    ///
    /// # Errors
    /// [`AudioError::OutOfRange`], [`AudioError::UnknownBus`].
    pub fn set_effects(&mut self, bus: BusId, effects: Effects) -> Result<(), AudioError> {
        effects.check()?;
        self.buses.get_mut(bus).ok_or(AudioError::UnknownBus(bus))?.effects = effects;
        self.changes.push(Command::SetEffects(bus, effects));
        Ok(())
    }

    /// Changes the volume of everything within 5 ms: 0 to [`MAX_VOLUME`](super::MAX_VOLUME).
    ///
    /// # Errors
    /// [`AudioError::OutOfRange`].
    pub fn set_master_volume(&mut self, volume: f64) -> Result<(), AudioError> {
        self.fade_bus(BusId::MASTER, volume, 0.0)
    }

    /// The volume of everything.
    pub fn master_volume(&self) -> f64 {
        self.bus_settings(BusId::MASTER).map_or(1.0, |settings| settings.volume)
    }
}
