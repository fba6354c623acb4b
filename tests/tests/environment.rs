//! Which Python the program finds, from wherever it is started.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use metapython_tests::folder::Folder;
use metapython_tests::program::{self, Finished};

/// Draws from both of NumPy's random sources, in two processes of one run.
const NUMPY: &str = r#"
"""Numbers by NumPy."""

import numpy
from metapython import Process


class Drawer(Process):
    def start(self):
        print(numpy.random.random(3).tolist())
        print(numpy.random.default_rng().random(3).tolist())
        print(numpy.random.default_rng().random(3).tolist())
        print(numpy.random.default_rng(5).random(3).tolist())
"#;

/// The first draw of `numpy.random.default_rng(5).random(3)`, as plain Python prints it.
const FIFTH_STREAM: &str = "[0.8050029237453802, 0.8079407897364937, 0.515325561042142]";

/// In a virtual environment its packages are there, and NumPy's numbers follow from the seed; a
/// seed that a script gives itself is left alone.
#[test]
fn numpy_is_imported_and_seeded() {
    let folder = Folder::new();
    let script = folder.write("numbers_by_numpy.py", NUMPY);
    let draw = |seed: &str| {
        let mut command = program::command(folder.path());
        command.arg("run").arg(&script).args(["--headless", "--ticks", "1", "--seed", seed]);
        let finished = program::run(command.env("VIRTUAL_ENV", program::virtual_environment()));
        assert_eq!((finished.status, finished.stderr.as_str()), (0, ""));
        finished.stdout.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let (first, again, other) = (draw("1"), draw("1"), draw("2"));
    assert_eq!(first.len(), 4, "{first:?}");
    assert_eq!(first, again);
    assert_eq!((&*first[3], &*other[3]), (FIFTH_STREAM, FIFTH_STREAM));
    let distinct = [&first[0], &first[1], &first[2], &other[0], &other[1], &other[2]];
    let count = distinct.iter().collect::<std::collections::BTreeSet<_>>().len();
    assert_eq!(count, 6, "the same numbers twice in {distinct:?}");
}

/// The packages of a virtual environment of another Python would crash: they are not used, the
/// user is told, and the run goes on.
#[test]
fn an_environment_of_another_python_is_not_used() {
    let folder = Folder::new();
    folder.write("other/pyvenv.cfg", "home = /usr/bin\nversion = 3.7.1\n");
    folder.write("other/bin/python", "");
    let other = folder.path().join("other");
    let finished = run_bounce(program::command(folder.path()).env("VIRTUAL_ENV", &other));
    let begin = format!("note: the virtual environment {} is of Python 3.7.1, ", other.display());
    assert!(finished.stderr.starts_with(&begin), "{}", finished.stderr);
    assert_eq!((finished.status, finished.stderr.lines().count()), (0, 1));
}

/// A folder that is no virtual environment is told of, and the run goes on.
#[test]
fn an_environment_that_is_none_is_not_used() {
    let folder = Folder::new();
    let finished = run_bounce(program::command(folder.path()).env("VIRTUAL_ENV", folder.path()));
    let expected = format!(
        "note: VIRTUAL_ENV names {}, which is no virtual environment: it is not used\n",
        folder.path().display()
    );
    assert_eq!((finished.status, finished.stderr), (0, expected));
}

/// Settings for another Python of the user's lead nowhere, and harm nothing.
#[test]
fn a_wrong_pythonhome_is_survived() {
    let folder = Folder::new();
    let mut command = program::command(folder.path());
    let finished = run_bounce(command.env("PYTHONHOME", "/no/such/python"));
    assert_eq!((finished.status, finished.stderr.as_str()), (0, ""));
}

/// Neither the environment, nor the folder it is started in, nor where the program lies matters.
#[test]
fn it_runs_from_anywhere() {
    let folder = Folder::new();
    let copy = folder.path().join("copy of the program");
    fs::copy(program::path(), &copy).expect("the program can be copied");
    for program in [&program::path(), &copy] {
        let mut command = Command::new(program);
        let finished = run_bounce(command.env_clear().current_dir("/"));
        assert_eq!((finished.status, finished.stderr.as_str()), (0, ""), "{}", program.display());
    }
}

/// With the library of another Python the program would crash somewhere: it says so and ends.
#[test]
fn another_libpython_is_refused() {
    let folder = Folder::new();
    let doctor = program::run(program::command(folder.path()).arg("doctor"));
    let built = doctor.stdout.lines().find_map(|line| line.split_once("Python    "));
    let built = built.and_then(|(_, rest)| rest.split_once(", as "));
    let (version, _) = built.unwrap_or_else(|| panic!("no version in {}", doctor.stdout));
    let Some(other) = folder_of_another_libpython(version) else {
        println!("skipped: no other library of the minor version of Python {version} is here");
        return;
    };
    let mut command = program::command(folder.path());
    let finished = run_bounce(command.env("LD_LIBRARY_PATH", other));
    let begin = format!("  × this program was built for Python {version}, but the library of ");
    assert!(finished.stderr.starts_with(&begin), "{}", finished.stderr);
    assert!(finished.stderr.contains("unset LD_LIBRARY_PATH"), "{}", finished.stderr);
    assert_eq!((finished.status, finished.stderr.trim_end().lines().count()), (1, 1));
}

/// Bounces for a tick without a window.
fn run_bounce(command: &mut Command) -> Finished {
    program::run(command.args(["run", "bounce", "--headless", "--ticks", "1"]))
}

/// A folder with a libpython that has the file name of the one of Python `version`, but is none of
/// that version.
fn folder_of_another_libpython(version: &str) -> Option<PathBuf> {
    let minor = version.rsplit_once('.').map_or(version, |(minor, _)| minor);
    let name = format!("libpython{minor}.so.1.0");
    let mut folders: Vec<_> = ["/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib"]
        .map(PathBuf::from)
        .into_iter()
        .chain(fs::read_dir("/usr/lib").into_iter().flatten().flatten().map(|entry| entry.path()))
        .collect();
    folders.sort();
    // Python keeps its version in its library as a string that ends with a zero byte.
    let own = [version.as_bytes(), b"\0"].concat();
    let is_other = |folder: &PathBuf| {
        let library = fs::read(folder.join(&name)).unwrap_or_default();
        !library.is_empty() && !contains(&library, &own)
    };
    folders.into_iter().find(is_other)
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
