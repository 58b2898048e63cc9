//! `LIKE` against a slow matcher that tries everything.

use proptest::prelude::*;

use crate::layer::evaluate::folded;
use crate::layer::filter::Fold;
use crate::layer::pattern::Pattern;

/// Tries every way to use the pattern.
fn slow(text: &[char], pattern: &[char]) -> bool {
    match pattern {
        [] => text.is_empty(),
        ['%', rest @ ..] => (0..=text.len()).any(|n| slow(&text[n..], rest)),
        ['_', rest @ ..] => !text.is_empty() && slow(&text[1..], rest),
        ['\\', c, rest @ ..] => text.first() == Some(c) && slow(&text[1..], rest),
        [c, rest @ ..] => text.first() == Some(c) && slow(&text[1..], rest),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn like_finds_what_trying_everything_finds(text in "[ab%路]{0,9}", pattern in r"[ab%_\\路]{0,7}") {
        let (t, p): (Vec<char>, Vec<char>) = (text.chars().collect(), pattern.chars().collect());
        prop_assert_eq!(Pattern::new(&pattern, Fold::default()).fits(&text), slow(&t, &p), "{} LIKE {}", text, pattern);
    }

    #[test]
    fn folding_twice_is_folding_once(text in ".{0,20}", case in any::<bool>(), accents in any::<bool>()) {
        let fold = Fold { case, accents };
        let once = folded(&text, fold);
        prop_assert_eq!(folded(&once, fold), once);
    }
}

#[test]
fn many_runs_in_a_pattern_take_no_time_without_end() {
    let text = "a".repeat(5_000);
    let pattern = format!("{}b", "%a".repeat(200));
    assert!(!Pattern::new(&pattern, Fold::default()).fits(&text));
}

#[test]
fn what_folding_makes_is_no_wildcard() {
    let fold = Fold { case: true, accents: false };
    // A wide per cent sign folds to a narrow one and still means itself.
    assert!(Pattern::new("100％", fold).fits(&folded("100%", fold)));
    assert!(!Pattern::new("100％", fold).fits(&folded("1000", fold)));
}
