//! Where the scene lies on what a display shows it on.

/// What a display shows frames on: a window's inside, or a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Surface {
    /// Width and height, px; at least 1.
    pub size_px: [u32; 2],
    /// How many pixels belong to what is one on an ordinary screen: 2 on a screen that is twice as
    /// fine.
    pub scale: f64,
}

/// How the scene lies on a surface: enlarged, whole, undistorted and in the middle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    /// Pixels of the surface for a pixel of the scene.
    pub scale: f64,
    /// The surface's pixels left of the scene.
    pub left_px: u32,
    /// The surface's pixels above the scene.
    pub top_px: u32,
    /// Width and height of the scene on the surface, px; at least 1.
    pub size_px: [u32; 2],
}

impl Fit {
    /// A scene of that size on a surface of that size, px.
    pub fn new(scene: [u32; 2], surface: [u32; 2]) -> Self {
        let [scene, sides] = [scene, surface].map(|size| size.map(|side| f64::from(side.max(1))));
        let scale = (sides[0] / scene[0]).min(sides[1] / scene[1]);
        #[expect(clippy::cast_possible_truncation, reason = "no larger than the surface")]
        #[expect(clippy::cast_sign_loss, reason = "a size is not negative")]
        let side =
            |axis: usize| ((scene[axis] * scale).round() as u32).clamp(1, surface[axis].max(1));
        let size_px = [side(0), side(1)];
        let free = |axis: usize| surface[axis].saturating_sub(size_px[axis]) / 2;
        Self { scale, left_px: free(0), top_px: free(1), size_px }
    }

    /// Where a point of the surface lies in the scene, px in both.
    pub fn to_scene(self, [x, y]: [f64; 2]) -> [f64; 2] {
        [(x - f64::from(self.left_px)) / self.scale, (y - f64::from(self.top_px)) / self.scale]
    }

    /// Where a point of the scene lies on the surface, px in both.
    pub fn to_surface(self, [x, y]: [f64; 2]) -> [f64; 2] {
        [x * self.scale + f64::from(self.left_px), y * self.scale + f64::from(self.top_px)]
    }
}

#[cfg(test)]
mod tests {
    use super::Fit;

    /// A scene of 320 × 240 px on 500 × 240 px stands in the middle, 90 px from each side; on twice
    /// its size it is twice as large.
    #[test]
    fn the_scene_is_whole_and_in_the_middle() {
        let wide = Fit::new([320, 240], [500, 240]);
        assert_eq!((wide.scale, wide.left_px, wide.top_px), (1.0, 90, 0));
        assert_eq!(wide.to_scene([250.0, 120.0]), [160.0, 120.0]);
        let tall = Fit::new([320, 240], [640, 500]);
        assert_eq!((tall.scale, tall.left_px, tall.top_px), (2.0, 0, 10));
        assert_eq!(tall.size_px, [640, 480]);
        assert_eq!(tall.to_surface([160.0, 120.0]), [320.0, 250.0]);
    }

    /// What is mapped there and back is where it was, beside the scene too.
    #[test]
    fn there_and_back_is_the_same_place() {
        for (scene, surface) in [([640, 480], [1281, 719]), ([800, 600], [313, 997])] {
            let fit = Fit::new(scene, surface);
            for point in [[0.0, 0.0], [-17.0, 3.0], [311.5, 400.25]] {
                let back = fit.to_scene(fit.to_surface(point));
                assert!((back[0] - point[0]).abs() < 1e-9 && (back[1] - point[1]).abs() < 1e-9);
            }
        }
    }

    /// No size makes it divide by nothing.
    #[test]
    fn nothing_has_no_size() {
        let fit = Fit::new([0, 0], [0, 0]);
        assert_eq!((fit.scale, fit.size_px), (1.0, [1, 1]));
    }
}
