//! Quotes names and texts for SQL that can't be bound: table definitions and triggers. Knows no database.

/// A name as SQL writes it: `"pipe"`.
pub fn name(id: &str) -> String {
    format!("\"{}\"", id.replace('"', "\"\""))
}

/// A text as SQL writes it: `'给水'`.
pub fn text(s: &str) -> String {
    // neither database can hold a zero byte in the text of a statement
    format!("'{}'", s.replace('\0', "").replace('\'', "''"))
}

/// Names parted by commas.
pub fn names<'a>(ids: impl IntoIterator<Item = &'a str>) -> String {
    ids.into_iter().map(name).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_in_names_and_texts_are_doubled() {
        assert_eq!(name("a\"b"), "\"a\"\"b\"");
        assert_eq!(text("it's"), "'it''s'");
        assert_eq!(names(["a", "b"]), "\"a\", \"b\"");
    }
}
