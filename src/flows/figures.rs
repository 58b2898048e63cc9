//! The living figures of the first screen: counts and shares defined as data, worked out from the town.

use serde::{Deserialize, Serialize};

use super::live::Live;
use crate::geom::Crs;
use crate::layer::{Catalogue, CatalogueError, Filter, Layer, Query, Words, cql2};
use crate::town::LayerTown;

/// `standards/figures.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FigureFile {
    #[serde(default, rename = "figure")]
    figures: Vec<Figure>,
}

/// How a figure is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Show {
    /// `12 处`
    Count,
    /// `62 %`
    Share,
    /// `7/10`
    Ratio,
}

/// One figure's definition.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Figure {
    id: String,
    title: Words,
    unit: Words,
    layer: String,
    /// CQL2 text: what is counted.
    #[serde(default)]
    filter: Option<String>,
    /// `count`, `sum:FIELD` or `distinct:FIELD`.
    measure: String,
    /// CQL2 text: what it is counted out of.
    #[serde(default)]
    of_filter: Option<String>,
    /// As `measure`; absent: a fixed total or none.
    #[serde(default)]
    of_measure: Option<String>,
    #[serde(default)]
    of: Option<f64>,
    show: Show,
}

/// A figure worked out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LivingFigure {
    pub id: String,
    pub title: Words,
    pub unit: Words,
    pub value: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<f64>,
    /// As it is shown.
    pub text: Words,
    pub layer: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
}

impl FigureFile {
    /// Reads the definitions and holds them against the catalogue.
    pub fn read(text: &str, catalogue: &Catalogue) -> Result<FigureFile, CatalogueError> {
        let fail = |what: String| CatalogueError { file: "standards/figures.toml".into(), what };
        let file: FigureFile = toml::from_str(text).map_err(|e| fail(e.to_string()))?;
        for f in &file.figures {
            let layer = catalogue.layer(&f.layer).ok_or_else(|| fail(format!("{}: no layer '{}'", f.id, f.layer)))?;
            for words in [&f.filter, &f.of_filter].into_iter().flatten() {
                parse(words, layer).map_err(|e| fail(format!("{}: filter: {}", f.id, e)))?;
            }
            for m in [Some(&f.measure), f.of_measure.as_ref()].into_iter().flatten() {
                measure_of(m, layer).ok_or_else(|| fail(format!("{}: measure '{m}'", f.id)))?;
            }
        }
        Ok(file)
    }
}

#[derive(Clone, Copy)]
enum Measure {
    Count,
    Sum(usize),
    Distinct(usize),
}

fn measure_of(words: &str, layer: &Layer) -> Option<Measure> {
    match words.split_once(':') {
        None => (words == "count").then_some(Measure::Count),
        Some(("sum", field)) => layer.field_index(field).map(Measure::Sum),
        Some(("distinct", field)) => layer.field_index(field).map(Measure::Distinct),
        Some(_) => None,
    }
}

fn parse(words: &str, layer: &Layer) -> Result<Filter, String> {
    cql2::parse_text(words, layer, Crs::Crs84, &|_| true).map_err(|e| e.what.en)
}

fn measure(town: &LayerTown, filter: Option<&str>, measure: Measure) -> f64 {
    let filter = filter.and_then(|f| parse(f, town.layer()).ok());
    let found = town.select(&Query { filter, limit: usize::MAX, ..Query::default() });
    match measure {
        Measure::Count => found.matched as f64,
        Measure::Sum(field) => found.rows.iter().filter_map(|r| town.row(*r).value(field).to_value().as_f64()).sum(),
        Measure::Distinct(field) => {
            let mut seen: Vec<_> = found.rows.iter().map(|r| town.row(*r).value(field).to_value()).collect();
            seen.retain(|v| !v.is_null());
            seen.sort_by(|a, b| a.compare(b));
            seen.dedup();
            seen.len() as f64
        }
    }
}

/// Works all figures out, as the town stands now.
pub fn figures(live: &Live) -> Vec<LivingFigure> {
    let one = |f: &Figure| {
        let town = live.town.layer(live.catalogue.index(&f.layer)?);
        let value = measure(&town, f.filter.as_deref(), measure_of(&f.measure, town.layer())?);
        let of = match &f.of_measure {
            Some(m) => Some(measure(&town, f.of_filter.as_deref(), measure_of(m, town.layer())?)),
            None => f.of,
        };
        let say = |unit: &str| match (f.show, of) {
            (Show::Ratio, Some(of)) => format!("{value}/{of}"),
            (Show::Share, Some(of)) if of > 0.0 => format!("{:.0} %", value / of * 100.0),
            (Show::Share, _) => "—".into(),
            _ => format!("{value} {unit}").trim_end().to_string(),
        };
        Some(LivingFigure {
            id: f.id.clone(),
            title: f.title.clone(),
            unit: f.unit.clone(),
            value,
            of,
            text: Words { zh: say(&f.unit.zh), en: say(&f.unit.en) },
            layer: f.layer.clone(),
            filter: f.filter.clone(),
        })
    };
    live.figures.figures.iter().filter_map(one).collect()
}
