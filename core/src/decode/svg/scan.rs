//! One pass over the text before anything is parsed: the parsers compare each attribute with all others of its
//! element, look entities up one by one, and descend by recursion. What would take them long is refused here.

use memchr::{memchr, memchr2, memmem};

use super::too_much;
use crate::budget::Budget;
use crate::error::Result;

/// Maximum elements in the text.
const ELEMENTS: u64 = 250_000;
/// Maximum attributes of an element.
const ATTRIBUTES: u64 = 256;
/// Maximum nesting of elements: the stack can hold this many with room to spare.
const NESTING: u64 = 256;
/// Maximum declarations of namespaces: on one element and its ancestors, and in all.
const NAMESPACES: (u64, u64) = (64, 10_000);
/// Maximum entities, and bytes that references to them expand to.
const ENTITIES: (u64, u64) = (1000, 4 << 20);
/// References that an entity's own text may hold, in all: the parser refuses more.
const NESTED: u64 = 256;

/// Refuses what is too heavy to be parsed. Says nothing about errors: that is the parser's part.
pub(super) fn check(text: &str, budget: &Budget) -> Result<()> {
    let mut scan = Scan::default();
    let mut rest = text.as_bytes();
    while let Some(at) = memchr2(b'<', b'&', rest) {
        let reference = rest[at] == b'&';
        rest = &rest[at..];
        let length = if reference {
            scan.reference(rest)
        } else {
            scan.markup(rest)?
        };
        rest = &rest[length.min(rest.len())..];
        scan.steps += 1;
        if scan.steps % 1024 == 0 {
            budget.check()?;
        }
    }
    budget.check()?;
    let each = scan.longest * if scan.nested { NESTED } else { 1 };
    at_most("bytes of entities", scan.references.saturating_mul(each), ENTITIES.1)
}

fn at_most(of: &'static str, actual: u64, limit: u64) -> Result<()> {
    if actual > limit {
        Err(too_much(of, actual, limit))
    } else {
        Ok(())
    }
}

#[derive(Default)]
struct Scan {
    steps: u64,
    elements: u64,
    /// Namespaces declared on each element that is open.
    open: Vec<u64>,
    /// Namespaces in all, and on the elements that are open.
    declared: u64,
    in_scope: u64,
    /// Entities: their number, the longest one, and whether one refers to others.
    entities: u64,
    longest: u64,
    nested: bool,
    /// References to entities other than XML's own.
    references: u64,
}

impl Scan {
    /// The length of `&…;`.
    fn reference(&mut self, rest: &[u8]) -> usize {
        let own = [&b"&lt;"[..], b"&gt;", b"&amp;", b"&quot;", b"&apos;", b"&#"];
        if !own.iter().any(|own| rest.starts_with(own)) {
            self.references += 1;
        }
        1
    }

    /// The length of what starts with `<`.
    fn markup(&mut self, rest: &[u8]) -> Result<usize> {
        let behind = |end: &[u8]| memmem::find(rest, end).map_or(rest.len(), |at| at + end.len());
        Ok(match rest {
            [_, b'!', b'-', b'-', ..] => behind(b"-->"),
            [_, b'!', b'[', ..] => behind(b"]]>"),
            [_, b'!', b'E', b'N', b'T', ..] => self.entity(rest)?,
            [_, b'!', ..] => 2, // a document type: its entities follow
            [_, b'?', ..] => behind(b"?>"),
            [_, b'/', ..] => {
                self.in_scope -= self.open.pop().unwrap_or(0);
                2
            }
            _ => self.element(rest)?,
        })
    }

    fn entity(&mut self, rest: &[u8]) -> Result<usize> {
        self.entities += 1;
        at_most("entities", self.entities, ENTITIES.0)?;
        let Some(quote) = memchr2(b'"', b'\'', rest) else {
            return Ok(rest.len());
        };
        let value = &rest[quote + 1..];
        let length = memchr(rest[quote], value).unwrap_or(value.len());
        self.longest = self.longest.max(length as u64);
        self.nested |= memchr(b'&', &value[..length]).is_some();
        Ok(quote + 1 + length)
    }

