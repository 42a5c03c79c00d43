"""Fill an empty database for the benches: so many members and posts, everything that hangs on them.

    python -m bench.seed --data DIR --members 10000 --posts 1000000

Prints progress, and writes `tokens.json` beside the database: access tokens of 50 members, with
their names and ids. The same arguments make the same place, but for its times.
"""

import argparse
import asyncio
import gc
import json
import random
import time
from itertools import accumulate
from pathlib import Path

from rostra.cli.progress import Progress
from rostra.cli.town.rows import tables
from rostra.cli.town.sink import open_sink
from rostra.cli.town.world import NOBODY, Person, Piece, World, id_at, link_up
from rostra.kernel.clock import DAY
from rostra.kernel.text.render import Links, post_html
from rostra.network.addresses import Addresses, addresses
from rostra.settings import load
from rostra.store.migrate import migrate

_WORDS = """
river morning window bread garden train letter winter summer coffee bridge market paper music
kitchen island weather story mountain bicycle evening library harbour candle thunder meadow
bakery neighbour lantern orchard pebble ferry notebook chimney quarry violin autumn puddle
the a with under over some every little quiet loud green old new slow quick found lost made
today yesterday again almost never always someone nobody where when because while between
"""
WORDS = _WORDS.split()
_TAG_HEADS = ("open", "local", "slow", "wild", "late")
_TAG_ENDS = ("news", "food", "books", "trains", "birds", "music", "code", "walks", "film", "maps")
TAGS = [head + end for head in _TAG_HEADS for end in _TAG_ENDS]
SENTENCES = 4000
MEDIUM = 500  # words that one post in about 2,000 has
RARE = 50_000  # words that some ten of a million posts have
MEMBERS_WITH_TOKEN = 50
MONTH = 30 * DAY


