//! One operation in the making: what it is called, takes and answers.

use serde_json::{Map, Value as Json, json};

/// A GET operation.
pub struct Operation {
    json: Json,
    content: Map<String, Json>,
    headers: Map<String, Json>,
}

impl Operation {
    /// An operation with an id of its own, under a tag, with a line in Chinese and one in English.
    pub fn new(id: &str, tag: &str, zh: &str, en: &str) -> Operation {
        let json = json!({
            "operationId": id, "tags": [tag], "summary": zh, "description": en,
            "parameters": [],
            "responses": {"200": {"description": zh}},
        });
        Operation { json, content: Map::new(), headers: Map::new() }
    }

    /// With parameters of its own.
    pub fn takes(mut self, parameters: impl IntoIterator<Item = Json>) -> Operation {
        if let Some(list) = self.json["parameters"].as_array_mut() {
            list.extend(parameters);
        }
        self
    }

    /// With parameters that many operations take.
    pub fn takes_common(self, names: &[&str]) -> Operation {
        let list: Vec<Json> = names.iter().map(|n| json!({"$ref": format!("#/components/parameters/{n}")})).collect();
        self.takes(list)
    }

    /// With a form of the answer.
    pub fn gives(mut self, media: &str, schema: Json) -> Operation {
        self.content.insert(media.into(), json!({"schema": schema}));
        self
    }

    /// The answer is a page to read, too.
    pub fn gives_html(self) -> Operation {
        self.gives("text/html", json!({"type": "string"}))
    }

    /// With headers that the answer carries.
    pub fn tells(mut self, headers: &[&str]) -> Operation {
        for name in headers {
            self.headers.insert((*name).into(), json!({"$ref": format!("#/components/headers/{name}")}));
        }
        self
    }

    /// With another answer that is no fault: 204, 304.
    pub fn or(mut self, status: &str, description: &str) -> Operation {
        self.json["responses"][status] = json!({"description": description});
        self
    }

    /// With the faults it may end in; one on our side is always among them.
    pub fn fails(mut self, statuses: &[&str]) -> Operation {
        for status in statuses.iter().chain(&["500"]) {
            self.json["responses"][*status] = json!({"$ref": format!("#/components/responses/{status}")});
        }
        self
    }

    /// The path item that holds it.
    pub fn done(mut self) -> Json {
        let answer = &mut self.json["responses"]["200"];
        if !self.headers.is_empty() {
            answer["headers"] = Json::Object(self.headers);
        }
        answer["content"] = Json::Object(self.content);
        json!({"get": self.json})
    }
}

/// A parameter in the query.
pub fn query(name: &str, description: &str, required: bool, schema: Json) -> Json {
    json!({"name": name, "in": "query", "required": required, "description": description, "schema": schema})
}

/// A parameter in the query that is a list parted by commas.
pub fn list(name: &str, description: &str, schema: Json) -> Json {
    let mut out = query(name, description, false, schema);
    out["style"] = "form".into();
    out["explode"] = false.into();
    out
}

/// A parameter in the path.
pub fn path(name: &str, description: &str, schema: Json) -> Json {
    json!({"name": name, "in": "path", "required": true, "description": description, "schema": schema})
}

/// `f`, with the forms that an answer has.
pub fn form(names: &[&str]) -> Json {
    query("f", "格式，先于 Accept / form, before Accept", false, json!({"type": "string", "enum": names}))
}
