//! Captures: what is heard of the world outside.

use std::path::PathBuf;

use metapython_engine::audio::{
    Audio, CaptureHold, CaptureId, CaptureSettings, CaptureState, Captures, Channels,
    MAX_BLOCK_SAMPLES, MAX_DECODED_SECS, MAX_KEEP_SECS, MIN_BLOCK_SAMPLES, MIN_KEEP_SECS, Playable,
    load_clip,
};
use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyMemoryView};

use super::argument::{audio_error, within};
use crate::argument::{text, whole, wrong_type, wrong_value};
use crate::bindings::process::ProcessHandle;
use crate::lend::with_world;

/// What a microphone hears, or another input device: what `sound.capture` returns.
///
/// Each tick brings the samples of one tick. One that nobody holds any more is closed, unless it goes
/// to a process.
#[pyclass(frozen, module = "metapython")]
pub struct Capture {
    id: CaptureId,
    channels: Channels,
    _hold: CaptureHold,
}

#[pymethods]
impl Capture {
    /// Takes the samples that wait, oldest first, at most `count` of them: an array of float32 of
    /// shape (n, channels), -1 to 1 and `sound.sample_rate` a second.
    ///
    /// It is NumPy's once something has imported numpy, and else a memoryview, which has the same
    /// indices and can be written to a stream. Nothing waits where the samples go to a process.
    #[pyo3(signature = (count = None))]
    fn read<'py>(
        &self,
        py: Python<'py>,
        count: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let most = count.map_or(Ok(usize::MAX), |count| {
            whole("read(count)", "a number of samples, 0 or more", count)
        })?;
        let id = self.id;
        let values = with_world(|world| world.resource_mut::<Captures>().read(id, most))?;
        block_of(py, &values, self.channels.count())
    }

    /// Writes what is heard from the next tick on to a WAV file of 16 bits. The path is relative to
    /// the folder that the program was started in. The file is there when it is whole, a moment after
    /// `stop_recording()`, `close()` or the end of the machine; until then `NAME.partial` has what is
    /// known so far. One that the disk has no room for ends early, which is told of.
    ///
    /// Raises OSError if it cannot be created, or is being written already.
    fn record(&self, path: &Bound<'_, PyAny>) -> PyResult<()> {
        let path: PathBuf =
            path.extract().map_err(|_| wrong_type("record(path)", "the path of a file", path))?;
        let id = self.id;
        with_world(|world| world.resource_mut::<Captures>().record(id, &path))?
            .map_err(|error| PyOSError::new_err(error.to_string()))
    }

    /// Ends the file.
    fn stop_recording(&self) -> PyResult<()> {
        let id = self.id;
        with_world(|world| world.resource_mut::<Captures>().stop_recording(id))
    }

    /// Stops listening, and ends the file. What waits is gone.
    fn close(&self) -> PyResult<()> {
        let id = self.id;
        with_world(|world| world.resource_mut::<Captures>().close(id))
    }

    /// The name of the device that is heard in this tick; None if none is there.
    #[getter]
    fn device(&self) -> PyResult<Option<String>> {
        self.state().map(|state| state.heard)
    }

    /// How many values a sample has: 1 or 2.
    #[getter]
    fn channels(&self) -> usize {
        self.channels.count()
    }

    /// How many samples wait to be read.
    #[getter]
    fn waiting(&self) -> PyResult<usize> {
        self.state().map(|state| state.waiting_samples)
    }

    /// The loudest value of this tick: 0 is silence, 1 full scale.
    #[getter]
    fn peak(&self) -> PyResult<f32> {
        self.state().map(|state| state.peak)
    }

    /// How often samples were lost: nobody read them for too long, a mailbox was full, or the machine
    /// was too slow for the device.
    #[getter]
    fn overruns(&self) -> PyResult<u64> {
        self.state().map(|state| state.overruns)
    }

    /// Whether a file is being written.
    #[getter]
    fn is_recording(&self) -> PyResult<bool> {
        self.state().map(|state| state.is_recording)
    }

    /// Whether nothing more will come.
    #[getter]
    fn is_closed(&self) -> PyResult<bool> {
        self.state().map(|state| state.is_closed)
    }
}

