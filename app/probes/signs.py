"""By what our own probes know the failures of vendors, for those who have nothing but an error message; pure."""

from collections.abc import Mapping
from http import HTTPStatus

from app.domain.phrases import Signs
from app.domain.result import FailureKind
from app.probes.refusal import BY_CODE, BY_STATUS, BY_WORDS

_BROKEN_INSIDE = (HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.NOT_IMPLEMENTED, HTTPStatus.SERVICE_UNAVAILABLE)
_REFUSED_KEY = (HTTPStatus.UNAUTHORIZED,)
_UNLISTED = {FailureKind.SERVER_ERROR: _BROKEN_INSIDE, FailureKind.KEY_REFUSED: _REFUSED_KEY}
"""Statuses that stand in no list, for they are judged by what they have in common."""


def known_signs() -> Mapping[FailureKind, Signs]:
    """Codes, statuses and texts beside a status, by the kind of failure that they are signs of."""
    return {
        kind: Signs(
            codes=[code for code, meaning in BY_CODE.items() if meaning[0] is kind],
            statuses=[
                *(status for status, meaning in BY_STATUS.items() if meaning[0] is kind),
                *map(int, _UNLISTED.get(kind, ())),
            ],
            texts=[(status, text) for status, text, meaning in BY_WORDS if meaning[0] is kind],
        )
        for kind in FailureKind
    }
