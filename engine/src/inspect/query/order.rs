//! How values compare: as a condition asks, and as a table is sorted.

use std::cmp::{Ordering, Reverse};

use crate::value::Value;

/// How two values compare, or `None` where neither comes first: values of different kinds, NaN, and
/// what has no order. Text goes by its characters, `false` comes before `true`.
pub(super) fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => Some(left.cmp(right)),
        (Value::Float(left), Value::Float(right)) => left.partial_cmp(right),
        (Value::Int(left), Value::Float(right)) => compare_mixed(*left, *right),
        (Value::Float(left), Value::Int(right)) => {
            compare_mixed(*right, *left).map(Ordering::reverse)
        }
        (Value::Str(left), Value::Str(right)) => Some(left.cmp(right)),
        (Value::Bool(left), Value::Bool(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

/// Whether two values are the same; 1 and 1.0 are.
pub(super) fn equal(left: &Value, right: &Value) -> bool {
    compare(left, right).map_or_else(|| left == right, Ordering::is_eq)
}

/// A whole number beside one that may have a fraction, exactly: not every whole number of 64 bits is
/// one of the floats.
fn compare_mixed(whole: i64, float: f64) -> Option<Ordering> {
    /// 2 to the power of 63: above all whole numbers.
    const ABOVE: f64 = 9_223_372_036_854_775_808.0;
    if float.is_nan() {
        return None;
    }
    if float >= ABOVE {
        return Some(Ordering::Less);
    }
    if float < -ABOVE {
        return Some(Ordering::Greater);
    }
    #[expect(clippy::cast_possible_truncation, reason = "a whole number in the range of an i64")]
    let floor = float.floor() as i64;
    // Beside the same whole number, what is above the floor decides.
    Some(whole.cmp(&floor).then(0.0.partial_cmp(&(float - float.floor()))?))
}

/// The place of a value in a column that is sorted upwards or downwards. What has no order, nothing
/// and NaN among it, comes last in both.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Up(Sortable),
    Down(Reverse<Sortable>),
    Last,
}

impl Rank {
    pub(super) fn of(value: Value, is_descending: bool) -> Self {
        match Sortable::of(value) {
            None => Self::Last,
            Some(sortable) if is_descending => Self::Down(Reverse(sortable)),
            Some(sortable) => Self::Up(sortable),
        }
    }
}

/// A number that is one, a truth value or a text: of these each two have an order. Numbers come
/// first, then truth values, then text.
#[derive(Debug)]
pub(super) struct Sortable(Value);

impl Sortable {
    fn of(value: Value) -> Option<Self> {
        compare(&value, &value).map(|_| Self(value))
    }

    fn kind(&self) -> u8 {
        match self.0 {
            Value::Int(_) | Value::Float(_) => 0,
            Value::Bool(_) => 1,
            _ => 2,
        }
    }
}

impl Ord for Sortable {
    fn cmp(&self, other: &Self) -> Ordering {
        compare(&self.0, &other.0).unwrap_or_else(|| self.kind().cmp(&other.kind()))
    }
}

impl PartialOrd for Sortable {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Sortable {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Sortable {}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering::{Equal, Greater, Less};

    use super::{Rank, compare, equal};
    use crate::value::Value::{Bool, Float, Int, None as Nothing, Str};

    /// Whole numbers and floats compare as the numbers that they are, also where a float cannot
    /// have what a whole number has.
    #[test]
    fn mixed_numbers_compare_exactly() {
        assert_eq!(compare(&Int(1), &Float(1.0)), Some(Equal));
        assert_eq!(compare(&Int(1), &Float(1.5)), Some(Less));
        assert_eq!(compare(&Int(-1), &Float(-1.5)), Some(Greater));
        assert_eq!(compare(&Float(-0.0), &Int(0)), Some(Equal));
        // 2^53 + 1 would become 2^53 as a float.
        assert_eq!(
            compare(&Int(9_007_199_254_740_993), &Float(9_007_199_254_740_992.0)),
            Some(Greater)
        );
        assert_eq!(compare(&Int(i64::MAX), &Float(9_223_372_036_854_775_808.0)), Some(Less));
        assert_eq!(compare(&Int(i64::MIN), &Float(-9_223_372_036_854_775_808.0)), Some(Equal));
        assert_eq!(compare(&Int(i64::MIN), &Float(f64::NEG_INFINITY)), Some(Greater));
        assert_eq!(compare(&Int(0), &Float(f64::NAN)), None);
    }

    /// Values of different kinds are neither equal nor in an order; nothing equals nothing.
    #[test]
    fn kinds_do_not_mix() {
        assert!(equal(&Nothing, &Nothing));
        assert!(!equal(&Nothing, &Int(0)));
        assert!(!equal(&Bool(true), &Int(1)));
        assert!(!equal(&Float(f64::NAN), &Float(f64::NAN)));
        assert_eq!(compare(&Str("1".into()), &Int(2)), None);
    }

    /// NaN and nothing come last whichever way a column is sorted.
    #[test]
    fn what_has_no_order_comes_last() {
        let sorted = |is_descending| {
            let values = [Float(f64::NAN), Float(2.0), Nothing, Int(3), Str("a".into()), Int(-1)];
            let mut ranks: Vec<_> = values
                .into_iter()
                .enumerate()
                .map(|(index, value)| (Rank::of(value, is_descending), index))
                .collect();
            ranks.sort();
            ranks.into_iter().map(|(_, index)| index).collect::<Vec<_>>()
        };
        assert_eq!(sorted(false), [5, 1, 3, 4, 0, 2]);
        assert_eq!(sorted(true), [4, 3, 1, 5, 0, 2]);
    }
}
