use super::*;

/// Blocks with as many coefficients as `lasts` says, in the grid's layout.
fn blocks(grid: Grid, lasts: &[u8], seed: u32, reach: i32) -> Vec<i16> {
    let mut state = seed;
    let mut next = move || {
        state = state.wrapping_mul(1664525).wrapping_add(1013904223);
        (state >> 16) as i32
    };
    let mut all = vec![0; grid.len() * lasts.len()];
    for (block, &last) in all.chunks_exact_mut(grid.len()).zip(lasts) {
        for k in 0..=usize::from(last) {
            let reach = if k == 0 { reach * 8 } else { reach / (1 + k as i32 / 4) };
            if let Some(slot) = block.get_mut(usize::from(grid.places()[k])) {
                *slot = (next() % (2 * reach + 1) - reach) as i16;
            }
        }
    }
    all
}

fn quant() -> [u16; 64] {
    std::array::from_fn(|i| 1 + (i / 8 + i % 8) as u16)
}

/// The definition, in floating point.
fn reference(block: &[i16], side: usize, size: Size, quant: &[u16; 64]) -> Vec<f64> {
    let scale = |k: usize| if k == 0 { 1.0 } else { std::f64::consts::SQRT_2 };
    let wave = |n: usize, at: usize, k: usize| {
        scale(k) * ((2 * at + 1) as f64 * k as f64 * std::f64::consts::PI / (2 * n) as f64).cos()
    };
    let mut samples = Vec::new();
    for y in 0..size.y {
        for x in 0..size.x {
            let mut sum = 0.0;
            for v in 0..size.y {
                for u in 0..size.x {
                    let coefficient = f64::from(block[v * side + u]) * f64::from(quant[v * 8 + u]);
                    sum += coefficient * wave(size.y, y, v) * wave(size.x, x, u);
                }
            }
            samples.push((sum / 8.0 + 128.0).clamp(0.0, 255.0));
        }
    }
    samples
}

const LASTS: [u8; 11] = [63, 0, 0, 5, 63, 9, 1, 63, 0, 30, 9];

fn sizes() -> impl Iterator<Item = Size> {
    let sides = [1, 2, 4, 8];
    sides.into_iter().flat_map(move |x| sides.map(|y| Size { x, y }))
}

#[test]
fn samples_are_those_of_the_definition() {
    for size in sizes() {
        let idct = Idct::new(size, &quant(), Level::new());
        let len = idct.grid.len();
        let stride = LASTS.len() * size.x;
        for seed in 0..40 {
            let coefficients = blocks(idct.grid, &LASTS, seed, 1 + 12 * (seed as i32 % 5));
            let mut out = vec![0; stride * size.y];
            idct.run(&coefficients, len, &LASTS, &mut out, stride);
            for (index, block) in coefficients.chunks_exact(len).enumerate() {
                let expected = reference(block, idct.grid.side, size, &quant());
                for (at, expected) in expected.into_iter().enumerate() {
                    let sample = out[at / size.x * stride + index * size.x + at % size.x];
                    assert!(
                        (f64::from(sample) - expected).abs() <= 1.0,
                        "{size:?}: {sample} for {expected}"
                    );
                }
            }
        }
    }
}

#[test]
fn all_kernels_agree() {
    let levels = [
        #[cfg(target_arch = "x86_64")]
        Level::new().as_sse4_2().map(fearless_simd::Simd::level),
        Some(Level::new()),
    ];
    for (size, level) in sizes().flat_map(|size| levels.into_iter().flatten().map(move |level| (size, level))) {
        let idct = Idct::new(size, &quant(), level);
        let len = idct.grid.len();
        for count in 0..=LASTS.len() {
            let lasts = &LASTS[..count];
            let stride = count * size.x + 3;
            for seed in 0..20 {
                // Kernels for 2×2 saturate later: nothing that a picture can have.
                let reach = [5, 60, 300, if size.x == 2 { 400 } else { 3000 }][seed as usize % 4];
                let coefficients = blocks(idct.grid, lasts, seed, reach);
                let (mut fast, mut slow) = (vec![7; stride * size.y], vec![7; stride * size.y]);
                idct.run(&coefficients, len, lasts, &mut fast, stride);
                idct.run_scalar(&coefficients, len, lasts, &mut slow, stride);
                assert!(fast == slow, "{size:?} {level:?} {count} {seed}");
            }
        }
    }
}

#[test]
fn grids_keep_the_lowest_coefficients() {
    assert_eq!(Grid { side: 2 }.places()[..6], [0, 1, 2, 4, 3, 4]);
    for (side, last) in [(1, 0), (2, 4), (4, 24), (8, 63)] {
        let grid = Grid { side };
        let kept = grid.places().iter().rposition(|&place| usize::from(place) < grid.len());
        assert_eq!(kept, Some(last));
    }
}
