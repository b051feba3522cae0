"""What every client is asked to do in front of every upstream dialect, and what cannot be, each with its reason.

A cell that cannot be is written down in IMPOSSIBLE, one that waits for something to be mended in FAULTS. Its test runs all the
same and must fail: one that begins to work has to leave the list.
"""

import base64
import json
import struct
import zlib

import plenum

# The upstream's dialects: the provider's id, its format, what its base address adds.
DIALECTS = {**plenum.DIALECTS, "resp": ("openai-responses", "/v1")}

# The doors, with a path that tells whether there is one.
DOORS = {
    "chat": "/v1/chat/completions",
    "responses": "/v1/responses",
    "messages": "/v1/messages",
    "gemini": "/v1beta/models/x:generateContent",
}

TEXT = "sim-gap1-strict-words20"
PLAIN = "sim-gap0-strict"
CALLS = "sim-gap0-strict-calls3"
THINKING = "sim-gap0-strict-words5-think4"
THINKING_CALLS = "sim-gap0-strict-calls3-think4"
TWO_CALLS = "sim-gap0-strict-calls2"
THINKING_TWO_CALLS = "sim-gap0-strict-calls2-think4"
ERROR_AFTER = "sim-gap1-strict-words20-error529-after5"
CUT = "sim-gap1-strict-words20-cut5"
ENDED = "sim-gap1-strict-words20-end5"
STATUSES = (400, 401, 429, 529)


def refused(status):
    return f"sim-gap0-strict-status{status}"


MODELS = [
    TEXT, PLAIN, CALLS, THINKING, THINKING_CALLS, TWO_CALLS, THINKING_TWO_CALLS, ERROR_AFTER, CUT, ENDED,
    *map(refused, STATUSES)]

WORDS20 = "".join(f"word{n} " for n in range(1, 21))
WORDS5 = "".join(f"word{n} " for n in range(1, 6))
THOUGHTS4 = "".join(f"thought{n} " for n in range(1, 5))

# What the upstream's refusal becomes at the door: a key of the gateway's that is refused is nothing the client can mend.
OUT = {400: 400, 401: 502, 429: 429, 529: 503}

# Parallel calls: two tools, and the first of them once more with other arguments.
TOOLS = {
    "weather": ("The weather in a city", {
        "type": "object",
        "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
        "required": ["city", "days"],
    }),
    "clock": ("The time in a zone", {
        "type": "object",
        "properties": {"zone": {"type": "string", "enum": ["UTC", "CET"]}},
        "required": ["zone"],
    }),
}
MADE = [
    ("weather", {"city": "simulated city", "days": 1}),
    ("clock", {"zone": "UTC"}),
    ("weather", {"city": "simulated city 2", "days": 2}),
]
RESULTS = ["18 degrees", "12:00", "rain for two days"]
TOLD = "The tool said: 18 degrees; 12:00; rain for two days."

SCHEMA = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "age": {"type": "integer"},
        "kind": {"type": "string", "enum": ["cat", "dog"]},
        "tags": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["name", "age", "kind", "tags"],
    "additionalProperties": False,
}
ANSWER = {"name": "simulated name", "age": 1, "kind": "cat", "tags": []}


def png():
    """A picture of one red point."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0")) + chunk(b"IEND", b"")


PNG = png()
PNG64 = base64.b64encode(PNG).decode()
SHOWN = "You showed 1 image: image/png."


def provider(name, url):
    """The upstream in a dialect, as an entry of providers.json."""
    form, path = DIALECTS[name]
    return {"id": name, "format": form, "baseURL": url + path, "models": [
        {"id": model, "price": plenum.PRICE, "capabilities": {"vision": True, "tools": True}} for model in MODELS]}


def check_calls(calls):
    """Checks (name, arguments) pairs, and that they came in order."""
    made = [(name, json.loads(text) if isinstance(text, str) else dict(text)) for name, text in calls]
    assert made == MADE


# Why a cell is not "ok", by (client, scenario, dialect); "*" stands for every dialect. What cannot be at all:
IMPOSSIBLE = {
    ("openai", f"embeddings {form}", "claude"): "Anthropic has no embeddings" for form in ("default", "float")
}

# What is to be mended, and by whom.
_FINGERPRINT = "fault: the SDK wants system_fingerprint in a whole reply, if only null"
_CODE = "fault: at /api/v1 an error's code is its HTTP status, a number; here it is OpenAI's word or null"
_REASONING = "fault: at /api/v1 thoughts are told in `reasoning`; here in `reasoning_content` alone"
_LISTED = "fault: at /api/v1 models lack canonical_slug, links, prices where unknown and more that OpenRouter's have"

_PASSED = "fault: OpenRouter's `reasoning` goes as it is to an upstream that is not OpenRouter and does not know it"
_SIGNATURE = "fault: a thought without state goes out with an empty signature, and comes back to Anthropic as it is"
_UNSIGNED = "fault: a call that no Gemini made goes out without a signature, and comes back to Gemini as it is"

FAULTS = {
    **{("anthropic", f"tool loop moved {version}-{begun}", "claude"): _SIGNATURE
       for version in ("2026-10-21", "2023-06-01") for begun in ("chat", "gem")},
    **{("google-genai", f"tool loop moved {version}-chat", "gem"): _UNSIGNED for version in ("v1", "v1beta")},
    ("openai", "embeddings default", "gem"):
        "fault: vectors of Gemini are refused in base64, which is what openai asks for unless it is told otherwise",
    **{("openrouter", scenario, "*"): _FINGERPRINT for scenario in (
        "text", "tool loop plain", "tool loop thinking", "json schema", "image", "reasoning whole")},
    ("openrouter", "reasoning streamed", "*"): _REASONING,
    **{("openrouter", scenario, "chat"): _PASSED
       for scenario in ("tool loop thinking", "reasoning whole", "reasoning streamed")},
    ("openai", "forced tool while thinking", "claude"):
        "fault: a tool is forced and thinking asked for at once, which Anthropic refuses: the choice must become auto",
    **{("google-genai", f"tool with a dot {version}", dialect):
       "fault: a name with a dot, which Gemini allows, is not spelled in another way for those that do not"
       for version in ("v1", "v1beta") for dialect in ("chat", "claude", "resp")},
    **{("openrouter", f"error {status}-{how}", "*"): _CODE for status in STATUSES for how in ("whole", "streamed")},
    **{("openrouter", f"broken stream {how}", "*"): _CODE for how in ("error", "cut", "ended")},
    ("openrouter", "models", "any"): _LISTED,
}


def reason(client, scenario, dialect):
    """Why a cell cannot be, or cannot be yet; `None` if it must work."""
    known = {**IMPOSSIBLE, **FAULTS}
    return known.get((client, scenario, dialect)) or known.get((client, scenario, "*"))
