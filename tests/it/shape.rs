//! Keeps the plan of the house: imports run downhill only.

use std::fs;
use std::path::{Path, PathBuf};

/// Rooms and their ranks, as in `src/lib.rs`.
const RANKS: [(&str, u8); 13] = [
    ("cli", 8),
    ("http", 7),
    ("app", 6),
    ("flows", 5),
    ("analyses", 4),
    ("formats", 4),
    ("sample", 4),
    ("town", 3),
    ("tile", 3),
    ("store", 2),
    ("access", 2),
    ("layer", 1),
    ("geom", 0),
];

fn rank(room: &str) -> Option<u8> {
    RANKS.iter().find(|(name, _)| *name == room).map(|(_, r)| *r)
}

fn rust_files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            rust_files(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

/// Rooms that a text names by `crate::ROOM`, also inside `use crate::{a, b::c}`.
fn rooms_named(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for part in text.split("crate::").skip(1) {
        let names: Vec<&str> = match part.strip_prefix('{') {
            Some(list) => {
                // Only the first word of each entry at the outer level of the braces is a room.
                let mut depth = 0;
                let end = list
                    .find(|c| {
                        depth += i32::from(c == '{') - i32::from(c == '}');
                        depth < 0
                    })
                    .unwrap_or(list.len());
                let mut depth = 0;
                list[..end]
                    .split(|c| {
                        depth += i32::from(c == '{') - i32::from(c == '}');
                        c == ',' && depth == 0
                    })
                    .collect()
            }
            None => vec![part],
        };
        out.extend(names.iter().map(|n| n.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()));
    }
    out
}

#[test]
fn imports_run_downhill_only() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    let mut wrong = Vec::new();
    let mut seen = 0;
    for file in &files {
        let inside = file.strip_prefix(&src).expect("inside src");
        let room = inside.components().next().expect("a part").as_os_str().to_string_lossy().into_owned();
        let Some(own) = rank(&room) else {
            assert!(
                inside.components().count() == 1,
                "the folder src/{room} has no rank: give it one here and in src/lib.rs"
            );
            continue;
        };
        let text = fs::read_to_string(file).expect("a text");
        for named in rooms_named(&text).iter().filter(|n| **n != room) {
            let Some(other) = rank(named) else { continue };
            seen += 1;
            if other >= own {
                wrong.push(format!("{} ({room}, {own}) imports {named} ({other})", inside.display()));
            }
        }
    }
    assert!(seen > 20, "the test found {seen} imports, so it does not see them");
    assert!(wrong.is_empty(), "imports that run uphill or sideways:\n{}", wrong.join("\n"));
}

#[test]
fn every_file_begins_by_saying_what_it_is() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    rust_files(&root.join("src"), &mut files);
    rust_files(&root.join("tests"), &mut files);
    let bare: Vec<String> = files
        .iter()
        .filter(|f| !fs::read_to_string(f).expect("a text").starts_with("//! "))
        .map(|f| f.display().to_string())
        .collect();
    assert!(bare.is_empty(), "files without a first line of their own:\n{}", bare.join("\n"));
}
