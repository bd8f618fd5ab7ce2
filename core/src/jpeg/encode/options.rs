//! The encoder's options: plain data.

/// How an image is encoded.
///
/// ```
/// use keenpix::jpeg::encode::{Options, Subsampling};
///
/// let options = Options::new().with_quality(90).with_subsampling(Subsampling::None);
/// assert_eq!((options.quality, options.effort), (90, 3));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// Quality, 1 to 100, on the scale of libjpeg and sharp: an image looks about the same as there. Default: 80.
    pub quality: u8,
    /// Which quantisation tables the quality scales. Default: [`QuantTables::Adaptive`].
    pub tables: QuantTables,
    /// How chroma is subsampled if the image is RGB; planes are used as they are. Default: 4:2:0.
    pub subsampling: Subsampling,
    /// Whether the file is progressive; from effort 7 on it always is. Default: false.
    pub progressive: bool,
    /// Whether the Huffman tables are optimised for the image. Progressive files and efforts from 3 on always
    /// do so. Default: false.
    pub optimise: bool,
    /// MCUs between restart markers, 0 for none. Default: 0.
    pub restart_interval: u16,
    /// Work to spend on fewer bytes at the same quality, 0 to 9. Default: 3.
    ///
    /// | effort | adds |
    /// |---|---|
    /// | 0 to 2 | nothing: standard Huffman tables unless `optimise` or `progressive` say otherwise |
    /// | 3, 4 | optimised Huffman tables |
    /// | 5, 6 | trellis quantisation |
    /// | 7 to 9 | a progressive file whose scans are chosen by trial |
    pub effort: u8,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            quality: 80,
            tables: QuantTables::Adaptive,
            subsampling: Subsampling::Both,
            progressive: false,
            optimise: false,
            restart_interval: 0,
            effort: 3,
        }
    }
}

impl Options {
    /// Every option at its default.
    #[must_use]
    pub fn new() -> Self {
        Options::default()
    }

    /// Sets [`Options::quality`].
    #[must_use]
    pub fn with_quality(mut self, quality: u8) -> Self {
        self.quality = quality;
        self
    }

    /// Sets [`Options::tables`].
    #[must_use]
    pub fn with_tables(mut self, tables: QuantTables) -> Self {
        self.tables = tables;
        self
    }

    /// Sets [`Options::subsampling`].
    #[must_use]
    pub fn with_subsampling(mut self, subsampling: Subsampling) -> Self {
        self.subsampling = subsampling;
        self
    }

    /// Sets [`Options::progressive`].
    #[must_use]
    pub fn with_progressive(mut self, progressive: bool) -> Self {
        self.progressive = progressive;
        self
    }

    /// Sets [`Options::optimise`].
    #[must_use]
    pub fn with_optimise(mut self, optimise: bool) -> Self {
        self.optimise = optimise;
        self
    }

    /// Sets [`Options::restart_interval`].
    #[must_use]
    pub fn with_restart_interval(mut self, restart_interval: u16) -> Self {
        self.restart_interval = restart_interval;
        self
    }

    /// Sets [`Options::effort`].
    #[must_use]
    pub fn with_effort(mut self, effort: u8) -> Self {
        self.effort = effort;
        self
    }
}

/// A family of quantisation tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum QuantTables {
    /// The examples of T.81 Annex K, as libjpeg scales them.
    Standard,
    /// N. Robidoux's table (number 3 of mozjpeg), scaled so that a quality looks as with [`QuantTables::Standard`].
    Robidoux,
    /// N. Robidoux's table made flatter at high qualities and steeper at low ones, scaled likewise.
    #[default]
    Adaptive,
    /// The same step everywhere, for images that will be processed further.
    Flat,
}

/// The directions in which the chroma planes have half the samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Subsampling {
    /// 4:4:4: neither.
    None,
    /// 4:2:2: across.
    Horizontal,
    /// 4:4:0: down.
    Vertical,
    /// 4:2:0: both.
    #[default]
    Both,
}

impl Subsampling {
    /// Luma samples per chroma sample, across and down.
    pub(super) fn ratios(self) -> (u8, u8) {
        match self {
            Subsampling::None => (1, 1),
            Subsampling::Horizontal => (2, 1),
            Subsampling::Vertical => (1, 2),
            Subsampling::Both => (2, 2),
        }
    }
}
