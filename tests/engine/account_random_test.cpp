// A question about the leads of an account, against a count of everything at every instant.
#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "tests/catch.h"
#include "tests/engine/maker.h"

using namespace nurture;
using namespace nurture::engine;
using namespace nurture::engine::test;

namespace {

constexpr Instant kWindow = 30 * kHour;
constexpr int kLeads = 9;
constexpr int kAccounts = 3;

struct Event {
  Instant at;
  int lead;
  int to = -1;  ///< the account it moves to; -1: a page
};

std::string lead_key(int lead) { return "lead " + std::to_string(lead); }
std::string account_key(int account) { return "account " + std::to_string(account); }

/// for account; enter on page.viewed; when count of leads where any(page.viewed in last 30 hours) >= 3 { notify }
struct Programme {
  Maker maker;
  std::uint16_t seen = maker.kind("page.viewed");
  std::uint16_t moved = maker.kind("lead.updated");
  std::uint16_t company = maker.attribute("account", TypeKind::Text);
  CampaignMaker campaign{maker, "c", seen};

  Programme() {
    maker.module.schema.lead_account = company;
    maker.module.schema.kinds[moved].updates_lead = true;
    campaign->for_account = true;
    bytecode::HistorySite site;
    site.events.push_back({maker.on(seen), bytecode::kNone});
    site.type.kind = TypeKind::Boolean;
    site.since = bytecode::HistorySince::Window;
    site.window = maker.length({0, 0, kWindow});
    maker.module.histories.push_back(site);
    bytecode::LeadQuery query;
    query.condition = maker.op(Opcode::History, {0});
    maker.op(Opcode::Return);
    maker.module.lead_queries.push_back(query);
    const Pc three = maker.op(Opcode::PushConst, {maker.constant(TypeKind::Integer, Value::of(3))});
    maker.op(Opcode::CountLeads, {0});
    maker.op(Opcode::LessEqualInt);
    maker.op(Opcode::Return);
    campaign.stage("s");
    campaign.stay();
    bytecode::Trigger trigger = campaign.when(three);
    campaign.notify("desk");
    maker.op(Opcode::EndBody);
    campaign->triggers.push_back(trigger);
  }
};

/// Looks at the accounts of a lead after each of its events, and at all at the end of every instant at which a page
/// grows old.
class Reference {
 public:
  explicit Reference(const std::vector<Event>& events) {
    for (int lead = 0; lead < kLeads; ++lead) account_[lead] = lead % kAccounts;
    std::set<Instant> instants;
    for (const Event& event : events) instants.insert({event.at, event.at + kWindow});
    for (const Event& event : events) {
      if (!begun_.count(event.lead)) begun_[event.lead] = event.at;
    }
    for (const Instant at : instants) {
      if (at > events.back().at) break;
      for (const Event& event : events) {
        if (event.at == at) happen(event);
      }
      for (int account = 0; account < kAccounts; ++account) look(account, at);
    }
  }
  std::vector<std::string> lines;

 private:
  void happen(const Event& event) {
    const int before = account_[event.lead];
    if (event.to >= 0) account_[event.lead] = event.to;
    if (event.to < 0) {
      pages_[event.lead].push_back(event.at);
      entered_.insert(account_[event.lead]);
    }
    look(before, event.at);
    look(account_[event.lead], event.at);
  }
  bool holds(int account, Instant now) {
    int found = 0;
    for (int lead = 0; lead < kLeads; ++lead) {
      const auto recent = [&](Instant at) { return at <= now && now < at + kWindow; };
      if (account_[lead] != account || !begun_.count(lead) || begun_[lead] > now) continue;
      found += std::any_of(pages_[lead].begin(), pages_[lead].end(), recent) ? 1 : 0;
    }
    return found >= 3;
  }
  void look(int account, Instant now) {
    const bool holds_now = entered_.count(account) != 0 && holds(account, now);
    if (holds_now && !held_[account]) {
      lines.push_back(account_key(account) + " " + std::to_string((now - kStart) / kHour) + " hours");
    }
    held_[account] = holds_now;
  }

  std::map<int, int> account_;
  std::map<int, Instant> begun_;
  std::map<int, std::vector<Instant>> pages_;
  std::map<int, bool> held_;
  std::set<int> entered_;
};

}  // namespace

TEST_CASE("a count of leads turns exactly when a count of everything says so") {
  std::mt19937 random(7);
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  for (int round = 0; round < 500; ++round) {
    std::vector<Event> events;
    for (int i = 0, n = 5 + below(40); i < n; ++i) {
      events.push_back({kStart + (2 + below(100)) * kHour, below(kLeads), below(4) == 0 ? below(kAccounts) : -1});
    }
    std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) { return a.at < b.at; });
    Programme programme;
    LogMaker log(programme.maker);
    for (int lead = 0; lead < kLeads; ++lead) log.account(lead_key(lead), account_key(lead % kAccounts));
    for (const Event& event : events) {
      std::vector<store::AttributeChange> changes;
      if (event.to >= 0) changes.push_back({programme.company, log.text(account_key(event.to))});
      log.event(lead_key(event.lead), event.at - kStart, event.to < 0 ? programme.seen : programme.moved, {}, changes);
    }
    std::vector<std::string> engine;
    for (const std::string& line : only(log.run_named(), {"Notified"}))
      engine.push_back(line.substr(0, line.find(':')));
    std::vector<std::string> reference = Reference(events).lines;
    std::sort(engine.begin(), engine.end());
    std::sort(reference.begin(), reference.end());
    CAPTURE(round);
    REQUIRE(engine == reference);
  }
}
