//! The resampler against a direct computation in float64, and against itself.

use std::f64::consts::PI;

use fearless_simd::Level;
use proptest::prelude::*;

use super::*;
use crate::limits::Limits;

const KERNELS: [Kernel; 7] = [
    Kernel::Nearest,
    Kernel::Box,
    Kernel::Linear,
    Kernel::Cubic,
    Kernel::Mitchell,
    Kernel::Lanczos2,
    Kernel::Lanczos3,
];

fn spec(channels: usize, source: (u32, u32), size: (u32, u32), kernel: Kernel) -> Spec {
    Spec {
        channels,
        alpha: false,
        light: Light::Encoded,
        source,
        bounds: all(source),
        crop: all(source),
        size,
        kernel,
    }
}

fn all((width, height): (u32, u32)) -> Rect {
    Rect {
        left: 0.0,
        top: 0.0,
        width: f64::from(width),
        height: f64::from(height),
    }
}

#[test]
fn what_lies_outside_the_bounds_is_not_looked_at() {
    let inner = Rect {
        left: 10.0,
        top: 5.0,
        width: 20.0,
        height: 15.0,
    };
    let spec = Spec {
        bounds: inner,
        crop: inner,
        ..spec(1, (40, 30), (7, 6), Kernel::Lanczos3)
    };
    let picture = |outside: u8| -> Vec<u8> {
        (0..40 * 30)
            .map(|i| (i % 40, i / 40))
            .map(|(x, y)| {
                if (10..30).contains(&x) && (5..20).contains(&y) {
                    (x * 7 + y * 3) as u8
                } else {
                    outside
                }
            })
            .collect()
    };
    assert_eq!(
        run_at(&spec, &picture(0), Level::new()),
        run_at(&spec, &picture(255), Level::new())
    );
}

fn run_at(spec: &Spec, data: &[u8], level: Level) -> Vec<u8> {
    let mut resampler = Resampler::with_level(spec, &Budget::new(&Limits::default()), level).unwrap();
    for row in data.chunks_exact(spec.source.0 as usize * spec.channels) {
        resampler.row(row).unwrap();
    }
    resampler.finish().unwrap().data.to_vec()
}

fn run(spec: &Spec, data: &[u8]) -> Vec<u8> {
    run_at(spec, data, Level::new())
}

/// Smooth shapes, an edge and noise, different in every channel.
fn picture(width: u32, height: u32, channels: usize, seed: u32) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2_654_435_761) | 1;
    let mut data = Vec::new();
    for y in 0..height {
        for x in 0..width {
            for c in 0..channels {
                state ^= state << 13;
                state ^= state >> 17;
                state ^= state << 5;
                let (fx, fy) = (f64::from(x) / f64::from(width), f64::from(y) / f64::from(height));
                let wave = 90.0 * (12.0 * fx + 5.0 * fy * (c + 1) as f64).sin() + 128.0;
                let value = match (x / 7 + y / 5 + c as u32) % 4 {
                    0 => f64::from(state & 255),
                    1 if fx > 0.5 => 255.0,
                    1 => 0.0,
                    _ => wave,
                };
                data.push(value as u8);
            }
        }
    }
    data
}

fn kernel_at(kernel: Kernel, x: f64) -> f64 {
    let sinc = |x: f64| if x == 0.0 { 1.0 } else { (PI * x).sin() / (PI * x) };
    let x = x.abs();
    let cubic = |b: f64, c: f64| match x {
        x if x < 1.0 => {
            ((12.0 - 9.0 * b - 6.0 * c) * x.powi(3) + (-18.0 + 12.0 * b + 6.0 * c) * x.powi(2) + (6.0 - 2.0 * b)) / 6.0
        }
        x if x < 2.0 => {
            ((-b - 6.0 * c) * x.powi(3)
                + (6.0 * b + 30.0 * c) * x.powi(2)
                + (-12.0 * b - 48.0 * c) * x
                + (8.0 * b + 24.0 * c))
                / 6.0
        }
        _ => 0.0,
    };
    match kernel {
        Kernel::Linear => (1.0 - x).max(0.0),
        Kernel::Cubic => cubic(0.0, 0.5),
        Kernel::Mitchell => cubic(1.0 / 3.0, 1.0 / 3.0),
        Kernel::Lanczos2 if x < 2.0 => sinc(x) * sinc(x / 2.0),
        Kernel::Lanczos3 if x < 3.0 => sinc(x) * sinc(x / 3.0),
        _ => 0.0,
    }
}

