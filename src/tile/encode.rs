//! Writes a layer of a Mapbox Vector Tile 2.1 straight into bytes.
//! Field numbers are those of the specification's `vector_tile.proto`.

use std::cell::RefCell;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::simplify::U;
use crate::geom::ShapeKind;
use crate::layer::ValueRef;

fn varint(out: &mut Vec<u8>, mut v: u64) {
    while v >= 0x80 {
        out.push(v as u8 | 0x80);
        v >>= 7;
    }
    out.push(v as u8);
}

/// Bytes that a number takes as a varint.
fn varint_size(v: u64) -> usize {
    (64 - (v | 1).leading_zeros() as usize).div_ceil(7)
}

fn zigzag(v: i32) -> u64 {
    u64::from(((v << 1) ^ (v >> 31)) as u32)
}

/// A length-delimited field.
fn field(out: &mut Vec<u8>, tag: u8, bytes: &[u8]) {
    out.push(tag);
    varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

const MOVE_TO: u64 = 1;
const LINE_TO: u64 = 2;
const CLOSE_PATH: u64 = 7 | 1 << 3;

/// Geometry commands of one feature.
#[derive(Default)]
pub struct Geometry {
    bytes: Vec<u8>,
    at: U,
}

impl Geometry {
    /// Begins another feature.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.at = [0, 0];
    }

    /// True when nothing has been drawn.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    fn step(&mut self, to: U) {
        varint(&mut self.bytes, zigzag(to[0] - self.at[0]));
        varint(&mut self.bytes, zigzag(to[1] - self.at[1]));
        self.at = to;
    }

    /// Points, all in one command.
    pub fn points(&mut self, points: &[U]) {
        varint(&mut self.bytes, MOVE_TO | (points.len() as u64) << 3);
        points.iter().for_each(|p| self.step(*p));
    }

    /// A line of two places or more.
    pub fn line(&mut self, line: &[U]) {
        varint(&mut self.bytes, MOVE_TO | 1 << 3);
        self.step(line[0]);
        varint(&mut self.bytes, LINE_TO | (line.len() as u64 - 1) << 3);
        line[1..].iter().for_each(|p| self.step(*p));
    }

    /// An open ring of three places or more.
    pub fn ring(&mut self, ring: &[U]) {
        self.line(ring);
        varint(&mut self.bytes, CLOSE_PATH);
    }
}

/// A layer being written.
pub struct LayerWriter<'a> {
    name: &'a str,
    keys: Vec<&'a str>,
    /// How many values there are.
    count: u32,
    bench: Bench,
}

/// What writing a layer needs room for: kept from one to the next, since asking for room takes longer
/// than writing.
#[derive(Default)]
struct Bench {
    features: Vec<u8>,
    values: Vec<u8>,
    by_text: FxHashMap<Arc<str>, u32>,
    by_pointer: FxHashMap<usize, u32>,
    by_bits: FxHashMap<(u8, u64), u32>,
    tags: Vec<u8>,
    body: Vec<u8>,
}

thread_local! {
    static BENCH: RefCell<Option<Bench>> = const { RefCell::new(None) };
}

/// Room above this many bytes is given back rather than kept.
const MOST_KEPT: usize = 4 << 20;

