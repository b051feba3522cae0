"""PostgreSQL and Plenum die at random moments under load: nothing acknowledged is lost or doubled, nothing stays in progress.

PLENUM_POSTGRES_KILLS and PLENUM_POSTGRES_STOPS set how often (10 and 6; 200 and 100 for the whole run), PLENUM_SEED repeats
a run's choices. PLENUM_POSTGRES_URL=pooler goes through pgbouncer in transaction mode.
"""

import os
import random
import time

import pytest

import plenum
from load import CLIENTS, MODELS, Journal, Load, Oracle, stuck, words_are_kept_once

KILLS = int(os.environ.get("PLENUM_POSTGRES_KILLS", "10"))
STOPS = int(os.environ.get("PLENUM_POSTGRES_STOPS", "6"))
SEED = int(os.environ.get("PLENUM_SEED", str(random.SystemRandom().randrange(1 << 32))))
# A lease of 30 s, and a sweep every 10 s: what is older than this and in progress, with its owner dead, is stuck.
PATIENCE_MS = 45_000


@pytest.fixture
def loaded(cluster, simulator, make_server, tmp_path):
    url = cluster.pooler_url if os.environ.get("PLENUM_POSTGRES_URL") == "pooler" else cluster.url
    server = make_server(providers=plenum.three_dialects(simulator.url, MODELS), demo=True, start=False, storage=url,
                         environment={"PLENUM_LOG_LEVEL": "warning"})
    with cluster.connection() as database:
        database.execute("DROP SCHEMA IF EXISTS plenum CASCADE")
    load = Load(server, Journal(tmp_path / "journal.jsonl"), SEED, forgives=True)
    yield server, load
    load.close()
    server.kill()
    load.end()


def too_long_in_progress(database):
    """Records that have been under way for longer than any dead process's lease."""
    return sum(
        database.execute(
            f"SELECT count(*) FROM {table} WHERE status IN ('queued', 'in_progress') AND created_at < "
            f"extract(epoch FROM clock_timestamp()) * 1000 - {PATIENCE_MS}").fetchone()[0]
        for table in ("message", "generation", "run"))


def left_over(database):
    """What is in progress, whose it is, and who lives."""
    found = {"process": database.execute("SELECT number, lease_until FROM process").fetchall()}
    for table in ("message", "generation", "run"):
        found[table] = database.execute(
            f"SELECT encode(id, 'hex'), status, owner, created_at FROM {table} "
            "WHERE status IN ('queued', 'in_progress') LIMIT 5").fetchall()
    return found


def settle(cluster, server, load, what, report, extra):
    """After the last fault: all clients away, everything acknowledged there once, nothing in progress for long."""
    oracle = Oracle(server)
    entries = load.journal.entries
    oracle.check(entries)
    with cluster.connection() as database:
        try:
            plenum.wait_until(lambda: stuck(database) == 0, limit=60, every=0.5, what="the end of everything in progress")
        except AssertionError as late:
            raise AssertionError(f"seed {SEED}: {late}; {left_over(database)}\n{server.log[-3000:]}") from late
        words_are_kept_once(database, entries, oracle)
    kinds = {kind: sum(entry["kind"] == kind for entry in entries)
             for kind in ("plain", "streamed", "talk", "run", "conversation")}
    report(
        f"postgres: {what} under {CLIENTS} clients, seed {SEED}: {load.asked} asked, {len(entries)} acknowledged {kinds}, "
        f"{load.outages} outages told honestly, lost {len(oracle.lost)}, doubled {len(oracle.doubled)}, "
        f"unexpected answers {len(load.surprises)}; {extra}")
    assert not oracle.lost and not oracle.doubled, f"seed {SEED}: lost {oracle.lost[:3]}, doubled {oracle.doubled[:3]}"
    assert not load.surprises, f"seed {SEED}: {len(load.surprises)} unexpected answers: {load.surprises[:5]}"
    assert all(kinds.values()), "there was hardly any load"


def test_plenum_is_killed_under_load(cluster, loaded, report):
    server, load = loaded
    chance = random.Random(SEED)
    ready = [server.start()]
    oldest = 0
    for kill in range(KILLS):
        load.open()
        time.sleep(chance.uniform(0.05, 1.5))
        assert server.is_alive, f"the server died by itself (seed {SEED}, kill {kill}):\n{server.log[-3000:]}"
        server.kill()
        load.close()
        load.drain()
        ready.append(server.start())
        with cluster.connection() as database:
            oldest = max(oldest, too_long_in_progress(database))
    times = sorted(ready[1:])
    settle(cluster, server, load, f"{KILLS} kills of Plenum", report,
           f"over 45 s in progress {oldest}; restart to ready p50 {times[len(times) // 2] * 1000:.0f} ms, "
           f"max {times[-1] * 1000:.0f} ms")
    assert oldest == 0


def test_the_database_is_stopped_under_load(cluster, loaded, report):
    server, load = loaded
    chance = random.Random(SEED)
    server.start()
    back = []
    for stop in range(STOPS):
        load.open()
        time.sleep(chance.uniform(0.2, 1.5))
        cluster.crash()
        time.sleep(chance.uniform(0.0, 0.7))
        cluster.start()
        began = time.monotonic()
        with server.client() as client:
            plenum.wait_until(
                lambda: client.post("/v1/conversations", json={}).status_code == 200, limit=30, every=0.02,
                what=f"service after stop {stop + 1} (seed {SEED})")
        back.append(time.monotonic() - began)
        assert server.is_alive, f"the server died by itself (seed {SEED}, stop {stop}):\n{server.log[-3000:]}"
    load.close()
    load.drain()
    back.sort()
    settle(cluster, server, load, f"{STOPS} immediate stops of PostgreSQL", report,
           f"service back after the database p50 {back[len(back) // 2] * 1000:.0f} ms, max {back[-1] * 1000:.0f} ms")
