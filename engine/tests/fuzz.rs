//! The seeds of the fuzz targets, by an ordinary test.

#[expect(unreachable_pub, reason = "for the targets it is a library")]
#[path = "../../tests/fuzz/src/lib.rs"]
mod fuzz;

use std::fs;
use std::path::Path;

/// Gives all seeds of a target to it.
fn replay(target: &str, run: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fuzz/seeds").join(target);
    let mut count = 0;
    for seed in fs::read_dir(&folder).expect("the seeds are there") {
        let path = seed.expect("the folder can be read").path();
        println!("{}", path.display());
        run(&fs::read(path).expect("the seed can be read"));
        count += 1;
    }
    assert!(count > 0, "no seed in {}", folder.display());
}

#[test]
fn lines() {
    replay("line", fuzz::line);
}

#[test]
fn queries() {
    replay("query", fuzz::query);
}

#[test]
fn keys() {
    replay("keys", fuzz::keys);
}

#[test]
fn scenes() {
    replay("scene", fuzz::scene);
}

#[test]
fn images() {
    replay("image", fuzz::image);
}

#[test]
fn sounds() {
    replay("sound", fuzz::sound);
}

#[test]
fn fonts() {
    replay("font", fuzz::font);
}

#[test]
fn bindings() {
    replay("bindings", fuzz::bindings);
}
