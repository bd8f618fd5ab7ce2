//! Files are decoded to exactly what the encoder meant.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, i16x16};

use super::frame::Encoder;
use super::lanes::{self, Block, Stored};
use super::modes::Choice;
use super::quant::Segment;
use super::source::Planes;
use super::whole::subtract;
use super::{Settings, analysis, finish, segments, subblocks};
use crate::budget::Budget;
use crate::limits::Limits;
use crate::webp::decode::lossy::Edges;
use crate::webp::decode::lossy::testing::{smoothed, unfiltered};
use crate::webp::tables::ZIGZAG;
use crate::webp::vp8::predict::{self, Edge};
use crate::webp::vp8::{Mode, transform};

/// Planes as the encoder has them before the loop filter.
#[derive(Debug)]
pub(super) struct Result {
    size: (usize, usize),
    planes: [Vec<u8>; 3],
}

impl Result {
    pub(super) fn new(planes: &Planes<'_>) -> Self {
        let chroma = planes.chroma[0].len();
        Result {
            size: (planes.width, planes.height),
            planes: [vec![0; planes.luma.len()], vec![0; chroma], vec![0; chroma]],
        }
    }

    pub(super) fn put(&mut self, row: usize, column: usize, luma: &[[u8; 32]; 17], chroma: &[[u8; 32]; 9]) {
        let (width, height) = self.size;
        let half = (width.div_ceil(2), height.div_ceil(2));
        let [y, u, v] = &mut self.planes;
        for (plane, size, rows, start, edge) in [
            (y, self.size, &luma[1..], 8, 16),
            (u, half, &chroma[1..], 8, 8),
            (v, half, &chroma[1..], 24, 8),
        ] {
            for (n, from) in rows.iter().enumerate().take(size.1.saturating_sub(row * edge)) {
                let x = column * edge;
                let to = &mut plane[(row * edge + n) * size.0..][x..(x + edge).min(size.0)];
                to.copy_from_slice(&from[start..][..to.len()]);
            }
        }
    }
}

fn budget() -> Budget {
    Budget::new(&Limits::default())
}

struct Random(u32);

impl Random {
    fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) % end
    }
}

/// A picture of one of six kinds.
fn planes(random: &mut Random, width: usize, height: usize) -> [Vec<u8>; 3] {
    let kind = random.below(6);
    let (a, b) = (random.below(9), random.below(9));
    let mut plane = |width: usize, height: usize| -> Vec<u8> {
        let flat = random.below(256) as u8;
        (0..height * width)
            .map(|at| {
                let (x, y) = ((at % width) as u32, (at / width) as u32);
                match kind {
                    0 => flat,
                    1 => (x * a + y * b) as u8,
                    2 => random.below(256) as u8,
                    3 => 255 * (((x >> 2) ^ (y / (b + 1))) & 1) as u8,
                    4 => ((x * a + y * b) as u8 / 2).wrapping_add(random.below(12) as u8),
                    _ => [0, 255, 255][random.below(3) as usize],
                }
            })
            .collect()
    };
    let half = (width.div_ceil(2), height.div_ceil(2));
    [plane(width, height), plane(half.0, half.1), plane(half.0, half.1)]
}

fn view<'a>([luma, blue, red]: &'a [Vec<u8>; 3], width: usize, height: usize) -> Planes<'a> {
    Planes {
        width,
        height,
        luma,
        chroma: [blue, red],
    }
}

