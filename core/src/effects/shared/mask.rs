//! libvips' Gaussian, in whole numbers.

/// The right half of a symmetric mask: the middle weight first.
pub(crate) struct Mask(pub(crate) Vec<u16>);

impl Mask {
    /// A Gaussian of 20, in whole numbers, up to where it falls below `least` of that.
    pub(crate) fn gaussian(sigma: f64, least: f64) -> Self {
        let longest = (8.0 * sigma).clamp(0.0, 5000.0) as u32;
        let curve = |x: u32| (-f64::from(x).powi(2) / (2.0 * sigma * sigma)).exp();
        let weights = (0..longest.max(1)).map(curve).take_while(|&weight| weight >= least);
        Mask(weights.map(|weight| (20.0 * weight).round_ties_even() as u16).collect())
    }

    /// Samples on either side of the middle.
    pub(crate) fn radius(&self) -> usize {
        self.0.len().saturating_sub(1)
    }

    /// The sum of the weights, both sides.
    pub(crate) fn sum(&self) -> u32 {
        let whole: u32 = self.0.iter().map(|&weight| u32::from(weight)).sum();
        2 * whole - u32::from(self.0[0])
    }

    /// The boxes that the mask is a pile of: radius and height.
    pub(crate) fn boxes(&self) -> Vec<(usize, i16)> {
        let next = self.0[1..].iter().chain([&0]);
        let steps = self
            .0
            .iter()
            .zip(next)
            .map(|(here, next)| here.saturating_sub(*next) as i16);
        steps.enumerate().filter(|&(_, height)| height > 0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_are_those_of_libvips() {
        for (sigma, least, expected) in [
            (0.3, 0.2, &[20][..]),
            (0.6, 0.2, &[20, 5]),
            (1.0, 0.2, &[20, 12]),
            (2.0, 0.2, &[20, 18, 12, 6]),
            (1.0, 0.1, &[20, 12, 3]),
            (0.000_001, 0.1, &[20]),
        ] {
            assert_eq!(Mask::gaussian(sigma, least).0, expected, "{sigma}");
        }
        assert_eq!(Mask::gaussian(1000.0, 0.2).radius(), 1794);
    }

    #[test]
    fn boxes_pile_up_to_the_mask() {
        for sigma in [1.0, 7.3, 60.0, 1000.0] {
            let mask = Mask::gaussian(sigma, 0.2);
            let boxes = mask.boxes();
            assert!(boxes.len() <= 17);
            for (distance, &weight) in mask.0.iter().enumerate() {
                let pile: i16 = boxes
                    .iter()
                    .filter(|(r, _)| *r >= distance)
                    .map(|(_, height)| height)
                    .sum();
                assert_eq!(pile, weight as i16);
            }
        }
    }
}
