//! The frame budget, as the command line and scripts set it.

use metapython_tests::folder::Folder;
use metapython_tests::program::{self, Finished};

fn run(script: &str, arguments: &[&str]) -> Finished {
    let folder = Folder::new();
    let script = folder.write("script.py", script);
    let mut command = program::command(folder.path());
    program::run(
        command.arg("run").arg(script).args(["--headless", "--ticks", "20"]).args(arguments),
    )
}

/// A process that uses up any small budget, and one that is due after it.
const BUSY: &str = "
import time
from metapython import Process, machine


class Busy(Process):
    priority = 1
    is_told: bool = False

    def run(self, dt):
        end = time.perf_counter() + 0.003
        while time.perf_counter() < end:
            pass
        if machine.tick >= 15 and not self.is_told:
            self.is_told = True
            print(machine[\"Small\"].accounting.late > 0)


class Small(Process):
    pass


print(machine.frame_budget)
SET
Busy(), Small()
";

/// What does not fit into the share that the command line gives, or the script, waits.
#[test]
fn what_does_not_fit_waits() {
    let clock = ["--clock", "real"];
    let by_line =
        run(&BUSY.replace("SET", ""), &[&clock[..], &["--frame-budget", "0.01"]].concat());
    assert_eq!(by_line.stdout, "0.01\nTrue\n", "{}", by_line.stderr);
    let by_script = run(&BUSY.replace("SET", "machine.frame_budget = 0.01"), &clock);
    assert_eq!(by_script.stdout, "0.8\nTrue\n", "{}", by_script.stderr);
}

/// Under the virtual clock every step is made in its tick.
#[test]
fn the_virtual_clock_has_no_budget() {
    let finished = run(&BUSY.replace("SET", "machine.frame_budget = 0.01"), &[]);
    assert_eq!(finished.stdout, "0.8\nFalse\n", "{}", finished.stderr);
}