impl<'a> LayerWriter<'a> {
    /// A layer whose features carry `id` and the given fields.
    pub fn new(name: &'a str, fields: impl IntoIterator<Item = &'a str>) -> LayerWriter<'a> {
        LayerWriter {
            name,
            keys: std::iter::once("id").chain(fields).collect(),
            count: 0,
            bench: BENCH.take().unwrap_or_default(),
        }
    }

    /// Adds a feature. `value` gives the value of a field by its position among the fields given to `new`.
    pub fn feature<'v>(
        &mut self,
        fid: i64,
        id: &Arc<str>,
        kind: ShapeKind,
        geometry: &Geometry,
        value: impl Fn(usize) -> ValueRef<'v>,
    ) {
        self.bench.tags.clear();
        let number = self.push_text(id);
        self.tag(0, number);
        for at in 1..self.keys.len() {
            if let Some(number) = self.number_of(value(at - 1)) {
                self.tag(at as u64, number);
            }
        }
        self.bench.body.clear();
        self.bench.body.push(0x08);
        varint(&mut self.bench.body, fid as u64);
        field(&mut self.bench.body, 0x12, &self.bench.tags);
        self.bench.body.extend_from_slice(&[0x18, kind as u8]);
        field(&mut self.bench.body, 0x22, &geometry.bytes);
        field(&mut self.bench.features, 0x12, &self.bench.body);
    }

    fn tag(&mut self, key: u64, value: u32) {
        varint(&mut self.bench.tags, key);
        varint(&mut self.bench.tags, u64::from(value));
    }

    fn push(&mut self, value: &[u8]) -> u32 {
        field(&mut self.bench.values, 0x22, value);
        self.count += 1;
        self.count - 1
    }

    fn push_text(&mut self, text: &str) -> u32 {
        let values = &mut self.bench.values;
        values.push(0x22);
        varint(values, (1 + varint_size(text.len() as u64) + text.len()) as u64);
        values.push(0x0a);
        varint(values, text.len() as u64);
        values.extend_from_slice(text.as_bytes());
        self.count += 1;
        self.count - 1
    }

    fn number_of(&mut self, value: ValueRef<'_>) -> Option<u32> {
        let (kind, bits) = match value {
            ValueRef::Null => return None,
            ValueRef::Text(t) => {
                // Texts of a column are mostly one and the same: their address is known before their letters.
                let address = Arc::as_ptr(t) as *const u8 as usize;
                if let Some(n) = self.bench.by_pointer.get(&address) {
                    return Some(*n);
                }
                let number = match self.bench.by_text.get(t) {
                    Some(n) => *n,
                    None => {
                        let n = self.push_text(t);
                        self.bench.by_text.insert(t.clone(), n);
                        n
                    }
                };
                self.bench.by_pointer.insert(address, number);
                return Some(number);
            }
            ValueRef::Bool(b) => (0, u64::from(b)),
            ValueRef::Int(i) => (1, i as u64),
            ValueRef::Real(r) => (2, r.to_bits()),
        };
        if let Some(n) = self.bench.by_bits.get(&(kind, bits)) {
            return Some(*n);
        }
        let mut bytes = Vec::with_capacity(11);
        match value {
            ValueRef::Bool(b) => bytes.extend_from_slice(&[0x38, u8::from(b)]),
            ValueRef::Int(i) if i >= 0 => {
                bytes.push(0x28);
                varint(&mut bytes, i as u64);
            }
            ValueRef::Int(i) => {
                bytes.push(0x30);
                varint(&mut bytes, ((i << 1) ^ (i >> 63)) as u64);
            }
            ValueRef::Real(r) => {
                bytes.push(0x19);
                bytes.extend_from_slice(&r.to_le_bytes());
            }
            ValueRef::Null | ValueRef::Text(_) => return None,
        }
        let number = self.push(&bytes);
        self.bench.by_bits.insert((kind, bits), number);
        Some(number)
    }

    /// Appends the layer to a tile; one without features is left out.
    pub fn finish(mut self, tile: &mut Vec<u8>) {
        if !self.bench.features.is_empty() {
            self.append(tile);
        }
        let Bench { features, values, by_text, by_pointer, by_bits, .. } = &mut self.bench;
        features.clear();
        values.clear();
        by_text.clear();
        by_pointer.clear();
        by_bits.clear();
        if features.capacity() + values.capacity() <= MOST_KEPT {
            BENCH.set(Some(self.bench));
        }
    }

    fn append(&self, tile: &mut Vec<u8>) {
        let mut head = Vec::with_capacity(64 + self.keys.len() * 16);
        field(&mut head, 0x0a, self.name.as_bytes());
        let mut keys = Vec::with_capacity(self.keys.len() * 16);
        self.keys.iter().for_each(|k| field(&mut keys, 0x1a, k.as_bytes()));
        // extent 4096, version 2
        let tail = [0x28, 0x80, 0x20, 0x78, 0x02];
        tile.reserve(head.len() + self.bench.features.len() + keys.len() + self.bench.values.len() + 16);
        tile.push(0x1a);
        varint(
            tile,
            (head.len() + self.bench.features.len() + keys.len() + self.bench.values.len() + tail.len()) as u64,
        );
        for part in [&head[..], &self.bench.features, &keys, &self.bench.values, &tail] {
            tile.extend_from_slice(part);
        }
    }
}
