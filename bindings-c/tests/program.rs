//! Compiles a C program with the header, links it with the library and runs it.

use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn a_c_program_runs() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("keenpix-c-program");
    let library = library();
    let compiled = Command::new(std::env::var_os("CC").unwrap_or("cc".into()))
        .args([
            "-std=c99",
            "-Wall",
            "-Wextra",
            "-Wpedantic",
            "-Werror",
            "-UNDEBUG",
            "-o",
        ])
        .arg(&program)
        .arg("-I")
        .arg(folder.join("include"))
        .arg(folder.join("tests/program.c"))
        .arg(&library)
        .arg(format!("-Wl,-rpath,{}", library.parent().unwrap().display()))
        .status()
        .unwrap();
    assert!(compiled.success());
    let image = folder.join("../core/tests/images/rgb.png");
    let ran = Command::new(program).arg(image).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    assert_eq!(String::from_utf8_lossy(&ran.stdout).trim(), env!("CARGO_PKG_VERSION"));
}

/// The shared library that cargo built along with this test.
fn library() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let name = format!(
        "{}keenpix_c{}",
        std::env::consts::DLL_PREFIX,
        std::env::consts::DLL_SUFFIX
    );
    let folders = test.ancestors().skip(1).take(2);
    folders
        .map(|folder| folder.join(&name))
        .find(|path| path.exists())
        .unwrap_or_else(|| panic!("{name} is not beside {}", test.display()))
}
