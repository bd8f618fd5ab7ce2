use super::states::{ESTIMATES, GUESS};

#[test]
fn guesses_are_symmetric() {
    for bin in 0..113 {
        let (one, other) = (ESTIMATES[bin], ESTIMATES[bin | usize::from(GUESS)]);
        assert_eq!(one.less, other.less);
        assert_eq!(one.after_more ^ GUESS, other.after_more);
    }
}
