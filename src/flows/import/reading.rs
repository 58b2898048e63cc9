//! Reads files one after the other, has each feature checked, and sends the good ones on.
//! Runs on a thread of its own; knows no store.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use geo::CoordsIter;
use tokio::sync::mpsc;

use super::intake::Intake;
use super::source::Source;
use super::{OnProgress, Progress};
use crate::flows::problem::Problem;
use crate::formats::{FeatureReader, ReadProblem};
use crate::geom::Crs;
use crate::layer::{Feature, Value};

/// A batch is sent when it has so many features, or weighs so many bytes.
const BATCH: usize = 256;
const BATCH_BYTES: usize = 4 << 20;

/// The thread that reads, checks and sends.
pub struct Reading {
    pub intake: Intake,
    pub crs: Option<Crs>,
    /// Closed at the first fault, so that the store may stop early.
    pub send: Option<mpsc::Sender<Vec<Feature>>>,
    /// What is to be sent next, and its weight.
    pub batch: (Vec<Feature>, usize),
    /// True when the store has given up; it says why.
    pub given_up: bool,
    /// Set when everything has been sent and nothing is wrong.
    pub whole: Arc<AtomicBool>,
    pub on_progress: OnProgress,
}

impl Reading {
    /// Reads all files and gives the intake back, with what is wrong.
    pub fn run(mut self, sources: Vec<Source>) -> Intake {
        let progress = Mutex::new(Progress { total: sources.iter().map(|s| s.size).sum(), ..Progress::default() });
        for source in &sources {
            self.intake.begin(&source.name);
            let on_progress = self.on_progress.clone();
            let reader = source.open(|count| {
                if let Ok(mut progress) = progress.lock() {
                    progress.bytes += count;
                    on_progress(*progress);
                }
            });
            match reader {
                Ok(reader) => self.file(reader, &progress),
                Err(problem) => {
                    self.send = None;
                    self.intake.tell(&Problem::Read(source.problem.clone().unwrap_or(problem)), None, None);
                }
            }
        }
        self.flush();
        self.intake.end();
        self.whole.store(self.intake.faults.is_empty(), Ordering::Release);
        self.send = None;
        self.intake
    }

    fn file(&mut self, mut reader: Box<dyn FeatureReader + '_>, progress: &Mutex<Progress>) {
        let mut features = 0u64;
        let mut faulty = false;
        let mut other_crs = false;
        while let Some(next) = reader.next().filter(|_| !self.given_up) {
            match next {
                Err(fault) => {
                    // A CRS that is asked for stands over whatever the file says of its own.
                    let of_crs = matches!(fault.problem, ReadProblem::UnknownCrs { .. } | ReadProblem::LateCrs { .. });
                    if of_crs && self.crs.is_some() {
                        continue;
                    }
                    faulty = true;
                    self.send = None;
                    let ends = matches!(fault.problem, ReadProblem::UnknownCrs { .. });
                    self.intake.tell_read(fault);
                    if ends {
                        // Without it every place would be told as a fault of its own.
                        break;
                    }
                }
                Ok(raw) => {
                    features += 1;
                    if let Ok(mut progress) = progress.lock() {
                        progress.features += 1;
                    }
                    let own = reader.crs();
                    if let (Some(given), Some(file)) = (self.crs, own)
                        && given != file
                        && !(given.is_storage() && file.is_storage())
                        && !std::mem::replace(&mut other_crs, true)
                    {
                        self.intake.tell(&Problem::OtherCrs { file, given }, Some(raw.line), None);
                    }
                    let crs = self.crs.or(own).unwrap_or(Crs::Epsg4490);
                    match self.intake.take(raw, crs) {
                        None => self.send = None,
                        Some(feature) => self.send(feature),
                    }
                }
            }
        }
        if features == 0 && !faulty {
            self.intake.tell(&Problem::NoFeatures, None, None);
        }
    }

    fn send(&mut self, feature: Feature) {
        if self.send.is_none() {
            return;
        }
        self.batch.1 += weight(&feature);
        self.batch.0.push(feature);
        if self.batch.0.len() >= BATCH || self.batch.1 >= BATCH_BYTES {
            self.flush();
        }
    }

    fn flush(&mut self) {
        let (batch, _) = std::mem::take(&mut self.batch);
        if let Some(send) = &self.send
            && send.blocking_send(batch).is_err()
        {
            self.given_up = true;
            self.send = None;
        }
    }
}

/// Bytes that a feature takes in memory, about.
fn weight(feature: &Feature) -> usize {
    let text = |v: &Value| v.as_str().map_or(0, str::len);
    let places = feature.geometry.as_ref().map_or(0, CoordsIter::coords_count);
    feature.id.len() + places * 16 + feature.values.iter().map(|v| 24 + text(v)).sum::<usize>()
}
