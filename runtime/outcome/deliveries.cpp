#include "runtime/outcome/deliveries.h"

#include <algorithm>
#include <deque>
#include <tuple>

#include "runtime/base/check.h"
#include "runtime/calendar/calendar.h"
#include "runtime/outcome/names.h"

namespace nurture::outcome {
namespace {

using bytecode::kNone;

/// The instants at which the latest messages went through one rule: first in, first out.
class Queue {
 public:
  Queue(const bytecode::Module& module, const bytecode::Rule& rule)
      : most_(rule.most), per_(module.constants[rule.per].value.duration()), zone_(programme_zone(module)) {}

  /// The earliest instant from `at` on at which one more may go through.
  Instant earliest(Instant at) const {
    if (!latest_.empty()) at = std::max(at, latest_.back());
    if (latest_.size() < most_) return at;
    return std::max(at, calendar::add(latest_.front(), per_, zone_).value_or(kNever));
  }
  void pass(Instant at) {
    latest_.push_back(at);
    if (latest_.size() > most_) latest_.pop_front();
  }

 private:
  std::size_t most_;
  Duration per_;
  const calendar::Zone* zone_;
  std::deque<Instant> latest_;  ///< of the last `most_`, oldest first
};

}  // namespace

class Deliveries::RangeSink : public Sink {
 public:
  explicit RangeSink(const std::vector<bool>& listens) : listens_(listens) {}
  void on(const Outcome& outcome) override {
    if (outcome.kind != Kind::Sent || !listens_[static_cast<std::size_t>(outcome.a)]) return;
    sent.push_back({outcome.at, outcome.at, outcome.lead, outcome.sequence, static_cast<std::uint16_t>(outcome.a)});
  }
  Kinds wants() const override { return kinds({Kind::Sent}); }
  std::vector<Sent> sent;

 private:
  const std::vector<bool>& listens_;
};

Deliveries::Deliveries(const bytecode::Module& module) : module_(module) {
  for (std::size_t i = 0; i < module.rules.size(); ++i) {
    if (module.rules[i].kind == bytecode::RuleKind::Throttle) rules_.push_back(static_cast<std::uint16_t>(i));
  }
  listens_.resize(module.contents.size());
  for (std::size_t content = 0; content < listens_.size(); ++content) {
    listens_[content] = std::any_of(rules_.begin(), rules_.end(), [&](std::uint16_t rule) {
      return concerns(rule, static_cast<std::uint16_t>(content));
    });
  }
}

Deliveries::~Deliveries() = default;

bool Deliveries::concerns(std::uint16_t rule, std::uint16_t content) const {
  const bytecode::StringIndex channel = module_.rules[rule].channel;
  return channel == kNone || module_.strings[channel] == module_.strings[module_.contents[content].channel];
}

Sink* Deliveries::sink() {
  sinks_.push_back(std::make_unique<RangeSink>(listens_));
  return sinks_.back().get();
}

void Deliveries::settle() {
  for (const auto& range : sinks_) sent_.insert(sent_.end(), range->sent.begin(), range->sent.end());
  sinks_.clear();
  std::sort(sent_.begin(), sent_.end(), [](const Sent& a, const Sent& b) {
    return std::tie(a.at, a.lead, a.sequence) < std::tie(b.at, b.lead, b.sequence);
  });
  std::vector<Queue> queues;
  for (std::uint16_t rule : rules_) {
    queues.emplace_back(module_, module_.rules[rule]);
    tallies_.push_back({rule, 0, 0, 0, 0});
  }
  for (Sent& message : sent_) {
    for (std::size_t i = 0; i < rules_.size(); ++i) {
      if (concerns(rules_[i], message.content)) message.delivered = queues[i].earliest(message.delivered);
    }
    const std::int64_t late = message.delivered - message.at;
    for (std::size_t i = 0; i < rules_.size(); ++i) {
      if (!concerns(rules_[i], message.content)) continue;
      queues[i].pass(message.delivered);
      ThrottleTally& tally = tallies_[i];
      ++tally.messages;
      tally.delayed += late > kMinute ? 1 : 0;
      if (late > tally.longest) tally.slowest = message.lead;
      tally.longest = std::max(tally.longest, late);
    }
  }
  std::sort(sent_.begin(), sent_.end(),
            [](const Sent& a, const Sent& b) { return std::tie(a.lead, a.sequence) < std::tie(b.lead, b.sequence); });
}

Instant Deliveries::of(const Outcome& sent) const {
  if (sent.kind != Kind::Sent || !listens_[static_cast<std::size_t>(sent.a)]) return kNever;
  const auto found = std::lower_bound(sent_.begin(), sent_.end(), sent, [](const Sent& a, const Outcome& b) {
    return std::tie(a.lead, a.sequence) < std::tie(b.lead, b.sequence);
  });
  NURTURE_CHECK(found != sent_.end() && found->lead == sent.lead && found->sequence == sent.sequence);
  return found->delivered;
}

}  // namespace nurture::outcome
