//! The fonts of the host, for text: files in the folders that `KEENPIX_FONTS` names, separated as in `PATH`. They are
//! read once, and shared by all calls. A drawing chooses among them, and nothing else.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use resvg::usvg::fontdb::{Database, FaceInfo, Family, ID, Query, Source, Stretch, Style, Weight};
use resvg::usvg::{Font, FontResolver, FontStretch, FontStyle};
use svgtypes::FontFamily;

use crate::budget::Budget;

const VARIABLE: &str = "KEENPIX_FONTS";
/// Maximum bytes of all files, which stay in memory.
const BYTES: u64 = 128 << 20;
/// Maximum files, entries of folders that are looked at, and folders within folders.
const FILES: usize = 1000;
const ENTRIES: usize = 20_000;
const DEPTH: usize = 6;
/// Fonts that are tried, at most, for the characters of a text that its own font lacks.
const FALLBACKS: usize = 8;
/// Families that browsers take for the generic ones, or that look much the same.
const SERIF: &[&str] = &["Times New Roman", "Liberation Serif", "Noto Serif", "DejaVu Serif"];
const SANS: &[&str] = &[
    "Arial",
    "Liberation Sans",
    "Noto Sans",
    "Inter",
    "Roboto",
    "DejaVu Sans",
];
const MONOSPACE: &[&str] = &["Courier New", "Liberation Mono", "Noto Sans Mono", "DejaVu Sans Mono"];

/// Fonts, at least one.
#[derive(Debug)]
pub(super) struct Fonts {
    database: Arc<Database>,
    /// For text without a family, or with one that is not there.
    pub(super) family: String,
    /// Whether folders or files were left out.
    pub(super) incomplete: bool,
}

/// The fonts of this process, if its host gives any.
pub(super) fn of_the_host() -> Option<&'static Fonts> {
    static FONTS: OnceLock<Option<Fonts>> = OnceLock::new();
    FONTS.get_or_init(|| Fonts::read(&std::env::var_os(VARIABLE)?)).as_ref()
}

impl Fonts {
    /// The fonts in these folders; `None` if there are none.
    pub(super) fn read(folders: &OsStr) -> Option<Fonts> {
        let mut reader = Reader::default();
        for folder in std::env::split_paths(folders).filter(|folder| !folder.as_os_str().is_empty()) {
            match folder.canonicalize() {
                Ok(root) => reader.folder(&root, &root, 0),
                Err(_) => reader.incomplete = true,
            }
        }
        let Reader {
            mut database,
            incomplete,
            ..
        } = reader;
        let first = database.faces().next()?.families.first()?.0.clone();
        let known = |names: &[&str]| {
            names
                .iter()
                .find(|name| has(&database, name))
                .map(|name| (*name).to_owned())
        };
        let monospaced = database.faces().find(|face| face.monospaced);
        let monospaced = monospaced
            .and_then(|face| face.families.first())
            .map(|(name, _)| name.clone());
        let sans = known(SANS).or_else(|| known(SERIF)).unwrap_or_else(|| first.clone());
        let serif = known(SERIF).unwrap_or_else(|| sans.clone());
        let monospace = known(MONOSPACE).or(monospaced).unwrap_or_else(|| sans.clone());
        database.set_sans_serif_family(&sans);
        database.set_cursive_family(&sans);
        database.set_fantasy_family(&sans);
        database.set_serif_family(&serif);
        database.set_monospace_family(monospace);
        Some(Fonts {
            database: Arc::new(database),
            family: serif,
            incomplete,
        })
    }

    pub(super) fn database(&self) -> Arc<Database> {
        self.database.clone()
    }

    /// Chooses fonts while there is time: without one, a text is not laid out.
    pub(super) fn resolver<'a>(&'a self, budget: &'a Budget) -> FontResolver<'a> {
        let fallback = FontResolver::default_fallback_selector();
        FontResolver {
            select_font: Box::new(|font, database| budget.check().ok().and_then(|()| self.select(font, database))),
            select_fallback: Box::new(move |c, used, database| {
                if used.len() > FALLBACKS || budget.check().is_err() {
                    return None;
                }
                // One of the same kind, if there is one.
                let base = database.face(*used.first()?)?;
                let kind = |face: &FaceInfo| (face.style, face.weight, face.stretch);
                let others = database
                    .faces()
                    .filter(|face| kind(face) != kind(base))
                    .map(|face| face.id);
                let without: Vec<_> = used.iter().copied().chain(others).collect();
                fallback(c, &without, database).or_else(|| fallback(c, used, database))
            }),
        }
    }

