//! What can be wrong with a file before any layer is asked, in words. Knows no layer rules.

use crate::layer::Words;

use super::shown;

/// A problem with its place in the file.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadFault {
    /// Line, from 1; absent for a fault of the file as a whole.
    pub line: Option<u64>,
    /// Number of the feature, from 1.
    pub row: Option<u64>,
    pub problem: ReadProblem,
}

/// One thing wrong with a file or with a feature as its file has it.
#[derive(Debug, Clone, PartialEq)]
pub enum ReadProblem {
    /// Not there, a directory, not permitted, or the disk failed.
    Unreadable { why: Words },
    /// No bytes, or nothing but white space.
    EmptyFile,
    /// No format that can be read.
    UnknownFormat { endings: String },
    /// A ZIP or gzip archive.
    Packed,
    /// UTF-16 or UTF-32.
    Wide,
    /// Bytes that are no UTF-8.
    NotUtf8,
    /// JSON that is none; `what` is the parser's word, `near` the text around the place.
    BrokenJson { what: String, near: String },
    /// The file ends inside a value; `opened` is the line where the unfinished one begins.
    CutShort { opened: u64 },
    /// One feature, or the members around the features, above the limit in bytes.
    TooLarge { limit: usize },
    /// Brackets in brackets without end.
    TooDeep,
    /// JSON, but no GeoJSON.
    NotGeoJson { what: Words },
    /// A name that stands twice in one object.
    Twice { name: String },
    /// An id that is neither text nor number.
    BadId { what: Words },
    /// Coordinates that are not nested as their type wants.
    WrongShape { what: Words },
    /// A ring whose last place is not its first; `ring` counts from 1.
    OpenRing { ring: usize },
    /// The file names a CRS that is not served.
    UnknownCrs { name: String, hint: String },
    /// The file names its CRS behind its features.
    LateCrs { name: String },
}

/// Words in both languages.
pub fn words(zh: impl Into<String>, en: impl Into<String>) -> Words {
    Words { zh: zh.into(), en: en.into() }
}