/// Every source sample's weight in output sample `i`.
fn weights(kernel: Kernel, source: usize, crop: (f64, f64), len: usize, i: usize) -> Vec<f64> {
    let scale = crop.1 / len as f64;
    let centre = (crop.0 + (i as f64 + 0.5) * scale).clamp(0.0, source as f64);
    let mut all: Vec<f64> = (0..source)
        .map(|s| match kernel {
            Kernel::Nearest => f64::from(u8::from(s == (centre as usize).min(source - 1))),
            Kernel::Box => {
                let (low, high) = (centre - scale / 2.0, centre + scale / 2.0);
                ((s as f64 + 1.0).min(high) - (s as f64).max(low)).max(0.0)
            }
            _ => kernel_at(kernel, (s as f64 + 0.5 - centre) / scale.max(1.0)),
        })
        .collect();
    let sum: f64 = all.iter().sum();
    all.iter_mut().for_each(|w| *w /= sum);
    all
}

fn to_light(v: f64) -> f64 {
    let v = v / 255.0;
    if v <= 0.04045 {
        v / 12.92
    } else {
        ((v + 0.055) / 1.055).powf(2.4)
    }
}

fn from_light(v: f64) -> f64 {
    255.0
        * if v <= 0.003_130_8 {
            v * 12.92
        } else {
            1.055 * v.powf(1.0 / 2.4) - 0.055
        }
}

/// The whole computation in float64, clamped once at the end. With alpha: the alpha, and the colours not divided
/// by it, as they would be seen over black.
fn reference(spec: &Spec, data: &[u8]) -> Vec<f64> {
    let (c, w, h) = (spec.channels, spec.source.0 as usize, spec.source.1 as usize);
    let samples: Vec<f64> = data
        .chunks_exact(c)
        .flat_map(|pixel| {
            let alpha = if spec.alpha {
                f64::from(pixel[c - 1]) / 255.0
            } else {
                1.0
            };
            (0..c).map(move |k| match (spec.alpha && k == c - 1, spec.light == Light::Linear) {
                (true, _) => alpha,
                (_, true) => to_light(f64::from(pixel[k])) * alpha,
                _ => f64::from(pixel[k]) / 255.0 * alpha,
            })
        })
        .collect();
    let (ow, oh) = (spec.size.0 as usize, spec.size.1 as usize);
    let down: Vec<_> = (0..oh)
        .map(|y| weights(spec.kernel, h, (spec.crop.top, spec.crop.height), oh, y))
        .collect();
    let across: Vec<_> = (0..ow)
        .map(|x| weights(spec.kernel, w, (spec.crop.left, spec.crop.width), ow, x))
        .collect();
    let mut out = Vec::new();
    for down in &down {
        let mut row = vec![0.0; w * c];
        for (y, &weight) in down.iter().enumerate().filter(|(_, w)| **w != 0.0) {
            row.iter_mut()
                .zip(&samples[y * w * c..])
                .for_each(|(out, s)| *out += s * weight);
        }
        for across in &across {
            let mut pixel = vec![0.0; c];
            for (x, &weight) in across.iter().enumerate().filter(|(_, w)| **w != 0.0) {
                pixel
                    .iter_mut()
                    .zip(&row[x * c..])
                    .for_each(|(out, s)| *out += s * weight);
            }
            let alpha = if spec.alpha { pixel[c - 1].clamp(0.0, 1.0) } else { 1.0 };
            let share = if spec.alpha && pixel[c - 1] > 0.0 {
                pixel[c - 1]
            } else {
                1.0
            };
            for (k, &value) in pixel.iter().enumerate() {
                let colour = (value / share).clamp(0.0, 1.0);
                out.push(match (spec.alpha && k == c - 1, spec.light == Light::Linear) {
                    (true, _) => alpha * 255.0,
                    (_, true) => from_light(colour) * alpha,
                    _ => colour * 255.0 * alpha,
                });
            }
        }
    }
    out
}

