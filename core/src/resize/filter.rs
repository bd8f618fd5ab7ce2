//! The kernels: the weight of a source sample by its distance from an output sample's centre.

use std::f64::consts::PI;

use super::Kernel;

/// Writes the weights (not normalised) of a row of samples spaced `step` apart.
///
/// `first` is the first sample's position relative to the output's centre, both in units of the kernel: source
/// samples when enlarging, output samples when reducing. Beyond [`support`] the weight is 0.
pub(super) fn weigh(kernel: Kernel, first: f64, step: f64, weights: &mut [f64]) {
    match kernel {
        Kernel::Nearest | Kernel::Box => each(first, step, weights, |x| overlap(x, step)),
        Kernel::Linear => each(first, step, weights, |x| (1.0 - x.abs()).max(0.0)),
        Kernel::Cubic => each(first, step, weights, |x| cubic(x.abs(), 0.0, 0.5)),
        Kernel::Mitchell => each(first, step, weights, |x| cubic(x.abs(), 1.0 / 3.0, 1.0 / 3.0)),
        Kernel::Lanczos2 => lanczos(2.0, first, step, weights),
        Kernel::Lanczos3 => lanczos(3.0, first, step, weights),
    }
}

/// Half the kernel's width.
pub(super) fn support(kernel: Kernel) -> f64 {
    match kernel {
        Kernel::Nearest | Kernel::Box => 0.5,
        Kernel::Linear => 1.0,
        Kernel::Cubic | Kernel::Mitchell | Kernel::Lanczos2 => 2.0,
        Kernel::Lanczos3 => 3.0,
    }
}

fn each(first: f64, step: f64, weights: &mut [f64], weight: impl Fn(f64) -> f64) {
    for (i, w) in weights.iter_mut().enumerate() {
        *w = weight(first + i as f64 * step);
    }
}

/// How much of the output sample, which reaches from -1/2 to 1/2, a source sample of width `step` at `x` covers.
fn overlap(x: f64, step: f64) -> f64 {
    ((x + step / 2.0).min(0.5) - (x - step / 2.0).max(-0.5)).max(0.0)
}

/// Mitchell and Netravali, "Reconstruction Filters in Computer Graphics", 1988, equation 8.
fn cubic(x: f64, b: f64, c: f64) -> f64 {
    if x < 1.0 {
        ((12.0 - 9.0 * b - 6.0 * c) * x * x * x + (-18.0 + 12.0 * b + 6.0 * c) * x * x + 6.0 - 2.0 * b) / 6.0
    } else if x < 2.0 {
        ((-b - 6.0 * c) * x * x * x + (6.0 * b + 30.0 * c) * x * x + (-12.0 * b - 48.0 * c) * x + 8.0 * b + 24.0 * c)
            / 6.0
    } else {
        0.0
    }
}

/// sinc(x) · sinc(x / lobes).
///
/// Tables for a thumbnail hold tens of thousands of weights, and two sines for each would cost as much as the
/// resampling. The samples are equidistant, so the angle πx / lobes advances by a constant rotation instead,
/// and sin(πx) is a polynomial of that angle's sine and cosine.
fn lanczos(lobes: f64, first: f64, step: f64, weights: &mut [f64]) {
    let (mut s, mut c) = (first * PI / lobes).sin_cos();
    let (turn_s, turn_c) = (step * PI / lobes).sin_cos();
    for (i, w) in weights.iter_mut().enumerate() {
        let x = first + i as f64 * step;
        *w = if x.abs() >= lobes {
            0.0
        } else if x.abs() < 1e-5 {
            1.0
        } else {
            let whole = if lobes == 2.0 {
                2.0 * s * c
            } else {
                s * (3.0 - 4.0 * s * s)
            };
            lobes * s * whole / (PI * PI * x * x)
        };
        (s, c) = (s * turn_c + c * turn_s, c * turn_c - s * turn_s);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rotation_agrees_with_the_definition() {
        let sinc = |x: f64| if x == 0.0 { 1.0 } else { (PI * x).sin() / (PI * x) };
        for (kernel, lobes) in [(Kernel::Lanczos2, 2.0), (Kernel::Lanczos3, 3.0)] {
            for step in [1.0, 0.5, 0.3, 1.0 / 200.0] {
                let first = -lobes + 0.37 * step;
                let mut weights = vec![0.0; (2.0 * lobes / step) as usize];
                weigh(kernel, first, step, &mut weights);
                for (i, &w) in weights.iter().enumerate() {
                    let x = first + i as f64 * step;
                    assert!((w - sinc(x) * sinc(x / lobes)).abs() < 1e-9, "{kernel:?} at {x}");
                }
            }
        }
    }

    #[test]
    fn interpolating_kernels_are_one_at_the_sample_and_nothing_at_its_neighbours() {
        for kernel in [Kernel::Linear, Kernel::Cubic, Kernel::Lanczos2, Kernel::Lanczos3] {
            let mut weights = [0.0; 7];
            weigh(kernel, -3.0, 1.0, &mut weights);
            for (i, w) in weights.into_iter().enumerate() {
                assert!((w - f64::from(u8::from(i == 3))).abs() < 1e-9, "{kernel:?} {i} {w}");
            }
        }
    }
}
