//! The arguments. Help texts use the words of the plan's documentation where possible.

use std::path::PathBuf;
use std::time::Duration;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, Parser, Subcommand, ValueEnum};
use keenpix::encode::Chroma;
use keenpix::input::Tolerate;
use keenpix::plan::{Frames, Kernel, Position};
use keenpix::{Colour, Crop, Fit, Format, Limits};

use crate::values::{bytes, count, crop, duration, format, key_value, pixels, position, whole, word};

const EXAMPLES: &str = "\
Examples:
  An avatar from a photo, upright, cut to a square around what draws the eye:
    keenpix photo.jpg -o avatar.webp --width 512 --height 512 --position attention --quality 80

  A whole folder, all cores, into another folder:
    keenpix photos/ -o thumbnails/ --width 320 --format webp

  A responsive set, decoded once: hero-320.webp, hero-640.webp, hero-1280.webp:
    keenpix hero.jpg -o web/hero.webp --widths 320,640,1280

  In a pipe:
    curl -s https://example.com/photo.jpg | keenpix - -o - --width 640 --format jpeg > small.jpg

  A plan from a file, with another quality, and strict limits for files from strangers:
    keenpix upload.bin -o out.jpg --plan plan.json --quality 70 --max-pixels 50M --deadline 5s

  What is in these files?
    keenpix probe *.jpg
    keenpix probe --json photo.jpg

Exit codes:
  0  every input was done
  1  some input failed; the reasons are listed on standard error
  2  wrong usage; nothing was done";

impl Cli {
    /// Reads the arguments; if one is wrong, ends the program with a tip.
    pub(crate) fn read() -> Self {
        Self::try_parse().unwrap_or_else(|error| advised(error).exit())
    }
}

/// What other programs call an option, and what it is called here.
const ELSEWHERE: [(&str, &str); 9] = [
    ("-w", "for the width there is `--width`, for the height `--height`"),
    ("-W", "for the width there is `--width`, for the height `--height`"),
    ("-H", "for the height there is `--height`, for the width `--width`"),
    ("-s", "for the size there are `--width` and `--height`"),
    ("--size", "for the size there are `--width` and `--height`"),
    ("--resize", "for the size there are `--width` and `--height`"),
    ("-r", "for the size there are `--width` and `--height`"),
    ("-f", "for the format there is `--format`"),
    ("-t", "for the format there is `--format`"),
];

/// The error with a tip that helps: clap's own for an unknown flag is how to pass it as a file's name.
fn advised(mut error: clap::Error) -> clap::Error {
    let flag = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(flag)) if error.kind() == ErrorKind::UnknownArgument => flag,
        _ => return error,
    };
    if let Some((_, tip)) = ELSEWHERE.iter().find(|(other, _)| other == flag) {
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![(*tip).into()]));
    }
    error
}

/// Orient, crop, resize and re-encode images.
///
/// Without options, an image is re-encoded in its own format: upright, in sRGB, without metadata. The order of
/// the steps is fixed, whatever the order of the options: orient, crop, resize, flatten, encode.
#[derive(Debug, Parser)]
#[command(name = "keenpix", version, after_long_help = EXAMPLES, after_help = "`--help` shows examples.")]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    disable_help_subcommand = true
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) make: Make,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show what the files' headers say, without decoding any pixels.
    Probe(Probe),
}

#[derive(Debug, Args)]
pub(crate) struct Probe {
    /// Files, folders or globs; `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Write a JSON array instead of a table.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Make {
    /// Files, folders (searched recursively) or globs; `-` is standard input.
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,

    /// File or folder to write; `-` is standard output. A folder ends with `/` or exists; several inputs need one.
    #[arg(short, long, required = true, value_name = "OUTPUT")]
    pub(crate) output: Option<PathBuf>,

    /// In a folder, append the new extension to the old one: photo.png.webp. Keeps photo.jpg and photo.png apart.
    #[arg(long)]
    pub(crate) append: bool,

    /// A plan in JSON; command-line options override it.
    #[arg(long, value_name = "FILE")]
    pub(crate) plan: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) resize: ResizeArgs,
    #[command(flatten)]
    pub(crate) orient: OrientArgs,
    #[command(flatten)]
    pub(crate) encode: EncodeArgs,
    #[command(flatten)]
    pub(crate) limits: LimitArgs,

    /// How many images to process at once [default: all cores].
    #[arg(short, long, value_name = "N", help_heading = "Running")]
    pub(crate) jobs: Option<std::num::NonZeroUsize>,
    /// Report only failures.
    #[arg(short, long, help_heading = "Running")]
    pub(crate) quiet: bool,
    /// List every output, however many there are.
    #[arg(short, long, conflicts_with = "quiet", help_heading = "Running")]
    pub(crate) verbose: bool,
    /// Write a JSON report of outputs, sizes, times and errors to this file.
    #[arg(long, value_name = "FILE", help_heading = "Running")]
    pub(crate) report: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Size")]
