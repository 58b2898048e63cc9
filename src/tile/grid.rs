//! Where tiles lie in the world square, and how world integers become tile units.

use crate::geom::world::WorldBox;
use crate::layer::catalogue::MAX_ZOOM;

/// Units to the side of a tile.
pub const EXTENT: i64 = 4096;
/// Units around a tile that it holds besides its own, so that lines and dots are drawn whole at its edge.
pub const BUFFER: i64 = 64;

/// A tile of the Web Mercator square: zoom, column from the west, row from the north.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TileId {
    pub z: u8,
    pub x: u32,
    pub y: u32,
}

impl TileId {
    /// A tile that is in the square, at a zoom that is cut.
    ///
    /// ```
    /// use townseat::tile::TileId;
    /// assert!(TileId::new(1, 1, 1).is_some());
    /// assert!(TileId::new(1, 2, 0).is_none() && TileId::new(21, 0, 0).is_none());
    /// ```
    pub fn new(z: u8, x: u32, y: u32) -> Option<TileId> {
        (z <= MAX_ZOOM && x >> z == 0 && y >> z == 0).then_some(TileId { z, x, y })
    }

    /// World units to a tile unit, as a power of two.
    pub fn shift(self) -> u32 {
        u32::from(MAX_ZOOM - self.z)
    }

    /// The first world unit of the tile, x and y.
    pub fn origin(self) -> [i64; 2] {
        let size = 32 - u32::from(self.z);
        [i64::from(self.x) << size, i64::from(self.y) << size]
    }

    /// Lowest and highest world unit that the tile holds, its buffer included, which may lie outside the world.
    pub fn reach(self) -> ([i64; 2], [i64; 2]) {
        let unit = 1i64 << self.shift();
        let [x, y] = self.origin();
        let (b, e) = (BUFFER * unit, (EXTENT + BUFFER) * unit);
        ([x - b, y - b], [x + e, y + e])
    }

    /// [`TileId::reach`] as a box of the world, to ask an index with.
    pub fn world_box(self) -> WorldBox {
        let (min, max) = self.reach();
        let inside = |v: i64| v.clamp(0, i64::from(u32::MAX)) as u32;
        WorldBox { min: min.map(inside), max: max.map(inside) }
    }

    /// The four tiles that it parts into, at the next zoom; none below the last.
    pub fn children(self) -> impl Iterator<Item = TileId> {
        [(0, 0), (1, 0), (0, 1), (1, 1)]
            .into_iter()
            .filter_map(move |(dx, dy)| TileId::new(self.z + 1, self.x * 2 + dx, self.y * 2 + dy))
    }

    /// A world place in tile units, rounded on the world's own raster, so that neighbours agree.
    #[inline]
    pub fn unit(self, p: [i64; 2]) -> [i32; 2] {
        let shift = self.shift();
        let half = (1i64 << shift) >> 1;
        [
            (((p[0] + half) >> shift) - i64::from(self.x) * EXTENT) as i32,
            (((p[1] + half) >> shift) - i64::from(self.y) * EXTENT) as i32,
        ]
    }
}