    fn select(&self, font: &Font, database: &Database) -> Option<ID> {
        let families = font.families().iter().map(|family| match family {
            FontFamily::Serif => Family::Serif,
            FontFamily::SansSerif => Family::SansSerif,
            FontFamily::Cursive => Family::Cursive,
            FontFamily::Fantasy => Family::Fantasy,
            FontFamily::Monospace => Family::Monospace,
            FontFamily::Named(name) => match name.as_str() {
                "system-ui" | "ui-sans-serif" | "ui-rounded" => Family::SansSerif,
                "ui-serif" | "math" => Family::Serif,
                "ui-monospace" => Family::Monospace,
                name => Family::Name(name),
            },
        });
        let families: Vec<_> = families.chain([Family::Name(&self.family)]).collect();
        database.query(&Query {
            families: &families,
            weight: Weight(font.weight()),
            stretch: match font.stretch() {
                FontStretch::UltraCondensed => Stretch::UltraCondensed,
                FontStretch::ExtraCondensed => Stretch::ExtraCondensed,
                FontStretch::Condensed => Stretch::Condensed,
                FontStretch::SemiCondensed => Stretch::SemiCondensed,
                FontStretch::Normal => Stretch::Normal,
                FontStretch::SemiExpanded => Stretch::SemiExpanded,
                FontStretch::Expanded => Stretch::Expanded,
                FontStretch::ExtraExpanded => Stretch::ExtraExpanded,
                FontStretch::UltraExpanded => Stretch::UltraExpanded,
            },
            style: match font.style() {
                FontStyle::Normal => Style::Normal,
                FontStyle::Italic => Style::Italic,
                FontStyle::Oblique => Style::Oblique,
            },
        })
    }
}

fn has(database: &Database, family: &str) -> bool {
    let mut families = database.faces().flat_map(|face| &face.families);
    families.any(|(name, _)| name.eq_ignore_ascii_case(family))
}

#[derive(Default)]
struct Reader {
    database: Database,
    incomplete: bool,
    entries: usize,
    files: usize,
    bytes: u64,
    /// Files and folders that a link leads to count once.
    seen: HashSet<PathBuf>,
}

impl Reader {
    /// Reads the files of a folder, in the order of their names; what a link leads to must lie within `root`.
    fn folder(&mut self, folder: &Path, root: &Path, depth: usize) {
        let Ok(entries) = std::fs::read_dir(folder) else {
            self.incomplete = true;
            return;
        };
        let entries = entries.take(ENTRIES.saturating_sub(self.entries));
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        self.entries += paths.len();
        paths.sort();
        for path in paths {
            let Ok(path) = path.canonicalize() else { continue };
            if !path.starts_with(root) || !self.seen.insert(path.clone()) {
                continue;
            }
            if path.is_dir() {
                if depth < DEPTH && self.entries < ENTRIES {
                    self.folder(&path, root, depth + 1);
                } else {
                    self.incomplete = true;
                }
            } else if path.is_file() && is_font(&path) {
                self.file(&path);
            }
        }
    }

    /// A file that is no font after all is left out, as everywhere.
    fn file(&mut self, path: &Path) {
        let length = std::fs::metadata(path).map_or(u64::MAX, |file| file.len());
        if self.files == FILES || self.bytes.saturating_add(length) > BYTES {
            self.incomplete = true;
            return;
        }
        let Ok(data) = std::fs::read(path) else {
            self.incomplete = true;
            return;
        };
        self.files += 1;
        self.bytes += data.len() as u64;
        self.database.load_font_source(Source::Binary(Arc::new(data)));
    }
}

fn is_font(path: &Path) -> bool {
    let extension = path.extension().map(|extension| extension.to_ascii_lowercase());
    let extension = extension.as_deref().and_then(OsStr::to_str);
    matches!(extension, Some("ttf" | "otf" | "ttc" | "otc"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
    }

    #[test]
    fn fonts_are_found_in_the_folders_that_are_named() {
        let fonts = Fonts::read(folder("fonts").as_os_str()).unwrap();
        assert_eq!(
            (fonts.database.len(), fonts.family.as_str(), fonts.incomplete),
            (2, "Blocks", false)
        );
        // The second time as a part of the first one.
        let both = std::env::join_paths([folder(""), folder("fonts")]).unwrap();
        assert_eq!(Fonts::read(&both).unwrap().database.len(), 2);
        let with_none = std::env::join_paths([folder("nowhere"), folder("fonts")]).unwrap();
        assert!(Fonts::read(&with_none).unwrap().incomplete);
        for none in [folder("nowhere"), folder("images"), PathBuf::new()] {
            assert!(Fonts::read(none.as_os_str()).is_none(), "{}", none.display());
        }
    }

    #[test]
    fn links_out_of_the_folder_are_not_followed() {
        let place = std::env::temp_dir().join(format!("keenpix-fonts-{}", std::process::id()));
        let inside = place.join("inside");
        std::fs::create_dir_all(&inside).unwrap();
        std::fs::write(inside.join("damaged.ttf"), b"no font").unwrap();
        std::fs::copy(folder("fonts/Blocks-Bold.ttf"), inside.join("b.ttf")).unwrap();
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(folder("fonts/Blocks-Regular.ttf"), inside.join("a.ttf")).unwrap();
            std::os::unix::fs::symlink(&place, inside.join("up")).unwrap();
        }
        let fonts = Fonts::read(inside.as_os_str()).unwrap();
        assert_eq!(fonts.database.len(), 1);
        std::fs::remove_dir_all(place).unwrap();
    }
}