class Maker:
    """Makes the world; every number comes from one seeded source."""

    def __init__(self, links: Addresses, members: int, posts: int, seed: int = 7) -> None:
        self.rng = random.Random(seed)
        self.links = Links({}, links.tag)
        self.at = links
        self.now = int(time.time() * 1000)
        self.count = posts
        length = 400 if posts < 100_000 else 200
        self.world = World(self.now, home_length=length, app_name="Bench")
        self.world.app_id = id_at(self.now - 2 * MONTH, self.rng)
        self.sentences = [self.sentence() for _ in range(SENTENCES)]
        self.tag_html = {tag: post_html(f"#{tag}", self.links)[3:-4] for tag in TAGS}
        self.boosted: set[tuple[int, int]] = set()
        self.members = members
        # A few are followed by very many and post a lot, most by and a little.
        self.fame = list(accumulate(1 / (place + 10) ** 0.7 for place in range(members)))

    def sentence(self) -> tuple[str, str]:
        """A text of 5 to 40 words, and its HTML without the paragraph around it."""
        words = self.rng.choices(WORDS, k=self.rng.randint(5, 40))
        text = " ".join(words).capitalize() + "."
        return text, post_html(text, self.links)[3:-4]

    def somebody(self) -> int:
        """A member, the famous ones more often."""
        return self.rng.choices(range(self.members), cum_weights=self.fame)[0]

    def make(self) -> World:
        """The whole place."""
        self.people()
        self.follows()
        self.posts()
        self.favourites()
        link_up(self.world)
        return self.world

    def people(self) -> None:
        """Members, and tokens of 50 of them spread over the whole range of fame."""
        for place in range(self.members):
            made = self.now - 2 * MONTH + place
            name = f"member{place}"
            person = Person(id_at(made, self.rng), name, f"Member {place}", note="Made up.")
            person.note_html = "<p>Made up.</p>"
            self.world.people.append(person)
        step = max(1, self.members // MEMBERS_WITH_TOKEN)
        for place in range(0, min(self.members, step * MEMBERS_WITH_TOKEN), step):
            self.world.tokens.append((place, f"bench-token-{place:08d}-{'x' * 24}"))

    def follows(self) -> None:
        """Each follows 20 to 80 others (in a small place: up to a third of all)."""
        most = min(80, self.members // 3)
        for place in range(self.members):
            wanted = self.rng.randint(most // 4, most)
            drawn = self.rng.choices(range(self.members), cum_weights=self.fame, k=wanted)
            for target in set(drawn) - {place}:
                at = id_at(self.now - MONTH - self.rng.randrange(MONTH), self.rng)
                self.world.follows.append((place, target, at))

    def posts(self) -> None:
        """Half of all are posts of their own, a third replies, the rest reblogs."""
        rng, count = self.rng, self.count
        times = sorted(rng.randrange(self.now - MONTH, self.now - 1000) for _ in range(count))
        authors = rng.choices(range(self.members), cum_weights=self.fame, k=count)
        for place, (at, author) in enumerate(zip(times, authors, strict=True)):
            drawn = rng.random()
            recent = rng.randrange(max(0, place - 5000), place) if place else 0
            target = self.world.posts[recent] if place else None
            if target is None or drawn < 0.55 or target.visibility > 1:
                post = self.own(id_at(at, rng), author)
            elif drawn < 0.85 and target.boosts == NOBODY:
                post = self.own(id_at(at, rng), author, answers=recent)
            else:
                original = target.boosts if target.boosts != NOBODY else recent
                post = self.boost(id_at(at, rng), author, original)
            self.world.posts.append(post)

    def boost(self, post_id: int, author: int, original: int) -> Piece:
        """A reblog; a post of their own where they have reblogged that one before."""
        if (author, original) in self.boosted:
            return self.own(post_id, author)
        self.boosted.add((author, original))
        return Piece(post_id, author, boosts=original)

    def own(self, post_id: int, author: int, answers: int = NOBODY) -> Piece:
        """A post with text: some with hashtags, replies with the one who is answered."""
        rng = self.rng
        text, html = self.sentences[rng.randrange(SENTENCES)]
        drawn = rng.random()
        if drawn < 0.8:
            word = f"sel{rng.randrange(MEDIUM)}" if drawn < 0.25 else f"rar{rng.randrange(RARE)}"
            text, html = f"{text} {word}", f"{html} {word}"
        mentions: tuple[int, ...] = ()
        tags: tuple[str, ...] = ()
        if answers != NOBODY and self.world.posts[answers].author != author:
            mentions = (self.world.posts[answers].author,)
            name = self.world.people[mentions[0]].username
            text = f"@{name} {text}"
            html = (
                f'<span class="h-card" translate="no"><a href="{self.at.profile(name)}" '
                f'class="u-url mention">@<span>{name}</span></a></span> {html}'
            )
        if rng.random() < 0.3:
            tags = tuple(dict.fromkeys(rng.choices(TAGS, k=rng.randint(1, 3))))
            text = " ".join([text, *(f"#{tag}" for tag in tags)])
            html = " ".join([html, *(self.tag_html[tag] for tag in tags)])
        visibility = rng.choices((0, 1, 2, 3), (88, 5, 5, 2))[0]
        return Piece(
            post_id, author, text, f"<p>{html}</p>", visibility=visibility, answers=answers,
            mentions=mentions, tags=tags,
        )  # fmt: skip

    def favourites(self) -> None:
        """As many as there are posts, most of them on recent ones by famous members."""
        rng, posts = self.rng, self.world.posts
        who = rng.choices(range(self.members), k=len(posts))
        seen = set()
        for member in who:
            place = rng.randrange(len(posts))
            post = posts[place]
            if post.boosts == NOBODY and post.visibility < 2 and (member, place) not in seen:
                seen.add((member, place))
                self.world.favourites.append(
                    (member, place, id_at(self.now - rng.randrange(MONTH), rng))
                )


async def seed(data: Path, members: int, posts: int) -> None:
    """Fill the database of this data directory (or the one of ROSTRA_DATABASE_URL)."""
    settings = load(data=data)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    url = settings.database_url
    await migrate(url)
    sink = await open_sink(url, throwaway=True)
    if await sink.members():
        raise SystemExit("there are members already: seed an empty database")
    progress = Progress(posts * 8)
    gc.disable()  # millions of live objects, no rubbish
    maker = Maker(addresses(settings), members, posts)
    world = maker.make()
    progress.add(posts * 2, "made up")
    await sink.begin()
    for rows in tables(world, maker.rng):
        await sink.write(rows)
        progress.add(rows.size, f"{rows.size:,} {rows.table}")
    progress.add(0, "search and indexes")
    await sink.finish()
    await sink.close()
    tokens = [
        {
            "id": str(world.people[place].id),
            "username": world.people[place].username,
            "token": token,
        }
        for place, token in world.tokens
    ]
    public = [
        str(post.id)
        for post in world.posts[-20_000:]
        if post.boosts == NOBODY and post.visibility == 0
    ]
    chosen = {place: number for number, (place, _) in enumerate(world.tokens)}
    pairs = [
        [chosen[target], chosen[follower]]
        for follower, target, _ in world.follows
        if follower in chosen and target in chosen
    ]
    document = {"pairs": pairs, "members": tokens, "posts": public[-500:], "tags": TAGS}
    (data / "tokens.json").write_text(json.dumps(document, indent=1))
    progress.end(f"{posts:,} posts, {members:,} members")


def main() -> None:
    """Read the arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--members", type=int, default=50)
    parser.add_argument("--posts", type=int, default=2000)
    given = parser.parse_args()
    asyncio.run(seed(given.data, given.members, given.posts))


if __name__ == "__main__":
    main()
