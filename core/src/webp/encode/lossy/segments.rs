//! The steps and the loop filter of each segment.

use super::Settings;
use super::analysis::Analysis;
use super::quant::Segment;
use crate::webp::tables::AC_STEPS;

/// The segments for a picture, and what is added to the index of chroma's steps. Segments that come out the same become
/// one.
pub(super) fn of(analysis: &mut Analysis, settings: &Settings) -> (Vec<Segment>, [i32; 2]) {
    let strength = f64::from(settings.adaptation);
    let quality = f64::from(settings.quality.clamp(0.0, 100.0)) / 100.0;
    let linear = if quality < 0.75 {
        quality * (2.0 / 3.0)
    } else {
        2.0 * quality - 1.0
    };
    // Bytes are about the inverse cube of the step.
    let base = linear.cbrt();
    // Without a trellis, files are a little better than libwebp's at the same index; not so near the best quality.
    let more = match settings.effort {
        0 | 1 => 0.7,
        2 | 3 => 1.25,
        _ => 0.0,
    } * (10.0 * (1.0 - quality)).min(1.0);
    // The usual is about 60; 30 is bad, 100 good.
    let ac = ((analysis.chroma - 64) * 10 / 70 * settings.adaptation as i32 / 100).clamp(-4, 6);
    let dc = (-4 * settings.adaptation as i32 / 100).clamp(-15, 15);
    let mut segments: Vec<Segment> = Vec::new();
    let mut becomes = [0; 4];
    for (&(ease, calm), becomes) in analysis.centres.iter().zip(&mut becomes) {
        let exponent = 1.0 - 0.9 * strength / 100.0 / 128.0 * f64::from(ease);
        let index = ((127.0 * (1.0 - base.powf(exponent)) + more) as i32).clamp(0, 127);
        let filter = strength_of(index, calm, settings);
        let same = |segment: &Segment| segment.index == index && segment.strength == filter;
        *becomes = segments.iter().position(same).unwrap_or_else(|| {
            let mut segment = Segment::new(index, [dc, ac], settings.texture());
            segment.strength = filter;
            segments.push(segment);
            segments.len() - 1
        }) as u8;
    }
    analysis
        .segments
        .iter_mut()
        .for_each(|segment| *segment = becomes[usize::from(*segment & 3)]);
    (segments, [dc, ac])
}

fn strength_of(index: i32, calm: i32, settings: &Settings) -> i32 {
    let step = i32::from(AC_STEPS[index as usize]) >> 2;
    let base = least_strength(step, settings.sharpness);
    match base * 5 * settings.filter / (256 + calm) {
        ..2 => 0,
        strength => strength.min(63),
    }
}

/// Raises the filter's strength where flat blocks lie beside each other with a step between them.
pub(super) fn smooth(segments: &mut [Segment], settings: &Settings) {
    if settings.filter > 0 {
        for segment in segments {
            let step = (segment.largest_step * i32::from(segment.second.steps[1])) >> 3;
            segment.strength = segment.strength.max(least_strength(step, settings.sharpness));
        }
    }
}

/// The least strength at which an edge with such a step is filtered (RFC 6386, 15.2).
fn least_strength(step: i32, sharpness: u32) -> i32 {
    if step == 0 {
        return 0;
    }
    (1..63)
        .find(|&level| {
            let interior = match sharpness {
                0 => level,
                1..=4 => (level >> 1).min(9 - sharpness as i32),
                _ => (level >> 2).min(9 - sharpness as i32),
            };
            3 * step <= 2 * level + interior.max(1) + 1
        })
        .unwrap_or(63)
}
