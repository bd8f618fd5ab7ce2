use super::*;

fn noise(len: usize) -> Vec<u8> {
    let mut state = 1u32;
    (0..len)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .collect()
}

#[test]
fn rgb_gives_the_bytes_of_the_simple_interface() {
    let rgb = noise(40 * 30 * 3);
    let ours = encode(40, 30, Pixels::Rgb(&rgb), &Config::default(), &mut || true).unwrap();
    let mut theirs = std::ptr::null_mut();
    // SAFETY: 30 rows of 40 pixels; the result is copied and freed.
    let theirs = unsafe {
        let size = sys::WebPEncodeRGB(rgb.as_ptr(), 40, 30, 120, 80.0, &mut theirs);
        let bytes = std::slice::from_raw_parts(theirs, size).to_vec();
        sys::WebPFree(theirs.cast());
        bytes
    };
    assert_eq!(ours, theirs);
}

#[test]
fn every_form_of_pixels_is_taken() {
    let lossless = Config {
        lossless: true,
        ..Config::default()
    };
    for (width, height) in [(1u32, 1u32), (17, 3), (64, 64)] {
        let area = (width * height) as usize;
        let half = (width.div_ceil(2) * height.div_ceil(2)) as usize;
        for config in [Config::default(), lossless] {
            assert!(encode(width, height, Pixels::Rgb(&noise(area * 3)), &config, &mut || true).is_ok());
            assert!(encode(width, height, Pixels::Rgba(&noise(area * 4)), &config, &mut || true).is_ok());
        }
        let (mut y, mut u, mut v) = (noise(area), noise(half), noise(half));
        let mut planes = |config: Config| {
            let pixels = Pixels::Yuv420 {
                y: &mut y,
                u: &mut u,
                v: &mut v,
            };
            encode(width, height, pixels, &config, &mut || true)
        };
        assert!(planes(Config::default()).is_ok());
        assert_eq!(planes(lossless), Err(Error::Config));
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let config = Config::default();
    for (width, height) in [(0, 1), (1, 0), (MAX_EDGE + 1, 1)] {
        assert_eq!(
            encode(width, height, Pixels::Rgb(&[]), &config, &mut || true),
            Err(Error::Size { width, height })
        );
    }
    assert_eq!(
        encode(2, 2, Pixels::Rgba(&[0; 15]), &config, &mut || true),
        Err(Error::Buffer {
            expected: 16,
            actual: 15
        })
    );
    let wild = Config {
        quality: 101.0,
        ..config
    };
    assert_eq!(
        encode(1, 1, Pixels::Rgb(&[0; 3]), &wild, &mut || true),
        Err(Error::Config)
    );
    assert!(
        encode(
            MAX_EDGE,
            1,
            Pixels::Rgb(&noise(MAX_EDGE as usize * 3)),
            &config,
            &mut || true
        )
        .is_ok()
    );
}

#[test]
fn the_callback_stops_the_work() {
    let rgb = noise(256 * 256 * 3);
    let mut asked = 0;
    let result = encode(256, 256, Pixels::Rgb(&rgb), &Config::default(), &mut || {
        asked += 1;
        asked < 3
    });
    assert_eq!(result, Err(Error::Stopped));
    assert_eq!(asked, 3);
}

#[test]
fn a_panic_of_the_callback_arrives() {
    let panic = std::panic::catch_unwind(|| {
        encode(
            64,
            64,
            Pixels::Rgb(&noise(64 * 64 * 3)),
            &Config::default(),
            &mut || panic!("enough"),
        )
    });
    assert_eq!(panic.unwrap_err().downcast_ref(), Some(&"enough"));
}

#[test]
fn an_animation_has_its_frames() {
    let mut animation = Animation::new(32, 16, 3, &Config::default()).unwrap();
    for i in 0..4u8 {
        let mut rgba = noise(32 * 16 * 4);
        rgba[usize::from(i) * 64..][..64].fill(i);
        animation.frame(Pixels::Rgba(&rgba), 40, &mut || true).unwrap();
    }
    let file = animation.finish(&mut || true).unwrap();
    assert_eq!(&file[12..16], b"VP8X");
    assert_eq!(file.windows(4).filter(|window| window == b"ANMF").count(), 4);
    let animation = Animation::new(8, 8, 0, &Config::default()).unwrap();
    assert!(animation.finish(&mut || true).is_err());
    let mut animation = Animation::new(64, 64, 0, &Config::default()).unwrap();
    assert_eq!(
        animation.frame(Pixels::Rgb(&noise(64 * 64 * 3)), 10, &mut || false),
        Err(Error::Stopped)
    );
}

/// Three empty frames that differ only in invisible colours: libwebp merges them into one.
fn empty_frames() -> Animation {
    let mut animation = Animation::new(48, 40, 0, &Config::default()).unwrap();
    for frame in 0..3u8 {
        let rgba = [frame * 60, 90, 200 - frame * 50, 0].repeat(48 * 40);
        let mut go_on = Box::new(|| true);
        animation.frame(Pixels::Rgba(&rgba), 40, &mut *go_on).unwrap();
    }
    animation
}

#[test]
fn frames_that_are_all_the_same_become_a_still() {
    // libwebp encodes it again when it writes the file, and calls the hook that it kept from the last picture.
    let mut asked = 0;
    let file = empty_frames()
        .finish(&mut || {
            asked += 1;
            true
        })
        .unwrap();
    assert!(asked > 0);
    assert_eq!(&file[8..12], b"WEBP");
    assert_eq!(file.windows(4).filter(|window| window == b"ANMF").count(), 0);
}

#[test]
fn the_last_step_of_an_animation_asks_as_well() {
    let outcome = empty_frames().finish(&mut || false);
    // It may also use what was encoded before.
    assert!(outcome.is_ok() || outcome == Err(Error::Stopped));
    let panic = std::panic::catch_unwind(|| empty_frames().finish(&mut || panic!("enough")).is_ok());
    assert_eq!(panic.unwrap_err().downcast_ref(), Some(&"enough"));
}
