//! The report that `keenpix --report` writes.

use std::path::Path;

use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct Entry {
    pub(crate) input: String,
    pub(crate) bytes: u64,
    pub(crate) ms: f64,
    pub(crate) info: Info,
    pub(crate) outputs: Vec<Made>,
    pub(crate) warnings: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Info {
    pub(crate) format: String,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Made {
    pub(crate) file: String,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) bytes: u64,
    pub(crate) frames: u32,
}

pub(crate) fn read(json: &str) -> serde_json::Result<Vec<Entry>> {
    serde_json::from_str(json)
}

impl Entry {
    /// The input's file name.
    pub(crate) fn name(&self) -> String {
        let name = Path::new(&self.input).file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }
}

impl Made {
    /// The link to the file from the page, which is in the output folder.
    pub(crate) fn link(&self) -> String {
        let path = Path::new(&self.file);
        let path = path.strip_prefix(crate::OUT).unwrap_or(path);
        path.to_string_lossy().replace('\\', "/")
    }
}
