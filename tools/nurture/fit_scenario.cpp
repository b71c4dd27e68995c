// What was learned, as a `scenario`.
#include <algorithm>
#include <fmt/format.h>

#include "compiler/format/format.h"
#include "runtime/outcome/format.h"
#include "runtime/outcome/names.h"
#include "runtime/outcome/one_line.h"
#include "tools/nurture/fit_report.h"

namespace nurture::tool {

using bytecode::kNone;
using outcome::count_text;
using outcome::counted;

namespace {

constexpr std::size_t kWidth = 100;

class ScenarioWriter {
 public:
  explicit ScenarioWriter(const Learned& learned) : learned_(learned), module_(learned.module) {}

  std::string write() {
    heading();
    out_ += fmt::format("scenario {} {{\n", learned_.name);
    for (const fit::Cause& cause : learned_.fit.causes) {
      about(cause);
      for (const fit::Rule& rule : cause.rules) {
        if (can_be_written(learned_, rule)) write(cause, rule);
      }
    }
    out_ += "}\n";
    return std::move(out_);
  }

 private:
  std::string day(Instant at) const {
    return outcome::day_text(calendar::to_local(at, outcome::programme_zone(module_)).date);
  }

  void comment(std::string_view text, unsigned indent = 0) {
    for (const std::string& line : outcome::wrap(outcome::one_line(text), kWidth))
      out_ += fmt::format("{:{}}// {}\n", "", indent, line);
  }

  void heading() {
    comment(fmt::format("Learned by `nurture fit` from a log of {}, {} to {}: what followed what was done, not why.",
                        counted(learned_.store.lead_count(), "lead", "leads"), day(learned_.store.first_instant),
                        day(learned_.store.last_instant)));
    comment(
        "Above each line: what it rests on, and the 95 % interval of its own rate. A rate is drawn towards the rate of "
        "the "
        "rule below that would decide otherwise, the more the fewer causes it has, but never out of its interval.");
    if (const auto warnings = fit_warnings(learned_); !warnings.empty()) {
      out_ += "//\n";
      for (const std::string& each : warnings) comment("Mind: " + each);
    }
    out_ += "\n";
  }

  void about(const fit::Cause& cause) {
    const std::string what = cause.hand_off() ? counted(cause.causes, "hand-off", "hand-offs")
                                              : counted(cause.causes, "send", "sends") + " by " + name(cause.channel);
    std::string text =
        fmt::format("{}, each followed for {} at most.", what, length_text(static_cast<double>(cause.window)));
    if (cause.young > 0) {
      text += fmt::format(
          " {} less than that before the log ends: left out wherever a reaction is waited for longer than the "
          "log goes on.",
          cause.young == 1 ? "One of them was" : count_text(cause.young) + " of them were");
    }
    if (cause.hand_off()) text += " Hand-offs are " + learned_.hand_offs_are + ".";
    comment(text, 2);
  }

  std::string name(bytecode::StringIndex index) const { return module_.strings[index]; }

  void write(const fit::Cause& cause, const fit::Rule& rule) {
    std::string about = cause.hand_off() ? "hand off" : "send of ";
    if (!cause.hand_off())
      about += rule.content == kNone ? name(cause.channel) : name(module_.contents[rule.content].name);
    out_ += fmt::format("  after {}{} {{\n", about, condition(rule));
    const std::vector<fit::Line> lines = lines_of(rule, cause.hand_off());
    const bool alternatives = cause.hand_off() && lines.size() > 1;
    if (alternatives) out_ += "    one of {\n";
    for (const fit::Line& line : lines) write(cause, rule, line, alternatives ? 6 : 4);
    if (alternatives) out_ += "    }\n";
    write_nobody(cause, rule);
    out_ += "  }\n";
  }

  /// Those that are written, all but the ones that nobody showed at all. Answers to hand-offs exclude each other: their
  /// rates, each drawn towards that of all, leave each other room, and more than is lost by rounding.
  static std::vector<fit::Line> lines_of(const fit::Rule& rule, bool exclusive) {
    constexpr double kRoom = 0.996;
    std::vector<fit::Line> lines;
    double sum = 0;
    for (const fit::Line& line : rule.lines) {
      if (nobody(rule, line)) continue;
      lines.push_back(line);
      sum += line.rate.rate;
    }
    if (!exclusive || sum <= kRoom) return lines;
    for (fit::Line& line : lines) line.rate.rate *= kRoom / sum;
    return lines;
  }

  std::string condition(const fit::Rule& rule) const {
    if (!rule.segment.known) return "";
    const bytecode::Field& by = module_.schema.lead[learned_.options.by];
    return fmt::format(" if lead.{} is {}", name(by.name), value_text(learned_, by.type, rule.segment));
  }

