"""Conversations as trees that can be taken along: fork, export, import, and all of it still there after kill -9."""

import json
import subprocess

import pytest

import plenum
from plenum import ask, text_of

MODELS = ["sim-gap1-words20", "sim-gap20-words250"]


@pytest.fixture
def server(simulator, make_server):
    return make_server(providers=plenum.three_dialects(simulator.url, MODELS), demo=True)


def items(client, conversation):
    return client.get(f"/v1/conversations/{conversation}/items?limit=1000").raise_for_status().json()["data"]


def compare(client):
    """A comparison of two answers; gives the conversation and its items."""
    run = client.post("/v1/runs", json={
        "kind": "compare", "input": "Which is better?", "models": ["chat/sim-gap1-words20", "claude/sim-gap1-words20"]})
    conversation = run.raise_for_status().json()["conversation"]
    return conversation, items(client, conversation)


def chatgpt(questions=1):
    """A ChatGPT export: a hidden root, and after each question two answers, of which the second goes on."""
    mapping = {"root": {"id": "root", "message": None, "parent": None, "children": ["q0"]}}
    parent = "root"
    for number in range(questions):
        made = {f"q{number}": ("user", f"Question {number}?", parent)}
        made |= {f"a{number}{branch}": ("assistant", f"Answer {number}{branch}", f"q{number}") for branch in "xy"}
        for name, (role, text, above) in made.items():
            mapping[name] = {"id": name, "parent": above, "children": [], "message": {
                "id": name, "author": {"role": role}, "create_time": 1715000000 + 10 * number + len(name) / 4,
                "content": {"content_type": "text", "parts": [text]}, "weight": 1.0,
                "metadata": {"model_slug": "gpt-4o"} if role == "assistant" else {}}}
        parent = f"a{number}y"
    return [{"title": "Old talk", "create_time": 1715000000.5, "update_time": 1715009999.0, "mapping": mapping,
             "current_node": parent, "conversation_id": "0b5e-1"}]


def test_fork_goes_on_by_itself(server):
    with server.client() as client:
        conversation, (question, first, second) = compare(client)
        fork = client.post(f"/v1/conversations/{conversation}/fork", json={"message": second["id"]}).raise_for_status().json()
        assert fork["title"] == "Which is better? (fork)"
        assert fork["metadata"]["forked_from"] == {"conversation": conversation, "message": second["id"]}
        copies = items(client, fork["id"])
        assert [text_of(copy) for copy in copies] == [text_of(question), text_of(second)]
        assert copies[1]["model"] == "claude/sim-gap1-words20" and copies[1]["usage"] is None and copies[1]["cost"] is None
        before = client.get("/v1/usage?group_by=model").json()
        answer = client.post("/v1/chat/completions", json=ask(
            "chat/sim-gap1-words20", "Go on.", conversation=fork["id"])).raise_for_status().json()
        assert answer["usage"]["prompt_tokens"] > 0
        assert client.get("/v1/usage?group_by=model").json() != before
        assert len(items(client, conversation)) == 3, "the original has grown"
        kept = items(client, fork["id"])
    server.kill()
    server.start()
    with server.client() as client:
        assert items(client, fork["id"]) == kept
        assert client.get(f"/v1/conversations/{fork['id']}").json()["leaf"] == kept[-1]["id"]


def test_fork_waits_for_what_is_being_written(server):
    with server.client() as client:
        conversation = client.post("/v1/conversations", json={}).json()["id"]
        with client.stream("POST", "/v1/chat/completions", json=ask(
                "chat/sim-gap20-words250", stream=True, conversation=conversation)) as response:
            # A generator that is dropped would close the stream, and with it end the answer.
            pieces = response.iter_raw(1)
            assert next(pieces)
            with server.client() as other:
                refused = other.post(f"/v1/conversations/{conversation}/fork")
                assert refused.status_code == 409 and refused.json()["error"]["message"]


