"""The kinds of fault that are seeded into the examples, each with the codes that must name it.

A kind is a function that finds the places in a programme where such a slip of the pen would be one, and yields for each
the mutated text with the lines at which the finding has to point. What a language error hides is left to the error.
"""

import dataclasses
import re


@dataclasses.dataclass(frozen=True)
class Mutation:
    text: str
    lines: range  # of the mutated text


@dataclasses.dataclass(frozen=True)
class Kind:
    name: str
    what: str
    codes: tuple
    make: object


KINDS = []


def kind(what, *codes):
    def register(make):
        KINDS.append(Kind(make.__name__, what, codes, make))
        return make

    return register


def edit(source, begin, end, replacement, place=None):
    """The text with a part replaced. `place`: begin and end in the old text of what the finding is about; without it,
    what was replaced."""
    text = source.text[:begin] + replacement + source.text[end:]
    grown = len(replacement) - (end - begin)
    low, high = place or (begin, end)
    low = low if low <= begin else low + grown
    high = high + grown if high >= end else high
    return Mutation(text, range(text.count("\n", 0, low) + 1, text.count("\n", 0, max(high, low)) + 2))


def whole_line(source, match):
    """The line of a match, its end of line included."""
    begin = source.text.rfind("\n", 0, match.start()) + 1
    return begin, source.text.find("\n", match.end()) + 1


def of_leads(source):
    """The campaigns whose members are leads: what asks about one lead is no fault of its own there."""
    return [each for each in source.campaigns() if "for account" not in source.mask[each.begin : each.open]]


def within_campaigns(source, pattern):
    for campaign in source.campaigns():
        for match in source.find(pattern, campaign):
            yield campaign, match


def within_stages(source, pattern):
    for campaign in source.campaigns():
        for stage in source.stages(campaign):
            for match in source.find(pattern, stage):
                yield campaign, stage, match


def place_of(block):
    return block.begin, block.end


def head_of(block):
    return block.begin, block.open


def first_sends(source):
    """Of each campaign the first statement of its first stage, if that is a send."""
    for campaign in source.campaigns():
        stages = source.stages(campaign)
        for match in source.find(r"^    (?!on |when )\w[^\n]*", stages[0])[:1] if stages else []:
            if source.mask[match.start() :].startswith("    send "):
                yield campaign, stages[0], match


# What the language refuses -------------------------------------------------------------------------------------------


@kind("the last `exit` of a stage is dropped", "E0503")
def drop_exit(source):
    for _, stage, match in within_stages(source, r"^    exit as \w+\n(?=  \})"):
        before = source.mask[: match.start()].rstrip().rsplit("\n", 1)[-1]
        if len(before) - len(before.lstrip()) == 4:
            yield edit(source, match.start(), match.end(), "", place_of(stage))


@kind("`lasts at most` is dropped from a campaign with a way round", "E0507")
def drop_lasts(source):
    for campaign, match in within_campaigns(source, r"^  lasts +at most[^\n]*\n"):
        if source.find(r"\bstay$", campaign) or goes_round(source, campaign):
            yield edit(source, match.start(), match.end(), "", place_of(campaign))


def goes_round(source, campaign):
    stages = source.stages(campaign)
    ways = {stage.name: {m[1] for m in source.find(r"go to (\w+)", stage)} - {stage.name} for stage in stages}
    seen = {name: set(ways[name]) for name in ways}
    for _ in ways:
        for name in seen:
            seen[name] |= {far for near in list(seen[name]) for far in ways.get(near, ())}
    return any(name in seen[name] for name in seen)


@kind("`go to` names a stage that there is not", "E0304")
def unknown_stage(source):
    for _, match in within_campaigns(source, r"go to (\w+)"):
        yield edit(source, match.start(1), match.end(1), match[1] + "_later")


@kind("`send` names a content that there is not", "E0306")
def unknown_content(source):
    for _, match in within_campaigns(source, r"^ +send (?!next of|first permitted|only in)(\w+)"):
        yield edit(source, match.start(1), match.end(1), match[1] + "x")


