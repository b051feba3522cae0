"""`plenum storage status|migrate|copy` and `plenum doctor`: what they say, what they leave alone, and that a copy that was
killed goes on to have everything."""

import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import time

import pytest

import plenum
from plenum import ask, wait_until

MODELS = ["sim-gap0-words20"]
MODEL = "chat/sim-gap0-words20"
SEED = int(os.environ.get("PLENUM_TEST_SEED", random.SystemRandom().randrange(1 << 32)))
KILLS = 6
MESSAGES = 60_000


def plenum_command(folder, *arguments, environment=None, limit=120):
    """Runs a command to its end."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LD_LIBRARY_PATH", "TMPDIR") if key in os.environ}
    return subprocess.run(
        [plenum.BINARY, *arguments], cwd=folder, env={**kept, "PLENUM_DISCOVER": "false", **(environment or {})},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=limit)


def value(text, name):
    """A line of a status."""
    return re.search(rf"^{name} +(.*)$", text, re.MULTILINE).group(1)


def multiply(path, messages):
    """Makes many of the few records of a database, under ids of their own."""
    chance = random.Random(SEED)
    with sqlite3.connect(path) as database:
        def rows(table):
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})") if row[1] != "number"]
            names = ", ".join(f'"{column}"' for column in columns)
            return columns, names, database.execute(f"SELECT {names} FROM {table}").fetchall()

        def add(table, columns, names, made):
            places = ", ".join("?" for _ in columns)
            database.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", made)

        parts = {table: rows(table) for table in ("conversation", "message", "generation")}
        (thread, thread_names, threads), (said, said_names, said_rows) = parts["conversation"], parts["message"]
        tries, try_names, try_rows = parts["generation"]
        new_threads, new_messages, new_tries = [], [], []
        while len(new_messages) < messages:
            conversation = chance.randbytes(16)
            leaf, latest = None, 0
            for number in range(50):
                template = dict(zip(said, chance.choice(said_rows)))
                template.update(id=chance.randbytes(16), conversation=conversation, parent=leaf, run=None, seat=None)
                leaf, latest = template["id"], max(latest, template["created_at"])
                new_messages.append([template[column] for column in said])
                if number % 2 and try_rows:
                    attempt = dict(zip(tries, chance.choice(try_rows)))
                    attempt.update(id=chance.randbytes(16), conversation=conversation, message=leaf, run=None)
                    new_tries.append([attempt[column] for column in tries])
            made = dict(zip(thread, chance.choice(threads)))
            made.update(id=conversation, leaf=leaf, title=f"copy {len(new_threads)}", updated_at=latest)
            new_threads.append([made[column] for column in thread])
        add("conversation", thread, thread_names, new_threads)
        add("message", said, said_names, new_messages)
        add("generation", tries, try_names, new_tries)
    database.close()


def everything(path):
    """All records of a database in the order of storing, but for the numbers that this database gave them and the
    process that they belong to."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    found = {}
    for table in ("conversation", "message", "run", "generation"):
        columns = [f'"{row[1]}"' for row in database.execute(f"PRAGMA table_info({table})")
                   if row[1] not in ("number", "owner")]
        found[table] = database.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY number").fetchall()
    found["words"] = database.execute(
        "SELECT g.id, c.request, c.reply FROM generation_content c JOIN generation g ON g.number = c.generation "
        "ORDER BY g.number").fetchall()
    found["events"] = database.execute(
        "SELECT r.id, e.sequence, e.name, e.seat, e.data FROM run_event e JOIN run r ON r.number = e.run "
        "ORDER BY r.number, e.sequence").fetchall()
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    database.close()
    return found


@pytest.fixture
def server(simulator, make_server):
    return make_server(providers=plenum.three_dialects(simulator.url, MODELS))


@pytest.fixture
def filled(server):
    """A database with conversations, runs, events and words, and no server on it."""
    with server.client() as client:
        for number in range(5):
            conversation = client.post("/v1/conversations", json={"title": f"talk {number}"}).json()["id"]
            for _ in range(3):
                client.post("/v1/chat/completions", json=ask(MODEL, "Hello.", conversation=conversation)).raise_for_status()
            client.post("/v1/runs", json={"input": "Which?", "models": [MODEL, MODEL], "kind": "compare"}).raise_for_status()
    server.stop()
    return server.database


