//! Bakes in which Python the program is built against, and how to find its library.

use std::process::Command;

fn main() {
    pyo3_build_config::use_pyo3_cfgs();
    pyo3_build_config::add_libpython_rpath_link_args();
    let config = pyo3_build_config::get();
    let executable = config.executable().unwrap_or("python3");
    let script = "import platform; print(platform.python_version())";
    let version = Command::new(executable)
        .args(["-I", "-c", script])
        .output()
        .ok()
        .and_then(|output| String::from_utf8(output.stdout).ok())
        .unwrap_or_default();
    println!("cargo::rustc-env=METAPYTHON_PYTHON={executable}");
    println!("cargo::rustc-env=METAPYTHON_PYTHON_VERSION={}", version.trim());
    println!("cargo::rerun-if-changed=build.rs");
    // An upgrade in place changes the version under the same name.
    let resolved = std::fs::canonicalize(executable);
    println!(
        "cargo::rerun-if-changed={}",
        resolved.unwrap_or_else(|_| executable.into()).display()
    );
}
