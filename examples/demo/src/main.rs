//! `make gallery`: turns the photos of `examples/photos` into avatars, crops and responsive sets with the program
//! `keenpix`, as a user would, and writes a contact sheet to judge them by: `out/index.html`.

mod page;
mod report;

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use report::{Entry, read};

const PHOTOS: &str = "examples/photos";
const OUT: &str = "out";

/// What the page shows.
#[derive(Default)]
struct Sheet {
    /// A photo's file name, and what it shows.
    captions: Vec<(String, String)>,
    webp: Vec<Entry>,
    jpeg: Vec<Entry>,
    sets: Vec<Entry>,
    /// The name of a crop, and the photos cropped that way.
    crops: Vec<(&'static str, Vec<Entry>)>,
    fits: Vec<(&'static str, Vec<Entry>)>,
    commands: Vec<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    env::set_current_dir(root)?;
    let program = program()?;
    // Only the page and its folders, because `out` may contain other things.
    for folder in ["avatars", "jpeg", "sets", "crops", "fits", "originals"] {
        let _ = fs::remove_dir_all(Path::new(OUT).join(folder));
    }
    copy_originals()?;
    let mut sheet = Sheet {
        captions: captions(&fs::read_to_string(format!("{PHOTOS}/README.md")).unwrap_or_default()),
        ..Sheet::default()
    };
    let mut keenpix = |arguments: &str| run(&program, arguments, &mut sheet.commands);

    keenpix(&format!("probe {PHOTOS}"))?;
    let avatar = "--width 256 --height 256 --fit cover --position attention";
    sheet.webp = keenpix(&format!(
        "{PHOTOS} -o {OUT}/avatars/ {avatar} --format webp --frames all --append"
    ))?;
    sheet.jpeg = keenpix(&format!("{PHOTOS} -o {OUT}/jpeg/ {avatar} --format jpeg --append"))?;
    let wide = [
        "landscape.jpg",
        "twelve-megapixels.jpg",
        "portrait-orientation-6.jpg",
        "brushes-display-p3.jpg",
    ];
    let wide = wide.map(|name| format!("{PHOTOS}/{name}")).join(" ");
    sheet.sets = keenpix(&format!(
        "{wide} -o {OUT}/sets/ --widths 320,640,1280 --format webp --no-enlarge"
    ))?;
    for (name, position) in [
        ("centre", "centre"),
        ("entropy", "entropy"),
        ("attention", "attention"),
        ("focal point 0.3, 0.7", "0.3,0.7"),
    ] {
        let folder = position.replace(',', "-");
        let made = keenpix(&format!(
            "{wide} -o {OUT}/crops/{folder}/ --width 160 --height 320 --position {position} --format webp"
        ))?;
        sheet.crops.push((name, made));
    }
    let clear = format!("{PHOTOS}/bowl-alpha.png {PHOTOS}/landscape.jpg");
    for fit in ["cover", "contain", "fill", "inside", "outside"] {
        let background = if fit == "contain" {
            " --background #3b82f680"
        } else {
            ""
        };
        let made = keenpix(&format!(
            "{clear} -o {OUT}/fits/{fit}/ --width 200 --height 200 --fit {fit} --format png{background}"
        ))?;
        sheet.fits.push((fit, made));
    }

    let path = Path::new(OUT).join("index.html");
    fs::write(&path, page::html(&sheet))?;
    say(&format!("\nLook at {}", path.display()));
    Ok(())
}

/// Runs a command of the program, prints it, and returns its report.
fn run(program: &Path, arguments: &str, commands: &mut Vec<String>) -> Result<Vec<Entry>, Box<dyn Error>> {
    let shown = format!("keenpix {arguments}");
    say(&format!("\n$ {shown}"));
    let mut command = Command::new(program);
    command.args(arguments.split_whitespace());
    let report = env::temp_dir().join(format!("keenpix-demo-{}.json", std::process::id()));
    let makes = !arguments.starts_with("probe");
    if makes {
        command.arg("--report").arg(&report);
        command.arg("--verbose");
    }
    let status = command.status()?;
    commands.push(shown);
    if !status.success() {
        return Err(format!("keenpix ended with {status}").into());
    }
    if !makes {
        return Ok(Vec::new());
    }
    let entries = read(&fs::read_to_string(&report)?)?;
    fs::remove_file(report)?;
    Ok(entries)
}

/// The program that was built with this one, into the same folder.
fn program() -> Result<PathBuf, Box<dyn Error>> {
    let this = env::current_exe()?;
    let program = this
        .with_file_name("keenpix")
        .with_extension(env::consts::EXE_EXTENSION);
    if program.exists() {
        return Ok(program);
    }
    Err("build it first: cargo build --release -p keenpix-cli".into())
}

/// Copies the originals next to the results, so that the page's folder is self-contained.
fn copy_originals() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(OUT).join("originals");
    fs::create_dir_all(&folder)?;
    for entry in fs::read_dir(PHOTOS).map_err(|error| format!("{PHOTOS}: {error}"))? {
        let path = entry?.path();
        let image = path
            .extension()
            .is_some_and(|text| ["jpg", "png", "webp", "gif"].iter().any(|known| text == *known));
        if let (true, Some(name)) = (image, path.file_name()) {
            fs::copy(&path, folder.join(name))?;
        }
    }
    Ok(())
}

/// The table of the photos' README: file, pixels, what it shows.
fn captions(readme: &str) -> Vec<(String, String)> {
    readme
        .lines()
        .filter_map(|line| {
            let cells: Vec<_> = line.strip_prefix("| `")?.split('|').map(str::trim).collect();
            let [file, _pixels, shows, ""] = cells[..] else {
                return None;
            };
            Some((file.trim_end_matches('`').to_owned(), shows.replace('`', "")))
        })
        .collect()
}

fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
