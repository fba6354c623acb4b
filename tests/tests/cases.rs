//! Runs the folders of data in `cases/`, each as a test of its name. `UPDATE=1` makes what comes
//! what is expected.

use std::path::Path;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};
use metapython_tests::case;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let update = std::env::var_os("UPDATE").is_some_and(|value| !value.is_empty());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let actual = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cases");
    let trials = case::find(&root).into_iter().map(|(name, folder)| {
        let actual = actual.join(&name);
        Trial::test(name, move || Ok(case::check(&folder, &actual, update)?))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}