@kind("two stages have one name", "E0305")
def two_stages_of_one_name(source):
    for campaign in source.campaigns():
        stages = source.stages(campaign)
        for first, second in zip(stages, stages[1:]):
            begin = source.mask.index("stage", second.begin) + len("stage ")
            yield edit(source, begin, begin + len(second.name), first.name)


@kind("a stage goes to itself", "E0504")
def goes_to_itself(source):
    for _, stage, match in within_stages(source, r"^    go to (\w+)$"):
        yield edit(source, match.start(1), match.end(1), stage.name)


@kind("the handler of a wait has no end", "E0501")
def handler_without_end(source):
    for _, match in within_campaigns(source, r"^      (?:on|when) [^\n{]*\{ (go to \w+|exit as \w+) \}"):
        yield edit(source, match.start(1), match.end(1), 'notify "sales desk" "Look here"')


@kind("a brace is missing", "E0106")
def missing_brace(source):
    for campaign in source.campaigns():
        for stage in source.stages(campaign):
            yield edit(source, stage.end - 1, stage.end, "", (stage.begin, len(source.text)))


@kind("the word of a clause is misspelled", "E0104")
def misspelled_clause(source):
    for _, match in within_campaigns(source, r"^  (audience|reenter|lasts|goal|enter)\b"):
        word = match[1]
        yield edit(source, match.start(1), match.end(1), word[:2] + word[3] + word[2] + word[4:])


@kind("an attribute that no lead has", "E0308", "E0307")
def unknown_attribute(source):
    for _, match in within_campaigns(source, r"\blead\.(\w{5,})"):
        yield edit(source, match.start(1), match.end(1), match[1][:-2] + match[1][-1])


@kind("a value that the choice does not have", "E0401", "E0402", "E0403", "E0404")
def unknown_choice(source):
    for match in source.find(r"lead\.(?:lifecycle|marketing_status|buying_stage|timeframe) is (?:not )?(\w+)"):
        if match[1] not in ("known", "unknown"):
            yield edit(source, match.start(1), match.end(1), match[1] + "ed")


@kind("`=` for `is`", "E0201")
def equals_sign(source):
    for _, match in within_campaigns(source, r"\w( is )(?!not|known|unknown|with|true|false)"):
        yield edit(source, match.start(1), match.end(1), " = ")


@kind("a length of time as `5d`", "E0213")
def short_units(source):
    for _, match in within_campaigns(source, r"\bwait (\d+) days\b"):
        yield edit(source, match.start(1), match.end(), match[1] + "d")


@kind("the shares of a split do not add up", "E0612")
def shares_do_not_add_up(source):
    for campaign, match in within_campaigns(source, r"^ +(50)% \w+ +\{"):
        split = max(source.mask.rfind(" split ", 0, match.start()), campaign.begin)
        yield edit(source, match.start(1), match.end(1), "49", (split, match.end()))


@kind("a repeat without an end", "E0212")
def repeat_without_end(source):
    for _, match in within_campaigns(source, r"^ +repeat [^\n]*?( up to \d+ times)"):
        yield edit(source, match.start(1), match.end(1), "")


@kind("the file of a message is not there", "E0345")
def missing_body(source):
    for match in source.find(r'^  body +"'):
        begin = match.end()
        yield edit(source, begin, begin, "lost_")


@kind("an event that is not declared", "E0307")
def unknown_event(source):
    for _, match in within_campaigns(source, r"\b(?:on|goal +\w+:) (\w+\.\w+)"):
        yield edit(source, match.start(1), match.end(1), match[1] + "s")


@kind("a number is compared with a text", "E0402")
def number_with_text(source):
    for match in source.find(r"\bscore\.\w+ >= (\d+)"):
        yield edit(source, match.start(1), match.end(1), '"many"')


@kind("nobody is named where the owner is unknown", "E0407")
def nobody_without_owner(source):
    for _, match in within_campaigns(source, r"\blead\.owner( else )"):
        end = source.text.index('"', source.text.index('"', match.end()) + 1) + 1
        yield edit(source, match.start(1), end, "")


