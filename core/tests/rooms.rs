//! The rooms of `core/src`, its top-level modules, are on floors: a room imports only from the floors below its own,
//! not from its neighbours. On the ground floor, rooms may import each other, but not in a circle.
//!
//! `cargo test -p keenpix --test rooms -- --show-output` prints who imports whom. Tests may import what they like.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

/// From the ground up.
const FLOORS: [&[&str]; 10] = [
    &[
        "format",
        "error",
        "options",
        "blob",
        "position",
        "json",
        "limits",
        "budget",
        "panics",
        "image",
        "orientation",
        "rect",
        "rows",
        "planar",
        "huffman",
        "request",
        "info",
        "metadata",
        "output",
    ],
    &["jpeg", "webp", "resize", "colour", "deflate"],
    &["input", "canvas"],
    &["decode", "encode", "effects", "smartcrop"],
    &["plan"],
    &["geometry", "frames"],
    &["inspect", "stats", "trim"],
    &["render"],
    &["pipeline"],
    &["s3"],
];

#[test]
fn imports_go_down() {
    let house = House::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    println!("{}", house.graph(&FLOORS));
    let faults = house.faults(&FLOORS);
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn wrong_arrows_are_found() {
    let mut house = House::default();
    house.root("pub use high::{Thing, make};\npub use low::Small;");
    house.add(
        "low.rs",
        "// crate::side\nuse crate::Thing;\nuse crate::{Small, Unknown};",
    );
    house.add("high.rs", "use crate::low::{self, Z};\nfn f() { \"crate::side\" }");
    house.add("side.rs", "fn f() { super::high::g('\"') }");
    house.add("high/tests.rs", "use crate::side::h;");
    house.add("one.rs", "use crate::{error::Error, two::{a, b}};");
    house.add("two/mod.rs", "#[cfg(test)]\nmod tests {\n    use crate::side::h;\n}");
    house.add("two/deep.rs", "\nuse super::side;\nuse super::super::one;");
    let floors: [&[&str]; 3] = [&["one", "two"], &["low"], &["high", "side"]];
    let circles = |start: &str| format!("a circle of {start}");
    let expected = [
        "core/src/low.rs:2: `low` → `high` goes up".to_owned(),
        "core/src/side.rs:1: `side` → `high` goes to a neighbour".to_owned(),
        "core/src/one.rs:1: `one` → `error`: on no floor".to_owned(),
        circles("`high`, `low`"),
        circles("`one`, `two`"),
    ];
    let mut found = house.faults(&floors);
    found.sort();
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for line in expected {
        assert!(found.iter().any(|fault| fault.starts_with(&line)), "{line}: {found:#?}");
    }
}

/// Who imports whom, and in which file and line first.
#[derive(Default)]
struct House {
    arrows: BTreeMap<(String, String), String>,
    lines: BTreeMap<String, usize>,
    /// The rooms of the names that the crate's root re-exports.
    names: BTreeMap<String, String>,
}

impl House {
    fn read(src: &Path) -> Self {
        let mut house = House::default();
        house.root(&std::fs::read_to_string(src.join("lib.rs")).unwrap());
        let mut folders = vec![src.to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let name = path.strip_prefix(src).unwrap().to_str().unwrap().replace('\\', "/");
                if path.is_dir() {
                    folders.push(path);
                } else if name.ends_with(".rs") && name != "lib.rs" && !name.starts_with("bin/") {
                    house.add(&name, &std::fs::read_to_string(path).unwrap());
                }
            }
        }
        house
    }

    /// `pub use room::{Name, …}` in the crate's root.
    fn root(&mut self, text: &str) {
        let code = code(text);
        for (at, _) in code.match_indices("pub use ") {
            if !code[..at].is_empty() && !code[..at].ends_with('\n') {
                continue; // in a module of the root
            }
            let rest = &code[at + 8..];
            let Some((room, names)) = rest[..rest.find(';').unwrap()].split_once("::") else {
                continue;
            };
            for name in names.split(|c: char| !is_word(c)).filter(|name| !name.is_empty()) {
                self.names.insert(name.to_owned(), room.to_owned());
            }
        }
    }

    fn add(&mut self, file: &str, text: &str) {
        let parts: Vec<&str> = file
            .trim_end_matches(".rs")
            .split('/')
            .filter(|part| *part != "mod")
            .collect();
        let room = parts[0];
        *self.lines.entry(room.to_owned()).or_default() += text.lines().count();
        if parts
            .iter()
            .any(|part| ["tests", "testing"].contains(part) || part.ends_with("_tests"))
        {
            return;
        }
        let code = code(text);
        // From the module itself, its depth is the number of steps up to the root.
        let up = "super::".repeat(parts.len());
        for root in ["crate::", &up] {
            for (at, _) in code.match_indices(root) {
                if code[..at].ends_with(|c: char| is_word(c) || c == ':') {
                    continue;
                }
                let line = code[..at].matches('\n').count() + 1;
                for path in paths(&code[at + root.len()..]) {
                    let (name, rest) = path.split_at(word(path));
                    // A module may have the same name as a function in it.
                    let known = self.names.get(name).filter(|_| !rest.starts_with("::"));
                    let known = known.map(String::as_str);
                    let is_room = name.starts_with(|c: char| c.is_ascii_lowercase()) && known.is_none();
                    let Some(to) = known.or(is_room.then_some(name)) else {
                        continue;
                    };
                    if to != room && to != "self" && to != "super" {
                        let arrow = (room.to_owned(), to.to_owned());
                        self.arrows.entry(arrow).or_insert(format!("core/src/{file}:{line}"));
                    }
                }
            }
        }
    }

    fn faults(&self, floors: &[&[&str]]) -> Vec<String> {
        let floor = |room: &str| floors.iter().position(|rooms| rooms.contains(&room));
        let mut faults = Vec::new();
        for ((from, to), place) in &self.arrows {
            let fault = match (floor(from), floor(to)) {
                (None, _) => format!("`{from}` stands on no floor"),
                (_, None) => format!("`{from}` → `{to}`: on no floor"),
                (Some(low), Some(high)) if low < high => format!("`{from}` → `{to}` goes up"),
                (Some(low), Some(same)) if low == same && low > 0 => format!("`{from}` → `{to}` goes to a neighbour"),
                _ => continue,
            };
            faults.push(format!("{place}: {fault}"));
        }
        for knot in self.knots() {
            let inside = |room: &String| knot.contains(room);
            let arrows = self.arrows.iter().filter(|((from, to), _)| inside(from) && inside(to));
            let arrows: Vec<_> = arrows
                .map(|((from, to), place)| format!("{place} `{from}` → `{to}`"))
                .collect();
            faults.push(format!("a circle of {}: {}", quoted(&knot), arrows.join(", ")));
        }
        faults
    }

    /// Rooms that import each other, directly or through others.
    fn knots(&self) -> Vec<BTreeSet<String>> {
        let reached = |from: &str| {
            let mut reached = BTreeSet::new();
            let mut rooms = vec![from];
            while let Some(room) = rooms.pop() {
                let next = self.arrows.keys().filter(|(from, _)| from == room).map(|(_, to)| to);
                rooms.extend(next.filter(|to| reached.insert((*to).clone())).map(String::as_str));
            }
            reached
        };
        let all: BTreeMap<&String, BTreeSet<String>> = self.lines.keys().map(|room| (room, reached(room))).collect();
        let knot = |room: &String| -> BTreeSet<String> {
            let back = |other: &&String| all.get(other).is_some_and(|reached| reached.contains(room));
            all[room].iter().filter(back).cloned().collect()
        };
        let knots: BTreeSet<_> = all
            .keys()
            .map(|room| knot(room))
            .filter(|knot| !knot.is_empty())
            .collect();
        knots.into_iter().collect()
    }

    /// A line for each room: its lines of code, tests included, and what it imports.
    fn graph(&self, floors: &[&[&str]]) -> String {
        let mut out = String::new();
        let floor = |room: &str| floors.iter().position(|rooms| rooms.contains(&room));
        let mut rooms: Vec<&String> = self.lines.keys().collect();
        rooms.sort_by_key(|room| (std::cmp::Reverse(floor(room)), *room));
        for room in rooms {
            let to = self
                .arrows
                .keys()
                .filter(|(from, _)| from == room)
                .map(|(_, to)| to.as_str());
            let (lines, to) = (self.lines[room], to.collect::<Vec<_>>().join(" "));
            let floor = floor(room).map_or("-".to_owned(), |floor| floor.to_string());
            writeln!(out, "{floor} {room:<12} {lines:>5}  → {to}").unwrap();
        }
        for knot in self.knots() {
            let lines: usize = knot.iter().map(|room| self.lines[room]).sum();
            writeln!(out, "a circle of {lines} lines: {}", quoted(&knot)).unwrap();
        }
        out
    }
}

