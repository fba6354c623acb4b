//! What is wrong with a component or field as somebody wrote it.

use thiserror::Error;

use super::{Field, Fields};
use crate::nearest::did_you_mean;
use crate::value::Value;

/// What is wrong with a component or field as somebody wrote it.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum ComponentError {
    /// No component has this name.
    #[error("there is no component `{name}`{}", did_you_mean(.nearest.as_deref()))]
    UnknownComponent {
        /// The name as written.
        name: String,
        /// The name that comes closest, if one does.
        nearest: Option<String>,
    },
    /// The component has no such field.
    #[error("component {component} has no field `{field}`{}", did_you_mean(.nearest.as_deref()))]
    UnknownField {
        /// The component's name.
        component: String,
        /// The field as written.
        field: String,
        /// The field that comes closest, if one does.
        nearest: Option<String>,
    },
    /// The field cannot hold this value.
    #[error("{component}.{field} takes {expected}, not {found}")]
    BadValue {
        /// The component's name.
        component: String,
        /// The field's name.
        field: String,
        /// What the field takes, with its range.
        expected: String,
        /// The value as written.
        found: String,
    },
    /// What is in the field has no such part.
    #[error("{component}.{field} has no part `{part}`: it has {}", numbered(*count))]
    UnknownPart {
        /// The component's name.
        component: String,
        /// The field's name, with the parts that there are.
        field: String,
        /// The part as written.
        part: String,
        /// How many parts there are.
        count: usize,
    },
    /// The entity is gone or never had the component.
    #[error("the process has no {component}")]
    Absent {
        /// The component's name.
        component: String,
    },
}

/// The error of a field of `C` that cannot hold `found`.
pub(crate) fn bad_value<C: Fields>(index: usize, found: &Value) -> ComponentError {
    refused(C::NAME, &C::FIELDS[index], found)
}

/// The error of a field of a component that cannot hold `found`.
pub(super) fn refused(component: &str, field: &Field, found: &Value) -> ComponentError {
    ComponentError::BadValue {
        component: component.to_owned(),
        field: field.name.to_string(),
        expected: field.kind.describe(),
        found: format!("{} ({found})", found.kind()),
    }
}

/// How many parts there are, for a message.
fn numbered(count: usize) -> String {
    if count == 0 { "none".to_owned() } else { format!("{count}, numbered from 0") }
}
