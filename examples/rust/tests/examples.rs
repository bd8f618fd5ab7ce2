//! The examples do what they say.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use keenpix::{Format, Info, probe};

fn photo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../photos/portrait-orientation-6.jpg")
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn read(path: &Path) -> Info {
    probe(&fs::read(path).unwrap()).unwrap()
}

#[test]
fn transform() {
    let output = folder("transform").join("small.webp");
    let mut program = Command::new(env!("CARGO_BIN_EXE_transform"));
    assert!(program.arg(photo()).arg(&output).status().unwrap().success());
    let info = read(&output);
    assert_eq!((info.format, info.width.max(info.height)), (Format::Webp, 800));
}

#[test]
fn set() {
    let folder = folder("set");
    let output = Command::new(env!("CARGO_BIN_EXE_set"))
        .arg(photo())
        .arg(&folder)
        .output()
        .unwrap();
    assert!(output.status.success());
    let html = String::from_utf8(output.stdout).unwrap();
    let mut files = 0;
    for file in fs::read_dir(&folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(html.contains(name), "{name}: {html}");
        assert!(name.contains(&format!("-{}.", read(&path).width)), "{name}");
        files += 1;
    }
    assert_eq!(files, 4);
}

#[test]
fn stream() {
    let stream = |input: File| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_stream"));
        program.stdin(input).output().unwrap()
    };
    let output = stream(File::open(photo()).unwrap());
    assert!(output.status.success());
    let info = probe(&output.stdout).unwrap();
    assert_eq!((info.width, info.height), (240, 240));

    let text = folder("stream").join("text");
    fs::write(&text, "no image").unwrap();
    let output = stream(File::open(&text).unwrap());
    assert!(!output.status.success());
    assert!(String::from_utf8(output.stderr).unwrap().contains("not an image"));
}

#[test]
fn upload() {
    let server = Server::start();
    let photo = fs::read(photo()).unwrap();
    let (head, body) = server.send("POST", &format!("Content-Length: {}", photo.len()), &photo);
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert!(head.contains("Content-Type: image/webp"), "{head}");
    let info = probe(&body).unwrap();
    assert_eq!((info.width, info.height), (256, 256));

    let (head, body) = server.send("POST", "Content-Length: 5", b"hello");
    assert!(head.starts_with("HTTP/1.1 415"), "{head}");
    assert!(String::from_utf8(body).unwrap().contains("NOT_AN_IMAGE"));

    // None of the body is sent or waited for.
    let status = |method, header| server.send(method, header, b"").0[9..12].to_owned();
    assert_eq!(status("POST", "Content-Length: 25000001"), "413");
    assert_eq!(status("POST", "Host: here"), "411");
    assert_eq!(status("GET", "Host: here"), "405");
}

struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn start() -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_upload"))
            .arg("127.0.0.1:0")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line.trim().strip_prefix("listening on http://").unwrap().to_owned();
        Server { process, address }
    }

    /// The head and the body of the response.
    fn send(&self, method: &str, header: &str, body: &[u8]) -> (String, Vec<u8>) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "{method} / HTTP/1.1\r\n{header}\r\n\r\n").unwrap();
        stream.write_all(body).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
        let body = answer.split_off(end);
        (String::from_utf8(answer).unwrap(), body)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
