"""What a token costs at which model, dated: to reckon with, rather too dear than too cheap.

USD a million tokens. Source: the price map that litellm 1.106.2 ships, read on 2026-11-23 and not verified with
the vendors; a price of one's own can stand in a check.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar, Final

from annotated_types import Ge

from app.probes.prober import SCHEMA

Usd = Annotated[float, Ge(0)]

READ_ON: Final = date(2026, 11, 23)


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """USD for a million tokens that are sent, and that come back; and what every request costs besides."""

    __pydantic_config__: ClassVar[dict[str, Any]] = SCHEMA

    input: Usd
    """USD for a million tokens of the prompt."""
    output: Usd
    """USD for a million tokens of the answer, thoughts included."""
    request: Usd = 0.0
    """USD for every request besides."""

    def cost_nusd(self, given: int, output: int) -> int:
        """What a request costs, in billionths of a USD, rounded up."""
        return int(given * self.input * 1000 + output * self.output * 1000 + self.request * 1e9 + 0.999)


def _price(given: float, output: float, request: float = 0.0) -> Price:
    return Price(input=given, output=output, request=request)


PRICES: Mapping[str, Price] = {
    "gpt-5-nano": _price(0.05, 0.40),
    "gpt-5.4-nano": _price(0.20, 1.25),
    "gpt-6-luna": _price(0.10, 0.50),
    "claude-haiku-5-5": _price(0.10, 0.50),
    "claude-haiku-4-5": _price(1.00, 5.00),
    "gemini-2.5-flash-lite": _price(0.10, 0.40),
    "gemini-3.1-flash-lite": _price(0.25, 1.50),
    "gemini-3.5-flash-lite": _price(0.30, 2.50),
    "ministral-3-3b-2512": _price(0.10, 0.10),
    "command-r7b-12-2024": _price(0.0375, 0.15),
    "grok-4.20-0309-non-reasoning": _price(1.25, 2.50),
    "openai/gpt-oss-20b": _price(0.075, 0.30),
    "accounts/fireworks/models/gpt-oss-20b": _price(0.07, 0.30),
    "deepseek-flash": _price(0.30, 1.20),
    "deepseek-v4-flash": _price(0.30, 1.20),
    "sonar": _price(1.00, 1.00, 0.005),
    "amazon.nova-micro-v1:0": _price(0.035, 0.14),
}
"""By the name of the model, as its vendor writes it."""

DEAREST: Final = _price(15.0, 75.0)
"""What is reckoned for a model that nobody knows the price of: more than any cheap one costs."""


def price_of(model: str) -> Price | None:
    """The price of a model, of a dated version of it too; `None` where nobody knows it."""
    if model.endswith(":free"):
        return _price(0.0, 0.0)
    known = [name for name in PRICES if model == name or model.startswith(f"{name}-2")]
    return PRICES[max(known, key=len)] if known else None
