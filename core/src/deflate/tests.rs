use super::*;
use crate::decode::testing::Random;

const METHODS: [Method; 12] = [
    Method::Store,
    Method::Runs,
    Method::Matches(1),
    Method::Matches(2),
    Method::Matches(3),
    Method::Matches(4),
    Method::Matches(5),
    Method::Matches(6),
    Method::Matches(7),
    Method::Matches(8),
    Method::Matches(9),
    Method::Matches(10),
];

fn compressed(method: Method, bytes: &[u8], piece: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut deflater = Deflater::new(bytes.len());
    deflater.start(method, (piece, 3), &mut out);
    bytes.chunks(piece).for_each(|piece| deflater.write(piece, &mut out));
    deflater.finish(&mut out);
    out
}

/// Two decoders that know nothing of each other get the bytes back.
fn round_trips(method: Method, bytes: &[u8], piece: usize) -> usize {
    let out = compressed(method, bytes, piece);
    assert!(fdeflate::decompress_to_vec(&out).unwrap() == bytes, "{method:?}");
    let mut back = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::ZlibDecoder::new(&out[..]), &mut back).unwrap();
    assert!(back == bytes, "{method:?}");
    out.len()
}

/// Below a power of two that is itself random.
fn skewed(random: &mut Random, bits: usize) -> usize {
    let bits = random.below(bits);
    random.below(1 << bits)
}

/// Noise, few symbols, runs, repetitions at every distance, and all of it mixed.
fn random_bytes(random: &mut Random) -> Vec<u8> {
    let len = skewed(random, 21);
    let mut bytes: Vec<u8> = Vec::new();
    while bytes.len() < len {
        let count = 1 + skewed(random, 14);
        let symbols = 1 + skewed(random, 9);
        match random.below(4) {
            0 => bytes.extend((0..count).map(|_| random.below(symbols) as u8)),
            1 => bytes.extend(std::iter::repeat_n(symbols as u8, count)),
            _ if !bytes.is_empty() => {
                let from = bytes.len() - 1 - random.below(bytes.len().min(40_000));
                (from..from + count).for_each(|at| bytes.push(bytes[at]));
            }
            _ => {}
        }
    }
    bytes
}

#[test]
fn random_bytes_round_trip() {
    let mut random = Random(77);
    for round in 0..60 {
        let bytes = random_bytes(&mut random);
        for method in METHODS {
            let len = round_trips(method, &bytes, 1 + random.below(5000));
            let stored = 2 + bytes.len() + 5 * (bytes.len() / 32_768 + 1) + 4;
            assert!(len <= stored + 5, "{round} {method:?}: {len} of {}", bytes.len());
        }
    }
}

#[test]
fn short_ones_round_trip() {
    let mut random = Random(5);
    for len in (0..40).chain([255, 256, 257, 258, 259, 260, 32_767, 32_768, 32_769, 65_535, 65_536]) {
        for symbols in [1, 2, 256] {
            let bytes: Vec<u8> = (0..len).map(|_| random.below(symbols) as u8).collect();
            METHODS.iter().for_each(|&method| _ = round_trips(method, &bytes, 700));
        }
    }
}

#[test]
fn spans_follow_each_other() {
    let mut random = Random(6);
    let line: Vec<u8> = (0..30_000).map(|_| random.below(256) as u8).collect();
    let bytes = line.repeat(40);
    for method in METHODS {
        let len = round_trips(method, &bytes, 30_000);
        assert!(method.search(1, 1).is_none() || len < 45_000, "{method:?}: {len}");
    }
}
