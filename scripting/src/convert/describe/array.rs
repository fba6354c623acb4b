//! Arrays, by the buffer protocol: format, shape and bytes.

use metapython_engine::value::{Value, canonical};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyMemoryView};

/// What an array holds, or `None` if the object is none, or its items are no plain numbers or text:
/// references to objects and C pointers are addresses, and records have gaps with anything in them.
///
/// An array of no dimension, as NumPy's numbers are, is its number.
pub(super) fn contents(object: &Bound<'_, PyAny>) -> Option<Value> {
    let view = PyMemoryView::from(object).ok()?;
    let py = object.py();
    let format: String = view.getattr(intern!(py, "format")).ok()?.extract().ok()?;
    let item = Item::of_format(&format)?;
    let shape: Vec<i64> = view.getattr(intern!(py, "shape")).ok()?.extract().ok()?;
    if shape.is_empty()
        && let Ok(number) = view.call_method0(intern!(py, "tolist"))
        && let Ok(number) = crate::convert::from_python(&number)
    {
        return Some(match number {
            Value::Float(number) => Value::Float(canonical(number)),
            number => number,
        });
    }
    // In the order of the indices, however they lie in memory.
    let bytes = view.call_method0(intern!(py, "tobytes")).ok()?;
    let mut bytes = bytes.cast::<PyBytes>().ok()?.as_bytes().to_vec();
    item.make_canonical(&mut bytes);
    let shape = shape.into_iter().map(Value::Int).collect();
    Some(Value::List(vec![Value::Str(format), Value::List(shape), Value::Bytes(bytes)]))
}

/// What kind of items an array has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Item {
    /// Text, truth values or whole numbers: their bytes are what they are.
    Exact,
    /// Floats, or pairs of them: complex numbers.
    Float { exponent_bits: u32, size: usize, is_big_endian: bool },
}

impl Item {
    /// The items of a format of Python's module `struct`, with NumPy's additions (PEP 3118).
    fn of_format(format: &str) -> Option<Self> {
        let order = format.chars().next().filter(|letter| "@=<>!^".contains(*letter));
        let letters = format.trim_start_matches(|letter| order == Some(letter));
        let letters = letters.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let is_big_endian = match order {
            Some('>' | '!') => true,
            Some('<') => false,
            _ => cfg!(target_endian = "big"),
        };
        let float = |exponent_bits, size| Some(Self::Float { exponent_bits, size, is_big_endian });
        match letters {
            "e" => float(5, 2),
            "f" | "Zf" => float(8, 4),
            "d" | "Zd" => float(11, 8),
            _ if letters.len() == 1 && "?bBcswuhHiIlLqQnN".contains(letters) => Some(Self::Exact),
            _ => None,
        }
    }

    /// Makes every float the [`canonical`] one.
    fn make_canonical(self, bytes: &mut [u8]) {
        let Self::Float { exponent_bits, size, is_big_endian } = self else { return };
        let sign = 1_u64 << (size * 8 - 1);
        let fraction_bits = size as u32 * 8 - 1 - exponent_bits;
        let infinity = ((1_u64 << exponent_bits) - 1) << fraction_bits;
        // The quiet NaN without a payload (IEEE 754).
        let nan = infinity | 1 << (fraction_bits - 1);
        for item in bytes.chunks_exact_mut(size) {
            let place = |index: usize| if is_big_endian { size - 1 - index } else { index };
            let read = |bits, index| bits | u64::from(item[place(index)]) << (8 * index);
            let bits = (0..size).fold(0_u64, read);
            let canonical = match bits & !sign {
                0 => 0,
                magnitude if magnitude > infinity => nan,
                _ => continue,
            };
            let new = canonical.to_le_bytes();
            (0..size).for_each(|index| item[place(index)] = new[index]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Item;

    /// Formats of numbers and text are known; those with addresses or gaps in them are not.
    #[test]
    fn only_plain_formats_are_read() {
        for format in ["B", "<i", "=l", ">q", "5w", "12s", "?", "@N"] {
            assert_eq!(Item::of_format(format), Some(Item::Exact), "{format}");
        }
        for format in ["O", "P", "&<i", "z", "Z", "T{O:a:}", "T{i:a:=d:b:}", "2x", "g", "Zg", ""] {
            assert_eq!(Item::of_format(format), None, "{format}");
        }
        let float = Item::Float { exponent_bits: 8, size: 4, is_big_endian: true };
        assert_eq!(Item::of_format(">f"), Some(float));
    }

    /// NaNs and zeros of every size and order become the one of their kind, all else stays.
    #[test]
    fn floats_become_canonical() {
        let canonical = |format: &str, mut bytes: Vec<u8>| {
            Item::of_format(format).unwrap().make_canonical(&mut bytes);
            bytes
        };
        for number in [1.5, -1.5, f64::INFINITY, f64::NEG_INFINITY, f64::MIN_POSITIVE] {
            let bytes = number.to_le_bytes().to_vec();
            assert_eq!(canonical("<d", bytes.clone()), bytes);
        }
        assert_eq!(canonical(">d", (-0.0_f64).to_be_bytes().to_vec()), [0; 8]);
        assert_eq!(canonical("<e", vec![1, 0xfc]), [0, 0x7e]);
        let nan = [f32::NAN.to_be_bytes(), f32::NAN.to_be_bytes()].concat();
        let other = [f32::from_bits(0xffc0_0001), f32::from_bits(0x7fff_ffff)];
        assert_eq!(canonical(">Zf", other.map(f32::to_be_bytes).concat()), nan);
    }
}