# What can never be, or always is -------------------------------------------------------------------------------------


@kind("nothing leads to a stage any more", "W0501")
def stage_cut_off(source):
    for campaign in source.campaigns():
        for stage in source.stages(campaign)[1:]:
            ways = [m for m in source.find(rf"go to {stage.name}\b", campaign)]
            outside = [m for m in ways if not stage.begin <= m.start() < stage.end]
            if len(outside) == 1 and len(ways) == 1 and not source.find(rf"at stage {stage.name}\b", campaign):
                yield edit(source, outside[0].start(), outside[0].end(), "exit as over", head_of(stage))


def guards(source):
    for campaign in of_leads(source):
        yield from source.find(r"^ +(?:\} else )?if ([^\n{]+) \{", campaign)


@kind("a guard that contradicts itself", "W0503")
def contradiction(source):
    for match in guards(source):
        yield edit(source, match.start(1), match.end(1), f"({source.text[match.start(1):match.end(1)]}) and lead.is_test and not lead.is_test")


@kind("two values of one choice at once", "W0503")
def two_values_at_once(source):
    for match in guards(source):
        yield edit(source, match.start(1), match.end(1), "lead.lifecycle is customer and lead.lifecycle in [mql, sql]")


@kind("a guard that always holds", "W0504")
def tautology(source):
    for match in guards(source):
        yield edit(source, match.start(1), match.end(1), "lead.is_test or not lead.is_test")


@kind("a range without a number in it", "W0503")
def empty_range(source):
    for match in source.find(r"(?<!or )\bscore\.(\w+) >= (\d+)(?= or|$| \{)"):
        yield edit(source, match.start(), match.end(), f"score.{match[1]} >= {match[2]} and score.{match[1]} < {match[2]}")


@kind("a trigger stands there twice", "W0502", "W0506")
def trigger_twice(source):
    for _, match in within_campaigns(source, r"^(?:  |    |      )on \w+\.\w+[^\n{]*\{[^\n]*\}$"):
        line = source.text[match.start() : match.end()]
        yield edit(source, match.end(), match.end(), "\n" + line)


@kind("a special case below the general one", "W0502", "W0506")
def special_below_general(source):
    content = first_content(source)
    for _, match in within_campaigns(source, r"^( +on email\.(?:clicked|replied)) (\{[^\n]*\})$"):
        if content:
            body = source.text[match.start(2) : match.end(2)]
            yield edit(source, match.end(), match.end(), f"\n{match[1]} of {content} {body}")


def first_content(source):
    found = source.find(r"^content (\w+): email")
    return found[0][1] if found else None


@kind("an arm that asks what the arm above asked", "W0505")
def arm_twice(source):
    for campaign in source.campaigns():
        for block in source.blocks(r"^ +if [^\n{]+", within=campaign):
            condition = source.text[block.begin : block.open].strip()
            rest = source.mask[block.end :].lstrip()
            if rest.startswith("else if"):
                continue
            yield edit(source, block.end, block.end, f' else {condition} {{ notify "sales desk" "Again" }}', (block.begin, block.end))


@kind("nobody can be in the audience", "W0514", "W0503")
def nobody_in_audience(source):
    for campaign, match in within_campaigns(source, r"^  audience +([^\n]+)\n"):
        condition = source.text[match.start(1) : match.end(1)].split(" //")[0]
        yield edit(source, match.end(), match.end(), f"  exclude  {condition}\n", (campaign.begin, match.end()))


@kind("a send on a Sunday where mail goes out from Monday to Friday", "W0507")
def always_waits(source):
    for campaign in source.campaigns():
        rules = source.find(r"^  send only in (\w+)", campaign)
        if not rules or not source.find(rf"^window {rules[0][1]} \{{ Monday to Friday", None):
            continue
        for match in source.find(r"^    send \w+$", campaign):
            yield edit(source, match.start(), match.start(), "    wait until next Sunday 10:00\n", (match.start(), match.end()))


