"""What shop.nurture says, said a second time in Python: calendar, windows, limits, score and holdout. It shares no code with
nurture. Instants are datetimes in UTC; the numbers of rules are those of docs/semantics.md."""

import bisect
import datetime
import functools
import math
import struct
import zoneinfo

UTC = datetime.timezone.utc
DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)
TICK = datetime.timedelta(microseconds=1)
LONDON = zoneinfo.ZoneInfo("Europe/London")
FOREVER = datetime.datetime.max.replace(tzinfo=UTC)


@functools.lru_cache(None)
def zone(name):
    """A zone that does not exist is the programme's (6.2)."""
    try:
        return zoneinfo.ZoneInfo(name) if name else LONDON
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return LONDON


def instant(local, where):
    """A time that is skipped moves later by the gap, one that comes twice is the earlier (6.1)."""
    return local.replace(tzinfo=where, fold=0).astimezone(UTC)


def clock(t, where):
    return t.astimezone(where).replace(tzinfo=None)


def plus(t, days, where):
    return instant(clock(t, where) + days * DAY, where)


# When: each says whether it allows an instant, and at what times of which zone's day it may begin to.

CLOSED = {datetime.date(2010, 12, 24) + i * DAY for i in range(11)} | {datetime.date(2011, 4, 22) + i * DAY for i in range(4)} | {
    datetime.date(2011, 8, 29)}


def office_hours(t, _):
    local = clock(t, LONDON)
    return local.weekday() < 5 and 9 <= local.hour < 17 and local.date() not in CLOSED


def mornings(t, where):
    local = clock(t, where)
    return local.weekday() < 6 and (8, 30) <= (local.hour, local.minute) < (11, 30)


def not_quiet(t, where):
    return 8 <= clock(t, where).hour < 20


class Hours:
    """Windows and quiet hours; they begin to allow at one time of the day."""

    def __init__(self, cause, allows, begins, fixed=None):
        self.cause, self.allows, self.begins, self.fixed = cause, allows, begins, fixed

    def forbids(self, t, lead, campaign):
        return not self.allows(t, lead.zone)

    def turns(self, after, until, lead, campaign):
        """The instants in between at which it may begin to allow."""
        where = self.fixed or lead.zone
        day = clock(after, where).date()
        while (at := instant(datetime.datetime.combine(day, self.begins), where)) < until:
            if at > after:
                yield at
            day += DAY

    def opening(self, t, lead, campaign):
        return next(at for at in self.turns(t, t + 30 * DAY, lead, campaign) if self.allows(at, lead.zone))


class Limit:
    """At most so many per so many days; of one channel or of all, of one campaign or of all campaigns (5.5)."""
    cause = "limit"

    def __init__(self, most, days, channel=None, owned=False):
        self.most, self.days, self.channel, self.owned = most, days, channel, owned

    def counted(self, lead, campaign):
        return lead.counted.setdefault((self, campaign if self.owned else None), [])

    def count(self, t, lead, campaign):
        """A send at s counts at t if s <= t < s + days, by the lead's calendar."""
        return sum(s <= t < end for s, end in self.counted(lead, campaign))

    def record(self, t, lead, campaign, channel):
        if self.channel in (None, channel):
            self.counted(lead, campaign).append((t, plus(t, self.days, lead.zone)))

    def forbids(self, t, lead, campaign):
        return self.count(t, lead, campaign) >= self.most

    def turns(self, after, until, lead, campaign):
        return (end for _, end in self.counted(lead, campaign) if after < end < until)

    def opening(self, t, lead, campaign):
        ends = sorted(end for s, end in self.counted(lead, campaign) if s <= t < end)
        return ends[-self.most]


class Rules:
    """The rules of sending by the line of the programme that says so."""
    QUIET = ("quiet hours 20:00 to 08:00 in lead.timezone", Hours("quiet_hours", not_quiet, datetime.time(8)))
    OFFICE = ("send only in office_hours", Hours("window", office_hours, datetime.time(9), LONDON))
    MORNINGS = ("send only in mornings", Hours("window", mornings, datetime.time(8, 30)))
    POLICY = [("limit email to 1 per 2 days", Limit(1, 2, "email")), ("limit to 4 per 21 days", Limit(4, 21)), QUIET]
    CAMPAIGNS = {
        "welcome": [("limit email to 2 per 10 days", Limit(2, 10, "email", owned=True))],
        "second_order": [MORNINGS, ("limit email to 1 per 14 days", Limit(1, 14, "email", owned=True))],
        "after_cancellation": [OFFICE],
        "dormant": [("limit email to 2 per 30 days", Limit(2, 30, "email", owned=True))],
        "vip": [OFFICE, ("limit to 3 per 30 days", Limit(3, 30, owned=True))],
    }
    FOR_UP_TO = {"what_went_wrong": 2, "last_call": 10, "new_in": 5, "best_sellers": 5, "goodbye_offer": 5, "early_look": 3}

    DISPUTE = "never send after order.disputed until order.placed"
    COUNTRY = 'never send when lead.country is "Unspecified"'
    LETTERS = 'never send letter when (lead.country else "Unspecified") is not "United Kingdom"'
    HOLDOUT = "holdout 5%"

    @classmethod
    def of(cls, campaign):
        return cls.POLICY + cls.CAMPAIGNS[campaign]

    @classmethod
    def against(cls, t, lead, campaign, channel):
        """The rules that forbid this now, though not for ever."""
        return {text: rule for text, rule in cls.of(campaign)
                if getattr(rule, "channel", None) in (None, channel) and rule.forbids(t, lead, campaign)}

    @classmethod
    def never(cls, lead, heard, channel):
        """The rules that suppress, after so many of the lead's events."""
        out, disputed, country = set(), False, None
        for event in lead.events[:heard]:
            disputed = event.kind == "order.disputed" or disputed and event.kind != "order.placed"
            country = event.country
        if disputed:
            out.add(cls.DISPUTE)
        if country == "Unspecified":
            out.add(cls.COUNTRY)
        if channel == "letter" and country != "United Kingdom":
            out.add(cls.LETTERS)
        return out