/// Largest and mean difference to the reference.
fn differences(spec: &Spec, data: &[u8]) -> (f64, f64) {
    let c = spec.channels;
    let ours = run(spec, data);
    let reference = reference(spec, data);
    assert_eq!(ours.len(), reference.len());
    let (mut most, mut sum) = (0.0f64, 0.0);
    for (pixel, exact) in ours.chunks_exact(c).zip(reference.chunks_exact(c)) {
        let alpha = if spec.alpha {
            f64::from(pixel[c - 1]) / 255.0
        } else {
            1.0
        };
        for k in 0..c {
            let seen = f64::from(pixel[k]) * if spec.alpha && k == c - 1 { 1.0 } else { alpha };
            most = most.max((seen - exact[k]).abs());
            sum += (seen - exact[k]).abs();
        }
    }
    (most, sum / reference.len() as f64)
}

#[track_caller]
fn assert_close(spec: &Spec, data: &[u8], most: f64) {
    let (max, mean) = differences(spec, data);
    // Rounding alone gives 1/4 on average, and up to 1/2 for a few samples.
    let few = spec.size.0 * spec.size.1 < 500;
    assert!(max <= most && (few || mean <= 0.3), "max {max} mean {mean}: {spec:?}");
}

/// The passes in plain integers, one sample at a time: what the kernels have to match bit by bit.
fn scalar(spec: &Spec, data: &[u8]) -> Vec<u8> {
    let budget = Budget::new(&Limits::default());
    let (c, w, h) = (spec.channels, spec.source.0 as usize, spec.source.1 as usize);
    let (ow, oh) = (spec.size.0 as usize, spec.size.1 as usize);
    let across = Table::new(spec.kernel, w, (spec.crop.left, spec.crop.width), ow, &budget).unwrap();
    let down = Table::new(spec.kernel, h, (spec.crop.top, spec.crop.height), oh, &budget).unwrap();
    let light = Widener::new(c, spec.alpha, spec.light);
    let mut samples = vec![0; data.len()];
    light.widen(Level::new(), data, &mut samples);
    let weigh = |table: &Table, i: usize, sample: &dyn Fn(usize) -> i16| {
        if table.pick {
            return sample(table.window(i).start);
        }
        let sum: i32 = table
            .window(i)
            .map(|at| i32::from(table.weight(i, at)) * i32::from(sample(at)))
            .sum();
        ((sum + (1 << 13)) >> 14).clamp(-32_768, 32_767) as i16
    };
    let mut wide = Vec::new();
    for y in 0..oh {
        let row: Vec<i16> = (0..w * c)
            .map(|x| weigh(&down, y, &|at| samples[at * w * c + x]))
            .collect();
        for x in 0..ow {
            wide.extend((0..c).map(|k| weigh(&across, x, &|at| row[at * c + k])));
        }
    }
    let mut out = vec![0; wide.len()];
    light.narrow(Level::new(), &wide, &mut out);
    out
}

#[test]
fn every_kernel_agrees_with_float64() {
    for kernel in KERNELS {
        for channels in 1..=4 {
            for size in [
                (40, 30),
                (17, 11),
                (71, 53),
                (140, 160),
                (1, 1),
                (71, 20),
                (30, 53),
                (3, 200),
            ] {
                let data = picture(71, 53, channels, 7);
                assert_close(&spec(channels, (71, 53), size, kernel), &data, 0.6);
            }
        }
    }
}

#[test]
fn crops_agree_with_float64() {
    for kernel in KERNELS {
        for channels in [1, 3] {
            for (left, top, width, height) in [
                (3.0, 5.0, 40.0, 30.0),
                (3.3, 5.7, 40.1, 30.9),
                (-4.5, -3.0, 70.0, 60.0),
                (30.2, 20.1, 0.3, 0.2),
                (60.0, 40.0, 30.0, 30.0),
                (80.0, 0.0, 5.0, 53.0),
            ] {
                let data = picture(71, 53, channels, 11);
                let crop = Rect {
                    left,
                    top,
                    width,
                    height,
                };
                assert_close(
                    &Spec {
                        crop,
                        ..spec(channels, (71, 53), (25, 19), kernel)
                    },
                    &data,
                    0.6,
                );
            }
        }
    }
}

