//! The rules of an import, held against what a store has: every fault and warning with its place.

use futures_util::StreamExt;
use std::sync::Arc;

use super::fault_list::FaultList;
use super::problem::Problem;
use super::references::References;
use super::rules::{self, TownRules};
use crate::formats::shown;
use crate::layer::{Catalogue, Feature, Layer, Place};
use crate::store::{Store, StoreError};

#[cfg(test)]
mod tests;

/// Checks one layer, or all of them in the catalogue's order. Faults and warnings stand in one list;
/// each says which it is.
pub async fn check(
    store: &dyn Store,
    catalogue: &Catalogue,
    only: Option<&Arc<Layer>>,
) -> Result<FaultList, StoreError> {
    let town = TownRules::of(catalogue);
    let mut out = FaultList::default();
    for layer in catalogue.layers().iter().filter(|l| only.is_none_or(|o| o.id == l.id)) {
        let mut references = References::of(layer, catalogue);
        references.fill(store, catalogue).await?;
        let mut stream = store.read(layer).await?;
        while let Some(next) = stream.next().await {
            match next {
                Ok(feature) => {
                    for (field, problem) in problems(layer, &town, &references, &feature) {
                        out.push(problem.at(Place { field, ..place(layer, &feature.id) }));
                    }
                }
                Err(StoreError::Row { fid, what, .. }) => {
                    out.push(Problem::BrokenRow { what }.at(place(layer, &format!("fid {fid}"))));
                }
                Err(e) => return Err(e),
            }
        }
    }
    Ok(out)
}

/// Everything wrong with a stored feature, with the id of the field where it is one's.
pub fn problems(
    layer: &Layer,
    town: &TownRules,
    references: &References,
    feature: &Feature,
) -> Vec<(Option<String>, Problem)> {
    let field = |i: usize| layer.fields.get(i).map(|f| f.id.clone());
    let mut out: Vec<(Option<String>, Problem)> = Vec::new();
    out.extend(rules::id(&feature.id).map(|p| (None, p)));
    out.extend(town.geometry(layer, feature.geometry.as_ref()).into_iter().map(|p| (None, p)));
    out.extend(rules::stored_values(layer, feature).map(|(i, p)| (field(i), p)));
    out.extend(references.missing(feature).filter_map(|(i, value, to)| {
        let found = value.to_text(layer.fields.get(i)?.kind);
        Some((field(i), Problem::MissingReference { found, to: to.into() }))
    }));
    out
}

fn place(layer: &Layer, id: &str) -> Place {
    Place { layer: Some(layer.id.clone()), feature: Some(shown(id)), ..Place::default() }
}
