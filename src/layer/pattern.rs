//! The pattern of a `LIKE`, read once and held against many texts.

use std::sync::Arc;

use super::evaluate::folded;
use super::filter::Fold;

/// `%` any run, `_` any one character, `\` takes the next one as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    source: Arc<str>,
    fold: Fold,
    parts: Box<[Part]>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Any,
    One,
    Char(char),
}

impl Pattern {
    /// Reads a pattern; its letters are folded, and what folding makes of them is never a wildcard.
    ///
    /// ```
    /// use townseat::layer::{filter::Fold, pattern::Pattern};
    /// let p = Pattern::new("府西_路%", Fold::default());
    /// assert!(p.fits("府西二路北段") && !p.fits("府西路"));
    /// assert!(Pattern::new(r"100\%", Fold::default()).fits("100%"));
    /// ```
    pub fn new(source: &str, fold: Fold) -> Pattern {
        let mut parts = Vec::new();
        let mut run = String::new();
        let mut chars = source.chars();
        let end = |run: &mut String, parts: &mut Vec<Part>| {
            parts.extend(folded(run, fold).chars().map(Part::Char));
            run.clear();
        };
        while let Some(c) = chars.next() {
            match c {
                '%' | '_' => {
                    end(&mut run, &mut parts);
                    parts.push(if c == '%' { Part::Any } else { Part::One });
                }
                '\\' => run.push(chars.next().unwrap_or('\\')),
                c => run.push(c),
            }
        }
        end(&mut run, &mut parts);
        parts.dedup_by(|a, b| *a == Part::Any && *b == Part::Any);
        Pattern { source: Arc::from(source), fold, parts: parts.into() }
    }

    /// The pattern as written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// What is folded away in it.
    pub fn fold(&self) -> Fold {
        self.fold
    }

    /// True when the whole text fits.
    pub fn fits(&self, text: &str) -> bool {
        // Greedy, coming back to the last `%` only: no pattern takes longer than text times pattern.
        let parts = &self.parts;
        let mut rest = text.chars();
        let (mut p, mut back): (usize, Option<(usize, std::str::Chars<'_>)>) = (0, None);
        loop {
            if parts.get(p) == Some(&Part::Any) {
                p += 1;
                if p == parts.len() {
                    return true;
                }
                back = Some((p, rest.clone()));
                continue;
            }
            let next = rest.next();
            match (parts.get(p), next) {
                (None, None) => return true,
                (Some(Part::One), Some(_)) => p += 1,
                (Some(Part::Char(c)), Some(d)) if *c == d => p += 1,
                (Some(_), None) => return false,
                _ => {
                    let Some((from, start)) = &mut back else { return false };
                    if start.next().is_none() {
                        return false;
                    }
                    p = *from;
                    rest = start.clone();
                }
            }
        }
    }
}