#[test]
fn alpha_and_linear_light_agree_with_float64() {
    for kernel in KERNELS.into_iter().filter(|&k| k != Kernel::Nearest) {
        for (channels, alpha) in [(1, false), (3, false), (2, true), (4, true)] {
            for light in [Light::Encoded, Light::Linear] {
                for size in [(40, 30), (17, 11), (140, 160)] {
                    let data = picture(71, 53, channels, 3);
                    let spec = Spec {
                        alpha,
                        light,
                        ..spec(channels, (71, 53), size, kernel)
                    };
                    assert_close(&spec, &data, 2.0);
                }
            }
        }
    }
}

#[test]
fn great_reductions_agree_with_float64() {
    for kernel in KERNELS {
        for scale in [5, 6, 10, 33, 100, 200] {
            let source = (2 * scale + 1, 3 * scale + 2);
            let data = picture(source.0, source.1, 1, scale);
            assert_close(&spec(1, source, (2, 3), kernel), &data, 0.6);
        }
    }
    let data = picture(1200, 20, 3, 5);
    assert_close(&spec(3, (1200, 20), (7, 20), Kernel::Lanczos3), &data, 0.6);
    let data = picture(20, 1200, 3, 5);
    assert_close(&spec(3, (20, 1200), (20, 7), Kernel::Lanczos3), &data, 0.6);
}

#[test]
fn the_same_size_is_an_exact_copy() {
    let data = picture(37, 29, 4, 1);
    for kernel in KERNELS.into_iter().filter(|&k| k != Kernel::Mitchell) {
        for (alpha, light) in [(false, Light::Encoded), (true, Light::Encoded), (true, Light::Linear)] {
            let spec = Spec {
                alpha,
                light,
                ..spec(4, (37, 29), (37, 29), kernel)
            };
            assert_eq!(run(&spec, &data), data, "{kernel:?}");
            let crop = Rect {
                left: 5.0,
                top: 3.0,
                width: 20.0,
                height: 10.0,
            };
            let cropped = run(
                &Spec {
                    crop,
                    size: (20, 10),
                    ..spec
                },
                &data,
            );
            for y in 0..10 {
                assert_eq!(cropped[y * 80..][..80], data[((y + 3) * 37 + 5) * 4..][..80]);
            }
        }
    }
}

