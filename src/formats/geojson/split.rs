//! Cuts a stream of GeoJSON into features, holding one at a time. Knows JSON's brackets, not its values.
//!
//! Top-level objects may follow each other, parted by white space or record separators. One that has
//! a member `features` with an array gives the array's elements one by one; any other is given whole.

use std::io::Read;

use super::scan::{self, ScanFault};
use crate::formats::ReadProblem;
use crate::formats::source::Source;

/// The record separator of RFC 8142.
pub const RECORD: u8 = 0x1e;

/// What a piece of the stream is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    /// A top-level object without an array of features.
    Text,
    /// What stands before the features of a collection, closed so that it is an object.
    Head,
    /// An element of a collection's features.
    Feature,
    /// A collection without its features, when all of it has been read.
    Tail,
}

/// A fault that breaks the cutting.
#[derive(Debug)]
pub struct SplitFault {
    pub line: u64,
    pub problem: ReadProblem,
    /// True when nothing more can be cut from the stream.
    pub ends: bool,
    /// True when the piece that could not be cut stands where a feature does.
    pub in_feature: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Between top-level objects.
    Between,
    /// Behind the opening bracket of the features.
    First,
    /// Behind a feature.
    Next,
    Done,
}

/// Cuts a stream.
pub struct Splitter<R> {
    source: Source<R>,
    state: State,
    /// The top-level object without its features.
    head: Vec<u8>,
    /// Where the top-level object begins.
    head_line: u64,
    limit: usize,
    begun: bool,
    /// Top-level objects read to their end.
    texts: u64,
}

impl<R: Read> Splitter<R> {
    /// Cuts a stream into pieces of at most `limit` bytes.
    pub fn new(input: R, limit: usize) -> Splitter<R> {
        Splitter {
            source: Source::new(input),
            state: State::Between,
            head: Vec::new(),
            head_line: 1,
            limit,
            begun: false,
            texts: 0,
        }
    }

    /// Puts the next piece into `bytes` and gives its kind and the line where it begins.
    pub fn next(&mut self, bytes: &mut Vec<u8>) -> Result<Option<(Piece, u64)>, SplitFault> {
        bytes.clear();
        if !self.begun {
            self.begun = true;
            self.begin()?;
        }
        match self.state {
            State::Done => Ok(None),
            State::Between => self.text(bytes),
            State::First | State::Next => self.element(bytes),
        }
    }

    /// Passes over a byte order mark, and refuses archives and files of wide characters.
    fn begin(&mut self) -> Result<(), SplitFault> {
        let head = match self.source.ahead(4) {
            Ok(head) => head.to_vec(),
            Err(e) => return Err(self.fault(ScanFault::Io(e), 1, &[])),
        };
        if head.starts_with(b"\xef\xbb\xbf") {
            self.source.pass(3);
        } else if head.starts_with(b"\x1f\x8b") || head.starts_with(b"PK\x03\x04") {
            return Err(self.end(1, ReadProblem::Packed));
        } else if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") || head.iter().take(2).any(|b| *b == 0)
        {
            return Err(self.end(1, ReadProblem::Wide));
        }
        Ok(())
    }

    fn text(&mut self, bytes: &mut Vec<u8>) -> Result<Option<(Piece, u64)>, SplitFault> {
        let found = loop {
            match self.blank()? {
                Some(RECORD) => self.source.pass(1),
                other => break other,
            }
        };
        self.head_line = self.source.line();
        self.head.clear();
        match found {
            None => {
                self.state = State::Done;
                match self.texts {
                    0 => Err(self.end(1, ReadProblem::EmptyFile)),
                    _ => Ok(None),
                }
            }
            Some(b'{') => {
                self.take();
                self.members(bytes, true)
            }
            Some(other) => Err(self.stray(other, "'{'")),
        }
    }

