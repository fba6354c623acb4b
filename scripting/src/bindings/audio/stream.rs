//! Streams: sound that a process makes block by block.

use std::sync::Arc;

use metapython_engine::audio::{
    Audio, SAMPLE_RATE_HZ, SampleRing, StereoSample, StreamState, VoiceId,
};
use pyo3::buffer::{ElementType, PyUntypedBuffer};
use pyo3::prelude::*;

use super::argument::audio_error;
use super::voice::Voice;
use crate::argument::{wrong_type, wrong_value};
use crate::lend::with_world;

const TAKES: &str =
    "a float32 array of shape (n,) or (n, 2), as block.astype(\"float32\") makes one";

/// A voice whose samples a process makes, block by block: what `sound.stream` returns.
///
/// It is heard once half of what can be written ahead is there. Where it runs dry it is silent until
/// then again. Its pitch is that of its samples. One that nobody holds any more is closed.
#[pyclass(frozen, extends = Voice, module = "metapython")]
pub struct Stream {
    ring: Option<Arc<SampleRing>>,
}

impl Drop for Stream {
    /// Nobody can write to it any more, and it would run dry for ever.
    fn drop(&mut self) {
        if let Some(ring) = &self.ring {
            ring.close();
        }
    }
}

#[pymethods]
impl Stream {
    /// Appends samples: a float32 array of shape (n,) for both sides, or (n, 2) for left and right,
    /// -1 to 1, `sound.sample_rate` a second.
    ///
    /// Raises ValueError, and appends nothing, if there is no room for all of them, if one is not
    /// finite, or after `close()`. Does nothing once the stream has ended.
    fn write(stream: &Bound<'_, Self>, block: &Bound<'_, PyAny>) -> PyResult<()> {
        let samples = samples_of(block)?;
        let Some(id) = Self::id(stream) else { return Ok(()) };
        with_world(|world| world.resource_mut::<Audio>().write_stream(id, &samples))?
            .map_err(audio_error)
    }

    /// Ends it when all of it has been heard.
    fn close(stream: &Bound<'_, Self>) -> PyResult<()> {
        let Some(id) = Self::id(stream) else { return Ok(()) };
        with_world(|world| world.resource_mut::<Audio>().close_stream(id))
    }

    /// How many samples can be written now; 0 once it is closed.
    #[getter]
    fn room(stream: &Bound<'_, Self>) -> PyResult<u64> {
        let StreamState { room_samples, is_closed, .. } = Self::state(stream)?;
        Ok(if is_closed { 0 } else { room_samples })
    }

    /// How much is still to be heard, in seconds of simulation time.
    #[getter]
    fn buffered(stream: &Bound<'_, Self>) -> PyResult<f64> {
        Ok(Self::state(stream)?.buffered_samples as f64 / f64::from(SAMPLE_RATE_HZ))
    }

    /// How often it has run dry.
    #[getter]
    fn underruns(stream: &Bound<'_, Self>) -> PyResult<u64> {
        Ok(Self::state(stream)?.underruns)
    }
}

impl Stream {
    pub(super) fn new(ring: Option<Arc<SampleRing>>) -> Self {
        Self { ring }
    }

    fn id(stream: &Bound<'_, Self>) -> Option<VoiceId> {
        stream.as_super().get().id
    }

    fn state(stream: &Bound<'_, Self>) -> PyResult<StreamState> {
        let Some(id) = Self::id(stream) else { return Ok(StreamState::default()) };
        with_world(|world| world.resource_mut::<Audio>().stream_state(id))
    }
}

/// The samples of a block, mono on both sides.
fn samples_of(block: &Bound<'_, PyAny>) -> PyResult<Vec<StereoSample>> {
    let refused = |_| wrong_type("write(block)", TAKES, block);
    let buffer = PyUntypedBuffer::get(block).map_err(refused)?;
    let is_float32 = ElementType::from_format(buffer.format()) == ElementType::Float { bytes: 4 };
    if is_float32 && buffer.item_count() == 0 {
        // Nothing may lie anywhere, and not where a number could.
        return Ok(Vec::new());
    }
    let buffer = buffer.into_typed::<f32>().map_err(refused)?;
    let values = buffer.to_vec(block.py())?;
    match buffer.shape() {
        [_] | [_, 1] => Ok(values.into_iter().map(|value| [value; 2]).collect()),
        [_, 2] => Ok(values.as_chunks::<2>().0.to_vec()),
        _ => Err(wrong_value("write(block)", TAKES, block)),
    }
}
