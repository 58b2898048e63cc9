//! The town's own file in `seeds/towns/`: its name, extent, work CRS and the groups of its layer tree.

use serde::{Deserialize, Serialize};

use super::schema::Words;
use crate::geom::{Bounds, Crs, WorkCrs};

/// A group of the layer tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub id: String,
    pub title: Words,
}

/// A town. Nothing in the code knows its name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TownFile {
    pub id: String,
    pub title: Words,
    /// The office that makes its maps, for the title block.
    pub office: Words,
    /// Secrecy class printed on maps, `内部`.
    pub secrecy: Words,
    /// West, south, east, north in degrees; data outside lands with a warning.
    pub extent: [f64; 4],
    /// Longitude, latitude and zoom that the map opens with, in the dense middle.
    pub center: [f64; 3],
    /// The projected CRS in which lengths and areas are measured, `EPSG:4548`.
    pub work_crs: String,
    /// Groups of the layer tree, top first.
    #[serde(rename = "group")]
    pub groups: Vec<Group>,
}

impl TownFile {
    /// The extent as bounds.
    pub fn bounds(&self) -> Bounds {
        let [west, south, east, north] = self.extent;
        Bounds { west, south, east, north }
    }

    /// The CRS to measure in; the catalogue has checked that it is projected.
    pub fn work(&self) -> WorkCrs {
        WorkCrs(Crs::parse(&self.work_crs).unwrap_or(Crs::GaussKruger(4548)))
    }
}
