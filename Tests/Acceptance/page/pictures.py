"""Pictures of every view for scripts/screenshots: light and dark, on a phone and on a desk.

usage: pictures.py [FOLDER [VIEW ...]]
"""

import json
import os
import shutil
import sqlite3
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(HERE.parent))
import debating  # noqa: E402
import plenum  # noqa: E402
import pictures_script as script  # noqa: E402
from talks import bring, talk  # noqa: E402

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
PANEL = [f"anthropic/{script.OPUS}", f"openai/{script.SOL}", f"google/{script.ARGON}"]
JUDGE = {"model": f"anthropic/{script.SONNET}"}
DAY_MS = 86_400_000


def providers(url):
    """The catalogue's models with their names and prices, behind the simulator and in need of no key."""
    catalogue = json.loads((ROOT / "providers.json").read_text())
    wanted = {"anthropic", "openai", "google"}
    path = {"anthropic-messages": "", "openai-chat": "/v1", "gemini": ""}
    return {"providers": [
        {**{key: value for key, value in one.items() if key != "keyEnv"}, "baseURL": url + path[one["format"]], "models": one["models"][:8]}
        for one in catalogue["providers"] if one["id"] in wanted]}


class Stage:
    """A server with content that looks like use."""

    def __init__(self, folder):
        self.simulator = plenum.Simulator(folder / "simulator", rules=script.rules()).start()
        page = ROOT / "Sources/CWebAssets/Assets"
        self.server = plenum.Server(folder / "server", providers=providers(self.simulator.url), arguments=["--page", str(page)])
        self.server.start()
        self.places = {}
        self.client = self.server.client()
        bring(self.server, [talk(n, title, days) for n, (title, days) in enumerate(script.OLDER)])
        self.fill()
        self.spread()

    def spread(self):
        """Calls of now become those of a month, as slow as real ones; the server is down meanwhile."""
        self.server.stop()
        database = sqlite3.connect(self.server.database)
        database.execute(f"UPDATE generation SET created_at = created_at - {DAY_MS} * ((number * 11 + number * number) % 28) WHERE number % 9 > 0")
        database.execute("UPDATE generation SET duration = 2400 + output * 14 + number * 137 % 900, time_to_first_token = 380 + number * 53 % 700")
        database.commit()
        database.close()
        self.server.start()

    def run(self, name=None, title=None, **body):
        told = self.client.post("/v1/runs", json={**body, "background": True}).raise_for_status().json()
        debating.ended(self.client, told["id"])
        if title:
            self.client.post(f"/v1/conversations/{told['conversation']}", json={"title": title}).raise_for_status()
        if name:
            self.places[name] = told["conversation"]
        return told["id"]

    def fill(self):
        for number, (text, winner) in enumerate(zip(script.SUMMARIES, [0, 1, 2, 0, 2, 1, 0, 0, 1, 0, 2, 0])):
            run = self.run("judged", kind="compare", input=text, models=PANEL)
            self.client.post(f"/v1/runs/{run}/prefer", json={"seat": winner}).raise_for_status()
            self.client.post(f"/v1/conversations/{self.places['judged']}", json={"archived": number < 10}).raise_for_status()
        self.run("council", "Half the paper cups", kind="debate", input=script.CAFE, models=PANEL, debate={"protocol": "council", "judge": JUDGE})
        self.run("revise", "Is M61 a prime?", kind="debate", input=script.PRIME, models=PANEL, debate={"protocol": "revise"})
        self.run("chat", "How a hash map works", kind="chat", input=script.HASH, models=[PANEL[1]])
        self.run("debate", "Monolith or services?", kind="debate", input=script.MONOLITH, debate={"protocol": "sides", "judge": JUDGE},
                 seats=[{"model": PANEL[0], "side": "A monolith"}, {"model": PANEL[2], "side": "Services"}])
        self.run("compare", "A faster nightly import", kind="compare", input=script.IMPORT, models=PANEL)
        self.client.post(f"/v1/conversations/{self.places['revise']}", json={"pinned": True})

    def forget(self, title):
        """Deletes conversations whose titles begin so, what runs in them first."""
        for one in self.client.get("/v1/conversations?limit=20").json()["data"]:
            if one["title"].startswith(title):
                for run in self.client.get(f"/v1/runs?conversation={one['id']}").json()["data"]:
                    self.client.post(f"/v1/runs/{run['id']}/cancel", json={})
                    debating.ended(self.client, run["id"])
                self.client.delete(f"/v1/conversations/{one['id']}").raise_for_status()

    def close(self):
        self.server.kill()
        self.simulator.kill()


