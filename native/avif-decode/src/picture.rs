//! A decoded picture: planes whose rows are slices.

use std::ptr::NonNull;

use rav1d::include::dav1d::headers::{
    DAV1D_PIXEL_LAYOUT_I400, DAV1D_PIXEL_LAYOUT_I420, DAV1D_PIXEL_LAYOUT_I422, DAV1D_PIXEL_LAYOUT_I444,
};
use rav1d::include::dav1d::picture::Dav1dPicture;
use rav1d::src::lib::dav1d_picture_unref;

/// A decoded picture.
pub struct Picture {
    raw: Dav1dPicture,
    width: usize,
    height: usize,
}

// SAFETY: a picture consists of counted references to structures that rav1d's own threads share, and nobody writes to
// them once it is returned.
unsafe impl Send for Picture {}

/// What the sequence header says about colour, as code points of ITU-T H.273.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour {
    /// Colour primaries.
    pub primaries: u8,
    /// Transfer characteristics.
    pub transfer: u8,
    /// Matrix coefficients.
    pub matrix: u8,
    /// Whether samples use their full range.
    pub full_range: bool,
}

impl Picture {
    /// Takes ownership of rav1d's result; `None` if it is not a picture.
    pub(crate) fn new(raw: Dav1dPicture) -> Option<Self> {
        let width = usize::try_from(raw.p.w).unwrap_or(0);
        let height = usize::try_from(raw.p.h).unwrap_or(0);
        let picture = Picture { raw, width, height };
        let complete = (0..picture.planes()).all(|plane| picture.raw.data[plane].is_some());
        (width > 0 && height > 0 && complete).then_some(picture)
    }

    /// Width in pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Bits of a sample: 8, 10 or 12.
    pub fn bits(&self) -> u8 {
        self.raw.p.bpc.clamp(8, 12) as u8
    }

    /// How many planes there are: 1 (grey) or 3.
    pub fn planes(&self) -> usize {
        if self.raw.p.layout == DAV1D_PIXEL_LAYOUT_I400 {
            1
        } else {
            3
        }
    }

    /// Whether the chroma planes have half the columns, and half the rows.
    pub fn subsampling(&self) -> (bool, bool) {
        match self.raw.p.layout {
            DAV1D_PIXEL_LAYOUT_I420 => (true, true),
            DAV1D_PIXEL_LAYOUT_I422 => (true, false),
            layout => {
                debug_assert!(layout == DAV1D_PIXEL_LAYOUT_I444 || layout == DAV1D_PIXEL_LAYOUT_I400);
                (false, false)
            }
        }
    }

    /// What the sequence header says about colour.
    pub fn colour(&self) -> Option<Colour> {
        // SAFETY: the header belongs to the picture, which is alive, and nobody writes to it.
        let header = unsafe { self.raw.seq_hdr?.as_ref() };
        Some(Colour {
            primaries: header.pri as u8,
            transfer: header.trc as u8,
            matrix: header.mtrx as u8,
            full_range: header.color_range != 0,
        })
    }

    /// The spatial layer of a layered image.
    pub fn layer(&self) -> u8 {
        // SAFETY: the header belongs to the picture, which is alive, and nobody writes to it.
        self.raw
            .frame_hdr
            .map_or(0, |header| unsafe { header.as_ref() }.spatial_id)
    }

    /// The size of a plane in samples.
    pub fn plane_size(&self, plane: usize) -> (usize, usize) {
        match (plane, self.subsampling()) {
            (0, _) => (self.width, self.height),
            (_, (x, y)) => (
                if x { self.width.div_ceil(2) } else { self.width },
                if y { self.height.div_ceil(2) } else { self.height },
            ),
        }
    }

    /// A row of an 8-bit picture; `None` if it has more bits or no such row.
    pub fn row(&self, plane: usize, y: usize) -> Option<&[u8]> {
        if self.raw.p.bpc != 8 {
            return None;
        }
        let (start, width) = self.row_start(plane, y)?;
        // SAFETY: the row is within the plane's allocation (see `row_start`) and initialised (the allocator zeroes it),
        // and nobody writes to a picture that was returned; 8-bit samples are bytes.
        Some(unsafe { std::slice::from_raw_parts(start.as_ptr(), width) })
    }

    /// A row of a 10-bit or 12-bit picture; `None` if it has 8 bits or no such row.
    pub fn row16(&self, plane: usize, y: usize) -> Option<&[u16]> {
        if self.raw.p.bpc <= 8 {
            return None;
        }
        let (start, width) = self.row_start(plane, y)?;
        // SAFETY: as in `row`; samples of more than 8 bits are native 16-bit words, and the allocator's planes and
        // strides are multiples of 64 bytes.
        Some(unsafe { std::slice::from_raw_parts(start.as_ptr().cast::<u16>(), width) })
    }

    /// Where a row starts, and its samples. The allocator made the plane at least as large as the picture's width and
    /// height, rounded up to 128 pixels, with this stride, which is positive.
    fn row_start(&self, plane: usize, y: usize) -> Option<(NonNull<u8>, usize)> {
        if plane >= self.planes() {
            return None;
        }
        let (width, height) = self.plane_size(plane);
        if y >= height {
            return None;
        }
        let stride = usize::try_from(self.raw.stride[plane.min(1)]).ok()?;
        let start = self.raw.data[plane]?.cast::<u8>();
        // SAFETY: `y` is a row of the plane, so the offset is within the plane's allocation.
        Some((unsafe { start.add(y * stride) }, width))
    }
}

impl Drop for Picture {
    fn drop(&mut self) {
        // SAFETY: `raw` was filled by `dav1d_get_picture` (or is empty), and is released once.
        unsafe { dav1d_picture_unref(Some(NonNull::from(&mut self.raw))) };
    }
}