/// The file, what is meant by it before the loop filter, and how many macroblocks have a mode for each subblock.
fn encode(planes: &Planes<'_>, settings: &Settings, room: Option<u64>) -> (Vec<u8>, Result, usize) {
    let budget = budget();
    let mut analysis = analysis::analyse(planes, 4, &budget).unwrap();
    let (segments, deltas) = segments::of(&mut analysis, settings);
    let mut encoder = Encoder::new(planes, &analysis, segments, settings, settings.effort(), &budget).unwrap();
    encoder.room = room.unwrap_or(encoder.room);
    encoder.run(&budget).unwrap();
    let result = std::mem::replace(&mut encoder.result, Result::new(planes));
    let choices = encoder.choices.iter().map(|&packed| Choice::unpack(packed));
    let subblocks = choices.filter(|choice| choice.subblocks).count();
    let file = finish(encoder, planes, settings, deltas, &budget).unwrap();
    (file, result, subblocks)
}

#[test]
fn decoders_get_what_the_encoder_has() {
    let mut random = Random(3);
    for round in 0..140 {
        let (width, height) = match round {
            0 => (1, 1),
            1..30 => (1 + random.below(20) as usize, 1 + random.below(20) as usize),
            _ => (1 + random.below(80) as usize, 1 + random.below(60) as usize),
        };
        let source = planes(&mut random, width, height);
        let planes = view(&source, width, height);
        let settings = Settings {
            quality: if round % 5 == 0 {
                100.0
            } else {
                random.below(101) as f32
            },
            effort: (round % 7) as u8,
            adaptation: random.below(3) * 40,
            filter: (random.below(3) * 30) as i32,
            sharpness: random.below(8),
        };
        let (file, result, _) = encode(&planes, &settings, None);
        let read = unfiltered(&file, &budget()).unwrap();
        assert_eq!((read.0, read.1), (width, height));
        assert!(read.2 == result.planes, "{width}×{height} {settings:?}");
        assert_eq!(file, super::encode(&planes, &settings, &budget()).unwrap());
    }
}

#[test]
fn best_quality_is_near_the_picture() {
    let mut random = Random(11);
    for effort in 0..7 {
        let source = planes(&mut random, 50, 35);
        let settings = Settings {
            quality: 100.0,
            effort,
            ..Settings::default()
        };
        let (_, result, _) = encode(&view(&source, 50, 35), &settings, None);
        for (plane, source) in result.planes.iter().zip(&source) {
            let sum: u64 = plane.iter().zip(source).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
            assert!(
                sum <= 3 * plane.len() as u64,
                "effort {effort}: {sum} of {}",
                plane.len()
            );
        }
    }
}

#[test]
fn modes_keep_to_the_room_that_is_left() {
    // Stripes in one of five directions in each cell of 4×4, which subblocks predict best.
    let stripes = |width: usize| {
        (0..width * width).map(move |at| {
            let (x, y) = (at % width, at / width);
            let slope = (x / 4 * 7 + y / 4 * 3) % 5;
            if (x * slope + 3 * y) % 12 < 6 { 60 } else { 190 }
        })
    };
    let source: [Vec<u8>; 3] = [96, 48, 48].map(|width| stripes(width).collect());
    let planes = view(&source, 96, 96);
    let settings = Settings::default();
    let (_, _, free) = encode(&planes, &settings, None);
    // 36 macroblocks with 8 bits each: what some save, others may use.
    let (tight, result, subblocks) = encode(&planes, &settings, Some(36 * 8 * 256));
    assert!(2 * subblocks < free, "{subblocks} of {free}");
    assert!(read_back(&tight) == result.planes);
}

#[test]
fn outer_edges_are_smoothed_alone() {
    let ramp = |width: usize, height: usize| {
        (0..width * height)
            .map(|at| (at % width * 3 + at / width * 2) as u8)
            .collect()
    };
    let source: [Vec<u8>; 3] = [ramp(64, 48), ramp(32, 24), ramp(32, 24)];
    let settings = Settings {
        quality: 20.0,
        ..Settings::default()
    };
    let file = super::encode(&view(&source, 64, 48), &settings, &budget()).unwrap();
    let [all, outer, none] =
        [Edges::All, Edges::Outer, Edges::None].map(|edges| smoothed(&file, edges, &budget()).unwrap().2);
    assert!(all != outer && outer != none);
    // Five pixels from the edge of a macroblock nothing has changed.
    for (at, (outer, none)) in outer[0].iter().zip(&none[0]).enumerate() {
        let inside = |place: usize| (5..11).contains(&(place % 16));
        assert!(outer == none || !inside(at % 64) || !inside(at / 64));
    }
}

