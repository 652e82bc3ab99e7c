"""Keeps the cards that were drawn: what a card shows is drawn once, however often and wherever it is asked for."""

import asyncio
from collections.abc import Callable
from typing import Final

from app.web.cards.model import Card

MOST_KEPT: Final = 500
"""Of about 20 KB each."""


def drawn(card: Card) -> bytes:
    """A card as PNG."""
    from app.web.cards.drawing import png_of  # noqa: PLC0415 - who draws is large, and nobody may ever ask

    return png_of(card)


class Gallery:
    """Draws in a thread, one card at a time: many that are wanted at once must not make probes late."""

    def __init__(self, draw: Callable[[Card], bytes] = drawn) -> None:
        self._draw = draw
        self._kept: dict[Card, bytes] = {}
        self._lock = asyncio.Lock()

    async def png(self, card: Card) -> bytes:
        """The picture of a card."""
        if card not in self._kept:
            async with self._lock:
                if card not in self._kept:
                    self._keep(card, await asyncio.to_thread(self._draw, card))
        return self._keep(card, self._kept[card])

    def _keep(self, card: Card, picture: bytes) -> bytes:
        """At the end: what nobody asked for the longest goes first."""
        self._kept.pop(card, None)
        self._kept[card] = picture
        if len(self._kept) > MOST_KEPT:
            self._kept.pop(next(iter(self._kept)))
        return picture
