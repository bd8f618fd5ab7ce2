//! Times our JPEG decoder at each scale, for planes and for RGB: `jpeg-decode FILE [ROUNDS [SCALE:KIND]]`.

use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use keenpix::Limits;
use keenpix::jpeg::decode::{Decoder, Scale};
use keenpix_benches::cpu_time;

const SCALES: [(&str, Scale); 4] = [
    ("1", Scale::Full),
    ("1/2", Scale::Half),
    ("1/4", Scale::Quarter),
    ("1/8", Scale::Eighth),
];

#[allow(clippy::print_stdout, reason = "the figures are what the program is for")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("give the path of a JPEG file")?;
    let rounds: u32 = arguments.next().map_or(Ok(25), |rounds| rounds.parse())?;
    let only = arguments.next();
    let bytes = std::fs::read(&path)?;
    for (name, scale) in SCALES {
        for kind in ["planes", "rgb"] {
            if only.as_deref().is_some_and(|only| only != format!("{name}:{kind}")) {
                continue;
            }
            let (best, mean) = measure(&Decoder::new(&bytes)?.scale(scale), kind == "planes", rounds)?;
            println!("{name:>4} {kind:<7} {best:8.2} ms at best, {mean:8.2} ms of CPU time on average");
        }
    }
    Ok(())
}

/// The minimum wall time and the mean CPU time of decoding once, in milliseconds.
fn measure(decoder: &Decoder, planar: bool, rounds: u32) -> Result<(f64, f64), Box<dyn Error>> {
    let limits = Limits::default();
    let mut best = f64::INFINITY;
    let before = cpu_time();
    for _ in 0..rounds {
        let start = Instant::now();
        if planar {
            black_box(decoder.planes(&limits)?);
        } else {
            black_box(decoder.rgb(&limits)?);
        }
        best = best.min(start.elapsed().as_secs_f64() * 1e3);
    }
    let mean = (cpu_time() - before).as_secs_f64() * 1e3 / f64::from(rounds.max(1));
    Ok((best, mean))
}
