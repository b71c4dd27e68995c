#include <fmt/format.h>

#include "runtime/base/json.h"
#include "runtime/outcome/format.h"
#include "runtime/outcome/story.h"

namespace nurture::outcome {
namespace {

using Align = Table::Align;
using What = StoryStep::What;

std::string_view what_word(What what) {
  switch (what) {
    case What::Beginning:
      return "beginning";
    case What::Event:
      return "event";
    case What::Timer:
      return "timer";
    case What::Horizon:
      return "horizon";
  }
  return {};
}

std::string title(const StoryStep& step) {
  switch (step.what) {
    case What::Beginning:
      return "the beginning";
    case What::Timer:
      return "a time came";
    case What::Horizon:
      return "the end of the run";
    case What::Event:
      break;
  }
  std::string text = step.event;
  if (step.assumed) text += " (assumed)";
  if (!step.by.empty()) text += " by " + step.by;
  for (const auto& [name, value] : step.properties) text += fmt::format("  {}: {}", name, value);
  return text;
}

std::string stay_text(const StoryStay& s, const calendar::Zone* clock) {
  if (!s.account.empty())
    return fmt::format("for account {}; {}", s.account, counted(s.messages, "message", "messages"));
  if (!s.entered && s.turned_away == 0) return "never entered";
  if (!s.entered)
    return fmt::format("never entered; turned away {}: {}", counted(s.turned_away, "time", "times"), s.turned_away_why);
  const std::string_view began = !s.came_from.empty() ? "goes on since" : s.held_out ? "held out since" : "entered";
  std::string text = fmt::format("{} {}", began, clock_text(s.from, clock));
  if (!s.came_from.empty()) text += fmt::format(" what “{}” had entered", s.came_from);
  if (!s.goes_on_as.empty()) {
    text += fmt::format(", goes on since {} as “{}”", clock_text(s.to, clock), s.goes_on_as);
  } else if (!s.active) {
    text += fmt::format(", left {} as {}", clock_text(s.to, clock), s.reason);
  } else if (!s.held_out) {
    text += fmt::format(", is in stage {}", s.stage);
  }
  return s.held_out || s.of_account ? text : fmt::format("{}; {}", text, counted(s.messages, "message", "messages"));
}

/// " welcome.nurture:21": the file without its folders; the whole path is in the JSON form.
std::string short_place(std::string_view where) {
  if (where.empty()) return {};
  return " " + std::string(where.substr(where.rfind('/') + 1));
}

class TextWriter {
 public:
  TextWriter(const Story& story, const TextOptions& options) : story_(story), options_(options) {}

  std::string write() {
    head();
    heading("In short");
    Table stays(options_.width, 4);
    stays.column("", Align::Left).column("", Align::Wrap);
    for (const StoryStay& s : story_.stays) stays.row({s.campaign, stay_text(s, story_.clock)});
    out_ += stays.text();
    not_sent();
    heading("Event by event");
    std::int64_t day = INT64_MIN;
    for (const StoryStep& step : story_.steps) write_step(step, day);
    return std::move(out_);
  }

 private:
  void heading(std::string_view text) { out_ += "\n  " + bold_text(text, options_.colour) + "\n"; }

  void head() {
    out_ += bold_text(story_.lead, options_.colour) + "\n\n";
    out_ +=
        fmt::format("  Times are {} ({}; §6.2), time-zone data {}.\n", story_.zone, story_.zone_from, story_.tzdata);
    if (!story_.assumed.empty()) assumptions();
    if (story_.attributes.empty()) return;
    std::string known = "Known at the start: ";
    for (std::size_t i = 0; i < story_.attributes.size(); ++i) {
      known += fmt::format("{}{} {}", i == 0 ? "" : ", ", story_.attributes[i].first, story_.attributes[i].second);
    }
    for (const std::string& line : wrap(known + ".", options_.width - 2)) out_ += "  " + line + "\n";
  }

  void assumptions() {
    std::string text = fmt::format("Assumed ({}): events marked (assumed) are not in the log. ", story_.assumed);
    text += story_.assumed_since == kNever
                ? "Nothing here hangs on what is assumed."
                : fmt::format("All from {} on hangs on what is assumed; before that it is history.",
                              clock_text(story_.assumed_since, story_.clock));
    for (const std::string& line : wrap(text, options_.width - 2)) out_ += "  " + line + "\n";
  }

  void not_sent() {
    if (story_.not_sent.empty()) return;
    heading("Messages that did not go out when they were due");
    Table t(options_.width, 4);
    t.column("due", Align::Left)
        .column("message", Align::Left)
        .column("why not", Align::Wrap)
        .column("what became of it", Align::Wrap);
    for (const NotSent& n : story_.not_sent) t.row({clock_text(n.at, story_.clock), n.content, n.why, n.became});
    out_ += t.text(options_.colour);
  }

