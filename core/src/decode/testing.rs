//! Shared by the tests of several decoders.

use super::Opened;
use crate::budget::Budget;
use crate::error::Result;
use crate::limits::Limits;
use crate::request::Request;
use crate::request::Tolerate;
use crate::rows::collect::Collect;

/// A decoder's entry.
pub(crate) type Open = fn(&[u8]) -> Result<Opened<'_>>;

pub(crate) fn request(tolerate: Tolerate, animated: bool) -> Request {
    Request {
        animated,
        ..Request::whole(tolerate)
    }
}

pub(crate) fn run(open: Open, bytes: &[u8], request: &Request, limits: &Limits) -> Result<(Collect, Vec<String>)> {
    let mut sink = Collect::default();
    let mut warnings = Vec::new();
    open(bytes)?.decode(request, &Budget::new(limits), &mut sink, &mut warnings)?;
    sink.assert_complete();
    assert!(!sink.frames.is_empty());
    Ok((sink, warnings))
}

/// Decodes with default limits, and accepts neither errors nor warnings.
pub(crate) fn whole(open: Open, bytes: &[u8], animated: bool) -> Collect {
    let (sink, warnings) = run(open, bytes, &request(Tolerate::None, animated), &Limits::default()).expect("decodes");
    assert_eq!(warnings, Vec::<String>::new());
    sink
}

/// Truncates `bytes` at 20 places and changes them at random, and expects an image or an error with a code, at every
/// level of tolerance, within the limits.
pub(crate) fn survives_damage(open: Open, bytes: &[u8]) {
    let limits = Limits::new().with_memory(64 << 20).with_frames(100);
    let all = [Tolerate::None, Tolerate::Truncated, Tolerate::Damage, Tolerate::Errors];
    let attempt = |bytes: &[u8]| {
        // The pipeline refuses by pixels before it decodes; here the sink keeps every one of them.
        let small = |opened: Opened| u64::from(opened.info.width) * u64::from(opened.info.height) < 100_000;
        if !open(bytes).is_ok_and(small) {
            return;
        }
        for tolerate in all {
            for animated in [false, true] {
                let _ = run(open, bytes, &request(tolerate, animated), &limits);
            }
        }
    };
    for cut in 0..20 {
        attempt(&bytes[..bytes.len() * cut / 20]);
    }
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    for _ in 0..200 {
        let mut damaged = bytes.to_vec();
        for _ in 0..1 + random.below(8) {
            let at = random.below(damaged.len());
            damaged[at] = random.below(256) as u8;
        }
        attempt(&damaged);
    }
}

/// xorshift64: the same bytes in every run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % end
    }
}
