#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "runtime/outcome/format.h"
#include "runtime/outcome/names.h"
#include "runtime/outcome/summary.h"

namespace nurture::outcome {
namespace {

using Align = Table::Align;

constexpr std::size_t kMostWeeks = 26;  // a longer log is shown by month

std::string after_text(const Spread& spread) {
  if (spread.count == 0) return "";
  return fmt::format("{} (median), 95 % within {}", duration_text(spread.median), duration_text(spread.p95));
}

/// "12 in a, 3 in b".
std::string join(const std::vector<std::string>& parts) { return fmt::format("{}", fmt::join(parts, ", ")); }

/// Writes the text of a summary, section by section; a section with nothing to say is left out.
class TextWriter {
 public:
  TextWriter(const Summary& summary, const TextOptions& options) : summary_(summary), options_(options) {}

  std::string write() {
    run();
    properties();
    weeks();
    for (const CampaignSummary& campaign : summary_.campaigns) write_campaign(campaign);
    return std::move(out_);
  }

 private:
  void line(std::string_view text, std::size_t indent = 2) {
    for (const std::string& part : wrap(text, options_.width - indent)) out_ += std::string(indent, ' ') + part + "\n";
  }
  void heading(std::string_view text) { out_ += "\n  " + bold_text(text, options_.colour) + "\n"; }
  Table table(unsigned indent = 4) const { return Table(options_.width, indent); }
  void put(const Table& t) { out_ += t.text(options_.colour); }

  void run();
  void sales_holds();
  void properties();
  void throttles();
  void weeks();
  void write_campaign(const CampaignSummary& c);
  void people(const CampaignSummary& c);
  void stages(const CampaignSummary& c);
  void messages(const CampaignSummary& c);
  void held_back(const CampaignSummary& c);
  void rules(const CampaignSummary& c);
  void waits(const CampaignSummary& c);
  void reactions(const CampaignSummary& c);
  void sales(const CampaignSummary& c);
  void work(const CampaignSummary& c);
  void goals(const CampaignSummary& c);
  void splits(const CampaignSummary& c);

