//! Python threads beside the machine.

use metapython_tests::folder::Folder;
use metapython_tests::program::{self, Finished};

fn run(script: &str, arguments: &[&str]) -> Finished {
    let folder = Folder::new();
    let script = folder.write("script.py", script);
    let mut command = program::command(folder.path());
    program::run(command.arg("run").arg(script).args(["--headless"]).args(arguments))
}

/// While the machine waits for its time, threads run: one that needs the interpreter a thousand
/// times gets it within a few ticks, not one time a tick.
#[test]
fn threads_run_while_the_machine_waits() {
    let finished = run(
        r#"
import threading

from metapython import Process, machine


def count():
    for _ in range(1000):
        turns.acquire(timeout=0.0001)  # lets go of the interpreter, and needs it again
    finished.set()


turns = threading.Semaphore(0)
finished = threading.Event()


class Starter(Process):
    def start(self):
        threading.Thread(target=count, daemon=True).start()

    def run(self, dt):
        if finished.is_set():
            print("counted")
            machine.stop()
"#,
        // 5 s for what takes a tenth of a second on an idle machine, and a minute of turns, one a
        // tick, if the machine kept the interpreter.
        &["--clock", "real", "--ticks", "100", "--hz", "20"],
    );
    assert_eq!(finished, Finished { status: 0, stdout: "counted\n".into(), stderr: String::new() });
}

/// An instruction from a thread is executed on the main thread, in a tick, with its arguments; what
/// touches the world from a thread is refused with the way to do it.
#[test]
fn instructions_come_from_threads() {
    let finished = run(
        r#"
import threading

from metapython import Instruction, Process, machine


def work():
    try:
        machine.tick
    except RuntimeError as error:
        refusals.append(str(error))
    Instruction("Hearer", "hear", 6, by=7).execute()


refusals = []


class Hearer(Process):
    def start(self):
        threading.Thread(target=work).start()

    def hear(self, number, by):
        is_main = threading.current_thread() is threading.main_thread()
        print(number * by, is_main, machine.tick > 1, *refusals, sep="\n")
        machine.stop()
"#,
        &["--clock", "real", "--ticks", "600"],
    );
    let refusal = "the world cannot be reached from here: only the machine's own thread touches \
                   it, in steps, instructions and console lines; from another thread use \
                   Instruction(...).execute()";
    assert_eq!(finished.stdout, format!("42\nTrue\nTrue\n{refusal}\n"));
    assert_eq!((finished.status, finished.stderr.as_str()), (0, ""));
}