    fn element(&mut self, rest: &[u8]) -> Result<usize> {
        self.elements += 1;
        at_most("elements", self.elements, ELEMENTS)?;
        let (mut at, mut attributes, mut namespaces) = (1, 0, 0);
        loop {
            let Some(next) = rest[at..].iter().position(|byte| matches!(byte, b'>' | b'"' | b'\'')) else {
                return Ok(rest.len());
            };
            if rest[at + next] == b'>' {
                if at + next == 0 || rest[at + next - 1] != b'/' {
                    self.open.push(namespaces);
                    at_most("nested elements", self.open.len() as u64, NESTING)?;
                } else {
                    self.in_scope -= namespaces;
                }
                return Ok(at + next + 1);
            }
            attributes += 1;
            at_most("attributes of an element", attributes, ATTRIBUTES)?;
            if memmem::find(&rest[at..at + next], b"xmlns").is_some() {
                namespaces += 1;
                self.in_scope += 1;
                self.declared += 1;
                at_most("namespaces at a time", self.in_scope, NAMESPACES.0)?;
                at_most("namespaces", self.declared, NAMESPACES.1)?;
            }
            let value = &rest[at + next + 1..];
            let Some(length) = memchr(rest[at + next], value) else {
                return Ok(rest.len());
            };
            self.references += memchr::memchr_iter(b'&', &value[..length]).count() as u64;
            at += next + 1 + length + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    fn attempt(text: &str) -> Result<()> {
        check(text, &Budget::new(&Limits::default()))
    }

    #[test]
    fn each_limit_holds_in_both_directions() {
        let attributes = |n: usize| format!("<svg {}/>", (0..n).map(|i| format!("a{i}='' ")).collect::<String>());
        let nested = |n: usize| "<g>".repeat(n) + &"</g>".repeat(n);
        let namespaces = |n: usize| {
            format!(
                "<svg {}/>",
                (0..n).map(|i| format!("xmlns:a{i}='' ")).collect::<String>()
            )
        };
        let entities = |n: usize| "<!ENTITY a ''>".repeat(n);
        let expanded = |n: usize| format!("<!ENTITY a '{}'><g>{}</g>", "x".repeat(1 << 20), "&a;".repeat(n));
        for (of, text, most) in [
            ("attributes", &attributes as &dyn Fn(usize) -> String, 256),
            ("nested", &nested, 256),
            ("namespaces", &namespaces, 64),
            ("entities", &entities, 1000),
            ("bytes of entities", &expanded, 4),
        ] {
            attempt(&text(most)).unwrap_or_else(|error| panic!("{of}: {error}"));
            let error = attempt(&text(most + 1)).unwrap_err();
            assert_eq!(error.code(), "LIMIT_DRAWING", "{of}");
            assert!(error.to_string().contains(of), "{error}");
        }
    }

    #[test]
    fn what_is_no_markup_does_not_count() {
        let hidden = "<g>".repeat(1000);
        for text in [
            format!("<svg><!-- {hidden} --></svg>"),
            format!("<svg><![CDATA[{hidden}]]></svg>"),
            format!("<?x {hidden}?><svg/>"),
            format!("<svg a=\"{hidden}\" b='{hidden}'/>"),
            "<a/>".repeat(1000),
            "<a b='&amp;&#9;'>&lt;</a>".repeat(100),
        ] {
            attempt(&text).unwrap();
        }
    }

    #[test]
    fn broken_text_ends_the_scan() {
        for text in [
            "<",
            "<!",
            "<!--",
            "<![CDATA[",
            "<?",
            "</",
            "<a",
            "<a b=",
            "<a b='",
            "<!ENTITY",
            "<!ENTITY a '",
            "&",
        ] {
            attempt(text).unwrap();
        }
    }
}
