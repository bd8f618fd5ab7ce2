//! How long resizing takes, next to `fast_image_resize`: CPU time of this thread, the fastest of many runs.
//!
//! `cargo run --release -p keenpix --example resize_times [part of a case's name]`
//!
//! The resampler is not public, so its sources are taken in as modules of this program.
#![allow(dead_code, unreachable_pub, unused_imports, reason = "only the resampler is used")]
#![allow(clippy::print_stdout, reason = "a program that prints a table")]

#[path = "../src/error.rs"]
mod error;
#[path = "../src/format.rs"]
mod format;
#[path = "../src/image.rs"]
mod image;
#[path = "../src/limits.rs"]
mod limits;
#[path = "../src/plan.rs"]
mod plan;
#[path = "../src/resize/mod.rs"]
mod resize;

pub use error::{Error, LimitKind, Result};
pub use limits::Limits;
pub use plan::{Kernel, Tolerate};

use std::time::{Duration, Instant};

use fast_image_resize as peer;
use limits::Budget;
use resize::{Rect, Resampler, Spec};

struct Case {
    name: &'static str,
    /// Channels, source, output; all planes of a picture.
    planes: &'static [(usize, (u32, u32), (u32, u32))],
    alpha: bool,
    linear: bool,
}

const fn case(name: &'static str, planes: &'static [(usize, (u32, u32), (u32, u32))]) -> Case {
    Case {
        name,
        planes,
        alpha: false,
        linear: false,
    }
}

const LUMA: (usize, (u32, u32), (u32, u32)) = (1, (1363, 1113), (720, 588));
const CHROMA: (usize, (u32, u32), (u32, u32)) = (1, (682, 557), (360, 294));
const RGBA: &[(usize, (u32, u32), (u32, u32))] = &[(4, (2048, 1536), (720, 540))];

const CASES: &[Case] = &[
    case("planar luma 1363x1113 -> 720x588", &[LUMA]),
    case("planar chroma 2 x 682x557 -> 360x294", &[CHROMA, CHROMA]),
    case("planar all three", &[LUMA, CHROMA, CHROMA]),
    case("rgb 2048x1536 -> 720x540", &[(3, (2048, 1536), (720, 540))]),
    case("cmyk 2048x1536 -> 720x540", RGBA),
    Case {
        alpha: true,
        ..case("rgba 2048x1536 -> 720x540", RGBA)
    },
    Case {
        alpha: true,
        linear: true,
        ..case("rgba linear 2048x1536 -> 720x540", RGBA)
    },
    Case {
        linear: true,
        ..case("rgb linear 2048x1536 -> 720x540", &[(3, (2048, 1536), (720, 540))])
    },
    case("grey 4032x3024 -> 512x384", &[(1, (4032, 3024), (512, 384))]),
    case("rgb 4032x3024 -> 512x384", &[(3, (4032, 3024), (512, 384))]),
    case("rgb 4032x3024 -> 64x48", &[(3, (4032, 3024), (64, 48))]),
    case("rgb 300x200 -> 1200x800", &[(3, (300, 200), (1200, 800))]),
    case("rgb copy 2048x1536", &[(3, (2048, 1536), (2048, 1536))]),
];

fn main() {
    let wanted = std::env::args().nth(1).unwrap_or_default();
    println!(
        "{:40} {:>10} {:>10} {:>6}",
        "CPU ms, fastest run", "keenpix", "peer", "ratio"
    );
    for case in CASES.iter().filter(|case| case.name.contains(&wanted)) {
        let data: Vec<Vec<u8>> = case
            .planes
            .iter()
            .map(|&(channels, (w, h), _)| picture(w as usize * h as usize * channels))
            .collect();
        let ours = fastest(|| {
            for (&plane, data) in case.planes.iter().zip(&data) {
                keenpix(case, plane, data);
            }
        });
        let mut resizer = peer::Resizer::new();
        let peers = fastest(|| {
            for (&plane, data) in case.planes.iter().zip(&data) {
                fast_image_resize(&mut resizer, case, plane, data);
            }
        });
        println!("{:40} {ours:10.3} {peers:10.3} {:6.2}", case.name, peers / ours);
    }
}

fn keenpix(case: &Case, (channels, source, size): (usize, (u32, u32), (u32, u32)), data: &[u8]) {
    let spec = Spec {
        channels,
        alpha: case.alpha,
        linear: case.linear,
        source,
        crop: Rect {
            left: 0.0,
            top: 0.0,
            width: f64::from(source.0),
            height: f64::from(source.1),
        },
        size,
        kernel: Kernel::Lanczos3,
    };
    let mut resampler = Resampler::new(&spec, &Budget::new(&Limits::default())).expect("a good spec");
    for row in data.chunks_exact(source.0 as usize * channels) {
        resampler.row(row).expect("a row");
    }
    std::hint::black_box(resampler.finish().expect("all rows"));
}

fn fast_image_resize(
    resizer: &mut peer::Resizer,
    case: &Case,
    (channels, source, size): (usize, (u32, u32), (u32, u32)),
    data: &[u8],
) {
    let pixel = [
        peer::PixelType::U8,
        peer::PixelType::U8x2,
        peer::PixelType::U8x3,
        peer::PixelType::U8x4,
    ][channels - 1];
    let source = peer::images::ImageRef::new(source.0, source.1, data, pixel).expect("a source");
    let mut target = peer::images::Image::new(size.0, size.1, pixel);
    let options = peer::ResizeOptions::new()
        .resize_alg(peer::ResizeAlg::Convolution(peer::FilterType::Lanczos3))
        .use_alpha(case.alpha);
    resizer.resize(&source, &mut target, &options).expect("a resize");
    std::hint::black_box(target);
}

/// Fewest milliseconds of CPU time. Wall time stands in where the system does not tell; the fastest of many runs
/// is then hardly more.
fn fastest(mut run: impl FnMut()) -> f64 {
    let mut best = f64::MAX;
    let (start, mut runs) = (Instant::now(), 0);
    while runs < 5 || start.elapsed() < Duration::from_millis(700) {
        let before = Instant::now();
        run();
        best = best.min(before.elapsed().as_secs_f64());
        runs += 1;
    }
    best * 1e3
}

fn picture(len: usize) -> Vec<u8> {
    let mut state = 1u32;
    (0..len)
        .map(|i| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            ((i / 50) as u8).wrapping_add((state >> 27) as u8) | 1
        })
        .collect()
}
