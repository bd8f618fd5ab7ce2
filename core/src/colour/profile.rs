//! Reads the parts of an ICC profile that are needed, and limits what that can cost.

use moxcms::{ColorProfile, ParsingOptions};

/// The largest profile that is read: press profiles with all tables take up to 3 MB.
pub(super) const MAX_BYTES: usize = 4 << 20;

/// Maximum entries of a tag table: real profiles have up to 30.
const MAX_TAGS: usize = 256;

const HEADER: usize = 128;

/// The tags that convert a device's colours to the connection space (ICC.1:2022, 9.2). All others are removed
/// before the profile is parsed: reverse tables are large, texts are often broken, and neither is needed.
const KEPT: [&[u8; 4]; 10] = [
    b"A2B0", b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC", b"kTRC", b"wtpt", b"chad",
];

/// Parses a profile. The error says what is wrong with it.
///
/// Including a transform's tables, this takes up to six times the profile's size: two copies, and values as `f32`.
pub(super) fn parse(icc: &[u8]) -> Result<ColorProfile, String> {
    let slim = slim(icc)?;
    let options = ParsingOptions {
        max_profile_size: MAX_BYTES + 4096,
        max_allowed_clut_size: 2_000_000,
        max_allowed_trc_size: 40_000,
    };
    ColorProfile::new_from_slice_with_options(&slim, options).map_err(|error| error.to_string())
}

/// Whether a profile means sRGB, to within about one level of 255: its curves and primaries, whatever its name.
///
/// Takes a few microseconds. `false` for a profile that can't be read.
pub(crate) fn is_srgb(icc: &[u8]) -> bool {
    // If the parser panics, it is not sRGB.
    std::panic::catch_unwind(|| parse(icc).is_ok_and(|profile| means_srgb(&profile))).unwrap_or(false)
}

pub(super) fn means_srgb(profile: &ColorProfile) -> bool {
    // A profile with tables may render in any way, whatever its primaries are.
    if !profile.is_matrix_shaper() || profile.lut_a_to_b_perceptual.is_some() {
        return false;
    }
    let srgb = ColorProfile::new_srgb();
    let (ours, theirs) = (srgb.colorant_matrix(), profile.colorant_matrix());
    // A thousandth in XYZ moves the darkest colours by two levels, all others by less than one.
    let near = |(a, b): (&f64, &f64)| (a - b).abs() < 0.001;
    if !ours.v.as_flattened().iter().zip(theirs.v.as_flattened()).all(near) {
        return false;
    }
    let curves = [
        profile.build_r_linearize_table::<u8, 256, 8>(false),
        profile.build_g_linearize_table::<u8, 256, 8>(false),
        profile.build_b_linearize_table::<u8, 256, 8>(false),
    ];
    curves.iter().all(|curve| {
        curve.as_ref().is_ok_and(|table| {
            let level = |(level, linear): (usize, &f32)| (encode(*linear) * 255.0 - level as f32).abs() < 1.0;
            table.iter().enumerate().all(level)
        })
    })
}

/// Converts light to sRGB's stored values, both from 0 to 1 (IEC 61966-2-1).
pub(super) fn encode(linear: f32) -> f32 {
    if linear <= 0.003_130_8 {
        12.92 * linear
    } else {
        1.055 * linear.powf(1.0 / 2.4) - 0.055
    }
}

/// Converts L* of CIE L*a*b* (from 0 to 1) to luminance.
pub(super) fn light(lightness: f32) -> f32 {
    let t = (lightness * 100.0 + 16.0) / 116.0;
    if t > 6.0 / 29.0 {
        t.powi(3)
    } else {
        (t - 4.0 / 29.0) * 108.0 / 841.0
    }
}

