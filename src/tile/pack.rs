//! Packs tile bytes as HTTP clients ask for them.

use std::io::Write;

/// How bytes are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    Identity,
    Gzip,
    Brotli,
}

impl Encoding {
    /// The name of the content coding; `None` for plain bytes.
    pub fn coding(self) -> Option<&'static str> {
        match self {
            Encoding::Identity => None,
            Encoding::Gzip => Some("gzip"),
            Encoding::Brotli => Some("br"),
        }
    }
}

/// Level of deflate: a tile is packed once and sent many times, and still must be quick the first time.
const GZIP_LEVEL: i32 = 5;
const BROTLI_QUALITY: i32 = 5;

/// Packs bytes.
pub fn pack(bytes: Vec<u8>, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Identity => bytes,
        Encoding::Gzip => {
            let level = libdeflater::CompressionLvl::new(GZIP_LEVEL).unwrap_or_default();
            let mut packer = libdeflater::Compressor::new(level);
            let mut out = vec![0; packer.gzip_compress_bound(bytes.len())];
            let length = packer.gzip_compress(&bytes, &mut out).expect("the bound is enough");
            out.truncate(length);
            out
        }
        Encoding::Brotli => {
            let mut out = Vec::with_capacity(bytes.len() / 2);
            let params = brotli::enc::BrotliEncoderParams {
                quality: BROTLI_QUALITY,
                size_hint: bytes.len(),
                ..Default::default()
            };
            let mut packer = brotli::CompressorWriter::with_params(&mut out, 4096, &params);
            packer.write_all(&bytes).expect("writing to memory does not fail");
            drop(packer);
            out
        }
    }
}
