//! The window on the screen.

use std::cell::Cell;
use std::env;
use std::rc::Rc;
use std::time::Duration;

use sdl2::VideoSubsystem;
use sdl2::pixels::PixelFormatEnum;
use sdl2::render::Canvas;
use sdl2::surface::Surface as SdlSurface;
use sdl2::video::{FullscreenType, Window as SdlWindow};

use super::events::WindowInput;
use super::offscreen::OffscreenDisplay;
use super::painter::Painter;
use super::textures::smaller;
use crate::render::{Display, DisplayError, Fit, Frame, ImageId, Picture, Surface, Window};

/// Pixels on an inch of what desktops take for an ordinary screen.
const ORDINARY_DPI: f32 = 96.0;
/// Frames a second where the screen does not say.
const DEFAULT_HZ: f64 = 60.0;

/// Opens a window on the screen.
///
/// # Errors
/// [`DisplayError::NoWindow`] says what failed: most often, that there is no screen.
pub fn open(window: &Window) -> Result<(WindowDisplay, WindowInput), DisplayError> {
    let no_window = |reason: String| DisplayError::NoWindow { reason };
    // Signals are the program's own: Ctrl-C must stop it, not be made an event of.
    sdl2::hint::set("SDL_NO_SIGNAL_HANDLERS", "1");
    // A window among others has no business to switch the desktop's compositor off.
    sdl2::hint::set("SDL_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR", "0");
    // Many draws in one go, also where the user chose the renderer.
    sdl2::hint::set("SDL_RENDER_BATCHING", "1");
    let driver_is_chosen = env::var_os("SDL_VIDEODRIVER").is_some();
    if cfg!(target_os = "linux") && !driver_is_chosen && env::var_os("XDG_RUNTIME_DIR").is_none() {
        // There can be no Wayland then, and its library would say so on the error stream.
        sdl2::hint::set("SDL_VIDEODRIVER", "x11,kmsdrm");
    }
    let sdl = sdl2::init().map_err(no_window)?;
    let video = sdl.video();
    // Without a screen SDL falls back on drivers that show nothing. That is no window, unless the
    // user asked for exactly that.
    let is_shown = |video: &VideoSubsystem| {
        !matches!(video.current_video_driver(), "dummy" | "offscreen" | "evdev")
    };
    if !driver_is_chosen && !video.as_ref().is_ok_and(is_shown) {
        let reason = "there is no screen (neither DISPLAY nor WAYLAND_DISPLAY leads to one)";
        return Err(no_window(reason.into()));
    }
    let video = video.map_err(no_window)?;
    if video.current_video_driver() == "x11" {
        // What is drawn in software goes to the X server by shared memory. SDL's usual way is a texture
        // of OpenGL, which where there is no graphics card is drawn in software too, and costs 6 ms more
        // for each frame of 1280 × 720 px.
        sdl2::hint::set("SDL_FRAMEBUFFER_ACCELERATION", "0");
    }
    let painter = Painter::open(&video, window).map_err(no_window)?;
    let mapping = Rc::new(Cell::new(Mapping::of(&painter, window)));
    let input = WindowInput::new(&sdl, &video, mapping.clone()).map_err(no_window)?;
    // It is opened as one that has the usual options; those that are wanted are applied to it.
    let usual = Window::default();
    let applied = Window { fullscreen: usual.fullscreen, vsync: usual.vsync, ..window.clone() };
    let display = WindowDisplay {
        painter,
        mapping,
        applied,
        icon: None,
        offscreen: OffscreenDisplay::default(),
        video,
    };
    Ok((display, input))
}

/// A window that shows frames; the user may resize it, and the scene is enlarged to fit.
pub struct WindowDisplay {
    painter: Painter<SdlWindow>,
    mapping: Rc<Cell<Mapping>>,
    applied: Window,
    /// The image that stands for it, and which of its generations.
    icon: Option<(ImageId, u64)>,
    offscreen: OffscreenDisplay,
    video: VideoSubsystem,
}

