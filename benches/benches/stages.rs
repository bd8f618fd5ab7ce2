//! Each stage of the pipeline, isolated as far as the public interface allows.
//!
//! - `probe`: the header of each format.
//! - `decode`: decoding, with next to nothing after it: pixels are picked by nearest neighbour, and a small PNG is
//!   stored uncompressed. The plan's size makes a JPEG decode at 1, 1/2, 1/4 or 1/8.
//! - `resize`: from a bitmap (with alpha, a stored PNG) to a stored PNG.
//! - `encode`: a 720×588 bitmap in each format.

mod cpu;

use std::hint::black_box;
use std::time::Duration;

use cpu::CpuTime;
use criterion::{Criterion, criterion_group, criterion_main};
use keenpix::encode::{Encode, Gif, Jpeg, Png, Webp};
use keenpix::plan::{Kernel, Light};
use keenpix::{Limits, Plan, Resize, probe, transform};
use keenpix_benches::{bitmap, example_photo};

fn probes(criterion: &mut Criterion<CpuTime>) {
    let mut group = criterion.benchmark_group("probe");
    for name in [
        "landscape.jpg",
        "progressive.jpg",
        "bowl-alpha.png",
        "stream.webp",
        "animation.gif",
    ] {
        let bytes = photo(name);
        group.bench_function(name, |b| b.iter(|| probe(black_box(&bytes))));
    }
}

fn decode(criterion: &mut Criterion<CpuTime>) {
    let mut group = criterion.benchmark_group("decode");
    for name in ["landscape.jpg", "progressive.jpg"] {
        let bytes = photo(name);
        let width = probe(&bytes).expect("a photograph").width;
        for scale in [1, 2, 4, 8] {
            let plan = picked(width.div_ceil(scale));
            group.bench_function(format!("{name} at 1÷{scale}"), |b| b.iter(|| run(&bytes, &plan)));
        }
    }
    for name in [
        "coffee.png",
        "bowl-alpha.png",
        "sunset-16-bit.png",
        "stream.webp",
        "cat-lossless.webp",
        "animation.gif",
    ] {
        let (bytes, plan) = (photo(name), picked(64));
        group.bench_function(name, |b| b.iter(|| run(&bytes, &plan)));
    }
}

fn resize(criterion: &mut Criterion<CpuTime>) {
    let mut group = criterion.benchmark_group("resize");
    let (width, height, rgb) = pixels("landscape.jpg", 1600, 1200);
    let bytes = bitmap(width, height, &rgb);
    for (name, kernel) in [
        ("lanczos3", Kernel::Lanczos3),
        ("linear", Kernel::Linear),
        ("box", Kernel::Box),
    ] {
        for to in [800, 720, 200] {
            let plan = stored(Resize::new().with_width(to).with_kernel(kernel));
            group.bench_function(format!("rgb 1600x1200 to {to} wide, {name}"), |b| {
                b.iter(|| run(&bytes, &plan))
            });
        }
    }
    for (name, width) in [("enlarged to 3200 wide", 3200), ("at the same size", 1600)] {
        let plan = stored(Resize::new().with_width(width));
        group.bench_function(format!("rgb 1600x1200 {name}"), |b| b.iter(|| run(&bytes, &plan)));
    }
    // Stored, so that reading it is little more than copying.
    let large = stored(Resize::new().with_width(1600));
    let rgba = run(&photo("bowl-alpha.png"), &large);
    let plan = stored(Resize::new().with_width(720));
    group.bench_function("rgba 1600 to 720 wide", |b| b.iter(|| run(&rgba, &plan)));
    let plan = stored(Resize::new().with_width(720).with_light(Light::Linear));
    group.bench_function("rgb 1600x1200 to 720 wide, lanczos3 in linear light", |b| {
        b.iter(|| run(&bytes, &plan))
    });
}

fn encode(criterion: &mut Criterion<CpuTime>) {
    let mut group = criterion.benchmark_group("encode");
    let (width, height, rgb) = pixels("landscape.jpg", 720, 588);
    let bytes = bitmap(width, height, &rgb);
    let encodes: [(&str, Encode); 11] = [
        ("jpeg", Jpeg::new().into()),
        ("jpeg, standard Huffman tables", Jpeg::new().with_optimise(false).into()),
        ("jpeg, progressive", Jpeg::new().with_progressive(true).into()),
        ("png, compression 0", Png::new().with_compression(0).into()),
        ("png", Png::new().into()),
        ("png, compression 6", Png::new().with_compression(6).into()),
        ("png, palette", Png::new().with_palette(true).into()),
        ("webp, effort 2", Webp::new().with_effort(2).into()),
        ("webp", Webp::new().into()),
        ("webp, lossless", Webp::new().with_lossless(true).with_effort(0).into()),
        ("gif", Gif::new().into()),
    ];
    for (name, encode) in encodes {
        let plan = Plan::new().with_encode(encode);
        group.bench_function(name, |b| b.iter(|| run(&bytes, &plan)));
    }
}

/// A plan that resizes to that width by nearest neighbour, uncompressed.
fn picked(width: u32) -> Plan {
    stored(Resize::new().with_width(width).with_kernel(Kernel::Nearest))
}

fn stored(resize: Resize) -> Plan {
    Plan::new()
        .with_resize(resize)
        .with_encode(Png::new().with_compression(0))
}

fn run(bytes: &[u8], plan: &Plan) -> Vec<u8> {
    transform(black_box(bytes), plan, &Limits::default())
        .expect("a plan that can be carried out")
        .bytes
}

fn photo(name: &str) -> Vec<u8> {
    example_photo(name).unwrap_or_else(|error| panic!("examples/photos/{name}: {error}"))
}

/// A photograph's pixels at a size, as RGB.
fn pixels(name: &str, width: u32, height: u32) -> (u32, u32, Vec<u8>) {
    let file = run(
        &photo(name),
        &stored(Resize::new().with_width(width).with_height(height)),
    );
    let mut reader = png::Decoder::new(std::io::Cursor::new(file))
        .read_info()
        .expect("our own PNG");
    let mut rgb = vec![0; reader.output_buffer_size().expect("a small picture")];
    let frame = reader.next_frame(&mut rgb).expect("our own PNG");
    assert_eq!(
        (frame.color_type, frame.width, frame.height),
        (png::ColorType::Rgb, width, height)
    );
    (width, height, rgb)
}

criterion_group! {
    name = stages;
    config = Criterion::default()
        .with_measurement(CpuTime)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    targets = probes, decode, resize, encode
}
criterion_main!(stages);
