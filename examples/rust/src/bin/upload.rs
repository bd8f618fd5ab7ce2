//! An upload handler: the image in the body of a POST becomes an avatar in the response. Errors are returned as JSON,
//! with the status that keenpix suggests.
//!
//!     cargo run -p keenpix-examples --bin upload -- 127.0.0.1:8080
//!     curl --data-binary @photo.jpg http://127.0.0.1:8080/ > avatar.webp
//!
//! This program implements just enough HTTP for an upload. With a server crate, the handler is `avatar`: call it where
//! blocking is allowed (in tokio: `spawn_blocking`), because it keeps a processor busy.

use std::env;
use std::error::Error;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use keenpix::encode::Webp;
use keenpix::plan::Anchor;
use keenpix::{Limits, Output, Plan, Resize, transform};

/// The limits of an upload. Memory is per call; as many calls run at a time as there are workers.
fn limits() -> Limits {
    Limits::new()
        .with_input_bytes(25_000_000)
        .with_pixels(100_000_000)
        .with_memory(200_000_000)
        .with_deadline(Duration::from_secs(10))
}

/// The handler proper.
fn avatar(upload: &[u8]) -> keenpix::Result<Output> {
    let face = Resize::new()
        .with_width(256)
        .with_height(256)
        .with_position(Anchor::Attention);
    let plan = Plan::new().with_resize(face).with_encode(Webp::new().with_quality(80));
    transform(upload, &plan, &limits())
}

fn main() -> Result<(), Box<dyn Error>> {
    let address = env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8080".into());
    let listener = TcpListener::bind(address)?;
    println!("listening on http://{}", listener.local_addr()?);
    // No more images at a time than processors; connections wait in a short queue, and then in the system's.
    let workers = thread::available_parallelism()?.get();
    let (queue, jobs) = mpsc::sync_channel::<TcpStream>(workers);
    let jobs = std::sync::Mutex::new(jobs);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Ok(Ok(stream)) = jobs.lock().map(|jobs| jobs.recv()) {
                    if let Err(error) = serve(&stream) {
                        eprintln!("connection lost: {error}");
                    }
                }
            });
        }
        for stream in listener.incoming().flatten() {
            if queue.send(stream).is_err() {
                break;
            }
        }
    });
    Ok(())
}

/// Answers one request and closes the connection.
fn serve(mut stream: &TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    stream.set_write_timeout(Some(Duration::from_secs(10)))?;
    let mut reader = BufReader::new(stream);
    let head = Head::read(&mut reader)?;
    if head.method != "POST" {
        return answer(stream, 405, "text/plain", b"POST an image\n");
    }
    let most = limits().input_bytes;
    let Some(length) = head.length else {
        return answer(stream, 411, "text/plain", b"Content-Length is missing\n");
    };
    if length > most {
        // Too long: refused before any of it is read.
        return answer(stream, 413, "text/plain", format!("{most} bytes at most\n").as_bytes());
    }
    if head.expects_continue {
        stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    let mut upload = Vec::new();
    reader.take(length).read_to_end(&mut upload)?;
    match avatar(&upload) {
        Ok(image) => answer(stream, 200, image.format.media_type(), &image.bytes),
        Err(error) => {
            let body = format!("{{\"code\": \"{}\", \"hint\": \"{}\"}}\n", error.code(), error.hint());
            answer(stream, error.http_status(), "application/json", body.as_bytes())
        }
    }
}

/// The relevant parts of a request's head.
struct Head {
    method: String,
    length: Option<u64>,
    expects_continue: bool,
}

impl Head {
    fn read(reader: &mut impl BufRead) -> io::Result<Self> {
        // A head has no declared length, so it needs a limit.
        let mut lines = reader.take(16_384).lines();
        let first = lines.next().transpose()?.unwrap_or_default();
        let mut head = Head {
            method: first.split(' ').next().unwrap_or_default().to_owned(),
            length: None,
            expects_continue: false,
        };
        for line in lines {
            let line = line?;
            let Some((name, value)) = line.split_once(':') else {
                break; // the empty line
            };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => head.length = value.trim().parse().ok(),
                "expect" => head.expects_continue = value.trim().eq_ignore_ascii_case("100-continue"),
                _ => {}
            }
        }
        Ok(head)
    }
}

fn answer(mut stream: &TcpStream, status: u16, media_type: &str, body: &[u8]) -> io::Result<()> {
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status} \r\nContent-Type: {media_type}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    )?;
    stream.write_all(body)
}
