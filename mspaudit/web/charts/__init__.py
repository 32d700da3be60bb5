"""Figures as pictures: pure functions that return one SVG each, coloured by class and without a style."""

from mspaudit.web.charts.bars import certainty_bar, gain_meter, progress, risk_bar, scenario_bar
from mspaudit.web.charts.dates import Axis, timeline, timeline_head
from mspaudit.web.charts.dots import distribution
from mspaudit.web.charts.lines import spark, trend
from mspaudit.web.charts.marks import mark
from mspaudit.web.charts.paper import standalone
from mspaudit.web.charts.scale import LEVELS, level_of, level_word
from mspaudit.web.charts.squares import impact_squares, nights, posture_squares, waffle

__all__ = [
    "LEVELS", "Axis", "certainty_bar", "distribution", "gain_meter", "impact_squares", "level_of",
    "level_word", "mark", "nights", "posture_squares", "progress", "risk_bar", "scenario_bar", "spark",
    "standalone", "timeline", "timeline_head", "trend", "waffle",
]  # fmt: skip
