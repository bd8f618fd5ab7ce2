//! The chunks that say what colours the samples mean, by their precedence (PNG 3rd edition, 4.3): `cICP`, `iCCP`,
//! `sRGB`, and then `gAMA` with `cHRM`.

use super::chunks::Chunk;
use crate::colour::space;
use crate::metadata::Space;

/// The exponent with which a camera's transfer function is viewed (BT.1886), as browsers do for PNG.
const CAMERA: Option<f32> = Some(2.4);

/// The contents of the chunks that are legal; of each the first.
#[derive(Debug, Default)]
pub(super) struct Colours {
    /// Primaries and transfer function.
    codes: Option<(u16, u16)>,
    srgb: bool,
    gamma: Option<f64>,
    points: Option<[f64; 8]>,
    /// The brightest light of the picture, in nits, and that of the screen that it was made on.
    peak: Option<f32>,
    screen: Option<f32>,
}

impl Colours {
    pub(super) fn take(&mut self, chunk: &Chunk<'_>) {
        if !chunk.checksum_matches() {
            return;
        }
        let number = |at: usize| {
            chunk
                .data
                .get(at..)?
                .first_chunk()
                .map(|bytes| u32::from_be_bytes(*bytes))
        };
        match (&chunk.kind, chunk.data) {
            // RGB of the full range; others exist in video only.
            (b"cICP", &[primaries, transfer, 0, 1]) => {
                self.codes = self.codes.or(Some((primaries.into(), transfer.into())));
            }
            (b"sRGB", &[0..=3]) => self.srgb = true,
            (b"gAMA", data) if data.len() == 4 => {
                self.gamma = self.gamma.or(number(0).map(|value| f64::from(value) / 1e5));
            }
            (b"cHRM", data) if data.len() == 32 => {
                let point = |i: usize| f64::from(number(4 * i).unwrap_or(0)) / 1e5;
                self.points = self.points.or(Some(std::array::from_fn(point)));
            }
            (b"cLLI", data) if data.len() == 8 => {
                self.peak = self
                    .peak
                    .or(number(0).map(|value| value as f32 / 1e4))
                    .filter(|&peak| peak > 0.0);
            }
            // The chromaticities of primaries and white come first.
            (b"mDCV", data) if data.len() == 24 => {
                self.screen = self
                    .screen
                    .or(number(16).map(|value| value as f32 / 1e4))
                    .filter(|&peak| peak > 0.0);
            }
            _ => {}
        }
    }

    pub(super) fn space(self, grey: bool, profile: bool) -> Space {
        // Without a transfer function, cICP says nothing.
        let codes = self.codes.filter(|&(_, transfer)| transfer != 2);
        let coded = codes.and_then(|(primaries, transfer)| space::of_codes(primaries, transfer, grey, CAMERA));
        match (coded, self.peak.or(self.screen)) {
            (Some(Space::Hdr(mut hdr)), Some(peak)) => {
                hdr.peak = peak;
                Space::Hdr(hdr)
            }
            (Some(space), _) => space,
            (None, _) if profile || self.srgb => Space::Embedded,
            (None, _) => space::of_numbers(self.gamma, self.points, grey).unwrap_or_default(),
        }
    }
}
