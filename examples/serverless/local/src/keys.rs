//! The keys for signing requests to the stack's S3: for the functions and for programs on this machine.

use std::collections::HashMap;
use std::path::Path;

const ID: &str = "AKIALOCALSTACK";

/// An access key and its secret.
#[derive(Clone)]
pub(crate) struct Keys {
    pub(crate) id: String,
    pub(crate) secret: String,
}

impl Keys {
    /// Reads the keys of the last run, so that its URLs stay valid, or writes new ones, in the format of AWS's own
    /// programs.
    pub(crate) fn open(file: &Path, secret: impl FnOnce() -> String) -> std::io::Result<Self> {
        let known = std::fs::read_to_string(file).ok();
        let secret = match known.as_deref().and_then(secret_of) {
            Some(secret) => secret.to_owned(),
            None => {
                let secret = secret();
                let text = format!("[default]\naws_access_key_id = {ID}\naws_secret_access_key = {secret}\n");
                std::fs::write(file, text)?;
                secret
            }
        };
        Ok(Keys { id: ID.into(), secret })
    }

    pub(crate) fn all(&self) -> HashMap<String, String> {
        HashMap::from([(self.id.clone(), self.secret.clone())])
    }
}

fn secret_of(text: &str) -> Option<&str> {
    text.lines()
        .find_map(|line| line.strip_prefix("aws_secret_access_key = "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_made_once() {
        let file = std::env::temp_dir().join(format!("keys-{}", std::process::id()));
        let first = Keys::open(&file, || "one".into()).unwrap();
        let second = Keys::open(&file, || "two".into()).unwrap();
        std::fs::remove_file(&file).unwrap();
        assert_eq!((first.secret.as_str(), second.secret.as_str()), ("one", "one"));
        assert_eq!(second.all()[ID], "one");
    }
}
