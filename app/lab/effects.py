"""What troubles do: pure functions from a healthy answer, or the scene it is given in, to a sick one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.lab.answer import Answer, Ending, Piece, Request, Role, encode_json
from app.lab.edge import EDGE_ERRORS
from app.lab.face import Face, Scene, plain_refusal
from app.lab.troubles import Behaviour, Trouble, find_fault


def perform(face: Face, request: Request, scene: Scene, struck: Sequence[Trouble]) -> Answer:
    """The answer that this face gives when all these troubles strike at once.

    Those that change the scene come first; then the first error, if there is any, takes the answer's place; then
    the answer is delayed or withheld, and if it is no error, bent out of shape.
    """
    for trouble in struck:
        if set_scene := _SCENES.get(trouble.kind):
            scene = set_scene(scene, trouble)
    instead = next(filter(None, (_instead(face, request, scene, trouble) for trouble in struck)), None)
    answer = instead or face.answer(request, scene)
    bends = _DELAYS if instead else {**_DELAYS, **_SHAPES}
    for trouble in struck:
        if bend := bends.get(trouble.kind):
            answer = bend(answer, trouble, _Place(face=face, request=request, scene=scene))
        answer = answer.with_headers(trouble.headers.items())
    return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    face: Face
    request: Request
    scene: Scene


def _slow_first_token(scene: Scene, trouble: Trouble) -> Scene:
    return replace(scene, pace=replace(scene.pace, first=scene.pace.first + trouble.seconds))


def _slow_tokens(scene: Scene, trouble: Trouble) -> Scene:
    return replace(scene, pace=replace(scene.pace, rate=scene.pace.rate / max(trouble.factor, 1e-6)))


_SCENES: Mapping[str, Callable[[Scene, Trouble], Scene]] = {
    Behaviour.SLOW_FIRST_TOKEN: _slow_first_token,
    Behaviour.SLOW_TOKENS: _slow_tokens,
    Behaviour.EMPTY_ANSWER: lambda scene, _: replace(scene, tokens=()),
    Behaviour.WRONG_ANSWER: lambda scene, _: replace(scene, tokens=("Cer", "tain", "ly", "!")),
    Behaviour.REFUSAL: lambda scene, _: replace(scene, tokens=("I", " can", "not"), refuse=True),
    Behaviour.FROZEN: lambda scene, _: replace(scene, now=scene.opened_at or scene.now),
    Behaviour.BUDGET_SPENT: lambda scene, _: replace(scene, spend_on_reasoning=True),
}


def _instead(face: Face, request: Request, scene: Scene, trouble: Trouble) -> Answer | None:
    if trouble.kind == Behaviour.AUTH_OUTAGE:
        return _refused(face, request, scene, "key_refused" if face.key_of(request) else "server_error")
    return _refused(face, request, scene, trouble.kind)


def _refused(face: Face, request: Request, scene: Scene, name: str) -> Answer | None:
    if fault := face.errors.get(name):
        return face.refuse(fault, request, scene)
    if fault := EDGE_ERRORS.get(name):
        return plain_refusal(fault, scene)
    return None


def _silent(ending: Ending) -> Callable[[Answer, Trouble, _Place], Answer]:
    """Nothing is said before the ending."""
    return lambda answer, _trouble, _place: replace(answer, status=None, ending=ending)


def _broken_off(ending: Ending) -> Callable[[Answer, Trouble, _Place], Answer]:
    """A few tokens are sent, then the stream ends so."""

    def bend(answer: Answer, trouble: Trouble, place: _Place) -> Answer:
        pieces = _begun(answer, trouble.after)
        promised = None if answer.streamed or ending is Ending.CLEAN else len(answer.body)
        streamed = answer.streamed or ending is Ending.BAD_CHUNK
        return replace(
            answer,
            pieces=pieces,
            ending=ending,
            promised=promised,
            streamed=streamed,
            keepalive=answer.keepalive or place.face.keepalive,
            keepalive_every=trouble.seconds,
        )

    return bend


def _begun(answer: Answer, tokens: int) -> tuple[Piece, ...]:
    """The pieces up to the text token of this number (all text where there is less); of a whole body, its half."""
    if not answer.streamed:
        return tuple(replace(piece, data=piece.data[: len(piece.data) // 2]) for piece in answer.pieces)
    begun: list[Piece] = []
    for piece in answer.pieces:
        if piece.role is Role.FINISH or sum(one.role is Role.TEXT for one in begun) >= tokens:
            break
        begun.append(piece)
    return tuple(begun)


def _headers_only(answer: Answer, _trouble: Trouble, _place: _Place) -> Answer:
    promised = None if answer.streamed else len(answer.body)
    return replace(answer, pieces=(), ending=Ending.SILENCE, promised=promised)


def _later(answer: Answer, trouble: Trouble, _place: _Place) -> Answer:
    pieces = tuple(replace(piece, at=piece.at + trouble.seconds) for piece in answer.pieces)
    return replace(answer, head_at=answer.head_at + trouble.seconds, pieces=pieces)


def _garbled(answer: Answer, trouble: Trouble, place: _Place) -> Answer:
    """One event that cannot be decoded, amid healthy ones."""
    if not answer.streamed:
        return replace(answer, pieces=_begun(answer, 0))
    texts = [index for index, piece in enumerate(answer.pieces) if piece.role is Role.TEXT]
    if not texts:
        return answer
    spoilt = texts[min(trouble.after, len(texts) - 1)]
    pieces = list(answer.pieces)
    pieces[spoilt] = replace(pieces[spoilt], data=place.face.garble(pieces[spoilt].data))
    return replace(answer, pieces=tuple(pieces))


def _error_inside(tokens: Callable[[Trouble], int]) -> Callable[[Answer, Trouble, _Place], Answer]:
    """An error after so many tokens of an answer that already said 200."""

    def bend(answer: Answer, trouble: Trouble, place: _Place) -> Answer:
        fault = find_fault(place.face, trouble.error)
        if fault is None or answer.status is None:
            return answer
        if not answer.streamed:
            whole = Piece(at=answer.head_at, data=encode_json(fault.document), role=Role.ERROR)
            return replace(answer, pieces=(whole,))
        begun = _begun(answer, tokens(trouble)) if tokens(trouble) else ()
        at = begun[-1].at if begun else place.scene.pace.first
        data = place.face.error_event(fault, place.request, place.scene, len(begun))
        return replace(answer, pieces=(*begun, Piece(at=at, data=data, role=Role.ERROR)))

    return bend


def _without(*roles: Role) -> Callable[[Answer, Trouble, _Place], Answer]:
    """The same answer, but for these pieces."""
    return lambda answer, _trouble, _place: replace(
        answer, pieces=tuple(piece for piece in answer.pieces if piece.role not in roles)
    )


_Bend = Callable[[Answer, Trouble, _Place], Answer]

_DELAYS: Mapping[str, _Bend] = {
    Behaviour.HANG: _silent(Ending.SILENCE),
    Behaviour.CLOSE_BEFORE_STATUS: _silent(Ending.CUT),
    Behaviour.RESET_BEFORE_STATUS: _silent(Ending.RESET),
    Behaviour.HEADERS_THEN_SILENCE: _headers_only,
    Behaviour.SLOW_HEADERS: _later,
}

_SHAPES: Mapping[str, _Bend] = {
    Behaviour.STALL: _broken_off(Ending.SILENCE),
    Behaviour.KEEPALIVE_STALL: _broken_off(Ending.KEEPALIVES),
    Behaviour.TRUNCATED: _broken_off(Ending.CLEAN),
    Behaviour.CUT: _broken_off(Ending.CUT),
    Behaviour.RESET: _broken_off(Ending.RESET),
    Behaviour.MALFORMED_CHUNK: _broken_off(Ending.BAD_CHUNK),
    Behaviour.MALFORMED_EVENT: _garbled,
    Behaviour.ERROR_FIRST: _error_inside(lambda _: 0),
    Behaviour.ERROR_MIDSTREAM: _error_inside(lambda trouble: trouble.after),
    Behaviour.NO_TERMINAL_EVENT: _without(Role.TERMINAL),
    Behaviour.EMPTY_STREAM: _without(*Role),
}