    /// Reads members of a top-level object, `first` when none has been read.
    fn members(&mut self, bytes: &mut Vec<u8>, mut first: bool) -> Result<Option<(Piece, u64)>, SplitFault> {
        let streamed = !first;
        loop {
            match self.blank_in_head()? {
                b'}' => {
                    self.take();
                    break;
                }
                b',' if !first => {
                    self.take();
                    let next = self.blank_in_head()?;
                    if next != b'"' {
                        return Err(self.stray(next, "'\"'"));
                    }
                }
                b'"' if first => {}
                other => return Err(self.stray(other, if first { "'\"' or '}'" } else { "',' or '}'" })),
            }
            first = false;
            let key = self.head.len();
            self.value_in_head()?;
            let is_features = is_features(&self.head[key..]);
            match self.blank_in_head()? {
                b':' => self.take(),
                other => return Err(self.stray(other, "':'")),
            }
            match self.blank_in_head()? {
                b'[' if is_features && !streamed => {
                    self.take();
                    bytes.extend_from_slice(&self.head);
                    bytes.extend_from_slice(b"]}");
                    self.state = State::First;
                    return Ok(Some((Piece::Head, self.head_line)));
                }
                other @ (b'}' | b']' | b',' | b':') => return Err(self.stray(other, "a value")),
                _ => self.value_in_head()?,
            }
        }
        self.state = State::Between;
        self.texts += 1;
        std::mem::swap(bytes, &mut self.head);
        Ok(Some((if streamed { Piece::Tail } else { Piece::Text }, self.head_line)))
    }

    fn element(&mut self, bytes: &mut Vec<u8>) -> Result<Option<(Piece, u64)>, SplitFault> {
        let mut found = self.blank_in_features()?;
        if found == b']' {
            self.take();
            return self.members(bytes, false);
        }
        if self.state == State::Next {
            if found != b',' {
                return Err(self.stray(found, "',' or ']'"));
            }
            self.source.pass(1);
            found = self.blank_in_features()?;
        }
        if matches!(found, b'}' | b']' | b',' | b':') {
            return Err(self.stray(found, "a feature"));
        }
        let line = self.source.line();
        self.state = State::Next;
        match scan::value(&mut self.source, bytes, self.limit) {
            Ok(()) => Ok(Some((Piece::Feature, line))),
            Err(e) => Err(SplitFault { in_feature: true, ..self.fault(e, line, bytes) }),
        }
    }

    /// Moves the next byte, which is there, into the head.
    fn take(&mut self) {
        if let Ok(Some(byte)) = self.source.peek() {
            self.head.push(byte);
            self.source.pass(1);
        }
    }

    fn blank(&mut self) -> Result<Option<u8>, SplitFault> {
        let line = self.source.line();
        scan::blank(&mut self.source, None, self.limit).map_err(|e| self.fault(e, line, &[]))
    }

    fn blank_in_features(&mut self) -> Result<u8, SplitFault> {
        match self.blank()? {
            Some(RECORD) => Err(self.fault(ScanFault::Record, self.head_line, &[])),
            Some(found) => Ok(found),
            None => Err(self.fault(ScanFault::Ended, self.head_line, &[])),
        }
    }

    fn blank_in_head(&mut self) -> Result<u8, SplitFault> {
        match scan::blank(&mut self.source, Some(&mut self.head), self.limit) {
            Ok(Some(RECORD)) => Err(self.fault_in_head(ScanFault::Record)),
            Ok(Some(found)) => Ok(found),
            Ok(None) => Err(self.fault_in_head(ScanFault::Ended)),
            Err(e) => Err(self.fault_in_head(e)),
        }
    }

    fn value_in_head(&mut self) -> Result<(), SplitFault> {
        scan::value(&mut self.source, &mut self.head, self.limit).map_err(|e| self.fault_in_head(e))
    }