  void write_step(const StoryStep& step, std::int64_t& day) {
    calendar::Local local = calendar::to_local(step.at, step.zone);
    if (local.date != day) {
      std::string zone = step.zone == story_.clock ? "" : fmt::format("  ({})", calendar::zone_name(step.zone));
      out_ += fmt::format("\n    {}{}\n", bold_text(weekday_text(local.date), options_.colour), zone);
      day = local.date;
    }
    std::string quiet =
        step.what == What::Event && !step.noticed && !step.updates ? "  – no campaign was listening" : "";
    out_ += fmt::format("      {}  {}{}\n", calendar::format_time(local.time_of_day), title(step), quiet);
    Table t(options_.width, 13);
    t.column("", Align::Left).column("", Align::Wrap).column("", Align::Left);
    for (const StoryLine& line : step.lines) {
      if (line.tone == StoryLine::Tone::Same) continue;
      std::string text = line.campaign.empty() ? line.text : line.campaign + ": " + line.text;
      t.row({line.tone == StoryLine::Tone::Done ? "·" : "×", text, line.rule + short_place(line.where)});
    }
    out_ += t.text();
  }

  const Story& story_;
  const TextOptions& options_;
  std::string out_;
};

using Pairs = std::vector<std::pair<std::string, std::string>>;

void write_pairs(JsonWriter& w, std::string_view key, const Pairs& pairs) {
  w.key(key).begin_object();
  for (const auto& [name, value] : pairs) w.member(name, value);
  w.end_object();
}

void write_stays(JsonWriter& w, const Story& story) {
  w.key("stays").begin_array();
  for (const StoryStay& s : story.stays) {
    w.begin_object().member("campaign", s.campaign).member("entered", s.entered);
    if (s.entered) {
      w.member("held_out", s.held_out).member("active", s.active).member("from", calendar::format_utc(s.from));
      if (!s.came_from.empty()) w.member("came_from", s.came_from);
      if (!s.active) w.member("to", calendar::format_utc(s.to)).member("reason", s.reason);
      if (!s.goes_on_as.empty()) w.member("goes_on_as", s.goes_on_as);
      w.member("stage", s.stage).member("messages", s.messages);
    } else {
      w.member("turned_away", s.turned_away).member("turned_away_why", s.turned_away_why);
    }
    w.end_object();
  }
  w.end_array();
}

void write_step(JsonWriter& w, const StoryStep& step) {
  w.begin_object().member("what", what_word(step.what)).member("at", calendar::format_utc(step.at));
  w.member("local", local_with_offset(step.at, step.zone)).member("zone", calendar::zone_name(step.zone));
  if (step.what == What::Event) {
    w.member("event", step.event);
    write_pairs(w, "properties", step.properties);
    w.member("noticed", step.noticed);
    if (step.assumed) w.member("assumed", true);
  }
  w.key("lines").begin_array();
  for (const StoryLine& line : step.lines) {
    w.begin_object().member("done", line.tone == StoryLine::Tone::Done).member("action", line.action);
    w.member("campaign", line.campaign).member("text", line.text).member("rule", line.rule);
    w.member("where", line.where).end_object();
  }
  w.end_array().end_object();
}

void write_not_sent(JsonWriter& w, const Story& story) {
  w.key("not_sent").begin_array();
  for (const NotSent& n : story.not_sent) {
    w.begin_object().member("at", calendar::format_utc(n.at)).member("campaign", n.campaign);
    w.member("content", n.content).member("channel", n.channel).member("why", n.why);
    w.member("became", n.became).member("where", n.where).end_object();
  }
  w.end_array();
}

}  // namespace

std::string to_text(const Story& story, const TextOptions& options) { return TextWriter(story, options).write(); }

std::string to_json(const Story& story) {
  JsonWriter w(JsonWriter::Layout::Indented);
  w.begin_object().member("lead", story.lead).member("zone", story.zone).member("zone_from", story.zone_from);
  w.member("tzdata", story.tzdata).member("horizon", calendar::format_utc(story.horizon));
  if (!story.assumed.empty()) {
    w.key("assumed").begin_object().member("scenario", story.assumed).key("since");
    story.assumed_since == kNever ? w.null() : w.value(calendar::format_utc(story.assumed_since));
    w.end_object();
  }
  write_pairs(w, "attributes", story.attributes);
  write_stays(w, story);
  w.key("steps").begin_array();
  for (const StoryStep& step : story.steps) write_step(w, step);
  w.end_array();
  write_not_sent(w, story);
  w.end_object();
  return std::move(w).take() + "\n";
}

}  // namespace nurture::outcome
