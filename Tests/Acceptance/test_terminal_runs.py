"""`plenum compare`, `plenum debate` and `plenum follow` in the terminal."""

import json
import os
import signal
import subprocess

import pytest

import debating
import plenum
from debating import ended
from plenum import wait_until


@pytest.fixture(scope="module")
def upstream(tmp_path_factory):
    running = plenum.Simulator(tmp_path_factory.mktemp("talkers"), rules=debating.rules(gap=10)).start()
    yield running
    running.kill()


@pytest.fixture
def server(make_server, upstream):
    return make_server(providers=debating.providers(upstream.url))


def command(server, *words, is_remote=True):
    environment = {**os.environ, "NO_COLOR": "1", **({"PLENUM_SERVER": server.url} if is_remote else {})}
    return subprocess.Popen(
        [plenum.BINARY, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
        cwd=server.folder)


def run(server, *words, code=0, is_remote=True):
    process = command(server, *words, is_remote=is_remote)
    out, complaints = process.communicate(timeout=60)
    assert process.returncode == code, complaints + out
    return out, complaints


SEATS = ["-m", "chat/deb-a", "-m", "chat/deb-b"]


def test_compare_prints_the_answers_and_where_they_are_kept(server):
    out, complaints = run(server, "compare", *SEATS, "Is 91 a prime?")
    assert "Speech of deb-a" in out and "Speech of deb-b" in out
    assert "kept in conv_" in complaints


def test_compare_as_json_is_the_run(server):
    whole = json.loads(run(server, "compare", *SEATS, "--json", "--max-cost", "0.50", "Is 91 a prime?")[0])
    assert whole["kind"] == "compare" and whole["status"] == "completed"
    assert whole["settings"]["max_cost"] == "0.5"


def test_a_debate_is_printed_turn_by_turn_with_its_verdict(server):
    out, _ = run(
        server, "debate", *SEATS, "-p", "sides", "--judge", "chat/deb-judge", "--side", "It is.", "--side", "It is not.",
        "--rounds", "1", "Is 91 a prime?")
    places = [out.index(words) for words in ("opening", "Speech of deb-a", "Speech of deb-b", "judge", "cost: $")]
    assert places == sorted(places)
    assert "judge: It is not." in out


def test_a_debate_as_markdown_can_be_kept(server):
    out, _ = run(server, "debate", *SEATS, "-m", "chat/deb-c", "-p", "vote", "--markdown", "Is 91 a prime?")
    assert out.startswith("# Debate (vote)")
    assert "## S1 · chat/deb-a" in out and "plain vote would have said: no" in out


def test_ctrl_c_leaves_the_run_going_and_says_how_to_follow_it(server):
    process = command(server, "debate", *SEATS, "-p", "talk", "--turns", "4", "Is 91 a prime?")
    with server.client() as client:
        wait_until(lambda: client.get("/v1/runs").json()["data"], limit=10)
        number = client.get("/v1/runs").json()["data"][0]["id"]
        wait_until(lambda: client.get(f"/v1/runs/{number}").json()["turns"][0]["text"], limit=10)
        process.send_signal(signal.SIGINT)
        _, complaints = process.communicate(timeout=20)
        assert process.returncode == 130
        assert f"plenum follow {number}" in complaints
        assert ended(client, number)["status"] == "completed"
    out, _ = run(server, "follow", number)
    assert out.count("Speech of deb-") == 4


def test_without_a_server_a_debate_runs_in_the_program_itself(server, tmp_path):
    words = ["debate", "-m", "simulated/parrot", "-m", "simulated/oracle", "-p", "vote", "--demo", "--json",
             "--storage", f"sqlite:{tmp_path / 'own.sqlite'}", "Why?"]
    out, _ = run(server, *words, is_remote=False)
    assert json.loads(out)["status"] in ("completed", "incomplete")


def test_what_is_wrong_is_said(server):
    _, complaints = run(server, "debate", *SEATS, "-p", "duel", "x", code=64)
    assert "There is no protocol \"duel\"" in complaints
    _, complaints = run(server, "compare", "-m", "chat/nobody", "-m", "chat/deb-a", "x", code=1)
    assert "nobody" in complaints
