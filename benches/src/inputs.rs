//! Where the input images are.

use std::path::{Path, PathBuf};

/// The folder that `benches/peers/make_inputs.py` fills: `KEENPIX_BENCH_INPUTS`, or `.cache/bench-inputs` in the
/// workspace.
#[derive(Debug, Clone)]
pub struct Inputs(PathBuf);

impl Inputs {
    /// The folder, which may not exist.
    pub fn find() -> Self {
        Inputs(
            std::env::var_os("KEENPIX_BENCH_INPUTS")
                .map_or_else(|| workspace().join(".cache/bench-inputs"), Into::into),
        )
    }

    /// Where a file of this name would be.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// A file's bytes. If it is missing, prints how to get it to standard error and returns `None`.
    pub fn read(&self, name: &str) -> Option<Vec<u8>> {
        match std::fs::read(self.path(name)) {
            Ok(bytes) => Some(bytes),
            Err(error) => {
                #[allow(clippy::print_stderr, reason = "for the person who runs the benchmark")]
                {
                    eprintln!(
                        "skipped: {name} ({error}); make it with\n  python3 benches/peers/make_inputs.py --out {}",
                        self.0.display()
                    );
                }
                None
            }
        }
    }
}

/// A photograph of the repository.
///
/// # Errors
///
/// If the file can't be read.
pub fn example_photo(name: &str) -> std::io::Result<Vec<u8>> {
    std::fs::read(workspace().join("examples/photos").join(name))
}

fn workspace() -> &'static Path {
    let benches = Path::new(env!("CARGO_MANIFEST_DIR"));
    benches.parent().unwrap_or(benches)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_has_the_photographs() {
        assert!(example_photo("landscape.jpg").is_ok());
    }

    #[test]
    fn a_missing_input_is_skipped() {
        assert_eq!(Inputs("no such folder".into()).read("photo.jpg"), None);
    }
}
