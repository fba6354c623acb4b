//! What the world looks like: shapes, sprites, labels and scopes, through cameras, read into a draw list.
//!
//! Runs after a tick's steps, when the display asks for a frame: [`Renderer::draw`] reads the world
//! and never writes it, a [`Display`] shows the [`Frame`]. Owns the components that are seen, the
//! images and the glyphs. Knows no SDL and no window system: displays live in `platform`.
//!
//! Without a camera the scene's coordinates are the window's pixels, the origin at the top left.

mod animation;
mod atlas;
mod blend;
mod camera;
mod canvas;
mod complaint;
mod crop;
mod display;
mod draw_list;
mod fit;
mod font;
mod foreground;
mod image;
mod label;
mod mesh;
mod pace;
mod pick;
mod picture;
mod placement;
mod renderer;
mod scope;
mod shape;
mod sprite;
mod stamp;
mod target;
mod window;
mod wish;

pub(crate) use animation::Animated;
pub use animation::Animation;
pub use atlas::Atlas;
pub use blend::Blend;
pub(crate) use camera::Shaken;
pub use camera::{Camera, to_scene};
pub(crate) use canvas::Canvases;
pub use canvas::{Canvas, Ink, Letters, Mix, Sheet, SheetError, Words, letters, sheet_of};
pub use display::{Display, DisplayError, Frame, Sheets};
pub use draw_list::{Batch, DrawList, PxRect, Quad, Texture, Vertex};
pub use fit::{Fit, Surface};
#[cfg(feature = "ui")]
pub(crate) use font::HACK;
pub use foreground::{Foreground, NoForeground, Painting, PaintingTexture};
pub use image::{ImageFolder, ImageId, Images, read as read_image};
pub use label::{Align, Label};
pub(crate) use pace::Pace;
pub use picture::{Picture, PictureError};
pub use renderer::Renderer;
pub use scope::Scope;
pub use shape::{Shape, ShapeKind};
pub use sprite::Sprite;
pub use target::{Target, TargetFrame};
pub use window::Window;
pub use wish::{PictureWishes, Taken};
