//! Lists the target files of the catalogue, so that a new file is all that a new target needs.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

const TARGETS: &str = "src/catalogue/targets";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={TARGETS}");
    let names = names(Path::new(TARGETS))?;
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is not set: cargo sets it"))?;
    fs::write(PathBuf::from(out).join("targets.rs"), table(&names))
}

/// The file names without extension, sorted: the order in which targets are listed everywhere.
fn names(directory: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        match (stem, path.extension()) {
            (Some(name), Some(extension)) if extension == "yaml" => names.push(name.to_owned()),
            _ => return Err(io::Error::other(format!("{} is not a target: name it <target>.yaml", path.display()))),
        }
    }
    names.sort();
    Ok(names)
}

fn table(names: &[String]) -> String {
    let mut code = format!("static TARGETS: [Embedded; {}] = [\n", names.len());
    for name in names {
        let _ = writeln!(
            code,
            r#"    Embedded::new("{name}", include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/{TARGETS}/{name}.yaml"))),"#
        );
    }
    code.push_str("];\n");
    code
}
