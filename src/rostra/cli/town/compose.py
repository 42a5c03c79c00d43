"""The demo's place: who follows whom, who says what when, and who likes it."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from rostra.cli.town import words
from rostra.cli.town.world import NOBODY, Asked, Person, Piece, World, id_at
from rostra.kernel import ids
from rostra.kernel.clock import DAY, HOUR, MINUTE
from rostra.kernel.text.render import Links, field_html, post_html
from rostra.network.addresses import Addresses

POSTS = 2000
DAYS = 30
_REPLIES, _REBLOGS = 620, 210
# Posts an hour through the day, midnight first: people sleep, mostly.
_HOURS = (2, 1, 1, 1, 1, 2, 5, 8, 9, 8, 7, 7, 9, 8, 7, 7, 8, 10, 11, 12, 13, 12, 9, 5)
_JUST_NOW_MIN = (2, 7, 11, 19, 26, 38, 47, 63, 81, 104)
_VISIBILITIES, _SHARES = (0, 1, 2), (92, 4, 4)


@dataclass(eq=False)
class Said:
    """A post on its way into the place; `answers` and `boosts` are others of its kind."""

    ms: int
    author: int
    piece: Piece
    answers: "Said | None" = None
    boosts: "Said | None" = None
    picture: str = ""
    likers: set[int] = field(default_factory=set)


class Town:
    """Makes the place; `pictures` of its posts are drawn by whoever calls."""

    def __init__(self, at: Addresses, now: int, rng: random.Random) -> None:
        self.rng = rng
        self.at = at
        self.now = now
        self.characters = words.characters()
        self.places = {who.username: place for place, who in enumerate(self.characters)}
        self.links = Links({name: at.profile(name) for name in self.places}, at.tag)
        self.speaker = words.Speaker(rng)
        self.activity = [1 / (rng.randint(2, 40)) ** 0.6 for _ in self.characters]
        self.activity[0] = self.activity[1] = 0.5
        self.followers: list[set[int]] = [set() for _ in self.characters]
        self.said: list[Said] = []
        self.pinned: list[Said] = []
        self.world = World(now, app_name="Saltmarsh for Android", home_length=400)
        self.world.app_id = id_at(now - 200 * DAY, rng)

    def make(self) -> World:
        """The place without its pictures; `said` tells which posts wait for one."""
        self._people()
        self._follows()
        self._threads()
        self._polls()
        self._talk()
        self._replies()
        self._likes()
        self._reblogs()
        self._arrange()
        return self.world

    def _people(self) -> None:
        tags = words.sections("posts.txt")
        for place, who in enumerate(self.characters):
            joined = self.now - self.rng.randint(40, 190) * DAY if place else self.now - 200 * DAY
            person = Person(id_at(joined, self.rng), who.username, who.display_name, who.note)
            person.note_html = post_html(who.note, self.links)
            about = " ".join(f"#{tags[topic].tags[0]}" for topic in who.interests if topic in tags
                             and tags[topic].tags)  # fmt: skip
            rows = [("Talks about", about), ("Joined", f"{200 - place * 2} days after the flood")]
            person.fields = msgspec.json.encode(
                [
                    {"name": name, "value": value, "html": field_html(value, self.links),
                     "verified_at": None}
                    for name, value in rows[: 1 + place % 2]
                ]
            ).decode()  # fmt: skip
            person.bot = int("bot" in who.interests)
            person.locked = int(who.username in {"harold", "juno"})
            self.world.people.append(person)

    def _follows(self) -> None:
        """People follow those who share their interests, and those who talk a lot."""
        for follower, who in enumerate(self.characters):
            wanted = 34 if follower < 2 else self.rng.randint(10, 28)  # noqa: PLR2004 (the two whose sign-in is told)
            pull = []
            for target, other in enumerate(self.characters):
                shared = len(set(who.interests) & set(other.interests))
                spoken = bool(set(who.languages) & set(other.languages))
                weight = self.activity[target] * (1 + 3 * shared) * (1 if spoken else 0.2)
                pull.append(0 if target == follower else weight)
            chosen = set(self.rng.choices(range(len(pull)), pull, k=wanted * 2))
            for target in list(chosen)[:wanted]:
                days = self.rng.choice((self.rng.uniform(0, 30), self.rng.uniform(30, 120)))
                at = id_at(self.now - int(days * DAY), self.rng)
                self.world.follows.append((follower, target, at))
                self.followers[target].add(follower)

    def _moment(self) -> int:
        """Some time in the last 30 days, when people are awake."""
        day = self.now - self.rng.randint(1, DAYS) * DAY
        midnight = day - day % DAY
        hour = self.rng.choices(range(24), _HOURS)[0]
        ms = midnight + hour * HOUR + self.rng.randrange(HOUR)
        return ms if ms < self.now - 3 * MINUTE else ms - DAY

    def _say(self, ms: int, author: int, text: str, tags: Sequence[str] = (), **more: str) -> Said:
        """Put a post into the place; further values are `spoiler` and `language`."""
        if tags:
            text = f"{text}{self.rng.choice((' ', chr(10) * 2))}{' '.join('#' + t for t in tags)}"
        named = [self.places[name] for name in self.places if f"@{name}" in text.split()]
        piece = Piece(0, author, text, post_html(text, self.links), tags=tuple(tags), **more)  # type: ignore[arg-type] # two texts by name
        piece.mentions = tuple(place for place in named if place != author)
        piece.sensitive = int(bool(piece.spoiler))
        said = Said(ms, author, piece)
        self.said.append(said)
        return said

    def _threads(self) -> None:
        for number, thread in enumerate(words.threads()):
            ms = self.now - (2 + 4 * number) * DAY + self.rng.randrange(6 * HOUR)
            before: Said | None = None
            for text in thread.posts:
                tags = thread.tags if before is None else ()
                said = self._say(ms, self.places[thread.username], text, tags)
                said.answers, before = before, said
                if said.answers is None:
                    self.pinned.append(said)
                ms += self.rng.randint(2, 6) * MINUTE

    def _polls(self) -> None:
        """Those who read somebody vote; more than one thing where that can be."""
        for question in words.questions():
            author = self.places[question.username]
            ms = self.now - question.days_ago * DAY - self.rng.randrange(3 * HOUR) - 5 * MINUTE
            said = self._say(ms, author, question.words, question.tags)
            asked = Asked(
                question.options,
                ms + question.days * DAY,
                multiple="m" in question.flags,
                hidden="h" in question.flags,
            )
            likings = [self.rng.uniform(1, 5) for _ in asked.options]
            for place in sorted(self.followers[author] - {author}):
                if self.rng.random() < 0.7:  # noqa: PLR2004 (most do)
                    count = self.rng.randint(1, 3) if asked.multiple else 1
                    chosen = self.rng.choices(range(len(likings)), likings, k=count)
                    asked.votes[place] = sum(1 << option for option in set(chosen))
            said.piece.poll = asked

    def _talk(self) -> None:
        """Posts of their own: about their interests, now and then in another of their languages."""
        topics, others = words.sections("posts.txt"), words.sections("others.txt")
        soon = [self.now - minutes * MINUTE for minutes in _JUST_NOW_MIN]
        for _ in range(POSTS * 2):
            if len(self.said) >= POSTS - _REPLIES - _REBLOGS:
                break
            author = self.rng.choices(range(len(self.characters)), self.activity)[0]
            who = self.characters[author]
            language = self.rng.choices(who.languages, (5, 3)[: len(who.languages)])[0]
            topic = min(self.rng.choices(who.interests, k=2), key=who.interests.index)
            section = others[language] if language in others else topics[topic]
            spoken = self.speaker.say(section)
            if spoken is None:
                continue
            line, text = spoken
            count = min(self.rng.choice((0, 0, 1, 1, 2)), len(section.tags))
            tags = self.rng.sample(section.tags, count)
            ms = soon.pop() if soon else self._moment()
            said = self._say(ms, author, text, tags, spoiler=line.warning, language=language)
            said.picture = line.picture
            said.piece.visibility = self.rng.choices(_VISIBILITIES, _SHARES)[0]

    def _replies(self) -> None:
        """Answers to what was said, and answers to those."""
        pools = words.sections("replies.txt")
        for _ in range(_REPLIES * 4):
            if len(self.said) >= POSTS - _REBLOGS:
                break
            first = self.rng.choice(self.said)
            follower, pool = self._answerer(first)
            ms = first.ms + int(self.rng.expovariate(1 / (70 * MINUTE))) + MINUTE
            if ms >= self.now or follower == first.author or self.world.people[first.author].bot:
                continue
            spoken = self.speaker.say(pools[pool], again=True)
            assert spoken is not None  # noqa: S101 (what may be said again is never all said)
            text = f"@{self.characters[first.author].username} {spoken[1]}"
            answer = self._say(ms, follower, text, language=first.piece.language)
            answer.answers = first
            answer.piece.visibility = first.piece.visibility or self.rng.choices((0, 1), (4, 1))[0]

    def _answerer(self, said: Said) -> tuple[int, str]:
        """Who answers (one of the followers who speak the language), and from which pool."""
        language = said.piece.language
        able = [
            place
            for place in sorted(self.followers[said.author])
            if language in self.characters[place].languages
        ]
        follower = self.rng.choice(able or range(len(self.characters)))
        pool = "picture" if said.picture else "question" if "?" in said.piece.text else "any"
        if said.answers is not None and said.answers.author != said.author:
            follower, pool = said.answers.author, "back"
        return follower, pool if language == "en" else language

    def _likes(self) -> None:
        for said in self.said:
            charm = self.rng.lognormvariate(0, 0.9) * (1.9 if said.picture else 1)
            circle = [
                place for place in sorted(self.followers[said.author]) if place != said.author
            ]
            count = min(len(circle), int(charm * (2.5 if said.answers is None else 1)))
            said.likers = set(self.rng.sample(circle, count))

    def _reblogs(self) -> None:
        """The best liked posts are passed on, each by a few."""
        open_ones = [said for said in self.said if said.piece.visibility == 0]
        liked = [len(said.likers) ** 1.6 for said in open_ones]
        passed: set[tuple[int, int]] = set()
        for said in self.rng.choices(open_ones, liked, k=_REBLOGS * 3):
            circle = sorted(self.followers[said.author] - {said.author})
            ms = said.ms + int(self.rng.expovariate(1 / (4 * HOUR))) + MINUTE
            if not circle or ms >= self.now or len(passed) >= _REBLOGS:
                continue
            who = self.rng.choice(circle)
            if (who, id(said)) not in passed:
                passed.add((who, id(said)))
                self.said.append(Said(ms, who, Piece(0, who), boosts=said))

    def _arrange(self) -> None:
        """Into the order of time, and all references into positions."""
        self.said.sort(key=lambda said: said.ms)
        places = {id(said): place for place, said in enumerate(self.said)}
        world, last = self.world, 0
        for place, said in enumerate(self.said):
            piece = said.piece
            piece.id = last = max(id_at(said.ms, self.rng), last + 1)
            piece.answers = places[id(said.answers)] if said.answers else NOBODY
            piece.boosts = places[id(said.boosts)] if said.boosts else NOBODY
            world.posts.append(piece)
            for liker in sorted(said.likers):
                wait = int(self.rng.expovariate(1 / (3 * HOUR)))
                at = id_at(min(said.ms + wait, self.now - 1), self.rng)
                world.favourites.append((liker, place, at))
                if self.rng.random() < 0.05 or (liker < 2 and self.rng.random() < 0.2):  # noqa: PLR2004 (as in _follows)
                    world.bookmarks.append((liker, place, id_at(ids.time_of(at), self.rng)))
        world.pins = [
            (said.author, places[id(said)], id_at(said.ms + HOUR, self.rng)) for said in self.pinned
        ]
