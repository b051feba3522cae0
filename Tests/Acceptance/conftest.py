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


LINES = []


@pytest.fixture
def report():
    """report(line): a line for the end of the run, where nobody overlooks it."""
    return LINES.append


def pytest_terminal_summary(terminalreporter):
    if LINES:
        terminalreporter.section("measured")
        for line in LINES:
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
