//! Finds the input files: files by name, folders recursively, and globs that the shell left unexpanded.

use std::path::{Component, Path, PathBuf};

use walkdir::WalkDir;

use crate::Usage;
use crate::values::by_extension;

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    pub(crate) list: Vec<Input>,
    /// Files in folders that are not named like an image.
    pub(crate) skipped: usize,
    /// Whether a folder or a glob was given, which may match any number of files.
    pub(crate) many: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Input {
    pub(crate) source: Source,
    /// Its path below the output folder: the path below the given folder, or the file's name.
    pub(crate) place: PathBuf,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    Stdin,
    File(PathBuf),
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Source::Stdin => f.write_str("-"),
            Source::File(path) => path.display().fmt(f),
        }
    }
}

impl Inputs {
    /// A missing file stays in the list and fails in its turn; files in `output` don't count as a folder's inputs.
    pub(crate) fn find(arguments: &[PathBuf], output: Option<&Path>) -> Result<Self, Usage> {
        let mut inputs = Inputs::default();
        let output = output.and_then(|path| path.canonicalize().ok());
        for argument in arguments {
            if argument == Path::new("-") {
                inputs.push(Source::Stdin, "stdin".into())?;
            } else if let Some(url) = url(argument) {
                return Err(Usage(format!(
                    "`{url}` is a URL, and URLs are not fetched\n  tip: curl -sSfL '{url}' | keenpix - -o OUTPUT"
                )));
            } else if argument.is_dir() {
                inputs.folder(argument, output.as_deref())?;
            } else if let Some(pattern) = pattern(argument) {
                inputs.glob(pattern)?;
            } else {
                inputs.file(argument, None)?;
            }
        }
        Ok(inputs)
    }

    fn folder(&mut self, folder: &Path, output: Option<&Path>) -> Result<(), Usage> {
        self.many = true;
        let before = self.list.len();
        let left_out = |entry: &walkdir::DirEntry| {
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            hidden || entry.file_type().is_dir() && entry.path().canonicalize().ok().as_deref() == output
        };
        let walk = WalkDir::new(folder).follow_links(true).sort_by_file_name().into_iter();
        let walk = walk.filter_entry(|entry| entry.depth() == 0 || !left_out(entry));
        for entry in walk {
            let entry = entry.map_err(|error| Usage(error.to_string()))?;
            if !entry.file_type().is_file() {
                continue;
            }
            if extension(entry.path()).and_then(by_extension).is_none() {
                self.skipped += 1;
                continue;
            }
            let place = entry.path().strip_prefix(folder).unwrap_or(entry.path());
            self.push(Source::File(entry.path().to_owned()), place.to_owned())?;
        }
        if self.list.len() == before {
            return Err(Usage(format!("no image files in `{}`", folder.display())));
        }
        Ok(())
    }

    fn glob(&mut self, pattern: &str) -> Result<(), Usage> {
        self.many = true;
        let bad = |error: &dyn std::fmt::Display| Usage(format!("`{pattern}`: {error}"));
        let fixed = fixed_part(pattern);
        let before = self.list.len();
        for path in glob::glob(pattern).map_err(|error| bad(&error))? {
            let path = path.map_err(|error| bad(&error))?;
            if path.is_file() {
                self.file(&path, path.strip_prefix(&fixed).ok())?;
            }
        }
        if self.list.len() == before {
            return Err(Usage(format!("`{pattern}` matches no files")));
        }
        Ok(())
    }

    fn file(&mut self, path: &Path, place: Option<&Path>) -> Result<(), Usage> {
        let name = path
            .file_name()
            .ok_or_else(|| Usage(format!("`{}` is not a file name", path.display())))?;
        let place = place
            .filter(|place| place.components().all(|part| matches!(part, Component::Normal(_))))
            .map_or_else(|| name.into(), Path::to_owned);
        self.push(Source::File(path.to_owned()), place)
    }

    fn push(&mut self, source: Source, place: PathBuf) -> Result<(), Usage> {
        let input = Input { source, place };
        if input.source == Source::Stdin && self.list.iter().any(|other| other.source == Source::Stdin) {
            return Err(Usage("standard input can be read only once".into()));
        }
        if !self.list.contains(&input) {
            self.list.push(input);
        }
        Ok(())
    }
}

pub(crate) fn extension(path: &Path) -> Option<&str> {
    path.extension()?.to_str()
}

/// A URL, unless a file has that very path.
pub(crate) fn url(argument: &Path) -> Option<&str> {
    let text = argument.to_str()?;
    let (scheme, _) = text.split_once("://")?;
    let named = scheme.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (named && !scheme.is_empty() && !argument.exists()).then_some(text)
}

/// A path with wildcards, unless a file has that very name.
fn pattern(argument: &Path) -> Option<&str> {
    let text = argument.to_str()?;
    (text.contains(['*', '?', '[']) && !argument.exists()).then_some(text)
}

/// The folders before the first wildcard.
fn fixed_part(pattern: &str) -> PathBuf {
    let parts = Path::new(pattern).components();
    parts
        .take_while(|part| !part.as_os_str().to_string_lossy().contains(['*', '?', '[']))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fixed_part_of_a_pattern() {
        assert_eq!(fixed_part("photos/2024/**/*.jpg"), Path::new("photos/2024"));
        assert_eq!(fixed_part("*.jpg"), Path::new(""));
        assert_eq!(fixed_part("/a/b?/c"), Path::new("/a"));
    }

    #[test]
    fn standard_input_once() {
        assert!(Inputs::find(&["-".into()], None).is_ok());
        assert!(Inputs::find(&["-".into(), "-".into()], None).is_err());
    }
}