impl ReadProblem {
    /// Short name of the rule that is broken.
    pub fn rule(&self) -> &'static str {
        match self {
            ReadProblem::Unreadable { .. } => "unreadable-file",
            ReadProblem::EmptyFile => "empty-file",
            ReadProblem::UnknownFormat { .. } => "unknown-format",
            ReadProblem::Packed => "packed-file",
            ReadProblem::Wide | ReadProblem::NotUtf8 => "wrong-encoding",
            ReadProblem::BrokenJson { .. } => "broken-json",
            ReadProblem::CutShort { .. } => "cut-short",
            ReadProblem::TooLarge { .. } => "too-large",
            ReadProblem::TooDeep => "too-deep",
            ReadProblem::NotGeoJson { .. } => "not-geojson",
            ReadProblem::Twice { .. } => "duplicate-member",
            ReadProblem::BadId { .. } => "bad-id",
            ReadProblem::WrongShape { .. } => "wrong-shape",
            ReadProblem::OpenRing { .. } => "open-ring",
            ReadProblem::UnknownCrs { .. } => "unknown-crs",
            ReadProblem::LateCrs { .. } => "late-crs",
        }
    }

    /// What is wrong.
    pub fn what(&self) -> Words {
        match self {
            ReadProblem::Unreadable { why } => {
                words(format!("文件打不开：{}", why.zh), format!("the file can't be read: {}", why.en))
            }
            ReadProblem::EmptyFile => words("文件是空的", "the file is empty"),
            ReadProblem::UnknownFormat { .. } => {
                words("认不出文件格式", "neither its ending nor its first bytes name a format that can be read")
            }
            ReadProblem::Packed => words("文件是压缩包", "the file is an archive"),
            ReadProblem::Wide => words("文件是 UTF-16 编码", "the file is UTF-16, not UTF-8"),
            ReadProblem::NotUtf8 => {
                words("此处字节不是 UTF-8（多半是 GBK）", "bytes here are not UTF-8 (GBK, most likely)")
            }
            ReadProblem::BrokenJson { what, near } => {
                let near = shown(near);
                words(format!("JSON 在“{near}”处写错了"), format!("broken JSON at '{near}': {what}"))
            }
            ReadProblem::CutShort { opened } => words(
                format!("文件到此中断，第 {opened} 行开始的内容没有结束"),
                format!("the file ends here, and what begins in line {opened} is not finished"),
            ),
            ReadProblem::TooLarge { limit } => words(
                format!("单个要素超过 {} MiB", limit >> 20),
                format!("a single feature, or the members beside the features, is above {} MiB", limit >> 20),
            ),
            ReadProblem::TooDeep => words("括号嵌套过深", "brackets are nested too deep"),
            ReadProblem::NotGeoJson { what } => {
                words(format!("不是 GeoJSON：{}", what.zh), format!("no GeoJSON: {}", what.en))
            }
            ReadProblem::Twice { name } => {
                let name = shown(name);
                words(format!("名称“{name}”重复出现"), format!("'{name}' stands twice in one object"))
            }
            ReadProblem::BadId { what } => {
                words(format!("编号无效：{}", what.zh), format!("the id is unusable: {}", what.en))
            }
            ReadProblem::WrongShape { what } => words(
                format!("坐标结构不对：{}", what.zh),
                format!("coordinates are not nested as they should be: {}", what.en),
            ),
            ReadProblem::OpenRing { ring } => words(
                format!("第 {ring} 个环没有闭合：末点不等于首点"),
                format!("ring {ring} is open: its last place is not its first"),
            ),
            ReadProblem::UnknownCrs { name, .. } => {
                let name = shown(name);
                words(
                    format!("文件写明的坐标系“{name}”不受支持"),
                    format!("the file names CRS '{name}', which is not served"),
                )
            }
            ReadProblem::LateCrs { name } => {
                let name = shown(name);
                words(
                    format!("坐标系“{name}”写在要素之后，要素已按经纬度读入"),
                    format!("the file names CRS '{name}' behind its features, which were read as longitude/latitude"),
                )
            }
        }
    }

    /// What to do next.
    pub fn hint(&self) -> Words {
        match self {
            ReadProblem::Unreadable { .. } => words("检查路径和权限", "check the path and the permissions"),
            ReadProblem::EmptyFile => words("重新导出该文件", "export it again from where it came from"),
            ReadProblem::UnknownFormat { endings } => {
                words(format!("可读的格式：{endings}"), format!("formats that can be read: {endings}"))
            }
            ReadProblem::Packed => words("先解压再导入", "unpack it and import what is in it"),
            ReadProblem::Wide | ReadProblem::NotUtf8 => {
                words("另存为 UTF-8 再导入", "save it as UTF-8 and import again")
            }
            ReadProblem::BrokenJson { .. } => {
                words("在文本编辑器中改正此处", "mend it at this place, or export the file again")
            }
            ReadProblem::CutShort { .. } => {
                words("文件没有传完，重新复制或导出", "the copy is incomplete: copy or export the file again")
            }
            ReadProblem::TooLarge { .. } => words("拆分该要素", "split the feature into smaller ones"),
            ReadProblem::TooDeep => {
                words("这不是正常的 GeoJSON 文件", "no map data is nested like this; look at the file's origin")
            }
            ReadProblem::NotGeoJson { .. } => words(
                "需要 FeatureCollection、逐行 Feature 或单个 Feature",
                "wanted are a FeatureCollection, Features one a line, or a single Feature",
            ),
            ReadProblem::Twice { .. } => words("删去其中一个", "take one of them out"),
            ReadProblem::BadId { .. } => {
                words("编号用 1 至 200 个普通字符", "use 1 to 200 plain characters, or a number")
            }
            ReadProblem::WrongShape { .. } => words("按 RFC 7946 第 3.1 节改正", "see RFC 7946, section 3.1"),
            ReadProblem::OpenRing { .. } => words("在末尾补上首点", "repeat the ring's first place at its end"),
            ReadProblem::UnknownCrs { hint, .. } => {
                words(format!("用 --crs 指明正确的坐标系（{hint}）"), format!("say the right one with --crs; {hint}"))
            }
            ReadProblem::LateCrs { .. } => {
                words("把 crs 移到 features 之前，或用 --crs 指明", "move crs before features, or say it with --crs")
            }
        }
    }
}

/// What an operating system's error means to the user; its own text carries no path.
pub fn io_words(e: &std::io::Error) -> Words {
    use std::io::ErrorKind as Kind;
    match e.kind() {
        Kind::NotFound => words("文件不存在", "there is no such file"),
        Kind::PermissionDenied => words("没有权限", "permission is denied"),
        Kind::IsADirectory => words("这是一个文件夹", "it is a directory"),
        kind => words(format!("读取出错（{kind}）"), kind.to_string()),
    }
}
