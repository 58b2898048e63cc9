//! Integration tests: over the command line and over HTTP, against the real things.

mod clients;
mod durability;
mod items;
mod new_layer;
mod openapi;
mod outside_edits;
mod page;
mod running;
mod shape;
mod store_contract;
mod store_geopackage;
mod store_ground;
mod store_postgis;
mod tiles;
mod towns;
