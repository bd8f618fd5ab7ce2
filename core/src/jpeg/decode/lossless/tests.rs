use crate::jpeg::decode::{Colour, Decoder, Picture};
use crate::limits::Limits;
use crate::request::Tolerate;

/// What a file is made of.
#[derive(Debug, Clone, Copy)]
struct Options {
    size: (usize, usize),
    precision: u32,
    predictor: u8,
    low: u32,
    /// Lines of MCUs between restart markers.
    restart: usize,
    sampling: &'static [u8],
    /// Whether each component has a scan of its own.
    apart: bool,
}

const GREY: Options = Options {
    size: (31, 21),
    precision: 8,
    predictor: 1,
    low: 0,
    restart: 0,
    sampling: &[0x11],
    apart: false,
};

/// The planes of a picture: waves and noise.
fn planes(options: &Options) -> Vec<(usize, usize, Vec<u16>)> {
    let (h_max, v_max) = largest(options);
    let mut state = 7u32;
    let plane = |&factors: &u8| {
        let (h, v) = (usize::from(factors >> 4), usize::from(factors & 15));
        let (width, height) = (
            (options.size.0 * h).div_ceil(h_max),
            (options.size.1 * v).div_ceil(v_max),
        );
        let samples = (0..width * height).map(|at| {
            state = state.wrapping_mul(1664525).wrapping_add(1013904223);
            let wave = 0.5 + 0.4 * ((at % width) as f64 / 5.0).sin() * ((at / width) as f64 / 3.0).cos();
            let noise = f64::from(state >> 16) / 65536.0 * 0.1;
            let white = (1 << options.precision) as f64 - 1.0;
            (((wave + noise) * white) as u16) >> options.low << options.low
        });
        (width, height, samples.collect())
    };
    options.sampling.iter().map(plane).collect()
}

fn largest(options: &Options) -> (usize, usize) {
    let across = options.sampling.iter().map(|factors| factors >> 4).max().unwrap_or(1);
    let down = options.sampling.iter().map(|factors| factors & 15).max().unwrap_or(1);
    (across.into(), down.into())
}

/// Bits, most significant first, with stuffing.
#[derive(Default)]
struct Writer {
    bytes: Vec<u8>,
    buffer: u64,
    count: u32,
}

impl Writer {
    fn put(&mut self, value: u64, bits: u32) {
        (self.buffer, self.count) = (self.buffer << bits | value, self.count + bits);
        while self.count >= 8 {
            self.count -= 8;
            let byte = (self.buffer >> self.count) as u8;
            self.bytes.push(byte);
            if byte == 0xFF {
                self.bytes.push(0);
            }
            self.buffer &= (1 << self.count) - 1;
        }
    }

    /// A difference modulo 2¹⁶: its size, in five bits, and its bits.
    fn difference(&mut self, difference: u16) {
        let value = i64::from(difference as i16);
        let size = 64 - value.unsigned_abs().leading_zeros();
        self.put(size.into(), 5);
        if (1..16).contains(&size) {
            let low = if value < 0 { value - 1 } else { value } as u64;
            self.put(low & ((1 << size) - 1), size);
        }
    }

    fn flush(&mut self) {
        if self.count > 0 {
            self.put((1 << (8 - self.count)) - 1, 8 - self.count);
        }
    }
}

