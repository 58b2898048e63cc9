//! What a problem is called in both languages, and what to do about it.

use super::{First, Problem};
use crate::formats::fault::words;
use crate::formats::shown;
use crate::geom::Crs;
use crate::geom::validity::GeometryFault;
use crate::layer::value::ValueFault;
use crate::layer::{FieldType, GeometryKind, Words};

impl Problem {
    /// What is wrong.
    pub fn what(&self) -> Words {
        match self {
            Problem::Read(p) => p.what(),
            Problem::Geometry(g) => geometry_what(g),
            Problem::Projected { x, y, .. } => {
                let at = format!("({}, {})", metres(*x), metres(*y));
                words(format!("坐标 {at} 是米，不是经纬度"), format!("{at} is in metres, not longitude and latitude"))
            }
            Problem::NotInCrs { x, y, crs, .. } => {
                words(format!("坐标 ({x}, {y}) 不可能属于 {crs}"), format!("({x}, {y}) can't be a place in {crs}"))
            }
            Problem::WrongKind { found, wanted } => words(
                format!("图形是 {found}，本图层要 {}", kinds(wanted, "无图形")),
                format!("the geometry is {found}, the layer takes {}", kinds(wanted, "none")),
            ),
            Problem::Value { fault, field, kind } => value_what(fault, field, *kind),
            Problem::Nul => words("文字里有空字符 U+0000", "the text has the character U+0000"),
            Problem::UnknownField { name, .. } => {
                let name = shown(name);
                words(format!("图层没有字段“{name}”"), format!("the layer has no field '{name}'"))
            }
            Problem::SameField { name, field } => {
                let name = shown(name);
                words(
                    format!("“{name}”与另一个属性都对应字段 {field}"),
                    format!("'{name}' and another property are both the field {field}"),
                )
            }
            Problem::DuplicateId { id, first } => {
                let id = shown(id);
                match first {
                    First::Store => words(format!("库中已有编号“{id}”"), format!("id '{id}' is in the store already")),
                    First::File { file, line } => words(
                        format!("编号“{id}”已在 {file} 第 {line} 行用过"),
                        format!("id '{id}' has been used in {file}, line {line}"),
                    ),
                }
            }
            Problem::BrokenRow { what } => {
                words(format!("库中此行读不出：{what}"), format!("the row can't be read: {what}"))
            }
            Problem::Unlisted { found } => {
                let found = shown(found);
                words(format!("“{found}”不在取值表中"), format!("'{found}' is not in the field's list"))
            }
            Problem::MissingReference { found, to } => {
                let found = shown(found);
                words(format!("{to} 中没有“{found}”"), format!("there is no '{found}' in {to}"))
            }
            Problem::Heights => words("坐标带高程，高程未保存", "coordinates have heights, which are not kept"),
            Problem::NorthFirst => words("坐标为北坐标在前，已调换", "northing stands first; the axes were swapped"),
            Problem::OtherCrs { file, given } => words(
                format!("文件写明 {file}，已按指定的 {given} 读入"),
                format!("the file names {file}; it was read as {given}, as asked"),
            ),
            Problem::NoFeatures => words("文件里没有要素", "the file has no features"),
        }
    }

    /// What to do next.
    pub fn hint(&self) -> Words {
        match self {
            Problem::Read(p) => p.hint(),
            Problem::Geometry(g) => geometry_hint(g),
            Problem::Projected { likely, .. } | Problem::NotInCrs { likely, .. } => crs_hint(*likely),
            Problem::WrongKind { .. } => {
                words("换一个图层导入，或改正图形", "import it into another layer, or mend the geometry")
            }
            Problem::Value { fault, .. } => value_hint(fault),
            Problem::Nul => words("删去该字符", "take the character out"),
            Problem::UnknownField { name, fields } => {
                let name = shown(name);
                words(
                    format!("用 --map 对应到字段，或写入 drop = [\"{name}\"]；字段有：{fields}"),
                    format!("name its field with --map, or drop = [\"{name}\"]; fields are: {fields}"),
                )
            }
            Problem::SameField { .. } => words("在 --map 中舍去一个", "drop one of them with --map"),
            Problem::DuplicateId { first: First::Store, .. } => words(
                "可能已经导入过；要修改请用编辑，要新增请换编号",
                "it may have been imported before; edit it in place, or give a new id",
            ),
            Problem::DuplicateId { .. } => words("给其中一个换编号", "give one of them another id"),
            Problem::BrokenRow { .. } => words("用 QGIS 打开该图层改正", "open the layer in QGIS and mend the row"),
            Problem::Unlisted { .. } => words("核对写法；确属新值可保留", "look at the spelling; a new value may stay"),
            Problem::MissingReference { .. } => words("补录被引用的要素", "import or draw what it points to"),
            Problem::Heights => words("高程请写入属性字段", "put heights into fields of their own"),
            Problem::NorthFirst => words("在地图上核对位置", "look at the place on the map"),
            Problem::OtherCrs { .. } => words("核对哪一个正确", "make sure which one is right"),
            Problem::NoFeatures => words("核对导出时的筛选条件", "look at the filter it was exported with"),
        }
    }
}

fn kinds(wanted: &[GeometryKind], none: &str) -> String {
    match wanted {
        [] => none.into(),
        some => some.iter().map(|k| format!("{k:?}")).collect::<Vec<_>>().join("/"),
    }
}

