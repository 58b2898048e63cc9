//! What the catalogue looked like when the store was last opened, and what has changed since.
//! Knows no database: a store asks the questions and takes the steps.
//!
//! Only what a table depends on is read of the old catalogue, so that one with other words reads too.

use serde::Deserialize;

use super::{StoreError, sql};
use crate::layer::{Catalogue, Field, FieldType, GeometryKind, Layer};

#[derive(Debug, Deserialize)]
pub struct KeptLayer {
    pub id: String,
    #[serde(default)]
    pub geometry: Vec<GeometryKind>,
    #[serde(rename = "field", default)]
    pub fields: Vec<KeptField>,
}

#[derive(Debug, Deserialize)]
pub struct KeptField {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: FieldType,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    closed: bool,
    #[serde(default)]
    values: Vec<KeptCode>,
}

#[derive(Debug, Deserialize)]
struct KeptCode {
    code: String,
}

/// The catalogue as a store keeps it.
pub fn write(catalogue: &Catalogue) -> String {
    serde_json::to_string(catalogue.layers()).expect("a layer is JSON")
}

/// The layers of a kept catalogue; `None` when it is none.
pub fn read(json: &str) -> Option<Vec<KeptLayer>> {
    serde_json::from_str(json).ok()
}

/// What data may not stand against a change of the catalogue.
pub struct Question {
    pub layer: String,
    /// What counts as standing against it.
    pub against: Against,
    /// What the catalogue has changed, and what to do when data stands against it.
    pub what: String,
    pub hint: String,
}

impl Question {
    /// Refuses the change when features stand against it.
    pub fn refuse_if(&self, against: i64) -> Result<(), StoreError> {
        if against == 0 {
            return Ok(());
        }
        Err(StoreError::Narrowed {
            layer: self.layer.clone(),
            what: format!("{}, and {against} features stand against it", self.what),
            hint: self.hint.clone(),
        })
    }
}

/// Which rows stand against a change.
pub enum Against {
    /// Those for which this SQL condition over the table, called `t`, holds; nothing where the column it is about
    /// is missing from the table.
    Rows { condition: String, column: Option<String> },
    /// Those whose geometry is of none of these kinds.
    Geometry(Vec<GeometryKind>),
    /// Those whose value in this column, a list, has a code that is none of these.
    Codes { column: String, known: Vec<String> },
}

/// True when all codes of a list, a JSON array, are known.
pub fn knows(known: &[String], list: &str) -> bool {
    serde_json::from_str::<Vec<String>>(list).is_ok_and(|l| l.iter().all(|c| known.contains(c)))
}

/// What has to be done to a table. New tables and columns are found by looking at the database itself.
pub enum Step {
    DropTable {
        layer: String,
    },
    DropColumn {
        layer: String,
        column: String,
    },
    /// The geometry column has to be made anew in an empty table.
    Remake {
        layer: String,
    },
}

/// What the new catalogue asks of data and tables made under the old one.
pub fn compare(old: &[KeptLayer], new: &Catalogue) -> (Vec<Question>, Vec<Step>) {
    let (mut questions, mut steps) = (Vec::new(), Vec::new());
    for was in old {
        match new.layer(&was.id) {
            None => {
                questions.push(Question {
                    layer: was.id.clone(),
                    against: Against::Rows { condition: "1=1".into(), column: None },
                    what: "the layer file is gone".into(),
                    hint: "put it back, or delete its features first".into(),
                });
                steps.push(Step::DropTable { layer: was.id.clone() });
            }
            Some(now) => compare_layer(was, now, &mut questions, &mut steps),
        }
    }
    (questions, steps)
}

fn compare_layer(was: &KeptLayer, now: &Layer, questions: &mut Vec<Question>, steps: &mut Vec<Step>) {
    let mut ask = |against, what: String, hint: &str| {
        questions.push(Question { layer: was.id.clone(), against, what, hint: hint.into() });
    };
    if was.geometry.is_empty() != now.geometry.is_empty() {
        ask(
            Against::Rows { condition: "1=1".into(), column: None },
            "it was made with another kind of geometry".into(),
            "put 'geometry' back, or delete its features first",
        );
        steps.push(Step::Remake { layer: was.id.clone() });
    } else if was.geometry.iter().any(|k| !now.geometry.contains(k)) {
        ask(
            Against::Geometry(now.geometry.clone()),
            "it no longer takes a kind of geometry".into(),
            "put the kind back in 'geometry', or delete those features first",
        );
    }
    for old in &was.fields {
        let column = format!("t.{}", sql::name(&old.id));
        let filled = || Against::Rows { condition: format!("{column} IS NOT NULL"), column: Some(old.id.clone()) };
        let Some(new) = now.field(&old.id) else {
            ask(
                filled(),
                format!("field '{}' is gone from the layer file", old.id),
                "put it back, or empty it in all features first",
            );
            steps.push(Step::DropColumn { layer: was.id.clone(), column: old.id.clone() });
            continue;
        };
        if old.kind != new.kind {
            ask(
                filled(),
                format!("field '{}' has become {}", old.id, new.kind.wanted()),
                "put its type back, or add a field of another name and move the values",
            );
            steps.push(Step::DropColumn { layer: was.id.clone(), column: old.id.clone() });
            continue;
        }
        if new.required && !old.required {
            ask(
                Against::Rows { condition: format!("{column} IS NULL"), column: Some(old.id.clone()) },
                format!("field '{}' has become required", old.id),
                "fill it in all features first",
            );
        }
        if let Some(against) = narrowed(old, new) {
            ask(
                against,
                format!("field '{}' no longer takes a value", old.id),
                "put the value back in its list, or change those features first",
            );
        }
    }
}

/// What stands against a closed list that takes less than before.
fn narrowed(old: &KeptField, new: &Field) -> Option<Against> {
    let less = !old.closed || old.values.iter().any(|c| new.values.iter().all(|n| n.code != c.code));
    if !new.closed || !less {
        return None;
    }
    let known: Vec<String> = new.values.iter().map(|c| c.code.clone()).collect();
    Some(match new.kind {
        FieldType::List => Against::Codes { column: new.id.clone(), known },
        _ => {
            let column = format!("t.{}", sql::name(&new.id));
            let list: Vec<String> = known.iter().map(|c| sql::text(c)).collect();
            let condition = format!("{column} IS NOT NULL AND {column} NOT IN ({})", list.join(", "));
            Against::Rows { condition, column: Some(new.id.clone()) }
        }
    })
}