pub(crate) struct ResizeArgs {
    /// Width of the box, in pixels [default: from the height and the aspect ratio].
    #[arg(long, value_parser = pixels, value_name = "PIXELS", allow_negative_numbers = true)]
    pub(crate) width: Option<u32>,
    /// Height of the box, in pixels [default: from the width and the aspect ratio].
    #[arg(long, value_parser = pixels, value_name = "PIXELS", allow_negative_numbers = true)]
    pub(crate) height: Option<u32>,
    /// Several widths from one decode: writes NAME-320.webp, NAME-640.webp, …
    #[arg(long, value_parser = pixels, value_name = "PIXELS,…", value_delimiter = ',', conflicts_with_all = ["width", "height"])]
    pub(crate) widths: Vec<u32>,
    /// How the image fits the box: cover, contain, fill, inside or outside [default: cover].
    #[arg(long, value_parser = word::<Fit>)]
    pub(crate) fit: Option<Fit>,
    /// Which part `cover` keeps, and where `contain` puts the image: centre, top, right-top, …, entropy, attention, or
    /// a focal point in fractions of the image, `0.3,0.7` [default: centre].
    #[arg(long, value_parser = position)]
    pub(crate) position: Option<Position>,
    /// Resampling filter: nearest, box, linear, cubic, mitchell, lanczos2 or lanczos3 [default: lanczos3].
    #[arg(long, value_parser = word::<Kernel>)]
    pub(crate) kernel: Option<Kernel>,
    /// Average light instead of stored values: slower, but more accurate for fine bright detail.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true, value_name = "BOOL")]
    pub(crate) linear: Option<bool>,
    /// Never make an image larger than it is.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true, value_name = "BOOL")]
    pub(crate) no_enlarge: Option<bool>,
    /// Never make an image smaller than it is.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true, value_name = "BOOL")]
    pub(crate) no_reduce: Option<bool>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Reading, orientation, crop, background, metadata")]
pub(crate) struct OrientArgs {
    /// Degrees to rotate clockwise, after the camera's orientation tag: 0, 90, 180 or 270.
    #[arg(long, value_parser = whole::<u16>, value_name = "DEGREES", allow_negative_numbers = true)]
    pub(crate) rotate: Option<u16>,
    /// Mirror top to bottom.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true, value_name = "BOOL")]
    pub(crate) flip: Option<bool>,
    /// Mirror left to right.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true, value_name = "BOOL")]
    pub(crate) flop: Option<bool>,
    /// Ignore the camera's orientation tag.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true, value_name = "BOOL")]
    pub(crate) no_orient: Option<bool>,
    /// Part of the upright image to use, in its pixels, before the resize.
    #[arg(long, value_parser = crop, value_name = "LEFT,TOP,WIDTH,HEIGHT")]
    pub(crate) crop: Option<Crop>,
    /// Colour behind transparent pixels and around a contained image: `#rrggbb`, `#rrggbbaa`, white, black,
    /// transparent [default: white].
    #[arg(long, value_name = "COLOUR")]
    pub(crate) background: Option<Colour>,
    /// Flatten transparent pixels onto the background even if the output could keep them.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true, value_name = "BOOL")]
    pub(crate) flatten: Option<bool>,
    /// Metadata to keep; with `icc` the colours stay in their space [default: none].
    #[arg(
        long,
        value_delimiter = ',',
        value_name = "exif,icc,xmp,iptc",
        hide_possible_values = true
    )]
    pub(crate) keep: Vec<Keep>,
    /// Frames of an animation to read: first or all [default: first].
    #[arg(long, value_parser = word::<Frames>)]
    pub(crate) frames: Option<Frames>,
    /// How much damage is accepted: none, truncated (use the part that arrived) or errors (use whatever can be
    /// decoded) [default: truncated].
    #[arg(long, value_parser = word::<Tolerate>, value_name = "DAMAGE")]
    pub(crate) tolerate: Option<Tolerate>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Keep {
    Exif,
    Icc,
    Xmp,
    Iptc,
    All,
    None,
}

