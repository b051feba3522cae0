"""Usage and preferences, as pictures, tables and files."""

import csv
import io
import re

import pytest
from playwright.sync_api import expect

import plenum
from conftest import serve
from plenum import wait_until

PAIR = ["chat/sim-words8", "claude/sim-words6"]


@pytest.fixture(scope="module")
def asked(tmp_path_factory, simulator):
    """A server that was asked some things, and whose answers somebody has judged."""
    server = serve(tmp_path_factory.mktemp("asked"), demo=True, providers=plenum.three_dialects(simulator.url, ["sim-words8", "sim-words6", "sim-status500"]))
    with server.client() as client:
        for number in range(4):
            run = compare(client, f"Which is better, {number}?")
            verdict = [{"seat": 0}, {"seat": 0}, {"seat": 1}, {"kind": "tie"}][number]
            client.post(f"/v1/runs/{run}/prefer", json=verdict).raise_for_status()
        for model in ["gem/sim-words8", "simulated/parrot"]:
            client.post("/v1/chat/completions", json=plenum.ask(model)).raise_for_status()
        client.post("/v1/chat/completions", json=plenum.ask("chat/sim-status500"))
    yield server
    server.kill()


def compare(client, text):
    run = client.post("/v1/runs", json={"kind": "compare", "input": text, "models": PAIR, "background": True}).raise_for_status().json()["id"]
    wait_until(lambda: client.get(f"/v1/runs/{run}").json()["status"] == "completed", limit=20, what="the compare's end")
    return run


def rows(page):
    return page.locator("section[aria-label=Table] tbody tr")


def choose(page, group, name):
    page.get_by_role("radiogroup", name=group).or_(page.get_by_role("group", name=group)).get_by_text(name, exact=True).click()


def test_usage_is_told_by_day_model_provider_and_key(asked, open_page):
    page = open_page("/usage", server=asked)
    tiles = page.locator(".tiles")
    expect(tiles).to_contain_text(re.compile(r"Requests\s*\d+"))
    total = asked.client().get("/v1/usage?group_by=model").json()
    requests = sum(int(row["requests"]) for row in total["data"])
    expect(tiles.locator("div.tile", has_text="Requests").locator(".tile-value")).to_have_text(str(requests))
    expect(page.get_by_role("img", name=re.compile("^Requests by day in the last 30 days: "))).to_be_visible()
    expect(rows(page)).to_have_count(1)
    choose(page, "Grouped by", "Model")
    expect(page.get_by_role("img", name=re.compile(r"^Requests by model in the last 30 days: .*sim-words8 \d"))).to_be_visible()
    expect(rows(page).filter(has_text="sim-words6")).to_have_count(1)
    choose(page, "Grouped by", "Provider")
    expect(rows(page).filter(has_text="claude")).to_have_count(1)
    choose(page, "Grouped by", "Key")
    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text("No key")
    choose(page, "Grouped by", "Provider")
    for measure in ["Tokens", "Cost", "First token"]:
        choose(page, "Shown in the chart", measure)
        expect(page.get_by_role("img", name=re.compile(f"^{measure} by provider"))).to_be_visible()
    expect(page.get_by_role("img", name=re.compile(r"claude \d+(\.\d)? m?s"))).to_be_visible()
    choose(page, "Grouped by", "Day")
    expect(page.get_by_role("img", name=re.compile(r"^First token by day in the last 30 days: .* on average, most on "))).to_be_visible()
    choose(page, "Grouped by", "Provider")
    choose(page, "Period", "7 days")
    expect(page.get_by_role("img", name=re.compile("in the last 7 days"))).to_be_visible()
    page.reload()
    expect(page.get_by_role("img", name=re.compile("in the last 7 days"))).to_be_visible()


