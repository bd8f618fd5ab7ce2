//! What is kept of the input's metadata, and what is written of the plan's own.

use super::{Rendering, keeps_space};
use crate::encode;
use crate::info::ColourModel;
use crate::metadata::{MetadataBlocks, exif, iptc, xmp};
use crate::plan::Assume;

impl Rendering<'_> {
    pub(super) fn kept_metadata(&mut self) -> MetadataBlocks {
        let source = &self.source.metadata;
        let MetadataBlocks { exif, xmp, iptc, .. } = source;
        let keep = &self.plan.metadata;
        let mut kept = MetadataBlocks {
            icc: source
                .profile()
                .filter(|_| self.plan.assume == Assume::Profile && keeps_space(keep))
                .map(<[u8]>::to_vec),
            exif: exif
                .as_deref()
                .filter(|_| keep.exif)
                .and_then(|exif| exif::still_true(exif, self.output, self.plan.orient.auto)),
            xmp: xmp.as_deref().filter(|_| keep.xmp).and_then(xmp::still_true),
            iptc: iptc.as_deref().filter(|_| keep.iptc).and_then(iptc::without_thumbnails),
            density: keep.density,
            ..MetadataBlocks::default()
        };
        if exif.is_some() && keep.exif && kept.exif.is_none() {
            self.warnings.push("EXIF was not kept: its directories overlap".into());
        }
        let in_exif = keep.density.is_some() && !encode::can(&self.encode).density;
        let in_kept = keep.density.is_some() && kept.exif.is_some();
        if keep.orientation.is_some() || in_exif || in_kept {
            exif::set(kept.exif.get_or_insert_default(), keep.orientation, keep.density);
        }
        if kept.icc.is_some() && self.source.info.colour == ColourModel::Cmyk {
            kept.icc = None; // the pixels are sRGB now
            self.warnings
                .push("the CMYK profile was not kept: the colours were converted to sRGB".into());
        }
        if let (Some(space), Some(first)) = (&self.space, self.picture.frames.first()) {
            kept.icc = space.embedded(first.image.layout).map(<[u8]>::to_vec);
        }
        kept
    }
}
