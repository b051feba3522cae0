"""The page in a real browser: Debian's Chromium, driven by Playwright, against a real server with simulated models.

Every page that a test opens is watched: an error in the console, an exception, a dialog, a request to elsewhere, a word to the
content security policy fail the test, unless it says that it expects them (`page.expected`).
"""

import os
import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

import plenum

WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="session")
def chromium():
    program = shutil.which("chromium")
    if program is None:
        pytest.fail("chromium is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


def serve(folder, **options):
    """A server with simulated models. With PLENUM_PAGE=Sources/CWebAssets/Assets the page is read from there: no build between
    a change and its test."""
    page = os.environ.get("PLENUM_PAGE")
    arguments = ["--page", os.path.abspath(page)] if page else []
    server = plenum.Server(folder, **{"demo": True, **options}, arguments=arguments)
    server.start()
    return server


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A server without keys, whose three models are simulated."""
    server = serve(tmp_path_factory.mktemp("site"))
    yield server
    server.kill()


@pytest.fixture
def fresh(tmp_path):
    """A server that knows no conversation yet."""
    server = serve(tmp_path)
    yield server
    server.kill()


@pytest.fixture(scope="module")
def scripted(request, tmp_path_factory):
    """An upstream that answers as the module's RULES say."""
    running = plenum.Simulator(tmp_path_factory.mktemp("scripted"), rules=request.module.RULES).start()
    yield running
    running.kill()


@pytest.fixture(scope="module")
def keyless(tmp_path_factory):
    """A server as a newcomer starts it: the project's providers without keys, and simulated models."""
    providers = (Path(__file__).parents[3] / "providers.json").read_text()
    server = serve(tmp_path_factory.mktemp("keyless"), demo=False, providers=providers)
    yield server
    server.kill()


# Models of the simulator for the site `stage`, by what they are good for.
STAGE = ["sim-gap2-words30", "sim-wait50-gap80-words80", "sim-gap1-words60", "sim-quota-fail1-words5", "sim-error500-after6-words40"]


@pytest.fixture(scope="module")
def stage(tmp_path_factory, simulator):
    """A server whose models are the simulator's: slow ones, failing ones."""
    server = serve(tmp_path_factory.mktemp("stage"), demo=False, providers=plenum.three_dialects(simulator.url, STAGE))
    yield server
    server.kill()


class Watch:
    """What a page did that no page of ours may do."""

    def __init__(self, page, origin):
        self.wrongs = []
        # Sentences (regular expressions) that this test means to provoke.
        self.expected = []
        page.on("console", lambda message: message.type in ("error", "warning") and self.note("console", message.text))
        page.on("pageerror", lambda error: self.note("exception", str(error)))
        page.on("dialog", lambda dialog: (self.note("dialog", dialog.message), dialog.dismiss()))
        page.on("request", lambda request: self.request(request, origin))

    def note(self, kind, text):
        if not any(re.search(pattern, text) for pattern in self.expected):
            self.wrongs.append(f"{kind}: {text}")

    def request(self, request, origin):
        if not request.url.startswith((origin + "/", "data:", "blob:")):
            self.note("foreign request", request.url)


VIOLATIONS = """
    window.__violations = [];
    document.addEventListener("securitypolicyviolation", (event) =>
        window.__violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""


@pytest.fixture
def open_page(chromium, site):
    """open_page(path="/", server=site, viewport=WIDE, dark=False, ...): a page in a context of its own, watched."""
    opened = []

    def make(path="/", server=None, viewport=WIDE, dark=False, context=None, **options):
        server = server or site
        context = context or chromium.new_context(
            base_url=server.url, viewport=viewport, color_scheme="dark" if dark else "light", **options)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.add_init_script(VIOLATIONS)
        page.watch = Watch(page, server.url)
        opened.append(page)
        page.goto(path)
        return page

    yield make
    wrongs = []
    for page in opened:
        if not page.is_closed():
            for violation in page.evaluate("window.__violations ?? []"):
                page.watch.note("content security policy", violation)
        wrongs += page.watch.wrongs
    for context in {page.context for page in opened}:
        context.close()
    assert not wrongs, "\n".join(wrongs)


@pytest.fixture
def page(open_page):
    """The page of a new chat."""
    return open_page()
