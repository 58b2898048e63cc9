//! Made-up towns: a believable seat with its layers and the truth about the faults planted in it.
//! Knows the catalogue and measures; knows no store, no import, no town in memory.

use std::path::Path;

use crate::layer::Catalogue;

mod belts;
mod curve;
mod district;
mod drains;
mod entrances;
mod facades;
mod facilities;
mod greens;
mod ground;
mod guard;
mod halls;
mod houses;
mod items;
mod land;
mod lanes;
mod mains;
mod names;
mod network;
mod out;
mod pipe_faults;
mod pipes;
mod plan;
mod plants;
mod random;
mod records;
mod roads;
#[cfg(test)]
mod seeds;
#[cfg(test)]
mod tests;
mod truth;
mod zones;

/// Why no sample was made.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    #[error("cannot write the sample: {0}")]
    Io(#[from] std::io::Error),
    #[error("the catalogue has no layer '{0}', which the sample fills; use the seeds as shipped")]
    Layer(&'static str),
    #[error("the words of the sample cannot be read: {0}")]
    Names(String),
    #[error("the town's centre lies outside its work CRS; mend `center` in the town file")]
    Centre,
    #[error("scale {0} is none; 1 makes about 20 thousand features, 15 about 300 thousand, {MAX_SCALE} is the most")]
    Scale(u32),
}

/// The most districts that one sample may have.
pub const MAX_SCALE: u32 = 200;

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Features of all layers.
    pub features: u64,
    /// Planted faults of all kinds; `truth.json` lists them one by one.
    pub faults: u64,
    /// Features a layer, in the order the files were begun.
    pub layers: Vec<(&'static str, u64)>,
}

/// Writes a made-up town into `dir`: one `LAYER.geojson` a layer and `truth.json`.
///
/// `scale` is the number of districts, about 20 thousand features each; they are made one after another,
/// and only one is held in memory. The same scale, seed and catalogue give the same bytes. Coordinates
/// are CGCS2000 longitude/latitude in degrees with eight decimals; lengths are true in the town's work CRS.
pub fn make(scale: u32, seed: u64, dir: &Path, catalogue: &Catalogue) -> Result<Made, SampleError> {
    if scale == 0 || scale > MAX_SCALE {
        return Err(SampleError::Scale(scale));
    }
    let names = names::Names::read()?;
    let mut out = out::Out::begin(dir, catalogue)?;
    let mut truth = truth::Truth::default();
    for number in 0..scale {
        district(seed, number, &names, &mut out, &mut truth)?;
    }
    let kinds = catalogue.layer("facility").and_then(|l| l.field("kind")).map(|f| &f.values[..]).unwrap_or_default();
    truth.missing_kinds(kinds.iter().map(|v| v.code.as_str()));
    let layers = out.end()?;
    truth.write(dir, scale, seed, &layers)?;
    Ok(Made { features: layers.iter().map(|l| l.1).sum(), faults: truth.faults(), layers })
}

fn district(
    seed: u64,
    number: u32,
    names: &names::Names,
    out: &mut out::Out,
    truth: &mut truth::Truth,
) -> Result<(), SampleError> {
    let mut d = district::District::plan(seed, number, names);
    lanes::lay(&mut d);
    d.net.join();
    for s in &d.net.streets {
        d.guard.keep_line(s.line.places(), s.half());
    }
    roads::streets(&mut d, out)?;
    roads::areas(&mut d, out)?;
    entrances::lay(&mut d);
    greens::lay(&mut d, out)?;
    land::lay(&mut d, out)?;
    facilities::reserve(&mut d, out)?;
    houses::build(&mut d, out)?;
    let (belts, platforms) = belts::lay(&d, out)?;
    let gaps = plants::plant(&d, out, &belts, truth)?;
    plants::tasks(&d, out, &belts, &gaps)?;
    pipes::lay(&d, out, &belts, truth)?;
    items::lay(&d, out, &platforms)?;
    facilities::lay(&d, out, &platforms, truth)?;
    facades::lay(&d, out, truth)?;
    let zones = zones::lay(&d, out, truth)?;
    records::works(&d, out, truth)?;
    records::incidents(&d, out, &zones, truth)?;
    records::places(&d, out)?;
    if number == 0 {
        records::sayings(&d, out)?;
    }
    Ok(())
}
