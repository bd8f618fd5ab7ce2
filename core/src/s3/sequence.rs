//! The order of events for one key.

use std::cmp::Ordering;

/// The position of an event among those of the same key: a hexadecimal string from S3.
///
/// Lengths differ, and AWS's own pages disagree on whether the shorter one is padded on the left or on the right. If
/// both readings agree, the order is known; if not, it isn't, and the object itself must be checked.
///
/// ```
/// use std::cmp::Ordering;
/// use keenpix::s3::Sequencer;
///
/// let order = |a: &str, b: &str| Sequencer::new(a).order(&Sequencer::new(b));
/// assert_eq!(order("0055AED6DCD90281E5", "0055AED6DCD90281E6"), Some(Ordering::Less));
/// assert_eq!(order("00B1", "A2"), None); // "00B1" < "A200" and 0xB1 > 0xA2
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sequencer(String);

impl Sequencer {
    /// A sequencer as found in an event.
    pub fn new(text: impl Into<String>) -> Self {
        Sequencer(text.into().to_ascii_uppercase())
    }

    /// The digits, in upper case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the event came before (`Less`), with, or after another of the same key; `None` if unknown.
    pub fn order(&self, other: &Self) -> Option<Ordering> {
        let (a, b) = (self.0.as_str(), other.0.as_str());
        if a == b {
            return Some(Ordering::Equal);
        }
        if a.is_empty() || b.is_empty() || !a.chars().chain(b.chars()).all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        // In upper case, hexadecimal digits sort like characters.
        let width = a.len().max(b.len());
        let left = format!("{a:0>width$}").cmp(&format!("{b:0>width$}"));
        let right = format!("{a:0<width$}").cmp(&format!("{b:0<width$}"));
        (left == right).then_some(left)
    }

    /// Whether the event certainly came after another of the same key.
    pub fn is_after(&self, other: &Self) -> bool {
        self.order(other) == Some(Ordering::Greater)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(a: &str, b: &str) -> Option<Ordering> {
        Sequencer::new(a).order(&Sequencer::new(b))
    }

    #[test]
    fn one_length_is_compared_digit_by_digit_in_any_case() {
        assert_eq!(order("0A", "0B"), Some(Ordering::Less));
        assert_eq!(order("0b", "0A"), Some(Ordering::Greater));
        assert_eq!(order("00ab", "00AB"), Some(Ordering::Equal));
    }

    #[test]
    fn different_lengths_are_ordered_where_both_paddings_agree() {
        assert_eq!(order("1", "20"), Some(Ordering::Less));
        assert_eq!(order("FF0", "1F"), Some(Ordering::Greater));
        for (a, b) in [("B", "A0"), ("A", "A0"), ("0A", "A"), ("A1", "0B00")] {
            assert_eq!((order(a, b), order(b, a)), (None, None), "{a} {b}");
        }
    }

    #[test]
    fn what_is_no_number_is_equal_to_itself_only() {
        assert_eq!(order("x", "x"), Some(Ordering::Equal));
        assert_eq!(order("x", "1"), None);
        assert_eq!(order("", "1"), None);
    }

    #[test]
    fn the_order_is_antisymmetric() {
        let texts = ["0", "00", "1", "01", "10", "9", "A", "0A0", "F00", "0FF", "FF"];
        for a in texts {
            for b in texts {
                assert_eq!(order(a, b), order(b, a).map(Ordering::reverse), "{a} {b}");
            }
        }
    }
}
