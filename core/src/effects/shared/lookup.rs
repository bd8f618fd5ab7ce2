//! Effects that look at one sample at a time: a table of 256 values for each channel.

use crate::budget::Budget;
use crate::error::Result;
use crate::image::Image;

/// What each of the 256 levels becomes.
pub(crate) type Table = [u8; 256];

/// Every sample stays what it is.
pub(crate) const IDENTITY: Table = {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        table[i] = i as u8;
        i += 1;
    }
    table
};

/// Results are cut to whole numbers, not rounded, as libvips does.
pub(crate) fn table(value: impl Fn(f64) -> f64) -> Table {
    std::array::from_fn(|i| value(i as f64) as u8)
}

/// One table for the colours, and one for alpha.
pub(crate) fn apply_to_colours(image: Image, colours: &Table, alpha: &Table, budget: &Budget) -> Result<Image> {
    let mut tables = [*colours; 4];
    if image.layout.has_alpha() {
        tables[image.layout.channels() - 1] = *alpha;
    }
    apply(image, &tables, budget)
}

/// One table for each channel.
pub(crate) fn apply(mut image: Image, tables: &[Table; 4], budget: &Budget) -> Result<Image> {
    for y in 0..image.height {
        budget.check()?;
        let row = image.planes[0].row_mut(y);
        match image.layout.channels() {
            1 => look_up::<1>(row, tables),
            2 => look_up::<2>(row, tables),
            3 => look_up::<3>(row, tables),
            _ => look_up::<4>(row, tables),
        }
    }
    Ok(image)
}

fn look_up<const C: usize>(row: &mut [u8], tables: &[Table; 4]) {
    for pixel in row.as_chunks_mut::<C>().0 {
        for (sample, table) in pixel.iter_mut().zip(tables) {
            *sample = table[usize::from(*sample)];
        }
    }
}
