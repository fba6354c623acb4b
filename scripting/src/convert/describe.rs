//! Any Python object as plain data, the same for the same state in every run.

mod array;
mod leaf;

use std::collections::{HashMap, VecDeque};

use metapython_engine::value::Value;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyFrozenSet, PyList, PySet, PyString, PyTuple, PyWeakrefReference};

use crate::bindings::instruction::Instruction;
use crate::component::Component;
use leaf::leaf;

/// How deep containers are described within each other: as deep as somebody would read, and shallow
/// enough for the stack. What is deeper comes after it, under its number.
const NESTED: usize = 24;

/// How many objects of a set's item decide on its place in the set.
const SKETCHED: usize = 64;

/// Describes objects, and knows those that it has described.
///
/// Nothing gets in that differs between runs, as an address or the order of a set does. What is
/// covered of an object:
/// - numbers, text and bytes to the last bit, but
///   [`canonical`](metapython_engine::value::canonical) where they are floats;
/// - lists, tuples, dicts in their order, sets sorted;
/// - arrays (NumPy's, `array`, `bytearray`, `memoryview`) with their format and shape;
/// - processes, classes, modules and functions by name; components by their fields; instructions;
/// - what a weak reference refers to;
/// - everything else by what `__reduce_ex__(2)` gives to pickle and copy: attributes, slots, items,
///   the state of a generator of random numbers; where an object refuses that, by its `__dict__`,
///   or if it has none by its class alone;
/// - which of its parts are one and the same object: the first occurrence has the running number
///   of the objects described so far, all later ones are that number.
///
/// What is not: what scripts keep in classes, modules and closures; the frames of coroutines and
/// generators; what is in the hands of a C library, as a file or lock is; that an object described by
/// one describer is the same as one described by another; and in one set, what makes objects differ
/// that are alike in their first 64 parts.
#[derive(Debug, Default)]
pub struct Describer<'py> {
    /// The number of each object by its address, and the object, which keeps the address its own.
    seen: HashMap<usize, (usize, Bound<'py, PyAny>)>,
    /// The addresses in the order of their numbers.
    visits: Vec<usize>,
    /// What was too deep, with its number.
    later: VecDeque<(usize, Bound<'py, PyAny>)>,
    /// How many more objects go into a sketch, while one is made.
    sketch: Option<usize>,
}

impl<'py> Describer<'py> {
    /// One that has described nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// The object as plain data, with all that it holds.
    pub fn describe(&mut self, object: &Bound<'py, PyAny>) -> Value {
        let value = self.value(object, 0);
        if self.later.is_empty() {
            return value;
        }
        let mut parts = vec![value];
        while let Some((number, object)) = self.later.pop_front() {
            let value = self.contents(&object, 0);
            parts.push(Value::Map(vec![(count(number), value)]));
        }
        named("parts", Value::List(parts))
    }

    /// The items of a dict as plain data, each with all that it holds.
    pub fn pairs(&mut self, dict: &Bound<'py, PyDict>) -> Vec<(String, Value)> {
        // What is described may run code that changes the dict.
        let items: Vec<_> = dict.iter().collect();
        let describe = |(key, value): (Bound<'py, PyAny>, Bound<'py, PyAny>)| {
            let name = match key.cast::<PyString>() {
                Ok(key) => key.to_string_lossy().into_owned(),
                Err(_) => self.describe(&key).to_string(),
            };
            (name, self.describe(&value))
        };
        items.into_iter().map(describe).collect()
    }

    /// What an object holds in slots, by name; not those that are empty.
    pub fn slots(&mut self, object: &Bound<'py, PyAny>) -> Vec<(String, Value)> {
        let py = object.py();
        let names = || {
            let copyreg = py.import(intern!(py, "copyreg"))?;
            copyreg.call_method1(intern!(py, "_slotnames"), (object.get_type(),))?.extract()
        };
        let names = names().unwrap_or_else(|_: PyErr| Vec::<String>::new());
        let describe = |name: String| {
            let value = object.getattr(name.as_str()).ok()?;
            Some((name, self.describe(&value)))
        };
        names.into_iter().filter_map(describe).collect()
    }

    fn value(&mut self, object: &Bound<'py, PyAny>, depth: usize) -> Value {
        if let Some(value) = leaf(object) {
            return value;
        }
        let address = object.as_ptr().addr();
        if let Some((number, _)) = self.seen.get(&address) {
            return named("seen", count(*number));
        }
        if self.sketch == Some(0) || (self.sketch.is_some() && depth >= NESTED) {
            return named("more", Value::Str(class_name(object)));
        }
        self.sketch = self.sketch.map(|left| left - 1);
        let number = self.visits.len();
        self.visits.push(address);
        self.seen.insert(address, (number, object.clone()));
        if depth >= NESTED {
            self.later.push_back((number, object.clone()));
            return named("part", count(number));
        }
        self.contents(object, depth + 1)
    }

    /// What an object holds; `depth` is that of its parts.
    fn contents(&mut self, object: &Bound<'py, PyAny>, depth: usize) -> Value {
        if let Ok(list) = object.cast_exact::<PyList>() {
            return self.list(list.iter().collect(), depth);
        }
        if let Ok(tuple) = object.cast_exact::<PyTuple>() {
            return named("tuple", self.list(tuple.iter().collect(), depth));
        }
        if let Ok(dict) = object.cast_exact::<PyDict>() {
            return self.map(dict.iter().collect(), depth);
        }
        if let Ok(set) = object.cast::<PySet>() {
            let items = self.set(set.iter().collect(), depth);
            return self.with_attributes(object, items, depth);
        }
        if let Ok(set) = object.cast::<PyFrozenSet>() {
            let items = self.set(set.iter().collect(), depth);
            return self.with_attributes(object, items, depth);
        }
        if let Ok(component) = object.cast::<Component>() {
            let fields = component.try_borrow().map_or(Vec::new(), |component| {
                // One whose process is gone has no fields.
                component.values().unwrap_or_default()
            });
            return self.with_attributes(object, Value::List(fields), depth);
        }
        if let Ok(instruction) = object.cast::<Instruction>() {
            let (name, method, positional, keywords) = instruction.get().parts(object.py());
            let mut parts = vec![Value::Str(name.into()), Value::Str(method.into())];
            parts.push(self.value(positional, depth));
            parts.extend(keywords.map(|keywords| self.value(keywords, depth)));
            return named("instruction", Value::List(parts));
        }
        if let Ok(reference) = object.cast::<PyWeakrefReference>() {
            let referent = reference.upgrade().map(|referent| self.value(&referent, depth));
            return named("weakref", referent.unwrap_or_default());
        }
        if let Some(value) = array::contents(object) {
            return self.with_attributes(object, value, depth);
        }
        if class_name(object) == "_weakrefset.WeakSet" {
            // It would be reduced to a list in the order of its hash table.
            return self.with_attributes(object, Value::None, depth);
        }
        self.reduced(object, depth)
            .unwrap_or_else(|_| self.with_attributes(object, Value::None, depth))
    }

    fn list(&mut self, items: Vec<Bound<'py, PyAny>>, depth: usize) -> Value {
        Value::List(items.iter().map(|item| self.value(item, depth)).collect())
    }

    fn map(&mut self, items: Vec<(Bound<'py, PyAny>, Bound<'py, PyAny>)>, depth: usize) -> Value {
        let describe = |(key, value)| (self.value(key, depth), self.value(value, depth));
        Value::Map(items.iter().map(|(key, value)| (key, value)).map(describe).collect())
    }

    /// The items of a set in an order that does not depend on that in the set.
    ///
    /// Each item is first sketched as if it were the only one. Then they are described in the order
    /// of the sketches, so that the numbers do not depend on the set's order either. What looks
    /// alike stays a sketch: nothing is known that would tell which comes first.
    fn set(&mut self, items: Vec<Bound<'py, PyAny>>, depth: usize) -> Value {
        let (mut leaves, mut others) = (Vec::new(), Vec::new());
        for item in items {
            match leaf(&item) {
                Some(value) => leaves.push(value),
                None => others.push(item),
            }
        }
        leaves.sort_by_cached_key(ToString::to_string);
        if self.sketch.is_some() {
            leaves.extend((!others.is_empty()).then(|| named("more", count(others.len()))));
            return Value::List(leaves);
        }
        let sketch = |item| {
            let sketch = self.sketch(&item);
            (sketch.to_string(), sketch, item)
        };
        let mut others: Vec<_> = others.into_iter().map(sketch).collect();
        others.sort_by(|(first, ..), (second, ..)| first.cmp(second));
        let alike = |first: Option<usize>, second: usize| {
            let text = |index: usize| others.get(index).map(|(text, ..)| text);
            first.is_some_and(|first| text(first) == text(second))
        };
        let is_alone: Vec<_> = (0..others.len())
            .map(|index| !alike(index.checked_sub(1), index) && !alike(Some(index), index + 1))
            .collect();
        for ((_, sketch, item), is_alone) in others.into_iter().zip(is_alone) {
            leaves.push(if is_alone { self.value(&item, depth) } else { sketch });
        }
        Value::List(leaves)
    }

    /// An object by its first parts; none of them counts as described after that.
    fn sketch(&mut self, object: &Bound<'py, PyAny>) -> Value {
        let before = self.visits.len();
        self.sketch = Some(SKETCHED);
        let value = self.value(object, 0);
        self.sketch = None;
        for address in self.visits.drain(before..) {
            self.seen.remove(&address);
        }
        value
    }

    /// The object by its class, a value, and its attributes if it has any.
    fn with_attributes(&mut self, object: &Bound<'py, PyAny>, value: Value, depth: usize) -> Value {
        let attributes = object.getattr(intern!(object.py(), "__dict__")).ok();
        let attributes = attributes.and_then(|dict| dict.cast_into::<PyDict>().ok());
        let class = class_name(object);
        match attributes.filter(|attributes| !attributes.is_empty()) {
            None => named(&class, value),
            Some(attributes) => {
                let attributes = self.map(attributes.iter().collect(), depth);
                named(&class, Value::List(vec![value, attributes]))
            }
        }
    }

    /// The object by what it gives to pickle.
    fn reduced(&mut self, object: &Bound<'py, PyAny>, depth: usize) -> PyResult<Value> {
        let py = object.py();
        let class = class_name(object);
        let reduced = reduce(object)?;
        // A global name.
        if let Ok(name) = reduced.cast::<PyString>() {
            return Ok(named(&class, Value::Str(name.to_string_lossy().into_owned())));
        }
        let reduced = reduced.cast_into::<PyTuple>()?;
        let part = |index: usize| reduced.get_item(index).ok().filter(|part| !part.is_none());
        // Read before anything is described: that may run code which changes the object.
        let items = part(3).map(|items| items.try_iter()?.collect::<PyResult<Vec<_>>>());
        let items = items.transpose()?;
        let pairs = part(4).map(|pairs| {
            let pair = |pair: PyResult<Bound<'py, PyAny>>| pair?.extract();
            pairs.try_iter()?.map(pair).collect::<PyResult<Vec<_>>>()
        });
        let pairs = pairs.transpose()?;
        let mut arguments = reduced.get_item(1)?.cast_into::<PyTuple>()?;
        let make = reduced.get_item(0)?;
        let new = py.import(intern!(py, "copyreg"))?.getattr(intern!(py, "__newobj__"))?;
        let mut parts = Vec::new();
        if make.is(&new) {
            // Its first argument is the class.
            arguments = arguments.get_slice(1, arguments.len());
        } else if !make.is(object.get_type()) {
            parts.push(self.value(&make, depth));
        }
        if !arguments.is_empty() {
            parts.push(self.list(arguments.iter().collect(), depth));
        }
        parts.extend(part(2).map(|state| self.value(&state, depth)));
        parts.extend(items.map(|items| self.list(items, depth)));
        parts.extend(pairs.map(|pairs| self.map(pairs, depth)));
        let value = match parts.len() {
            0 => Value::None,
            1 => parts.remove(0),
            _ => Value::List(parts),
        };
        Ok(named(&class, value))
    }
}

/// What pickle would write down of an object, its class's own way or that registered for it.
fn reduce<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = object.py();
    let registered = py.import(intern!(py, "copyreg"))?.getattr(intern!(py, "dispatch_table"))?;
    match registered.call_method1(intern!(py, "get"), (object.get_type(),))? {
        reduce if reduce.is_none() => object.call_method1(intern!(py, "__reduce_ex__"), (2,)),
        reduce => reduce.call1((object,)),
    }
}

/// The class of an object with its module, but for those of Python itself.
fn class_name(object: &Bound<'_, PyAny>) -> String {
    let class = object.get_type();
    class.fully_qualified_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// A value with a word for what it is.
fn named(kind: &str, value: Value) -> Value {
    Value::Map(vec![(Value::Str(kind.to_owned()), value)])
}

fn count(number: usize) -> Value {
    Value::Int(number.cast_signed() as i64)
}

#[cfg(test)]
mod tests;
