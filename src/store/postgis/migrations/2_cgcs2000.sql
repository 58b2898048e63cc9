-- CGCS2000 longitude/latitude, where this PostGIS does not know it yet. Parameters are the EPSG registry's.
INSERT INTO {postgis}.spatial_ref_sys (srid, auth_name, auth_srid, srtext, proj4text)
VALUES (4490, 'EPSG', 4490,
  'GEOGCS["China Geodetic Coordinate System 2000",DATUM["China_2000",SPHEROID["CGCS2000",6378137,298.257222101,AUTHORITY["EPSG","1024"]],AUTHORITY["EPSG","1043"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4490"]]',
  '+proj=longlat +ellps=GRS80 +no_defs +type=crs')
ON CONFLICT (srid) DO NOTHING;
