// Throttles against a delivery worked out the slow way (§5.14): every instant at which something changes is tried.
#include "runtime/outcome/deliveries.h"

#include <algorithm>
#include <map>
#include <random>
#include <tuple>

#include "tests/catch.h"

using namespace nurture;
using namespace nurture::outcome;

namespace {

struct Throttled {
  std::uint32_t most;
  Instant per;
  bool email_only;
};

/// Two contents, an email and a text message; the throttles as given.
bytecode::Module module_of(const std::vector<Throttled>& throttles) {
  bytecode::Module module;
  module.strings = {"UTC", "email", "sms", "letter", "note"};
  module.timezone = 0;
  for (std::uint16_t i = 0; i < 2; ++i) {
    bytecode::Content content;
    content.name = static_cast<std::uint16_t>(3 + i);
    content.channel = static_cast<std::uint16_t>(1 + i);
    module.contents.push_back(content);
  }
  for (const Throttled& each : throttles) {
    bytecode::Constant per;
    per.type.kind = TypeKind::Duration;
    per.value = Value::of_duration({0, 0, each.per});
    module.constants.push_back(per);
    bytecode::Rule rule;
    rule.kind = bytecode::RuleKind::Throttle;
    rule.most = static_cast<decltype(rule.most)>(each.most);
    rule.per = static_cast<std::uint16_t>(module.constants.size() - 1);
    rule.channel = each.email_only ? std::uint16_t{1} : bytecode::kNone;
    module.rules.push_back(rule);
  }
  return module;
}

bool concerned(const Throttled& each, std::int64_t content) { return !each.email_only || content == 0; }

/// Whether a message may be delivered then, after all those before it.
bool fits(const Throttled& each, const std::vector<Instant>& before, Instant at) {
  const bool in_order = before.empty() || at >= before.back();
  const auto within = std::count_if(before.begin(), before.end(), [&](Instant s) { return at < s + each.per; });
  return in_order && within < static_cast<std::ptrdiff_t>(each.most);
}

std::map<std::pair<store::LeadIndex, std::uint32_t>, Instant> slowly(std::vector<Outcome> sent,
                                                                     const std::vector<Throttled>& throttles) {
  std::sort(sent.begin(), sent.end(), [](const Outcome& a, const Outcome& b) {
    return std::tie(a.at, a.lead, a.sequence) < std::tie(b.at, b.lead, b.sequence);
  });
  std::vector<std::vector<Instant>> through(throttles.size());
  std::map<std::pair<store::LeadIndex, std::uint32_t>, Instant> delivered;
  for (const Outcome& message : sent) {
    std::vector<Instant> tries{message.at};
    for (std::size_t i = 0; i < throttles.size(); ++i) {
      for (Instant s : through[i]) tries.insert(tries.end(), {s, s + throttles[i].per});
    }
    std::sort(tries.begin(), tries.end());
    const auto may = [&](Instant at) {
      for (std::size_t i = 0; i < throttles.size(); ++i) {
        if (concerned(throttles[i], message.a) && !fits(throttles[i], through[i], at)) return false;
      }
      return at >= message.at;
    };
    const Instant at = *std::find_if(tries.begin(), tries.end(), may);
    bool any = false;
    for (std::size_t i = 0; i < throttles.size(); ++i) {
      if (!concerned(throttles[i], message.a)) continue;
      through[i].push_back(at);
      any = true;
    }
    delivered[{message.lead, message.sequence}] = any ? at : kNever;
  }
  return delivered;
}

}  // namespace

TEST_CASE("throttled messages go out when the slow way says, whatever ranges they come from") {
  std::mt19937_64 random(7);
  const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(random() % n); };
  for (int round = 0; round < 300; ++round) {
    std::vector<Throttled> throttles;
    for (std::int64_t left = 1 + below(3); left > 0; --left) {
      throttles.push_back({static_cast<std::uint32_t>(1 + below(4)), (1 + below(30)) * kMinute, below(2) == 0});
    }
    const bytecode::Module module = module_of(throttles);
    Deliveries deliveries(module);
    std::vector<Outcome> sent;
    Sink* range = nullptr;
    for (store::LeadIndex lead = 0; lead < 12; ++lead) {
      if (lead % 4 == 0) range = deliveries.sink();
      Instant at = below(20) * kMinute;
      for (std::uint32_t sequence = 0; sequence < 4; ++sequence, at += below(15) * kMinute) {
        Outcome out{};
        out.kind = Kind::Sent;
        out.lead = lead;
        out.sequence = sequence;
        out.at = at;
        out.a = below(2);
        range->on(out);
        sent.push_back(out);
      }
    }
    deliveries.settle();
    const auto expected = slowly(sent, throttles);
    for (const Outcome& message : sent) {
      REQUIRE(deliveries.of(message) == expected.at({message.lead, message.sequence}));
    }
  }
}
