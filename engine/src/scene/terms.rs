//! On what terms a scene has its processes stepped: what overrides the settings of their classes.

use ron::value::RawValue;
use serde::Deserialize;

use super::SceneError;
use super::file::{Reader, options};
use crate::clock::Flicks;
use crate::component::FieldValue;
use crate::message::MAX_MEMORY_SIZE;
use crate::nearest::{did_you_mean, nearest};
use crate::process::{Interval, Missed, Restart};
use crate::value::Value;

#[derive(Deserialize)]
#[serde(rename = "Restart", deny_unknown_fields, bound(deserialize = "'de: 'a"))]
struct RestartFile<'a> {
    #[serde(default)]
    limit: Option<&'a RawValue>,
    #[serde(default)]
    within: Option<&'a RawValue>,
}

impl Reader<'_> {
    pub(super) fn priority(&self, raw: &RawValue) -> Result<i32, SceneError> {
        let range = format!("a whole number from {} to {}", i32::MIN, i32::MAX);
        self.whole("priority", &range, raw, |_| true)
    }

    pub(super) fn interval(&self, raw: &RawValue) -> Result<f64, SceneError> {
        let seconds = self.number(raw)?.filter(|seconds| Interval::from_secs(*seconds).is_ok());
        seconds.ok_or_else(|| {
            let (min, max) = (Interval::MIN_SECS, Flicks::MAX_SECS);
            let range = format!("0 (every tick) or from {min} to {max} seconds");
            self.error(raw, format!("an interval is {range}, not {}", written(raw)))
        })
    }

    pub(super) fn missed(&self, raw: &RawValue) -> Result<Missed, SceneError> {
        let value: Value = self.read(raw)?;
        let name = if let Value::Str(name) = &value { name } else { "" };
        let policy = Missed::ALL.into_iter().find(|(known, _)| *known == name);
        policy.map(|(_, policy)| policy).ok_or_else(|| {
            // Enums of RON are words without quotes, and begin with a capital.
            let written = written(raw);
            let word = written.trim_matches('"').to_lowercase();
            let hint = nearest(&word, Missed::ALL.map(|(name, _)| name));
            let hint = did_you_mean(hint.map(|name| format!("{name:?}")).as_deref());
            let expected = "missed is one of \"skip\", \"burst\" and \"delay\"";
            self.error(raw, format!("{expected}, not {written}{hint}"))
        })
    }

    /// `None` is no restart, also where the class has one.
    pub(super) fn restart(&self, raw: &RawValue) -> Result<Option<Restart>, SceneError> {
        let text = raw.get_ron();
        let file = match options().from_str::<Option<RestartFile<'_>>>(text) {
            Ok(Some(file)) => file,
            Ok(None) => return Ok(None),
            Err(error) if is_about_a_field(&error.code) => {
                return Err(self.ron_error(self.start(raw), text, &error));
            }
            Err(_) => {
                self.read::<Value>(raw)?;
                let expected = "restart is (limit: ..., within: ...) or None";
                return Err(self.error(raw, format!("{expected}, not {}", written(raw))));
            }
        };
        let Restart { limit, within } = Restart::default();
        let range =
            format!("a whole number from 1 to {} (`restart: None` is no restart)", u32::MAX);
        let limit = file.limit.map_or(Ok(limit), |raw| {
            self.whole("a restart's limit", &range, raw, |limit| limit > 0)
        })?;
        let within = file.within.map_or(Ok(within), |raw| self.within(raw))?;
        Ok(Some(Restart { limit, within }))
    }

    fn within(&self, raw: &RawValue) -> Result<Flicks, SceneError> {
        let span = self.number(raw)?.and_then(|seconds| Flicks::from_secs(seconds).ok());
        let span = span.filter(|span| *span > Flicks::ZERO);
        span.ok_or_else(|| {
            let max = Flicks::MAX_SECS;
            let range = format!("a number of seconds above 0 and up to {max}");
            self.error(raw, format!("a restart's within is {range}, not {}", written(raw)))
        })
    }

    pub(super) fn memory_size(&self, raw: &RawValue) -> Result<usize, SceneError> {
        let range = format!("a whole number from 0 to {MAX_MEMORY_SIZE}, in bytes");
        self.whole("memory_size", &range, raw, |size| size <= MAX_MEMORY_SIZE)
    }

    /// A number, or `None` for what is none.
    fn number(&self, raw: &RawValue) -> Result<Option<f64>, SceneError> {
        Ok(f64::from_value(&self.read(raw)?))
    }

    /// A whole number that is in its range.
    pub(super) fn whole<N: TryFrom<i64> + Copy>(
        &self,
        name: &str,
        range: &str,
        raw: &RawValue,
        is_valid: impl FnOnce(N) -> bool,
    ) -> Result<N, SceneError> {
        let value = self.read(raw)?;
        let number = if let Value::Int(number) = value { N::try_from(number).ok() } else { None };
        match number {
            Some(number) if is_valid(number) => Ok(number),
            _ => Err(self.error(raw, format!("{name} is {range}, not {}", written(raw)))),
        }
    }
}

/// Whether a part is a struct, and one of its fields is at fault.
fn is_about_a_field(error: &ron::Error) -> bool {
    matches!(error, ron::Error::NoSuchStructField { .. } | ron::Error::DuplicateStructField { .. })
}

/// A part as it stands in the file, on one line and as far as a message has room for it.
fn written(raw: &RawValue) -> String {
    const SHOWN: usize = 40;
    let text = raw.get_ron().split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}
