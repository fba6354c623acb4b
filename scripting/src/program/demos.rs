//! `metapython demos`.

use super::{DONE, output, python};
use crate::scene::{Failure, demos};

/// Lists the demos with what each says of itself.
pub(super) fn list() -> Result<u8, Failure> {
    let demos = demos(&python::installation()?);
    let width = demos.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    for (name, description) in &demos {
        output::print(format_args!("{name:width$}  {description}\n"))?;
    }
    let first = demos.first().map_or("NAME", |(name, _)| name);
    output::print(format_args!("\nRun one: metapython run {first}\n"))?;
    Ok(DONE)
}