fn encode(options: &Options) -> Vec<u8> {
    let planes = planes(options);
    let (h_max, v_max) = largest(options);
    let mut file = vec![
        0xFF,
        0xD8,
        0xFF,
        0xC3,
        0,
        8 + 3 * planes.len() as u8,
        options.precision as u8,
    ];
    let [width, height] = [options.size.0, options.size.1].map(|side| (side as u16).to_be_bytes());
    file.extend([height, width].concat());
    file.push(planes.len() as u8);
    for (id, &factors) in (1..).zip(options.sampling) {
        file.extend([id, factors, 0]);
    }
    // Seventeen codes of five bits.
    file.extend([0xFF, 0xC4, 0, 36, 0, 0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    file.extend(0..=16);
    let all: Vec<usize> = (0..planes.len()).collect();
    for scan in all.chunks(if options.apart { 1 } else { 4 }) {
        let alone = scan.len() == 1;
        let (mcus_x, lines) = match alone {
            true => (planes[scan[0]].0, planes[scan[0]].1),
            false => (options.size.0.div_ceil(h_max), options.size.1.div_ceil(v_max)),
        };
        let [high, low] = ((options.restart * mcus_x) as u16).to_be_bytes();
        file.extend([
            0xFF,
            0xDD,
            0,
            4,
            high,
            low,
            0xFF,
            0xDA,
            0,
            6 + 2 * scan.len() as u8,
            scan.len() as u8,
        ]);
        scan.iter().for_each(|&index| file.extend([index as u8 + 1, 0]));
        file.extend([options.predictor, 0, options.low as u8]);
        let mut writer = Writer::default();
        for line in 0..lines {
            let first = line == 0 || options.restart > 0 && line % options.restart == 0;
            if first && line > 0 {
                writer.flush();
                writer
                    .bytes
                    .extend([0xFF, 0xD0 + ((line / options.restart - 1) % 8) as u8]);
            }
            for mcu in 0..mcus_x {
                for &index in scan {
                    let factors = if alone { 0x11 } else { options.sampling[index] };
                    let (h, v) = (usize::from(factors >> 4), usize::from(factors & 15));
                    for (y, x) in (0..v).flat_map(|y| (0..h).map(move |x| (y, x))) {
                        let first = first && y == 0;
                        writer.difference(difference(options, &planes[index], line * v + y, mcu * h + x, first));
                    }
                }
            }
        }
        writer.flush();
        file.extend(writer.bytes);
    }
    file.extend([0xFF, 0xD9]);
    file
}

/// The sample at (x, y), or the nearest one where the MCU is larger than the plane, less its prediction.
fn difference(options: &Options, plane: &(usize, usize, Vec<u16>), y: usize, x: usize, first: bool) -> u16 {
    let (width, height, samples) = plane;
    let at = |y: usize, x: usize| i32::from(samples[y.min(height - 1) * width + x.min(width - 1)] >> options.low);
    let prediction = match (first, x) {
        (true, 0) => 1 << (options.precision - options.low - 1),
        (true, _) => at(y, x - 1),
        (false, 0) => at(y - 1, 0),
        (false, _) => {
            let (a, b, c) = (at(y, x - 1), at(y - 1, x), at(y - 1, x - 1));
            match options.predictor {
                1 => a,
                2 => b,
                3 => c,
                4 => a + b - c,
                5 => a + (b - c).div_euclid(2),
                6 => b + (a - c).div_euclid(2),
                _ => (a + b).div_euclid(2),
            }
        }
    };
    (at(y, x) - prediction) as u16
}

fn decode(file: &[u8], tolerate: Tolerate) -> crate::error::Result<Picture> {
    let decoder = Decoder::new(file)?.tolerate(tolerate);
    assert!(decoder.header().lossless);
    decoder.planes(&Limits::default())
}

/// The nearest samples of eight bits.
fn expected(options: &Options, plane: &[u16]) -> Vec<u8> {
    let white = (1 << options.precision) as f64 - 1.0;
    plane
        .iter()
        .map(|&sample| (f64::from(sample) * 255.0 / white + 0.5 - 1e-9) as u8)
        .collect()
}

#[test]
fn each_predictor_and_precision_gives_the_same_samples_back() {
    for predictor in 1..=7 {
        for precision in 2..=16 {
            for (low, restart) in [(0, 0), (1, 3)] {
                let options = Options {
                    precision,
                    predictor,
                    low,
                    restart,
                    ..GREY
                };
                let picture = decode(&encode(&options), Tolerate::None).unwrap();
                assert!(picture.warnings.is_empty(), "{options:?}");
                assert_eq!(
                    picture.planes[0].data,
                    expected(&options, &planes(&options)[0].2),
                    "{options:?}"
                );
            }
        }
    }
}

#[test]
fn components_come_together_or_apart_and_subsampled() {
    for sampling in [
        &[0x11, 0x11, 0x11][..],
        &[0x22, 0x11, 0x11],
        &[0x21, 0x11, 0x11],
        &[0x12, 0x11, 0x12],
    ] {
        for (apart, restart) in [(false, 0), (false, 2), (true, 0), (true, 2)] {
            let options = Options {
                sampling,
                apart,
                restart,
                predictor: 4,
                ..GREY
            };
            // JFIF: Y'CbCr, whose planes come as they are.
            let file = encode(&options);
            let jfif = [
                &file[..2],
                b"\xFF\xE0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0",
                &file[2..],
            ]
            .concat();
            let picture = decode(&jfif, Tolerate::None).unwrap();
            assert_eq!(picture.colour, Colour::YCbCr);
            for (plane, original) in picture.planes.iter().zip(planes(&options)) {
                assert_eq!(plane.data, expected(&options, &original.2), "{options:?}");
            }
        }
    }
}

#[test]
fn a_cut_file_gives_the_lines_that_arrived() {
    for restart in [0, 2] {
        let options = Options { restart, ..GREY };
        let file = encode(&options);
        let cut = &file[..file.len() * 2 / 3];
        let picture = decode(cut, Tolerate::Truncated).unwrap();
        let whole = expected(&options, &planes(&options)[0].2);
        assert_eq!(picture.planes[0].data[..31 * 10], whole[..31 * 10]);
        assert_eq!(picture.planes[0].data.last(), Some(&128));
        assert!(!picture.warnings.is_empty());
        assert_eq!(decode(cut, Tolerate::None).unwrap_err().code(), "TRUNCATED");
    }
}

#[test]
fn a_restart_within_a_line_is_refused() {
    let mut file = encode(&Options { restart: 2, ..GREY });
    let at = file.windows(4).position(|four| four == [0xFF, 0xDD, 0, 4]).unwrap();
    file[at + 5] -= 1;
    assert_eq!(decode(&file, Tolerate::Errors).unwrap_err().code(), "BAD_INPUT");
}

#[test]
fn damage_never_panics() {
    let options = Options {
        size: (9, 5),
        sampling: &[0x22, 0x11, 0x11],
        restart: 1,
        precision: 12,
        ..GREY
    };
    let file = encode(&options);
    for at in 0..file.len() {
        for value in [0, 0xFF, file[at] ^ 0x10, 0xD0] {
            let mut broken = file.clone();
            broken[at] = value;
            let Ok(decoder) = Decoder::new(&broken) else { continue };
            let limits = Limits::new().with_pixels(1_000_000);
            let _ = decoder.tolerate(Tolerate::Errors).rgb(&limits);
        }
    }
}