def test_a_question_goes_on_from_any_message(server):
    with server.client() as client:
        conversation, (question, first, second) = compare(client)
        for leaf in (first, second, question):
            moved = client.post(f"/v1/conversations/{conversation}", json={"leaf": leaf["id"]}).raise_for_status().json()
            assert moved["leaf"] == leaf["id"]
        client.post("/v1/chat/completions", json=ask(
            "chat/sim-gap1-words20", "By parent.", conversation=conversation, parent=first["id"])).raise_for_status()
        client.post("/v1/runs", json={
            "input": "By parent too.", "models": ["simulated/parrot"], "conversation": conversation,
            "parent": second["id"]}).raise_for_status()
        added = {text_of(item): item["parent"] for item in items(client, conversation) if item["role"] == "user"}
        assert added["By parent."] == first["id"] and added["By parent too."] == second["id"]


def test_export_in_both_formats(server):
    with server.client() as client:
        conversation, (question, first, second) = compare(client)
        client.post(f"/v1/conversations/{conversation}", json={"leaf": second["id"]})
        answer = client.get(f"/v1/conversations/{conversation}/export").raise_for_status()
        assert answer.headers["content-disposition"] == 'attachment; filename="plenum-Which-is-better.json"'
        told = answer.json()
        assert (told["object"], told["version"]) == ("plenum.export", 1)
        [one] = told["conversations"]
        for exported, item in zip(one["items"], [question, first, second], strict=True):
            same = {name: value for name, value in item.items() if name not in ("usage",)}
            assert {name: exported[name] for name in same} == same, "the export and the API differ"
            assert exported["created_at_ms"] // 1000 == item["created_at"]
            assert (exported["usage"] or {}) | (item["usage"] or {}) == (exported["usage"] or {})
        text = client.get(f"/v1/conversations/{conversation}/export?format=markdown").raise_for_status()
        assert text.headers["content-type"] == "text/markdown; charset=utf-8"
        assert text.text.startswith("# Which is better?\n\n## User\n")
        assert "## Assistant · claude/sim-gap1-words20\n" in text.text and "2 of 2 answers" in text.text
        assert text_of(second) in text.text and "chat/sim-gap1-words20" not in text.text


def test_import_twice_then_grown_and_all_of_it_survives(server, make_server):
    with server.client() as client:
        first = client.post("/v1/import", json=chatgpt(2)).raise_for_status().json()
        assert first == {
            "object": "import", "format": "chatgpt",
            "conversations": {"added": 1, "updated": 0, "unchanged": 0, "failed": 0},
            "messages": {"added": 6, "skipped": 0}, "errors": []}
        again = client.post("/v1/import", json=chatgpt(2)).raise_for_status().json()
        assert again["messages"] == {"added": 0, "skipped": 6} and again["conversations"]["unchanged"] == 1
        server.kill()
    server.start()
    with server.client() as client:
        [talk] = client.get("/v1/conversations").json()["data"]
        assert (talk["title"], talk["created_at"], talk["updated_at"]) == ("Old talk", 1715000000, 1715009999)
        grown = client.post("/v1/import", json=chatgpt(3)).raise_for_status().json()
        assert grown["messages"] == {"added": 3, "skipped": 6} and grown["conversations"]["updated"] == 1
        kept = items(client, talk["id"])
        by_text = {text_of(item): item for item in kept}
        assert by_text["Question 1?"]["parent"] == by_text["Answer 0y"]["id"]
        assert by_text["Answer 0x"]["parent"] == by_text["Answer 0y"]["parent"] == by_text["Question 0?"]["id"]
        assert by_text["Answer 1x"]["model"] == "openai/gpt-4o"
        leaf = client.get(f"/v1/conversations/{talk['id']}").json()["leaf"]
        assert leaf == by_text["Answer 2y"]["id"]
        assert [hit["id"] for hit in client.get("/v1/conversations?q=answer").json()["data"]] == [talk["id"]]
        # It goes on here.
        assert client.post("/v1/chat/completions", json=ask(
            "simulated/parrot", "And now?", conversation=talk["id"])).status_code == 200
        compare(client)
        whole = client.get("/v1/export").raise_for_status().content
        server.kill()
    server.start()
    with server.client() as client:
        assert client.get("/v1/export").content == whole
    # Into an empty one, and out of it again.
    other = make_server(demo=True)
    with other.client() as client:
        taken = client.post("/v1/import", content=whole).raise_for_status().json()
        assert taken["format"] == "plenum" and taken["conversations"]["added"] == 2 and not taken["errors"]
        other.kill()
    other.start()
    with other.client() as client:
        assert client.get("/v1/export").content == whole, "the round trip is not lossless"


