//! Scripts that are saved while the program runs them.

use std::fs;

use metapython_tests::folder::Folder;
use metapython_tests::program::{self, Running};

/// A process that says something once, and again when it says something else.
fn script(says: &str) -> String {
    format!(
        r#"
from helper import decorated
from metapython import Process


class Talker(Process):
    interval = 0.05
    said: str = ""

    def run(self, dt):
        text = decorated({says})
        if text != self.said:
            self.said = text
            print(text, self.instance_name, flush=True)


Talker()
"#
    )
}

const HELPER: &str = "def decorated(text):\n    return f'<{text}>'\n";

/// Starts a scene of a script and a helper module that it imports.
fn start(folder: &Folder, arguments: &[&str]) -> Running {
    folder.write("helper.py", HELPER);
    let path = folder.write("talker.py", script("'one'"));
    let mut command = program::command(folder.path());
    command.arg("run").arg(path).args(["--headless", "--clock", "real"]).args(arguments);
    let mut running = Running::start(&mut command);
    running.wait_for("<one> Talker");
    running
}

/// A script that is saved is taken in while it runs, whichever way the editor saves; so is a module
/// that it imports. What is wrong with a version is told with its line, and the one before runs on.
#[test]
fn a_saved_script_is_taken_in() {
    let folder = Folder::new();
    let mut running = start(&folder, &[]);

    folder.write("talker.py", script("'two'"));
    running.wait_for("<two> Talker");

    let draft = folder.write("talker.py~", script("'three'"));
    fs::rename(draft, folder.path().join("talker.py")).expect("the folder is ours");
    running.wait_for("<three> Talker");

    folder.write("helper.py", HELPER.replace('<', "{{"));
    running.wait_for("{three> Talker");

    folder.write("talker.py", script("'four'").replace("class", "clas"));
    running.wait_for("update: error: talker.py is not taken in; the old version runs on");
    running.wait_for("line 6");
    running.wait_for("SyntaxError: invalid syntax");

    folder.write("talker.py", script("1 / 0"));
    running.wait_for("update: talker.py is taken in");
    running.wait_for(
        "update: error: talker.py is taken back, because the first step of Talker failed",
    );
    running.wait_for("ZeroDivisionError: division by zero");

    folder.write("talker.py", script("'six'") + "while True:\n    pass\n");
    running.wait_for("update: error: talker.py is not taken in");

    fs::remove_file(folder.path().join("talker.py")).expect("the folder is ours");
    running.wait_for("update: talker.py is gone; its last version runs on");

    folder.write("talker.py", script("'five'"));
    running.wait_for("{five> Talker");
    running.interrupt();
    let finished = running.finish();
    assert_eq!(finished.status, 130, "no process is held");
    assert_eq!(finished.stderr.matches("is taken in").count(), 5, "{}", finished.stderr);
}

/// With `--no-watch` a saved script is left alone, and a run without a clock is one that repeats.
#[test]
fn scripts_are_left_alone_where_they_are_to_be() {
    let folder = Folder::new();
    let running = start(&folder, &["--no-watch"]);
    folder.write("talker.py", script("'two'"));
    folder.write("helper.py", "broken(");
    // Half a second: many times what a change takes to be seen.
    std::thread::sleep(std::time::Duration::from_millis(500));
    running.interrupt();
    let finished = running.finish();
    assert_eq!((finished.stdout.as_str(), finished.stderr.as_str()), ("<one> Talker\n", ""));
}
