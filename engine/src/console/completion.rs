//! What the word before a cursor may become.

/// What may stand in place of a word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// Where the word begins that a candidate takes the place of, bytes from the beginning of the
    /// text; it ends at the cursor.
    pub start: usize,
    /// What may stand there, in the order in which it is shown.
    pub candidates: Vec<Candidate>,
}

/// One thing that may stand in place of a word.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// What is put there.
    pub text: String,
    /// What it is, in a few words, or nothing.
    pub detail: String,
}
