//! The fault of a format that this build leaves out.

use super::{Error, Reason};
use crate::format::{self, Format};

impl Error {
    /// An input; `what` is a part of it, if it is not the whole.
    #[allow(dead_code, reason = "with all features on, nothing is left out")]
    pub(crate) fn not_read(format: Format, what: Option<&str>) -> Self {
        let input = format!("{} input", format.title());
        left_out(format, what.unwrap_or(&input), "reads", &format::read())
    }

    /// An output.
    pub(crate) fn not_written(format: Format) -> Self {
        let output = format!("{} output", format.title());
        left_out(format, &output, "writes", &format::written())
    }
}

fn left_out(format: Format, what: &str, does: &str, list: &str) -> Error {
    let title = format.title();
    let detail = format_args!("{what}: this build of keenpix leaves {title} out; it {does} {list}");
    Error::unsupported(detail).because(Reason::NotBuilt)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_this_build_does_instead() {
        let error = Error::not_read(Format::Png, Some("an icon in PNG form"));
        assert_eq!((error.code(), error.reason()), ("UNSUPPORTED", Some(Reason::NotBuilt)));
        let reads = format::read();
        let expected = "unsupported: an icon in PNG form: this build of keenpix leaves PNG out; it reads";
        assert_eq!(error.to_string(), format!("{expected} {reads}"));
        let expected = "unsupported: AVIF output: this build of keenpix leaves AVIF out; it writes";
        assert_eq!(
            Error::not_written(Format::Avif).to_string(),
            format!("{expected} {}", format::written())
        );
    }
}
