"""What the catalogue of the demonstration leaves open, as a lab would fill it in."""

PLACES = {
    "LAB": "http://127.0.0.1:8800",
    "LAB_PORT": "8800",
    "LAB_DNS": "8853",
    "LAB_TLS": "true",
    "LAB_CA": "authority.pem",
    "LAB_TLS_OPENAI": "8801",
    "LAB_TLS_ANTHROPIC": "8802",
    "LAB_TLS_GEMINI": "8803",
}
