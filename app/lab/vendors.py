"""The pretended vendors: which face each shows, its models, how fast it is, who hosts its status page."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.lab import webapps
from app.lab.apis import anthropic, azure, bedrock, cohere, doors, gemini, houses, mistral, ollama, openai
from app.lab.face import Face, Model, Pace
from app.lab.pages import hosted
from app.lab.pages.hosted import PageKind
from app.lab.troubles import Surface

_PARTS: Mapping[str, str] = {"api": "API", "web": "Web app", "login": "Login", "images": "Image generation"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """A pretended vendor. `components` are what its status page lists: a key for scripts, a name for people."""

    id: str
    name: str
    face: Face
    models: tuple[Model, ...] = ()
    pace: Pace = field(default_factory=Pace)
    page: PageKind | None = None
    components: Mapping[str, str] = field(default_factory=lambda: _PARTS)

    def face_of(self, surface: Surface) -> Face:
        """What this vendor shows there."""
        return {Surface.API: self.face, Surface.WEB: webapps.FACE, Surface.STATUS: hosted.FACE}[surface]

    def surfaces(self) -> tuple[Surface, ...]:
        """Where this vendor can be asked."""
        return (Surface.API, Surface.WEB, *((Surface.STATUS,) if self.page else ()))


def _models(*names: str, thinking: Mapping[str, int] | None = None) -> tuple[Model, ...]:
    thoughts = thinking or {}
    return tuple(Model(id=name, reasoning=thoughts.get(name, 0)) for name in (*names, *thoughts))


def _vendor(
    name: str, face: Face, models: tuple[Model, ...] = (), pace: Pace | None = None, page: PageKind | None = None
) -> Vendor:
    key = name.lower().replace(" ", "").replace(".", "")
    return Vendor(id=key, name=f"{name} (simulated)", face=face, models=models, pace=pace or Pace(), page=page)


def pretended_vendors() -> Mapping[str, Vendor]:
    """All vendors of the lab by id; `control1` to `control3` are unrelated hosts to check one's own network by."""
    controls = tuple(_vendor(f"Control{number}", webapps.FACE, pace=Pace(head=0.01)) for number in (1, 2, 3))
    return {vendor.id: vendor for vendor in (*_with_a_protocol_of_their_own(), *_speaking_openais(), *controls)}


def _with_a_protocol_of_their_own() -> tuple[Vendor, ...]:
    return (
        _vendor(
            "OpenAI",
            openai.FACE,
            _models("gpt-6-luna", "gpt-5.4-nano", thinking={"gpt-5-nano": 8}),
            Pace(head=0.03, first=0.18, rate=90),
            PageKind.INCIDENTIO,
        ),
        _vendor(
            "Anthropic",
            anthropic.FACE,
            _models("claude-haiku-5-5", "claude-haiku-4-5"),
            Pace(head=0.04, first=0.22, rate=70),
            PageKind.STATUSPAGE,
        ),
        _vendor(
            "Gemini",
            gemini.FACE,
            _models("gemini-3.5-flash-lite", "gemini-2.5-flash-lite", thinking={"gemini-3.1-flash-lite": 8}),
            Pace(head=0.03, first=0.16, rate=120),
        ),
        _vendor("Vertex", gemini.VERTEX, _models("gemini-3.1-flash-lite"), Pace(head=0.03, first=0.16, rate=120)),
        _vendor("Cohere", cohere.FACE, _models("command-r7b-12-2024"), page=PageKind.INCIDENTIO),
        _vendor("Replicate", doors.REPLICATE, page=PageKind.INCIDENTIO),
        _vendor("ElevenLabs", doors.ELEVENLABS, page=PageKind.INCIDENTIO),
        _vendor("Copilot", doors.COPILOT, page=PageKind.STATUSPAGE),
        _vendor("Bedrock", bedrock.FACE, _models("amazon.nova-micro-v1:0"), Pace(head=0.05, first=0.25)),
        _vendor("Ollama", ollama.FACE, _models("llama3.2:1b", thinking={"gpt-oss:20b": 6})),
    )


def _speaking_openais() -> tuple[Vendor, ...]:
    return (
        _vendor(
            "Azure", azure.FACE, _models("gpt-5.4-nano", thinking={"gpt-5-nano": 8}), Pace(head=0.04, first=0.2)
        ),
        _vendor("Mistral", mistral.FACE, _models("ministral-3-3b-2512"), page=PageKind.INSTATUS),
        _vendor(
            "Groq",
            houses.GROQ,
            _models(thinking={"openai/gpt-oss-20b": 4}),
            Pace(first=0.06, rate=400),
            PageKind.INCIDENTIO,
        ),
        _vendor("xAI", houses.XAI, _models("grok-4.20-0309-non-reasoning"), page=PageKind.FEED),
        _vendor("Together", houses.TOGETHER, _models("openai/gpt-oss-20b"), page=PageKind.BETTERSTACK),
        _vendor(
            "Fireworks",
            houses.FIREWORKS,
            _models("accounts/fireworks/models/gpt-oss-20b"),
            page=PageKind.INCIDENTIO,
        ),
        _vendor("DeepSeek", houses.DEEPSEEK, _models("deepseek-flash", thinking={"deepseek-v4-flash": 6})),
        _vendor("Perplexity", houses.PERPLEXITY, _models("sonar"), page=PageKind.INSTATUS),
        _vendor("OpenRouter", houses.OPENROUTER, _models("openai/gpt-oss-20b:free"), page=PageKind.FEED),
        _vendor("HuggingFace", houses.HUGGINGFACE, _models("openai/gpt-oss-20b"), page=PageKind.BETTERSTACK),
        _vendor("vLLM", houses.VLLM),
        _vendor("LM Studio", houses.LMSTUDIO),
    )
