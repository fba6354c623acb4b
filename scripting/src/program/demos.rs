//! `metapython demos`.

use std::process::ExitCode;

use metapython::scene::{Failure, demos};

use super::{output, python};

/// Lists the demos with what each says of itself.
pub(super) fn list() -> Result<ExitCode, Failure> {
    let demos = demos(&python::installation()?);
    let width = demos.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    for (name, description) in &demos {
        output::print(format_args!("{name:width$}  {description}\n"))?;
    }
    let first = demos.first().map_or("NAME", |(name, _)| name);
    output::print(format_args!("\nRun one: metapython run {first}\n"))?;
    Ok(ExitCode::SUCCESS)
}
