//! The colours of a theme, and how the catalogue's colours are bent to it. Knows no layer.

/// Which of the two looks a style has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    Light,
    Dark,
}

/// A theme's own colours, `#rrggbb`.
pub(super) struct Ink {
    theme: Theme,
    pub name: &'static str,
    /// The ground that everything lies on.
    pub paper: &'static str,
    /// Between carriageway and edge of a street.
    pub verge: &'static str,
    /// Around words.
    pub halo: &'static str,
    /// Words on a coloured badge.
    pub on_color: &'static str,
    /// Rings of what should stand and does not.
    pub missing: &'static str,
    /// Words that have no colour of their own.
    word: [f64; 3],
}

impl Ink {
    pub fn of(theme: Theme) -> Ink {
        match theme {
            Theme::Light => Ink {
                theme,
                name: "light",
                paper: "#f5f3ee",
                verge: "#ebe8e1",
                halo: "#ffffff",
                on_color: "#ffffff",
                missing: "#d42f26",
                word: [0.16, 0.19, 0.23],
            },
            Theme::Dark => Ink {
                theme,
                name: "dark",
                paper: "#14181d",
                verge: "#232930",
                halo: "#0f1215",
                on_color: "#ffffff",
                missing: "#ff6b5e",
                word: [0.90, 0.92, 0.94],
            },
        }
    }

    /// A base map's colour: quiet, so that what lies on it speaks.
    pub fn soften(&self, color: &str) -> String {
        let c = rgb(color);
        match self.theme {
            Theme::Light => hex(mix(c, rgb(self.paper), 0.42)),
            // the hue stays, the brightness goes
            Theme::Dark => hex(mix(scale(c, 0.34), rgb(self.paper), 0.34)),
        }
    }

    /// A working layer's colour: as the catalogue has it on light, lifted where dark would swallow it.
    pub fn strong(&self, color: &str) -> String {
        let mut c = rgb(color);
        if self.theme == Theme::Dark {
            let lack = 0.34 - luminance(c);
            if lack > 0.0 {
                c = mix(c, [1.0, 1.0, 1.0], (lack * 1.5).min(0.6));
            }
        }
        hex(c)
    }

    /// The inside of an area: as it is on light; on dark a working layer's is dimmed, its edge stays strong.
    pub fn area(&self, color: &str, base: bool) -> String {
        match self.theme {
            Theme::Dark if !base => hex(mix(scale(rgb(color), 0.62), rgb(self.paper), 0.35)),
            _ => color.to_string(),
        }
    }

    /// The carriageway of a street: paler still, as pipes, belts and names lie on it.
    pub fn carriageway(&self, color: &str) -> String {
        match self.theme {
            Theme::Light => hex(mix(rgb(color), [1.0; 3], 0.48)),
            Theme::Dark => hex(mix(rgb(color), [0.42, 0.45, 0.49], 0.35)),
        }
    }

    /// The edge of an area or street of the base map.
    pub fn edge(&self, color: &str) -> String {
        match self.theme {
            Theme::Light => hex(mix(rgb(color), [0.42, 0.39, 0.34], 0.30)),
            Theme::Dark => hex(mix(rgb(color), [0.60, 0.64, 0.70], 0.18)),
        }
    }

    /// The thin rim that keeps weak colours (pure cyan, magenta, green) readable on the ground.
    pub fn rim(&self, color: &str) -> String {
        match self.theme {
            Theme::Light => hex(scale(rgb(color), 0.52)),
            Theme::Dark => hex(mix(rgb(color), rgb(self.paper), 0.62)),
        }
    }

    /// Words in a shade of their thing's colour, dark or light enough to read.
    pub fn word(&self, color: &str) -> String {
        hex(mix(rgb(color), self.word, if self.theme == Theme::Light { 0.68 } else { 0.74 }))
    }
}

/// Parts of `#rrggbb`, 0 to 1; grey for anything else.
fn rgb(color: &str) -> [f64; 3] {
    let part = |i: usize| {
        let two = color.strip_prefix('#').filter(|h| h.len() == 6)?.get(i * 2..i * 2 + 2)?;
        u8::from_str_radix(two, 16).ok().map(|v| f64::from(v) / 255.0)
    };
    match (part(0), part(1), part(2)) {
        (Some(r), Some(g), Some(b)) => [r, g, b],
        _ => [0.5; 3],
    }
}

fn hex(c: [f64; 3]) -> String {
    let byte = |v: f64| (v.clamp(0.0, 1.0) * 255.0).round() as u8;
    format!("#{:02x}{:02x}{:02x}", byte(c[0]), byte(c[1]), byte(c[2]))
}

/// `share` of `b` in `a`.
fn mix(a: [f64; 3], b: [f64; 3], share: f64) -> [f64; 3] {
    std::array::from_fn(|i| a[i] + (b[i] - a[i]) * share)
}

fn scale(c: [f64; 3], by: f64) -> [f64; 3] {
    c.map(|v| v * by)
}

/// Relative luminance after WCAG 2.1.
fn luminance(c: [f64; 3]) -> f64 {
    let [r, g, b] = c.map(|v| if v <= 0.03928 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}
