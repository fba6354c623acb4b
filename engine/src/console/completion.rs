//! What the word before the cursor may become.

/// What may stand in a text from `start` to the cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// Where the word begins, in bytes of the text that was asked about.
    pub start: usize,
    /// What it may become, in the order of showing.
    pub candidates: Vec<Candidate>,
}

/// One of the things that a word may become.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidate {
    /// What stands in the word's place if it is taken.
    pub text: String,
    /// What is said beside it, in a few words: a kind, a signature, a type.
    pub detail: String,
}
