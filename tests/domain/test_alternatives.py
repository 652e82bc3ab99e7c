"""What is offered in place of a service, what is not, and in which order."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.alternatives import Alternative, Candidate, Withheld, alternatives, relied_on, withheld, working
from app.domain.proof import EvidenceLevel
from app.domain.service import Capability
from app.domain.status import Status
from app.domain.together import Bout, Kinship
from tests.build import minute

NOW = minute(0)
LONG_AGO = NOW - timedelta(days=90)
ASSISTANT, CHAT, CODE, IMAGE, SPEECH = (
    Capability.ASSISTANT,
    Capability.CHAT_API,
    Capability.CODE,
    Capability.IMAGE,
    Capability.SPEECH,
)
STREAMED, AUTHENTICATED, REACHABLE = EvidenceLevel.STREAMED, EvidenceLevel.AUTHENTICATED, EvidenceLevel.REACHABLE


def ago(*hours: int) -> tuple[Bout, ...]:
    """Half an hour of trouble so many hours ago, each."""
    return tuple((NOW - timedelta(hours=each), NOW - timedelta(hours=each - 0.5)) for each in sorted(hours)[::-1])


GOOD = Candidate(
    service_id="good",
    vendor_id="good-inc",
    capabilities=(CHAT,),
    status=Status.UP,
    evidence=REACHABLE,
    known_since_at=LONG_AGO,
    uptime=0.9995,
    latency_ms=300,
)
IT = replace(GOOD, service_id="it", vendor_id="it-inc", status=Status.DOWN, bouts=ago(100, 200, 300, 400))


def like(name: str, **other: object) -> Candidate:
    """A service as good as any, of its own vendor, unless something else is said."""
    own: dict[str, object] = {"service_id": name, "vendor_id": f"{name}-inc", **other}
    return replace(GOOD, **own)  # type: ignore[arg-type] # the fields are its own


def named(offered: Sequence[Alternative]) -> list[str]:
    return [each.service_id for each in offered]


@pytest.mark.parametrize(
    ("candidate", "expected"),
    [
        (GOOD, None),
        (replace(GOOD, vendor_status=Status.UP), None),
        (replace(GOOD, vendor_status=Status.UNKNOWN), None),
        (replace(GOOD, status=Status.DOWN), Withheld.TROUBLED),
        (replace(GOOD, status=Status.DEGRADED), Withheld.TROUBLED),
        (replace(GOOD, status=Status.UNKNOWN), Withheld.UNKNOWN),
        (replace(GOOD, status=Status.MAINTENANCE), Withheld.MAINTENANCE),
        (replace(GOOD, vendor_status=Status.MAINTENANCE), Withheld.MAINTENANCE),
        (replace(GOOD, vendor_status=Status.DEGRADED), Withheld.VENDOR_TELLS),
        (replace(GOOD, is_suspected=True), Withheld.SUSPECTED),
        (replace(GOOD, evidence=None), Withheld.UNPROVEN),
    ],
)
def test_only_what_is_up_by_its_own_evidence_is_offered(candidate: Candidate, expected: Withheld | None) -> None:
    assert withheld(candidate) is expected
    assert named(alternatives(IT, [IT, candidate], NOW)) == ([] if expected else ["good"])


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (like("b", evidence=STREAMED, uptime=0.9), like("a", evidence=AUTHENTICATED)),
        (like("b", evidence=AUTHENTICATED, bouts=IT.bouts), like("a", evidence=REACHABLE)),
        (like("b", uptime=0.9), like("a", bouts=IT.bouts)),
        (like("b", latency_ms=None), like("a", uptime=0.998)),
        (like("b", uptime=0.94), like("a", uptime=None)),
        (like("b", latency_ms=1000), like("a", latency_ms=1001)),
        (like("b", latency_ms=9_000), like("a", latency_ms=None)),
        (like("b", latency_ms=900, first_token_ms=400), like("a", latency_ms=450, first_token_ms=900)),
        (like("b"), like("a", capabilities=(SPEECH, CHAT))),
        (like("b", capabilities=(SPEECH, CHAT)), like("a", capabilities=(IMAGE,), evidence=STREAMED)),
        (like("b"), like("a", vendor_id="it-inc", evidence=STREAMED)),
        (like("b"), like("a", relies_on=frozenset({"it"}), evidence=STREAMED)),
        (like("b"), like("a", relies_on=frozenset({"its-other"}), evidence=STREAMED)),
        (like("b"), like("a", relies_on=frozenset({"broken"}), evidence=STREAMED)),
        (like("b"), like("a", relies_on=frozenset({"ground"}))),
        (like("b", relies_on=frozenset({"it"})), like("a", vendor_id="it-inc")),
    ],
    ids=[
        "evidence before uptime",
        "evidence before failing together",
        "failing together before uptime",
        "uptime before speed",
        "a known uptime",
        "speed",
        "a known speed",
        "the first token where a model was asked",
        "whose main use it is",
        "the first capability before others",
        "another vendor before the same",
        "who relies on it comes late",
        "who relies on its vendor comes late",
        "who relies on what is broken comes late",
        "who shares its ground",
        "a shared vendor is worse than passing on",
    ],
)
def test_the_better_one_comes_first(better: Candidate, worse: Candidate) -> None:
    it = replace(IT, capabilities=(CHAT, IMAGE), relies_on=frozenset({"ground"}))
    others = [
        like("its-other", vendor_id="it-inc", status=Status.UNKNOWN),
        like("broken", status=Status.DOWN),
        like("ground", status=Status.UNKNOWN),
    ]
    for candidates in ([worse, better], [better, worse]):
        assert named(alternatives(it, [it, *candidates, *others], NOW)) == ["b", "a"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (like("b", uptime=0.9991), like("a", uptime=1.0)),
        (like("b", latency_ms=999), like("a", latency_ms=80)),
        (like("b", bouts=ago(100), known_since_at=LONG_AGO), like("a", bouts=ago(100, 200))),
    ],
    ids=["uptime", "speed", "failing together"],
)
def test_a_small_difference_leaves_the_order_of_the_catalogue(first: Candidate, second: Candidate) -> None:
    many = replace(IT, bouts=ago(*range(100, 3000, 50)))
    assert named(alternatives(many, [first, second], NOW)) == ["b", "a"]
    assert named(alternatives(many, [second, first], NOW)) == ["a", "b"]


@pytest.mark.parametrize(
    ("capabilities", "expected"),
    [
        ((ASSISTANT, IMAGE), ["grok"]),
        ((CHAT, IMAGE), ["api", "drawing"]),
        ((CODE,), ["agent"]),
        ((IMAGE,), ["drawing"]),
        ((SPEECH,), []),
    ],
)
def test_everybody_is_offered_what_is_made_for_them(
    capabilities: tuple[Capability, ...], expected: list[str]
) -> None:
    others = [
        like("drawing", capabilities=(IMAGE,)),
        like("grok", capabilities=(ASSISTANT, IMAGE)),
        like("api", capabilities=(CHAT, CODE)),
        like("agent", capabilities=(CODE,)),
    ]
    assert named(alternatives(replace(IT, capabilities=capabilities), others, NOW)) == expected


@pytest.mark.parametrize(
    ("capability", "level", "expected"),
    [
        (CHAT, STREAMED, STREAMED),
        (CODE, EvidenceLevel.GENERATED, EvidenceLevel.GENERATED),
        (IMAGE, STREAMED, AUTHENTICATED),
        (SPEECH, EvidenceLevel.GENERATED, AUTHENTICATED),
        (IMAGE, AUTHENTICATED, AUTHENTICATED),
        (IMAGE, REACHABLE, REACHABLE),
    ],
)
def test_a_text_proves_nothing_of_pictures_and_voices(
    capability: Capability, level: EvidenceLevel, expected: EvidenceLevel
) -> None:
    candidate = like("candidate", capabilities=(CHAT, capability), evidence=level, first_token_ms=80)
    (offered,) = working(capability, [candidate], NOW)
    assert (offered.evidence, offered.first_token_ms) == (expected, 80 if expected is level else None)


def test_it_is_said_what_is_shared_and_what_the_place_rests_on() -> None:
    it = replace(IT, capabilities=(CHAT, SPEECH))
    candidate = like("voice", capabilities=(SPEECH,), vendor_id="it-inc", bouts=ago(100, 250), first_token_ms=80)
    (offered,) = alternatives(it, [it, candidate], NOW)
    assert (offered.capability, offered.evidence) == (SPEECH, REACHABLE)
    assert (offered.kinship, offered.kin_id) == (Kinship.SAME_VENDOR, "it")
    assert (offered.uptime, offered.latency_ms, offered.first_token_ms) == (0.9995, 300, 80)
    together = offered.together
    assert together is not None
    assert (together.of_id, together.times, together.of, together.share) == ("it", 1, 4, (1 + 4 * 0.6) / 8)


@pytest.mark.parametrize(("known_since_at", "of"), [(LONG_AGO, 4), (NOW - timedelta(hours=250), 2), (None, 0)])
def test_what_happened_before_it_was_watched_is_not_counted_for_it(
    known_since_at: datetime | None, of: int
) -> None:
    (offered,) = alternatives(IT, [like("new", known_since_at=known_since_at)], NOW)
    assert offered.together is not None
    assert (offered.together.times, offered.together.of) == (0, of)


@pytest.mark.parametrize(
    ("relies_on", "expected"),
    [
        ((), (Kinship.STRANGER, None)),
        (("it",), (Kinship.PASSES_ON, "it")),
        (("its-other",), (Kinship.PASSES_ON, "its-other")),
        (("broken",), (Kinship.PASSES_ON, "broken")),
        (("ground",), (Kinship.SHARED_GROUND, "ground")),
        (("ground", "it"), (Kinship.PASSES_ON, "it")),
        (("elsewhere",), (Kinship.STRANGER, None)),
    ],
)
def test_kin_is_who_may_fall_with_it(relies_on: tuple[str, ...], expected: tuple[Kinship, str | None]) -> None:
    it = replace(IT, relies_on=frozenset({"ground"}))
    others = [like("its-other", vendor_id="it-inc"), like("broken", status=Status.DOWN), like("ground"), it]
    candidate = like("candidate", relies_on=frozenset(relies_on))
    offered = {each.service_id: each for each in alternatives(it, [candidate, *others], NOW)}
    assert (offered["candidate"].kinship, offered["candidate"].kin_id) == expected
    assert offered["ground"].kinship is Kinship.SHARED_GROUND


def test_who_offers_a_capability_is_asked_without_naming_a_service() -> None:
    others = [
        like("grok", capabilities=(ASSISTANT, IMAGE), evidence=STREAMED),
        like("drawing", capabilities=(IMAGE,)),
        like("router", capabilities=(CHAT, IMAGE), relies_on=frozenset({"it"})),
    ]
    found = working(IMAGE, [*others, IT], NOW)
    assert named(found) == ["drawing", "router", "grok"]
    assert [each.together for each in found] == [None, None, None]
    assert found[1].kin_id == "it"


def test_of_several_to_avoid_the_one_that_it_failed_with_most_is_told() -> None:
    other = like("other", status=Status.UP, bouts=ago(1000, 1100))
    candidate = like("candidate", bouts=other.bouts)
    (offered,) = working(CHAT, [IT, other, candidate], NOW, avoided=[IT, other])
    assert offered.together is not None
    assert (offered.together.of_id, offered.together.times) == ("other", 2)
    assert named(alternatives(IT, [IT, other, candidate], NOW, also_not=[candidate])) == ["other"]


def test_what_a_service_relies_on_is_followed_through_and_round_in_circles() -> None:
    known = {"a": ["b", "c"], "b": ["d"], "d": ["a"]}
    assert relied_on(known, "a") == {"b", "c", "d"}
    assert relied_on(known, "nobody") == frozenset()


candidates = st.lists(
    st.builds(
        Candidate,
        service_id=st.sampled_from([f"s{number}" for number in range(12)]),
        vendor_id=st.sampled_from(["one", "two", "three"]),
        capabilities=st.lists(st.sampled_from(Capability), min_size=1, max_size=3, unique=True).map(tuple),
        status=st.sampled_from(Status),
        evidence=st.none() | st.sampled_from(EvidenceLevel),
        vendor_status=st.none() | st.sampled_from(Status),
        is_suspected=st.booleans(),
        relies_on=st.frozensets(st.sampled_from(["s0", "s1", "s2"]), max_size=2),
        bouts=st.sets(st.integers(1, 80), max_size=4).map(lambda hours: ago(*hours)),
        known_since_at=st.none() | st.just(LONG_AGO),
        uptime=st.none() | st.floats(0, 1),
        latency_ms=st.none() | st.integers(1, 9000),
        first_token_ms=st.none() | st.integers(1, 9000),
    ),
    min_size=1,
    unique_by=lambda each: each.service_id,
)


@given(candidates)
def test_whatever_is_asked_nothing_bad_unknown_or_itself_is_offered(known: list[Candidate]) -> None:
    to = known[0]
    by_id = {each.service_id: each for each in known}
    for offered in (alternatives(to, known, NOW), working(to.capabilities[0], known, NOW, avoided=[to])):
        assert to.service_id not in named(offered)
        assert len(set(named(offered))) == len(offered)
        assert [withheld(by_id[name]) for name in named(offered)] == [None] * len(offered)
        assert {by_id[name].status for name in named(offered)} <= {Status.UP}
        assert all(each.capability in by_id[each.service_id].capabilities for each in offered)


@given(candidates)
def test_of_two_the_same_one_comes_first_whoever_else_is_offered(known: list[Candidate]) -> None:
    ranked = named(alternatives(known[0], known, NOW))
    gone = set(ranked[::2])
    fewer = [replace(each, is_suspected=each.is_suspected or each.service_id in gone) for each in known]
    assert named(alternatives(known[0], fewer, NOW)) == ranked[1::2]