def test_the_table_is_ordered_by_a_press_on_a_column(asked, open_page):
    page = open_page("/usage?by=model", server=asked)
    header = page.get_by_role("columnheader").first
    header.get_by_role("button").click()
    expect(header).to_have_attribute("aria-sort", re.compile("ascending|descending"))
    first = rows(page).locator("td, th[scope=row]").first.inner_text()
    header.get_by_role("button").click()
    expect(rows(page).locator("td, th[scope=row]").first).not_to_have_text(first)


def test_the_csv_has_what_the_table_shows(asked, open_page):
    page = open_page("/usage?by=model", server=asked)
    expect(rows(page).first).to_be_visible()
    with page.expect_download() as saving:
        page.get_by_role("button", name="CSV").click()
    assert saving.value.suggested_filename == "plenum-usage-by-model.csv"
    text = open(saving.value.path(), newline="", encoding="utf-8-sig").read()
    told = list(csv.DictReader(io.StringIO(text)))
    assert len(told) == rows(page).count()
    usage = {row["model"]: row for row in asked.client().get("/v1/usage?group_by=model").json()["data"]}
    assert {row["model"] for row in told} == set(usage)
    for row in told:
        assert int(row["requests"]) == int(usage[row["model"]]["requests"]), row


def test_a_column_of_the_chart_is_told_when_one_points_at_it(asked, open_page):
    page = open_page("/usage", server=asked)
    picture = page.get_by_role("img", name=re.compile("^Requests by day"))
    expect(picture).to_be_visible()
    box = picture.bounding_box()
    page.mouse.move(box["x"] + box["width"] - 12, box["y"] + box["height"] - 60)
    expect(page.locator("section[aria-label=Chart]")).to_contain_text(re.compile(r"\d+ request|\d+"))


def test_preferences_show_whom_one_prefers(asked, open_page):
    page = open_page("/preferences", server=asked)
    expect(page.get_by_role("img", name=re.compile("^Win rates: "))).to_be_visible()
    expect(page.locator("section[aria-label='Win rates'] tbody tr")).to_have_count(2)
    judged = page.locator(".judged > li")
    expect(judged).to_have_count(4)
    expect(judged.first).to_contain_text("Which is better, 3?")
    with page.expect_download() as saving:
        page.get_by_role("button", name="Pairs as JSONL").click()
    assert len(open(saving.value.path()).read().splitlines()) == 3
    judged.first.get_by_role("link").first.click()
    expect(page.locator("compare-block")).to_be_visible()


def test_a_vote_counts_at_once(fresh, open_page):
    page = open_page("/?models=simulated/oracle,simulated/sphinx", server=fresh)
    page.get_by_label("Message", exact=True).fill("Who is wiser?")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Prefer this").first.click()
    expect(page.get_by_text("You prefer oracle.")).to_be_visible()
    page.get_by_role("link", name="My preferences").click()
    expect(page.get_by_role("img", name=re.compile("oracle 100 % of 1"))).to_be_visible()


def test_with_nothing_to_show_they_say_so_and_lead_on(fresh, open_page):
    page = open_page("/usage", server=fresh)
    expect(page.get_by_text("Nothing was asked in the last 30 days.")).to_be_visible()
    expect(page.get_by_role("button", name="CSV")).to_be_disabled()
    choose(page, "Period", "All")
    expect(page.get_by_text("Nothing was asked yet.")).to_be_visible()
    page.get_by_role("link", name="My preferences").click()
    expect(page.get_by_text("Here you will see whom you prefer.")).to_be_visible()
    page.get_by_role("link", name="Start a compare").click()
    expect(page.get_by_label("Message", exact=True)).to_be_visible()


def test_a_server_that_is_gone_is_no_empty_report(fresh, open_page):
    page = open_page(server=fresh)
    page.watch.expected += ["Failed to load resource", "net::"]
    expect(page.get_by_label("Message", exact=True)).to_be_visible()
    fresh.kill()
    page.get_by_role("link", name="Usage").click()
    expect(page.get_by_role("main").get_by_text("The server cannot be reached.")).to_be_visible()
    fresh.start()
    page.get_by_role("main").get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Nothing was asked in the last 30 days.")).to_be_visible()
