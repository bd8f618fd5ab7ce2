//! Runs the jobs on all cores, each independently, so that one that fails doesn't affect the others.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use keenpix::{Error, Format, Info, LimitKind, Limits, Output};

use crate::args::Make;
use crate::atomic;
use crate::inputs::{Source, extension};
use crate::outputs::{Job, Target, key, with_format};
use crate::plan_from_args::Recipe;
use crate::values::by_extension;

/// The results of all jobs, in the order of the inputs.
#[derive(Debug)]
pub(crate) struct Batch {
    pub(crate) outcomes: Vec<Outcome>,
    pub(crate) time: Duration,
}

#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) input: Source,
    pub(crate) bytes: usize,
    pub(crate) info: Option<Info>,
    pub(crate) result: Result<Vec<Made>, Failure>,
    /// From reading the input to the last output written.
    pub(crate) time: Duration,
}

#[derive(Debug)]
pub(crate) struct Made {
    /// `None` is standard output.
    pub(crate) path: Option<PathBuf>,
    /// Without its bytes: the summary needs only their number, and a batch may be long.
    pub(crate) image: Output,
    pub(crate) bytes: usize,
}

/// Why a job failed: an error of the library, or of a file.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure {
            code: error.code(),
            message: error.to_string(),
        }
    }
}

impl Failure {
    fn file(path: &Path, error: &io::Error) -> Self {
        Failure {
            code: "IO",
            message: format!("{}: {error}", path.display()),
        }
    }
}

impl Batch {
    pub(crate) fn failed(&self) -> usize {
        self.outcomes.iter().filter(|outcome| outcome.result.is_err()).count()
    }
}

pub(crate) fn run(jobs: &[Job], recipe: &Recipe, limits: &Limits, arguments: &Make) -> Batch {
    let started = Instant::now();
    let progress = progress(jobs.len(), arguments.quiet);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let workers = arguments.jobs.map_or(cores, usize::from).min(jobs.len());
    let taken = Mutex::new(all_targets(jobs));
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some((index, job)) = {
            let index = next.fetch_add(1, Ordering::Relaxed);
            jobs.get(index).map(|job| (index, job))
        } {
            done.push((index, one(job, recipe, limits, &taken)));
            progress.inc(1);
        }
        done
    };
    let mut done: Vec<(usize, Outcome)> = thread::scope(|scope| {
        let others: Vec<_> = (1..workers).map(|_| scope.spawn(work)).collect();
        let mut done = work();
        for other in others {
            done.extend(other.join().unwrap_or_default());
        }
        done
    });
    progress.finish_and_clear();
    done.sort_by_key(|(index, _)| *index);
    Batch {
        outcomes: done.into_iter().map(|(_, outcome)| outcome).collect(),
        time: started.elapsed(),
    }
}

/// Names already taken, so that a file whose extension turns out wrong is not renamed over another.
type Taken = Mutex<HashSet<PathBuf>>;

fn all_targets(jobs: &[Job]) -> HashSet<PathBuf> {
    let targets = jobs.iter().flat_map(|job| &job.targets);
    let files = targets.filter_map(|target| match target {
        Target::File(path) => Some(key(path)),
        Target::Stdout => None,
    });
    let sources = jobs.iter().filter_map(|job| match &job.input.source {
        Source::File(path) => Some(key(path)),
        Source::Stdin => None,
    });
    files.chain(sources).collect()
}

fn one(job: &Job, recipe: &Recipe, limits: &Limits, taken: &Taken) -> Outcome {
    let started = Instant::now();
    let mut outcome = Outcome {
        input: job.input.source.clone(),
        bytes: 0,
        info: None,
        result: Ok(Vec::new()),
        time: Duration::ZERO,
    };
    outcome.result = make(job, recipe, limits, taken, &mut outcome);
    outcome.time = started.elapsed();
    outcome
}

fn make(
    job: &Job,
    recipe: &Recipe,
    limits: &Limits,
    taken: &Taken,
    outcome: &mut Outcome,
) -> Result<Vec<Made>, Failure> {
    let bytes = read(&job.input.source, limits.input_bytes)?;
    outcome.bytes = bytes.len();
    let info = keenpix::probe(&bytes)?;
    let follows = match info.format {
        Format::Bmp | Format::Ico | Format::Svg => Format::Png,
        format => format,
    };
    outcome.info = Some(info);
    let plans = recipe
        .plans(job.format.unwrap_or(follows), job.strict)
        .map_err(|usage| Failure {
            code: "BAD_PLAN",
            message: usage.0,
        })?;
    let images = keenpix::transform_many(&bytes, &plans, limits)?;
    drop(bytes);
    images
        .into_iter()
        .zip(&job.targets)
        .map(|(mut image, target)| {
            let path = match target {
                Target::Stdout => None,
                Target::File(path) => Some(right_name(path, job, image.format, taken)?),
            };
            match &path {
                None => to_stdout(&image.bytes),
                Some(path) => atomic::write(path, &image.bytes).map_err(|error| Failure::file(path, &error)),
            }?;
            let bytes = std::mem::take(&mut image.bytes).len();
            Ok(Made { path, image, bytes })
        })
        .collect()
}

fn read(source: &Source, limit: u64) -> Result<Vec<u8>, Failure> {
    let too_large = |actual| Error::limit(LimitKind::InputBytes, actual, limit);
    let (mut reader, shown): (Box<dyn Read>, &Path) = match source {
        Source::Stdin => (Box::new(io::stdin().lock()), Path::new("-")),
        Source::File(path) => {
            let file = File::open(path).map_err(|error| Failure::file(path, &error))?;
            let length = file.metadata().map_or(0, |data| data.len());
            if length > limit {
                return Err(too_large(length).into());
            }
            (Box::new(file), path)
        }
    };
    let mut bytes = Vec::new();
    reader
        .by_ref()
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::file(shown, &error))?;
    if bytes.len() as u64 > limit {
        return Err(too_large(bytes.len() as u64).into());
    }
    Ok(bytes)
}

/// Corrects the extension of an output that is named after its input, if it doesn't match the format.
fn right_name(path: &Path, job: &Job, format: Format, taken: &Taken) -> Result<PathBuf, Failure> {
    let named = extension(path).and_then(by_extension);
    if job.format.is_some() || named.is_none() || named == Some(format) {
        return Ok(path.to_owned());
    }
    let right = with_format(path, format);
    let mut taken = taken.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if taken.insert(key(&right)) {
        return Ok(right);
    }
    Err(Failure {
        code: "IO",
        message: format!(
            "the input is {format}, but `{}` belongs to another file",
            right.display()
        ),
    })
}

/// A reader that closes the pipe early is not a failure.
fn to_stdout(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::file(Path::new("-"), &error)),
        _ => Ok(()),
    }
}

fn progress(length: usize, quiet: bool) -> ProgressBar {
    // The progress bar hides itself if standard error is not a terminal.
    if quiet || length < 2 {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len}  {elapsed} · {eta} left");
    ProgressBar::new(length as u64).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