fn geometry_what(fault: &GeometryFault) -> Words {
    match fault {
        GeometryFault::Empty => words("图形没有坐标", "the geometry has no coordinates"),
        GeometryFault::OutOfRange { x, y } => words(
            format!("坐标 ({x}, {y}) 超出经纬度范围"),
            format!("({x}, {y}) is outside longitude ±180, latitude ±90"),
        ),
        GeometryFault::Projected { x, y } => {
            words(format!("坐标 ({x}, {y}) 不是经纬度"), format!("({x}, {y}) is not longitude and latitude"))
        }
        GeometryFault::Swapped { x, y } => {
            words(format!("坐标 ({x}, {y}) 的经纬度写反了"), format!("({x}, {y}) has latitude first"))
        }
        GeometryFault::OpenRing { ring } => {
            words(format!("第 {} 个环没有闭合", ring + 1), format!("ring {} is open", ring + 1))
        }
        GeometryFault::TooShort { places, needed } => words(
            format!("只有 {places} 个点，至少要 {needed} 个"),
            format!("it has {places} places, at least {needed} are wanted"),
        ),
        GeometryFault::Crossing { x, y } => {
            words(format!("边界在 ({x}, {y}) 处自相交"), format!("rings cross or touch at ({x}, {y})"))
        }
        GeometryFault::Tiny { measure } => words(
            format!("长度或面积几乎为零（{measure:.4}）"),
            format!("its length or area is next to nothing ({measure:.4} m or m²)"),
        ),
        GeometryFault::Winding => {
            words("环的方向与 RFC 7946 相反，按原样保存", "a ring is wound against RFC 7946; it is kept as drawn")
        }
        GeometryFault::OutsideTown => words("完全在驻地范围之外", "it lies wholly outside the town's extent"),
    }
}

fn geometry_hint(fault: &GeometryFault) -> Words {
    match fault {
        GeometryFault::Empty => words("补画图形或删去该要素", "draw it, or take the feature out"),
        GeometryFault::OutOfRange { .. } => {
            words("核对坐标；若是米制坐标请加 --crs", "look at the numbers; for metres say the CRS with --crs")
        }
        GeometryFault::Projected { .. } => crs_hint(None),
        GeometryFault::Swapped { .. } => words("经度在前、纬度在后", "longitude goes first, latitude second"),
        GeometryFault::OpenRing { .. } => words("在末尾补上首点", "repeat the ring's first place at its end"),
        GeometryFault::TooShort { .. } => words("补全图形", "complete the geometry"),
        GeometryFault::Crossing { .. } => {
            words("在 QGIS 中用“修复几何图形”处理", "mend it, in QGIS with 'Fix geometries'")
        }
        GeometryFault::Tiny { .. } => words("多半是误点，核对后删除", "most likely a slip; look and delete"),
        GeometryFault::Winding => words("不影响使用", "nothing needs to be done"),
        GeometryFault::OutsideTown => words("核对坐标系和位置", "make sure of the CRS and the place"),
    }
}

/// What a type is called in Chinese; the English name is the type's own.
fn wanted_zh(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Text => "文字",
        FieldType::Integer => "整数",
        FieldType::Number => "数值",
        FieldType::Boolean => "true 或 false",
        FieldType::Date => "日期（2024-05-01）",
        FieldType::DateTime => "日期时间（2024-05-01T08:00:00Z）",
        FieldType::List => "文字列表",
    }
}

fn value_what(fault: &ValueFault, field: &Words, kind: FieldType) -> Words {
    let (zh, en) = (&field.zh, &field.en);
    match fault {
        ValueFault::WrongType { found, wanted } => {
            let found = shown(found);
            words(format!("{zh}：“{found}”不是{}", wanted_zh(kind)), format!("{en}: '{found}' is not {wanted}"))
        }
        ValueFault::UnknownCode { found, .. } => {
            let found = shown(found);
            words(
                format!("{zh}：“{found}”不在取值表中"),
                format!("{en}: '{found}' is not in its list, which is closed"),
            )
        }
        ValueFault::OutOfRange { found, range } => {
            words(format!("{zh}：{found} 超出 {range}"), format!("{en}: {found} is outside {range}"))
        }
        ValueFault::Missing => words(format!("{zh}：必填"), format!("{en}: a value is required")),
    }
}

fn value_hint(fault: &ValueFault) -> Words {
    match fault {
        ValueFault::WrongType { .. } => {
            words("改正该值；文字要加引号，数值不加", "mend it; texts are quoted, numbers are not")
        }
        ValueFault::UnknownCode { known, .. } => words(
            format!("改用取值表中的代码或名称，或用 --map 对应；取值：{known}"),
            format!("use a code or word of the list, or map it with --map; known are {known}"),
        ),
        ValueFault::OutOfRange { .. } => words("核对数值和单位", "look at the number and its unit"),
        ValueFault::Missing => words("补填该值", "fill it in"),
    }
}

fn metres(v: f64) -> String {
    format!("{v:.3}")
}

fn crs_hint(likely: Option<Crs>) -> Words {
    match likely {
        Some(crs) => words(
            format!("数值像 {crs}，核实后加 --crs {crs}"),
            format!("the numbers look like {crs}: make sure, then add --crs {crs}"),
        ),
        None => words(
            "向数据提供方问清坐标系，用 --crs 指明",
            "ask where the data comes from which CRS it has, and say it with --crs",
        ),
    }
}