fn read_back(file: &[u8]) -> [Vec<u8>; 3] {
    unfiltered(file, &budget()).unwrap().2
}

#[test]
fn too_little_memory_is_an_error() {
    let mut random = Random(1);
    let source = planes(&mut random, 64, 64);
    let budget = Budget::new(&Limits::new().with_memory(1000));
    let error = super::encode(&view(&source, 64, 64), &Settings::default(), &budget).unwrap_err();
    assert_eq!(error.code(), "LIMIT_MEMORY");
}

/// The transform of differences, levels in the order of the scan, what those stand for, and what that adds.
#[derive(PartialEq)]
struct Kernels {
    coefficients: Stored,
    levels: Stored,
    restored: Stored,
    back: Stored,
    masks: [u16; 16],
    rates: [i16; 16],
    squares: [u32; 16],
    square: u32,
    texture: [i16; 16],
}

#[inline(always)]
fn kernels<S: Simd>(simd: S, a: &Stored, b: &Stored, segment: &Segment) -> Kernels {
    let keep = |block: &Block<S>| {
        let mut stored = [[0; 16]; 16];
        lanes::store(block, &mut stored);
        stored
    };
    let (first, second) = (lanes::load(simd, a), lanes::load(simd, b));
    let mut block = subtract(simd, &first, &second);
    lanes::forward(simd, &mut block);
    let coefficients = keep(&block);
    let mut levels = [[0; 16]; 16];
    let found = lanes::quantise(simd, &mut block, &segment.luma, &mut levels);
    let restored = keep(&block);
    lanes::inverse(simd, &mut block);
    let mut texture = [0; 16];
    texture.copy_from_slice(lanes::texture::<S>(simd, &first).as_slice());
    Kernels {
        coefficients,
        levels,
        restored,
        back: keep(&block),
        masks: found.masks,
        rates: found.rates,
        squares: lanes::squares(simd, &first, &second),
        square: lanes::square(simd, &first, &second),
        texture,
    }
}

#[test]
fn kernels_are_what_they_are_one_by_one() {
    let mut random = Random(9);
    for round in 0..200 {
        let mut stored = || -> Stored { [(); 16].map(|()| [(); 16].map(|()| random.below(256) as i16)) };
        let (a, b) = (stored(), stored());
        let segment = Segment::new(round % 128, [0, 0], 50);
        let level = Level::new();
        let got = dispatch!(level, simd => kernels(simd, &a, &b, &segment));
        let plain = Level::baseline();
        assert!(dispatch!(plain, simd => kernels(simd, &a, &b, &segment)) == got);
        assert_eq!(got.square, got.squares.iter().sum::<u32>());
        for lane in 0..16 {
            let of = |stored: &Stored| -> [i16; 16] { std::array::from_fn(|place| stored[place][lane]) };
            let (first, second) = (of(&a), of(&b));
            // The transform is orthogonal, at twice the scale.
            let energy = |values: &[i16; 16]| values.iter().map(|&v| f64::from(v).powi(2)).sum::<f64>();
            let rest: [i16; 16] = std::array::from_fn(|place| first[place] - second[place]);
            let (expected, found) = (4.0 * energy(&rest), energy(&of(&got.coefficients)));
            assert!((expected - found).abs() < 0.02 * expected + 200.0, "{expected} {found}");
            let levels = of(&got.levels);
            for (&level, &place) in levels.iter().zip(&ZIGZAG) {
                let place = usize::from(place);
                let one = segment.luma.one(of(&got.coefficients)[place], place);
                assert_eq!(one, (level, of(&got.restored)[place]));
            }
            assert_eq!(transform::inverse(&of(&got.restored)).as_flattened(), of(&got.back));
            assert_eq!(
                got.squares[lane],
                rest.iter().map(|&v| i32::from(v).pow(2) as u32).sum::<u32>()
            );
            let some = (0..16).filter(|&n| levels[n] != 0);
            assert_eq!(got.masks[lane], some.clone().map(|n| 1 << n).sum::<u16>());
            let last = some.clone().next_back().map_or(0, |n| 14 * (n as i16 + 1));
            let rates = some.map(|n| 60 + 26 * levels[n].abs().min(8));
            assert_eq!(got.rates[lane], last + rates.sum::<i16>());
            assert_eq!(got.texture[lane], plain_texture(&first));
        }
    }
}

