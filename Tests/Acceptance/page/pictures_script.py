"""What is asked and answered in the pictures of scripts/screenshots: written by hand, said by the simulator."""

OPUS, SOL, ARGON, SONNET = "claude-opus-5-5", "gpt-6.2-sol", "gemini-4-argon", "claude-sonnet-5-5"

IMPORT = "Our nightly import writes 2 million CSV rows into PostgreSQL, one INSERT each, and takes 40 minutes. What would you change first?"
HASH = "Explain how a hash map works, to somebody who knows arrays."
MONOLITH = "Should a team of five begin with a monolith or with services?"
CAFE = "A café wants to cut its waste of paper cups by half within a year. What should it do?"
PRIME = "Is 2^61 − 1 a prime?"

SLOW = IMPORT + " Be brief."
SUMMARIES = [
    "Which summary of the incident is clearer?", "Rewrite this reply so that it is friendly and short", "A title for the talk about queues", "Explain the tax change to a pensioner",
    "Turn these notes into minutes", "The shortest correct definition of entropy", "A polite no to an invitation", "Three names for a reading app", "Describe the bug so that somebody can fix it",
    "A birthday poem without rhymes", "What to ask a landlord before signing", "Summarise the paper in five lines",
]

IMPORT_OPUS = """Use `COPY` into a staging table, then merge once. One `INSERT` per row pays for a round trip and a commit two million times; that is nearly all of your 40 minutes.

```sql
CREATE TEMP TABLE incoming (LIKE orders INCLUDING DEFAULTS);
COPY incoming FROM STDIN (FORMAT csv, HEADER);

INSERT INTO orders
SELECT * FROM incoming
ON CONFLICT (id) DO UPDATE
   SET amount = EXCLUDED.amount;
```

Expect **one to two minutes**. Measure before you touch anything else: indexes and WAL settings matter far less than the round trips.

If a bad row must not stop the rest, load all columns as `text` first and cast in the merge."""

IMPORT_SOL = """Start with the cheapest change, and measure after each one:

| Step | Effort | Likely time |
|:-----|:------:|------------:|
| One transaction per 10,000 rows | minutes | 12 min |
| Multi-row `INSERT` of 500 rows | an hour | 4 min |
| `COPY` to a staging table | half a day | 90 s |

1. **Batch the commits.** Each commit waits for the disk.
2. **Then use `COPY`.** It skips parsing a statement for each row.
3. Only then look at indexes: dropping and rebuilding them helps if most of the table is new.

I would go straight to `COPY` if the job runs every night anyway."""

IMPORT_ARGON = """The question is what the 40 minutes are made of. Before changing code, run for one minute:

```sql
SELECT wait_event_type, wait_event, count(*)
FROM pg_stat_activity
WHERE state = 'active'
GROUP BY 1, 2 ORDER BY 3 DESC;
```

- `IO / WALSync`: commits. Batch them.
- `Client / ClientRead`: the network. Use `COPY`.
- `Lock`: something else writes to the same rows.

My guess is the first two together, and `COPY` solves both."""

HASH_SOL = """You know that an array finds `a[7]` at once: the index *is* the place. A hash map keeps that speed for keys that are no numbers.

1. A **hash function** turns the key into a number.
2. The number, taken modulo the array's length, is the place.
3. What is stored there is the key *and* its value.

```python
def put(table, key, value):
    place = hash(key) % len(table)
    for pair in table[place]:
        if pair[0] == key:
            pair[1] = value      # the key is known: replace
            return
    table[place].append([key, value])
```

Two keys may land in the same place. So each place holds a short list, and the map grows before these lists become long.

| Operation | Array, by value | Hash map |
|:----------|----------------:|---------:|
| Find      | $O(n)$          | $O(1)$ on average |
| Insert    | $O(1)$ at the end | $O(1)$ on average |
| In order  | yes             | no |

With $n$ keys in $m$ places a list is $n/m$ long on average, which is why maps grow at about three quarters full."""

SPEECHES = {
    OPUS: [
        """A monolith. Five people share one calendar, one on-call rota and one understanding of the product, and the product will change every week. In one codebase a wrong boundary is a refactoring of an afternoon; between services it is a migration with two deployments and a compatibility window.

The cost of services is paid on the first day: a pipeline, a registry, tracing, retries and versioned contracts for each of them. What they buy, independent scaling and independent teams, is something that a team of five does not yet need.""",
        """> "Boundaries that nobody enforces will not be there when you need them."

That is right, and it is an argument for modules, not for networks. A build that refuses an import across modules enforces a boundary as strictly as HTTP does, and costs a millisecond instead of a retry policy.

One point more: the first two boundaries that a young product draws are usually wrong. It should be cheap to move them.""",
    ],
    ARGON: [
        """Services, but few. Two or three along lines that will hold: what takes money, what users see, what runs at night. Each can fail without the others, and be released on a Friday without fear.

A monolith's promise is that it will be divided later. In practice the shared tables grow first, and boundaries that nobody enforces will not be there when you need them.""",
        """> "In one codebase a wrong boundary is a refactoring of an afternoon."

Conceded for code; not for data. Once two modules join each other's tables, the afternoon becomes a quarter. I grant that a build can check imports, but it does not check joins.

My proposal is smaller than it sounds: one service for payments from the start, since its failure and its audit are different from everything else.""",
    ],
}

VERDICT = """{"winner": "%s", "scores": {"1": {"accuracy": %d, "evidence": %d, "responsiveness": %d}, "2": {"accuracy": %d, "evidence": %d, "responsiveness": %d}}, "decisive_point": "A build can enforce a boundary between modules as strictly as a network does, at a fraction of the cost; the joins between tables were a fair objection, but answer for one service, not for three.", "errors_found": [], "unresolved": ["How to keep modules from joining each other's tables", "Whether payments should stand apart from the first day"], "answer": "Begin with a monolith of strict modules, each with tables of its own, and divide where load or audit ask for it."}"""

