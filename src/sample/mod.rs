//! Made-up towns: a believable seat with its layers and the truth about the faults planted in it.
//! Knows the catalogue and measures; knows no store, no import, no town in memory.

#[cfg(test)]
mod seeds;