def test_copy_survives_kills(filled, tmp_path, report):
    multiply(filled, MESSAGES)
    target = tmp_path / "target.sqlite"
    line = ["storage", "copy", f"sqlite:{filled}", f"sqlite:{target}"]
    chance = random.Random(SEED)
    kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    counts, killed = [0], 0
    while killed < KILLS:
        process = subprocess.Popen([plenum.BINARY, *line], cwd=tmp_path, env=kept, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)

        def messages():
            try:
                with sqlite3.connect(f"file:{target}?mode=ro", uri=True) as database:
                    return database.execute("SELECT COUNT(*) FROM message").fetchone()[0]
            except sqlite3.Error:
                return 0

        goal = counts[-1] + chance.randrange(1, MESSAGES // (2 * KILLS))
        wait_until(lambda: messages() >= goal or process.poll() is not None, limit=60, every=0.002, what="the copy's progress")
        assert process.poll() is None, f"seed {SEED}: the copy was over before it could be killed"
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        killed += 1
        counts.append(messages())
        assert counts[-1] >= counts[-2], "what was copied is kept"
    assert counts[-1] < MESSAGES
    began = time.monotonic()
    last = plenum_command(tmp_path, *line)
    resumed = time.monotonic() - began
    assert last.returncode == 0, last.stdout + last.stderr
    assert "were there already" in last.stderr
    assert "DIFFERENT" not in last.stdout
    assert everything(target) == everything(filled)
    # Once more: nothing is left, and nothing is done twice.
    began = time.monotonic()
    again = plenum_command(tmp_path, *line)
    skipping = time.monotonic() - began
    assert again.returncode == 0 and "copied 0 records" in again.stderr
    began = time.monotonic()
    plenum_command(tmp_path, "storage", "copy", f"sqlite:{filled}", f"sqlite:{tmp_path}/fresh.sqlite")
    fresh = time.monotonic() - began
    rate = re.search(r"copied ([\d,]+) records.*\(([\d,]+) a second\)", last.stderr)
    report(f"copy: {killed} kills, seed {SEED}: messages at each {counts[1:]} of {MESSAGES}, then all the same; the last part "
           f"({rate.group(1)} records) took {resumed:.1f} s, a copy that finds all there {skipping:.1f} s, a whole one {fresh:.1f} s")


def test_copy_refuses_and_tells(filled, tmp_path):
    same = plenum_command(tmp_path, "storage", "copy", f"sqlite:{filled}", f"sqlite:{filled.parent}/../data/{filled.name}")
    assert same.returncode != 0 and "same storage" in same.stderr
    absent = plenum_command(tmp_path, "storage", "copy", "sqlite:none.sqlite", "sqlite:other.sqlite")
    assert absent.returncode != 0 and "no database" in absent.stderr
    assert not (tmp_path / "none.sqlite").exists() and not (tmp_path / "other.sqlite").exists()
    assert plenum_command(tmp_path, "storage", "copy", f"sqlite:{filled}", "memory").returncode == 0
    # A target with records of its own holds more at the end: that is no complete copy.
    target = tmp_path / "used.sqlite"
    assert plenum_command(tmp_path, "ask", "--storage", f"sqlite:{target}", "--demo", "-m", "parrot", "Hi").returncode == 0
    used = plenum_command(tmp_path, "storage", "copy", f"sqlite:{filled}", f"sqlite:{target}")
    assert used.returncode == 1 and "DIFFERENT" in used.stdout


def test_copy_of_a_database_in_use_is_refused(server, tmp_path):
    answer = plenum_command(tmp_path, "storage", "copy", f"sqlite:{server.database}", "sqlite:copy.sqlite")
    assert answer.returncode != 0 and f"in use by process {server.process.pid}" in answer.stderr


def test_status_beside_a_running_server(server, tmp_path):
    with server.client() as client:
        conversation = client.post("/v1/conversations", json={}).json()["id"]
        for number in range(20):
            client.post("/v1/chat/completions", json=ask(MODEL, "Hello.", conversation=conversation)).raise_for_status()
            told = plenum_command(tmp_path, "storage", "status", f"sqlite:{server.database}")
            assert told.returncode == 0, told.stderr
            assert value(told.stdout, "messages") == str(2 * (number + 1))
        assert f"process {server.process.pid}" in value(told.stdout, "in use")
        assert value(told.stdout, "journal").startswith("wal")
        assert "up to date" in value(told.stdout, "schema")
        assert value(told.stdout, "address") == str(server.database)
    assert server.stop()[0] == 0
    assert "in use" not in plenum_command(tmp_path, "storage", "status", f"sqlite:{server.database}").stdout
    # Looking has done no harm.
    assert everything(server.database)["message"]


def test_status_and_migrate_by_default(tmp_path):
    assert "no database yet" in plenum_command(tmp_path, "storage", "status").stdout
    assert not (tmp_path / "data").exists()
    assert "are made" in plenum_command(tmp_path, "storage", "migrate").stdout
    assert "nothing was to be done" in plenum_command(tmp_path, "storage", "migrate").stdout
    path = tmp_path / "data" / "plenum.sqlite"
    with sqlite3.connect(path) as database:
        database.execute("UPDATE schema_version SET version = 99")
    database.close()
    before = path.read_bytes()
    status = plenum_command(tmp_path, "storage", "status")
    assert status.returncode == 1 and "99, made by a newer Plenum" in status.stdout and "newer Plenum" in status.stderr
    migrate = plenum_command(tmp_path, "storage", "migrate")
    assert migrate.returncode != 0 and "newer Plenum" in migrate.stderr
    assert path.read_bytes() == before


KEY = "sk-secret-0123456789"


def answering(status, body=b"{}"):
    """A script: every request gets this answer."""
    def script(link, call):
        link.sendall(b"HTTP/1.1 %d X\r\ncontent-type: application/json\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%s"
                     % (status, len(body), body))
    return script


def test_doctor_asks_providers(upstream, tmp_path):
    good, bad, odd = upstream(answering(200)), upstream(answering(401)), upstream(answering(404))
    google = upstream(answering(400, b'{"error": {"details": [{"reason": "API_KEY_INVALID"}]}}'))

    def examine(*providers):
        path = tmp_path / "providers.json"
        path.write_text(json.dumps({"providers": list(providers)}))
        environment = {"SOME_KEY": KEY, "PLENUM_STORAGE": "memory"}
        told = plenum_command(tmp_path, "doctor", environment=environment)
        assert KEY not in told.stdout + told.stderr
        return told

    def entry(name, dialect, url, **members):
        return plenum.provider(name, dialect, url, [{"id": "m"}], keyEnv="SOME_KEY", **members)

    told = examine(entry("fine", "chat", good.url), entry("odd", "claude", odd.url),
                   {**entry("unset", "chat", good.url), "keyEnv": "OTHER_KEY"})
    assert told.returncode == 0, told.stdout
    assert re.search(r"ok +fine, 1 models: answers, and takes the key", told.stdout)
    assert re.search(r"ok +odd, 1 models: answers \(HTTP 404", told.stdout)
    assert re.search(r"ok +unset, 1 models: not in use; set OTHER_KEY", told.stdout)
    assert good.calls[0].head.startswith("GET /v1/models HTTP/1.1") and f"Bearer {KEY}" in good.calls[0].head
    assert odd.calls[0].head.startswith("GET /v1/models?limit=1 ") and f"x-api-key: {KEY}" in odd.calls[0].head.lower()
    for one in (entry("bad", "chat", bad.url), entry("gem", "gem", google.url)):
        told = examine(one)
        assert told.returncode == 1 and "refuses the key" in told.stdout and "put a valid one into SOME_KEY" in told.stdout
    told = examine(entry("gone", "chat", f"http://127.0.0.1:{plenum.free_port()}"))
    assert told.returncode == 1 and "cannot be reached" in told.stdout


def test_doctor_beside_a_running_server(server, tmp_path):
    place = {"PLENUM_STORAGE": f"sqlite:{server.database}", "PLENUM_PORT": str(server.port)}
    told = plenum_command(tmp_path, "doctor", environment=place)
    assert told.returncode == 0, told.stdout
    assert f"in use by process {server.process.pid}" in told.stdout and "runs and can write" in told.stdout
    server.process.send_signal(signal.SIGSTOP)
    try:
        frozen = plenum_command(tmp_path, "doctor", environment=place)
    finally:
        server.process.send_signal(signal.SIGCONT)
    assert frozen.returncode == 0 and "No server answers" in frozen.stdout
    server.stop()
    told = plenum_command(tmp_path, "doctor", environment=place)
    assert told.returncode == 0 and "writes and keeps" in told.stdout


def test_ask_prints_the_same_document_in_process_and_through_a_server(server, tmp_path):
    models = ["-m", "simulated/parrot", "-m", "simulated/oracle"]
    environment = {"PLENUM_STORAGE": "memory"}
    here = plenum_command(tmp_path, "ask", "--json", "--demo", *models, "Hi", environment=environment)
    there = plenum_command(tmp_path, "ask", "--json", "--server", server.url, "-m", MODEL, "-m", MODEL, "Hi")
    assert here.returncode == there.returncode == 0, here.stderr + there.stderr

    def shape(found):
        if isinstance(found, dict):
            return {key: shape(member) for key, member in found.items()}
        return [shape(found[0])] if isinstance(found, list) and found else None

    assert shape(json.loads(here.stdout)) == shape(json.loads(there.stdout))