  void write(const fit::Cause& cause, const fit::Rule& rule, const fit::Line& line, unsigned indent) {
    comment(evidence(cause, rule, line), indent);
    const fit::Course& course = cause.courses[line.reaction];
    out_ += fmt::format("{:{}}{} {} within {}", "", indent, event(learned_.fit.reactions[line.reaction]),
                        rate_text(line.rate.rate), length_text(static_cast<double>(course.window)));
    quantiles(line, course);
    if (course.tiring && course.tiring->applies) {
      out_ += fmt::format(", times {} per send of {} in last {}", rate_text(course.tiring->factor), name(cause.channel),
                          length_text(static_cast<double>(learned_.options.tiring)));
    }
    out_ += "\n";
  }

  /// The rule for all has a rate of 0 where nobody reacted. A special one must say so, or the rule for all would
  /// decide.
  static bool nobody(const fit::Rule& rule, const fit::Line& line) {
    return rule.content == kNone && !rule.segment.known && line.rate.rate == 0;
  }

  /// What there is no line for.
  void write_nobody(const fit::Cause& cause, const fit::Rule& rule) {
    std::vector<std::string> events;
    double most = 0;
    for (const fit::Line& line : rule.lines) {
      if (!nobody(rule, line)) continue;
      events.push_back(reaction_words(learned_, learned_.fit.reactions[line.reaction]));
      most = std::max(most, line.rate.interval.high);
    }
    if (events.empty()) return;
    comment(fmt::format("Never seen after {}: {}. The rate of each is at most {}.", causes_words(learned_, cause, rule),
                        fmt::join(events, ", "), share(most)),
            4);
  }

  std::string event(const fit::Reaction& reaction) const {
    const bytecode::EventKind& kind = module_.schema.kinds[reaction.kind];
    std::string record;
    for (const auto& [property, value] : reaction.record) {
      if (property == kind.machine_property) continue;
      const bytecode::Field& field = kind.properties[property];
      record += fmt::format("{}{}: {}", record.empty() ? "" : "  ", name(field.name),
                            value_text(learned_, field.type, value));
    }
    return name(kind.name) + (record.empty() ? "" : fmt::format(" {{ {} }}", record)) +
           (reaction.by_machine ? " by machine" : "");
  }

  /// Points that are one after rounding are told once; all lie inside the window.
  void quantiles(const fit::Line& line, const fit::Course& course) {
    std::string last;
    const std::string end = length_text(static_cast<double>(course.window));
    for (const fit::Point& point : line.delay) {
      const std::string by = length_text(point.by);
      if (by == last || by == end || point.by >= static_cast<double>(course.window)) continue;
      last = by;
      out_ +=
          point.share == 0.5 ? fmt::format(", half by {}", by) : fmt::format(", {} by {}", rate_text(point.share), by);
    }
  }

  std::string evidence(const fit::Cause& cause, const fit::Rule& rule, const fit::Line& line) const {
    const fit::Evidence& seen = line.rate.evidence;
    const std::string words = reaction_words(learned_, learned_.fit.reactions[line.reaction]);
    if (line.rate.pooled) {
      return fmt::format("{}: {} of {} {} are too few; the rate of what is below is used.", words,
                         count_text(seen.reactions), count_text(seen.causes), causes_words(learned_, cause, rule));
    }
    std::string text =
        fmt::format("{}: {} of {} {}, {} ({} to {}), {} to {}.", words, count_text(seen.reactions),
                    count_text(seen.causes), causes_words(learned_, cause, rule), share(line.rate.own),
                    share(line.rate.interval.low), share(line.rate.interval.high), day(seen.first), day(seen.last));
    if (line.delay.empty()) text += " Too few to say when: evenly.";
    if (!line.own_delay) text += " When: as all of the channel.";
    return text + tiring(cause.courses[line.reaction]) + middle(line);
  }

  /// "12.3 %", as the tables of summaries have it, with three digits.
  static std::string share(double rate) {
    std::string text = rate_text(rate);
    text.pop_back();
    return text + " %";
  }

  static std::string middle(const fit::Line& line) {
    for (const fit::Point& point : line.delay) {
      if (point.share != 0.5) continue;
      return fmt::format(" Half by {} ({} to {}).", length_text(point.by), length_text(point.interval.low),
                         length_text(point.interval.high));
    }
    return "";
  }

  std::string tiring(const fit::Course& course) const {
    if (!course.tiring || !course.tiring->applies) return "";
    return fmt::format(" The rate is that of a first send; times {} ({} to {}) for each before.",
                       share(course.tiring->factor), share(course.tiring->interval.low),
                       share(course.tiring->interval.high));
  }

  const Learned& learned_;
  const bytecode::Module& module_;
  std::string out_;
};

}  // namespace

std::string scenario_text(const Learned& learned) {
  SourceManager sources;
  Diagnostics diagnostics;
  return format::format(sources.add(learned.name + ".nurture", ScenarioWriter(learned).write()), diagnostics).text;
}

}  // namespace nurture::tool
