//! Generates `include/keenpix.h` from the source: structs and functions, with the first paragraphs of their comments.

use std::fmt::Write;
use std::path::Path;

use syn::{Attribute, Expr, Fields, FnArg, Item, Lit, Meta, Pat, ReturnType, Type};

const HEAD: &str = "\
/* keenpix: image bytes and a plan in, right-sized image bytes out.
 *
 * Generated from the source; update it with: KEENPIX_WRITE_HEADER=1 cargo test -p keenpix-c --test header
 */
#ifndef KEENPIX_H
#define KEENPIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern \"C\" {
#endif
";

const FOOT: &str = "
#ifdef __cplusplus
}
#endif

#endif
";

#[test]
fn the_committed_header_is_the_sources() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut structs, mut functions) = (String::new(), String::new());
    for file in ["limits", "output", "error", "lib"] {
        let source = std::fs::read_to_string(folder.join("src").join(file).with_extension("rs")).unwrap();
        for item in syn::parse_file(&source).unwrap().items {
            match item {
                Item::Struct(item) if matches!(item.vis, syn::Visibility::Public(_)) => structure(&item, &mut structs),
                Item::Fn(item) if item.sig.abi.is_some() => function(&item, &mut functions),
                _ => {}
            }
        }
    }
    let header = format!("{HEAD}{structs}{functions}{FOOT}");
    let path = folder.join("include/keenpix.h");
    if std::env::var_os("KEENPIX_WRITE_HEADER").is_some() {
        std::fs::write(&path, &header).unwrap();
    }
    assert!(
        std::fs::read_to_string(&path).unwrap_or_default() == header,
        "include/keenpix.h is out of date; update it with: KEENPIX_WRITE_HEADER=1 cargo test -p keenpix-c --test header"
    );
}

fn structure(item: &syn::ItemStruct, header: &mut String) {
    let name = c_name(&item.ident.to_string());
    comment(&item.attrs, "", header);
    if !item.attrs.iter().any(|attribute| attribute.path().is_ident("repr")) {
        writeln!(header, "typedef struct {name} {name};").unwrap();
        return;
    }
    let Fields::Named(fields) = &item.fields else {
        panic!("{name} has no named fields")
    };
    writeln!(header, "typedef struct {name} {{").unwrap();
    for field in &fields.named {
        comment(&field.attrs, "  ", header);
        writeln!(header, "  {}{};", c_type(&field.ty), field.ident.as_ref().unwrap()).unwrap();
    }
    writeln!(header, "}} {name};").unwrap();
}

fn function(item: &syn::ItemFn, header: &mut String) {
    comment(&item.attrs, "", header);
    let result = match &item.sig.output {
        ReturnType::Default => "void ".to_owned(),
        ReturnType::Type(_, kind) => c_type(kind),
    };
    let arguments: Vec<_> = item.sig.inputs.iter().map(argument).collect();
    let arguments = if arguments.is_empty() {
        "void".to_owned()
    } else {
        arguments.join(", ")
    };
    writeln!(header, "{result}{}({arguments});", item.sig.ident).unwrap();
}

fn argument(argument: &FnArg) -> String {
    let FnArg::Typed(typed) = argument else {
        panic!("a function with self")
    };
    let Pat::Ident(name) = &*typed.pat else {
        panic!("an argument without a name")
    };
    format!("{}{}", c_type(&typed.ty), name.ident)
}

/// A C type, ready for a name: it ends with a space or an asterisk.
fn c_type(kind: &Type) -> String {
    match kind {
        Type::Ptr(pointer) => {
            let constant = if matches!(pointer.mutability, syn::PointerMutability::Const(_)) {
                "const "
            } else {
                ""
            };
            format!("{constant}{}*", c_type(&pointer.elem))
        }
        Type::Path(path) => {
            let name = path.path.segments.last().unwrap().ident.to_string();
            let known = match &*name {
                "u8" => "uint8_t",
                "u16" => "uint16_t",
                "u32" => "uint32_t",
                "u64" => "uint64_t",
                "i32" => "int32_t",
                "usize" => "size_t",
                "bool" => "bool",
                "c_char" => "char",
                other => return format!("{} ", c_name(other)),
            };
            format!("{known} ")
        }
        _ => panic!("a type that C does not know"),
    }
}

fn c_name(name: &str) -> String {
    format!("keenpix_{}", name.to_lowercase())
}

/// The first paragraph of a Rust comment.
fn comment(attributes: &[Attribute], indent: &str, header: &mut String) {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(value) => match &value.lit {
                Lit::Str(text) => Some(text.value().trim().to_owned()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    });
    let lines: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    assert!(!lines.is_empty(), "something public has no comment");
    let blank = if indent.is_empty() { "\n" } else { "" };
    writeln!(header, "{blank}{indent}/* {} */", lines.join(&format!("\n{indent} * "))).unwrap();
}
