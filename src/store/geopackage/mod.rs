//! The default store: a GeoPackage file that QGIS opens as it is.
