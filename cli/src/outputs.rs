//! Where each output goes, decided and checked before the first image is read.

use std::collections::{HashMap, HashSet};
use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use keenpix::Format;
use keenpix::encode::Encode;

use crate::Usage;
use crate::inputs::{Input, Inputs, Source, extension, url};
use crate::plan_from_args::{Asked, Recipe, Strict};
use crate::values::by_extension;

/// What `-o` means.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    Stdout,
    File(PathBuf),
    Folder(PathBuf),
}

/// One input and the files made from it.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) input: Input,
    pub(crate) targets: Vec<Target>,
    /// The format to write; without one it is the input's, which is only known from its bytes.
    pub(crate) format: Option<Format>,
    pub(crate) strict: Strict,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    Stdout,
    File(PathBuf),
}

impl Destination {
    pub(crate) fn decide(output: &Path, inputs: &Inputs, recipe: &Recipe) -> Result<Self, Usage> {
        let several = inputs.many || inputs.list.len() > 1;
        if output == Path::new("-") {
            if several || recipe.widths.len() > 1 {
                return Err(Usage(
                    "standard output takes one image; name a folder, as in `-o out/`".into(),
                ));
            }
            if std::io::IsTerminal::is_terminal(&std::io::stdout()) {
                return Err(Usage(
                    "standard output is a terminal; name a file, or redirect it".into(),
                ));
            }
            return Ok(Destination::Stdout);
        }
        if let Some(url) = url(output) {
            return Err(Usage(format!(
                "`{url}` is a URL, and nothing is sent to URLs\n  tip: with `-o -`, the image goes to standard output"
            )));
        }
        let text = output.to_string_lossy();
        if output.is_dir() || text.ends_with(['/', MAIN_SEPARATOR]) {
            return Ok(Destination::Folder(output.to_owned()));
        }
        if !several {
            return Ok(Destination::File(output.to_owned()));
        }
        if output.exists() || extension(output).and_then(by_extension).is_some() {
            return Err(Usage(format!(
                "several inputs need a folder, but `{text}` is a file name"
            )));
        }
        Ok(Destination::Folder(output.to_owned()))
    }
}

/// Assigns every input its outputs. Refuses to overwrite an input or to write two outputs to one file.
pub(crate) fn assign(inputs: &Inputs, destination: &Destination, recipe: &Recipe) -> Result<Vec<Job>, Usage> {
    let named = match destination {
        Destination::File(path) => format_by_name(path, recipe)?,
        Destination::Stdout | Destination::Folder(_) => None,
    };
    let format = named.or(recipe.format.map(|(format, _)| format));
    if let Some(format) = format {
        recipe.plans(format, Strict::Yes)?; // reports an option that the format lacks, once
    }
    let jobs: Vec<Job> = inputs
        .list
        .iter()
        .map(|input| Job {
            input: input.clone(),
            targets: targets(input, destination, recipe, format),
            format,
            strict: if format.is_some() { Strict::Yes } else { Strict::No },
        })
        .collect();
    check(&jobs)?;
    Ok(jobs)
}

/// The name with the extension of `format`: replaces another format's, or is appended if there is none.
pub(crate) fn with_format(path: &Path, format: Format) -> PathBuf {
    match extension(path).and_then(by_extension) {
        Some(named) if named == format => path.to_owned(),
        Some(_) => path.with_extension(format.extension()),
        None => appended(path, format),
    }
}

fn appended(path: &Path, format: Format) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}", format.extension()));
    path.with_file_name(name)
}

/// A key for comparing paths: most file systems on Windows and macOS ignore case.
pub(crate) fn key(path: &Path) -> PathBuf {
    if cfg!(any(windows, target_os = "macos")) {
        PathBuf::from(path.to_string_lossy().to_lowercase())
    } else {
        path.to_owned()
    }
}

fn format_by_name(path: &Path, recipe: &Recipe) -> Result<Option<Format>, Usage> {
    let shown = path.display();
    let Some(text) = extension(path) else { return Ok(None) };
    if let Some((format, Asked::Flag)) = recipe.format {
        return Ok(Some(format));
    }
    let Some(format) = by_extension(text) else {
        return match recipe.format {
            Some((format, _)) => Ok(Some(format)),
            None if is_device(path) => Ok(None),
            None => Err(Usage(format!(
                "`{shown}` does not imply a format; add --format jpeg, png, webp, gif or avif"
            ))),
        };
    };
    if Encode::default_for(format).is_none() {
        return Err(Usage(format!("`{shown}`: {format} can be read but not written")));
    }
    match recipe.format {
        Some((other, Asked::Plan)) if other != format => Err(Usage(format!(
            "the plan says {other}, but `{shown}` says {format}; use --format to decide"
        ))),
        _ => Ok(Some(format)),
    }
}

fn is_device(path: &Path) -> bool {
    path.metadata().is_ok_and(|data| !data.is_file())
}

fn targets(input: &Input, destination: &Destination, recipe: &Recipe, format: Option<Format>) -> Vec<Target> {
    let path = match destination {
        Destination::Stdout => return vec![Target::Stdout],
        Destination::File(path) => path.clone(),
        Destination::Folder(folder) => {
            let path = folder.join(&input.place);
            let by_name = extension(&path).and_then(by_extension);
            let read_only = by_name.is_some_and(|format| Encode::default_for(format).is_none());
            match format.or(read_only.then_some(Format::Png)) {
                Some(format) if recipe.append && by_name != Some(format) => appended(&path, format),
                Some(format) => with_format(&path, format),
                None => path,
            }
        }
    };
    if recipe.widths.is_empty() {
        return vec![Target::File(path)];
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    recipe
        .widths
        .iter()
        .map(|width| {
            let mut name = format!("{stem}-{width}");
            if let Some(text) = extension(&path) {
                name = format!("{name}.{text}");
            }
            Target::File(path.with_file_name(name))
        })
        .collect()
}

fn check(jobs: &[Job]) -> Result<(), Usage> {
    let sources: HashSet<PathBuf> = jobs.iter().filter_map(|job| canonical(&job.input.source)).collect();
    let mut taken: HashMap<PathBuf, &Source> = HashMap::new();
    for job in jobs {
        for target in &job.targets {
            let Target::File(path) = target else { continue };
            if path.canonicalize().is_ok_and(|path| sources.contains(&path)) {
                return Err(Usage(format!(
                    "`{}` is an input and would be overwritten",
                    path.display()
                )));
            }
            if is_device(path) {
                continue;
            }
            if let Some(other) = taken.insert(key(path), &job.input.source) {
                return Err(Usage(format!(
                    "`{other}` and `{}` would both be written to `{}`; --append may keep them apart",
                    job.input.source,
                    path.display()
                )));
            }
        }
    }
    Ok(())
}

fn canonical(source: &Source) -> Option<PathBuf> {
    match source {
        Source::Stdin => None,
        Source::File(path) => path.canonicalize().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_format() {
        for (name, format, expected) in [
            ("a/b.jpeg", Format::Jpeg, "a/b.jpeg"),
            ("a/b.JPG", Format::Webp, "a/b.webp"),
            ("a/b", Format::Png, "a/b.png"),
            ("a/b.v1", Format::Jpeg, "a/b.v1.jpg"),
        ] {
            assert_eq!(with_format(Path::new(name), format), Path::new(expected));
        }
    }
}
