//! A real terminal with a shell in it: tmux, with a server of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Until when something must be seen. It is only waited for in full where it does not come.
const DEADLINE: Duration = Duration::from_secs(30);

/// A terminal that ends with the test.
pub(crate) struct Tmux {
    folder: PathBuf,
}

impl Tmux {
    /// Starts a shell in a terminal of that size.
    pub(crate) fn start([columns, rows]: [u32; 2]) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("metapython-tmux-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).expect("a temporary folder can be made");
        let tmux = Self { folder };
        let (columns, rows) = (columns.to_string(), rows.to_string());
        // A shell with jobs, and a prompt that is not the console's.
        let shell = "env -u NO_COLOR PS1='$ ' HISTFILE= bash --norc --noprofile";
        tmux.ask(&["-f", "/dev/null", "new-session", "-d", "-x", &columns, "-y", &rows, shell]);
        tmux.ask(&["set-option", "-g", "status", "off"]);
        tmux.wait_for("the shell", |screen| screen.starts_with('$'));
        tmux
    }

    /// A folder of the test's own.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Runs a command of tmux, and gives what it prints.
    pub(crate) fn ask(&self, arguments: &[&str]) -> String {
        let Output { status, stdout, stderr } = Command::new("tmux")
            .arg("-S")
            .arg(self.folder.join("socket"))
            .args(arguments)
            .env_remove("TMUX")
            .output()
            .expect("tmux cannot be run: install the package tmux");
        assert!(status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&stderr));
        String::from_utf8_lossy(&stdout).into_owned()
    }

    /// Types a text, letter by letter.
    pub(crate) fn type_text(&self, text: &str) {
        self.ask(&["send-keys", "-l", "--", text]);
    }

    /// Types a line, with Enter.
    pub(crate) fn enter(&self, line: &str) {
        if !line.is_empty() {
            self.type_text(line);
        }
        self.press("Enter");
    }

    /// Presses a key, by its name in tmux.
    pub(crate) fn press(&self, key: &str) {
        self.ask(&["send-keys", key]);
    }

    /// What is to be seen down to the last row with something in it, without blanks at the rows' ends.
    fn capture(&self, command: &[&str]) -> String {
        let screen = self.ask(command);
        screen.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim_end().to_owned()
    }

    /// Waits until the screen is as it should be.
    pub(crate) fn wait_for(&self, what: &str, is_there: impl Fn(&str) -> bool) {
        self.wait(&["capture-pane", "-p"], what, is_there);
    }

    /// Waits until the screen with all that has left it above is as it should be.
    pub(crate) fn wait_for_all(&self, what: &str, is_there: impl Fn(&str) -> bool) {
        self.wait(&["capture-pane", "-p", "-S", "-"], what, is_there);
    }

    fn wait(&self, capture: &[&str], what: &str, is_there: impl Fn(&str) -> bool) {
        let start = Instant::now();
        loop {
            let screen = self.capture(capture);
            if is_there(&screen) {
                return;
            }
            assert!(start.elapsed() < DEADLINE, "{what} is not to be seen, but:\n{screen}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until the screen ends with these rows.
    pub(crate) fn wait_for_end(&self, rows: &str) {
        self.wait_for(rows, |screen| screen.ends_with(rows));
    }

    /// The process that the shell runs.
    pub(crate) fn child(&self) -> u32 {
        let shell = self.ask(&["display-message", "-p", "#{pane_pid}"]);
        let shell = shell.trim();
        let children = fs::read_to_string(format!("/proc/{shell}/task/{shell}/children"));
        let children = children.expect("the shell runs");
        children.trim().parse().unwrap_or_else(|_| panic!("one child, not {children:?}"))
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        let socket = self.folder.join("socket");
        let _ = Command::new("tmux").arg("-S").arg(socket).arg("kill-server").output();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
