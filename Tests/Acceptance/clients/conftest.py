"""The official clients against one server, with one strict simulator behind it in every dialect.

The run ends with a table of what works: a line a client's scenario, a column an upstream dialect.
"""

import re

import httpx
import pytest

import matrix
import plenum


def pytest_collection_modifyitems(items):
    for item in items:
        if not item.get_closest_marker("cell"):
            continue
        dialect = item.callspec.params.get("dialect", "any") if hasattr(item, "callspec") else "any"
        client, scenario = where(item)
        item.user_properties.append(("cell", [client, scenario, dialect]))
        if reason := matrix.reason(client, scenario, dialect):
            item.add_marker(pytest.mark.xfail(strict=True, reason=reason))


def where(item):
    """The client and the scenario of a test: its module, its name and what it is asked beside the dialect."""
    client = item.module.__name__.removeprefix("test_").replace("_", "-")
    scenario = item.originalname.removeprefix("test_").replace("_", " ")
    if not hasattr(item, "callspec"):
        return client, scenario
    dialect = item.callspec.params.get("dialect")
    ids = re.sub(rf"(^|-){dialect}(?=-|$)", "", item.callspec.id, count=1).strip("-")
    return client, f"{scenario} {ids}".strip()


@pytest.fixture(scope="session")
def server(simulator, tmp_path_factory):
    """A server with an upstream in every dialect whose provider format it knows; `server.refused` tells of the others."""
    def make(names):
        return plenum.Server(tmp_path_factory.mktemp("clients"), providers={
            "providers": [matrix.provider(name, simulator.url) for name in names]})

    refused = {}
    server = make(matrix.DIALECTS)
    try:
        server.start()
    except plenum.StartError as error:
        # The newest format may not be known yet; any other complaint is a fault.
        assert "providers[3].format must be one of" in error.log, error.log[-3000:]
        refused["resp"] = "the provider format openai-responses is not there yet"
        server = make([name for name in matrix.DIALECTS if name not in refused])
        server.start()
    server.refused = refused
    yield server
    assert server.is_alive, server.log[-3000:]
    server.kill()


@pytest.fixture(params=list(matrix.DIALECTS))
def dialect(request, server):
    """The upstream's dialect; skips one that the server does not know yet."""
    if request.param in server.refused:
        pytest.skip(server.refused[request.param])
    return request.param


@pytest.fixture(scope="session")
def responses_door(server):
    """Skips while there is no door for Responses."""
    answer = httpx.post(f"{server.url}{matrix.DOORS['responses']}", json={"model": "x", "input": "x"}, trust_env=False)
    if "no such route" in answer.text:
        pytest.skip("the door /v1/responses is not there yet")