#[test]
fn one_colour_stays_that_colour() {
    for kernel in KERNELS {
        for (channels, alpha) in [(1, false), (2, true), (3, false), (4, true)] {
            for light in [Light::Encoded, Light::Linear] {
                for size in [(7, 5), (100, 3), (3, 100), (1, 1)] {
                    for value in [0, 1, 77, 254, 255] {
                        let pixel = [value, 255 - value, value / 2, 255];
                        let pixel = if channels == 2 { &pixel[2..] } else { &pixel[..channels] };
                        let spec = Spec {
                            alpha,
                            light,
                            ..spec(channels, (50, 40), size, kernel)
                        };
                        let out = run(&spec, &pixel.repeat(50 * 40));
                        assert_eq!(out, pixel.repeat((size.0 * size.1) as usize), "{spec:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn invisible_colour_does_not_bleed() {
    // Green that can't be seen, next to opaque red.
    let row: Vec<u8> = (0..64)
        .flat_map(|x| if x < 31 { [0, 255, 0, 0] } else { [200, 0, 0, 255] })
        .collect();
    for light in [Light::Encoded, Light::Linear] {
        let spec = Spec {
            alpha: true,
            light,
            ..spec(4, (64, 8), (24, 3), Kernel::Lanczos3)
        };
        for pixel in run(&spec, &row.repeat(8)).chunks_exact(4) {
            assert_eq!(pixel[1..3], [0, 0]);
            match pixel[3] {
                0 => assert_eq!(pixel[0], 0),
                16.. => assert!(pixel[0].abs_diff(200) <= 3, "{pixel:?}"),
                _ => (),
            }
        }
    }
}

#[test]
fn every_level_gives_the_bytes_of_plain_integers() {
    for kernel in [Kernel::Box, Kernel::Lanczos3] {
        for channels in 1..=4 {
            for size in [(40, 30), (140, 160), (3, 2), (71, 20), (30, 53), (9, 530)] {
                for (alpha, light) in [
                    (false, Light::Encoded),
                    (channels % 2 == 0, Light::Encoded),
                    (channels == 4, Light::Linear),
                ] {
                    let data = picture(71, 530, channels, 9);
                    let spec = Spec {
                        alpha,
                        light,
                        ..spec(channels, (71, 530), size, kernel)
                    };
                    let plain = scalar(&spec, &data);
                    for level in levels() {
                        assert!(run_at(&spec, &data, level) == plain, "{level:?} {spec:?}");
                    }
                }
            }
        }
    }
}

/// All that this machine can do.
fn levels() -> Vec<Level> {
    let best = Level::new();
    let mut levels = vec![best, Level::baseline()];
    #[cfg(target_arch = "x86_64")]
    {
        levels.extend(best.as_avx2().map(Level::Avx2));
        levels.extend(best.as_sse4_2().map(Level::Sse4_2));
    }
    levels
}

#[test]
fn memory_stays_at_a_few_rows() {
    for (size, most) in [
        ((512, 512), 6_000_000),
        ((64, 64), 3_000_000),
        ((2000, 2000), 22_000_000),
    ] {
        let spec = Spec {
            alpha: true,
            ..spec(4, (10_000, 10_000), size, Kernel::Lanczos3)
        };
        for (memory, fits) in [(most, true), (u64::from(size.0) * u64::from(size.1) * 4, false)] {
            let budget = Budget::new(&Limits::new().with_memory(memory));
            assert_eq!(Resampler::new(&spec, &budget).is_ok(), fits, "{size:?}");
        }
    }
}

#[test]
fn wrong_shapes_are_refused() {
    let budget = Budget::new(&Limits::default());
    let good = spec(3, (10, 10), (5, 5), Kernel::Lanczos3);
    let code = |spec: &Spec| Resampler::new(spec, &budget).err().map(|e| e.code());
    assert_eq!(code(&good), None);
    assert_eq!(code(&Spec { size: (0, 5), ..good }), Some("BAD_PLAN"));
    for width in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(
            code(&Spec {
                crop: Rect { width, ..good.crop },
                ..good
            }),
            Some("BAD_PLAN")
        );
    }
    assert_eq!(code(&Spec { channels: 5, ..good }), Some("INTERNAL"));
    let mut resampler = Resampler::new(&good, &budget).unwrap();
    assert!(resampler.row(&[0; 29]).is_err());
    resampler.row(&[0; 30]).unwrap();
    assert_eq!(resampler.finish().unwrap_err().code(), "INTERNAL");
}

#[test]
fn rows_below_the_crop_are_not_waited_for() {
    let crop = Rect {
        left: 0.0,
        top: 0.0,
        width: 10.0,
        height: 4.0,
    };
    let spec = Spec {
        crop,
        ..spec(1, (10, 1000), (10, 4), Kernel::Lanczos3)
    };
    let mut resampler = Resampler::new(&spec, &Budget::new(&Limits::default())).unwrap();
    let mut rows = 0;
    while !resampler.complete() {
        resampler.row(&[5; 10]).unwrap();
        rows += 1;
    }
    assert_eq!(rows, 4);
    assert_eq!(*resampler.finish().unwrap().data, [5; 40]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_geometry_agrees_with_float64(
        kernel in 0..7usize,
        channels in 1..=4usize,
        source in (1..60u32, 1..60u32),
        size in (1..60u32, 1..60u32),
        crop in (-20.0..60.0f64, -20.0..60.0f64, 0.01..90.0f64, 0.01..90.0f64),
        light in (any::<bool>(), any::<bool>()),
        seed: u32,
    ) {
        let data = picture(source.0, source.1, channels, seed);
        let (left, top, width, height) = crop;
        let spec = Spec {
            crop: Rect { left, top, width, height },
            alpha: light.0 && channels % 2 == 0,
            light: if light.1 { Light::Linear } else { Light::Encoded },
            ..spec(channels, source, size, KERNELS[kernel])
        };
        let (most, mean) = differences(&spec, &data);
        prop_assert!(most <= 2.0, "max {most} mean {mean}");
    }
}
