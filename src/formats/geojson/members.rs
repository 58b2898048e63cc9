//! The members of a GeoJSON object as they are written, those of the wrong kind by their name.
//! Names that stand twice are kept, since a map would lose them.

use std::fmt;

use serde::Deserialize;
use serde::de::{self, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value as Json;

use super::shape::Node;

/// The members that GeoJSON defines for any of its objects; others are passed over.
#[derive(Default)]
pub struct Object {
    pub kind: Option<Json>,
    pub id: Option<Json>,
    pub crs: Option<Json>,
    pub geometry: Option<Member>,
    pub properties: Option<Properties>,
    pub coordinates: Option<Node>,
    pub features: Option<IgnoredAny>,
    /// Names that stood before.
    pub twice: Vec<String>,
}

/// An object, or the name of what stands in its place.
pub enum Member {
    Object(Box<Object>),
    Other(&'static str),
}

/// Names and values in order, or the name of what stands in their place.
pub enum Properties {
    Members(Vec<(String, Json)>),
    Other(&'static str),
}

/// Answers for everything that is not what a visitor waits for, by its name.
macro_rules! others {
    ($make:path) => {
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok($make("null"))
        }
        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
            Ok($make("true/false"))
        }
        fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
            Ok($make("a text"))
        }
    };
}
pub(super) use others;

/// Numbers where none belongs.
macro_rules! numbers {
    ($make:path) => {
        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
            Ok($make("a number"))
        }
        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
            Ok($make("a number"))
        }
        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
            Ok($make("a number"))
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            Ok($make("an array"))
        }
    };
}

impl<'de> Deserialize<'de> for Member {
    fn deserialize<D: de::Deserializer<'de>>(from: D) -> Result<Member, D::Error> {
        struct Seen;
        impl<'de> Visitor<'de> for Seen {
            type Value = Member;
            others!(Member::Other);
            numbers!(Member::Other);
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a GeoJSON object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Member, A::Error> {
                let mut out = Object::default();
                while let Some(name) = map.next_key::<std::borrow::Cow<'de, str>>()? {
                    let stood = match &*name {
                        "type" => out.kind.replace(map.next_value()?).is_some(),
                        "id" => out.id.replace(map.next_value()?).is_some(),
                        "crs" => out.crs.replace(map.next_value()?).is_some(),
                        "geometry" => out.geometry.replace(map.next_value()?).is_some(),
                        "properties" => out.properties.replace(map.next_value()?).is_some(),
                        "features" => out.features.replace(map.next_value()?).is_some(),
                        "coordinates" => out.coordinates.replace(map.next_value()?).is_some(),
                        _ => {
                            map.next_value::<IgnoredAny>()?;
                            false
                        }
                    };
                    if stood {
                        out.twice.push(name.into_owned());
                    }
                }
                Ok(Member::Object(Box::new(out)))
            }
        }
        from.deserialize_any(Seen)
    }
}

impl<'de> Deserialize<'de> for Properties {
    fn deserialize<D: de::Deserializer<'de>>(from: D) -> Result<Properties, D::Error> {
        struct Seen;
        impl<'de> Visitor<'de> for Seen {
            type Value = Properties;
            others!(Properties::Other);
            numbers!(Properties::Other);
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("properties")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Properties, A::Error> {
                let mut out = Vec::new();
                while let Some(member) = map.next_entry()? {
                    out.push(member);
                }
                Ok(Properties::Members(out))
            }
        }
        from.deserialize_any(Seen)
    }
}
