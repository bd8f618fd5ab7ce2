//! The contact sheet: plain HTML with relative links, with the originals next to the results.

use std::fmt::Write;

use crate::Sheet;
use crate::report::{Entry, Made};

pub(crate) fn html(sheet: &Sheet) -> String {
    let style = include_str!("page.css");
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\">\n<title>keenpix: contact sheet</title>\n<style>\n{style}</style>\n"
    );
    intro(&mut page, sheet);
    avatars(&mut page, sheet);
    crops(&mut page, sheet);
    fits(&mut page, sheet);
    sets(&mut page, sheet);
    section(
        &mut page,
        "Commands",
        "Everything here was made by these, one after the other.",
    );
    push(&mut page, format!("<pre>{}</pre>", escape(&sheet.commands.join("\n"))));
    page
}

fn intro(page: &mut String, sheet: &Sheet) {
    let all = [&sheet.webp, &sheet.jpeg, &sheet.sets];
    let all = || all.iter().flat_map(|entries| entries.iter());
    let before: u64 = sheet.webp.iter().map(|entry| entry.bytes).sum();
    let after: u64 = sheet
        .webp
        .iter()
        .flat_map(|entry| &entry.outputs)
        .map(|made| made.bytes)
        .sum();
    let files: usize = all().map(|entry| entry.outputs.len()).sum();
    push(page, "<h1>keenpix: contact sheet</h1>".into());
    push(
        page,
        format!(
            "<p class=\"faint\">{} photos, {}; their avatars as WebP {}. {files} files in all. Times are from reading the \
             input to the last output written, several at once.</p>",
            sheet.webp.len(),
            size(before),
            size(after),
        ),
    );
    push(
        page,
        "<p>What to look for: people and things upright; the crop holds what matters; colours like the original's, as \
         the browser shows it; clean edges where the chequered ground shows through; nothing blurred, no fringes.</p>"
            .into(),
    );
    push(page, "<div class=\"row round\">".into());
    for made in sheet.webp.iter().flat_map(|entry| &entry.outputs) {
        push(page, image(made, "as a small round avatar"));
    }
    push(page, "</div>".into());
}

fn avatars(page: &mut String, sheet: &Sheet) {
    section(
        page,
        "Avatars",
        "256×256, cover, attention. The first picture is the original, shown by the browser.",
    );
    for entry in &sheet.webp {
        let name = entry.name();
        let caption = sheet
            .captions
            .iter()
            .find(|(file, _)| *file == name)
            .map_or("", |(_, text)| text.as_str());
        push(
            page,
            format!(
                "<div class=\"card\"><b>{}</b><span class=\"faint\">{}</span>\n<div class=\"row\">",
                escape(&name),
                escape(caption)
            ),
        );
        original(page, entry);
        for (format, entries) in [("WebP", &sheet.webp), ("JPEG", &sheet.jpeg)] {
            for entry in entries.iter().filter(|other| other.input == entry.input) {
                results(page, entry, format);
            }
        }
        push(page, "</div></div>".into());
    }
}

fn crops(page: &mut String, sheet: &Sheet) {
    section(page, "Crops", "160×320 of each photo, by position.");
    by_photo(page, &sheet.crops);
}

fn fits(page: &mut String, sheet: &Sheet) {
    let text = "Into a box of 200×200. Contain has a half-transparent blue background.";
    section(page, "Fits", text);
    by_photo(page, &sheet.fits);
}

fn by_photo(page: &mut String, variants: &[(&'static str, Vec<Entry>)]) {
    let Some((_, first)) = variants.first() else { return };
    for (index, entry) in first.iter().enumerate() {
        push(
            page,
            format!(
                "<div class=\"card\"><b>{}</b><div class=\"row\">",
                escape(&entry.name())
            ),
        );
        original(page, entry);
        for (name, entries) in variants {
            if let Some(entry) = entries.get(index) {
                results(page, entry, name);
            }
        }
        push(page, "</div></div>".into());
    }
}

fn sets(page: &mut String, sheet: &Sheet) {
    let text = "320, 640 and 1280 pixels wide, from one decoding of each photo. The pictures are shown in proportion; \
                click for the file.";
    section(page, "Responsive sets", text);
    for entry in &sheet.sets {
        let name = escape(&entry.name());
        let (bytes, ms) = (size(entry.bytes), entry.ms);
        push(
            page,
            format!(
                "<div class=\"card\"><b>{name}</b><span class=\"faint\">{}×{}, {bytes}; all of the set in {ms:.0} ms</span>\
                 <div class=\"row set\">",
                entry.info.width, entry.info.height
            ),
        );
        for made in &entry.outputs {
            push(
                page,
                format!(
                    "<figure><a href=\"{}\">{}</a><figcaption><b>{}×{}</b><br>{}</figcaption></figure>",
                    escape(&made.link()),
                    image(made, "a rendition"),
                    made.width,
                    made.height,
                    size(made.bytes)
                ),
            );
        }
        push(page, "</div></div>".into());
    }
}

fn original(page: &mut String, entry: &Entry) {
    let (name, info) = (escape(&entry.name()), &entry.info);
    let (format, width, height, bytes) = (&info.format, info.width, info.height, size(entry.bytes));
    push(
        page,
        format!(
            "<figure class=\"original\"><img src=\"originals/{name}\" alt=\"original of {name}\" loading=\"lazy\">\
             <figcaption><b>original</b><br>{format} {width}×{height}, {bytes}</figcaption></figure>"
        ),
    );
}

fn results(page: &mut String, entry: &Entry, label: &str) {
    for made in &entry.outputs {
        let frames = if made.frames > 1 {
            format!(", {} frames", made.frames)
        } else {
            String::new()
        };
        let warnings: String = entry
            .warnings
            .iter()
            .map(|text| format!("<br>{}", escape(text)))
            .collect();
        push(
            page,
            format!(
                "<figure>{}<figcaption><b>{label}</b><br>{}×{}, {}{frames}, {:.0} ms{warnings}</figcaption></figure>",
                image(made, label),
                made.width,
                made.height,
                size(made.bytes),
                entry.ms
            ),
        );
    }
}

fn image(made: &Made, alt: &str) -> String {
    let (link, alt, width, height) = (escape(&made.link()), escape(alt), made.width, made.height);
    format!("<img src=\"{link}\" alt=\"{alt}\" width=\"{width}\" height=\"{height}\" loading=\"lazy\">")
}

fn section(page: &mut String, title: &str, text: &str) {
    push(page, format!("<h2>{title}</h2>\n<p class=\"faint\">{text}</p>"));
}

fn push(page: &mut String, text: String) {
    let _ = writeln!(page, "{text}");
}

fn size(bytes: u64) -> String {
    match bytes as f64 {
        bytes if bytes < 1e4 => format!("{:.1} kB", bytes / 1e3),
        bytes if bytes < 1e6 => format!("{:.0} kB", bytes / 1e3),
        bytes => format!("{:.1} MB", bytes / 1e6),
    }
}

fn escape(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}
