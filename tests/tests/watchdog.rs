//! Scripts that do not come back: each is stopped and held, and everybody else makes every step.

use metapython_tests::folder::Folder;
use metapython_tests::program::{self, Finished};

/// What the scripts of these tests begin with: a process that counts its steps, after all others.
const BEGIN: &str = r#"
import re, signal, sys, threading, time
from metapython import Process, machine


class Witness(Process):
    priority = -1
    steps: int = 0

    def run(self, dt):
        self.steps += 1
        if machine.tick == 20:
            held = [process.instance_name for process in machine.processes if process.fault]
            print(self.steps, "steps beside", *held)


Witness()
"#;

/// A process `Culprit` that does `lines` in its fifth step.
fn culprit(lines: &str) -> String {
    let lines = lines.replace('\n', "\n            ");
    format!(
        "{BEGIN}\n\nclass Culprit(Process):\n    steps: int = 0\n\n    def run(self, dt):\n        \
         self.steps += 1\n        if self.steps == 5:\n            {lines}\n\n\nCulprit()\n"
    )
}

fn run(script: &str, arguments: &[&str]) -> Finished {
    let folder = Folder::new();
    let script = folder.write("script.py", script);
    let mut command = program::command(folder.path());
    command.arg("run").arg(script).arg("--headless").args(arguments);
    if !arguments.contains(&"--ticks") {
        command.args(["--ticks", "20"]);
    }
    program::run(&mut command)
}

/// Runs a culprit with a limit of a tenth of a second: it is held as overrun, and nobody else is
/// harmed. Returns what stood on the standard error stream.
#[track_caller]
fn is_stopped(lines: &str) -> String {
    let finished = run(&culprit(lines), &["--step-limit", "0.1"]);
    let errors = finished.stderr;
    assert_eq!(finished.stdout, "20 steps beside Culprit\n", "{lines}\n{errors}");
    assert!(errors.contains("Culprit: error: held: overran: ran for more than 0.1 s"), "{errors}");
    assert!(errors.ends_with("held by a fault at the end: Culprit\n"), "{errors}");
    assert_eq!(finished.status, 1);
    errors
}

/// Whatever a script computes or waits for, it is interrupted where it is.
#[test]
fn what_computes_or_waits_is_stopped() {
    for lines in [
        "while True: pass",
        "time.sleep(60)",
        "re.match(r'(a+)+$', 'a' * 40 + 'b')",
        "7 ** 10**9",
        "lock = threading.Lock()\nlock.acquire()\nlock.acquire()",
        "threading.Event().wait()",
        "for _ in iter(int, 1): pass",
        "[None for _ in iter(int, 1)]",
        "list(item for item in iter(lambda: 0, 1) if item)",
        "signal.pause()\nwhile True: pass",
    ] {
        let errors = is_stopped(lines);
        assert!(errors.contains("Traceback (most recent call last):\n  File "), "{errors}");
        assert!(errors.contains("script.py\", line "), "{errors}");
    }
}

/// Catching the exception does not help, nor does a `finally` that does not end.
#[test]
fn what_swallows_the_exception_is_stopped() {
    for lines in [
        "while True:\n    try: time.sleep(60)\n    except Exception: pass",
        "while True:\n    try: time.sleep(60)\n    except: pass",
        "while True:\n    try:\n        while True: pass\n    except: pass",
        "try:\n    time.sleep(60)\nfinally:\n    while True: pass",
        "class Clinging:\n    def __del__(self):\n        while True: pass\nClinging()",
        "try:\n    time.sleep(60)\nexcept BaseException: pass",
        "def swallow():\n    while True:\n        try:\n            while True: yield\n        except: \
         pass\nfor _ in swallow(): pass",
        "async def swallow():\n    while True:\n        try: time.sleep(60)\n        except: \
         pass\nswallow().send(None)",
    ] {
        is_stopped(lines);
    }
}