@kind("a question that is turned round, and holds for whoever is not known", "W0401")
def turned_round(source):
    for _, match in within_campaigns(source, r"\blead\.(?:timeframe|role|seniority|country|buying_stage) (is) (?!not|known|unknown)"):
        yield edit(source, match.start(1), match.end(1), "is not")


@kind("a second campaign answers the same raised hand", "W0511")
def two_answers(source):
    for campaign in source.campaigns():
        if source.mask[campaign.begin :].startswith("template") or not source.find(r"^  enter +on raised_hand$", campaign):
            continue
        copy = re.sub(r"^campaign \w+", f"campaign {campaign.name}_too", source.text[campaign.begin : campaign.end])
        yield edit(source, campaign.end, campaign.end, "\n\n" + copy, (campaign.begin, campaign.end))


# Messages ------------------------------------------------------------------------------------------------------------


def contents(source, sent=True):
    """Those that a campaign of this file sends by name, unless they are no marketing or an exception stands above."""
    for block in source.blocks(r"^content (?P<name>\w+): email"):
        used = re.search(rf"\bsend {block.name}\b", source.mask)
        above = source.text[: block.begin].rstrip("\n").rsplit("\n", 1)[-1]
        if (used or not sent) and "// allow(" not in above and not source.find(r"^  (?:class|answers)", block):
            yield block


@kind("a message without a way to say \"I am ready\"", "W1101")
def drop_offer(source):
    for content in contents(source):
        for match in source.find(r"^  offers +\w+\n", content):
            yield edit(source, match.start(), match.end(), "", place_of(content))


@kind("a form with too many questions", "W1108")
def ask_more(source):
    for content in contents(source, sent=False):
        for match in source.find(r"^  asks +up to (\d+) of \[([^\]]+)\]", content):
            if match[2].count(",") >= 3:
                yield edit(source, match.start(1), match.end(1), "4")


@kind("questions in the first message", "W1109")
def ask_at_first(source):
    for campaign, _, match in first_sends(source):
        name = re.match(r"    send (\w+)", match[0])
        for content in contents(source):
            if name and content.name == name[1] and not source.find(r"^  (?:asks|class|answers)", content):
                yield edit(source, content.end - 1, content.end - 1, "  asks    up to 1 of [timeframe, role]\n", place_of(content))


@kind("the first message comes days after the entry", "W1102")
def first_late(source):
    for campaign, _, match in first_sends(source):
        if source.find(r"^  enter +on (?:form|asset|lead|page|trial|webinar|calculator)\.", campaign):
            yield edit(source, match.start(), match.start(), "    wait 4 days\n", (match.start(), match.end()))


@kind("no pause between two messages", "W1111")
def no_pause(source):
    for _, match in within_campaigns(source, r"^    send \w+\n(    wait \d+ (?:days|weeks?)\n)    send \w+"):
        yield edit(source, match.start(1), match.end(1), "", (match.start(), match.end()))


@kind("a message comes twice", "W1105")
def content_twice(source):
    for _, match in within_campaigns(source, r"^    send (\w+)\n    wait \d+ (?:days|weeks?)\n    send (\w+)$"):
        yield edit(source, match.start(2), match.end(2), match[1], (match.start(), match.end()))


@kind("a repeat with more runs than the stream has messages", "W1103")
def more_runs_than_messages(source):
    for _, match in within_campaigns(source, r"^ +repeat [^\n]* up to (\d+) times \{ send next of \w+ \}"):
        yield edit(source, match.start(1), match.end(1), "40")


@kind("nothing keeps mail from those who refused it", "W1115")
def drop_consent(source):
    for match in source.find(r"^  never send email after email\.unsubscribed[^\n]*\n"):
        yield edit(source, match.start(), match.end(), "", (0, len(source.text)))


@kind("a message of the campaign is called transactional", "W1208")
def transactional(source):
    for content in contents(source):
        for match in source.find(r"^  for +\w+\n", content):
            yield edit(source, match.end(), match.end(), "  class   transactional\n", place_of(content))


