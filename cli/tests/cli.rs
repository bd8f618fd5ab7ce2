//! The program `keenpix`, used as people use it: arguments, exit codes, files, pipes.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use keenpix::encode::Encode;
use keenpix::{Format, Limits, Plan, probe, transform};

/// An empty folder with a few pictures, in which the program runs.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli").join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn with(self, name: &str, bytes: &[u8]) -> Self {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        self
    }

    fn run(&self, arguments: &str) -> Run {
        self.run_with(arguments, b"")
    }

    fn run_with(&self, arguments: &str, stdin: &[u8]) -> Run {
        let mut child = Command::new(env!("CARGO_BIN_EXE_keenpix"))
            .args(arguments.split_whitespace())
            .current_dir(&self.0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let _ = child.stdin.take().unwrap().write_all(stdin);
        Run(child.wait_with_output().unwrap())
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.0.join(name)).unwrap_or_else(|error| panic!("{name}: {error}; there is {:?}", self.files()))
    }

    /// Format and size of a picture.
    fn image(&self, name: &str) -> (Format, u32, u32) {
        let info = probe(&self.read(name)).unwrap();
        (info.format, info.width, info.height)
    }

    /// Every file, sorted, below the folder.
    fn files(&self) -> Vec<String> {
        let mut files = Vec::new();
        let mut folders = vec![self.0.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(&self.0).unwrap().to_string_lossy().replace('\\', "/");
                    files.push(name);
                }
            }
        }
        files.sort();
        files
    }
}

struct Run(Output);

impl Run {
    #[track_caller]
    fn exits(self, code: i32) -> Self {
        assert_eq!(self.0.status.code(), Some(code), "{}", self.stderr());
        self
    }

    fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.0.stderr).into_owned()
    }

    fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.0.stdout).into_owned()
    }

    #[track_caller]
    fn says(self, text: &str) -> Self {
        assert!(self.stderr().contains(text), "no `{text}` in:\n{}", self.stderr());
        self
    }

    #[track_caller]
    fn writes_nothing(self) -> Self {
        assert!(self.0.stdout.is_empty(), "{}", self.stdout());
        self
    }
}

/// A gradient as a 24-bit BMP.
fn bmp(width: u32, height: u32) -> Vec<u8> {
    let row = (width * 3).next_multiple_of(4);
    let mut file = b"BM".to_vec();
    for number in [
        54 + row * height,
        0,
        54,
        40,
        width,
        height,
        1 | 24 << 16,
        0,
        row * height,
        2835,
        2835,
        0,
        0,
    ] {
        file.extend(number.to_le_bytes());
    }
    for y in 0..height {
        for x in 0..width {
            file.extend([(x * 255 / width) as u8, (y * 255 / height) as u8, 128]);
        }
        file.extend(vec![0; (row - width * 3) as usize]);
    }
    file
}

fn picture(format: Format, width: u32, height: u32) -> Vec<u8> {
    let plan = Plan::new().with_encode(Encode::default_for(format).unwrap());
    transform(&bmp(width, height), &plan, &Limits::default()).unwrap().bytes
}

fn jpeg() -> Vec<u8> {
    picture(Format::Jpeg, 60, 40)
}

fn png() -> Vec<u8> {
    picture(Format::Png, 48, 32)
}

#[test]
fn one_file_to_another() {
    let folder = Folder::new("one").with("photo.jpg", &jpeg());
    folder
        .run("photo.jpg -o avatar.webp --width 20 --height 20 --fit cover --quality 80")
        .exits(0)
        .writes_nothing()
        .says("avatar.webp");
    assert_eq!(folder.image("avatar.webp"), (Format::Webp, 20, 20));
    assert_eq!(
        folder.files(),
        ["avatar.webp", "photo.jpg"],
        "no temporary file is left"
    );
}

#[test]
fn the_format_follows_flag_then_name_then_input() {
    let folder = Folder::new("format")
        .with("photo.jpg", &jpeg())
        .with("old.bmp", &bmp(10, 10));
    folder.run("photo.jpg -o a.png").exits(0);
    folder.run("photo.jpg -o b.png --format webp").exits(0);
    folder.run("photo.jpg -o c").exits(0);
    folder.run("old.bmp -o d/").exits(0);
    assert_eq!(folder.image("a.png").0, Format::Png);
    assert_eq!(folder.image("b.png").0, Format::Webp);
    assert_eq!(folder.image("c").0, Format::Jpeg);
    assert_eq!(folder.image("d/old.png").0, Format::Png);
    folder
        .run("photo.jpg -o e.tiff")
        .exits(2)
        .says("does not imply a format");
    folder.run("photo.jpg -o e.bmp").exits(2).says("not written");
    folder
        .run("photo.jpg -o e.png --lossless")
        .exits(2)
        .says("png has no option --lossless");
    folder.run("photo.jpg -o e.jpg --fit covr").exits(2).says("`cover`");
}

