#include "tools/nurture/plan_report.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "runtime/outcome/format.h"
#include "runtime/outcome/names.h"

namespace nurture::tool {

namespace {

using flow::Count;
using flow::Most;
using flow::Touches;
using outcome::count_text;

constexpr unsigned kWidth = 120;
constexpr std::string_view kNoBound = "no bound";

/// A table under a heading, with what is to be said below it.
struct Section {
  std::string heading;
  std::vector<std::string> columns;
  std::string align;  ///< per column: l, r, or w for one that wraps
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> notes;
};

std::string figure(const Count& count) {
  return count ? count_text(static_cast<std::uint64_t>(*count)) : std::string(kNoBound);
}

std::string figure(const Most& most) {
  if (!most.limited) return figure(most.by_itself);
  return fmt::format("{} ({} by itself)", figure(most.limited), figure(most.by_itself));
}

std::string time_text(Instant time) {
  return time == kNever ? std::string(kNoBound) : time < kMinute ? "at once" : outcome::duration_text(time);
}

// Of a campaign -------------------------------------------------------------------------------------------------------

Section times(const CampaignPlan& plan) {
  Section made{.heading = "How long after the entry",
               .columns = {"", "earliest", "latest"},
               .align = "lrr",
               .rows = {},
               .notes = {}};
  const auto row = [&](const std::string& what, const flow::Lapse& lapse) {
    made.rows.push_back({what, time_text(lapse.least), time_text(lapse.most)});
  };
  for (std::size_t i = 0; i < plan.figures.stages.size(); ++i) {
    if (plan.figures.stages[i]) row("comes to " + plan.stages[i].name, *plan.figures.stages[i]);
  }
  for (std::size_t i = 0; i < plan.reasons.size(); ++i) row("leaves as " + plan.reasons[i], plan.figures.exits[i]);
  row("is out", plan.figures.stay);
  return made;
}

Section touches(const CampaignPlan& plan, const sema::Unit& unit) {
  Section made{.heading = plan.for_account ? "Messages to each lead at most, in one membership of its account"
                                           : "Messages at most, in one membership",
               .columns = {"", "in all", "in 1 day", "in 7 days", "in 30 days"},
               .align = "lrrrr",
               .rows = {},
               .notes = {}};
  std::set<std::string> limits;
  const auto cell = [&](const Most& most) {
    if (most.limit) limits.insert(limit_text(unit, *most.limit));
    return figure(most);
  };
  for (const Touches& each : plan.figures.touches) {
    std::vector<std::string> row{each.channel.empty() ? "all" : each.channel, cell(each.in_all)};
    for (const Most& within : each.within) row.push_back(cell(within));
    made.rows.push_back(std::move(row));
  }
  // All of one channel are all of that channel.
  if (made.rows.size() == 2) made.rows.erase(made.rows.begin());
  for (const std::string& limit : limits) made.notes.push_back("by " + limit);
  const bool endless = !plan.figures.touches.front().within[Touches::Month].either();
  if (endless)
    made.notes.push_back(
        "no bound: events can make it send again and again; a `limit`, such as `limit email to 2 per 7 days`, bounds "
        "that");
  return made;
}

Section work(const CampaignPlan& plan) {
  Section made{.heading = "Work for people at most",
               .columns = {"", "per membership", "per 1,000"},
               .align = "lrr",
               .rows = {},
               .notes = {}};
  const auto row = [&](const char* what, const Count& count) {
    constexpr std::int64_t kThousand = 1'000;
    if (count != 0) made.rows.push_back({what, figure(count), figure(count ? Count(*count * kThousand) : count)});
  };
  row("hand-offs to sales", plan.figures.work.hand_offs);
  row("calls", plan.figures.work.calls);
  row("tasks", plan.figures.work.tasks);
  const flow::HumanWork& all = plan.figures.work;
  if (!all.hand_offs || !all.calls || !all.tasks)
    made.notes.push_back("no bound: events can lead there again and again");
  if (made.rows.empty()) made.notes.push_back("none: it hands nobody to sales, and assigns no call and no task");
  return made;
}

/// When the streams have nothing left for somebody who does nothing.
void runs_dry(const CampaignPlan& plan, std::vector<std::string>& notes) {
  for (const LeadCalendar& lead : plan.calendars) {
    if (lead.profile != LeadCalendar::Profile::Silent) continue;
    for (const CalendarLine& line : lead.lines) {
      if (line.action != outcome::kind_word(outcome::Kind::Exhausted)) continue;
      notes.push_back(fmt::format("for somebody who does nothing it runs dry on {} ({})",
                                  outcome::clock_text(line.at, line.zone), line.where));
    }
  }
}

Section contents(const CampaignPlan& plan) {
  Section made{
      .heading = "Contents", .columns = {"stage", "sends", "by", "at"}, .align = "llll", .rows = {}, .notes = {}};
  std::vector<std::string> silent;
  for (const PlannedStage& stage : plan.stages) {
    std::string name = stage.name.empty() ? "(any)" : stage.name;
    if (stage.sends.empty()) silent.push_back(name);
    for (const PlannedSend& send : stage.sends) {
      const std::string what = send.contents.size() > 1 && send.what.starts_with("next of")
                                   ? fmt::format("{} ({})", send.what, send.contents.size())
                                   : send.what;
      made.rows.push_back({name, what, fmt::format("{}", fmt::join(send.channels, ", ")), send.place});
      name.clear();
    }
  }
  if (!silent.empty()) made.notes.push_back(fmt::format("nothing is sent in {}", fmt::join(silent, ", ")));
  for (const SentTwice& each : plan.twice) {
    made.notes.push_back(
        fmt::format("{} statements send {}: {}", each.times, each.content, fmt::join(each.places, ", ")));
  }
  for (const DatedContent& each : plan.dated) {
    made.notes.push_back(each.content + " goes out" + (each.from ? " from " + outcome::day_text(*each.from) : "") +
                         (each.until ? " until " + outcome::day_text(*each.until) : ""));
  }
  runs_dry(plan, made.notes);
  return made;
}

std::string whose(LeadCalendar::Profile profile) {
  switch (profile) {
    case LeadCalendar::Profile::Silent:
      return "Somebody who does nothing";
    case LeadCalendar::Profile::Typical:
      return "Somebody of the usual kind";
    case LeadCalendar::Profile::Hottest:
      return "Somebody who reacts to everything";
  }
  return {};
}

Section calendar(const LeadCalendar& lead) {
  Section made{
      .heading = whose(lead.profile), .columns = {"", "", "what", "at"}, .align = "llwl", .rows = {}, .notes = {}};
  std::string day;
  for (const CalendarLine& line : lead.lines) {
    const std::string clock = outcome::clock_text(line.at, line.zone);
    const std::size_t space = clock.rfind(' ');
    const std::string date = clock.substr(0, space);
    made.rows.push_back({date == day ? "" : date, clock.substr(space + 1), line.text, line.where});
    day = date;
  }
  if (lead.active) made.notes.push_back("still inside two years later");
  if (!lead.facts.empty()) made.notes.push_back(fmt::format("made up, with {}", fmt::join(lead.facts, ", ")));
  return made;
}

/// With `calendars`, one that is missing is said to be.
/// How many it takes to see what an arm does.
Section sizes(const experiment::Experiment& e, const Assumed& assumed) {
  const std::string units = e.accounts ? "accounts" : "leads";
  Section made{.heading = fmt::format("How many {} {} needs", units, experiment::title_of(e)),
               .columns = {"where of " + e.arms[e.against].name + " reach the goal"},
               .align = "r",
               .rows = {},
               .notes = {}};
  for (double lift : kPlannedLifts) made.columns.push_back(fmt::format("to see +{:.0f} %", lift * 100));
  if (assumed.units) made.columns.push_back(fmt::format("{} {} see", count_text(*assumed.units), units));
  made.align.append(made.columns.size() - 1, 'r');
  for (double rate : assumed.rates) {
    std::vector<std::string> row{experiment::percent_text(rate)};
    for (double lift : kPlannedLifts) {
      const auto needed = experiment::units_needed(e, rate, lift);
      row.push_back(needed ? count_text(*needed) : "–");
    }
    if (assumed.units) {
      const auto rise = experiment::rise_shown(e, rate, *assumed.units);
      row.push_back(rise ? experiment::points_text(*rise) + " points" : "nothing");
    }
    made.rows.push_back(std::move(row));
  }
  made.notes.push_back(
      "In all arms together, for one goal, seen with a chance of 80 % at 5 % two-sided. Rates are assumed" +
      std::string(assumed.units ? "." : ": `--rate` says one."));
  return made;
}

std::vector<Section> sections(const CampaignPlan& plan, const ProgrammePlan& programme, const sema::Unit& unit) {
  const bool calendars = programme.from.has_value();
  std::vector<Section> made;
  if (plan.figures.known) made.push_back(times(plan));
  if (!plan.figures.touches.empty()) made.push_back(touches(plan, unit));
  if (plan.figures.known) made.push_back(work(plan));
  made.push_back(contents(plan));
  for (const experiment::Experiment& each : programme.experiments) {
    if (each.campaign == plan.name) made.push_back(sizes(each, programme.assumed));
  }
  for (const LeadCalendar& each : plan.calendars) made.push_back(calendar(each));
  if (calendars && plan.calendars.empty())
    made.push_back({"Calendar", {}, {}, {}, {"none of the people who were made up for this ever enters"}});
  return made;
}

/// What there is to know first.
std::string in_short(const CampaignPlan& plan) {
  if (!plan.figures.known) return "There are too many ways through it to say how long it takes and how much it sends.";
  const Instant stay = plan.figures.stay.most;
  const std::string text = stay == kNever   ? "Nothing bounds how long it takes"
                           : stay < kMinute ? "Over at once"
                                            : fmt::format("Over after {} at the latest", time_text(stay));
  if (plan.figures.touches.empty()) return text + "; sends nothing.";
  const Touches& all = plan.figures.touches.front();
  const Count in_all = all.in_all.either(), in_week = all.within[Touches::Week].either();
  const auto messages = [](const Count& count) {
    return outcome::counted(static_cast<std::uint64_t>(*count), "message", "messages");
  };
  if (in_all && in_week && *in_week < *in_all)
    return fmt::format("{}; {} at most, {} of them in the worst week.", text, messages(in_all), figure(in_week));
  if (in_all) return fmt::format("{}; {} at most.", text, messages(in_all));
  if (in_week) return fmt::format("{}; {} at most in the worst week.", text, messages(in_week));
  return text + "; nothing bounds how many messages it sends.";
}

// Of a programme ------------------------------------------------------------------------------------------------------

Section kept(const ProgrammePlan& plan) {
  Section made{.heading = "Kept of each lead's past",
               .columns = {"to answer", "what", "asked at"},
               .align = "wwl",
               .rows = {},
               .notes = {}};
  for (const KeptRow& row : plan.kept) made.rows.push_back({row.question, row.what, row.place});
  if (made.rows.empty()) made.notes.push_back("nothing: no condition asks for it");
  return made;
}

std::vector<Section> sections(const ProgrammePlan& plan) {
  std::vector<Section> made{kept(plan)};
  if (plan.never_sent.empty()) return made;
  made.push_back(
      {"Contents that no campaign sends", {}, {}, {}, {fmt::format("{}", fmt::join(plan.never_sent, ", "))}});
  return made;
}

constexpr std::string_view kClocks =
    "Times are as the calendar counts them; where the clocks change, they are an hour or so longer or shorter.";

// Text ----------------------------------------------------------------------------------------------------------------

void add_text(std::string& out, const Section& section, bool colour) {
  out += "\n  " + outcome::bold_text(section.heading, colour) + "\n";
  outcome::Table table(kWidth, 4);
  for (std::size_t i = 0; i < section.columns.size(); ++i) {
    table.column(section.columns[i], section.align[i] == 'r'   ? outcome::Table::Align::Right
                                     : section.align[i] == 'w' ? outcome::Table::Align::Wrap
                                                               : outcome::Table::Align::Left);
  }
  for (const auto& row : section.rows) table.row(row);
  if (!table.empty()) out += table.text();
  for (const std::string& note : section.notes) {
    for (const std::string& line : outcome::wrap(note, kWidth - 4)) out += "    " + line + "\n";
  }
}

// Markdown ------------------------------------------------------------------------------------------------------------

std::string cell(std::string text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '|' || text[i] == '*' || text[i] == '_' || text[i] == '<') text.insert(i++, 1, '\\');
  }
  return text;
}