class Eye:
    """Goes to views and takes their pictures."""

    def __init__(self, page, stage):
        self.page, self.stage = page, stage

    def conversation(self, name, shown):
        self.page.goto(f"/c/{self.stage.places[name]}")
        expect(self.page.locator(shown).first).to_be_visible()
        self.page.wait_for_load_state("networkidle")

    def top(self):
        self.page.locator(".thread").evaluate("one => one.scrollTo(0, 0)")

    def new(self):
        self.page.goto("/")
        expect(self.page.locator(".seat-chips .chip").first).to_be_visible()

    def chat(self):
        self.conversation("chat", ".answer-footer span")
        self.top()

    def compare(self):
        self.conversation("compare", ".vote-bar .vote-words")
        self.top()

    def running(self):
        self.page.goto("/?models=" + ",".join(PANEL))
        expect(self.page.locator(".seat-chip")).to_have_count(3)
        self.stage.forget("Our nightly import")
        self.page.get_by_label("Message", exact=True).fill(script.SLOW)
        self.page.get_by_role("button", name="Send").click()
        expect(self.page.locator(".seat-card .seat-text pre").first).to_be_attached(timeout=30_000)

    def debate(self):
        self.conversation("debate", ".debate-head .badge.completed")
        self.top()

    def verdict(self):
        self.conversation("debate", ".debate-head .badge.completed")
        show = self.page.get_by_role("button", name="Show the verdict")
        if show.count():
            show.click()
        self.page.locator(".thread").evaluate("one => one.scrollTo(0, one.scrollHeight)")

    def council(self):
        self.conversation("council", ".debate-head .badge.completed")
        self.top()

    def revise(self):
        self.conversation("revise", ".debate-head .badge.completed")
        self.top()

    def setup(self):
        self.new()
        self.page.get_by_role("radio", name="Debate").click()
        self.page.get_by_text("Sides and a judge", exact=True).click()
        self.page.get_by_label("Message", exact=True).fill(script.MONOLITH)

    def picker(self):
        self.new()
        self.page.keyboard.press("Control+l")
        expect(self.page.locator(".model-row").nth(4)).to_be_visible()

    def settings(self):
        self.new()
        self.page.get_by_role("button", name="Settings of this chat").click()

    def palette(self):
        self.new()
        self.page.keyboard.press("Control+k")
        expect(self.page.get_by_role("option").nth(6)).to_be_visible()

    def shortcuts(self):
        self.new()
        self.page.locator("h1").click()
        self.page.keyboard.press("Shift+?")

    def usage(self):
        self.page.goto("/usage")
        expect(self.page.locator("main [role=img]").first).to_be_visible()

    def models(self):
        self.page.goto("/usage?by=model")
        expect(self.page.locator("main [role=img]").first).to_be_visible()

    def preferences(self):
        self.page.goto("/preferences")
        expect(self.page.locator("main [role=img]").first).to_be_visible()

    def search(self):
        self.new()
        button = self.page.get_by_role("button", name="Show the conversations")
        if button.is_visible():
            button.click()
        self.page.get_by_label("Search in titles and texts").fill("prim")
        expect(self.page.locator(".hit").first).to_be_visible()

    def drawer(self):
        self.new()
        button = self.page.get_by_role("button", name="Show the conversations")
        if button.is_visible():
            button.click()
        self.page.get_by_role("button", name="Export and import").click()
        expect(self.page.get_by_role("dialog", name="Export and import")).to_be_visible()


VIEWS = ["new", "chat", "compare", "debate", "verdict", "council", "revise", "setup", "picker", "settings", "palette", "shortcuts", "usage", "models",
         "preferences", "search", "drawer", "running"]
RECALLED = json.dumps({"plenum.panel.last": json.dumps(PANEL), "plenum.panel": json.dumps(PANEL[:1]), "plenum.recent": json.dumps(PANEL)})


def open_eye(browser, stage, **how):
    context = browser.new_context(base_url=stage.server.url, **how)
    page = context.new_page()
    page.goto("/favicon.ico")
    page.evaluate(f"Object.entries({RECALLED}).forEach(([key, value]) => localStorage.setItem(key, value))")
    return Eye(page, stage)


def main():
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / ".screenshots")
    views = sys.argv[2:] or VIEWS
    folder.mkdir(parents=True, exist_ok=True)
    plenum.BINARY = os.path.abspath(os.environ.get("PLENUM", ROOT / ".build/release/plenum"))
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        stage = Stage(Path(place))
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        try:
            for device, viewport in (("desktop", DESK), ("phone", PHONE)):
                for scheme in ("light", "dark"):
                    how = {"has_touch": True, "is_mobile": True, "device_scale_factor": 2} if device == "phone" else {}
                    eye = open_eye(browser, stage, viewport=viewport, color_scheme=scheme, **how)
                    for view in views:
                        getattr(eye, view)()
                        eye.page.wait_for_timeout(400)
                        eye.page.screenshot(path=folder / f"{view}-{device}-{scheme}.png")
                        print(folder / f"{view}-{device}-{scheme}.png", flush=True)
                    eye.page.context.close()
            stage.forget("Our nightly import")
            for view in ("compare", "debate"):
                eye = open_eye(browser, stage, viewport={"width": 1280, "height": 860})
                if view == "compare":
                    # Three answers side by side want the whole width.
                    eye.page.evaluate("localStorage.setItem('plenum.drawerFolded', 'true')")
                    eye.compare()
                else:
                    eye.verdict()
                    eye.page.locator(".turn", has_text="Rebuttal").first.evaluate("one => one.scrollIntoView({ block: 'start' })")
                eye.page.wait_for_timeout(400)
                eye.page.screenshot(path=folder / f"readme-{view}.png")
                eye.page.context.close()
        finally:
            browser.close()
            stage.close()


if __name__ == "__main__":
    main()
