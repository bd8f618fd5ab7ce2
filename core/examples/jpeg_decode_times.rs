//! Time that the JPEG decoder takes at each scale: `cargo run --release --example jpeg_decode_times -- photo.jpg [rounds]`.

use std::time::Instant;

use keenpix::Limits;
use keenpix::jpeg::decode::{Decoder, Scale};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("give the path of a JPEG file")?;
    let rounds: u32 = arguments.next().map_or(Ok(25), |rounds| rounds.parse())?;
    let only = arguments.next();
    let bytes = std::fs::read(&path)?;
    let limits = Limits::default();
    for (name, scale) in [
        ("1", Scale::Full),
        ("1/2", Scale::Half),
        ("1/4", Scale::Quarter),
        ("1/8", Scale::Eighth),
    ] {
        for (kind, planar) in [("planes", true), ("rgb", false)] {
            if only.as_deref().is_some_and(|only| only != format!("{name}:{kind}")) {
                continue;
            }
            let decoder = Decoder::new(&bytes)?.scale(scale);
            let mut best = f64::INFINITY;
            let before = cpu_ms();
            for _ in 0..rounds {
                let start = Instant::now();
                let picture = if planar {
                    decoder.planes(&limits)?
                } else {
                    decoder.rgb(&limits)?
                };
                best = best.min(start.elapsed().as_secs_f64() * 1e3);
                std::hint::black_box(picture);
            }
            #[allow(clippy::print_stdout, reason = "the figures are what it is for")]
            {
                match cpu_ms().zip(before) {
                    Some((after, before)) => {
                        let mean = (after - before) / f64::from(rounds);
                        println!("{name:>4} {kind:<7} {best:8.2} ms at best, {mean:8.2} ms of CPU time on average");
                    }
                    None => println!("{name:>4} {kind:<7} {best:8.2} ms at best"),
                }
            }
        }
    }
    Ok(())
}

/// CPU time of this thread, where the system tells.
fn cpu_ms() -> Option<f64> {
    let times = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(times.split_whitespace().next()?.parse::<f64>().ok()? / 1e6)
}