#[test]
fn a_folder_to_a_folder() {
    let folder = Folder::new("folder")
        .with("in/a.jpg", &jpeg())
        .with("in/deep/b.png", &png())
        .with("in/notes.txt", b"hello")
        .with("in/.hidden.jpg", b"nothing");
    folder
        .run("in -o out/ --width 12 --format webp --jobs 2")
        .exits(0)
        .writes_nothing()
        .says("2 images → 2 files")
        .says("1 other file skipped");
    assert_eq!(folder.image("out/a.webp"), (Format::Webp, 12, 8));
    assert_eq!(folder.image("out/deep/b.webp"), (Format::Webp, 12, 8));
    // Outputs of the first run inside the input folder are not inputs of the second.
    folder.run("in -o in/small/ --width 12").exits(0).says("2 images");
    folder.run("in -o in/small/ --width 12").exits(0).says("2 images");
}

#[test]
fn globs_that_no_shell_has_expanded() {
    let folder = Folder::new("glob")
        .with("in/a.jpg", &jpeg())
        .with("in/x/b.jpg", &jpeg())
        .with("in/x/c.png", &png());
    folder.run("in/**/*.jpg -o out").exits(0).says("2 images");
    assert_eq!(folder.image("out/a.jpg").0, Format::Jpeg);
    assert_eq!(folder.image("out/x/b.jpg").0, Format::Jpeg);
    folder.run("in/*.gif -o out").exits(2).says("matches no files");
}

#[test]
fn one_that_fails_takes_no_other_with_it() {
    let folder = Folder::new("fails")
        .with("good.jpg", &jpeg())
        .with("bad.jpg", b"<html>not found</html>");
    folder
        .run("good.jpg bad.jpg missing.jpg -o out/ --width 8")
        .exits(1)
        .writes_nothing()
        .says("bad.jpg: input is not an image")
        .says("[NOT_AN_IMAGE]")
        .says("missing.jpg")
        .says("[IO]")
        .says("2 failed");
    assert_eq!(folder.image("out/good.jpg").1, 8);
    let names = ["bad.jpg", "good.jpg", "out/good.jpg"];
    assert_eq!(folder.files(), names);
    let quiet = folder.run("good.jpg bad.jpg -o out/ --quiet").exits(1).says("bad.jpg");
    assert_eq!(quiet.stderr().lines().count(), 1);
}

#[test]
fn no_input_is_overwritten() {
    let folder = Folder::new("overwrite").with("a.jpg", &jpeg()).with("x/a.jpg", &jpeg());
    for arguments in [
        "a.jpg -o a.jpg",
        "a.jpg -o .",
        "a.jpg -o ./",
        "x -o x",
        "x/a.jpg a.jpg -o x/",
    ] {
        folder.run(arguments).exits(2).says("would be overwritten");
    }
    assert_eq!(folder.read("a.jpg"), jpeg());
    folder
        .run("a.jpg x/a.jpg -o out/")
        .exits(2)
        .says("would both be written to");
    folder.run("a.jpg x/a.jpg -o out.jpg").exits(2).says("need a folder");
    assert_eq!(folder.files(), ["a.jpg", "x/a.jpg"]);
    let folder = Folder::new("append").with("in/a.jpg", &jpeg()).with("in/a.png", &png());
    folder.run("in -o out/ --format webp").exits(2).says("--append");
    folder.run("in -o out/ --format webp --append").exits(0);
    folder.run("in -o out2/ --format png --append").exits(0);
    assert_eq!(
        folder.files()[2..],
        ["out/a.jpg.webp", "out/a.png.webp", "out2/a.jpg.png", "out2/a.png"]
    );
}

#[test]
fn a_wrong_name_is_put_right() {
    let folder = Folder::new("names")
        .with("in/really-png.jpg", &png())
        .with("in/b.jpg", &jpeg());
    folder.run("in -o out").exits(0);
    assert_eq!(
        folder.files(),
        ["in/b.jpg", "in/really-png.jpg", "out/b.jpg", "out/really-png.png"]
    );
    let folder = Folder::new("names-taken")
        .with("in/a.jpg", &png())
        .with("in/a.png", &png());
    folder.run("in -o out").exits(1).says("belongs to another file");
    assert_eq!(folder.files(), ["in/a.jpg", "in/a.png", "out/a.png"]);
}