/// The profile with only the [`KEPT`] tags, each once. It copies at most the profile's size and 4 kB.
fn slim(icc: &[u8]) -> Result<Vec<u8>, String> {
    if icc.len() > MAX_BYTES {
        return Err(format!("it has {} bytes where {MAX_BYTES} are read", icc.len()));
    }
    let (header, rest) = icc
        .split_at_checked(HEADER)
        .filter(|(header, _)| header[36..40] == *b"acsp")
        .ok_or("it has no ICC header")?;
    let word = |bytes: &[u8], at: usize| {
        bytes
            .get(at..at + 4)
            .and_then(|b| b.try_into().ok())
            .map(u32::from_be_bytes)
    };
    let count = word(rest, 0).ok_or("it ends before its tag table")? as usize;
    if count > MAX_TAGS {
        return Err(format!("it claims {count} tags where {MAX_TAGS} are read"));
    }
    let table = rest.get(4..4 + count * 12).ok_or("it ends within its tag table")?;

    let find = |name: &[u8; 4]| {
        let entry = table.chunks_exact(12).find(|entry| entry[..4] == *name)?;
        Some((word(entry, 4)? as usize, word(entry, 8)? as usize))
    };
    // Without a perceptual table, the colorimetric one.
    let place = |name: &'static [u8; 4]| find(name).or_else(|| if name == b"A2B0" { find(b"A2B1") } else { None });
    let tags: Vec<_> = KEPT.iter().filter_map(|&name| Some((name, place(name)?))).collect();

    let mut slim = header.to_vec();
    slim.extend((tags.len() as u32).to_be_bytes());
    let mut data = Vec::new();
    let mut copied: Vec<((usize, usize), usize)> = Vec::new();
    for (name, (offset, size)) in &tags {
        // Curves often share their data.
        let known = copied
            .iter()
            .find(|(place, _)| *place == (*offset, *size))
            .map(|(_, at)| *at);
        let at = match known {
            Some(at) => at,
            None => {
                let end = offset.checked_add(*size).ok_or("a tag's size overflows")?;
                let bytes = icc
                    .get(*offset..end)
                    .ok_or_else(|| format!("tag {} ends at {end} of {} bytes", name.escape_ascii(), icc.len()))?;
                let at = HEADER + 4 + tags.len() * 12 + data.len();
                data.extend_from_slice(bytes);
                data.resize(data.len().next_multiple_of(4), 0);
                if data.len() > icc.len() + 1024 {
                    return Err("its tags overlap".into());
                }
                copied.push(((*offset, *size), at));
                at
            }
        };
        slim.extend_from_slice(*name);
        slim.extend((at as u32).to_be_bytes());
        slim.extend((*size as u32).to_be_bytes());
    }
    slim.append(&mut data);
    let size = (slim.len() as u32).to_be_bytes();
    slim[..4].copy_from_slice(&size);
    Ok(slim)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SRGB: [&[u8]; 2] = [
        include_bytes!("testdata/sRGB-v2-micro.icc"),
        include_bytes!("testdata/sRGB-v2-nano.icc"),
    ];
    const P3: &[u8] = include_bytes!("testdata/DisplayP3-v4.icc");

    #[test]
    fn knows_srgb_by_what_it_does() {
        for icc in SRGB {
            assert!(is_srgb(icc));
        }
        for icc in [
            P3,
            include_bytes!("testdata/AdobeCompat-v4.icc"),
            include_bytes!("press.icc"),
            &[],
        ] {
            assert!(!is_srgb(icc));
        }
    }

    #[test]
    fn knows_srgb_without_its_name_and_not_by_its_name() {
        // Tags that are not needed may be broken.
        let mut icc = SRGB[0].to_vec();
        let at = icc.windows(4).position(|tag| tag == b"desc").unwrap();
        icc[at + 4..at + 12].fill(0xff);
        assert!(is_srgb(&icc));
        // Another red.
        let at = icc.windows(4).position(|tag| tag == b"rXYZ").unwrap();
        let place = u32::from_be_bytes(icc[at + 4..at + 8].try_into().unwrap()) as usize;
        icc[place + 9] ^= 0x10;
        assert!(!is_srgb(&icc));
    }

    #[test]
    fn refuses_what_costs_too_much() {
        let reason = |icc: &[u8]| parse(icc).unwrap_err();
        assert!(reason(&vec![0; MAX_BYTES + 1]).contains("4194305 bytes"));
        let mut icc = P3.to_vec();
        icc[128..132].copy_from_slice(&1_000_000u32.to_be_bytes());
        assert!(reason(&icc).contains("1000000 tags"));
        // Tags that overlap without being identical would be copied again and again.
        let mut icc = P3[..128].to_vec();
        icc.extend(10u32.to_be_bytes());
        for (index, name) in KEPT.iter().enumerate() {
            icc.extend_from_slice(*name);
            icc.extend((index as u32).to_be_bytes());
            icc.extend(40_000u32.to_be_bytes());
        }
        icc.resize(50_000, 0);
        assert!(reason(&icc).contains("overlap"));
    }
}
