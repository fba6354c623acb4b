//! What a scene says of its sound: how its buses are set.

use std::fmt::Write as _;

use ron::value::RawValue;
use serde::Deserialize;

use super::SceneError;
use super::file::{Entries, Reader, options};
use crate::audio::{Audio, BusSettings, Delay, Effects, LowPass, Reverb};

/// The section `audio` of a scene.
#[derive(Deserialize)]
#[serde(rename = "Audio", deny_unknown_fields, bound(deserialize = "'de: 'a"))]
struct AudioFile<'a> {
    #[serde(default)]
    buses: Entries<'a>,
}

#[derive(Deserialize)]
#[serde(rename = "Bus", deny_unknown_fields, default)]
struct BusFile {
    volume: f64,
    muted: bool,
    low_pass: Option<LowPass>,
    delay: Option<Delay>,
    reverb: Option<Reverb>,
}

impl Default for BusFile {
    fn default() -> Self {
        let BusSettings { volume, muted, effects } = BusSettings::default();
        let Effects { low_pass, delay, reverb } = effects;
        Self { volume, muted, low_pass, delay, reverb }
    }
}

impl Reader<'_> {
    /// The buses that a scene sets, in the order of the file.
    pub(super) fn buses(&self, raw: &RawValue) -> Result<Vec<(String, BusSettings)>, SceneError> {
        let text = raw.get_ron();
        let AudioFile { buses } = options()
            .from_str(text)
            .map_err(|error| self.ron_error(self.start(raw), text, &error))?;
        // Sound that nobody hears, in which names and numbers are refused as they would be later.
        let mut audio = Audio::default();
        let bus = |(name, raw): &(String, &RawValue)| {
            let BusFile { volume, muted, low_pass, delay, reverb } = self.read(raw)?;
            let effects = Effects { low_pass, delay, reverb };
            let settings = BusSettings { volume, muted, effects };
            let made = audio.bus(name).and_then(|bus| audio.set_bus(bus, &settings));
            made.map_err(|error| self.error(raw, format!("the bus {name:?}: {error}")))?;
            Ok((name.clone(), settings))
        };
        buses.0.iter().map(bus).collect()
    }
}

/// The section `audio` of a scene with these buses, if it needs one.
pub(super) fn to_ron(buses: &[(String, BusSettings)]) -> String {
    let mut out = String::new();
    if buses.is_empty() {
        return out;
    }
    // Writing into a text cannot fail.
    out += "    audio: (buses: {\n";
    for (name, BusSettings { volume, muted, effects }) in buses {
        let _ = write!(out, "        {name:?}: (volume: {volume:?}, muted: {muted}");
        if let Some(LowPass { cutoff_hz, resonance }) = effects.low_pass {
            let _ = write!(out, ", low_pass: (cutoff: {cutoff_hz:?}, resonance: {resonance:?})");
        }
        if let Some(Delay { time_secs, feedback, mix }) = effects.delay {
            let _ =
                write!(out, ", delay: (time: {time_secs:?}, feedback: {feedback:?}, mix: {mix:?})");
        }
        if let Some(Reverb { room, damping, mix }) = effects.reverb {
            let _ = write!(out, ", reverb: (room: {room:?}, damping: {damping:?}, mix: {mix:?})");
        }
        out += "),\n";
    }
    out += "    }),\n";
    out
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::component::ComponentRegistry;
    use crate::scene::Scene;

    fn parse(text: &str) -> Result<Scene, SceneError> {
        Scene::parse(Path::new("test.ron"), text.to_owned(), &ComponentRegistry::default())
    }

    /// What is written is read as the same, and what is not given is as ever.
    #[test]
    fn buses_are_read_and_written() {
        let text = "(audio: (buses: {\"music\": (volume: 0.5, low_pass: (cutoff: 800)),
            \"effects\": (muted: true, delay: (time: 0.25), reverb: ())}))";
        let scene = parse(text).unwrap();
        let low_pass = LowPass { cutoff_hz: 800.0, ..LowPass::default() };
        let effects = Effects { low_pass: Some(low_pass), ..Effects::default() };
        let music = BusSettings { volume: 0.5, effects, ..BusSettings::default() };
        assert_eq!(scene.buses[0], ("music".to_owned(), music));
        assert_eq!(scene.buses[1].1.effects.reverb, Some(Reverb::default()));
        assert_eq!(parse(&scene.to_ron()).unwrap().buses, scene.buses);
        assert!(!parse("()").unwrap().to_ron().contains("audio"));
    }

    /// Whatever is wrong is refused where it stands, and in the words of a script's refusal.
    #[test]
    fn mistakes_are_located() {
        let error = |text: &str| parse(text).unwrap_err().to_string();
        assert_eq!(
            error("(audio: (buses: {\"music\": (volum: 0.5)}))"),
            "test.ron:1:28: the bus has no field `volum`; did you mean `volume`?"
        );
        let refused = error("(audio: (buses: {\"music\": (low_pass: (cutof: 800))}))");
        assert!(refused.ends_with("the low_pass has no field `cutof`; did you mean `cutoff`?"));
        assert_eq!(
            error("(audio: (buses: {\"music\": (volume: NaN)}))"),
            "test.ron:1:27: the bus \"music\": volume is NaN: give a number from 0 to 4"
        );
        let refused = error("(audio: (buses: {\"\": ()}))");
        assert!(refused.contains("cannot be the name of a bus"), "{refused}");
    }
}
