#include "tests/fit/world.h"

#include <algorithm>
#include <cmath>

#include "runtime/base/check.h"

namespace nurture::fit::test {

using bytecode::kNone;

Programme::Programme() {
  const bytecode::Type optional_text{TypeKind::Text, true};
  module.schema.lead.push_back({text("country"), optional_text});
  const auto message = [&] { return texts({"content", "message_id"}); };
  kind("email.sent", bytecode::Actor::Us, message());
  kind("sms.sent", bytecode::Actor::Us, message());
  for (const char* sent : {"email.sent", "sms.sent"}) module.schema.kinds[kind(sent)].records_send = true;
  kind("email.opened", bytecode::Actor::Lead, message());
  kind("email.unsubscribed", bytecode::Actor::Lead, {});
  module.schema.choice_sets.push_back({{text("hard"), text("soft")}});
  const bytecode::Type choice{TypeKind::Choice, false, TypeKind::Text, 0};
  auto bounce = message();
  bounce.push_back({text("kind"), choice});
  kind("email.bounced", bytecode::Actor::System, bounce);
  kind("lead.handed_over", bytecode::Actor::Us, {});
  kind("sales.accepted", bytecode::Actor::Us, {});
  kind("sales.rejected", bytecode::Actor::Us, {});
  for (const char* answer : {"sales.accepted", "sales.rejected"}) {
    module.schema.kinds[kind(answer)].answers_hand_off = true;
  }
  for (const char* name : {"guide", "story", "offer", "notice"}) {
    content(name, "email");
  }
  content("ping", "sms");
}

void Programme::content(std::string_view name, std::string_view channel) {
  bytecode::Content made;
  made.name = text(name);
  made.channel = text(channel);
  module.contents.push_back(std::move(made));
}

std::uint16_t Programme::text(std::string_view string) {
  const auto found = std::find(module.strings.begin(), module.strings.end(), string);
  if (found != module.strings.end()) return static_cast<std::uint16_t>(found - module.strings.begin());
  module.strings.emplace_back(string);
  return static_cast<std::uint16_t>(module.strings.size() - 1);
}

std::vector<bytecode::Field> Programme::texts(std::initializer_list<const char*> names) {
  std::vector<bytecode::Field> fields;
  for (const char* name : names) fields.push_back({text(name), {TypeKind::Text, true}});
  return fields;
}

void Programme::kind(std::string_view name, bytecode::Actor actor, std::vector<bytecode::Field> properties) {
  bytecode::EventKind made;
  made.name = text(name);
  made.actor = actor;
  made.properties = std::move(properties);
  if (!made.properties.empty()) made.content_property = 0;
  module.schema.kinds.push_back(std::move(made));
}

std::uint16_t Programme::kind(std::string_view name) const {
  for (std::uint16_t i = 0; i < module.schema.kinds.size(); ++i) {
    if (module.strings[module.schema.kinds[i].name] == name) return i;
  }
  NURTURE_CHECK(false);
  return 0;
}

std::uint16_t Programme::content(std::string_view name) const {
  for (std::uint16_t i = 0; i < module.contents.size(); ++i) {
    if (module.strings[module.contents[i].name] == name) return i;
  }
  return kNone;
}

void Log::lead(const std::string& key, const std::string& country) {
  builder_.set_attribute(builder_.lead(key), 0, Value::of_text(builder_.texts().intern(country)));
}

void Log::event(const std::string& lead, Instant after, std::string_view kind, std::vector<std::string> values,
                const std::string& new_country) {
  const std::uint16_t code = programme_.kind(kind);
  std::vector<Value> properties(programme_.module.schema.kinds[code].properties.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!values[i].empty()) properties[i] = Value::of_text(builder_.texts().intern(values[i]));
  }
  std::vector<store::AttributeChange> changes;
  if (!new_country.empty()) changes.push_back({0, Value::of_text(builder_.texts().intern(new_country))});
  builder_.add({builder_.lead(lead), kStart + after, static_cast<std::uint8_t>(code), 0, properties, changes, {}});
}

store::Store Log::build(Instant ends) {
  store::BuildFacts facts;
  return builder_.build(kStart, kStart + ends, facts);
}

namespace {

double delay_at(const World& world, double share) {
  double share_before = 0;
  double before = 0;
  for (const auto& [point, by] : world.delay) {
    const auto here = static_cast<double>(by);
    if (share <= point) return before + (here - before) * (share - share_before) / (point - share_before);
    share_before = point;
    before = here;
  }
  return before;
}

}  // namespace

double quantile_of(const World& world, double share) { return delay_at(world, share); }

store::Store draw(const World& world, const Programme& programme, std::uint64_t seed) {
  Log log(programme);
  for (std::size_t lead = 0; lead < world.leads; ++lead) {
    statistics::Draws draws(seed, lead);
    const std::string key = "lead-" + std::to_string(lead);
    const auto& [country, times] = world.countries[lead % world.countries.size()];
    log.lead(key, country);
    std::vector<Instant> sent;
    for (std::size_t i = 0; i < world.sends; ++i) {
      sent.push_back(static_cast<Instant>(draws.uniform() * static_cast<double>(world.days)));
    }
    std::sort(sent.begin(), sent.end());
    for (std::size_t i = 0; i < sent.size(); ++i) {
      const auto& [content, rate] = world.contents[draws.below(world.contents.size())];
      const std::string message = std::to_string(i);
      log.event(key, sent[i], "email.sent", {content, message});
      std::size_t earlier = 0;
      for (std::size_t j = 0; j < i; ++j) earlier += sent[i] - sent[j] < 30 * kDay ? 1 : 0;
      const double chance = rate * times * std::pow(world.factor, static_cast<double>(earlier));
      const bool reacts = draws.uniform() < chance;
      const auto delay = static_cast<Instant>(delay_at(world, draws.uniform()));
      if (reacts && sent[i] + delay <= world.days) log.event(key, sent[i] + delay, "email.opened", {content, message});
    }
  }
  return log.build(world.days);
}

const Line* find_line(const Fit& fit, const Programme& programme, const store::Store& store, std::string_view content,
                      std::string_view event, std::string_view country) {
  const std::uint16_t wanted = content.empty() ? std::uint16_t{kNone} : programme.content(content);
  for (const Cause& cause : fit.causes) {
    for (const Rule& rule : cause.rules) {
      const bool here = rule.segment.known ? store.texts.at(rule.segment.text()) == country : country.empty();
      if (rule.content != wanted || !here) continue;
      for (const Line& line : rule.lines) {
        if (fit.reactions[line.reaction].kind == programme.kind(event)) return &line;
      }
    }
  }
  return nullptr;
}

Fates fates_of(const Fit& fit, const Programme& programme, std::string_view event) {
  for (std::size_t r = 0; r < fit.reactions.size(); ++r) {
    if (fit.reactions[r].kind == programme.kind(event)) return fit.fates[r];
  }
  return {};
}

}  // namespace nurture::fit::test