impl Capture {
    /// Begins to listen.
    ///
    /// # Errors
    /// `ValueError` for one capture too many, and for a sound that is too long to stand in.
    pub(super) fn open(
        mut settings: CaptureSettings,
        otherwise: Option<PathBuf>,
    ) -> PyResult<Self> {
        let channels = settings.channels;
        let (id, hold) = with_world(|world| {
            if let Some(clip) = otherwise.and_then(|path| load_clip(world, &path)) {
                settings.otherwise = match world.resource::<Audio>().clip(clip) {
                    Some(Playable::Short(clip)) => Some(clip.clone()),
                    _ => {
                        return Err(PyValueError::new_err(format!(
                            "capture(otherwise) takes a sound of at most {MAX_DECODED_SECS} seconds"
                        )));
                    }
                };
            }
            world.resource_mut::<Captures>().open(settings).map_err(audio_error)
        })??;
        Ok(Self { id, channels, _hold: hold })
    }

    fn state(&self) -> PyResult<CaptureState> {
        let id = self.id;
        with_world(|world| world.resource::<Captures>().state(id))
    }
}

pub(super) fn device_of(device: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    if device.is_none() {
        return Ok(None);
    }
    let takes = "the id or the name of a device, or None";
    match text("capture(device)", takes, device)? {
        "" => Err(wrong_value("capture(device)", takes, device)),
        name => Ok(Some(name.to_owned())),
    }
}

pub(super) fn channels_of(channels: &Bound<'_, PyAny>) -> PyResult<Channels> {
    let (what, takes) = ("capture(channels)", "1 or 2");
    match whole::<u64>(what, takes, channels)? {
        1 => Ok(Channels::Mono),
        2 => Ok(Channels::Stereo),
        _ => Err(wrong_value(what, takes, channels)),
    }
}

pub(super) fn keep_of(keep: &Bound<'_, PyAny>) -> PyResult<f64> {
    within("capture(keep)", MIN_KEEP_SECS, MAX_KEEP_SECS, "seconds", keep)
}

pub(super) fn receiver_of(to: &Bound<'_, PyAny>) -> PyResult<Option<bevy_ecs::entity::Entity>> {
    if to.is_none() {
        return Ok(None);
    }
    let process = to.cast::<ProcessHandle>();
    let process = process.map_err(|_| wrong_type("capture(to)", "a process, or None", to))?;
    process.get().with(|_, entity| Some(entity))
}

pub(super) fn block_samples_of(block: &Bound<'_, PyAny>) -> PyResult<Option<usize>> {
    if block.is_none() {
        return Ok(None);
    }
    let takes = format!("{MIN_BLOCK_SAMPLES} to {MAX_BLOCK_SAMPLES} samples, or None");
    let samples = whole("capture(block)", &takes, block)?;
    match (MIN_BLOCK_SAMPLES..=MAX_BLOCK_SAMPLES).contains(&samples) {
        true => Ok(Some(samples)),
        false => Err(wrong_value("capture(block)", &takes, block)),
    }
}

pub(super) fn otherwise_of(path: &Bound<'_, PyAny>) -> PyResult<Option<PathBuf>> {
    let takes = "the path of a sound file, or None";
    path.extract().map_err(|_| wrong_type("capture(otherwise)", takes, path))
}

/// Values as an array of shape (n, channels).
fn block_of<'py>(py: Python<'py>, values: &[f32], channels: usize) -> PyResult<Bound<'py, PyAny>> {
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_ne_bytes()).collect();
    let bytes = PyMemoryView::from(PyByteArray::new(py, &bytes).as_any())?;
    let shape = (values.len() / channels, channels);
    let view = match shape {
        // A memoryview of nothing has no second dimension.
        (0, _) => bytes.call_method1("cast", ("f",))?,
        shape => bytes.call_method1("cast", ("f", shape))?,
    };
    match py.import("sys")?.getattr("modules")?.call_method1("get", ("numpy",))? {
        numpy if numpy.is_none() => Ok(view),
        numpy => numpy.call_method1("asarray", (view,))?.call_method1("reshape", (shape,)),
    }
}
