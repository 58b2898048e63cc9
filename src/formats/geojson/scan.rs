//! Finds where one JSON value ends, by brackets and quotes, without holding more than a limit.

use std::io::{self, Read};

use super::split::RECORD;
use crate::formats::source::Source;

/// Brackets in brackets deeper than this are refused; map data needs about eight.
pub const DEPTH: u32 = 100;

/// Why the end of a value is not found.
#[derive(Debug)]
pub enum ScanFault {
    /// The stream failed.
    Io(io::Error),
    /// The stream ended inside the value.
    Ended,
    /// A record separator inside the value: the record before it was cut.
    Record,
    /// More bytes than allowed.
    TooLarge,
    /// More brackets in brackets than [`DEPTH`].
    TooDeep,
}

impl From<io::Error> for ScanFault {
    fn from(e: io::Error) -> ScanFault {
        ScanFault::Io(e)
    }
}

/// Copies white space and gives the byte after it, left where it is; `None` at the end of the stream.
pub fn blank<R: Read>(
    source: &mut Source<R>,
    mut into: Option<&mut Vec<u8>>,
    limit: usize,
) -> Result<Option<u8>, ScanFault> {
    loop {
        let buffer = source.buffered()?;
        if buffer.is_empty() {
            return Ok(None);
        }
        let count = buffer.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n')).count();
        let found = buffer.get(count).copied();
        if let Some(into) = into.as_deref_mut() {
            if into.len() + count > limit {
                return Err(ScanFault::TooLarge);
            }
            into.extend_from_slice(&buffer[..count]);
        }
        source.pass(count);
        if found.is_some() {
            return Ok(found);
        }
    }
}

/// Copies one value of any kind, which begins at the next byte. A number or word ends before a
/// comma, bracket or white space; whether it is one is for the parser to say.
pub fn value<R: Read>(source: &mut Source<R>, into: &mut Vec<u8>, limit: usize) -> Result<(), ScanFault> {
    let mut extent = Extent::default();
    loop {
        let buffer = source.buffered()?;
        if buffer.is_empty() {
            return if extent.is_bare() { Ok(()) } else { Err(ScanFault::Ended) };
        }
        let mut count = buffer.len();
        let mut outcome = None;
        for (i, byte) in buffer.iter().enumerate() {
            match extent.step(*byte) {
                Step::Inside => continue,
                Step::Last => (count, outcome) = (i + 1, Some(Ok(()))),
                Step::Past => (count, outcome) = (i, Some(Ok(()))),
                Step::Fault(fault) => (count, outcome) = (i, Some(Err(fault))),
            }
            break;
        }
        if into.len() + count > limit {
            return Err(ScanFault::TooLarge);
        }
        into.extend_from_slice(&buffer[..count]);
        source.pass(count);
        if let Some(outcome) = outcome {
            return outcome;
        }
    }
}

/// What a byte is to the value that is being copied.
enum Step {
    Inside,
    /// The value's last byte.
    Last,
    /// The first byte after the value.
    Past,
    Fault(ScanFault),
}

/// How far into a value the copy is.
#[derive(Default)]
struct Extent {
    depth: u32,
    begun: bool,
    string: bool,
    escaped: bool,
}

impl Extent {
    /// True inside a number or word, which the end of the stream ends too.
    fn is_bare(&self) -> bool {
        self.begun && self.depth == 0 && !self.string
    }

    fn step(&mut self, byte: u8) -> Step {
        if byte == RECORD && (self.string || self.depth > 0) {
            return Step::Fault(ScanFault::Record);
        }
        if self.string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => {
                    self.string = false;
                    if self.depth == 0 {
                        return Step::Last;
                    }
                }
                _ => {}
            }
            return Step::Inside;
        }
        if self.is_bare()
            && matches!(byte, b'"' | b'{' | b'[' | b'}' | b']' | b',' | b' ' | b'\t' | b'\r' | b'\n' | RECORD)
        {
            return Step::Past;
        }
        match byte {
            b'"' => self.string = true,
            b'{' | b'[' if self.depth == DEPTH => return Step::Fault(ScanFault::TooDeep),
            b'{' | b'[' => self.depth += 1,
            // At depth 0 a closing bracket is the first byte of no value: it is left to the caller.
            b'}' | b']' if self.depth == 0 => return Step::Past,
            b'}' | b']' => {
                self.depth -= 1;
                if self.depth == 0 {
                    return Step::Last;
                }
            }
            _ => {}
        }
        self.begun = true;
        Step::Inside
    }
}
