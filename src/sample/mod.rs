//! Made-up towns: a believable seat with its layers and the truth about the faults planted in it.
//! Knows the catalogue and measures; knows no store, no import, no town in memory.

#[cfg(test)]
mod seeds;
pub struct Made {
    pub features: u64,
    pub faults: u64,
}
pub fn make(_: u32, _: u64, _: &std::path::Path, _: &crate::layer::Catalogue) -> Result<Made, String> {
    todo!()
}