COUNCIL = {
    OPUS: """Charge for the paper cup instead of giving a discount for a mug. A charge of 25 cents is felt as a loss, and moves far more people than a discount of the same size.

- Put the price of the cup on the receipt as a line of its own.
- Offer a deposit mug for those who forgot theirs.

ANSWER: Charge for the cup""",
    SOL: """Make the reusable cup the default: the barista asks "to stay or to take away?", and what stays is served in china. In most cafés a third of the paper cups never leave the room.

1. China by default for all who sit.
2. A deposit cup of 2 euros, taken back in all shops of the street.
3. Publish the number of cups each month.

ANSWER: China by default, deposit cups to go""",
    ARGON: """Measure first: count cups for two weeks, by hour and by drink. Then act where most are used, which is probably the morning rush of commuters.

For them a subscription works: a cup that is swapped, clean for used, without queuing.

ANSWER: A swap cup for commuters""",
}
BALLOT = """{"notes": {"A": {"good": "Acts on behaviour at once", "bad": "Says little about take-away"}, "B": {"good": "Concrete and measurable", "bad": "Needs partners"}}, "ranking": ["%s", "%s"]}"""
CHAIR = """Do three things, in this order.

1. **China by default.** Whoever stays gets a cup that is washed. This alone saves about a third, from the first week.
2. **Charge 25 cents for paper,** as a line of its own on the receipt. A loss is felt; a discount is overlooked.
3. **A deposit cup** for those who forgot theirs, taken back in all shops of the street.

Count the cups for two weeks before, and publish the number each month.

## Consensus
A price on the paper cup, and a reusable one within reach.

## Disagreements
Whether to begin by measuring or by acting.

## Minority view
A subscription for commuters, swapped at the counter.

## Not covered
What washing costs in water and time."""

REVISED = {
    OPUS: ["It is. 2^61 − 1 is a Mersenne number with a prime exponent, and it passes the Lucas–Lehmer test.\n\nANSWER: yes\nCONFIDENCE: 96"] * 2,
    SOL: ["M61 = 2305843009213693951 is the ninth Mersenne prime, found by Pervushin in 1883.\n\nANSWER: yes\nCONFIDENCE: 99"] * 2,
    ARGON: ["Not every prime exponent gives a prime: 2^11 − 1 = 23 · 89. I do not remember 61 among those that do.\n\nANSWER: no\nCONFIDENCE: 55",
            "I took 61 for 67, whose number Cole factored in 1903. The Lucas–Lehmer test of 61 comes out at zero, as another answer says.\n\nANSWER: yes\nCONFIDENCE: 93"],
}


def rules(gap=0):
    """Rules of `plenum simulate --script`, the particular ones first."""
    first = SPEECHES[OPUS][0][:30]
    made = [
        {"contains": "Would more rounds", "answer": '{"decided": false, "why": "The point about data is not answered yet."}'},
        {"contains": ["Who has convinced you?", f'<turn from="Side 1" round="1">\n{first}'], "answer": VERDICT % ("1", 9, 8, 9, 8, 7, 8)},
        {"contains": "Who has convinced you?", "answer": VERDICT % ("2", 8, 7, 7, 9, 8, 9)},
        {"contains": ["Rank them", '{"A"'], "model": ARGON, "answer": BALLOT % ("B", "A")},
        {"contains": "Rank them", "answer": BALLOT % ("A", "B")},
        {"contains": "You chair a council", "answer": CHAIR},
    ]
    for model in (OPUS, ARGON):
        made += [{"model": model, "contains": ["in a debate before a judge", "Rebuttal:"], "answer": SPEECHES[model][1]},
                 {"model": model, "contains": "in a debate before a judge", "answer": SPEECHES[model][0]}]
    made += [{"model": model, "contains": CAFE[:20], "answer": text} for model, text in COUNCIL.items()]
    made += [{"model": model, "contains": PRIME, "answer": texts} for model, texts in REVISED.items()]
    made += [{"model": model, "contains": IMPORT[:20], "answer": text} for model, text in [(OPUS, IMPORT_OPUS), (SOL, IMPORT_SOL), (ARGON, IMPORT_ARGON)]]
    made += [{"contains": "Be brief.", "model": model, "answer": text, "words_gap_ms": 160} for model, text in [(OPUS, IMPORT_OPUS), (SOL, IMPORT_SOL), (ARGON, IMPORT_ARGON)]]
    made += [{"contains": HASH[:20], "answer": HASH_SOL}, {"answer": "Yes, with one reservation: it depends on how often the data changes. Below a few times a day, a nightly job is enough."}]
    slow = [rule for rule in made if "words_gap_ms" in rule]
    return slow + [{**rule, "words_gap_ms": gap} for rule in made if "words_gap_ms" not in rule]


OLDER = [
    ("Names for a sailing boat", 0.3), ("Why sourdough needs salt", 0.6), ("Regular expression for ISO dates", 1.1), ("Translate: terms of delivery", 1.4),
    ("Swift actors and reentrancy", 2.2), ("A week in Lisbon with children", 3.1), ("Letter to the landlord about the heating", 4.5), ("Bayes' theorem with a medical test", 5.2),
    ("Which bicycle lights are allowed", 9), ("Review of the migration plan", 12), ("Short bio for the conference", 15), ("Sizes of paper, and why", 18), ("Tax on freelance income", 26),
    ("Ideas for a school project on bees", 38), ("PostgreSQL or SQLite for a kiosk", 52), ("Poem for a retirement", 71), ("Fixing a dripping tap", 130), ("Explain monads once more", 390),
]
