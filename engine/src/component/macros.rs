//! The macros that declare native components and the words of their choices.

/// Declares a native component whose fields scenes, scripts and consoles know by name.
///
/// Each field has a doc comment with its unit, a type that is a
/// [`FieldValue`](crate::component::FieldValue), and a default.
macro_rules! component {
    (
        $(#[doc = $doc:literal])+
        $(#[component($hook:ident = $function:ident)])?
        pub struct $name:ident {
            $( $(#[doc = $field_doc:literal])+ $field:ident: $type:ty = $default:expr ),+ $(,)?
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq, bevy_ecs::component::Component)]
        #[component(summary_tick $(, $hook = $function)?)]
        pub struct $name {
            $( $(#[doc = $field_doc])+ pub $field: $type, )+
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $( $field: $default, )+ }
            }
        }

        // SAFETY: each place is made of the offset and the type of the field itself.
        unsafe impl $crate::component::Fields for $name {
            const NAME: &'static str = stringify!($name);
            const DOC: &'static str = concat!($($doc, "\n"),+);
            const FIELDS: &'static [$crate::component::Field] = &[$(
                $crate::component::Field {
                    name: std::borrow::Cow::Borrowed(stringify!($field)),
                    doc: std::borrow::Cow::Borrowed(concat!($($field_doc, "\n"),+)),
                    kind: <$type as $crate::component::FieldValue>::KIND,
                },
            )+];

            const PLACES: &'static [Option<$crate::component::Place>] = &[$(
                $crate::component::Place::of::<$type>(std::mem::offset_of!($name, $field)),
            )+];

            fn field(&self, index: usize) -> $crate::value::Value {
                // One comparison a field before the one asked for; the optimiser makes it a table.
                let mut position = 0;
                $(
                    if position == index {
                        return $crate::component::FieldValue::to_value(&self.$field);
                    }
                    position += 1;
                )+
                panic!("{} has {position} fields, and none at {index}", Self::NAME);
            }

            fn set_field(
                &mut self,
                index: usize,
                value: &$crate::value::Value,
            ) -> Result<(), $crate::component::ComponentError> {
                let mut position = 0;
                $(
                    if position == index {
                        let value = $crate::component::FieldValue::from_value(value)
                            .ok_or_else(|| $crate::component::bad_value::<Self>(index, value))?;
                        self.$field = value;
                        return Ok(());
                    }
                    position += 1;
                )+
                panic!("{} has {position} fields, and none at {index}", Self::NAME);
            }
        }
    };
}

/// Declares an enumeration whose cases are written as words in scenes and scripts.
macro_rules! choice {
    (
        $(#[$attribute:meta])+
        pub enum $name:ident {
            $( $(#[$case_attribute:meta])+ $case:ident = $word:literal ),+ $(,)?
        }
    ) => {
        $(#[$attribute])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $( $(#[$case_attribute])+ $case, )+
        }

        impl $crate::component::Choice for $name {
            const CASES: &'static [(&'static str, Self)] = &[$( ($word, Self::$case), )+];
            const WORDS: &'static [&'static str] = &[$( $word, )+];
        }
    };
}

pub(crate) use {choice, component};
