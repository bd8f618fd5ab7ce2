//! A header with the metadata blocks themselves, for programs that show or copy them.

use crate::budget::Budget;
use crate::decode;
use crate::error::Result;
use crate::info::Info;
use crate::input::Input;
use crate::limits::Limits;
use crate::metadata::Comment;
use crate::panics::unpanicked;

/// What [`inspect`] finds: [`Info`], and the metadata blocks that it only gives the lengths of.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inspection {
    /// What [`probe`](crate::probe) says.
    pub info: Info,
    /// The EXIF block: a TIFF structure, from its byte order mark (`II` or `MM`) on. The six bytes `Exif\0\0` that
    /// stand before it in a JPEG, and that sharp gives with it, are left out.
    pub exif: Option<Vec<u8>>,
    /// The ICC profile.
    pub icc: Option<Vec<u8>>,
    /// The XMP packet: XML in UTF-8, as a rule.
    pub xmp: Option<Vec<u8>>,
    /// Photoshop's image resources, which hold IPTC's fields: the APP13 segment of a JPEG, from `Photoshop 3.0` on.
    pub iptc: Option<Vec<u8>>,
    /// The texts of a PNG, in the order of the file.
    pub comments: Vec<Comment>,
}

/// Reads an image's header and its metadata: no pixel is decoded. Blocks of more than 8 MB, and damaged ones, are left
/// out.
///
/// # Errors
///
/// As [`probe`](crate::probe).
///
/// ```
/// let found = keenpix::inspect(include_bytes!("../tests/images/orientation-6.jpg"))?;
/// assert_eq!((found.info.orientation, found.info.upright_size()), (6, (96, 72)));
/// assert!(found.exif.is_some_and(|exif| exif.starts_with(b"II*\0")));
/// # Ok::<(), keenpix::Error>(())
/// ```
pub fn inspect(bytes: &[u8]) -> Result<Inspection> {
    unpanicked("inspecting", || {
        let budget = Budget::new(&Limits::default());
        let opened = decode::open(bytes, &Input::File, decode::DENSITY, &budget)?;
        Ok(Inspection {
            comments: opened.comments(),
            exif: opened.metadata.exif,
            icc: opened.metadata.icc,
            xmp: opened.metadata.xmp,
            iptc: opened.metadata.iptc,
            info: opened.info,
        })
    })
}
