//! BMP files, which cost next to nothing to decode: for measuring what comes after.

/// An uncompressed 24-bit BMP of interleaved RGB rows from the top down. `rgb` must have `width × height × 3` bytes.
pub fn bitmap(width: u32, height: u32, rgb: &[u8]) -> Vec<u8> {
    let stride = width as usize * 3;
    let padded = stride.next_multiple_of(4);
    let pixels = padded * height as usize;
    let mut file = Vec::with_capacity(54 + pixels);
    file.extend(b"BM");
    for field in [54 + pixels as u32, 0, 54, 40, width, height.wrapping_neg()] {
        file.extend(field.to_le_bytes());
    }
    file.extend([1, 0, 24, 0]); // planes, bits
    for field in [0, pixels as u32, 2_835, 2_835, 0, 0] {
        file.extend(field.to_le_bytes());
    }
    for row in rgb.chunks_exact(stride) {
        file.extend(row.chunks_exact(3).flat_map(|pixel| [pixel[2], pixel[1], pixel[0]]));
        file.resize(file.len() + padded - stride, 0);
    }
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keenpix_reads_it() {
        let file = bitmap(5, 3, &[7; 45]);
        assert_eq!(file.len(), 54 + 3 * 16);
        let info = keenpix::probe(&file).unwrap();
        assert_eq!((info.format, info.width, info.height), (keenpix::Format::Bmp, 5, 3));
    }
}
