"""The indicators: one function each, by heading of sheet 2.5; the register is the list that pages and reports print."""

from indicators.definitions import (  # noqa: F401  (each module puts its indicators in the register)
    actions,
    agreements,
    anomalies,
    follow_up,
    impact,
    insertion,
    involvement,
    networks,
    reciprocity,
    satisfaction,
    shares,
    students,
)
from indicators.definitions.anomalies import Anomaly
from indicators.definitions.register import Cell, Figure, Indicator, Number, Value, in_order, named
from indicators.definitions.year_data import YearData

__all__ = ["Anomaly", "Cell", "Figure", "Indicator", "Number", "Value", "YearData", "anomalies", "in_order", "named"]
