//! `keenpix probe`: what headers say, as a table or as JSON.

use std::fs;
use std::io::{self, ErrorKind, Read, Write};
use std::process::ExitCode;

use keenpix::Info;
use serde_json::{Value, json};

use crate::args::Probe;
use crate::inputs::{Inputs, Source};
use crate::report::{columns, size};
use crate::{Usage, say};

pub(crate) fn run(arguments: &Probe) -> Result<ExitCode, Usage> {
    let inputs = Inputs::find(&arguments.files, None)?;
    let results: Vec<Probed> = inputs
        .list
        .into_iter()
        .map(|input| (input.source.clone(), one(&input.source)))
        .collect();
    let text = if arguments.json {
        json(&results)
    } else {
        table(&results)
    };
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => say(&format!("keenpix: {error}")),
        _ => {}
    }
    let mut failed = false;
    for (source, result) in &results {
        if let Err((message, code)) = result {
            say(&format!("keenpix: {source}: {message} [{code}]"));
            failed = true;
        }
    }
    Ok(ExitCode::from(u8::from(failed)))
}

/// A file and what its header says, or the message and code of the error.
type Probed = (Source, Result<Info, (String, &'static str)>);

fn one(source: &Source) -> Result<Info, (String, &'static str)> {
    let bytes = match source {
        Source::File(path) => fs::read(path),
        Source::Stdin => {
            let mut bytes = Vec::new();
            io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
        }
    };
    let bytes = bytes.map_err(|error| (error.to_string(), "IO"))?;
    keenpix::probe(&bytes).map_err(|error| (error.to_string(), error.code()))
}

fn json(results: &[Probed]) -> String {
    let entries: Vec<Value> = results
        .iter()
        .map(|(source, result)| match result {
            Ok(info) => {
                let mut entry = json!({ "file": source.to_string() });
                if let (Value::Object(entry), Ok(Value::Object(info))) = (&mut entry, serde_json::to_value(info)) {
                    entry.extend(info);
                }
                entry
            }
            Err((message, code)) => {
                json!({ "file": source.to_string(), "error": { "code": code, "message": message } })
            }
        })
        .collect();
    format!("{:#}\n", Value::Array(entries))
}

fn table(results: &[Probed]) -> String {
    let heads = [
        "FILE",
        "FORMAT",
        "SIZE",
        "COLOUR",
        "BITS",
        "ALPHA",
        "ORIENTATION",
        "FRAMES",
        "PASSES",
        "ICC",
        "EXIF",
        "XMP",
    ];
    let mut rows = vec![heads.map(String::from)];
    let block = |bytes| if bytes == 0 { "-".into() } else { size(bytes) };
    for (source, result) in results {
        let Ok(info) = result else { continue };
        let colour = serde_json::to_value(info.colour).ok();
        rows.push([
            source.to_string(),
            info.format.to_string(),
            format!("{}×{}", info.width, info.height),
            colour.as_ref().and_then(Value::as_str).unwrap_or("-").into(),
            info.bits.to_string(),
            if info.alpha { "yes" } else { "no" }.into(),
            info.orientation.to_string(),
            info.frames.to_string(),
            if info.progressive { "yes" } else { "no" }.into(),
            block(info.icc),
            block(info.exif),
            block(info.xmp),
        ]);
    }
    if rows.len() == 1 {
        return String::new();
    }
    columns(&rows).join("\n") + "\n"
}
