//! GeoJSON off a stream, one feature in memory at a time. Knows no layer.

use std::collections::VecDeque;
use std::io::Read;

use super::parse::{self, Envelope};
use super::split::{Piece, SplitFault, Splitter};
use crate::formats::{FeatureReader, RawFeature, ReadFault, ReadProblem};
use crate::geom::Crs;

/// Largest feature in bytes.
pub const FEATURE_LIMIT: usize = 64 << 20;

/// Reads a FeatureCollection, features one a line, a text sequence, or a bare feature or geometry.
pub struct Reader<R> {
    splitter: Splitter<R>,
    bytes: Vec<u8>,
    crs: Option<Crs>,
    row: u64,
    done: bool,
    /// Faults found and not yet given.
    waiting: VecDeque<ReadFault>,
    /// Problems before the features, which the whole collection would tell again.
    told: Vec<ReadProblem>,
}

impl<R: Read> Reader<R> {
    /// Reads a stream whose features have at most [`FEATURE_LIMIT`] bytes.
    pub fn new(input: R) -> Reader<R> {
        Reader::with_limit(input, FEATURE_LIMIT)
    }

    /// Reads a stream with a limit of its own.
    pub fn with_limit(input: R, limit: usize) -> Reader<R> {
        Reader {
            splitter: Splitter::new(input, limit),
            bytes: Vec::new(),
            crs: None,
            row: 0,
            done: false,
            waiting: VecDeque::new(),
            told: Vec::new(),
        }
    }

    /// Reads what stands around the features: before them for the CRS, after them for all of it.
    fn envelope(&mut self, line: u64, is_tail: bool) {
        let fault = |line, problem| ReadFault { line: Some(line), row: None, problem };
        let Envelope { kind, crs, problems } = match parse::envelope(&self.bytes, line) {
            Ok(envelope) => envelope,
            Err((line, problem)) => {
                self.done = true;
                self.waiting.push_back(fault(line, problem));
                return;
            }
        };
        let is_wrong = kind.as_deref().map_or(is_tail, |k| k != "FeatureCollection");
        if is_wrong {
            self.done = true;
            self.waiting.push_back(fault(line, parse::wrong_collection(kind.as_deref())));
            return;
        }
        if !is_tail {
            self.crs = crs;
            self.told.clear();
        } else if let Some(crs) = crs.filter(|c| Some(*c) != self.crs && !c.is_storage()) {
            self.waiting.push_back(fault(line, ReadProblem::LateCrs { name: crs.to_string() }));
        }
        for problem in problems {
            if !self.told.contains(&problem) {
                self.told.push(problem.clone());
                self.waiting.push_back(fault(line, problem));
            }
        }
    }

    fn feature(&mut self, line: u64, is_text: bool) -> Result<RawFeature, ReadFault> {
        self.row += 1;
        match parse::feature(&self.bytes, line) {
            Ok((mut feature, crs)) => {
                feature.row = self.row;
                if is_text {
                    self.crs = crs;
                }
                Ok(feature)
            }
            Err((line, problem)) => {
                // Every other feature of a file in a foreign encoding would say the same.
                self.done = problem == ReadProblem::NotUtf8;
                Err(ReadFault { line: Some(line), row: Some(self.row), problem })
            }
        }
    }
}

impl<R: Read> FeatureReader for Reader<R> {
    fn next(&mut self) -> Option<Result<RawFeature, ReadFault>> {
        loop {
            if let Some(fault) = self.waiting.pop_front() {
                return Some(Err(fault));
            }
            if self.done {
                return None;
            }
            match self.splitter.next(&mut self.bytes) {
                Ok(None) => return None,
                Ok(Some((Piece::Head, line))) => self.envelope(line, false),
                Ok(Some((Piece::Tail, line))) => self.envelope(line, true),
                Ok(Some((Piece::Feature, line))) => return Some(self.feature(line, false)),
                Ok(Some((Piece::Text, line))) => return Some(self.feature(line, true)),
                Err(SplitFault { line, problem, ends, in_feature }) => {
                    self.done |= ends;
                    self.row += u64::from(in_feature);
                    let row = in_feature.then_some(self.row);
                    let whole = matches!(problem, ReadProblem::EmptyFile | ReadProblem::Packed | ReadProblem::Wide);
                    let line = (!whole).then_some(line);
                    return Some(Err(ReadFault { line, row, problem }));
                }
            }
        }
    }

    fn crs(&self) -> Option<Crs> {
        self.crs
    }
}