# The holdout (5.6).

def rotate(x, by):
    return (x << by | x >> 64 - by) & (1 << 64) - 1


def xxh64(data, seed=0):
    """As published at https://github.com/Cyan4973/xxHash."""
    mask = (1 << 64) - 1
    p1, p2, p3, p4, p5 = (0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5)

    def mixed(acc, lane):
        return rotate(acc + lane * p2 & mask, 31) * p1 & mask

    at = 0
    if len(data) >= 32:
        acc = [seed + p1 + p2 & mask, seed + p2 & mask, seed, seed - p1 & mask]
        while at + 32 <= len(data):
            acc = [mixed(a, lane) for a, lane in zip(acc, struct.unpack_from("<4Q", data, at))]
            at += 32
        h = sum(rotate(a, by) for a, by in zip(acc, (1, 7, 12, 18))) & mask
        for a in acc:
            h = (h ^ mixed(0, a)) * p1 + p4 & mask
    else:
        h = seed + p5 & mask
    h = h + len(data) & mask
    while at + 8 <= len(data):
        h = rotate(h ^ mixed(0, struct.unpack_from("<Q", data, at)[0]), 27) * p1 + p4 & mask
        at += 8
    if at + 4 <= len(data):
        h = rotate(h ^ struct.unpack_from("<I", data, at)[0] * p1 & mask, 23) * p2 + p3 & mask
        at += 4
    for byte in data[at:]:
        h = rotate(h ^ byte * p5 & mask, 11) * p1 & mask
    for by, factor in ((33, p2), (29, p3), (32, 1)):
        h = (h ^ h >> by) * factor & mask
    return h


SEED = xxh64(b"Gift wholesaler")


def held_out(lead):
    return xxh64(b"house_rules\0holdout\0" + lead.encode() + b"\0", SEED) % 10_000 < 500


# The score (5.10).

ONE = 1 << 63
POINT = 1_000_000
HALF_LIFE = 30 * DAY // TICK


def table_of_halves():
    roots, r = [], 1 << 62
    for _ in range(12):
        r = math.isqrt(r << 63)
        roots.append(r)
    out = []
    for k in range(4096):
        v = ONE
        for i, root in enumerate(roots):
            if k >> 11 - i & 1:
                v = v * root >> 63
        out.append(v)
    return out + [1 << 62]


TABLE = table_of_halves()


def left(v, t):
    """What is left of v millionths after t microseconds."""
    w = t // HALF_LIFE
    if w >= 63:
        return 0
    p = (t % HALF_LIFE << 44) // HALF_LIFE
    k, f = p >> 32, p & (1 << 32) - 1
    m = TABLE[k] - ((TABLE[k] - TABLE[k + 1]) * f >> 32)
    return v * m >> 63 + w  # never negative here: the floor is 0


class Buying:
    """The score of one lead; what it is after each of its events."""

    def __init__(self, events, where):
        self.changes = []
        v, since, gift_counts_until = 0, None, None
        for event in events:
            points = 0
            if event.kind == "order.placed" and (gift_counts_until is None or event.at >= gift_counts_until):
                gift_counts_until = plus(event.at, 1, where)
                points = 10
            elif event.kind == "order.cancelled":
                points = -3
            if points:
                v = left(v, (event.at - since) // TICK) if since else 0
                v, since = max(0, min(v + points * POINT, 100 * POINT)), event.at
            self.changes.append((since or event.at, v))

    def at(self, t, heard=None):
        """After the first so many events; after all of those up to t unless said."""
        heard = bisect.bisect_right(self.changes, (t, math.inf)) if heard is None else heard
        if not heard:
            return 0
        since, v = self.changes[heard - 1]
        return left(v, (t - since) // TICK)

    def falls_below(self, points, after, until):
        """When it first is below so many points, later than `after` and by `until`; or None. At `after` it is not."""
        first = bisect.bisect_right(self.changes, (after, math.inf))
        for i in range(max(first, 1) - 1, len(self.changes)):
            since, v = self.changes[i]
            if i >= first and since <= until and v < points * POINT:
                return since
            end = min(self.changes[i + 1][0] if i + 1 < len(self.changes) else FOREVER, until)
            low, high = max(since, after), end
            if high <= low or left(v, (high - since) // TICK) >= points * POINT:
                continue
            while high - low > TICK:
                middle = low + (high - low) // 2
                if left(v, (middle - since) // TICK) < points * POINT:
                    high = middle
                else:
                    low = middle
            return high
        return None
