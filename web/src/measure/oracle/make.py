"""Makes pyproj.json: what PROJ says of places, lines and areas. Run by hand: `pip install pyproj && python make.py`."""
import json
import math
import random
from pathlib import Path

import pyproj
from pyproj import Transformer

rng = random.Random(4548)
out = {"made_with": f"pyproj {pyproj.__version__}, PROJ {pyproj.proj_version_str}", "points": [], "shapes": []}
for code in (4548, 4527, 4547, 4509, 4498):
    to = Transformer.from_crs(4490, code, always_xy=True)
    for _ in range(12):
        lon, lat = round(rng.uniform(115.6, 118.4), 8), round(rng.uniform(34.0, 37.0), 8)
        east, north = to.transform(lon, lat)
        out["points"].append({"crs": f"EPSG:{code}", "lon": lon, "lat": lat, "east": east, "north": north})
to = Transformer.from_crs(4490, 4548, always_xy=True)
for n in (2, 3, 5, 9, 40):
    centre = (116.72 + rng.uniform(-0.05, 0.05), 35.46 + rng.uniform(-0.05, 0.05))
    ring = []
    for i in range(n):
        angle = 2 * math.pi * i / n
        r = rng.uniform(0.001, 0.01)
        ring.append((round(centre[0] + r * math.cos(angle), 8), round(centre[1] + r * math.sin(angle), 8)))
    p = [to.transform(*c) for c in ring]
    length = sum(math.dist(a, b) for a, b in zip(p, p[1:]))
    area = abs(math.fsum(a[0] * b[1] - b[0] * a[1] for a, b in zip(p, p[1:] + p[:1]))) / 2
    out["shapes"].append({"ring": ring, "length_m": length, "area_m2": area})
Path(__file__).with_name("pyproj.json").write_text(json.dumps(out, indent=1) + "\n")