#[test]
fn standard_input_and_output() {
    let folder = Folder::new("pipes").with("a.jpg", &jpeg());
    let run = folder.run_with("- -o - --width 30 --format png", &jpeg()).exits(0);
    let info = probe(&run.0.stdout).unwrap();
    assert_eq!((info.format, info.width), (Format::Png, 30));
    folder.run_with("- -o b.webp", &png()).exits(0);
    assert_eq!(folder.image("b.webp"), (Format::Webp, 48, 32));
    folder.run("a.jpg b.webp -o -").exits(2).says("takes one image");
    folder
        .run_with("- -o -", b"")
        .exits(1)
        .writes_nothing()
        .says("[NOT_AN_IMAGE]");
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_is_no_fault() {
    let folder = Folder::new("broken-pipe").with("a.png", &picture(Format::Png, 600, 400));
    for arguments in ["a.png -o - --compression 0", "probe --json a.png"] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_keenpix"))
            .args(arguments.split_whitespace())
            .current_dir(&folder.0)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let run = Run(child.wait_with_output().unwrap()).exits(0);
        assert!(
            !run.stderr().contains("panic") && !run.stderr().contains("pipe"),
            "{}",
            run.stderr()
        );
    }
}

#[cfg(unix)]
#[test]
fn links_and_devices_stay_what_they_are() {
    let folder = Folder::new("links")
        .with("a.jpg", &jpeg())
        .with("store/real.webp", b"old");
    std::os::unix::fs::symlink("store/real.webp", folder.0.join("link.webp")).unwrap();
    folder.run("a.jpg -o link.webp").exits(0);
    assert!(folder.0.join("link.webp").symlink_metadata().unwrap().is_symlink());
    assert_eq!(folder.image("store/real.webp").0, Format::Webp);
    folder.run("a.jpg -o /dev/null").exits(0);
    assert!(!Path::new("/dev/null").metadata().unwrap().is_file());
    std::os::unix::fs::symlink("a.jpg", folder.0.join("same.jpg")).unwrap();
    folder.run("a.jpg -o same.jpg").exits(2).says("would be overwritten");
}

#[test]
fn a_set_of_widths() {
    let folder = Folder::new("widths").with("hero.jpg", &jpeg());
    folder
        .run("hero.jpg -o web/hero.webp --widths 10,20,30")
        .exits(0)
        .says("web/hero-30.webp");
    assert_eq!(
        folder.files(),
        ["hero.jpg", "web/hero-10.webp", "web/hero-20.webp", "web/hero-30.webp"]
    );
    assert_eq!(folder.image("web/hero-30.webp"), (Format::Webp, 30, 20));
    folder
        .run("hero.jpg -o web/ --widths 10,10")
        .exits(2)
        .says("both be written");
    folder.run("hero.jpg -o - --widths 10,20").exits(2);
    folder.run("hero.jpg -o web/ --widths 10 --width 5").exits(2);
}