fn quoted(rooms: &BTreeSet<String>) -> String {
    let rooms: Vec<_> = rooms.iter().map(|room| format!("`{room}`")).collect();
    rooms.join(", ")
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The length in bytes of the word at the start of a text.
fn word(text: &str) -> usize {
    text.find(|c| !is_word(c)).unwrap_or(text.len())
}

/// A path, or each of the paths in braces.
fn paths(code: &str) -> Vec<&str> {
    let Some(tree) = code.strip_prefix('{') else {
        return vec![code];
    };
    let (mut paths, mut depth, mut start) = (Vec::new(), 1, 0);
    for (at, c) in tree.char_indices() {
        depth = match c {
            '{' => depth + 1,
            '}' => depth - 1,
            _ => depth,
        };
        if depth == 0 || (depth == 1 && c == ',') {
            paths.extend(Some(tree[start..at].trim()).filter(|path| !path.is_empty()));
            start = at + 1;
        }
        if depth == 0 {
            break;
        }
    }
    paths
}

/// The text without comments, strings and code for tests; lines keep their numbers.
fn code(text: &str) -> String {
    let mut code = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let literal = |prefix: &str, end: &str| {
            let after = rest.strip_prefix(prefix)?;
            Some(prefix.len() + after.find(end).map_or(after.len(), |at| at + end.len()))
        };
        let skipped = match c {
            '/' if rest.starts_with("//") => rest.find('\n'),
            'r' if rest.starts_with("r\"") => literal("r\"", "\""),
            'r' if rest.starts_with("r#") => literal("r#\"", "\"#").or_else(|| literal("r##\"", "\"##")),
            '"' => Some(quoted_length(rest, '"')),
            '\'' if rest[1..].starts_with('\\') || rest.chars().nth(2) == Some('\'') => Some(quoted_length(rest, '\'')),
            _ => Some(0),
        };
        match skipped.unwrap_or(rest.len()) {
            0 => {
                code.push(c);
                rest = &rest[c.len_utf8()..];
            }
            length => {
                code.extend(rest[..length].chars().filter(|c| *c == '\n'));
                rest = &rest[length..];
            }
        }
    }
    without_tests(&code)
}

fn quoted_length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, c)| {
        let ends = !escaped && *c == quote;
        escaped = !escaped && *c == '\\';
        ends
    });
    end.map_or(text.len(), |(at, _)| at + 1)
}

/// Blanks the item after each `#[cfg(test)]` and `#[cfg(all(test, …))]`.
fn without_tests(code: &str) -> String {
    let mut out = String::new();
    let mut rest = code;
    while let Some(at) = ["#[cfg(test)]", "#[cfg(all(test"]
        .iter()
        .filter_map(|mark| rest.find(mark))
        .min()
    {
        out.push_str(&rest[..at]);
        let mut depth = 0;
        let end = rest[at..].char_indices().find(|(_, c)| {
            depth += i32::from(*c == '{') - i32::from(*c == '}');
            (*c == '}' || *c == ';') && depth == 0
        });
        let end = end.map_or(rest.len(), |(length, _)| at + length + 1);
        out.extend(rest[at..end].chars().filter(|c| *c == '\n'));
        rest = &rest[end..];
    }
    out + rest
}