impl Painter<SdlWindow> {
    fn open(video: &VideoSubsystem, window: &Window) -> Result<Self, String> {
        let [width, height] = window.outer_size_px();
        let build = || {
            video
                .window(&window.title.replace('\0', ""), width, height)
                .position_centered()
                .resizable()
                .allow_highdpi()
                .build()
                .map_err(|error| error.to_string())
        };
        // Neither waits for the screen's refresh: that would hold up the ticks.
        let canvas = match build()?.into_canvas().accelerated().build() {
            Ok(canvas) => canvas,
            Err(_) => {
                build()?.into_canvas().software().build().map_err(|error| error.to_string())?
            }
        };
        let software = canvas.info().flags & SOFTWARE != 0;
        Ok(Self::new(canvas, software))
    }

    /// Width and height of the window's inside, px.
    fn size_px(&self) -> [u32; 2] {
        let size = self.canvas.output_size();
        let (width, height) = size.unwrap_or_else(|_| self.canvas.window().drawable_size());
        // A window that is hidden, or has been made as small as can be, may have no inside.
        [width, height].map(|side| side.max(1))
    }

    /// Pixels for one of the desktop's units.
    fn pixels_per_unit(&self) -> f64 {
        let (width, _) = self.canvas.window().size();
        f64::from(self.size_px()[0]) / f64::from(width.max(1))
    }
}

/// How places in the window, in the desktop's units, lie in the scene.
#[derive(Clone, Copy)]
pub(super) struct Mapping {
    fit: Fit,
    size_px: [u32; 2],
    pixels_per_unit: f64,
}

impl Mapping {
    /// Of a scene in a window, both in px.
    pub(super) fn new(scene_px: [u32; 2], size_px: [u32; 2], pixels_per_unit: f64) -> Self {
        Self { fit: Fit::new(scene_px, size_px), size_px, pixels_per_unit }
    }

    fn of(painter: &Painter<SdlWindow>, wanted: &Window) -> Self {
        Self::new(wanted.size_px(), painter.size_px(), painter.pixels_per_unit())
    }

    pub(super) fn to_scene(self, at: [f64; 2]) -> [f64; 2] {
        self.fit.to_scene(at.map(|units| units * self.pixels_per_unit))
    }

    /// The same of a place as shares of the window's width and height, 0 to 1.
    pub(super) fn share_to_scene(self, [x, y]: [f64; 2]) -> [f64; 2] {
        let [width, height] = self.size_px.map(f64::from);
        self.fit.to_scene([x * width, y * height])
    }

    /// Where in the window a place of the scene is, in the desktop's units.
    pub(super) fn to_window(self, at: [f64; 2]) -> [f64; 2] {
        self.fit.to_surface(at).map(|px| px / self.pixels_per_unit)
    }
}

/// Has frames wait for the screen's refresh, or not. A renderer that cannot wait goes on as before.
fn set_vsync(canvas: &Canvas<SdlWindow>, wanted: bool) {
    // SAFETY: the renderer is the canvas's own, which is alive, and the call keeps nothing.
    unsafe { sdl2::sys::SDL_RenderSetVSync(canvas.raw(), wanted.into()) };
}

/// The flag of SDL's software renderer among those of its description.
const SOFTWARE: u32 = sdl2::sys::SDL_RendererFlags::SDL_RENDERER_SOFTWARE as u32;

impl WindowDisplay {
    /// Follows what changed of the window that the world wants.
    fn apply(&mut self, wanted: &Window) -> Result<(), String> {
        if self.applied.title != wanted.title {
            let window = self.painter.canvas.window_mut();
            window.set_title(&wanted.title.replace('\0', "")).map_err(|error| error.to_string())?;
        }
        if self.applied.outer_size_px() != wanted.outer_size_px() {
            let [width, height] = wanted.outer_size_px();
            let window = self.painter.canvas.window_mut();
            window.set_size(width, height).map_err(|error| error.to_string())?;
        }
        if self.applied.fullscreen != wanted.fullscreen {
            // In a mode of its own the screen would flicker, and other windows would be moved.
            let kind =
                if wanted.fullscreen { FullscreenType::Desktop } else { FullscreenType::Off };
            self.painter.canvas.window_mut().set_fullscreen(kind)?;
        }
        if self.applied.vsync != wanted.vsync {
            set_vsync(&self.painter.canvas, wanted.vsync);
        }
        self.applied.clone_from(wanted);
        Ok(())
    }

