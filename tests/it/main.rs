//! Integration tests: over the command line and over HTTP, against the real things.

mod clients;
mod durability;
mod items;
mod new_layer;
mod outside_edits;
mod page;
mod running;
mod shape;
mod tiles;
mod towns;
