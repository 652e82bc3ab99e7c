"""The dialects there are, by the names they have in a catalogue and on the command line."""

from collections.abc import Mapping
from enum import StrEnum

from app.probes.dialects import (
    anthropic,
    azure,
    bedrock,
    cohere,
    compatible,
    gemini,
    mistral,
    ollama,
    openai,
    responses,
)
from app.probes.speech import Dialect


class DialectName(StrEnum):
    """How a model API is spoken to."""

    OPENAI = "openai"
    OPENAI_RESPONSES = "openai-responses"
    OPENAI_COMPATIBLE = "openai-compatible"
    AZURE = "azure-openai"
    ANTHROPIC = "anthropic"
    GEMINI = "gemini"
    GEMINI_V1 = "gemini-v1"
    VERTEX = "vertex"
    MISTRAL = "mistral"
    COHERE = "cohere"
    OLLAMA = "ollama"
    BEDROCK = "bedrock"


DIALECTS: Mapping[DialectName, Dialect] = {
    DialectName.OPENAI: openai.DIALECT,
    DialectName.OPENAI_RESPONSES: responses.DIALECT,
    DialectName.OPENAI_COMPATIBLE: compatible.DIALECT,
    DialectName.AZURE: azure.DIALECT,
    DialectName.ANTHROPIC: anthropic.DIALECT,
    DialectName.GEMINI: gemini.DIALECT,
    DialectName.GEMINI_V1: gemini.STABLE,
    DialectName.VERTEX: gemini.VERTEX,
    DialectName.MISTRAL: mistral.DIALECT,
    DialectName.COHERE: cohere.DIALECT,
    DialectName.OLLAMA: ollama.DIALECT,
    DialectName.BEDROCK: bedrock.DIALECT,
}
