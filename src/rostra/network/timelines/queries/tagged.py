"""The SQL of posts that stand in homes because of their hashtags, private to this slice.

Nothing is written into homes for hashtags: a popular one would have to be written into thousands.
A home that follows some is merged, when it is read, with the latest posts of each of them, one walk
along an index each.
"""

from rostra.network.timelines.model import Entry
from rostra.store.paging import Pages
from rostra.store.query import Query, query_text

# Rows of one hashtag that are looked at for one page, however many of them are left out.
_LOOKED_AT = 500

# Whether a post with a followed hashtag (t, a row of post_tags) is for the viewer's home: public,
# by somebody active who does not block them, and neither by nor about anybody whom they block or
# mute, nor by somebody whom an exclusive list keeps out of home.
_FOR_HOME = """{t}.visibility = 0
    AND EXISTS (SELECT 1 FROM accounts AS author
        WHERE author.id = {t}.account_id AND author.state = 0)
    AND NOT EXISTS (SELECT 1 FROM blocks AS block
        WHERE block.account_id = {t}.account_id AND block.target_id = {viewer})
    AND NOT EXISTS (SELECT 1 FROM follows AS follow WHERE follow.account_id = {viewer}
        AND follow.target_id = {t}.account_id AND follow.out_of_home = 1)
    AND NOT EXISTS (SELECT 1 FROM blocks AS block WHERE block.account_id = {viewer}
        AND (block.target_id = {t}.account_id OR block.target_id IN (
            SELECT named.account_id FROM post_mentions AS named
            WHERE named.post_id = {t}.post_id)))
    AND NOT EXISTS (SELECT 1 FROM mutes AS mute WHERE mute.account_id = {viewer}
        AND (mute.expires_at = 0 OR mute.expires_at > CAST(:now AS bigint))
        AND (mute.target_id = {t}.account_id OR mute.target_id IN (
            SELECT named.account_id FROM post_mentions AS named
            WHERE named.post_id = {t}.post_id)))"""
_VIEWER = "CAST(:viewer AS bigint)"


def _page(*, newest: bool) -> Query[Entry]:
    order = "DESC" if newest else "ASC"
    latest = f"""SELECT t.post_id FROM (SELECT post_id, account_id, visibility FROM post_tags
            WHERE post_tags.tag_id = f.tag_id
                AND post_tags.post_id < CAST(:below AS bigint)
                AND post_tags.post_id > CAST(:above AS bigint)
            ORDER BY post_tags.post_id {order} LIMIT {_LOOKED_AT}) AS t
        WHERE {_FOR_HOME.format(t="t", viewer=_VIEWER)}
        ORDER BY t.post_id {order} LIMIT CAST(:limit AS bigint)"""  # noqa: S608 (constants)
    sql = f"""SELECT DISTINCT CAST(post_id AS bigint) AS post_id, 0 FROM tag_follows AS f, {{each}}
        WHERE f.account_id = {_VIEWER}
        ORDER BY 1 {order} LIMIT CAST(:limit AS bigint)"""  # noqa: S608 (constants)
    return query_text(
        # SQLite has no LATERAL; what a function makes of a row does the same.
        sqlite=sql.replace("post_id AS bigint", "value AS bigint").format(
            each=f"json_each((SELECT json_group_array(post_id) FROM ({latest})))"  # noqa: S608 (as above)
        ),
        postgresql=sql.format(each=f"LATERAL ({latest}) AS each"),
    )


TAGGED = Pages(_page)

# Those of some members (a JSON list of ids) in whose homes a post stands because of its hashtags.
_WANTED = f"""SELECT DISTINCT who.id FROM post_tags AS t
        JOIN tag_follows AS f ON f.tag_id = t.tag_id
        JOIN accounts AS who ON who.id = f.account_id
    WHERE t.post_id = CAST(:post AS bigint) AND f.account_id IN ({{viewers}})
        AND {_FOR_HOME.format(t="t", viewer="f.account_id")}"""  # noqa: S608 (constants)
WANTED = query_text(
    sqlite=_WANTED.format(viewers="SELECT value FROM json_each(:viewers)"),
    postgresql=_WANTED.format(
        viewers="SELECT CAST(value AS bigint)"
        " FROM jsonb_array_elements_text(CAST(:viewers AS jsonb))"
    ),
    into=int,
)
