//! Finds features by what their names and numbers say: any part of them, Chinese or not.

use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use super::block::BLOCK_ROWS;
use super::columns::Column;
use super::layer_town::LayerTown;

/// A feature that a search found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    pub row: u32,
    /// The field whose text matched; `None` for the id.
    pub field: Option<usize>,
    /// The text that matched.
    pub text: Arc<str>,
    /// 0 the whole text, 1 its beginning, 2 somewhere in it.
    pub rank: u8,
}

/// Text as it is compared: full-width made half-width, small letters.
pub fn fold(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).collect()
}

impl LayerTown {
    /// Features whose id or one of the given fields holds the words (already folded), best first, at most `limit`.
    pub fn search(&self, words: &str, fields: &[usize], limit: usize) -> Vec<Hit> {
        let rank = |text: &str| {
            let text = fold(text);
            text.find(words).map(|at| if text.len() == words.len() { 0 } else { u8::from(at > 0) + 1 })
        };
        let mut hits: Vec<Hit> = Vec::new();
        for (b, block) in self.blocks.iter().enumerate() {
            let mut seen = vec![false; block.rows()];
            for field in fields {
                let Column::Text { codes, words } = &block.columns[*field] else { continue };
                let ranks: Vec<Option<u8>> = words.iter().map(|w| rank(w)).collect();
                if ranks.iter().all(Option::is_none) {
                    continue;
                }
                for (at, code) in codes.iter().enumerate().filter(|(at, c)| **c > 0 && block.alive[*at]) {
                    let word = *code as usize - 1;
                    if let Some(rank) = ranks[word].filter(|_| !seen[at]) {
                        seen[at] = true;
                        let row = (b * BLOCK_ROWS + at) as u32;
                        hits.push(Hit { row, field: Some(*field), text: words[word].clone(), rank });
                    }
                }
            }
            for (at, id) in block.ids.iter().enumerate().filter(|(at, _)| block.alive[*at] && !seen[*at]) {
                if let Some(rank) = rank(id) {
                    hits.push(Hit { row: (b * BLOCK_ROWS + at) as u32, field: None, text: id.clone(), rank });
                }
            }
            if hits.iter().filter(|h| h.rank == 0).count() >= limit {
                break;
            }
        }
        hits.sort_by_key(|h| (h.rank, h.row));
        hits.truncate(limit);
        hits
    }
}
