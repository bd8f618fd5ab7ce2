//! Uploads, overwrites and deletions, with repeated, late and reordered events and faults of all kinds, over the real
//! SDK and a real server; then checks six invariants.
//!
//! Time and queues are simulated, and every request waits at a gate until the simulation lets it through, so that runs
//! with the same seed are the same. `KEENPIX_SEED=n` runs one seed, `KEENPIX_RUNS=n` this many.

mod check;
mod functions;
mod queue;
mod requests;
mod users;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};

const RUNS: u64 = 1000;

#[test]
fn the_invariants_hold() {
    let number = |name| {
        std::env::var(name)
            .ok()
            .map(|text: String| text.parse::<u64>().expect("a number"))
    };
    if let Some(seed) = number("KEENPIX_SEED") {
        return run(seed, true);
    }
    let runs = number("KEENPIX_RUNS").unwrap_or(RUNS);
    let next = AtomicU64::new(0);
    let totals = world::Totals::default();
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= runs {
                        return;
                    }
                    if catch_unwind(AssertUnwindSafe(|| totals.add(&simulated(seed, false)))).is_err() {
                        panic!("seed {seed} fails: KEENPIX_SEED={seed} make simulate");
                    }
                }
            });
        }
    });
    // Something that never happens isn't tested.
    totals.print(runs);
    if runs >= RUNS {
        totals.assert_all_happened();
    }
}

#[test]
fn a_seed_runs_the_same_every_time() {
    for seed in [3, 1 << 40] {
        assert_eq!(simulated(seed, false).log, simulated(seed, false).log, "{seed}");
    }
}

fn run(seed: u64, verbose: bool) {
    let world = simulated(seed, verbose);
    assert!(!world.log.is_empty());
}

fn simulated(seed: u64, verbose: bool) -> world::World {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut world = world::World::new(seed, verbose).await;
        world.drain(true).await;
        world.redrive();
        world.drain(false).await;
        check::all(&mut world);
        world
    })
}