/// The names of the options are the keys of the plan's `encode`: see [`crate::plan_from_args`].
#[derive(Debug, Args)]
#[command(next_help_heading = "Output format")]
pub(crate) struct EncodeArgs {
    /// jpeg, png, webp, gif or avif [default: by the output's extension, else the input's format].
    #[arg(long, value_parser = format)]
    pub(crate) format: Option<Format>,
    /// JPEG and AVIF 1 to 100, WebP and PNG palettes 0 to 100 [default: 80; AVIF: 50; PNG: 100].
    #[arg(long, value_parser = whole::<u8>, allow_negative_numbers = true)]
    pub(crate) quality: Option<u8>,
    /// WebP 0 (fastest) to 6 (smallest), AVIF 0 to 9 [default: 4].
    #[arg(long, value_parser = whole::<u8>, allow_negative_numbers = true)]
    pub(crate) effort: Option<u8>,
    /// WebP and AVIF: keep every pixel.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true, value_name = "BOOL")]
    pub(crate) lossless: Option<bool>,
    /// WebP: quality of the alpha channel, 0 to 100 [default: 100].
    #[arg(long, value_parser = whole::<u8>, value_name = "QUALITY", allow_negative_numbers = true)]
    pub(crate) alpha: Option<u8>,
    /// JPEG and AVIF: chroma subsampling, 4:2:0, 4:2:2 or 4:4:4 [default: 4:2:0; AVIF: 4:4:4].
    #[arg(long, value_parser = word::<Chroma>)]
    pub(crate) chroma: Option<Chroma>,
    /// JPEG, PNG and GIF: in passes from coarse to fine.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true, value_name = "BOOL")]
    pub(crate) progressive: Option<bool>,
    /// JPEG: Huffman tables optimised for the image [default: true].
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true, value_name = "BOOL")]
    pub(crate) optimise: Option<bool>,
    /// PNG: 0 (none) to 9 (smallest and slowest) [default: 2].
    #[arg(long, value_parser = whole::<u8>, value_name = "LEVEL", allow_negative_numbers = true)]
    pub(crate) compression: Option<u8>,
    /// PNG: reduce the colours to a palette.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true, value_name = "BOOL")]
    pub(crate) palette: Option<bool>,
    /// PNG with `--palette`, and GIF: maximum colours, 2 to 256 [default: 256].
    #[arg(long, value_parser = whole::<u16>, value_name = "N", allow_negative_numbers = true)]
    pub(crate) colours: Option<u16>,
    /// PNG with `--palette`, and GIF: strength of the dithering, 0 to 100 [default: 100].
    #[arg(long, value_parser = whole::<u8>, value_name = "STRENGTH", allow_negative_numbers = true)]
    pub(crate) dither: Option<u8>,
    /// Any other option of the format, as in a plan: near=60, preset=photo. Can be repeated.
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value)]
    pub(crate) option: Vec<(String, serde_json::Value)>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Limits, for each input")]
pub(crate) struct LimitArgs {
    /// Maximum pixels of the input and of each output, e.g. 50M [default: 268402689].
    #[arg(long, value_parser = count, value_name = "PIXELS")]
    pub(crate) max_pixels: Option<u64>,
    /// Maximum width of the input and of each output [default: 65535].
    #[arg(long, value_parser = whole::<u32>, value_name = "PIXELS", allow_negative_numbers = true)]
    pub(crate) max_width: Option<u32>,
    /// Maximum height of the input and of each output [default: 65535].
    #[arg(long, value_parser = whole::<u32>, value_name = "PIXELS", allow_negative_numbers = true)]
    pub(crate) max_height: Option<u32>,
    /// Maximum bytes of input, e.g. 20MB [default: 512MiB].
    #[arg(long, value_parser = bytes, value_name = "BYTES")]
    pub(crate) max_input: Option<u64>,
    /// Maximum bytes of memory for pixels and tables, e.g. 256MB [default: 512MB].
    #[arg(long, value_parser = bytes, value_name = "BYTES")]
    pub(crate) max_memory: Option<u64>,
    /// Maximum frames of an animation [default: 1000].
    #[arg(long, value_parser = whole::<u32>, value_name = "N", allow_negative_numbers = true)]
    pub(crate) max_frames: Option<u32>,
    /// Maximum pixels decoded from one input, over all frames and passes, e.g. 500M [default: 2000M].
    #[arg(long, value_parser = count, value_name = "PIXELS")]
    pub(crate) max_total_pixels: Option<u64>,
    /// Maximum scans of a JPEG [default: 100].
    #[arg(long, value_parser = whole::<u32>, value_name = "N", allow_negative_numbers = true)]
    pub(crate) max_scans: Option<u32>,
    /// Time limit for one input, e.g. 5s or 800ms [default: none].
    #[arg(long, value_parser = duration, value_name = "TIME")]
    pub(crate) deadline: Option<Duration>,
}

impl LimitArgs {
    pub(crate) fn to_limits(&self) -> Limits {
        let default = Limits::new();
        Limits::new()
            .with_pixels(self.max_pixels.unwrap_or(default.pixels))
            .with_width(self.max_width.unwrap_or(default.width))
            .with_height(self.max_height.unwrap_or(default.height))
            .with_input_bytes(self.max_input.unwrap_or(default.input_bytes))
            .with_memory(self.max_memory.unwrap_or(default.memory))
            .with_frames(self.max_frames.unwrap_or(default.frames))
            .with_total_pixels(self.max_total_pixels.unwrap_or(default.total_pixels))
            .with_scans(self.max_scans.unwrap_or(default.scans))
            .with_deadline(self.deadline)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_field_of_the_limits_has_a_flag() {
        let cli = Cli::try_parse_from(
            "keenpix a -o b --max-pixels 1 --max-width 2 --max-height 3 --max-input 4kB --max-memory 5MiB \
             --max-frames 6 --max-scans 7 --max-total-pixels 8M --deadline 800ms"
                .split_whitespace(),
        )
        .unwrap();
        let limits = cli.make.limits.to_limits();
        assert_eq!((limits.pixels, limits.width, limits.height), (1, 2, 3));
        assert_eq!((limits.input_bytes, limits.memory), (4_000, 5 << 20));
        assert_eq!((limits.frames, limits.scans, limits.total_pixels), (6, 7, 8_000_000));
        assert_eq!(limits.deadline, Some(Duration::from_millis(800)));
    }
}
