"""Keys by name: the ledger tells whose request was what, and keeps no key."""

import pathlib

import plenum
import pytest

MASTER, ANNA, BEN = "m" * 40, "anna-has-this-key-of-forty-signs-0123456", "ben-has-another-key-of-forty-signs-01234"
KEYS = {"PLENUM_MASTER_KEY": MASTER, "PLENUM_KEYS": f"anna={ANNA}, ben={BEN}"}
PARROT = "simulated/parrot"


def usage(client):
    rows = client.get("/v1/usage?group_by=key").raise_for_status().json()["data"]
    return {row["key"]: row["requests"] for row in rows}


def test_the_ledger_tells_whose_request_was_what(make_server, tmp_path):
    server = make_server(demo=True, environment=KEYS)

    def asking(key):
        return server.client(headers={"Authorization": f"Bearer {key}"})

    chat = {"model": PARROT, "messages": [{"role": "user", "content": "Hello."}]}
    message = {"model": PARROT, "max_tokens": 50, "messages": chat["messages"], "stream": True}
    with asking(ANNA) as anna, asking(BEN) as ben, asking(MASTER) as master:
        anna.post("/v1/chat/completions", json=chat).raise_for_status()
        ben.post("/v1/messages", json=message).raise_for_status()
        ben.post("/v1/responses", json={"model": PARROT, "input": "Hello."}).raise_for_status()
        run = anna.post("/v1/runs", json={"input": "Hello.", "models": [PARROT] * 2}).raise_for_status().json()
        # Who steers a run does not take it over.
        ben.post(f"/v1/runs/{run['id']}/seats/0/retry").raise_for_status()
        ben.post("/v1/chat/completions", json=chat | {"model": "plenum/vote"}, timeout=60).raise_for_status()
        plenum.wait_until(lambda: usage(master).get("anna") == 4, what="the answer that was asked for again")
        told = usage(master)
        assert told["anna"] == 4 and told["ben"] > 2 and set(told) == {"anna", "ben"}
        master.post("/v1/chat/completions", json=chat).raise_for_status()
        assert usage(anna) == told | {"master": 1}
        assert asking("x" * 40).get("/v1/models").status_code == 401
        told = usage(anna)
    server.kill()
    server.start()
    with asking(BEN) as ben:
        assert usage(ben) == told
    server.stop()
    kept = b"".join(file.read_bytes() for file in pathlib.Path(server.folder).rglob("*") if file.is_file())
    for key in (MASTER, ANNA, BEN):
        assert key.encode() not in kept and key not in server.log


@pytest.mark.parametrize("quote", ["", '"', "'"])
def test_keys_may_stand_in_the_file_with_quotes_or_without(make_server, quote):
    server = make_server(start=False, demo=True)
    (pathlib.Path(server.folder) / ".env").write_text(
        f"PLENUM_MASTER_KEY={quote}{MASTER}{quote}\nPLENUM_KEYS={quote}anna={ANNA}, ben={BEN}{quote}\nPLENUM_BODY_LIMIT='20000'\n")
    server.start()
    for key in (MASTER, ANNA, BEN):
        with server.client(headers={"x-api-key": key}) as client:
            assert client.get("/v1/models").status_code == 200
    with server.client(headers={"x-api-key": f'"{MASTER}"'}) as client:
        assert client.get("/v1/models").status_code == 401


@pytest.mark.parametrize("keys, word", [
    ("anna", '"="'), ("anna=short", "5 characters"), (f"anna={ANNA} anna={BEN}", "twice"), (f"master={ANNA}", "PLENUM_MASTER_KEY"),
])
def test_a_list_that_is_none_is_told_at_the_start(make_server, keys, word):
    server = make_server(start=False, demo=True, environment={"PLENUM_KEYS": keys})
    server.spawn()
    assert server.end() not in (0, -6, -11)
    assert "PLENUM_KEYS" in server.log and word in server.log and ANNA not in server.log
