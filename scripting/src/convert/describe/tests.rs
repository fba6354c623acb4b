use std::ffi::CString;
use std::path::Path;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use metapython_engine::value::Value;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::Describer;
use crate::interpreter::{BUILT_EXECUTABLE, start};

/// Things to describe.
const PREPARATION: &str = "
import array, collections, ctypes, datetime, decimal, enum, fractions, math, random, threading, weakref

class Thing:
    def __init__(self, *links, **attributes):
        self.links = list(links)
        vars(self).update(attributes)

class Slotted:
    __slots__ = ('x', 'y')
    def __init__(self, x):
        self.x = x

class Numbers(list): pass
class Length(float): pass
class Color(enum.Enum):
    RED = 1
    BLUE = 2
Point = collections.namedtuple('Point', 'x y')

class Refusing:
    def __reduce_ex__(self, protocol):
        raise RuntimeError(f'not {id(self)}')

class SaysBytes:
    def tobytes(self):
        return str(id(self)).encode()

def ring(items):
    for item, following in zip(items, items[1:] + items[:1]):
        item.links.append(following)
    return items

def grid(side):
    cells = {(x, y): Thing(x=x, y=y) for x in range(side) for y in range(side)}
    for (x, y), cell in cells.items():
        near = [(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
        cell.links = [cells[place] for place in near if place in cells]
    return list(cells.values())

def chain(length):
    node = None
    for number in range(length):
        node = Thing(node, number=number)
    return node

def advanced(generator):
    generator.random()
    return generator

def attributed(thing, **attributes):
    vars(thing).update(attributes)
    return thing
";

/// Describes what a Python expression gives, among the [`PREPARATION`].
fn described(expression: &str) -> Value {
    static STARTED: OnceLock<()> = OnceLock::new();
    STARTED.get_or_init(|| start(Path::new(BUILT_EXECUTABLE), &[]).unwrap());
    Python::attach(|py| {
        let names = PyDict::new(py);
        let code = |text: &str| CString::new(text).unwrap();
        py.run(&code(PREPARATION), Some(&names), None).unwrap();
        let object = py.eval(&code(expression), Some(&names), None);
        let object = object.unwrap_or_else(|error| panic!("{expression}: {error}"));
        let value = Describer::new().describe(&object);
        assert!(PyErr::take(py).is_none(), "{expression} leaves an exception behind");
        value
    })
}

#[track_caller]
fn assert_same(first: &str, second: &str) {
    assert_eq!(described(first), described(second), "{first} and {second}");
}

#[track_caller]
fn assert_differ(first: &str, second: &str) {
    assert_same(first, first);
    assert_ne!(described(first), described(second), "{first} and {second}");
}

/// Everything that can be told apart is told apart, and looks the same a second time.
#[test]
fn every_kind_of_state_is_seen() {
    for (first, second) in [
        ("1", "2"),
        ("1", "1.0"),
        ("1", "True"),
        ("[1]", "(1,)"),
        ("{1: 2, 3: 4}", "{3: 4, 1: 2}"),
        ("b'ab'", "bytearray(b'ab')"),
        ("bytearray(b'ab')", "bytearray(b'ac')"),
        ("'\\udc80'", "'\\udc81'"),
        ("frozenset({1})", "frozenset({2})"),
        ("frozenset({1})", "{1}"),
        ("{'a', 'b'}", "{'a', 'c'}"),
        ("{Color.RED}", "{Color.BLUE}"),
        ("collections.deque([1, 2])", "collections.deque([2, 1])"),
        ("collections.deque([1], 2)", "collections.deque([1], 3)"),
        ("collections.Counter('ab')", "collections.Counter('aab')"),
        ("collections.defaultdict(list, a=1)", "collections.defaultdict(set, a=1)"),
        ("collections.OrderedDict(a=1, b=2)", "collections.OrderedDict(b=2, a=1)"),
        ("random.Random(1)", "advanced(random.Random(1))"),
        ("Slotted(1)", "Slotted(2)"),
        ("Thing(x=1)", "Thing(x=2)"),
        ("Numbers([1])", "Numbers([2])"),
        ("attributed(Numbers([1]), x=1)", "attributed(Numbers([1]), x=2)"),
        ("Length(1)", "Length(2)"),
        ("attributed(Length(1), x=1)", "attributed(Length(1), x=2)"),
        ("Color.RED", "Color.BLUE"),
        ("Point(1, 2)", "Point(2, 1)"),
        ("1j", "2j"),
        ("decimal.Decimal('1.0')", "decimal.Decimal('1.00')"),
        ("fractions.Fraction(1, 2)", "fractions.Fraction(1, 3)"),
        ("datetime.date(2000, 1, 1)", "datetime.date(2000, 1, 2)"),
        ("range(1, 9)", "range(1, 9, 2)"),
        ("slice(1)", "slice(2)"),
        ("array.array('i', [1])", "array.array('i', [2])"),
        ("array.array('i', [1])", "array.array('I', [1])"),
        ("(ctypes.c_int * 2)(1, 2)", "(ctypes.c_int * 2)(2, 1)"),
        ("memoryview(b'abcd').cast('B', (2, 2))", "memoryview(b'abcd').cast('B', (4, 1))"),
        ("len", "abs"),
        ("math.sin", "math.cos"),
        ("Thing", "Slotted"),
        ("ring", "grid"),
        ("[1].append", "[2].append"),
        ("ValueError('a')", "ValueError('b')"),
        ("iter([1, 2])", "iter([1, 3])"),
        ("[t := Thing(), weakref.ref(t)]", "[Thing(), t := Thing(), weakref.ref(t)][:2]"),
        ("(lambda t: [t, t])(Thing())", "[Thing(), Thing()]"),
        ("ring([Thing(), Thing()])", "[Thing(Thing()), Thing(Thing())]"),
    ] {
        assert_differ(first, second);
    }
}

/// A module, however large and full of cycles, is its name.
#[test]
fn modules_are_names() {
    let value = described("[math, threading]").to_string();
    assert_eq!(value, r#"[{"module": "math"}, {"module": "threading"}]"#);
}

/// A graph costs what its objects cost, not what its paths do.
#[test]
fn graphs_are_described_once() {
    let begin = Instant::now();
    assert_same("grid(6)", "grid(6)");
    assert_differ("grid(20)", "grid(20)[:-1]");
    // Any number of paths would take years.
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
}

/// Depth costs no stack, and what is deepest is seen.
#[test]
fn depth_has_no_limit() {
    // The value and its text are as flat as the description.
    let value = described("chain(100_000)");
    assert!(value.to_string().contains(r#""number": 0}"#));
    assert_ne!(described("[chain(1000)]"), described("[chain(1001)]"));
    assert_differ("Thing(chain(500))", "Thing(chain(501).links[0].links[0], 1)");
    assert_same("(lambda l: l.append(l) or l)([])", "(lambda l: l.append(l) or l)([])");
}

/// Numbers of any size are exact, and nothing complains.
#[test]
fn numbers_of_any_size_are_exact() {
    assert_differ("2**64", "2**64 + 1");
    assert_differ("2**63", "-2**63 - 1");
    assert_differ("10**5000", "10**5000 + 1");
    assert_differ("-10**5000", "10**5000");
    assert_ne!(described("2**64"), described("str(2**64)"));
    Python::attach(|py| {
        let error = |expression: &str| {
            let number = py.eval(&CString::new(expression).unwrap(), None, None).unwrap();
            crate::convert::from_python(&number).unwrap_err().to_string()
        };
        let text = "OverflowError: 9223372036854775808 does not fit in 64 bits with a sign";
        assert_eq!(error("2**63"), text);
        let text = "OverflowError: a number of 16610 bits does not fit in 64 bits with a sign";
        assert_eq!(error("10**5000"), text);
    });
}

/// What no comparison shows is not described, in numbers or arrays.
#[test]
fn floats_are_canonical() {
    let compare = |expression: &str| described(expression).to_string();
    assert_eq!(compare("[math.nan, -0.0]"), compare("[-math.nan, 0.0]"));
    assert_eq!(compare("{-0.0, -1.0, math.nan}"), compare("{-1.0, 0.0, -math.nan}"));
    assert_same("array.array('d', [math.nan, -0.0])", "array.array('d', [-math.nan, 0.0])");
    assert_differ("array.array('f', [0.0])", "array.array('f', [1e-45])");
}

/// Sets of objects that hash by their address look alike in whichever order they come.
#[test]
fn the_order_of_a_set_is_not_seen() {
    let set = "{Thing(x=n) for n in range(100)}";
    assert_same(set, "{Thing(x=n) for n in reversed(range(100))}");
    assert_differ(set, "{Thing(x=n) for n in range(101)}");
    // What is described after a set is numbered alike too.
    let shared = |order: &str| {
        format!("(lambda things: [set({order}), things])([Thing(x=n) for n in range(30)])")
    };
    assert_same(&shared("things"), &shared("reversed(things)"));
    assert_same("{Thing(), Thing(), Thing()}", "{Thing() for _ in range(3)}");
    assert_differ("{Thing(), Thing(), Thing()}", "{Thing(), Thing()}");
    assert_same(
        "[t := [Thing(x=n) for n in range(9)], weakref.WeakSet(t)]",
        "[t := [Thing(x=n) for n in range(9)], weakref.WeakSet(t[::-1])]",
    );
    assert_differ("{frozenset({1, 2}), frozenset({3})}", "{frozenset({1}), frozenset({2, 3})}");
}

/// Sets of objects that hold sets of each other take no longer than lists do.
#[test]
fn sets_within_sets_are_described_once() {
    let begin = Instant::now();
    let grid =
        |side: usize| format!("[attributed(cell, links=set(cell.links)) for cell in grid({side})]");
    assert_differ(&grid(12), &grid(11));
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
}

/// No address gets in, whatever an object says of itself.
#[test]
fn addresses_are_not_seen() {
    for expression in [
        "object()",
        "SaysBytes()",
        "Refusing()",
        "attributed(Refusing(), x=1)",
        "threading.Lock()",
        "[x for x in ()].__iter__",
        "(n for n in ())",
        "(lambda: 0)",
        "ctypes.py_object(Thing())",
        "(ctypes.c_void_p * 1)(id(Thing()))",
        "{Thing: object(), 'ring': ring}",
        "(ring, Thing, object())",
        "weakref.ref(Thing())",
    ] {
        assert_same(&format!("[{expression}]"), &format!("[Thing() and {expression}]"));
    }
    assert_differ("attributed(Refusing(), x=1)", "attributed(Refusing(), x=2)");
}
