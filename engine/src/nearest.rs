//! The name that somebody probably meant.

/// The candidate that comes closest to `name`, if one is close enough to have been meant.
///
/// Close means a Damerau-Levenshtein distance of at most a third of the longer name, or 1.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let lowered = name.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| {
            let distance = strsim::damerau_levenshtein(&lowered, &candidate.to_lowercase());
            (distance, candidate)
        })
        .filter(|(distance, candidate)| {
            let longer = name.chars().count().max(candidate.chars().count());
            *distance <= (longer / 3).max(1)
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate.to_owned())
}

/// The end of a message about a name that does not exist: which one was meant, where one is near.
pub fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

#[cfg(test)]
mod tests {
    use super::nearest;

    /// A slip of the fingers finds its name; another word finds none.
    #[test]
    fn a_misspelt_name_finds_its_neighbour() {
        let names = ["Transform", "Velocity", "Shape"];
        assert_eq!(nearest("Tranform", names), Some("Transform".into()));
        assert_eq!(nearest("shape", names), Some("Shape".into()));
        assert_eq!(nearest("Sprite", names), None);
    }
}