# Sales ---------------------------------------------------------------------------------------------------------------

HAND_OFF = r"^ +hand off to sales [^\n]*"


def hand_offs(source):
    for campaign, stage, match in within_stages(source, HAND_OFF):
        yield campaign, stage, match


@kind("nothing is said about a no from sales", "W1204")
def drop_rejection(source):
    for campaign, stage, match in hand_offs(source):
        answers = source.find(r"^      on sales\.rejected \{[^\n]*\}\n", stage)
        if len(answers) == 1 and len(source.find(r"sales\.rejected", campaign)) == 1:
            yield edit(source, answers[0].start(), answers[0].end(), "", (match.start(), match.end()))


@kind("nobody waits for the answer of sales", "W1204", "W1205")
def drop_wait_after_hand_off(source):
    for campaign, stage, match in hand_offs(source):
        for wait in list(source.blocks(r"^    wait up to [^\n{]+", within=stage))[:1]:
            last = source.mask[wait.end : stage.end].strip() == "}"
            if wait.begin > match.end() and not last and len(source.find(r"sales\.rejected", campaign)) == 1:
                yield edit(source, wait.begin, wait.end, "    wait 14 days", (match.start(), match.end()))


@kind("everybody goes to sales at once", "W1201")
def hand_off_first(source):
    for campaign, stage, match in first_sends(source):
        if source.find(HAND_OFF, campaign) and source.find(r"^  enter +on (?!raised_hand|demo|contact)", campaign):
            yield edit(source, match.start(), match.start(), '    hand off to sales "New" answer within 5 minutes\n', (match.start(), match.end()))


@kind("a pause before the hand-off of a raised hand", "W1203")
def pause_before_hand_off(source):
    for campaign, stage, match in hand_offs(source):
        if raised_hand_leads_to(source, campaign, stage):
            yield edit(source, match.start(), match.start(), "    wait 2 days\n", (match.start(), match.end()))


def raised_hand_leads_to(source, campaign, stage):
    return source.find(rf"^  on (?:raised_hand|demo\.requested|contact\.requested) +\{{ go to {stage.name} \}}", campaign)


@kind("days for what a raised hand is owed in minutes", "W1203")
def slow_promise(source):
    for campaign, stage, match in within_stages(source, r"^ +hand off to sales [^\n]*answer within (\d+ minutes)$"):
        if raised_hand_leads_to(source, campaign, stage):
            yield edit(source, match.start(1), match.end(1), "3 days")


@kind("a hand-off that promises no answer", "W1214")
def no_promise(source):
    for _, _, match in within_stages(source, r"^ +hand off to sales [^\n]*?( answer within [^\n}]+)$"):
        yield edit(source, match.start(1), match.end(1), "")


@kind("nothing listens to a raised hand", "W1210")
def deaf_to_raised_hands(source):
    for campaign in source.campaigns():
        hands = source.find(r"^  on (?:raised_hand|demo\.requested|contact\.requested)[^\n]*\{[^\n]*\}\n", campaign)
        others = source.find(r"raised_hand|demo\.requested|contact\.requested", campaign)
        if len(hands) != 1 or len(others) != 1:
            continue
        target = re.search(r"go to (\w+)", hands[0][0])
        if target and len(source.find(rf"go to {target[1]}\b", campaign)) > 1:
            yield edit(source, hands[0].start(), hands[0].end(), "", head_of(campaign))


@kind("whom sales turns down is back with sales at once", "W1207")
def back_at_once(source):
    for campaign, stage, match in hand_offs(source):
        for answer in source.find(r"on sales\.rejected \{ (go to (\w+)) \}", stage):
            other = [s for s in source.stages(campaign) if s.name == answer[2]]
            if other and not source.find(HAND_OFF, other[0]):
                yield edit(source, answer.start(1), answer.end(1), "restart stage", (match.start(), answer.end()))


# Entries, exits, scores ----------------------------------------------------------------------------------------------


