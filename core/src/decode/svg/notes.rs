//! What a drawing contains and the image doesn't show.

use std::collections::BTreeSet;

/// Kinds of things, in words that fit into "left out of the drawing: …".
#[derive(Debug, Clone, Default)]
pub(super) struct Notes {
    kinds: BTreeSet<&'static str>,
    /// What counts if text is drawn.
    of_text: BTreeSet<&'static str>,
}

impl Notes {
    pub(super) fn add(&mut self, kind: &'static str) {
        self.kinds.insert(kind);
    }

    pub(super) fn add_of_text(&mut self, kind: &'static str) {
        self.of_text.insert(kind);
    }

    /// Text is drawn: what it lacks counts.
    pub(super) fn with_text(&mut self) {
        self.kinds.append(&mut self.of_text);
    }

    pub(super) fn and(mut self, other: &Notes) -> Self {
        self.kinds.extend(&other.kinds);
        self
    }

    /// The warning, if there is anything to warn of.
    pub(super) fn warning(&self) -> Option<String> {
        let kinds: Vec<_> = self.kinds.iter().copied().collect();
        let (last, others) = kinds.split_last()?;
        let what = if others.is_empty() {
            (*last).to_owned()
        } else {
            format!("{} and {last}", others.join(", "))
        };
        Some(format!("left out of the drawing: {what}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_of_any_length() {
        let mut notes = Notes::default();
        assert_eq!(notes.warning(), None);
        notes.add("text");
        assert_eq!(notes.warning().unwrap(), "left out of the drawing: text");
        notes.add("animations");
        notes.add("scripts");
        notes.add("text");
        assert_eq!(
            notes.warning().unwrap(),
            "left out of the drawing: animations, scripts and text"
        );
    }
}
