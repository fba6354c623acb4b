//! What could be typed next in a query.

use std::collections::{BTreeMap, BTreeSet};

use bevy_ecs::world::World;

use super::condition::Comparison;
use super::lex::is_of_a_name;
use super::parse::{Hope, hopes_after};
use super::property::{Kind, PROPERTIES};
use super::word::{ATTRIBUTE, Word, component, spelling};
use crate::component::ComponentRegistry;
use crate::process::{Classes, Names};

/// More than this nobody reads.
const MAX_SUGGESTIONS: usize = 1_000;

/// What the end of a text up to a cursor could become.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suggestions {
    /// The byte from which a suggestion takes the place of what stands before the cursor.
    pub start: usize,
    /// In the order of the alphabet, each text once; at most 1,000.
    pub found: Vec<Suggestion>,
}

/// Something that could be typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// What would stand there.
    pub text: String,
    /// What it is, in a few words; may be empty.
    pub detail: String,
}

/// What could stand at a cursor, a position in bytes. Names and classes are those of the processes
/// that there are. Names begin as they are typed, or with a capital letter instead.
pub fn suggest(world: &World, text: &str, cursor: usize) -> Suggestions {
    let Some(before) = text.get(..cursor) else { return Suggestions::default() };
    let typed = before.rfind(|letter| !is_of_a_name(letter) && letter != '.');
    let start = typed.map_or(0, |last| before.ceil_char_boundary(last + 1));
    let (known, partial) = before.split_at_checked(start).unwrap_or((before, ""));
    let mut listing = Listing {
        typed: partial.to_owned(),
        partial: partial.to_lowercase(),
        found: BTreeMap::new(),
    };
    for hope in hopes_after(world, known) {
        listing.add_hope(world, &hope);
    }
    let found = listing.found.into_iter().map(|(text, detail)| Suggestion { text, detail });
    Suggestions { start, found: found.collect() }
}

/// What begins with what is typed, in any case.
struct Listing {
    typed: String,
    /// The same in small letters.
    partial: String,
    found: BTreeMap<String, String>,
}

impl Listing {
    fn add(&mut self, text: &str, detail: &str) {
        let begins = text.get(..self.partial.len()).is_some_and(|beginning| {
            beginning.eq_ignore_ascii_case(&self.partial)
                || beginning.to_lowercase() == self.partial
        });
        if begins && self.found.len() < MAX_SUGGESTIONS && !self.found.contains_key(text) {
            self.found.insert(text.to_owned(), detail.trim().to_owned());
        }
    }

    fn add_hope(&mut self, world: &World, hope: &Hope) {
        match hope {
            Hope::Keyword(keyword) => self.add(keyword, ""),
            Hope::Comparison if self.partial.is_empty() => {
                Comparison::ALL.iter().for_each(|(symbol, _)| self.add(symbol, ""));
            }
            Hope::Comparison | Hope::Count => {}
            Hope::Component => self.add_components(world, ""),
            Hope::Word => self.add_words(world),
            Hope::Value(word) => self.add_values(world, word),
        }
    }

    /// Properties and components; after the dot of a component, its fields.
    fn add_words(&mut self, world: &World) {
        let registry = world.resource::<ComponentRegistry>();
        if let Some((name, _)) = self.partial.rsplit_once('.')
            && let Some(kind) = component(registry, name)
        {
            let name = name.to_owned();
            for field in kind.fields.iter() {
                self.add(&format!("{name}.{}", field.name), &field.doc);
            }
        }
        let field = self.typed.rsplit_once('.');
        let field = field.and_then(|(field, _)| Word::resolve(world, field).ok());
        if let Some(field) = field {
            field.parts().for_each(|part| self.add(&format!("{}.{part}", field.text), "a number"));
        }
        for property in &PROPERTIES {
            self.add(property.name, property.doc);
        }
        self.add(&format!("{ATTRIBUTE}."), "an attribute of a script");
        self.add_components(world, ".");
    }

    fn add_components(&mut self, world: &World, end: &str) {
        let registry = world.resource::<ComponentRegistry>();
        for kind in registry.iter() {
            let text = format!("{}{end}", spelling(registry, kind));
            if text != self.partial {
                self.add(&text, kind.doc.trim().lines().next().unwrap_or_default());
            }
        }
    }

    /// What a word can be compared with, where that is known.
    fn add_values(&mut self, world: &World, word: &Word) {
        match (word.kind(), word.text.as_str()) {
            (Kind::Choice(choices), _) => choices.iter().for_each(|choice| self.add(choice, "")),
            (Kind::Truth, _) => ["true", "false"].iter().for_each(|truth| self.add(truth, "")),
            (_, "class") => {
                for (class, _) in world.resource::<Classes>().iter() {
                    self.add(class.rsplit('.').next().unwrap_or(class), class);
                }
            }
            (_, "name" | "parent") => {
                // In two spellings at most: all names together may be too many to look at.
                let spellings = BTreeSet::from([self.typed.clone(), capitalized(&self.typed)]);
                for typed in &spellings {
                    let found = world.resource::<Names>().beginning_with(typed);
                    found.take(MAX_SUGGESTIONS).for_each(|(name, _)| self.add(name, ""));
                }
            }
            _ => {}
        }
    }
}

/// As the name of a class begins, and with it that of a process which was given none.
fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}
