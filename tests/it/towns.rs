//! Small towns that tests are made on.

/// A town file with one group.
pub const TOWN: &str = r#"
id = "test"
title = { zh = "测试街道", en = "Test seat" }
office = { zh = "测试办", en = "Test office" }
secrecy = { zh = "公开", en = "public" }
extent = [116.6, 35.38, 116.84, 35.54]
center = [116.72, 35.46, 15.0]
work_crs = "EPSG:4548"

[[group]]
id = "all"
title = { zh = "全部", en = "All" }
"#;

/// A layer that the code has never heard of.
pub const LAMP: &str = r##"
id = "street_lamp"
title = { zh = "智慧路灯", en = "Smart street lamp" }
about = { zh = "会说话的路灯", en = "Lamps that talk" }
group = "all"
geometry = ["Point"]
zoom = { min = 12, full = 15 }
label = "name"

[draw]
color = "#aa5500"
by = "bulb"
size = 4.0
shown = true
order = 9

[[field]]
id = "name"
title = { zh = "灯杆名", en = "Lamp name" }
type = "text"
required = true
search = true
tile_zoom = 12

[[field]]
id = "bulb"
title = { zh = "灯泡", en = "Bulb" }
type = "text"
closed = true
tile_zoom = 12
values = [
  { code = "led", zh = "发光二极管", en = "LED", color = "#22aa44" },
  { code = "hps", zh = "高压钠灯", en = "Sodium", color = "#dd8800" },
]

[[field]]
id = "watts"
title = { zh = "功率", en = "Power" }
type = "integer"
unit = "W"
min = 1
max = 2000
"##;

/// Seeds of a town with that one layer.
pub const LAMP_TOWN: [(&str, &str); 2] = [("towns/test.toml", TOWN), ("layers/street_lamp.toml", LAMP)];

/// `count` lamps on a raster of some ten metres, every third a sodium one, numbered from 0.
pub fn lamps(count: usize) -> String {
    let one = |i: usize| {
        let (lon, lat) = (116.70 + 0.0001 * (i % 50) as f64, 35.45 + 0.0001 * (i / 50) as f64);
        let bulb = if i.is_multiple_of(3) { "hps" } else { "led" };
        format!(
            r#"{{"type":"Feature","id":"lamp-{i}","geometry":{{"type":"Point","coordinates":[{lon:.8},{lat:.8}]}},"properties":{{"name":"灯{i}号","bulb":"{bulb}","watts":{}}}}}"#,
            10 + i
        )
    };
    let features: Vec<String> = (0..count).map(one).collect();
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(",\n"))
}

/// The tile that holds a place, by the published formula of the slippy map.
pub fn tile_at(lon: f64, lat: f64, z: u32) -> (u32, u32) {
    let n = f64::from(1u32 << z);
    let s = lat.to_radians().tan().asinh() / std::f64::consts::PI;
    (((lon + 180.0) / 360.0 * n) as u32, ((1.0 - s) / 2.0 * n) as u32)
}
