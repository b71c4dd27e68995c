"""What became of one lead: every line of it, checked against the lead's own events."""

import bisect
import collections
import datetime

import copies
from rules import DAY, HOUR, LONDON, POINT, Buying, Limit, Rules, clock, held_out, plus, zone

CAMPAIGNS = ["welcome", "second_order", "after_cancellation", "dormant", "vip"]
ENDS = ["sent", "suppressed", "skipped", "exhausted", "gave_up", "cancelled", "pending"]

Event = collections.namedtuple("Event", "at kind country")
Stay = collections.namedtuple("Stay", "began ended reason by_timer")  # a membership


class Lead:
    def __init__(self, name, events, horizon, programme, faults, tally):
        self.name, self.events, self.zone = name, events, zone(copies.zone_of(name))
        self.horizon, self.programme = horizon, programme
        self.times = [event.at for event in self.events]
        self.held_out = held_out(name)
        self.faults, self.tally = faults, tally
        self.counted = {}  # by limit: the sends that it counts
        self.asked = {}  # by statement: the send that waits, since when and why
        self.stays = collections.defaultdict(dict)
        self.refused = collections.defaultdict(list)
        self.goals = collections.defaultdict(list)
        self.cancelled = []  # and those pending
        self.leads_of_rules = set()  # whom each rule kept from something
        self.sent = False

    def check(self, good, what, row=None):
        self.tally["checks"] += 1
        if not good:
            self.faults.append(f"{self.name}: {what}" + (f": {', '.join(v for v in row.values() if v)}" if row else ""))

    def take(self, row):
        at = datetime.datetime.fromisoformat(row["utc"])
        action, campaign = row["action"], row["campaign"]
        self.tally[campaign, action] += 1
        if action in ENDS or action == "deferred":
            self.send(at, action, campaign, row)
        elif action == "entered":
            self.stays[campaign][row["membership"]] = Stay(at, None, None, None)
        elif action == "exited":
            stay = self.stays[campaign][row["membership"]]
            self.check(stay.ended is None, "left twice", row)
            self.stays[campaign][row["membership"]] = stay._replace(ended=at, reason=row["reason"], by_timer=row["by"] != "event")
            self.tally[campaign, "exit", row["reason"]] += 1
        elif action == "refused":
            self.tally[campaign, "refused", row["cause"]] += 1
            self.refused[campaign].append((at, row["cause"]))
        elif action == "goal":
            self.goals[campaign].append(at)

    # Sends (5.5)

    def send(self, at, action, campaign, row):
        """Each asking has one end: at once, or, if it waits, until a deadline."""
        place = (campaign, row["membership"], row["line"])
        count = (campaign, row["line"])
        first = self.asked.get(place)
        cause = row["cause"]
        rule = self.programme[int(row["rule"].rsplit(":", 1)[1]) - 1] if row["rule"] else None
        if rule and action in ("deferred", "suppressed", "skipped", "gave_up"):
            self.tally[campaign, "rule", row["rule"], action] += 1
            self.leads_of_rules.add((campaign, row["rule"]))
        if action == "skipped" and cause == "already_pending":
            self.check(first is not None, "skipped for a send that does not wait", row)
            self.tally[count, "asked"] += 1
            self.tally[count, "skipped", cause] += 1
            return
        if first is None:
            self.tally[count, "asked"] += 1
            if action in ("gave_up", "cancelled", "pending"):
                return self.check(False, "an end without a beginning", row)
        if action == "deferred":
            self.check(first is None, "asked for while it waits", row)
            self.asked[place] = (at, cause)
            self.tally[count, "deferred", cause] += 1
        elif action == "sent" and first is not None:
            self.tally[count, "sent_later", first[1]] += 1
        elif action == "sent":
            self.tally[count, "sent", ""] += 1
        else:
            self.tally[count, action, cause] += 1
        if first is not None:
            due = plus(first[0], Rules.FOR_UP_TO.get(row["content"], 7), self.zone)
            self.check(at == due if action == "gave_up" else at <= due, f"{action}, though it was to be given up at {due}", row)
        if action in ("cancelled", "pending"):
            self.cancelled.append((at, action, campaign, row["membership"]))
        else:
            self.may(at, action, campaign, row, first, cause, rule)
        if action != "deferred":
            self.asked.pop(place, None)
        if action == "sent":
            self.record(at, campaign, row)

    def may(self, at, action, campaign, row, first, cause, rule):
        """Whether this answer is the one that the rules give."""
        several = "season" in row["content"]  # send first permitted of
        channels = ["letter", "email"] if several else [row["channel"]]
        answers = row["content"] == "cancelled"
        held_out = self.held_out and not answers
        for heard in self.heard(at, row):
            never = [Rules.never(self, heard, channel) for channel in channels]
            if action == "sent" and several:
                open_now = [not n and not Rules.against(at, self, campaign, c) for n, c in zip(never, channels)]
                right = any(open_now) and channels[open_now.index(True)] == row["channel"]
            elif action == "suppressed":
                named = held_out if cause == "holdout" else rule in Rules.never(self, heard, row["channel"])
                right = named and (held_out or all(never))
            else:
                right = not held_out and not all(never)
            if right:
                break
        self.check(right, "against a never rule, or suppressed without one", row)
        if action == "suppressed":
            return
        if answers:
            back = [event.at for event in self.events if event.kind == "order.cancelled" and event.at <= at <= event.at + HOUR]
            self.check(action == "sent" and back, "an answer does not wait", row)
            return
        free = [c for c, n in zip(channels, never) if not n] if several else channels
        if action == "sent":
            self.check(not Rules.against(at, self, campaign, row["channel"]), "sent against a rule", row)
            if first is not None:
                self.check(not self.sooner(first[0], at, campaign, free), "could have been sent sooner", row)
                self.tally["sent later"] += 1
            return
        against = [Rules.against(at, self, campaign, channel) for channel in free]
        self.check(all(against), f"{action} without a rule against it", row)
        named = [rules[rule] for rules in against if rule in rules]
        self.check(named and named[0].cause == cause, f"{action} by a rule that allows it", row)
        if action == "deferred" and named and not several:
            openings = {text: r.opening(at, self, campaign) for text, r in against[0].items()}
            self.check(openings[rule] == max(openings.values()), "not the rule that forbids it longest", row)
        if action == "gave_up":
            self.check(not self.sooner(first[0], at, campaign, free), "given up, though it could have been sent", row)

    def heard(self, at, row):
        """After how many of its events this may have happened: all up to now, or, where two share an instant, either."""
        if row["by"] == "event" and datetime.datetime.fromisoformat(row["event_utc"]) == at:
            first, end = bisect.bisect_left(self.times, at), bisect.bisect_right(self.times, at)
            return [i + 1 for i in range(first, end) if self.events[i].kind == row["event"]]
        return [bisect.bisect_right(self.times, at)]

    def sooner(self, after, until, campaign, channels):
        """The instants between at which it was permitted."""
        turns = {t for _, rule in Rules.of(campaign) for t in rule.turns(after, until, self, campaign)}
        return [t for t in turns if any(not Rules.against(t, self, campaign, channel) for channel in channels)]

    def record(self, at, campaign, row):
        self.sent = True
        self.tally["week", clock(at, LONDON).date() - DAY * clock(at, LONDON).weekday(), row["channel"]] += 1
        if row["content"] == "cancelled":
            return  # an answer counts towards no limit
        for _, rule in Rules.of(campaign):
            if not isinstance(rule, Limit):
                continue
            rule.record(at, self, campaign, row["channel"])
            self.check(rule.count(at, self, campaign) <= rule.most, "above a limit", row)
            self.tally["limit", rule.most, rule.days, rule.channel or "all", rule.count(at, self, campaign)] += 1

    # Entries, exits and goals

    def finish(self):
        self.check(not self.asked, f"sends without an end: {list(self.asked)}")
        for at, action, campaign, number in self.cancelled:
            ended = self.stays[campaign][number].ended
            good = at == ended if action == "cancelled" else at == self.horizon and ended is None
            self.check(good, f"{action} at {at}, in {campaign}")
        self.stays = {campaign: sorted(self.stays[campaign].values()) for campaign in CAMPAIGNS}
        self.by_event("welcome", "order.placed", None)
        self.by_event("second_order", "order.placed", None, mate="dormant")
        self.by_event("after_cancellation", "order.cancelled", 14)
        self.by_silence()
        self.by_score()
        for campaign, days in (("welcome", 45), ("second_order", 150), ("dormant", 90)):
            self.reached(campaign, days)
        for campaign, rule in self.leads_of_rules:
            self.tally[campaign, "rule", rule, "leads"] += 1
        self.tally["leads entered"] += any(self.stays.values())
        self.tally["leads sent"] += self.sent

    def reentry(self, campaign, t, days):
        before = [stay for stay in self.stays[campaign] if stay.began < t]
        return not before or days is not None and plus(before[-1].ended, days, self.zone) <= t

    def by_event(self, campaign, kind, days, mate=None):
        """Each such event enters, or is refused, or finds the lead inside; `mate` is in the same exclusive group and later in order."""
        entries = collections.Counter(stay.began for stay in self.stays[campaign])
        refused = collections.Counter(at for at, _ in self.refused[campaign])
        times = collections.Counter(event.at for event in self.events if event.kind == kind)
        self.check(entries.keys() | refused.keys() <= times.keys(), f"{campaign}: entered or refused without {kind}")
        for t, n in times.items():
            got = (entries[t], refused[t])
            inside = [stay for stay in self.stays[campaign] if stay.began < t and (stay.ended is None or stay.ended >= t)]
            if inside and (inside[0].ended != t or inside[0].by_timer):
                wanted = [(0, 0)]
            elif inside:
                wanted = [(0, i) for i in range(n)]  # the first of those at this instant may have ended it
            elif not self.reentry(campaign, t, days):
                wanted = [(0, n)]
            elif mate and any(m.began < t and (m.ended is None or m.ended >= t) for m in self.stays[mate]):
                wanted = [(0, n)] + [(1, i) for i in range(1, n)]
            elif any(stay.began == stay.ended == t for stay in self.stays[campaign]):
                wanted = [(1, i) for i in range(n)]
            else:
                wanted = [(1, 0)]
            self.check(got in wanted, f"{campaign} at {t}: entered and refused {got}, expected {wanted}")

    def by_silence(self):
        """Each silence of 80 days, counted from the beginning and from every order (5.11)."""
        orders = [event.at for event in self.events if event.kind == "order.placed"]
        since = sorted({self.times[0], *orders})
        expected = []
        for i, start in enumerate(since):
            t = plus(start, 80, self.zone)
            if t <= self.horizon and (i + 1 == len(since) or since[i + 1] > t):
                expected.append(t)
        stays = {stay.began: stay for stay in self.stays["dormant"]}
        refused = dict(self.refused["dormant"])
        came = sorted([*stays, *refused])
        self.check(came == expected, f"dormant: entered or refused at {came}, expected {expected}")
        for t in expected:
            others = any(m.began <= t and (m.ended is None or m.ended > t) for m in self.stays["second_order"])
            wanted = "reentry" if not self.reentry("dormant", t, 180) else "exclusive" if others else None
            self.check(refused.get(t) == wanted, f"dormant at {t}: {refused.get(t) or 'entered'}, expected {wanted or 'to enter'}")

    def by_score(self):
        """In when the score turns to 28, out at the microsecond at which it falls below 9 (5.10)."""
        score = Buying(self.events, self.zone)
        turns = []
        for i, event in enumerate(self.events):
            before = score.at(event.at, heard=i)
            if before < 28 * POINT <= score.at(event.at, heard=i + 1):
                turns.append(event.at)
        stays, refused = self.stays["vip"], dict(self.refused["vip"])
        for t in turns:
            inside = any(stay.began < t and (stay.ended is None or stay.ended > t) for stay in stays)
            wanted = "inside" if inside else "entered" if self.reentry("vip", t, 30) else "refused"
            got = "entered" if any(stay.began == t for stay in stays) else "refused" if t in refused else "inside"
            self.check(got == wanted, f"vip at {t}: {got}, expected {wanted}")
        self.tally["score: reached 28"] += len(turns)
        self.check({stay.began for stay in stays} | refused.keys() <= set(turns), "vip: entered below 28 points")
        for stay in stays:
            cooled = score.falls_below(9, stay.began, stay.ended or self.horizon)
            left = stay.ended if stay.reason == "cooled" else None
            self.check(cooled == left, f"vip: below 9 points at {cooled}, left for that at {left}")
            self.tally["score: fell below 9"] += cooled is not None
            self.tally["score: fell below 9 between events"] += cooled is not None and cooled not in self.times

    def reached(self, campaign, days):
        """The first order after the entry counts, within the span, for the latest membership (5.12)."""
        expected = set()
        stays = self.stays[campaign]
        for stay, following in zip(stays, [*stays[1:], None]):
            end = plus(stay.began, days, self.zone)
            end = min(end, following.began) if following else end
            later = [event.at for event in self.events if event.kind == "order.placed" and stay.began < event.at <= end]
            expected |= {min(later)} if later else set()
        goals = sorted(self.goals[campaign])
        self.check(goals == sorted(expected), f"{campaign}: goal at {goals}, expected {sorted(expected)}")
