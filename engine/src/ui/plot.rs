//! Curves, short enough to be painted however long they are.

/// Curves over a field.
#[derive(Clone, Debug, PartialEq)]
pub struct Plot {
    /// What it says.
    pub title: String,
    /// What is drawn.
    pub series: Vec<Series>,
    /// How it is drawn.
    pub style: PlotStyle,
    /// Width of all of it, px.
    pub width: Option<f32>,
    /// Height of all of it, px.
    pub height: f32,
    /// What is seen from left to right; what there is, if nothing is said.
    pub x: Option<[f64; 2]>,
    /// What is seen from bottom to top.
    pub y: Option<[f64; 2]>,
    /// Whether there are numbers beside it.
    pub has_axes: bool,
}

/// A curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// What it is called; nothing if empty.
    pub name: String,
    /// Its points from left to right, in pieces between which there is nothing.
    pub pieces: Vec<Vec<[f64; 2]>>,
}

/// How curves are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlotStyle {
    /// From point to point.
    Lines,
    /// Each point for itself.
    Points,
    /// A bar from nothing to each point.
    Bars,
}

/// How many points of a curve are painted: more than a screen is wide.
pub const MAX_POINTS: usize = 4096;

impl Series {
    /// A curve of any number of points. What is no number leaves a gap.
    ///
    /// Of more than [`MAX_POINTS`], the least and the greatest of as many neighbours are kept as make it
    /// fit, so that no peak is lost.
    pub fn new(name: String, points: impl ExactSizeIterator<Item = [f64; 2]>) -> Self {
        let neighbours = (2 * points.len()).div_ceil(MAX_POINTS).max(1);
        let mut pieces = vec![Vec::new()];
        let mut bucket = Bucket::default();
        for (place, point) in points.enumerate() {
            let is_gap = !(point[0].is_finite() && point[1].is_finite());
            if is_gap || neighbours > 2 && place % neighbours == 0 {
                bucket.empty_into(pieces.last_mut());
            }
            match is_gap {
                true if pieces.last().is_none_or(|piece| !piece.is_empty()) => {
                    pieces.push(Vec::new())
                }
                true => {}
                false if neighbours > 2 => bucket.put(point),
                false => pieces.last_mut().into_iter().for_each(|piece| piece.push(point)),
            }
        }
        bucket.empty_into(pieces.last_mut());
        pieces.retain(|piece| !piece.is_empty());
        Self { name, pieces }
    }

    /// The points of all pieces.
    pub fn points(&self) -> impl Iterator<Item = [f64; 2]> {
        self.pieces.iter().flatten().copied()
    }
}

/// The lowest and the highest of neighbours.
#[derive(Default)]
struct Bucket(Option<[[f64; 2]; 2]>);

impl Bucket {
    fn put(&mut self, point: [f64; 2]) {
        let [low, high] = self.0.get_or_insert([point; 2]);
        if point[1] < low[1] {
            *low = point;
        }
        if point[1] > high[1] {
            *high = point;
        }
    }

    fn empty_into(&mut self, piece: Option<&mut Vec<[f64; 2]>>) {
        let (Some([low, high]), Some(piece)) = (self.0.take(), piece) else { return };
        let (first, second) = if low[0] <= high[0] { (low, high) } else { (high, low) };
        piece.push(first);
        if second != first {
            piece.push(second);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_POINTS, Series};

    fn series(ys: &[f64]) -> Series {
        let points = ys.iter().enumerate().map(|(x, y)| [f64::from(u32::try_from(x).unwrap()), *y]);
        Series::new(String::new(), points.collect::<Vec<_>>().into_iter())
    }

    /// What is no number is a gap, wherever it stands.
    #[test]
    fn a_gap_is_where_there_is_no_number() {
        let series = series(&[f64::NAN, 1.0, 2.0, f64::INFINITY, f64::NAN, 3.0, f64::NAN]);
        assert_eq!(series.pieces, [vec![[1.0, 1.0], [2.0, 2.0]], vec![[5.0, 3.0]]]);
    }

    /// One peak among a million points is seen.
    #[test]
    fn no_peak_is_lost() {
        let mut ys = vec![0.0; 1_000_000];
        (ys[777_777], ys[123_456]) = (9.0, -9.0);
        let series = series(&ys);
        assert!(series.points().count() <= MAX_POINTS);
        assert!(series.points().any(|point| point == [777_777.0, 9.0]));
        assert!(series.points().any(|point| point == [123_456.0, -9.0]));
        assert!(series.points().is_sorted_by(|a, b| a[0] < b[0]));
    }
}
