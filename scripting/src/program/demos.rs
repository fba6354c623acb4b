//! `metapython demos`.

use std::process::ExitCode;

use metapython::scene::{Failure, demos};

use super::python;

/// Lists the demos with what each says of itself.
pub(super) fn list() -> Result<ExitCode, Failure> {
    let demos = demos(&python::installation()?);
    let width = demos.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    for (name, description) in &demos {
        println!("{name:width$}  {description}");
    }
    println!("\nRun one: metapython run {}", demos.first().map_or("NAME", |(name, _)| name));
    Ok(ExitCode::SUCCESS)
}
