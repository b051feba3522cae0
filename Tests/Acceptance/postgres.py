"""A throwaway PostgreSQL for one test, which the test may stop, crash and freeze, and a wire to it that can be cut."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

import psycopg
import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "postgres"
PROGRAMS = Path("/usr/lib/postgresql/15/bin")


class Cluster:
    """PostgreSQL 15 in a folder of its own, with pgbouncer before it, made by `scripts/postgres`."""

    def __init__(self, folder):
        self.folder = Path(folder)
        if not (PROGRAMS / "pg_ctl").exists():
            pytest.skip("PostgreSQL 15 is not installed: scripts/postgres start installs it")
        lines = self._script("start").stdout
        self.url = self._variable("PLENUM_TEST_POSTGRES", lines)
        self.pooler_url = self._variable("PLENUM_TEST_PGBOUNCER", lines)
        self.port = int(re.search(r":(\d+)/", self.url)[1])

    def _script(self, command):
        done = subprocess.run([SCRIPT, command, str(self.folder)], capture_output=True, text=True)
        assert done.returncode == 0, f"scripts/postgres {command} failed: {done.stderr}"
        return done

    @staticmethod
    def _variable(name, lines):
        return re.search(rf"^export {name}='(.*)'$", lines, re.M)[1]

    def _control(self, *arguments):
        data = self.folder / "data"
        command = [PROGRAMS / "pg_ctl", "-D", data, *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run([str(part) for part in command], check=True, cwd="/", stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)

    def crash(self):
        """Stops it as a power cut would: nothing is finished, nobody is told."""
        self._control("stop", "-m", "immediate", "--wait")

    def start(self):
        self._control("start", "--wait", "-o", f"-p {self.port}", "-l", str(self.folder / "postgres.log"))

    @property
    def processes(self):
        """The server's processes, the first of them their parent."""
        parent = (self.folder / "data" / "postmaster.pid").read_text().split("\n")[0]
        children = subprocess.run(["pgrep", "-P", parent], capture_output=True, text=True).stdout.split()
        return [int(number) for number in [parent, *children]]

    @contextlib.contextmanager
    def frozen(self):
        """Holds every process of the server: connections stay open and nothing answers."""
        held = self.processes
        for number in held:
            os.kill(number, signal.SIGSTOP)
        try:
            yield
        finally:
            for number in held:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(number, signal.SIGCONT)

    @contextlib.contextmanager
    def connection(self, url=None):
        """A connection of the app's role, with Plenum's tables in reach."""
        with psycopg.connect(url or self.url, autocommit=True) as connection:
            connection.execute("SET search_path = plenum")
            yield connection

    def remove(self):
        self._script("wipe")


class Wire:
    """A TCP proxy before the database that can stop passing anything on, as a network does that drops packets."""

    def __init__(self, port):
        self.target = port
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self._passes = threading.Event()
        self._passes.set()
        threading.Thread(target=self._accept, daemon=True).start()

    @contextlib.contextmanager
    def cut(self):
        self._passes.clear()
        try:
            yield
        finally:
            self._passes.set()

    def close(self):
        self._passes.set()
        self.listener.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client):
        self._passes.wait()
        try:
            server = socket.create_connection(("127.0.0.1", self.target), 5)
        except OSError:
            client.close()
            return
        for source, sink in ((client, server), (server, client)):
            threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source, sink):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                self._passes.wait()
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def answer_time(server, ask):
    """Calls `ask` with a fresh client and gives its response and the seconds that it took."""
    with server.client() as client:
        began = time.monotonic()
        return ask(client), time.monotonic() - began
