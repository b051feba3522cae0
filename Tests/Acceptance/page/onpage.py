"""What the tests of compares, debates and broken connections do on the page, and look up behind it."""

import re
from urllib.parse import quote

from playwright.sync_api import expect

import plenum


def field(page):
    return page.get_by_label("Message", exact=True)


def send(page, text):
    field(page).fill(text)
    field(page).press("Enter")


def address(*models):
    """The page of a new chat with so many seats."""
    return "/?models=" + quote(",".join(models))


def compare(page, text, seats):
    """Asks all who sit there; returns the block when it shows them."""
    blocks = page.locator("compare-block")
    before = blocks.count()
    send(page, text)
    expect(blocks).to_have_count(before + 1)
    block = blocks.last
    expect(block.locator(".compare-track > .seat-card")).to_have_count(seats)
    return block


def cards(block):
    """The seats of a compare that are shown."""
    return block.locator(".compare-track > .seat-card")


def card(block, name):
    """The seat of that name."""
    return cards(block).filter(has=block.page.locator(".seat-name", has_text=re.compile(f"^{re.escape(name)}$")))


def state(which, words):
    """Waits until a seat is in a state: streaming, done, failed, stopped ..."""
    expect(which).to_have_attribute("data-state", words)
    return which


def settled(block, count, seconds=10):
    """Waits until so many seats are done."""
    expect(block.locator(".compare-track > .seat-card[data-state=done]")).to_have_count(count, timeout=seconds * 1000)
    return block


def text_of(which):
    """The words of an answer as they are shown."""
    return words(which.locator(".seat-text").text_content())


def words(text):
    """A text without the spaces that Markdown does not keep."""
    return " ".join(text.split())


def act(block, which, item):
    """Chooses from the menu of a seat."""
    which.get_by_role("button", name=re.compile("^Actions for")).click()
    block.page.get_by_role("menuitem", name=item, exact=True).click()


def pick(page, model):
    """Chooses one in the model selector."""
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Search models").fill(model)
    dialog.locator(f'[data-model="{model}"]').first.click()


def run_of(block):
    """The id of the run that a block shows."""
    return block.get_attribute("data-run")


def kept(server, run):
    """A run as the server keeps it."""
    with server.client() as client:
        return client.get(f"/v1/runs/{run}").raise_for_status().json()


def stored(server, run):
    """The texts of a run's seats as the server keeps them, by seat."""
    return {seat["seat"]: words(plenum.text_of(seat["message"])) if seat["message"] else "" for seat in kept(server, run)["seats"]}


def shown(block):
    """The texts of all seats as they are shown, by seat, read at one moment."""
    return {int(seat): words(text) for seat, text in block.evaluate(
        "block => [...block.querySelectorAll('.compare-track > .seat-card')].map(card => [card.dataset.key, card.querySelector('.seat-text').textContent])")}


def begin(server, **body):
    """Begins a run by the API, as another program would; returns it."""
    with server.client() as client:
        return client.post("/v1/runs", json={"background": True, **body}).raise_for_status().json()