void add_row(std::string& out, const std::vector<std::string>& row) {
  for (const std::string& each : row) out += "| " + cell(each) + (each.empty() ? "" : " ");
  out += "|\n";
}

void add_markdown(std::string& out, const Section& section, std::string_view mark) {
  out += fmt::format("\n{} {}\n\n", mark, section.heading);
  if (!section.rows.empty()) {
    add_row(out, section.columns);
    for (char align : section.align) out += align == 'r' ? "|---:" : "|---";
    out += "|\n";
    for (const auto& row : section.rows) add_row(out, row);
    if (!section.notes.empty()) out += "\n";
  }
  for (const std::string& note : section.notes) out += "- " + cell(note) + "\n";
}

}  // namespace

std::string plan_text(const ProgrammePlan& plan, const sema::Unit& unit, bool colour) {
  std::string out = outcome::bold_text(plan.name, colour) + ": " +
                    outcome::counted(plan.campaigns.size(), "campaign", "campaigns") + "\n";
  for (const std::string& line : outcome::wrap(kClocks, kWidth)) out += line + "\n";
  for (const CampaignPlan& campaign : plan.campaigns) {
    out += "\n" + outcome::bold_text("─ " + campaign.name, colour) + "\n";
    for (const std::string& text : {campaign.about, in_short(campaign)}) {
      if (text.empty()) continue;
      for (const std::string& line : outcome::wrap(text, kWidth - 2)) out += "  " + line + "\n";
    }
    for (const Section& section : sections(campaign, plan, unit)) add_text(out, section, colour);
  }
  out += "\n" + outcome::bold_text("─ the whole programme", colour) + "\n";
  for (const Section& section : sections(plan)) add_text(out, section, colour);
  return out;
}

std::string plan_markdown(const ProgrammePlan& plan, const sema::Unit& unit) {
  std::string out = fmt::format("# {}\n\n{}\n", cell(plan.name), kClocks);
  for (const CampaignPlan& campaign : plan.campaigns) {
    out += fmt::format("\n## {}\n\n", cell(campaign.name));
    if (!campaign.about.empty()) out += cell(campaign.about) + "\n\n";
    out += in_short(campaign) + "\n";
    for (const Section& section : sections(campaign, plan, unit)) add_markdown(out, section, "###");
  }
  for (const Section& section : sections(plan)) add_markdown(out, section, "##");
  return out;
}

}  // namespace nurture::tool
