//! Key templates: where outputs go.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::Plan;

/// The key of an output, with placeholders.
///
/// | placeholder | for the source `uploads/42/me.png` below `uploads/` |
/// |---|---|
/// | `{name}` | the file's name without its extension: `me` |
/// | `{sub}` | the first folder below the source's prefix, or the name if there is none: `42` |
/// | `{dir}` | the folders below the source's prefix, with a slash at the end: `42/` |
/// | `{ext}` | the source's extension: `png` |
/// | `{width}`, `{height}` | of the plan's resize |
/// | `{format}` | the output's extension: `jpg`, `webp` |
/// | `{hash}` | 32 hexadecimal digits that identify the source content and the plan; makes the key content-addressed |
///
/// ```
/// use keenpix::encode::Webp;
/// use keenpix::{Plan, Resize};
/// use keenpix::s3::KeyTemplate;
///
/// let plan = Plan::new().with_resize(Resize::new().with_width(512)).with_encode(Webp::new());
/// let template = KeyTemplate::new("avatars/{name}-{width}.{format}", &plan)?;
/// assert_eq!(template.key("me.png", "etag"), "avatars/me-512.webp");
/// # Ok::<(), keenpix::s3::Misconfigured>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyTemplate {
    pieces: Vec<Piece>,
    plan: String,
}

/// A rule that can't work: a placeholder that can't be filled, or a destination inside the source.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Misconfigured(pub(super) String);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Name,
    Sub,
    Dir,
    Ext,
    Hash,
}

impl KeyTemplate {
    /// Parses a template for the outputs of a plan.
    ///
    /// # Errors
    ///
    /// For an unknown placeholder, or one that the plan doesn't define: `{width}` without a width, `{format}` without
    /// an `encode`.
    pub fn new(template: &str, plan: &Plan) -> Result<Self, Misconfigured> {
        let mut pieces = vec![Piece::Text(String::new())];
        let mut rest = template;
        while let Some((text, tail)) = rest.split_once('{') {
            push(&mut pieces, text);
            let (name, tail) = tail
                .split_once('}')
                .ok_or_else(|| Misconfigured(format!("`{template}`: a `{{` is not closed")))?;
            rest = tail;
            match name {
                "name" => pieces.push(Piece::Name),
                "sub" => pieces.push(Piece::Sub),
                "dir" => pieces.push(Piece::Dir),
                "ext" => pieces.push(Piece::Ext),
                "hash" => pieces.push(Piece::Hash),
                "width" | "height" | "format" => push(&mut pieces, &known(name, plan, template)?),
                _ => {
                    return Err(Misconfigured(format!(
                        "`{template}`: expected {{name}}, {{sub}}, {{dir}}, {{ext}}, {{width}}, {{height}}, {{format}} \
                         or {{hash}}, came {{{name}}}"
                    )));
                }
            }
        }
        push(&mut pieces, rest);
        if pieces == [Piece::Text(String::new())] {
            return Err(Misconfigured("the key template is empty".into()));
        }
        Ok(KeyTemplate {
            pieces,
            plan: plan_hash(plan),
        })
    }

    /// The key for a source: `below` is its key without the rule's prefix, `etag` its ETag without quotes.
    pub fn key(&self, below: &str, etag: &str) -> String {
        let (dir, file) = below.rsplit_once('/').unwrap_or(("", below));
        // Like Node's path.parse: a leading dot doesn't start an extension.
        let (name, ext) = match file.rsplit_once('.') {
            Some((name, ext)) if !name.is_empty() => (name, ext),
            _ => (file, ""),
        };
        let mut key = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => key.push_str(text),
                Piece::Name => key.push_str(name),
                Piece::Ext => key.push_str(ext),
                Piece::Sub => key.push_str(below.split_once('/').map_or(name, |(sub, _)| sub)),
                Piece::Dir if dir.is_empty() => {}
                Piece::Dir => {
                    key.push_str(dir);
                    key.push('/');
                }
                Piece::Hash => key.push_str(&digest(&[etag, &self.plan])),
            }
        }
        key
    }

    /// Whether the key is content-addressed, so that its object never changes.
    pub fn is_content_addressed(&self) -> bool {
        self.pieces.contains(&Piece::Hash)
    }

    /// The common prefix of all keys.
    pub(super) fn fixed_prefix(&self) -> &str {
        match self.pieces.first() {
            Some(Piece::Text(text)) => text,
            _ => "",
        }
    }

    /// The common prefix of all content-addressed keys of one source.
    pub(super) fn prefix_before_hash(&self, below: &str) -> String {
        let pieces = self.pieces.iter().take_while(|piece| **piece != Piece::Hash);
        KeyTemplate {
            pieces: pieces.cloned().collect(),
            plan: String::new(),
        }
        .key(below, "")
    }

    pub(super) fn plan_hash(&self) -> &str {
        &self.plan
    }
}

/// 32 hexadecimal digits of the SHA-256 of some texts.
pub(super) fn digest(texts: &[&str]) -> String {
    let mut sha = Sha256::new();
    for text in texts {
        sha.update((text.len() as u64).to_be_bytes()); // so that the boundary between two texts counts
        sha.update(text);
    }
    let mut hex = String::with_capacity(32);
    for byte in sha.finalize().iter().take(16) {
        let _ = write!(hex, "{byte:02x}"); // into a String: can't fail
    }
    hex
}

fn plan_hash(plan: &Plan) -> String {
    digest(&[&serde_json::to_string(plan).unwrap_or_else(|_| format!("{plan:?}"))])
}

fn push(pieces: &mut Vec<Piece>, text: &str) {
    match pieces.last_mut() {
        Some(Piece::Text(last)) => last.push_str(text),
        _ => pieces.push(Piece::Text(text.into())),
    }
}

fn known(name: &str, plan: &Plan, template: &str) -> Result<String, Misconfigured> {
    let value = match name {
        "width" => plan
            .resize
            .as_ref()
            .and_then(|resize| resize.width)
            .map(|width| width.to_string()),
        "height" => plan
            .resize
            .as_ref()
            .and_then(|resize| resize.height)
            .map(|height| height.to_string()),
        _ => plan
            .encode
            .as_ref()
            .map(|encode| encode.format().extension().to_owned()),
    };
    value.ok_or_else(|| Misconfigured(format!("`{template}`: the plan has no {name} to fill in")))
}

#[cfg(test)]
mod tests;
