"""The recordings beside the project: which there are, and which of them are answers to a question."""

import csv
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]

# A recording's own word for its dialect, and Plenum's word for the format of a provider.
FORMATS = {
    "chat": "openai-chat",
    "responses": "openai-responses",
    "anthropic": "anthropic-messages",
    "gemini": "gemini",
}


def folder():
    """Where the recordings are: `PLENUM_SHARED`, or `../shared` beside the project."""
    shared = os.environ.get("PLENUM_SHARED")
    return (Path(shared) if shared else PROJECT.parent / "shared") / "fixtures"


@dataclass
class Recording:
    """One recorded exchange."""

    file: str
    provider: str
    dialect: str
    scenario: str
    is_streamed: bool
    status: int
    headers: dict
    body: bytes
    request: dict

    @property
    def name(self):
        """The name of the model that answers with it."""
        return re.sub(r"[^A-Za-z0-9._-]", "-", self.file.removesuffix(".json").replace("/", "--"))

    @property
    def is_refused(self):
        return self.status >= 400

    def __str__(self):
        return self.file


def load():
    """Every recording that MANIFEST.tsv lists; a file that is missing or is not what the list says is an error."""
    root = folder()
    found = []
    with open(root / "MANIFEST.tsv", encoding="utf-8", newline="") as manifest:
        for row in csv.DictReader(manifest, delimiter="\t"):
            tree = json.loads((root / row["file"]).read_text(encoding="utf-8"))
            response = tree["response"]
            assert str(response["status"]) == row["status"], f"{row['file']}: the list has another status"
            assert tree["provider"] == row["provider"], f"{row['file']}: the list has another provider"
            found.append(Recording(
                file=row["file"], provider=row["provider"], dialect=tree["dialect"], scenario=row["scenario"],
                is_streamed=row["stream"] == "y", status=response["status"], headers=response.get("headers") or {},
                body=response["body"].encode(), request=tree.get("request") or {}))
    listed = {recording.file for recording in found}
    lying = {str(path.relative_to(root)) for path in root.rglob("*.json")}
    assert listed == lying, f"the list and the folder differ: {sorted(listed ^ lying)}"
    names = {recording.name for recording in found}
    assert len(names) == len(found), "two recordings have one name"
    return found


def why_no_completion(recording):
    """Why a recording is not an answer that a door could give; `None` if it is one."""
    if recording.dialect not in FORMATS:
        return "Ollama's own dialect, which no provider here speaks"
    if (recording.request.get("method") or "POST").upper() != "POST":
        return "not a POST"
    path = (recording.request.get("path") or "").partition("?")[0]
    if path.endswith((":countTokens", "/count_tokens", "/input_tokens")):
        return "a count of tokens"
    if path.endswith("/batches"):
        return "a batch"
    if path.endswith("/compact"):
        return "a compaction of a conversation"
    if b'"status": "queued"' in recording.body and not recording.is_streamed:
        return "an answer in the background, which has not begun"
    if recording.body.count(b"event: message_start") > 1:
        return "several answers in one file"
    if recording.scenario.endswith("n-choices"):
        return "several choices (n > 1)"
    return None