/// An entry is struck three times at most: the third time every line raises, that of the handler too.
#[test]
fn nobody_swallows_the_exception_a_third_time() {
    let script = culprit(
        "while True:\n    try:\n        time.sleep(60)\n    except BaseException:\n        print('swallowed')",
    );
    let finished = run(&script, &["--step-limit", "0.1"]);
    let expected = "swallowed\nswallowed\n20 steps beside Culprit\n";
    assert_eq!(finished.stdout, expected, "{}", finished.stderr);
}

/// Who cleans up after the exception comes to the end of it, and is held with the place.
#[test]
fn who_cleans_up_has_time_for_it() {
    let script = culprit(
        "try:\n    time.sleep(60)\nfinally:\n    time.sleep(0.003)\n    print('cleaned up')",
    );
    let finished = run(&script, &["--step-limit", "0.1"]);
    let expected = "cleaned up\n20 steps beside Culprit\n";
    assert_eq!(finished.stdout, expected, "{}", finished.stderr);
}

/// A script that takes the signal away, or traces, is stopped all the same.
#[test]
fn what_takes_the_signal_is_stopped() {
    for lines in [
        "signal.signal(signal.SIGUSR2, lambda *_: None)\nwhile True: pass",
        "signal.signal(signal.SIGUSR2, lambda *_: None)\nwhile True: time.sleep(60)",
        "signal.signal(signal.SIGUSR2, signal.SIG_DFL)\nwhile True: pass",
        "signal.signal(signal.SIGUSR2, signal.SIG_IGN)\nwhile True: time.sleep(60)",
        "sys.settrace(lambda *_: None)\nwhile True:\n    try: time.sleep(60)\n    except: pass",
    ] {
        is_stopped(lines);
    }
}

/// A call into C that never looks is told of while it lasts, with its place, and held after it.
#[test]
fn what_cannot_be_stopped_is_told_of() {
    let errors = is_stopped(
        "deadline = time.monotonic() + 1.5\nwhile time.monotonic() < deadline: \
                             sum(range(60_000_000))",
    );
    let begin = "Culprit: error: in a call that cannot be interrupted, for ";
    assert_eq!(errors.matches(begin).count(), 1, "{errors}");
    let (_, report) = errors.split_once(begin).expect("it is there");
    assert!(report.lines().nth(1).is_some_and(|line| line.ends_with(" in run")), "{errors}");
}

