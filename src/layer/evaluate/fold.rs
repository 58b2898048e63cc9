//! Text with case and accents folded away, so that texts that people hold for the same compare as the same.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::layer::filter::Fold;

/// Folds as asked. Full-width letters and digits of Chinese text count as half-width ones then (NFKC).
///
/// ```
/// use townseat::layer::{evaluate::folded, filter::Fold};
/// assert_eq!(folded("ＤＮ３００ Ä", Fold { case: true, accents: false }), "dn300 ä");
/// assert_eq!(folded("Ä Lǜ", Fold { case: false, accents: true }), "A Lu");
/// ```
pub fn folded(text: &str, fold: Fold) -> String {
    let mut out: String = match (fold.accents, fold.case) {
        (false, false) => return text.to_string(),
        (false, true) => text.nfkc().collect(),
        (true, _) => text.nfkd().filter(|c| !is_combining_mark(*c)).nfc().collect(),
    };
    if fold.case {
        // Letter by letter, so that a letter folds alike wherever it stands (a final sigma too).
        out = out.chars().flat_map(char::to_lowercase).collect();
    }
    out
}
