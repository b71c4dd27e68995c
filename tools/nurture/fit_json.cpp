// What was learned, as JSON. Rates are shares, times microseconds or UTC.
#include <cmath>
#include <fmt/format.h>

#include "runtime/base/json.h"
#include "runtime/calendar/calendar.h"
#include "runtime/outcome/names.h"
#include "tools/nurture/fit_report.h"

namespace nurture::tool {

using bytecode::kNone;

namespace {

class LearnedJson {
 public:
  explicit LearnedJson(const Learned& learned) : learned_(learned), module_(learned.module) {}

  std::string write() {
    json_.begin_object().member("scenario", learned_.name).member("leads", learned_.store.lead_count());
    instant("from", learned_.store.first_instant);
    instant("to", learned_.store.last_instant);
    json_.key("causes").begin_array();
    for (const fit::Cause& cause : learned_.fit.causes) write(cause);
    json_.end_array().key("reactions").begin_array();
    for (std::size_t r = 0; r < learned_.fit.reactions.size(); ++r) fates(r);
    json_.end_array().member("unclear", learned_.fit.unclear).key("foreign_contents").begin_object();
    for (const auto& [name, sends] : learned_.fit.foreign) json_.member(learned_.store.texts.at(name), sends);
    json_.end_object().key("warnings").begin_array();
    for (const std::string& each : fit_warnings(learned_)) json_.value(each);
    json_.end_array().end_object();
    return std::move(json_).take();
  }

 private:
  void instant(std::string_view name, Instant at) { json_.member(name, calendar::format_utc(at)); }
  void micros(std::string_view name, double length) { json_.member(name, std::llround(length)); }

  void event(const fit::Reaction& reaction) {
    const bytecode::EventKind& kind = module_.schema.kinds[reaction.kind];
    json_.member("event", module_.strings[kind.name]).member("by_machine", reaction.by_machine);
    json_.key("with").begin_object();
    for (const auto& [property, value] : reaction.record) {
      json_.key(module_.strings[kind.properties[property].name]);
      this->value(kind.properties[property].type, value);
    }
    json_.end_object();
  }

  void value(const bytecode::Type& type, Value value) {
    if (type.kind == TypeKind::Boolean) {
      json_.value(value.truth());
    } else {
      json_.value(learned_.store.texts.at(value.text()));
    }
  }

  void fates(std::size_t r) {
    const fit::Fates& fates = learned_.fit.fates[r];
    if (fates.all() == 0) return;
    json_.begin_object();
    event(learned_.fit.reactions[r]);
    json_.member("all", fates.all()).member("used", fates.used).member("repeated", fates.repeated);
    json_.member("late", fates.late).member("young", fates.young).member("orphan", fates.orphan);
    json_.member("foreign", fates.foreign).end_object();
  }

  void write(const fit::Cause& cause) {
    json_.begin_object().member("cause", cause.hand_off() ? "hand off" : "send");
    if (!cause.hand_off()) json_.member("channel", module_.strings[cause.channel]);
    json_.member("count", cause.causes).member("young", cause.young).member("foreign", cause.foreign);
    json_.member("window_us", cause.window).key("rules").begin_array();
    for (const fit::Rule& rule : cause.rules) write(cause, rule);
    json_.end_array().end_object();
  }

  void write(const fit::Cause& cause, const fit::Rule& rule) {
    json_.begin_object();
    if (rule.content != kNone) json_.member("content", outcome::content_name(module_, rule.content));
    if (rule.segment.known) {
      const bytecode::Field& by = module_.schema.lead[learned_.options.by];
      json_.key("lead").begin_object().key(module_.strings[by.name]);
      value(by.type, rule.segment);
      json_.end_object();
    }
    json_.key("lines").begin_array();
    for (const fit::Line& line : rule.lines) write(cause, line);
    json_.end_array().end_object();
  }

  void write(const fit::Cause& cause, const fit::Line& line) {
    const fit::Course& course = cause.courses[line.reaction];
    const fit::Rate& rate = line.rate;
    json_.begin_object();
    event(learned_.fit.reactions[line.reaction]);
    json_.member("causes", rate.evidence.causes).member("reactions", rate.evidence.reactions);
    if (rate.evidence.causes > 0) {
      instant("from", rate.evidence.first);
      instant("to", rate.evidence.last);
    }
    json_.member("rate", rate.rate).member("own_rate", rate.own);
    interval("interval", rate.interval, 1);
    json_.member("pooled", rate.pooled).member("within_us", course.window).key("delay").begin_array();
    for (const fit::Point& point : line.delay) {
      json_.begin_object().member("share", point.share);
      micros("by_us", point.by);
      json_.key("interval_us").begin_array().value(std::llround(point.interval.low));
      json_.value(std::llround(point.interval.high)).end_array().end_object();
    }
    json_.end_array().member("own_delay", line.own_delay).key("tiring");
    tiring(course);
    json_.end_object();
  }

  void interval(std::string_view name, const fit::Interval& interval, double scale) {
    json_.key(name).begin_array().value(interval.low * scale).value(interval.high * scale).end_array();
  }

  void tiring(const fit::Course& course) {
    if (!course.tiring) {
      json_.null();
      return;
    }
    json_.begin_object().member("factor", course.tiring->factor);
    interval("interval", course.tiring->interval, 1);
    json_.member("applies", course.tiring->applies).end_object();
  }

  const Learned& learned_;
  const bytecode::Module& module_;
  JsonWriter json_;
};

}  // namespace

std::string learned_json(const Learned& learned) { return LearnedJson(learned).write(); }

}  // namespace nurture::tool
