//! Layer files as they are written: one GeoJSON feature a line, nothing held back.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use super::SampleError;
use super::curve::{Place, doubled_area};
use crate::geom::WorkCrs;
use crate::layer::Catalogue;

/// What every file says of itself.
pub const NOTE: &str = "示例数据(非真实)";

/// The shape of a feature in local metres. Rings are given without their closing place, in any turn.
pub enum Form<'a> {
    None,
    Point(Place),
    Line(&'a [Place]),
    Area(&'a [Place]),
}

/// A property's value.
#[derive(Debug, Clone)]
pub enum Word {
    Text(String),
    Int(i64),
    /// With this many decimals at most.
    Real(f64, u8),
    Bool(bool),
    List(Vec<String>),
}

impl From<&str> for Word {
    fn from(s: &str) -> Word {
        Word::Text(s.into())
    }
}

impl From<String> for Word {
    fn from(s: String) -> Word {
        Word::Text(s)
    }
}

struct LayerFile {
    layer: &'static str,
    /// Letter that the layer's ids begin with.
    letter: char,
    file: BufWriter<File>,
    count: u64,
}

/// All layers and the letters of their ids, so that no id stands in two layers.
const LETTERS: [(&str, char); 24] = [
    ("street", 's'),
    ("street_item", 'i'),
    ("pipe", 'p'),
    ("pipe_node", 'n'),
    ("green_belt", 'g'),
    ("plant", 't'),
    ("planted_piece", 'c'),
    ("belt_break", 'b'),
    ("gap_task", 'k'),
    ("facade_block", 'f'),
    ("facility", 'x'),
    ("road_chief_zone", 'z'),
    ("public_area", 'a'),
    ("managed_place", 'm'),
    ("building", 'h'),
    ("land", 'l'),
    ("village", 'v'),
    ("boundary", 'o'),
    ("water", 'w'),
    ("protection", 'r'),
    ("work", 'e'),
    ("incident", 'd'),
    ("target", 'y'),
    ("instruction", 'q'),
];

/// The files of a sample while they are written.
pub struct Out {
    files: Vec<LayerFile>,
    work: WorkCrs,
    origin: Place,
    line: Vec<u8>,
}

impl Out {
    /// Begins a file for every layer of the sample in `dir`. The origin of the local metres is the town's centre.
    pub fn begin(dir: &Path, catalogue: &Catalogue) -> Result<Out, SampleError> {
        std::fs::create_dir_all(dir)?;
        let work = catalogue.town.work();
        let (x, y) = work.project(catalogue.town.center[0], catalogue.town.center[1]);
        if !(x.is_finite() && y.is_finite()) {
            return Err(SampleError::Centre);
        }
        let mut files = Vec::new();
        for (layer, letter) in LETTERS {
            let known = catalogue.layer(layer).ok_or(SampleError::Layer(layer))?;
            let mut file = BufWriter::new(File::create(dir.join(format!("{layer}.geojson")))?);
            let title = format!("{} · {} · {NOTE}", catalogue.town.title.zh, known.title.zh);
            let title = serde_json::Value::from(title);
            write!(file, "{{\"type\":\"FeatureCollection\",\"title\":{title},\"note\":\"{NOTE}\",\"features\":[")?;
            files.push(LayerFile { layer, letter, file, count: 0 });
        }
        // to the whole metre, so that the origin does not hang on the last digit of a projection
        Ok(Out { files, work, origin: [x.round(), y.round()], line: Vec::new() })
    }

    /// Writes a feature and tells its id.
    pub fn put(&mut self, layer: &str, form: Form<'_>, words: &[(&str, Word)]) -> Result<String, SampleError> {
        let id = self.next_id(layer)?;
        self.line.clear();
        write!(self.line, "{{\"type\":\"Feature\",\"id\":\"{id}\",\"geometry\":")?;
        self.geometry(form)?;
        self.line.extend_from_slice(b",\"properties\":{");
        for (i, (name, word)) in words.iter().enumerate() {
            if i > 0 {
                self.line.push(b',');
            }
            write!(self.line, "\"{name}\":")?;
            match word {
                Word::Text(t) => serde_json::to_writer(&mut self.line, t).map_err(std::io::Error::from)?,
                Word::List(l) => serde_json::to_writer(&mut self.line, l).map_err(std::io::Error::from)?,
                Word::Int(v) => write!(self.line, "{v}")?,
                Word::Bool(v) => write!(self.line, "{v}")?,
                Word::Real(v, decimals) => number(&mut self.line, *v, *decimals)?,
            }
        }
        self.line.extend_from_slice(b"}}");
        let file = self.file(layer)?;
        let part: &[u8] = if file.count == 0 { b"\n" } else { b",\n" };
        file.count += 1;
        let line = std::mem::take(&mut self.line);
        let file = self.file(layer)?;
        file.file.write_all(part)?;
        file.file.write_all(&line)?;
        self.line = line;
        Ok(id)
    }

    /// The id that the next feature of a layer gets.
    pub fn next_id(&mut self, layer: &str) -> Result<String, SampleError> {
        let file = self.file(layer)?;
        Ok(format!("{}{}", file.letter, file.count + 1))
    }

    /// Ends all files; the count of features a layer.
    pub fn end(self) -> Result<Vec<(&'static str, u64)>, SampleError> {
        let mut counts = Vec::new();
        for mut f in self.files {
            f.file.write_all(b"\n]}\n")?;
            f.file.flush()?;
            counts.push((f.layer, f.count));
        }
        Ok(counts)
    }

    /// Longitude and latitude of a local place, to eight decimals as they are written.
    pub fn degrees(&self, p: Place) -> [f64; 2] {
        let (lon, lat) = self.work.unproject(self.origin[0] + p[0], self.origin[1] + p[1]);
        [(lon * 1e8).round() / 1e8, (lat * 1e8).round() / 1e8]
    }

    fn file(&mut self, layer: &str) -> Result<&mut LayerFile, SampleError> {
        self.files.iter_mut().find(|f| f.layer == layer).ok_or(SampleError::Layer("?"))
    }

    fn geometry(&mut self, form: Form<'_>) -> Result<(), SampleError> {
        let (kind, places, closed): (&str, Vec<Place>, bool) = match form {
            Form::None => {
                self.line.extend_from_slice(b"null");
                return Ok(());
            }
            Form::Point(p) => {
                self.line.extend_from_slice(b"{\"type\":\"Point\",\"coordinates\":");
                self.place(p)?;
                self.line.push(b'}');
                return Ok(());
            }
            Form::Line(l) => ("LineString", l.to_vec(), false),
            Form::Area(r) if doubled_area(r) < 0.0 => ("Polygon", r.iter().rev().copied().collect(), true),
            Form::Area(r) => ("Polygon", r.to_vec(), true),
        };
        write!(self.line, "{{\"type\":\"{kind}\",\"coordinates\":{}", if closed { "[[" } else { "[" })?;
        for (i, p) in places.iter().chain(places.first().filter(|_| closed)).enumerate() {
            if i > 0 {
                self.line.push(b',');
            }
            self.place(*p)?;
        }
        self.line.extend_from_slice(if closed { b"]]}" } else { b"]}" });
        Ok(())
    }

    fn place(&mut self, p: Place) -> Result<(), SampleError> {
        let [lon, lat] = self.degrees(p);
        self.line.push(b'[');
        number(&mut self.line, lon, 8)?;
        self.line.push(b',');
        number(&mut self.line, lat, 8)?;
        self.line.push(b']');
        Ok(())
    }
}

/// A number with at most so many decimals, no zeros at its end.
fn number(out: &mut Vec<u8>, v: f64, decimals: u8) -> std::io::Result<()> {
    let start = out.len();
    write!(out, "{v:.*}", usize::from(decimals))?;
    if out[start..].contains(&b'.') {
        while out.last() == Some(&b'0') {
            out.pop();
        }
        if out.last() == Some(&b'.') {
            out.pop();
        }
    }
    if &out[start..] == b"-0" {
        out.truncate(start);
        out.push(b'0');
    }
    Ok(())
}
