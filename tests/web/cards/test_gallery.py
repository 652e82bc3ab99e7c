"""What a card shows is drawn once."""

import asyncio

from app.domain.status import Status
from app.web.cards import gallery
from app.web.cards.gallery import Gallery
from app.web.cards.model import Card


def a_card(claim: str) -> Card:
    return Card(status=Status.UP, claim=claim, lines=(), rows=())


class Hand:
    """Draws, and remembers what."""

    def __init__(self) -> None:
        self.drew: list[str] = []

    def __call__(self, card: Card) -> bytes:
        self.drew.append(card.claim)
        return card.claim.encode()


async def test_the_same_card_is_drawn_once_whoever_asks_and_whenever() -> None:
    hand = Hand()
    shown = Gallery(hand)
    asked = [shown.png(a_card(claim)) for claim in ("up", "down", "up", "up", "down")]
    assert await asyncio.gather(*asked) == [b"up", b"down", b"up", b"up", b"down"]
    assert await shown.png(a_card("up")) == b"up"
    assert hand.drew == ["up", "down"]


async def test_it_is_bounded_and_what_nobody_asked_for_the_longest_goes_first() -> None:
    hand = Hand()
    shown = Gallery(hand)
    first, kept = a_card("first"), a_card("kept")
    for card in (first, kept, *(a_card(str(number)) for number in range(gallery.MOST_KEPT - 2))):
        await shown.png(card)
    await shown.png(kept)
    await shown.png(a_card("one more"))
    await shown.png(a_card("and one"))
    hand.drew.clear()
    await shown.png(kept)
    await shown.png(first)
    assert hand.drew == ["first"]
