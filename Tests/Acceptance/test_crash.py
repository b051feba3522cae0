"""kill -9 at random moments under load: nothing that was acknowledged is lost, doubled or left in progress.

The oracle is a journal, synced before the next request, of every reply whose end a client has seen. PLENUM_KILLS sets how
often the server is killed (60), PLENUM_SEED repeats a run's choices.
"""

import os
import random
import time

import pytest

import plenum
from load import CLIENTS, MODELS, Journal, Load, Oracle, stuck, words_are_kept_once

KILLS = int(os.environ.get("PLENUM_KILLS", "60"))
SEED = int(os.environ.get("PLENUM_SEED", str(random.SystemRandom().randrange(1 << 32))))


def check_file(database):
    """What must hold of the file however its process died."""
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.fixture
def loaded(simulator, make_server, tmp_path):
    server = make_server(providers=plenum.three_dialects(simulator.url, MODELS), demo=True, start=False,
                         environment={"PLENUM_LOG_LEVEL": "warning"})
    load = Load(server, Journal(tmp_path / "journal.jsonl"), SEED)
    yield server, load
    load.close()
    server.kill()
    load.end()


def test_kill_under_load(loaded, report):
    server, load = loaded
    chance = random.Random(SEED)
    oracle = Oracle(server)
    ready, checked, left_stuck, interrupted = [], 0, 0, 0
    ready.append(server.start())
    for kill in range(KILLS):
        load.open()
        time.sleep(chance.uniform(0.05, 1.5))
        assert server.is_alive, f"the server died by itself (seed {SEED}, kill {kill}):\n{server.log[-3000:]}"
        server.kill()
        load.close()
        load.drain()
        with server.snapshot() as database:
            check_file(database)
        ready.append(server.start())
        with server.snapshot() as database:
            left_stuck += stuck(database)
        fresh = load.journal.entries[checked:]
        checked += len(fresh)
        oracle.check(fresh)
        assert not (oracle.lost or oracle.doubled or left_stuck), (
            f"seed {SEED}, kill {kill + 1}: stuck {left_stuck}, lost {oracle.lost[:3]}, doubled {oracle.doubled[:3]}")
    # What was kept once is kept for good: everything again, after all crashes.
    entries = load.journal.entries
    oracle.check(entries)
    server.kill()
    with server.snapshot() as database:
        check_file(database)
        words_are_kept_once(database, entries, oracle)
        interrupted = sum(
            database.execute(f"SELECT count(*) FROM {table} WHERE status = 'interrupted'").fetchone()[0]
            for table in ("generation", "run"))
    kinds = {kind: sum(entry["kind"] == kind for entry in entries)
             for kind in ("plain", "streamed", "talk", "run", "conversation")}
    times = sorted(ready[1:])
    report(
        f"crash: {KILLS} kills under {CLIENTS} clients, seed {SEED}: {load.asked} asked, {len(entries)} acknowledged {kinds}, "
        f"lost {len(oracle.lost)}, doubled {len(oracle.doubled)}, stuck {left_stuck}, interrupted {interrupted}, "
        f"unexpected answers {len(load.surprises)}; restart to ready p50 {times[len(times) // 2] * 1000:.0f} ms, "
        f"max {times[-1] * 1000:.0f} ms")
    assert not oracle.lost and not oracle.doubled and not left_stuck
    assert not load.surprises, f"seed {SEED}: {len(load.surprises)} unexpected answers: {load.surprises[:5]}"
    assert len(entries) >= KILLS * 10, "there was hardly any load"
    assert all(kinds.values())