    /// Shows the window's image where the desktop has a place for it.
    fn apply_icon(&mut self, frame: &Frame<'_>) -> Result<(), String> {
        let wanted = frame.icon.map(|id| (id, frame.images.generation(id)));
        if self.icon == wanted {
            return Ok(());
        }
        self.icon = wanted;
        let picture = frame.icon.and_then(|id| frame.images.get(id));
        let Some(mut picture) = picture.and_then(icon_of) else { return Ok(()) };
        let (width, height) = (picture.width, picture.height);
        let (row, format) = (4 * width, PixelFormatEnum::RGBA32);
        let icon = SdlSurface::from_data(&mut picture.rgba, width, height, row, format)?;
        self.painter.canvas.window_mut().set_icon(icon);
        Ok(())
    }

    fn draw(&mut self, frame: &Frame<'_>) -> Result<(), String> {
        if self.applied != *frame.window {
            self.apply(frame.window)?;
        }
        self.apply_icon(frame)?;
        self.mapping.set(Mapping::of(&self.painter, frame.window));
        self.painter.draw(frame, self.painter.size_px())?;
        self.painter.canvas.present();
        Ok(())
    }
}

/// The longest side of a window's picture, px: X servers end programs that send much larger ones.
const MAX_ICON_PX: u32 = 256;

/// A picture as small as a window's may be, of the same shape.
fn icon_of(picture: &Picture) -> Option<Picture> {
    let longest = picture.width.max(picture.height);
    if longest <= MAX_ICON_PX {
        return Some(picture.clone());
    }
    let fitting = |side: u32| {
        let side = u64::from(side) * u64::from(MAX_ICON_PX) / u64::from(longest);
        u32::try_from(side).unwrap_or(MAX_ICON_PX).max(1)
    };
    smaller(picture, [picture.width, picture.height].map(fitting))
}

impl Display for WindowDisplay {
    fn present(&mut self, frame: &Frame<'_>) -> Result<(), DisplayError> {
        self.draw(frame).map_err(|reason| DisplayError::Failed { action: "show the frame", reason })
    }

    fn picture(&mut self, frame: &Frame<'_>) -> Result<Picture, DisplayError> {
        // The window itself may be hidden behind another.
        self.offscreen.picture(frame)
    }

    fn surface(&self, _window: &Window) -> Surface {
        let screen = self.painter.canvas.window().display_index();
        let dpi = screen.and_then(|screen| self.video.display_dpi(screen)).map(|(dpi, ..)| dpi);
        let fineness = f64::from(dpi.unwrap_or(ORDINARY_DPI) / ORDINARY_DPI);
        // Where the desktop has units of its own, it knows best.
        let scale = match self.painter.pixels_per_unit() {
            1.0 => fineness,
            scale => scale,
        };
        Surface { size_px: self.painter.size_px(), scale }
    }

    fn take_notes(&mut self) -> Vec<String> {
        [self.painter.take_notes(), self.offscreen.take_notes()].concat()
    }

    fn frame_interval(&self) -> Option<Duration> {
        let screen = self.painter.canvas.window().display_index();
        let mode = screen.and_then(|screen| self.video.current_display_mode(screen));
        let hz = mode.ok().map(|mode| mode.refresh_rate).filter(|hz| *hz > 0);
        Some(Duration::from_secs_f64(1.0 / hz.map_or(DEFAULT_HZ, f64::from)))
    }
}

impl std::fmt::Debug for WindowDisplay {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "WindowDisplay({})", self.applied.title)
    }
}

#[cfg(test)]
mod tests {
    use super::icon_of;
    use crate::render::Picture;

    #[test]
    fn a_large_icon_is_made_smaller_and_keeps_its_shape() {
        let size = |width: u32, height: u32| {
            let rgba = vec![9; 4 * width as usize * height as usize];
            icon_of(&Picture { width, height, rgba }).map(|icon| [icon.width, icon.height])
        };
        assert_eq!(size(600, 300), Some([256, 128]));
        assert_eq!(size(1, 3000), Some([1, 256]));
        assert_eq!(size(256, 20), Some([256, 20]));
    }
}
