//! The paths of the service as a whole.

use serde_json::json;

use super::operation::{Operation, form, path, query};
use super::{Paths, schema_ref};

/// The tag that they stand under.
pub const TAG: &str = "服务";

/// Every path that belongs to no single layer.
pub fn paths() -> Paths {
    let mut out = Paths::new();
    let mut put = |path: &str, operation: Operation| _ = out.insert(path.into(), operation.done());
    let new = |id: &str, zh: &str, en: &str| Operation::new(id, TAG, zh, en);
    let both = || [form(&["json", "html"])];
    let any = || json!({"type": "object"});
    for (path, id, zh, en, schema) in [
        ("/api", "landing", "服务首页", "Landing page", "Landing"),
        ("/api/conformance", "conformance", "符合的标准", "Conformance classes", "Conformance"),
        ("/api/collections", "collections", "图层目录", "Layers", "Collections"),
    ] {
        let operation = new(id, zh, en).takes(both()).gives("application/json", schema_ref(schema)).gives_html();
        put(path, operation.fails(&["400", "406"]));
    }
    put(
        "/api/openapi.json",
        new("openapi", "本说明", "This document")
            .gives("application/vnd.oai.openapi+json;version=3.0", any())
            .fails(&["400"]),
    );
    put("/api/openapi.html", new("openapiPage", "本说明，网页", "This document, to read").gives_html().fails(&["400"]));
    let most =
        |default: usize, most: usize| json!({"type": "integer", "minimum": 1, "maximum": most, "default": default});
    put(
        "/api/search",
        new("search", "按名称或编号查找", "Features by any part of their name or number, in all layers")
            .takes([
                query(
                    "q",
                    "名称或编号的任意部分 / any part of a name or number",
                    true,
                    json!({"type": "string", "minLength": 1, "maxLength": 100, "example": "府西"}),
                ),
                query("limit", "最多几条 / how many", false, most(20, 200)),
            ])
            .gives("application/geo+json", schema_ref("FeatureCollection"))
            .fails(&["400"]),
    );
    let degrees =
        |most: f64, example: f64| json!({"type": "number", "minimum": -most, "maximum": most, "example": example});
    put(
        "/api/at",
        new("at", "某处有什么", "What lies at a place, nearest first")
            .takes([
                query("lon", "经度 / longitude", true, degrees(180.0, 116.72)),
                query("lat", "纬度 / latitude", true, degrees(85.0, 35.46)),
                query(
                    "radius_m",
                    "半径，米 / metres around",
                    false,
                    json!({"type": "number", "minimum": 0, "maximum": 500, "default": 5}),
                ),
                query("limit", "最多几条 / how many", false, most(100, 500)),
            ])
            .gives("application/geo+json", schema_ref("FeatureCollection"))
            .fails(&["400"]),
    );
    put(
        "/api/catalogue",
        new("catalogue", "图层、字段与用语", "Layers, fields and words, as the map page wants them")
            .gives("application/json", any())
            .fails(&["400"]),
    );
    put(
        "/api/figures",
        new("figures", "首页数字", "Living figures of the first screen")
            .gives("application/json", json!({"type": "array", "items": any()}))
            .fails(&["400"]),
    );
    put(
        "/api/changes",
        new("changes", "变更推送", "Changes as they happen: server-sent events, a JSON object a data line")
            .takes([query(
                "since",
                "从此序号之后开始；不写则从现在 / start after this seq; without it, now",
                false,
                json!({"type": "integer", "minimum": 0}),
            )])
            .gives("text/event-stream", json!({"type": "string"}))
            .fails(&["400"]),
    );
    put(
        "/styles/{name}",
        new("style", "地图样式", "A MapLibre style of all layers")
            .takes([path("name", "样式 / style", json!({"type": "string", "enum": ["light.json", "dark.json"]}))])
            .gives("application/json", any())
            .fails(&["400", "404"]),
    );
    let layers = || path("layers", "图层代号，用逗号分开 / layer ids, parted by commas", json!({"type": "string"}));
    put(
        "/tiles/{layers}",
        new("tilejson", "几个图层的 TileJSON", "TileJSON 3.0 of one or several layers")
            .takes([layers()])
            .gives("application/json", schema_ref("TileJson"))
            .fails(&["400", "404"]),
    );
    let number = |name: &str| path(name, "瓦片编号 / tile number", json!({"type": "integer", "minimum": 0}));
    put(
        "/tiles/{layers}/{z}/{x}/{y}",
        new("tile", "矢量瓦片", "A Mapbox Vector Tile 2.1 of one or several layers")
            .takes([layers(), number("z"), number("x"), number("y")])
            .gives("application/vnd.mapbox-vector-tile", json!({"type": "string", "format": "binary"}))
            .tells(&["ETag"])
            .or("204", "空瓦片 / nothing there")
            .or("304", "没有变化 / not changed")
            .fails(&["400", "404"]),
    );
    for (path, id, zh, en) in [
        ("/health/live", "live", "进程在运行", "The process answers"),
        ("/health/ready", "ready", "服务已就绪", "The town is in memory"),
    ] {
        put(path, new(id, zh, en).gives("application/json", any()).fails(&[]));
    }
    put(
        "/metrics",
        new("metrics", "运行指标", "Measurements, Prometheus text")
            .gives("text/plain; version=0.0.4", json!({"type": "string"}))
            .fails(&[]),
    );
    out
}
