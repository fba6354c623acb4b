//! The name that somebody probably meant.

/// With more candidates there is no hint: to compare with 1,000 names of usual length takes about a
/// millisecond, a sixteenth of a frame, and a program may get the same name wrong in every tick.
pub(crate) const MAX_CANDIDATES: usize = 1_000;

/// A name that is longer gets no hint, as the work grows with the square of the length, and nobody
/// types as much.
const MAX_CHARS: usize = 100;

/// The candidate that comes closest to `name`, if one is close enough to have been meant.
///
/// Close means a Damerau-Levenshtein distance of at most a third of the longer name, or 1. Among
/// more than 1,000 candidates, or for a name of more than 100 characters, none is looked for.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let length = name.chars().count();
    let candidates: Vec<_> = candidates.into_iter().take(MAX_CANDIDATES + 1).collect();
    if length > MAX_CHARS || candidates.len() > MAX_CANDIDATES {
        return None;
    }
    let lowered = name.to_lowercase();
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let other = candidate.chars().count();
            let limit = (length.max(other) / 3).max(1);
            // The distance is never less than the difference in length, which costs less to find.
            if length.abs_diff(other) > limit {
                return None;
            }
            let distance = strsim::damerau_levenshtein(&lowered, &candidate.to_lowercase());
            (distance <= limit).then_some((distance, candidate))
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

    /// Names of other lengths are near up to a third of the longer one.
    #[test]
    fn lengths_may_differ_by_a_third() {
        assert_eq!(nearest("Trans", ["Transform"]), None);
        assert_eq!(nearest("Transf", ["Transform"]), Some("Transform".into()));
        assert_eq!(nearest("", ["a", "ab"]), Some("a".into()));
    }

    /// Among more than 1,000 candidates none is looked for, nor for a name nobody would type.
    #[test]
    fn the_work_is_bounded() {
        let names: Vec<_> = (0..1_001).map(|number| format!("Ball{number}")).collect();
        let among = |count: usize| nearest("Bal7", names[..count].iter().map(String::as_str));
        assert_eq!(among(1_000), Some("Ball7".into()));
        assert_eq!(among(1_001), None);
        let long = "x".repeat(100_000);
        assert_eq!(nearest(&long, [long.as_str()]), None);
    }
}
