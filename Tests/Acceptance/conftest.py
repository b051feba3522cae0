"""Fixtures. Every server runs in a folder of its own, on a port of its own, and is gone when its test is over."""

import os
import shutil
import tempfile

import pytest

import plenum


def pytest_configure(config):
    if not plenum.BINARY or not os.access(plenum.BINARY, os.X_OK):
        pytest.exit("Set PLENUM to the path of the built program, e.g. PLENUM=.build/release/plenum", returncode=2)
    plenum.BINARY = os.path.abspath(plenum.BINARY)


# Files that take half a minute and more, the longest first. A worker takes file after file: a long one that begins last is
# waited for by all.
LONGEST = ["page/test_resilience.py", "page/test_accessibility.py", "test_crash.py", "test_retries.py", "test_idempotency.py",
           "test_several_processes.py", "test_faults.py", "test_postgres_crash.py", "test_durable_runs.py", "test_storage.py",
           "test_run_taken_over.py", "page/test_attacks.py", "page/test_drawer.py"]


def pytest_collection_modifyitems(items):
    folder = os.path.dirname(os.path.abspath(__file__))
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(os.path.relpath(item.path, folder), len(LONGEST)))


LINES = []
# (client, scenario) -> dialect -> what came of it
CELLS = {}


@pytest.fixture
def report(record_property):
    """report(line): a line for the end of the run, where nobody overlooks it; also from a worker of several."""
    return lambda line: record_property("measured", line)


def pytest_runtest_logreport(report):
    for name, value in report.user_properties:
        if name == "measured" and report.when == "teardown":
            LINES.append(value)
        # What went wrong in any phase counts, else what the call came to.
        if name == "cell" and (report.when == "call" or not report.passed):
            client, scenario, dialect = value
            CELLS.setdefault((client, scenario), {})[dialect] = outcome(report)


def outcome(report):
    """What a cell of the clients' table says: ok, or why not."""
    if getattr(report, "wasxfail", None):
        return f"no: {report.wasxfail.removeprefix('reason: ')}"
    if report.skipped:
        return f"skipped: {report.longrepr[-1].removeprefix('Skipped: ')}"
    return "ok" if report.passed else "FAILED"


def table():
    """The clients' table: a line a scenario, a column a dialect; reasons stand below it, once each."""
    columns = sorted({dialect for row in CELLS.values() for dialect in row} - {"any"})
    width = max(len(f"{client}: {scenario}") for client, scenario in CELLS)
    reasons = {}

    def short(text):
        if ": " not in text:
            return text
        return f"{text.partition(':')[0]} [{reasons.setdefault(text, len(reasons) + 1)}]"

    yield " ".join(["".ljust(width), *(column.ljust(12) for column in columns)]).rstrip()
    for (client, scenario), row in sorted(CELLS.items()):
        if "any" in row:
            cells = [short(row["any"]), "(no upstream is asked)"]
        else:
            cells = [short(row.get(column, "not run")).ljust(12) for column in columns]
        yield " ".join([f"{client}: {scenario}".ljust(width), *cells]).rstrip()
    for text, number in reasons.items():
        yield f"[{number}] {text.partition(': ')[2]}"


def pytest_terminal_summary(terminalreporter):
    if LINES:
        terminalreporter.section("measured")
        for line in LINES:
            terminalreporter.write_line(line)
    if CELLS:
        terminalreporter.section("clients before upstream dialects")
        for line in table():
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def simulator(tmp_path_factory):
    """An upstream in three dialects that lives as long as the tests."""
    running = plenum.Simulator(tmp_path_factory.mktemp("simulator")).start()
    yield running
    assert running.is_alive, f"the simulator died:\n{running.log[-3000:]}"
    running.kill()


@pytest.fixture
def make_server(tmp_path):
    """Makes servers that are killed after the test: make_server(providers=..., demo=..., ...)."""
    made = []

    def make(start=True, folder=None, **options):
        server = plenum.Server(folder or tmp_path / f"server-{len(made)}", **options)
        made.append(server)
        if start:
            server.start()
        return server

    yield make
    for server in made:
        server.kill()
        shutil.rmtree(server.folder / "data", ignore_errors=True)


@pytest.fixture
def upstream():
    """Makes scripted upstreams: upstream(script)."""
    made = []

    def make(script):
        made.append(plenum.Upstream(script))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture(scope="module")
def cluster():
    """A PostgreSQL that the module's tests may mistreat."""
    import postgres

    # Not among pytest's own folders, which PostgreSQL's user may not enter.
    folder = tempfile.mkdtemp(prefix="plenum-postgres-")
    os.chmod(folder, 0o755)
    running = postgres.Cluster(os.path.join(folder, "cluster"))
    yield running
    running.remove()
    os.rmdir(folder)