def test_what_is_no_export_is_refused(server):
    with server.client() as client:
        for body, word in [(b"PK\x03\x04rest", "Unpack"), (b'{"a": 1}', "mapping"), (b"[{", "not JSON"), (b"", "not JSON")]:
            refused = client.post("/v1/import", content=body)
            assert refused.status_code == 400 and word in refused.json()["error"]["message"], body
        bad = chatgpt() + [{"title": "Broken", "mapping": 5, "conversation_id": "x"}]
        report = client.post("/v1/import", json=bad).raise_for_status().json()
        assert report["conversations"] == {"added": 1, "updated": 0, "unchanged": 0, "failed": 1}
        assert report["errors"][0]["conversation"] == "Broken" and report["errors"][0]["message"]


def command(folder, *arguments):
    """Runs `plenum` to its end."""
    return subprocess.run([plenum.BINARY, *arguments], cwd=folder, capture_output=True, text=True, timeout=60)


def test_commands_do_the_same_without_a_server(server, tmp_path):
    with server.client() as client:
        conversation, _ = compare(client)
        whole = client.get("/v1/export").content
        locked = command(tmp_path, "export", "--storage", f"sqlite:{server.database}", "all.json")
        assert locked.returncode != 0 and not (tmp_path / "all.json").exists()
    server.stop()
    storage = f"sqlite:{server.database}"
    assert command(tmp_path, "export", "--storage", storage, "all.json").returncode == 0
    assert (tmp_path / "all.json").read_bytes() == whole
    assert (tmp_path / "all.json").stat().st_mode & 0o777 == 0o600
    assert command(tmp_path, "export", "--storage", storage, "all.json").returncode != 0, "a file was overwritten"
    assert command(tmp_path, "export", "--storage", storage, "--force", "all.json").returncode == 0
    assert command(tmp_path, "export", "--storage", storage, "-").stdout.encode() == whole
    talk = command(tmp_path, "export", "--storage", storage, "--conversation", conversation, "--format", "markdown", "-")
    assert talk.stdout.startswith("# Which is better?\n")
    assert command(tmp_path, "export", "--storage", storage, "--format", "markdown", "-").returncode != 0
    copy = f"sqlite:{tmp_path / 'copy.sqlite'}"
    assert command(tmp_path, "export", "--storage", copy, "none.json").returncode != 0
    assert not (tmp_path / "copy.sqlite").exists() and not (tmp_path / "none.json.part").exists()
    for added in (1, 0):
        report = command(tmp_path, "import", "--storage", copy, "all.json")
        assert report.returncode == 0, report.stderr
        assert json.loads(report.stdout)["conversations"]["added"] == added
        assert "read" in report.stderr
    assert command(tmp_path, "export", "--storage", copy, "-").stdout.encode() == whole
    (tmp_path / "bad.json").write_text(json.dumps(chatgpt() + [{"mapping": 1}]))
    assert command(tmp_path, "import", "--storage", copy, "bad.json").returncode == 1
    assert "no file" in command(tmp_path, "import", "--storage", copy, "none.json").stderr
    for name in ("export", "import"):
        assert "--storage" in command(tmp_path, name, "--help").stdout
