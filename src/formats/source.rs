//! Bytes of a file in bounded pieces, with the line they stand in. Knows no format.

use std::io::{self, Read};

/// How much is asked of the stream at a time.
const CHUNK: usize = 128 * 1024;

/// A stream read byte by byte through a buffer, counting lines from 1.
pub struct Source<R> {
    input: R,
    buffer: Box<[u8]>,
    at: usize,
    end: usize,
    line: u64,
}

impl<R: Read> Source<R> {
    /// Starts at the first byte, in line 1.
    pub fn new(input: R) -> Source<R> {
        Source { input, buffer: vec![0; CHUNK].into(), at: 0, end: 0, line: 1 }
    }

    /// The line of the next byte.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// What is buffered; empty only at the end of the stream.
    pub fn buffered(&mut self) -> io::Result<&[u8]> {
        if self.at == self.end {
            self.at = 0;
            self.end = 0;
            self.end = loop {
                match self.input.read(&mut self.buffer) {
                    Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                    other => break other?,
                }
            };
        }
        Ok(&self.buffer[self.at..self.end])
    }

    /// Passes over bytes of [`Source::buffered`].
    pub fn pass(&mut self, count: usize) {
        let passed = &self.buffer[self.at..(self.at + count).min(self.end)];
        self.line += passed.iter().filter(|b| **b == b'\n').count() as u64;
        self.at += passed.len();
    }

    /// The next bytes, up to `count` (few), left where they are; fewer only at the end of the stream.
    pub fn ahead(&mut self, count: usize) -> io::Result<&[u8]> {
        if self.end - self.at < count {
            self.buffer.copy_within(self.at..self.end, 0);
            self.end -= self.at;
            self.at = 0;
        }
        while self.end - self.at < count {
            match self.input.read(&mut self.buffer[self.end..]) {
                Ok(0) => break,
                Ok(n) => self.end += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(&self.buffer[self.at..self.end.min(self.at + count)])
    }

    /// The next byte, left where it is.
    pub fn peek(&mut self) -> io::Result<Option<u8>> {
        Ok(self.buffered()?.first().copied())
    }
}
