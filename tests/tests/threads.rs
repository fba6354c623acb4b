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

/// A thread waits for the answer of an instruction, for what it raised, or for as long as it wants
/// to; on the machine's own thread that would be for ever, and is refused.
#[test]
fn threads_wait_for_answers() {
    let finished = run(
        r#"
import threading

from metapython import Instruction, Process, machine


def tell(execution, timeout=None):
    try:
        print(execution.result(timeout))
    except Exception as error:
        print(f"{type(error).__name__}: {error}")


def work():
    tell(Instruction("Hearer", "hear", 6).execute())
    tell(Instruction("Hearer", "fail").execute(), 60)
    tell(Instruction("Haerer", "hear", 6).execute(), 60)
    late = Instruction("Hearer", "hear", 1).execute(delay=1e6)
    tell(late, 0.01)
    tell(late, -1)
    Instruction("Hearer", "leave").execute()
    tell(late)
    tell(late, 0)


class Hearer(Process):
    def start(self):
        tell(Instruction("Hearer", "hear", 0).execute())
        self.thread = threading.Thread(target=work)
        self.thread.start()

    def hear(self, number):
        return number * 7

    def fail(self):
        raise ValueError("no")

    def leave(self):
        machine.stop()
"#,
        &["--clock", "real", "--ticks", "6000"],
    );
    let stdout = "RuntimeError: Hearer.hear is not called yet: `await` the answer, or ask for it in \
                  a later tick\n\
                  42\n\
                  ValueError: no\n\
                  LookupError: there is no process `Haerer` to call hear() of; did you mean \
                  `Hearer`?\n\
                  TimeoutError: Hearer.hear is not called yet\n\
                  ValueError: result(timeout) takes 0 to 1e9 seconds, not -1\n\
                  RuntimeError: the machine ended before Hearer.hear was called\n\
                  RuntimeError: the machine ended before Hearer.hear was called\n";
    assert_eq!(finished.stdout, stdout);
    let stderr = finished.stderr.lines().map(|line| &line[line.find("instruction").unwrap_or(0)..]);
    let nobody = "instruction: error: there is no process `Haerer` to call hear() of; did you mean \
                  `Hearer`?";
    assert_eq!(stderr.collect::<Vec<_>>(), [nobody]);
    assert_eq!(finished.status, 0);
}

/// Many threads give many instructions: each is executed once, and those of a thread in its order.
#[test]
fn nothing_that_threads_give_is_lost() {
    let finished = run(
        r#"
import threading

from metapython import Instruction, Process, machine

THREADS, EACH = 8, 500


def work(thread):
    for number in range(EACH):
        last = Instruction("Hearer", "hear", thread, number).execute()
    answers.append(last.result())


answers = []


class Hearer(Process):
    heard: int = 0

    def start(self):
        self.next = [0] * THREADS
        for thread in range(THREADS):
            threading.Thread(target=work, args=(thread,)).start()

    def hear(self, thread, number):
        assert self.next[thread] == number
        self.next[thread] += 1
        return thread

    def run(self, dt):
        if len(answers) == THREADS:
            print(sorted(answers), set(self.next))
            machine.stop()
"#,
        &["--clock", "real", "--ticks", "6000"],
    );
    let stdout = "[0, 1, 2, 3, 4, 5, 6, 7] {500}\n".into();
    assert_eq!(finished, Finished { status: 0, stdout, stderr: String::new() });
}

/// The end waits for threads that have something to say yet, and leaves the ones that never end.
#[test]
fn the_end_waits_for_threads_but_not_for_ever() {
    let finished = run(
        r#"
import atexit
import threading

from metapython import Instruction, Process, machine

gate = threading.Event()


def last_words():
    gate.wait()
    print("said")


atexit.register(lambda: (gate.set(), writer.join(), print("bye")))
writer = threading.Thread(target=last_words, daemon=True)


def at_the_end():
    try:
        Instruction("Ender", "nothing").execute(delay=1e6).result()
    except RuntimeError:
        print("quick")


class Ender(Process):
    def start(self):
        writer.start()
        threading.Thread(target=at_the_end).start()
        threading.Thread(target=threading.Event().wait, name="endless").start()

    def run(self, dt):
        if threading.active_count() == 4:
            machine.stop()


Ender()
"#,
        &["--clock", "real", "--ticks", "6000"],
    );
    assert_eq!(finished.stdout, "quick\nsaid\nbye\n");
    let left = "metapython: threads left behind after 2 s: endless; ";
    assert!(finished.stderr.starts_with(left), "{}", finished.stderr);
    assert_eq!(finished.status, 0);
}
