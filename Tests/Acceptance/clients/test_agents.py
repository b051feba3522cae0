"""Agents that people use, each through every door that it can speak to: a task with two tools.

They want older releases of the SDKs than the other tests here, and so a Python of their own, which AGENTS_PYTHON names:
`python -m venv .venv-agents; .venv-agents/bin/pip install -r Tests/Acceptance/clients/requirements-agents.txt`
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

import matrix

pytestmark = pytest.mark.cell

# llm-gemini is not among them: Google's address is written into it, so that it cannot be pointed to another.
AGENTS = ["pydantic_chat", "pydantic_responses", "pydantic_anthropic", "pydantic_google", "llm_chat", "llm_anthropic"]


@pytest.fixture(params=AGENTS)
def agent(request):
    if request.param == "pydantic_responses":
        request.getfixturevalue("responses_door")
    return request.param


@pytest.fixture(scope="session")
def python():
    program = os.environ.get("AGENTS_PYTHON")
    if not program:
        pytest.skip("AGENTS_PYTHON does not name a Python that has the agents")
    return program


@pytest.mark.parametrize("model", [matrix.TWO_CALLS, matrix.THINKING_TWO_CALLS], ids=["plain", "thinking"])
def test_task(server, python, agent, dialect, model, tmp_path):
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LLM_USER_PATH": str(tmp_path)}
    done = subprocess.run(
        [python, str(Path(__file__).with_name("agent.py")), agent, server.url, f"{dialect}/{model}"],
        env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    # Agents run the calls of a turn at once: in which order they begin is theirs.
    assert sorted(told["called"]) == [
        ["clock", {"zone": "simulated zone"}], ["weather", {"city": "simulated city", "days": 1}]]
    # How a result is put is the agent's affair, and so is the space that llm-anthropic puts between two answers.
    results = ['{"return_value":"18 degrees"}', '{"return_value":"12:00"}'] if agent == "pydantic_google" \
        else ["18 degrees", "12:00"]
    assert told["answer"].removeprefix(" ") == f"The tool said: {'; '.join(results)}."
