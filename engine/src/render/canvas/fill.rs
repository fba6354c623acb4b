//! Filling what is connected: the bucket of painting programs.

/// Calls `paint` once for each run of pixels of a row (row, from, to) that is connected with a pixel by
/// others that are open: those that are not 0 in `open`, which is width × height. Those that were
/// painted are closed then.
pub(super) fn flood(
    open: &mut [u8],
    width: usize,
    start: [usize; 2],
    mut paint: impl FnMut(usize, usize, usize),
) {
    let height = open.len() / width.max(1);
    let mut seeds = vec![start];
    while let Some([x, y]) = seeds.pop() {
        let row = &mut open[y * width..(y + 1) * width];
        if row[x] == 0 {
            continue;
        }
        let from = row[..x].iter().rposition(|open| *open == 0).map_or(0, |closed| closed + 1);
        let to = row[x..].iter().position(|open| *open == 0).map_or(width, |closed| x + closed);
        row[from..to].fill(0);
        paint(y, from, to);
        for y in [y.checked_sub(1), Some(y + 1)].into_iter().flatten().filter(|y| *y < height) {
            // One pixel of each run above and below is enough: the others follow from it.
            let mut was_open = 0;
            for (x, open) in (from..to).zip(&open[y * width + from..y * width + to]) {
                if *open != 0 && was_open == 0 {
                    seeds.push([x, y]);
                }
                was_open = *open;
            }
        }
    }
}
