//! `--ssh`: the console over SSH; `metapython password`: what opens it beside keys.

use std::io::{self, BufRead, IsTerminal, Read, stdin};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use metapython_engine::alert::Alerts;
use metapython_engine::console::Role;
use metapython_engine::machine::Machine;
use metapython_engine::remote::{self, Remote};

use super::folder::config_folder;
use super::{DONE, output};
use crate::cli::PasswordArguments;
use crate::evaluate::interrupt_evaluation;
use crate::scene::Failure;

/// The longest line that is read as a password, in bytes: more than any.
const MAX_LINE: usize = 4096;

/// Takes the address; nobody is served yet.
///
/// # Errors
/// [`Failure`] if it cannot be had, or the settings are of no use.
pub(super) fn bind(address: SocketAddr) -> Result<Remote, Failure> {
    Remote::bind(address, &folder()?).map_err(|error| Failure::plain(error.to_string()))
}

/// Serves the console of a machine.
///
/// # Errors
/// [`Failure`] if there can be no thread for it.
pub(super) fn serve(remote: &Remote, machine: &Machine) -> Result<(), Failure> {
    let alerts = machine.world().resource::<Alerts>().sender();
    remote
        .serve(alerts, Arc::new(interrupt_evaluation))
        .map_err(|error| Failure::plain(error.to_string()))
}

/// Sets the password, or takes it away.
///
/// # Errors
/// [`Failure`] if there is none to be read, it is not taken, or the settings cannot be written.
pub(super) fn set_password(arguments: &PasswordArguments) -> Result<u8, Failure> {
    let folder = folder()?;
    if arguments.remove {
        let had_one =
            remote::remove_password(&folder).map_err(|error| Failure::plain(error.to_string()))?;
        output::print(if had_one {
            "no password gets in any more; keys do\n"
        } else {
            "there was no password\n"
        })?;
        return Ok(DONE);
    }
    let failed = |error: io::Error| Failure::plain(format!("cannot read the password: {error}"));
    let password = if stdin().is_terminal() {
        let password = tty::ask("password for the console over SSH: ").map_err(failed)?;
        if tty::ask("the same again: ").map_err(failed)? != password {
            return Err(Failure::plain("the two are not the same; nothing has changed"));
        }
        password
    } else {
        line().map_err(failed)?
    };
    let role = arguments.role.map_or(Role::Exec, Into::into);
    remote::set_password(&folder, &password, role)
        .map_err(|error| Failure::plain(error.to_string()))?;
    let text = format!("whoever knows it gets in with the role `{}`\n", role.name());
    output::print(text)?;
    Ok(DONE)
}

fn folder() -> Result<PathBuf, Failure> {
    let missing =
        "there is no folder for settings: set HOME or XDG_CONFIG_HOME to an absolute path";
    config_folder().ok_or_else(|| Failure::plain(missing))
}

/// A line of the standard input, without its end.
fn line() -> io::Result<String> {
    let mut line = String::new();
    stdin().lock().take(MAX_LINE as u64).read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

#[cfg(unix)]
mod tty {
    use std::io::{self, ErrorKind, Read, Write, stderr, stdin};

    use rustix::termios::{
        LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr,
    };

    use super::MAX_LINE;

    /// What Ctrl-C sends.
    const CTRL_C: u8 = 3;

    /// Asks for a line that is not shown while it is typed.
    ///
    /// # Errors
    /// If the terminal does not do what it is told, or Ctrl-C is pressed.
    pub(super) fn ask(question: &str) -> io::Result<String> {
        write!(stderr(), "{question}")?;
        let quiet = Quiet::begin()?;
        // A terminal gives a line at a time.
        let mut line = [0; MAX_LINE];
        let length = stdin().lock().read(&mut line);
        drop(quiet);
        writeln!(stderr())?;
        match line.get(..length?).unwrap_or_default() {
            [answer @ .., b'\n'] => {
                String::from_utf8(answer.to_vec()).map_err(|_| io::Error::other("it is no UTF-8"))
            }
            _ => Err(io::Error::new(ErrorKind::Interrupted, "it was not given")),
        }
    }

    /// A terminal that shows nothing of what is typed, until this is dropped. Signals would end the
    /// program and leave it so: Ctrl-C ends the line instead.
    struct Quiet(Termios);

    impl Quiet {
        fn begin() -> io::Result<Self> {
            let before = tcgetattr(stdin())?;
            let mut quiet = before.clone();
            quiet.local_modes -= LocalModes::ECHO | LocalModes::ISIG;
            quiet.special_codes[SpecialCodeIndex::VEOL] = CTRL_C;
            tcsetattr(stdin(), OptionalActions::Flush, &quiet)?;
            Ok(Self(before))
        }
    }

    impl Drop for Quiet {
        fn drop(&mut self) {
            // Nothing else could be done about it.
            let _ = tcsetattr(stdin(), OptionalActions::Drain, &self.0);
        }
    }
}

#[cfg(not(unix))]
mod tty {
    use std::io;

    /// Where it cannot be hidden, it is not asked for.
    pub(super) fn ask(_: &str) -> io::Result<String> {
        Err(io::Error::other("it would be shown here; give it through a pipe"))
    }
}