@kind("a campaign without a goal", "W1301")
def drop_goal(source):
    for campaign in source.campaigns():
        goals = source.find(r"^  goal +[^\n]*\n", campaign)
        if goals and source.mask[campaign.begin :].startswith("campaign"):
            begin, end = goals[0].start(), goals[-1].end()
            if re.fullmatch(r"(?:  goal [^\n]*\n)+", source.mask[begin:end]):
                yield edit(source, begin, end, "", head_of(campaign))


@kind("everybody enters", "W1303")
def everybody_enters(source):
    for campaign in source.campaigns():
        audience = source.find(r"^  audience +[^\n]*\n", campaign)
        enters = source.find(r"^  enter +on [^\n]*\n", campaign)
        if audience and len(enters) == 1 and not source.find(r"^  exclude", campaign):
            both = sorted([(audience[0].start(), audience[0].end(), ""), (enters[0].start(), enters[0].end(), "  enter   on page.viewed\n")])
            text = source.text
            if both[0][1] != both[1][0] or re.search(r"\bentry\.", source.text):
                continue
            yield edit(source, both[0][0], both[1][1], both[0][2] + both[1][2], (campaign.begin, both[1][1]))


@kind("who is told \"not now\" can never come back", "W1304")
def never_again(source):
    for campaign in source.campaigns():
        again = source.find(r"^  reenter +(always|after [^\n]*?)$", campaign)
        reasons = source.find(r"exit as (recycled|not_now|later)", campaign)
        if again and reasons:
            yield edit(source, again[0].start(1), again[0].end(1), "never", place_of(campaign))


@kind("leads remain in an audience when they leave", "W1305")
def audience_kept(source):
    for campaign in source.campaigns():
        added = source.find(r"add to audience (\w+)", campaign)
        removed = source.find(r"^ +on exit \{ remove from audience \w+ \}\n", campaign)
        if added and removed:
            yield edit(source, removed[0].start(), removed[0].end(), "", (added[0].start(), added[0].end()))


@kind("a campaign sets the owner", "W1307")
def sets_owner(source):
    for campaign, stage, match in hand_offs(source):
        if campaign in of_leads(source):
            yield edit(source, match.start(), match.start(), '    set lead.owner to "Rose"\n', (match.start(), match.end()))


@kind("an open decides", "W1401")
def opens_decide(source):
    for _, match in within_campaigns(source, r"\bon (email\.clicked)(?= |$)[^\n]*(?:go to|exit as)"):
        yield edit(source, match.start(1), match.end(1), "email.opened")


@kind("clicks of machines decide", "W1401")
def machines_decide(source):
    for _, match in within_campaigns(source, r"\bon email\.clicked(?: of \w+)?( )\{[^\n]*(?:go to|exit as)"):
        yield edit(source, match.start(1), match.end(1), " including machine ")


def calls_sales(source, score):
    """Whether a score, or a segment that asks for it, opens the way to sales."""
    names = [m[1] for m in source.find(rf"^segment (\w+): [^\n]*score\.{score}\b")] + [rf"score\.{score}"]
    ways = source.find(rf"^ +(?:when|enter +when) [^\n]*\b(?:{'|'.join(names)})\b[^\n]*")
    stages = [stage for campaign in source.campaigns() for stage in source.stages(campaign) if source.find(HAND_OFF, stage)]
    return any(re.search(rf"stage {stage.name}\b|go to {stage.name}\b", way[0]) for way in ways for stage in stages)


@kind("one visit is enough for sales", "W1403")
def one_visit(source):
    for score in source.blocks(r"^score (?P<name>\w+)"):
        if not calls_sales(source, score.name):
            continue
        for match in source.find(r"^  page\.viewed[^\n]* gives (\d+)(?: at most[^\n]*)?$", score):
            yield edit(source, match.start(1), match.end(), "90")


@kind("a threshold that the score cannot reach", "W1404")
def above_the_cap(source):
    for score in source.blocks(r"^score (?P<name>\w+)"):
        for match in source.find(r"^  cap (\d+)", score):
            yield edit(source, match.start(1), match.end(1), "9", (0, len(source.text)))  # at whoever asks for more