  const Summary& summary_;
  const TextOptions& options_;
  std::string out_;
};

// The whole run -----------------------------------------------------------------------------------

void TextWriter::run() {
  const RunFacts& f = summary_.facts;
  const calendar::Zone* zone = calendar::find_zone(f.timezone);
  if (zone == nullptr) zone = calendar::utc();
  out_ += bold_text(f.programme.empty() ? "Simulation" : f.programme + ", simulated", options_.colour) + "\n\n";
  if (f.first == kNever) {
    line("The log holds no events.");
  } else {
    std::string to = clock_text(f.horizon == kNever ? f.last : f.horizon, zone);
    line(fmt::format("Log: {} and {}, {} to {}.", counted(f.leads, "lead", "leads"),
                     counted(f.events, "event", "events"), clock_text(f.first, zone), to));
  }
  line(fmt::format("{} entered a campaign, {} entered none.", counted(summary_.leads_entered, "lead", "leads"),
                   count_text(f.leads - summary_.leads_merged - summary_.leads_entered)));
  if (summary_.leads_merged > 0) {
    line(fmt::format("{} turned out to be another, who stands for both here.",
                     counted(summary_.leads_merged, "lead", "leads")));
  }
  if (f.accounts > 0) {
    line(fmt::format("Of {}, {} entered a campaign.", counted(f.accounts, "account", "accounts"),
                     count_text(summary_.accounts_entered)));
  }
  if (summary_.busiest_sends > 0) {
    line(fmt::format("{} got a message; the most that anybody got in one week is {} ({}, week of {}).",
                     counted(summary_.leads_sent, "lead", "leads"), count_text(summary_.busiest_sends),
                     summary_.busiest_lead, day_text(summary_.busiest_week_of)));
  }
  throttles();
  sales_holds();
  if (summary_.orphan_reactions > 0) {
    line(fmt::format("{} to messages that this run never sent (§7.3).",
                     counted(summary_.orphan_reactions, "reaction in the log was", "reactions in the log were")));
  }
  if (!summary_.reactions.empty()) {
    std::vector<std::string> each;
    for (const Named& row : summary_.reactions) each.push_back(fmt::format("{} {}", count_text(row.count), row.name));
    line("Assumed to happen: " + join(each) + ".");
  }
  if (summary_.histories_cut > 0) {
    line(fmt::format("{} about the past looked at the latest {} events only (§3.2).",
                     counted(summary_.histories_cut, "time a question", "times questions"),
                     count_text(summary_.history_max)));
  }
  line(fmt::format("Days and weeks are counted in {}; time-zone data {}.", f.timezone, f.tzdata));
}

void TextWriter::throttles() {
  for (const ThrottleSummary& row : summary_.throttles) {
    const std::string rule = fmt::format("`{}` ({})", row.label, row.where);
    if (row.longest == 0) {
      line(fmt::format("{} delayed none of {}.", rule, counted(row.messages, "message", "messages")));
    } else {
      line(fmt::format("{} delivered {} of {} more than a minute late, the latest by {} ({}).", rule,
                       count_text(row.delayed), counted(row.messages, "message", "messages"),
                       duration_text(row.longest), row.slowest));
    }
  }
}

void TextWriter::sales_holds() {
  Count began = summary_.holds_by_hand_off + summary_.holds_by_event + summary_.holds_by_account;
  if (began == 0) return;
  std::string text =
      fmt::format("{} with sales ({} handed over, {} by an event in the log", counted(began, "period", "periods"),
                  count_text(summary_.holds_by_hand_off), count_text(summary_.holds_by_event));
  if (summary_.holds_by_account > 0) {
    text += fmt::format(", {} with their account", count_text(summary_.holds_by_account));
  }
  text += ")";
  if (summary_.hold_length.count > 0) text += ", which lasted " + after_text(summary_.hold_length);
  text += fmt::format("; {} still there at the end.", counted(summary_.with_sales_at_end, "lead is", "leads are"));
  line(text);
}

void TextWriter::properties() {
  if (summary_.properties.empty()) return;
  heading("Properties: what is claimed of every lead");
  Table t = table();
  t.column("property", Align::Wrap).column("verdict", Align::Left).column("violations").column("leads").column("open");
  for (const PropertySummary& p : summary_.properties) {
    t.row({p.name, std::string(p.verdict()), count_text(p.violations), count_text(p.leads), count_text(p.open)});
  }
  put(t);
  for (const PropertySummary& p : summary_.properties) {
    if (p.first.empty()) continue;
    line(fmt::format("“{}”, the first:", p.name), 4);
    for (const PropertySummary::Violation& each : p.first) {
      const std::string whose = each.campaign.empty() ? "" : fmt::format(" ({})", each.campaign);
      line(fmt::format("{}  {}{}: {}", each.clock, each.lead, whose, each.text), 6);
    }
  }
}

/// Weeks by the month of their first day.
std::vector<WeekSummary> by_month(const std::vector<WeekSummary>& weeks) {
  std::vector<WeekSummary> months;
  for (const WeekSummary& week : weeks) {
    std::string month = calendar::format_date(week.of).substr(0, 7);
    if (months.empty() || months.back().week != month) {
      months.push_back({month, week.of, std::vector<Count>(week.sends.size()), 0, 0, 0});
    }
    WeekSummary& m = months.back();
    for (std::size_t i = 0; i < week.sends.size(); ++i) m.sends[i] += week.sends[i];
    m.hand_offs += week.hand_offs, m.calls += week.calls, m.tasks += week.tasks;
  }
  return months;
}

void TextWriter::weeks() {
  if (summary_.weeks.empty()) return;
  bool monthly = summary_.weeks.size() > kMostWeeks;
  constexpr std::string_view kDays[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
  std::string_view day = kDays[calendar::weekday(summary_.weeks.front().of)];
  heading(monthly ? fmt::format("Month by month (of the {} of each week; the weeks are in the JSON form)", day)
                  : "Week by week");
  Table t = table();
  t.column(monthly ? "month" : "week of", Align::Left);
  for (const std::string& channel : summary_.channels) t.column(channel);
  t.column("handed to sales").column("calls").column("tasks");
  for (const WeekSummary& week : monthly ? by_month(summary_.weeks) : summary_.weeks) {
    std::vector<std::string> cells{monthly ? week.week : day_text(week.of)};
    for (Count n : week.sends) cells.push_back(count_text(n));
    for (Count n : {week.hand_offs, week.calls, week.tasks}) cells.push_back(count_text(n));
    t.row(std::move(cells));
  }
  put(t);
}

// One campaign ------------------------------------------------------------------------------------

void TextWriter::write_campaign(const CampaignSummary& c) {
  std::size_t rule = options_.width > text_width(c.name) + 3 ? options_.width - text_width(c.name) - 3 : 0;
  std::string bar;
  for (std::size_t i = 0; i < rule; ++i) bar += "─";
  out_ += "\n" + bold_text("─ " + c.name, options_.colour) + " " + bar + "\n";
  people(c);
  if (c.entered == 0) return;
  goals(c);
  splits(c);
  stages(c);
  messages(c);
  waits(c);
  reactions(c);
  sales(c);
  work(c);
}

void TextWriter::people(const CampaignSummary& c) {
  heading("Who came, who is in, who left");
  Table t = table();
  t.column("", Align::Left).column("").column("").column("", Align::Wrap);
  t.row({"entered", count_text(c.entered), "", "memberships begun; a lead that comes back counts again"});
  if (c.held_out > 0) {
    t.row({"  held out", count_text(c.held_out), share_text(c.held_out, c.entered), "got nothing, to compare with"});
  }
  t.row({"still in", count_text(c.active), share_text(c.active, c.entered), "of entered, at the end of the log"});
  for (const StageSummary& s : c.stages) {
    if (s.active == 0) continue;
    t.row({"  in " + s.name, count_text(s.active), share_text(s.active, c.entered),
           "longest there: " + duration_text(s.longest_active)});
  }
  if (c.active_held_out > 0) {
    t.row({"  held out", count_text(c.active_held_out), share_text(c.active_held_out, c.entered), ""});
  }
  std::string stay = c.stay.count > 0 ? "; after " + after_text(c.stay) : "";
  t.row({"left", count_text(c.exited), share_text(c.exited, c.entered), "of entered" + stay});
  for (const ExitSummary& e : c.exits) {
    if (e.count == 0) continue;
    std::string of_them = e.held_out > 0 ? fmt::format("{} of them held out", count_text(e.held_out)) : "";
    t.row({"  as " + e.reason, count_text(e.count), share_text(e.count, c.entered), of_them});
  }
  if (c.turned_away > 0) {
    t.row({"turned away", count_text(c.turned_away), "", "times that somebody matched an entry and was refused"});
    for (std::size_t i = 0; i < kRefusalCauses; ++i) {
      if (c.refused[i] == 0) continue;
      t.row({"  " + std::string(refusal_word(static_cast<RefusalCause>(i))), count_text(c.refused[i]),
             share_text(c.refused[i], c.turned_away), std::string(refusal_text(static_cast<RefusalCause>(i)))});
    }
  }
  put(t);
}

void TextWriter::stages(const CampaignSummary& c) {
  heading("Stages");
  Table t = table();
  t.column("stage", Align::Left).column("entered").column("left").column("still in").column("median stay");
  t.column("95 % within").column("went on to", Align::Wrap);
  for (const StageSummary& s : c.stages) {
    std::vector<std::string> to;
    for (const Named& n : s.left_to) to.push_back(fmt::format("{} {}", n.name, count_text(n.count)));
    if (s.left_campaign > 0) to.push_back(fmt::format("out {}", count_text(s.left_campaign)));
    bool any = s.spent.count > 0;
    t.row({s.name, count_text(s.entered), count_text(s.left), count_text(s.active),
           any ? duration_text(s.spent.median) : "–", any ? duration_text(s.spent.p95) : "–", join(to)});
  }
  put(t);
}

// Messages ----------------------------------------------------------------------------------------

struct EndColumn {
  SendEnd end;
  std::string_view heading;
  bool always;
};
constexpr std::array<EndColumn, kSendEnds> kEndColumns{{{SendEnd::Sent, "sent", true},
                                                        {SendEnd::Later, "sent later", false},
                                                        {SendEnd::Suppressed, "suppressed", false},
                                                        {SendEnd::Skipped, "skipped", false},
                                                        {SendEnd::Exhausted, "ran out", false},
                                                        {SendEnd::GaveUp, "gave up", false},
                                                        {SendEnd::Cancelled, "cancelled", false},
                                                        {SendEnd::Pending, "held at end", false}}};

Count total_of(const std::vector<SendSummary>& sends, SendEnd end) {
  Count n = 0;
  for (const SendSummary& send : sends) n += send.of(end);
  return n;
}

/// "with sales"; of several, "with sales 3, quiet hours 5".
std::string causes_text(const std::array<Count, kDetails>& by) {
  std::string text;
  const auto kinds = std::count_if(by.begin(), by.end(), [](Count n) { return n > 0; });
  for (std::size_t i = 0; i < kDetails; ++i) {
    if (by[i] == 0) continue;
    text += fmt::format("{}{}", text.empty() ? "" : ", ", detail_text(static_cast<Detail>(i)));
    if (kinds > 1) text += fmt::format(" {}", count_text(by[i]));
  }
  return text;
}

void TextWriter::messages(const CampaignSummary& c) {
  if (c.messages.empty()) return;
  heading("Messages: asked for, and how each ended");
  std::vector<SendEnd> shown;
  Table t = table();
  t.column("message", Align::Left).column("channel", Align::Left).column("asked");
  for (const EndColumn& column : kEndColumns) {
    if (!column.always && total_of(c.messages, column.end) == 0) continue;
    shown.push_back(column.end);
    t.column(column.heading);
  }
  Count asked = 0;
  for (const SendSummary& s : c.messages) {
    std::vector<std::string> cells{s.content, s.channel, count_text(s.asked)};
    for (SendEnd end : shown) cells.push_back(count_text(s.of(end)));
    t.row(std::move(cells));
    asked += s.asked;
  }
  if (c.messages.size() > 1) {
    std::vector<std::string> cells{"all", "", count_text(asked)};
    for (SendEnd end : shown) cells.push_back(count_text(total_of(c.messages, end)));
    t.row(std::move(cells));
  }
  put(t);
  held_back(c);
  rules(c);
}

void TextWriter::held_back(const CampaignSummary& c) {
  for (const SendSummary& s : c.messages) {
    if (s.deferred > 0) {
      std::string text = fmt::format("{} was held back {} ({})", s.content, counted(s.deferred, "time", "times"),
                                     causes_text(s.deferred_by));
      if (s.slip.count > 0)
        text += fmt::format("; when it was sent after all, that was later by {}", after_text(s.slip));
      line(text + ".", 4);
    }
    for (std::size_t i = 1; i < kDetails; ++i) {
      const auto cause = static_cast<Detail>(i);
      Count n = s.of(SendEnd::Skipped, cause);
      if (n > 0)
        line(fmt::format("{} was skipped {}: {}.", s.content, counted(n, "time", "times"), detail_text(cause)), 4);
    }
  }
}

/// What each rule cost.
void TextWriter::rules(const CampaignSummary& c) {
  if (c.rules.empty()) return;
  heading("Rules: what each held back or suppressed");
  struct Column {
    Count RuleTally::* count;
    std::string_view heading;
  };
  constexpr std::array<Column, 5> kColumns{{{&RuleTally::deferred, "held back"},
                                            {&RuleTally::suppressed, "suppressed"},
                                            {&RuleTally::skipped, "skipped"},
                                            {&RuleTally::gave_up, "gave up"},
                                            {&RuleTally::work, "tasks"}}};
  Table t = table();
  t.column("rule", Align::Wrap).column("where", Align::Left);
  std::vector<Column> shown;
  for (const Column& column : kColumns) {
    if (std::none_of(c.rules.begin(), c.rules.end(), [&](const auto& r) { return r.counts.*column.count > 0; }))
      continue;
    shown.push_back(column);
    t.column(column.heading);
  }
  t.column("leads");
  for (const RuleSummary& r : c.rules) {
    std::vector<std::string> cells{r.label, r.where};
    for (const Column& column : shown) cells.push_back(count_text(r.counts.*column.count));
    cells.push_back(count_text(r.counts.leads));
    t.row(std::move(cells));
  }
  put(t);
}

void TextWriter::waits(const CampaignSummary& c) {
  bool any = std::any_of(c.waits.begin(), c.waits.end(), [](const WaitSummary& w) { return w.began > 0; });
  if (!any) return;
  heading("Waits, and how each ended");
  Table t = table();
  t.column("stage", Align::Left).column("wait", Align::Wrap).column("began").column("ended", Align::Wrap);
  for (const WaitSummary& w : c.waits) {
    std::vector<std::string> ends;
    for (const Named& h : w.handlers) {
      if (h.count > 0) ends.push_back(fmt::format("{} {}", h.name, count_text(h.count)));
    }
    if (w.timer > 0) ends.push_back(fmt::format("time was up {}", count_text(w.timer)));
    if (w.left > 0) ends.push_back(fmt::format("called away {}", count_text(w.left)));
    if (w.horizon > 0) ends.push_back(fmt::format("still waiting {}", count_text(w.horizon)));
    t.row({w.stage, w.label, count_text(w.began), join(ends)});
  }
  put(t);
}

void TextWriter::reactions(const CampaignSummary& c) {
  if (c.reactions.empty()) return;
  heading("What leads and sales did that changed their way");
  Table t = table();
  t.column("reaction", Align::Wrap).column("times");
  for (const Named& r : c.reactions) t.row({r.name, count_text(r.count)});
  put(t);
}

// Sales and people's work -------------------------------------------------------------------------

void TextWriter::sales(const CampaignSummary& c) {
  const SalesSummary& s = c.sales;
  if (s.handed_off + s.already_with_sales + s.taken_back == 0) return;
  heading("Sales");
  Table t = table();
  t.column("", Align::Left).column("").column("").column("", Align::Wrap);
  t.row({"handed to sales", count_text(s.handed_off), "", ""});
  std::string answer = s.response.count > 0 ? "of handed over; after " + after_text(s.response) : "of handed over";
  t.row({"  answered", count_text(s.answered), share_text(s.answered, s.handed_off), answer});
  for (const Named& n : s.answers) t.row({"    " + n.name, count_text(n.count), share_text(n.count, s.handed_off), ""});
  Count silent = s.handed_off - std::min(s.handed_off, s.answered);
  t.row({"  no answer", count_text(silent), share_text(silent, s.handed_off), "by the end of the log"});
  if (s.promised > 0) {
    t.row({"  promise missed", count_text(s.promises_missed), share_text(s.promises_missed, s.promised),
           fmt::format("of {} with `answer within`", count_text(s.promised))});
  }
  if (s.already_with_sales > 0) {
    t.row({"already with sales", count_text(s.already_with_sales), "",
           "hand-offs of a lead that sales had: nobody rung twice"});
  }
  if (s.taken_back > 0) t.row({"taken back", count_text(s.taken_back), "", ""});
  put(t);
}

void TextWriter::work(const CampaignSummary& c) {
  if (c.work.empty() && c.sets.empty()) return;
  heading("Work for people, and changes to leads");
  Table t = table();
  t.column("", Align::Left).column("", Align::Left).column("times").column("", Align::Left);
  for (const WorkSummary& w : c.work) t.row({w.kind, w.name, count_text(w.count), w.where});
  for (const Named& n : c.sets) t.row({"set", "lead." + n.name, count_text(n.count), ""});
  put(t);
}

// Goals and splits --------------------------------------------------------------------------------

std::vector<std::string> goal_cells(const GoalSummary& goal, const GoalCounts& n) {
  return {count_text(n.all_reached()), share_text(rate_part(goal, n), rate_of(goal, n)),
          fmt::format("{} of {}", count_text(rate_part(goal, n)), count_text(rate_of(goal, n))), count_text(n.open),
          n.time.count > 0 ? duration_text(n.time.median) : "–"};
}

void add_goal_columns(Table& t) {
  t.column("reached").column("rate").column("which is").column("still open").column("median time");
}

std::vector<std::string> joined(std::vector<std::string> first, const std::vector<std::string>& rest) {
  first.insert(first.end(), rest.begin(), rest.end());
  return first;
}

/// What a rate is of, in words.
std::string ground_text(const std::vector<GoalSummary>& goals) {
  bool endless = std::any_of(goals.begin(), goals.end(), [](const GoalSummary& g) { return g.endless; });
  bool bounded = std::any_of(goals.begin(), goals.end(), [](const GoalSummary& g) { return !g.endless; });
  bool of_send = std::any_of(goals.begin(), goals.end(), [](const GoalSummary& g) { return g.of_send; });
  std::string text;
  if (bounded) text += "The rate is of the memberships whose time for the goal was over by the end of the log. ";
  if (endless)
    text += bounded ? "Where a goal has no `within`, it is of all so far. "
                    : "The goal has no `within`: the rate is of all memberships so far. ";
  if (of_send) text += "A goal `of send` leaves out memberships that got no message. ";
  return text.substr(0, text.size() - 1);
}

void TextWriter::goals(const CampaignSummary& c) {
  if (c.goals.empty()) return;
  heading("Goals");
  Table t = table();
  t.column("goal", Align::Left);
  add_goal_columns(t);
  t.column("95 % within");
  const bool worth = std::any_of(c.goals.begin(), c.goals.end(), [](const GoalSummary& g) { return g.has_worth; });
  if (worth) t.column(summary_.facts.currency.empty() ? "worth" : "worth, " + summary_.facts.currency);
  auto add = [&](const std::string& name, const GoalSummary& g, const GoalCounts& n) {
    std::string far_end = n.time.count > 0 ? duration_text(n.time.p95) : "–";
    std::vector<std::string> ends{far_end};
    if (worth) ends.push_back(g.has_worth ? money_text(n.worth) : "–");
    t.row(joined(joined({name}, goal_cells(g, n)), ends));
  };
  for (const GoalSummary& g : c.goals) {
    add(g.name, g, g.treated);
    if (c.held_out > 0) add("  held out", g, g.held_out);
  }
  put(t);
  line(ground_text(c.goals), 4);
}

void TextWriter::splits(const CampaignSummary& c) {
  for (const SplitSummary& split : c.splits) {
    heading(fmt::format("Split {}", split.name));
    Table t = table();
    t.column("branch", Align::Left).column("share").column("took it");
    if (!c.goals.empty()) {
      t.column("goal", Align::Left);
      add_goal_columns(t);
    }
    for (const BranchSummary& b : split.branches) {
      std::vector<std::string> first{b.name, share_text(static_cast<Count>(std::llround(b.share * 10'000)), 10'000),
                                     count_text(b.memberships)};
      if (c.goals.empty()) t.row(first);
      for (std::size_t g = 0; g < c.goals.size(); ++g) {
        std::vector<std::string> head = g == 0 ? first : std::vector<std::string>(3);
        head.push_back(c.goals[g].name);
        t.row(joined(std::move(head), goal_cells(c.goals[g], b.goals[g])));
      }
    }
    put(t);
  }
}

}  // namespace

std::string to_text(const Summary& summary, const TextOptions& options) { return TextWriter(summary, options).write(); }

}  // namespace nurture::outcome
