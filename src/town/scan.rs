//! Runs a filter along the columns of whole blocks. Gives the same rows as `layer::evaluate`, which
//! it falls back on for whatever has no quick way.

use std::sync::Arc;

use super::block::{BLOCK_ROWS, Block};
use super::columns::Column;
use super::layer_town::LayerTown;
use crate::layer::evaluate;
use crate::layer::filter::{Comparison, Filter, Term};
use crate::layer::{Value, ValueRef};

/// For each row of a block: true, false, or unknown.
type Truths = Vec<Option<bool>>;

/// All rows of a layer for which a filter holds, in order.
pub fn all(layer: &LayerTown, filter: &Filter) -> Vec<u32> {
    let mut out = Vec::new();
    for (b, block) in layer.blocks.iter().enumerate() {
        let truths = run(block, filter);
        let held = truths.iter().enumerate().filter(|(at, t)| **t == Some(true) && block.alive[*at]);
        out.extend(held.map(|(at, _)| (b * BLOCK_ROWS + at) as u32));
    }
    out
}

/// Keeps those of the given rows (in order) for which a filter holds.
pub fn keep(layer: &LayerTown, filter: &Filter, rows: &mut Vec<u32>) {
    let mut current: Option<(usize, Truths)> = None;
    let few = rows.len() < layer.blocks.len() * 16;
    rows.retain(|row| {
        if few {
            return evaluate::holds(filter, &layer.row(*row)) == Some(true);
        }
        let b = *row as usize / BLOCK_ROWS;
        if current.as_ref().is_none_or(|(at, _)| *at != b) {
            current = Some((b, run(&layer.blocks[b], filter)));
        }
        current.as_ref().is_some_and(|(_, t)| t[*row as usize % BLOCK_ROWS] == Some(true))
    });
}

fn run(block: &Block, filter: &Filter) -> Truths {
    match filter {
        Filter::And(parts) => {
            let mut out = vec![Some(true); block.rows()];
            for part in parts {
                for (a, b) in out.iter_mut().zip(run(block, part)) {
                    *a = match (*a, b) {
                        (Some(false), _) | (_, Some(false)) => Some(false),
                        (Some(true), Some(true)) => Some(true),
                        _ => None,
                    };
                }
                if out.iter().all(|t| *t == Some(false)) {
                    break;
                }
            }
            out
        }
        Filter::Or(parts) => {
            let mut out = vec![Some(false); block.rows()];
            for part in parts {
                for (a, b) in out.iter_mut().zip(run(block, part)) {
                    *a = match (*a, b) {
                        (Some(true), _) | (_, Some(true)) => Some(true),
                        (Some(false), Some(false)) => Some(false),
                        _ => None,
                    };
                }
            }
            out
        }
        Filter::Not(part) => run(block, part).into_iter().map(|t| t.map(|b| !b)).collect(),
        Filter::Compare { op, left: Term::Field(f), right: Term::Literal(v) } => {
            compare(block, &block.columns[*f], *op, v).unwrap_or_else(|| slow(block, filter))
        }
        Filter::IsNull(Term::Field(f)) => {
            let column = &block.columns[*f];
            (0..block.rows()).map(|at| Some(column.get(at) == ValueRef::Null)).collect()
        }
        // Whatever reads one text field only is decided once a word.
        _ => match filter.only_field() {
            Some(f) => by_word(block, &block.columns[f], f, filter).unwrap_or_else(|| slow(block, filter)),
            None => slow(block, filter),
        },
    }
}

fn slow(block: &Block, filter: &Filter) -> Truths {
    (0..block.rows()).map(|at| if block.alive[at] { evaluate::holds(filter, &block.row(at)) } else { None }).collect()
}

fn test<T: PartialOrd>(op: Comparison, a: &T, b: &T) -> bool {
    a.partial_cmp(b).is_some_and(|o| op.fits(o))
}

/// A column against one value; `None` where types differ and the obvious way must decide.
fn compare(block: &Block, column: &Column, op: Comparison, value: &Value) -> Option<Truths> {
    match (column, value) {
        (_, Value::Null) => Some(vec![None; block.rows()]),
        (Column::Int(v), Value::Int(x)) => Some(v.iter().map(|a| a.map(|a| test(op, &a, x))).collect()),
        (Column::Real(v), Value::Int(_) | Value::Real(_)) => {
            // A whole number that a real can't hold is left to the obvious way, which compares exactly.
            let x = value.as_f64().filter(|x| x.abs() < 9e15)?;
            Some(v.iter().map(|a| (!a.is_nan()).then(|| test(op, a, &x))).collect())
        }
        (Column::Text { codes, words }, Value::Text(x)) => {
            let per_word: Vec<bool> = words.iter().map(|w| test::<&str>(op, &&**w, &&**x)).collect();
            Some(codes.iter().map(|c| (*c > 0).then(|| per_word[*c as usize - 1])).collect())
        }
        _ => None,
    }
}

/// A condition on one text field, decided once a word of the block and not once a row.
fn by_word(block: &Block, column: &Column, field: usize, filter: &Filter) -> Option<Truths> {
    let Column::Text { codes, words } = column else { return None };
    let decide = |word: Option<&Arc<str>>| evaluate::holds(filter, &Word { field, word });
    let per_word: Vec<Option<bool>> = words.iter().map(|w| decide(Some(w))).collect();
    let null = decide(None);
    (block.rows() == codes.len())
        .then(|| codes.iter().map(|c| if *c == 0 { null } else { per_word[*c as usize - 1] }).collect())
}

/// A row of one field only: the condition reads no other.
struct Word<'a> {
    field: usize,
    word: Option<&'a Arc<str>>,
}

impl evaluate::Row for Word<'_> {
    fn id(&self) -> &Arc<str> {
        // Not reached: the callers pass conditions on one field only.
        static NONE: std::sync::LazyLock<Arc<str>> = std::sync::LazyLock::new(|| Arc::from(""));
        &NONE
    }

    fn value(&self, field: usize) -> ValueRef<'_> {
        match self.word {
            Some(word) if field == self.field => ValueRef::Text(word),
            _ => ValueRef::Null,
        }
    }

    fn geometry(&self) -> Option<std::borrow::Cow<'_, crate::geom::Geometry>> {
        None
    }
}
