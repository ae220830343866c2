"""A simulated business: every file its platforms deliver, night by night, and the right answers.

The result depends on the arguments only: no clock, no network, no state. Times are naive Shanghai wall times,
money is fen, a night is a date in Shanghai.
"""

from followthrough.sample.folder import write
from followthrough.sample.sample import Delivery, Sample
from followthrough.sample.truth.truth import Truth

__all__ = ["Delivery", "Sample", "Truth", "write"]
