"""A debate whose process dies is taken up by another process on the same database."""

import time

import debating
import plenum
from debating import check_told, debate, ended, follow, start
from plenum import wait_until


def test_another_process_takes_a_debate_up(cluster, make_server, tmp_path, report):
    with cluster.connection() as database:
        database.execute("DROP SCHEMA IF EXISTS plenum CASCADE")
    upstream = plenum.Simulator(tmp_path / "debaters", rules=debating.rules(gap=20)).start()
    try:
        one, two = (make_server(providers=debating.providers(upstream.url), storage=cluster.url) for _ in range(2))
        with one.client() as client:
            run = start(client, debate("sides", debate={"rounds": 3}))
            wait_until(lambda: len(client.get(f"/v1/runs/{run}").json()["turns"]) >= 5, limit=30, what="the fifth step")
        one.kill()
        began = time.monotonic()
        with two.client() as client:
            wait_until(lambda: client.get(f"/v1/runs/{run}").json()["status"] == "interrupted", limit=60, every=0.2,
                       what="the sweep behind the dead process")
            swept = time.monotonic() - began
            assert client.post(f"/v1/runs/{run}/resume").status_code == 200
            events = list(follow(client, run))
            whole = ended(client, run)
        assert whole["status"] == "completed" and whole["result"]["method"] == "judge"
        assert sum(turn["status"] == "completed" for turn in whole["turns"]) == 13
        assert len(upstream.calls()) <= 14
        # What the dead one told and did not keep comes in the snapshot, or not at all.
        finished = [turn for turn in whole["turns"] if turn["status"] == "completed"]
        check_told({"turns": finished}, events)
        report(f"a debate taken up by another process: swept {swept:.0f} s after the kill, {len(upstream.calls())} calls of 13")
    finally:
        upstream.kill()
