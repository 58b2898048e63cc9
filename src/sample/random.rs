//! A small pseudo-random stream: the same words give the same numbers on every machine.

use xxhash_rust::xxh3::xxh3_64;

/// A xoshiro256** stream (Blackman and Vigna, 2018), seeded through splitmix64.
#[derive(Debug, Clone)]
pub struct Random([u64; 4]);

impl Random {
    /// A stream of its own for one purpose: what one purpose draws never shifts another.
    pub fn of(seed: u64, district: u32, purpose: &str) -> Random {
        let mut state = seed ^ xxh3_64(format!("{district}/{purpose}").as_bytes());
        let mut next = || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        };
        Random([next(), next(), next(), next()])
    }

    fn next(&mut self) -> u64 {
        let s = &mut self.0;
        let out = s[1].wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        out
    }

    /// A number from 0 up to, but not, 1.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A number between two ends.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A number around a middle.
    pub fn around(&mut self, middle: f64, spread: f64) -> f64 {
        self.between(middle - spread, middle + spread)
    }

    /// An angle in radians, anywhere around.
    pub fn angle(&mut self) -> f64 {
        self.between(0.0, std::f64::consts::TAU)
    }

    /// A whole number, both ends included.
    pub fn whole(&mut self, low: i64, high: i64) -> i64 {
        low + ((high - low + 1) as f64 * self.unit()) as i64
    }

    /// True with the given chance.
    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// One of some; the slice must not be empty.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[(self.unit() * of.len() as f64) as usize]
    }
}