/// Deleting a process whose `__del__` hangs, and an instruction that hangs, do not stop the machine.
#[test]
fn ends_and_instructions_are_stopped() {
    let script = format!(
        "{BEGIN}
from metapython import Instruction


class Clinging(Process):
    def run(self, dt):
        self.delete()

    def __del__(self):
        while True: pass


class Callee(Process):
    def hang(self):
        time.sleep(60)


Clinging()
Callee()
Instruction(\"Callee\", \"hang\").execute()
"
    );
    let finished = run(&script, &["--step-limit", "0.1"]);
    assert_eq!(finished.stdout, "20 steps beside\n", "{}", finished.stderr);
    assert!(
        finished.stderr.contains("Clinging: error: its end failed: overran"),
        "{}",
        finished.stderr
    );
    let failed = "Callee: error: instruction Callee.hang failed: overran";
    assert!(finished.stderr.contains(failed), "{}", finished.stderr);
}

/// Beside a process that takes about as long as it may, short ones are never hit by a signal that
/// comes late.
#[test]
fn the_innocent_are_never_hit() {
    let script = "
import time
from metapython import Process, machine


class Borderline(Process):
    length: float = 0.0

    def run(self, dt):
        deadline = time.perf_counter() + 0.018 + machine.tick % 9 * 0.002
        try:
            while time.perf_counter() < deadline:
                pass
        except BaseException:
            pass


class Nurse(Process):
    priority = 1

    def run(self, dt):
        machine[\"Borderline\"].resume()


class Short(Process):
    interval = 1e-4
    steps: int = 0

    def run(self, dt):
        self.steps += 1
        if self.steps == 20_000:
            print(\"20,000 steps\")


Borderline(), Nurse(), Short()
";
    let finished = run(script, &["--step-limit", "0.02", "--ticks", "150"]);
    let held = |line: &&str| line.contains("held: ");
    let held: Vec<_> = finished.stderr.lines().filter(held).collect();
    assert!(held.iter().all(|line| line.contains(" Borderline: ")), "{held:?}");
    assert!(!held.is_empty(), "{}", finished.stderr);
    assert_eq!(finished.stdout, "20,000 steps\n");
}

/// Who only waits for a thread that keeps the interpreter is not to blame.
#[test]
fn a_thread_that_keeps_the_interpreter_holds_nobody() {
    let script = format!(
        "{BEGIN}

class Starter(Process):
    def start(self):
        self.thread = threading.Thread(target=lambda: sum(range(30_000_000)))
        self.thread.start()
        time.sleep(0.001)
"
    );
    let finished = run(&format!("{script}\nStarter()\n"), &["--step-limit", "0.05"]);
    assert_eq!(
        (finished.status, &*finished.stdout),
        (0, "20 steps beside\n"),
        "{}",
        finished.stderr
    );
}

/// A coroutine that does not mind being closed is closed once more when it goes, and stopped then.
#[test]
fn a_coroutine_that_stays_is_stopped() {
    for end in ["self.coroutine.delete()", "raise_in(self.coroutine)"] {
        let script = format!(
            r#"{BEGIN}
from metapython import sleep


class Stubborn(Process):
    async def run(self):
        closings = 0
        while True:
            try:
                await sleep(0.02)
            except BaseException:
                closings += 1
                if closings == 2:
                    while True:
                        pass
            if self.fails:
                raise ValueError("no")

    fails: bool = False


def raise_in(coroutine):
    coroutine.fails = True


class Ender(Process):
    steps: int = 0

    def start(self):
        self.coroutine = Stubborn()

    def run(self, dt):
        self.steps += 1
        if self.steps == 5:
            {end}


Ender()
"#
        );
        let finished = run(&script, &["--step-limit", "0.1"]);
        assert!(finished.stdout.starts_with("20 steps beside"), "{end}: {}", finished.stderr);
    }
}

/// The limit can be read, changed and taken away, by the script too; a bad one is refused.
#[test]
fn the_limit_can_be_set() {
    let script = culprit(
        "print(machine.step_limit)\ntry: machine.step_limit = -1.0\nexcept ValueError as error: \
         print(error)\nmachine.step_limit = 0\ntime.sleep(0.3)\nprint(machine.step_limit)",
    );
    let finished = run(&script, &["--step-limit", "0.1"]);
    let expected = "0.1\nmachine.step_limit takes 0 (none) or 0.001 to 86400 seconds, not \
                    -1.0\n0.0\n20 steps beside\n";
    assert_eq!((finished.status, &*finished.stdout), (0, expected), "{}", finished.stderr);
}

/// A console line may take longer than a step, but not forever.
#[test]
fn console_lines_are_stopped() {
    let line = "__import__('time').sleep(60)";
    let finished = run(BEGIN, &["--eval", line]);
    assert_eq!(
        (finished.status, &*finished.stdout),
        (1, "20 steps beside\n"),
        "{}",
        finished.stderr
    );
    assert!(finished.stderr.contains("overran: ran for more than 2 s"), "{}", finished.stderr);
}

/// Exceptions of every kind hold, or end, their own process alone, and say which.
#[test]
fn every_exception_stays_with_its_process() {
    for (lines, said) in [
        ("def deep(): deep()\ndeep()", "RecursionError: maximum recursion depth"),
        ("deep = []\nfor _ in range(10**5): deep = [deep]\nrepr(deep)", "RecursionError: "),
        ("bytearray(10**13)", "MemoryError"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("raise GeneratorExit", "GeneratorExit"),
        ("sys.excepthook = sys.unraisablehook = None\nraise ValueError('own')", "ValueError: own"),
    ] {
        let finished = run(&culprit(lines), &["--step-limit", "10"]);
        assert_eq!(finished.stdout, "20 steps beside Culprit\n", "{lines}\n{}", finished.stderr);
        let held = format!("Culprit: error: held: {said}");
        assert!(finished.stderr.contains(&held), "{lines}\n{}", finished.stderr);
    }
    let finished = run(&culprit("sys.exit()"), &[]);
    assert_eq!(
        (finished.status, &*finished.stdout),
        (0, "20 steps beside\n"),
        "{}",
        finished.stderr
    );
}

/// What `__del__` raises holds nobody, and is told of with the name of the class.
#[test]
fn exceptions_of_del_are_alerts() {
    let lines = "class Torn:\n    def __del__(self): raise ValueError('torn')\nTorn()";
    let finished = run(&culprit(lines), &[]);
    assert_eq!(finished.stdout, "20 steps beside\n", "{}", finished.stderr);
    let said = "Torn.__del__: ValueError: torn\nTraceback (most recent call last):\n";
    assert!(finished.stderr.contains(said), "{}", finished.stderr);
}

/// What nobody but the engine knows any more is let go of by the engine: a `__del__` that does not
/// come back is stopped there too, and harms nobody.
#[test]
fn a_del_that_the_engine_calls_is_stopped() {
    const CLINGING: &str = "
from metapython import Instruction, Restart, component


class Clinging:
    def __del__(self):
        while True: pass


class Failure(Exception):
    __del__ = Clinging.__del__


@component
class Box:
    item: object = None


class Victim(Process):
    box: Box = Box()

    def take(self, item): pass

    def give(self): return Clinging()

    def run(self, dt): pass


class Failing(Process):
    restart = Restart(limit=1)

    def run(self, dt): raise Failure


Victim()
";
    for (lines, whose) in [
        ("Instruction('Victim', 'take', Clinging()).execute()", "between steps"),
        ("Instruction('Victim', 'take', item=Clinging()).execute()", "between steps"),
        ("Instruction('Victim', 'give').execute()", "between steps"),
        ("Instruction('Nobody', 'take', Clinging()).execute()", "between steps"),
        ("machine['Victim'].box.item = Clinging(); machine['Victim'].delete()", "Victim"),
        ("Failing()", "between steps"),
    ] {
        let script = culprit(lines) + CLINGING;
        let finished = run(&script, &["--step-limit", "0.1"]);
        let errors = finished.stderr;
        assert!(
            finished.stdout.starts_with("20 steps beside"),
            "{lines}\n{}{errors}",
            finished.stdout
        );
        assert!(!finished.stdout.contains("Witness"), "{lines}\n{errors}");
        let told = match whose {
            "between steps" => "between steps: error: Clinging.__del__: overran: ",
            process => &format!("{process}: error: "),
        };
        assert!(errors.contains(told) && errors.contains("ran for more than 0.1 s"), "{errors}");
    }
}

/// A handler of a signal runs while the machine waits for its tick: it is stopped like a step, and
/// what it raises is told of.
#[test]
fn a_signal_handler_between_steps_is_watched() {
    for (line, told) in [
        ("while True: pass", "ran for more than 0.1 s"),
        ("raise ValueError('from a handler')", "ValueError: from a handler"),
    ] {
        let script = format!(
            "import signal\nfrom metapython import Process, machine\n\n\ndef handle(*_):\n    \
             {line}\n\n\nclass Ringing(Process):\n    def run(self, dt):\n        if machine.tick \
             == 3:\n            signal.signal(signal.SIGALRM, handle)\n            \
             signal.setitimer(signal.ITIMER_REAL, 0.02)\n\n\nRinging()\n"
        );
        let finished = run(&script, &["--step-limit", "0.1", "--clock", "real", "--hz", "20"]);
        let errors = finished.stderr;
        assert!(errors.contains("between steps: error: ") && errors.contains(told), "{errors}");
        assert_eq!(finished.status, 0, "{errors}");
    }
}