#[test]
fn ten_predictions_are_what_they_are_one_by_one() {
    const MODES: [Mode; 10] = [
        Mode::Dc,
        Mode::TrueMotion,
        Mode::Vertical,
        Mode::Horizontal,
        Mode::RightDown,
        Mode::VerticalRight,
        Mode::LeftDown,
        Mode::VerticalLeft,
        Mode::HorizontalDown,
        Mode::HorizontalUp,
    ];
    let mut random = Random(4);
    for round in 0..300 {
        let mut edge: Edge = [(); 18].map(|()| match round % 3 {
            0 => random.below(256) as u8,
            1 => 255 * random.below(2) as u8,
            _ => 100 + random.below(20) as u8,
        });
        edge[13] = edge[12];
        for level in [Level::new(), Level::baseline()] {
            let (rows, lanes) = dispatch!(level, simd => {
                let rows = subblocks::predictions(simd, &edge);
                let mut stored = [[0i16; 16]; 16];
                lanes::store(&subblocks::transpose(simd, &rows), &mut stored);
                (rows.map(<[u8; 16]>::from), stored)
            });
            for (mode, row) in MODES.into_iter().zip(rows) {
                assert_eq!(predict::subblock(mode, &edge).as_flattened(), row, "{mode:?}");
                let lane = lanes.map(|values| values[mode as usize] as u8);
                assert_eq!(lane, row, "{mode:?}");
            }
        }
    }
}

fn plain_texture(pixels: &[i16; 16]) -> i16 {
    let weights = [38, 32, 20, 9, 32, 28, 17, 7, 20, 17, 10, 4, 9, 7, 4, 2];
    let sign = |frequency: usize, at: usize| {
        // Walsh functions by the number of changes of sign.
        [[1, 1, 1, 1], [1, 1, -1, -1], [1, -1, -1, 1], [1, -1, 1, -1]][frequency][at]
    };
    let sums = (0..16).map(|frequency| {
        let terms = (0..16).map(|at| sign(frequency / 4, at / 4) * sign(frequency % 4, at % 4) * i32::from(pixels[at]));
        (terms.sum::<i32>().abs() * weights[frequency]) >> 7
    });
    sums.sum::<i32>() as i16
}

#[test]
fn blocks_are_split_and_joined() {
    let mut random = Random(2);
    let rows: [[u8; 16]; 16] = [(); 16].map(|()| [(); 16].map(|()| random.below(256) as u8));
    let level = Level::new();
    let (stored, back) = dispatch!(level, simd => {
        let block = lanes::split(simd, &rows);
        let mut stored = [[0i16; 16]; 16];
        lanes::store(&block, &mut stored);
        let zero: i16x16<_> = i16x16::splat(simd, 0);
        (stored, lanes::join(simd, &block.map(|values| values + zero)))
    });
    assert_eq!(rows, back);
    for (place, values) in stored.iter().enumerate() {
        for (lane, &value) in values.iter().enumerate() {
            assert_eq!(
                value,
                i16::from(rows[lane / 4 * 4 + place / 4][lane % 4 * 4 + place % 4])
            );
        }
    }
}
