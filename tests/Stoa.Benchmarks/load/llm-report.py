#!/usr/bin/env python3
"""Medians of a run of load/llm as a table of ratios on standard output, and as a plot.

Usage: tests/Stoa.Benchmarks/load/llm-report.py out/load/llm.jsonl out/load/llm-performance.svg
"""
import json, statistics, sys
from collections import defaultdict

lines = [json.loads(line) for line in open(sys.argv[1]) if line.startswith("{")]
cells = defaultdict(list)
for line in lines:
    cells[line["scenario"], line["target"], line["connections"]].append(line)


def median(scenario, target, connections, field):
    found = [line[field] for line in cells.get((scenario, target, connections), []) if field in line]
    return statistics.median(found) if found else None


def ratio(scenario, connections, target, base="direct", base_scenario=None):
    """Median over the rounds of the ratio within each."""
    through, direct = cells.get((scenario, target, connections), []), cells.get((base_scenario or scenario, base, connections), [])
    pairs = [a["perSecond"] / b["perSecond"] for a, b in zip(through, direct) if b["perSecond"]]
    return statistics.median(pairs) if pairs else None


rows, bars = [], []
for scenario, connections, base in (("chat", 1, None), ("chat", 16, None), ("chat", 64, None), ("messages-to-chat", 1, "chat"), ("messages-to-chat", 16, "chat"), ("stream", 64, None), ("joined-stream", 64, None)):
    for target in ("gateway", "portkey"):
        value = ratio(scenario, connections, target, base_scenario=base)
        if value is not None:
            rows.append(f"{scenario:18} {connections:3} connections  {target:8} {median(scenario, target, connections, 'perSecond'):9.0f}/s  ratio {value:.3f}")
            bars.append((f"{scenario}, {connections}", target, value))
for scenario, connections, field, name in (
    ("chat", 1, "p50Ms", "added p50"), ("chat", 64, "p99Ms", "p99"), ("slow-20ms", 16, "p50Ms", "added p50"), ("paced-stream", 1, "ttfbP50Ms", "added time to first event, p50"),
    ("joined-stream", 1, "ttfbP50Ms", "added time to first event, p50"), ("paced-stream", 16, "reads", "reads per stream")):
    direct = median(scenario, "direct", connections, field)
    for target in ("gateway", "portkey"):
        value = median(scenario, target, connections, field)
        if value is not None and direct is not None:
            shown = value if name in ("p99", "reads per stream") else value - direct
            rows.append(f"{scenario:18} {connections:3} connections  {target:8} {name}: {shown:.3f}{'' if field == 'reads' else ' ms'} (direct {direct:.3f})")
print("\n".join(rows))

width, left, step = 760, 190, 26
height = 60 + step * len(bars)
top = max((value for _, _, value in bars), default=1) * 1.15
colours = {"gateway": "#2563eb", "portkey": "#9ca3af"}
svg = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="13">',
       f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
       '<text x="16" y="24" font-size="15" font-weight="bold" fill="#111827">Throughput as a share of calling the model directly</text>']
for i, (name, target, value) in enumerate(bars):
    y = 44 + i * step
    length = value / top * (width - left - 150)
    svg.append(f'<text x="{left - 8}" y="{y + 14}" text-anchor="end" fill="#374151">{name}</text>')
    svg.append(f'<rect x="{left}" y="{y}" width="{length:.1f}" height="18" fill="{colours[target]}"/>')
    svg.append(f'<text x="{left + length + 6:.1f}" y="{y + 14}" fill="#374151">{value:.3f} {"Stoa" if target == "gateway" else "Portkey 1.15.2"}</text>')
svg.append("</svg>")
open(sys.argv[2], "w").write("\n".join(svg) + "\n")