#[test]
fn a_plan_file_and_options_over_it() {
    let plan = br#"{"resize": {"width": 30, "fit": "inside"}, "encode": {"format": "webp", "effort": 0}}"#;
    let folder = Folder::new("plan")
        .with("a.jpg", &jpeg())
        .with("plan.json", plan)
        .with("wrong.json", br#"{"resize": {"widht": 30}}"#);
    folder.run("a.jpg -o out/ --plan plan.json").exits(0);
    assert_eq!(folder.image("out/a.webp"), (Format::Webp, 30, 20));
    folder
        .run("a.jpg -o out/ --plan plan.json --width 15 --format png")
        .exits(0);
    assert_eq!(folder.image("out/a.png"), (Format::Png, 15, 10));
    folder
        .run("a.jpg -o out/ --plan wrong.json")
        .exits(2)
        .says("did you mean `width`?");
    folder
        .run("a.jpg -o out/ --plan nothing.json")
        .exits(2)
        .says("nothing.json");
    folder
        .run("a.jpg -o a.png --plan plan.json")
        .exits(2)
        .says("use --format to decide");
}

#[test]
fn limits() {
    let folder = Folder::new("limits").with("a.jpg", &jpeg());
    folder
        .run("a.jpg -o b.jpg --max-pixels 2399")
        .exits(1)
        .says("[LIMIT_PIXELS]")
        .says("2400");
    folder.run("a.jpg -o b.jpg --max-pixels 2400").exits(0);
    folder
        .run("a.jpg -o b.jpg --max-input 10")
        .exits(1)
        .says("[LIMIT_INPUT_BYTES]");
    folder
        .run("a.jpg -o b.jpg --max-memory 1kB")
        .exits(1)
        .says("[LIMIT_MEMORY]");
    folder
        .run("a.jpg -o b.jpg --width 300 --max-width 299")
        .exits(1)
        .says("[LIMIT_WIDTH]");
    folder
        .run("a.jpg -o b.jpg --max-total-pixels 2399")
        .exits(1)
        .says("[LIMIT_TOTAL_PIXELS]");
    folder.run("a.jpg -o b.jpg --deadline soon").exits(2).says("5s");
}

#[test]
fn tips_for_what_other_programs_call_otherwise() {
    let folder = Folder::new("tips").with("a.jpg", &jpeg());
    for (arguments, tip) in [
        ("a.jpg -o b.jpg -w 200", "tip: for the width there is `--width`"),
        ("-w 200 -h 100 a.jpg -o b.jpg", "for the height `--height`"),
        ("a.jpg -o b.jpg --resize 200", "there are `--width` and `--height`"),
        ("a.jpg -o b.jpg --width 50%", "in pixels, not in percent"),
        ("a.jpg -o b.jpg --widths 20,50%", "in pixels, not in percent"),
        ("a.jpg -o b.jpg --height 200px", "without a unit: `200`"),
        ("a.jpg -o b.jpg --width 20x10", "`--width 20 --height 10`"),
        ("a.jpg -o b.jpg --width wide", "a whole number of pixels"),
        (
            "https://example.com/a.jpg?b=1 -o b.jpg",
            "tip: curl -sSfL 'https://example.com/a.jpg?b=1' | keenpix -",
        ),
        ("probe http://example.com/a.jpg", "URLs are not fetched"),
        ("a.jpg -o https://example.com/b.jpg", "nothing is sent to URLs"),
        ("a.jpg -o s3://bucket/b/", "nothing is sent to URLs"),
        ("a.jpg -o b.jpg --width -200", "a number of pixels above 0"),
        ("a.jpg -o b.jpg --quality 80%", "a number without a sign: `80`"),
        ("a.jpg -o b.jpg --quality high", "expected a whole number"),
        ("a.jpg -o b.jpg --quality 300", "it is too large"),
        ("a.jpg -o b.jpg --rotate -90", "a whole number from 0 on"),
    ] {
        let run = folder.run(arguments).exits(2).says(tip).writes_nothing();
        assert!(!run.stderr().contains("to pass '-w' as a value"), "{}", run.stderr());
    }
    assert_eq!(folder.files(), ["a.jpg"]);
}

#[test]
fn probing() {
    let folder = Folder::new("probe")
        .with("a.jpg", &jpeg())
        .with("b.png", &png())
        .with("c.jpg", b"{}");
    let run = folder.run("probe a.jpg b.png").exits(0);
    assert!(run.stdout().starts_with("FILE"), "{}", run.stdout());
    assert!(
        run.stdout().contains("60×40") && run.stdout().contains("48×32"),
        "{}",
        run.stdout()
    );
    let run = folder.run("probe --json a.jpg c.jpg").exits(1).says("[NOT_AN_IMAGE]");
    let entries: serde_json::Value = serde_json::from_str(&run.stdout()).unwrap();
    assert_eq!(
        (&entries[0]["file"], &entries[0]["width"]),
        (&"a.jpg".into(), &60.into())
    );
    assert_eq!(entries[1]["error"]["code"], "NOT_AN_IMAGE");
    let run = folder.run_with("probe --json -", &png()).exits(0);
    assert!(run.stdout().contains("\"format\": \"png\""), "{}", run.stdout());
}

#[test]
fn a_report_for_programs() {
    let folder = Folder::new("report").with("a.jpg", &jpeg()).with("b.jpg", b"x");
    folder.run("a.jpg b.jpg -o out/ --report report.json --quiet").exits(1);
    let entries: serde_json::Value = serde_json::from_slice(&folder.read("report.json")).unwrap();
    let output = &entries[0]["outputs"][0];
    assert_eq!((&output["width"], &output["format"]), (&60.into(), &"jpeg".into()));
    assert_eq!(output["bytes"], folder.read("out/a.jpg").len());
    assert_eq!(entries[1]["error"]["code"], "NOT_AN_IMAGE");
}

#[test]
fn help_has_examples_and_exit_codes() {
    let run = Folder::new("help").run("--help").exits(0);
    for text in [
        "keenpix photo.jpg -o avatar.webp",
        "Exit codes:",
        "--max-memory",
        "probe",
    ] {
        assert!(run.stdout().contains(text), "{text}");
    }
    Folder::new("usage").run("").exits(2);
}
