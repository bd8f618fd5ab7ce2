//! Parts of an error's sentence.

/// A layer's place, in front of a sentence about it.
pub(super) fn before(place: Option<&str>) -> String {
    place.map(|place| format!("{place}: ")).unwrap_or_default()
}

/// What is wrong with a value, in words.
pub(super) fn sentence(place: &str, detail: Option<&str>, expected: Option<&str>, got: Option<&str>) -> String {
    let subject = if place.is_empty() { "the plan" } else { place };
    match (detail, expected, got) {
        (Some(detail), ..) if place.is_empty() => detail.to_owned(),
        (Some(detail), ..) => format!("{place}: {detail}"),
        (None, Some(expected), Some(got)) => format!("{subject} is {got}, expected {expected}"),
        (None, Some(expected), None) => format!("{subject} is missing, expected {expected}"),
        (None, None, Some(got)) => format!("{subject} can't be {got}"),
        (None, None, None) => format!("{subject} is missing"),
    }
}