    fn fault_in_head(&mut self, fault: ScanFault) -> SplitFault {
        let held = std::mem::take(&mut self.head);
        let in_feature = self.state == State::Between && may_be_feature(&held);
        SplitFault { in_feature, ..self.fault(fault, self.head_line, &held) }
    }

    /// The fault of a piece that begins in a line, of which `held` has been copied.
    fn fault(&mut self, fault: ScanFault, line: u64, held: &[u8]) -> SplitFault {
        match fault {
            ScanFault::Io(e) => {
                let why = crate::formats::fault::io_words(&e);
                self.end(self.source.line(), ReadProblem::Unreadable { why })
            }
            ScanFault::Ended => self.broken(line, held, ReadProblem::CutShort { opened: line }),
            ScanFault::Record => {
                let fault = self.broken(line, held, ReadProblem::CutShort { opened: line });
                self.state = State::Between;
                self.texts += 1;
                SplitFault { ends: false, ..fault }
            }
            ScanFault::TooLarge => self.broken(line, held, ReadProblem::TooLarge { limit: self.limit }),
            ScanFault::TooDeep => self.end(self.source.line(), ReadProblem::TooDeep),
        }
    }

    /// A piece whose end was not found. Often that is because something in it is wrong: then this is
    /// said, with its own line.
    fn broken(&mut self, line: u64, held: &[u8], problem: ReadProblem) -> SplitFault {
        let inner = super::parse::syntax(held, line).filter(|(_, p)| !matches!(p, ReadProblem::CutShort { .. }));
        let here = if matches!(problem, ReadProblem::TooLarge { .. }) { line } else { self.source.line() };
        let (line, problem) = inner.unwrap_or((here, problem));
        self.end(line, problem)
    }

    fn end(&mut self, line: u64, problem: ReadProblem) -> SplitFault {
        self.state = State::Done;
        SplitFault { line, problem, ends: true, in_feature: false }
    }

    /// A byte that has no place here. Outside a collection reading goes on with the next line, or
    /// with an object that begins here, so that one bad line does not hide what is wrong with the others.
    fn stray(&mut self, byte: u8, wanted: &str) -> SplitFault {
        let line = self.source.line();
        let outside = self.state == State::Between;
        let within = !self.head.is_empty();
        if outside && !within && byte == b'[' && self.texts == 0 {
            return self.end(line, super::parse::bare_array());
        }
        let near = self.source.ahead(24).map(String::from_utf8_lossy).unwrap_or_default();
        let near = near.lines().next().unwrap_or_default().trim().to_string();
        let in_feature = outside && (within && may_be_feature(&self.head) || self.texts > 0);
        let resumes = outside
            && match within {
                true if line > self.head_line => byte == b'{',
                true => self.pass_line().is_ok(),
                false => self.texts > 0 && self.pass_line().is_ok(),
            };
        let fault = self.end(line, ReadProblem::BrokenJson { what: format!("{wanted} is wanted here"), near });
        if resumes {
            self.state = State::Between;
            self.texts += 1;
        }
        SplitFault { ends: !resumes, in_feature, ..fault }
    }

    fn pass_line(&mut self) -> std::io::Result<()> {
        loop {
            let buffer = self.source.buffered()?;
            if buffer.is_empty() {
                return Ok(());
            }
            let end = buffer.iter().position(|b| *b == b'\n' || *b == RECORD);
            let count = end.unwrap_or(buffer.len());
            self.source.pass(count);
            if end.is_some() {
                return Ok(());
            }
        }
    }
}

/// True unless a top-level object has said that it is a collection: then it counts as a feature.
fn may_be_feature(head: &[u8]) -> bool {
    let name = b"\"FeatureCollection\"";
    !head.windows(name.len()).any(|w| w == name)
}

/// True for the name `features`, escaped or plain.
fn is_features(key: &[u8]) -> bool {
    key == b"\"features\""
        || key.contains(&b'\\') && serde_json::from_slice::<String>(key).is_ok_and(|k| k == "features")
}
