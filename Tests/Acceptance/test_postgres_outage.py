"""The database is stopped, hangs or is cut off: new work is refused at once and honestly, and goes on when it is back."""

import concurrent.futures
import contextlib
import json
import re
import time

import pytest

import plenum
import postgres
from load import MODELS, lines

# The promise is one second for an answer and two for readiness; the bounds here are those of a machine with much to do.
ANSWER_LIMIT = 3.0
BACK_LIMIT = 10.0


@pytest.fixture
def served(cluster, simulator, make_server):
    wire = postgres.Wire(cluster.port)
    url = re.sub(rf":{cluster.port}/", f":{wire.port}/", cluster.url)
    server = make_server(providers=plenum.three_dialects(simulator.url, [*MODELS, "sim-gap100-words40"]), demo=True,
                         storage=url)
    yield server, wire
    server.kill()
    wire.close()


@contextlib.contextmanager
def stopped(cluster, _):
    cluster.crash()
    try:
        yield
    finally:
        cluster.start()


@contextlib.contextmanager
def hanging(cluster, _):
    with cluster.frozen():
        yield


@contextlib.contextmanager
def cut_off(_, wire):
    with wire.cut():
        yield


REQUESTS = {
    "a completion": lambda client: client.post("/v1/chat/completions", json=plenum.ask("simulated/parrot", "hello")),
    "a stream": lambda client: client.post(
        "/v1/chat/completions", json=plenum.ask("simulated/parrot", "hello", stream=True)),
    "a run": lambda client: client.post(
        "/v1/runs", json={"kind": "compare", "input": "hello", "models": ["simulated/parrot"]}),
    "a new conversation": lambda client: client.post("/v1/conversations", json={}),
    "the list of conversations": lambda client: client.get("/v1/conversations"),
    "usage": lambda client: client.get("/v1/usage?group_by=model"),
}


@pytest.mark.parametrize("outage", [stopped, hanging, cut_off], ids=["stopped", "hanging", "cut off"])
def test_an_outage_is_told_at_once_and_ends(outage, cluster, served, report):
    server, wire = served
    with server.client() as client:
        kept = client.post("/v1/conversations", json={"title": "before the outage"}).json()["id"]
    slowest, unready = 0.0, None
    with outage(cluster, wire):
        began = time.monotonic()
        # Several rounds, and all kinds at once in each: a client must not wait for another's timeout.
        for _ in range(4):
            with concurrent.futures.ThreadPoolExecutor(len(REQUESTS)) as pool:
                asked = {name: pool.submit(postgres.answer_time, server, ask) for name, ask in REQUESTS.items()}
            for name, future in asked.items():
                answer, seconds = future.result()
                slowest = max(slowest, seconds)
                assert answer.status_code == 503, f"{name} was answered with {answer.status_code}: {answer.text[:300]}"
                assert int(answer.headers["Retry-After"]) > 0, name
                assert "postgres" not in answer.text.lower().replace("postgresql", ""), answer.text
            answer, seconds = postgres.answer_time(server, lambda client: client.get("/readyz"))
            slowest = max(slowest, seconds)
            assert answer.status_code == 503, "a server without its database says that it is ready"
            unready = unready or time.monotonic() - began
            assert postgres.answer_time(server, lambda client: client.get("/livez"))[0].status_code == 200
            time.sleep(0.2)
    began = time.monotonic()
    with server.client() as client:
        plenum.wait_until(lambda: client.get("/readyz").status_code == 200, limit=BACK_LIMIT, what="readiness")
        back = time.monotonic() - began
        assert client.get(f"/v1/conversations/{kept}").json()["title"] == "before the outage"
        assert REQUESTS["a completion"](client).status_code == 200
    report(f"outage {outage.__name__}: slowest refusal {slowest * 1000:.0f} ms, unready after {unready * 1000:.0f} ms, "
           f"back after {back * 1000:.0f} ms")
    assert slowest < ANSWER_LIMIT


@pytest.mark.parametrize("outage", [stopped, hanging], ids=["stopped", "hanging"])
def test_a_live_stream_ends_with_an_honest_error(outage, cluster, served):
    server, wire = served
    told = ""
    with server.client() as client, contextlib.ExitStack() as stack:
        body = plenum.ask("chat/sim-gap100-words40", "hello", stream=True)
        with client.stream("POST", "/v1/chat/completions", json=body) as response:
            generation = response.headers["X-Generation-Id"]
            for line in response.iter_lines():
                if line.startswith("data: {") and "content" in line and not told:
                    stack.enter_context(outage(cluster, wire))
                told += line + "\n"
        chunks = [json.loads(line[6:]) for line in told.splitlines() if line.startswith("data: {")]
        failures = [chunk["error"] for chunk in chunks if "error" in chunk]
        assert len(failures) == 1, f"the end could not be kept, and the client was told: {told[-500:]}"
    # When the database is back, what came is kept with an end that says why.
    with server.client() as client:
        def ended():
            answer = client.get(f"/v1/generations/{generation}")
            return answer.status_code == 200 and answer.json()["status"] not in ("queued", "in_progress") and answer.json()
        kept = plenum.wait_until(ended, limit=30, every=0.1, what="the end of the generation")
    assert kept["status"] == "failed", kept


def test_a_database_that_is_away_at_the_start_is_told_in_a_sentence(cluster, make_server):
    wrong = re.sub(r":[^:@/]+@", ":not-the-password@", cluster.url)
    server = make_server(demo=True, start=False, storage=wrong)
    with pytest.raises(plenum.StartError) as refused:
        server.start()
    assert "password" in refused.value.log and "not-the-password" not in refused.value.log
    with stopped(cluster, None):
        server = make_server(demo=True, start=False, storage=cluster.url)
        with pytest.raises(plenum.StartError) as refused:
            server.start()
    assert "PostgreSQL" in refused.value.log and cluster.url not in refused.value.log


def test_nobody_else_can_read_or_write(cluster, served):
    server, _ = served
    with server.client() as client:
        client.post("/v1/chat/completions", json=plenum.ask("simulated/parrot", "secret"))
    with cluster.connection() as owner:
        tables = [row[0] for row in owner.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'plenum' ORDER BY 1").fetchall()]
        assert {"conversation", "message", "generation", "run"} <= set(tables)
        forced = owner.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'plenum' "
            "AND c.relkind = 'r' AND c.relrowsecurity AND c.relforcerowsecurity").fetchone()[0]
        assert forced == len(tables)
    visitor = re.sub(r"//[^:]+:", "//authenticator:", cluster.url)
    import psycopg

    with psycopg.connect(visitor, autocommit=True) as connection:
        for role in ("anon", "authenticated"):
            connection.execute(f"SET ROLE {role}")
            for table in tables:
                for attempt in (f"SELECT * FROM plenum.{table}", f"DELETE FROM plenum.{table}",
                                f"INSERT INTO plenum.{table} DEFAULT VALUES",
                                f"UPDATE plenum.{table} SET ctid = ctid"):
                    with pytest.raises(psycopg.Error) as denied:
                        connection.execute(attempt)
                    assert "permission denied" in str(denied.value), f"{role}: {attempt}: {denied.value}"
            connection.execute("RESET ROLE")
