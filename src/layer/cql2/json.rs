//! CQL2 JSON into the tree.

use serde_json::Value as Json;

use super::DEEPEST;
use super::fault::{FilterFault, Found, short};
use super::geojson;
use super::node::{Kind, Node};

/// Reads a whole condition. Nesting too deep for the JSON reader is a fault of its own there.
pub fn read(text: &str) -> Found<Node> {
    let json: Json = serde_json::from_str(text).map_err(|e| {
        FilterFault::new(
            None,
            format!("条件不是可读的 JSON：{e}"),
            format!("the condition is no JSON that can be read: {e}"),
        )
        .hint("请检查括号、引号与嵌套", "look at brackets, quotes and nesting")
    })?;
    node(&json, 0)
}

fn node(json: &Json, depth: usize) -> Found<Node> {
    if depth > DEEPEST {
        return Err(FilterFault::deep(None));
    }
    let nodes = |items: &[Json]| items.iter().map(|i| node(i, depth + 1)).collect::<Found<Vec<Node>>>();
    let kind = match json {
        Json::Bool(b) => Kind::Bool(*b),
        Json::Number(n) => match (n.as_i64(), n.as_f64()) {
            (Some(i), _) => Kind::Int(i),
            (None, Some(r)) if r.is_finite() => Kind::Real(r),
            _ => return Err(misplaced(json)),
        },
        Json::String(s) => Kind::Text(s.clone()),
        Json::Array(items) => Kind::List(nodes(items)?),
        Json::Null => return Err(misplaced(json).hint("判断空值请用 isNull", "to ask for nothing use isNull")),
        Json::Object(members) => {
            let text = |name: &str| members.get(name).and_then(Json::as_str);
            let array = |name: &str| members.get(name).and_then(Json::as_array);
            if let (Some(op), Some(args)) = (text("op"), array("args")) {
                let args = nodes(args)?;
                Kind::Call(op.to_lowercase(), args)
            } else if let Some(name) = text("property") {
                Kind::Name(name.to_string())
            } else if let Some(date) = text("date") {
                Kind::Date(date.to_string())
            } else if let Some(at) = text("timestamp") {
                Kind::Timestamp(at.to_string())
            } else if let Some(ends) = array("interval") {
                let ends = <[Node; 2]>::try_from(nodes(ends)?).map_err(|_| misplaced(json))?;
                Kind::Interval(Box::new(ends))
            } else if let Some(corners) = array("bbox").filter(|_| !members.contains_key("type")) {
                let numbers: Option<Vec<f64>> = corners.iter().map(Json::as_f64).collect();
                match numbers.as_deref() {
                    Some([a, b, c, d]) | Some([a, b, _, c, d, _]) => Kind::Bbox([*a, *b, *c, *d]),
                    _ => return Err(misplaced(json)),
                }
            } else if members.contains_key("type") {
                Kind::Geometry(geojson::read(json, depth)?)
            } else {
                return Err(misplaced(json));
            }
        }
    };
    Node::new(None, kind)
}

fn misplaced(json: &Json) -> FilterFault {
    let text = short(&json.to_string());
    FilterFault::new(None, format!("此处不能用 {text}"), format!("{text} can't stand here")).hint(
        r#"例如 {"op":"=","args":[{"property":"kind"},"WS"]}"#,
        r#"such as {"op":"=","args":[{"property":"kind"},"WS"]}"#,
    )
}
