#include "tools/nurture/rehearsal.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <iterator>
#include <map>
#include <set>

#include "runtime/engine/engine.h"
#include "runtime/eventlog/eventlog.h"
#include "runtime/host/memory_file_system.h"
#include "runtime/outcome/names.h"
#include "runtime/outcome/story.h"
#include "tools/nurture/made_up.h"

namespace nurture::tool {

namespace {

using outcome::Kind;
using outcome::Outcome;
using Calendars = std::vector<LeadCalendar>;

constexpr std::uint32_t kLeads = 720;
constexpr std::uint32_t kMoreLeads = 6 * kLeads;  ///< where a campaign is hard to enter
constexpr std::size_t kTried = 40;                ///< leads of a campaign who are looked at once more, doing nothing
constexpr Instant kReacting = 400 * kDay;         ///< for so long people do things
constexpr Instant kSoon = 7 * kDay;
constexpr Instant kRehearsal = 2 * 366 * kDay;

/// What is told of a first membership.
bool is_told(Kind kind) {
  switch (kind) {
    case Kind::Entered:
    case Kind::TriggerFired:
    case Kind::Sent:
    case Kind::Deferred:
    case Kind::Suppressed:
    case Kind::Skipped:
    case Kind::Exhausted:
    case Kind::GaveUp:
    case Kind::HandedOff:
    case Kind::TakenBack:
    case Kind::PromiseMissed:
    case Kind::Assigned:
    case Kind::Notified:
    case Kind::GoalCredited:
    case Kind::AudienceJoined:
    case Kind::AudienceLeft:
    case Kind::SentToLeads:
    case Kind::Exited:
      return true;
    default:
      return false;
  }
}

/// A first membership of one campaign.
struct Stay {
  store::LeadIndex member = 0;
  Instant entered = 0;
  Instant first_hand_off = kNever;
  std::size_t sends = 0;
  std::size_t done = 0;  ///< all that is told
  std::vector<std::pair<Kind, bytecode::PlaceIndex>> way;
};

class Stays : public outcome::Sink {
 public:
  explicit Stays(std::size_t campaigns) : by_campaign_(campaigns) {}

  void on(const Outcome& outcome) override {
    if (outcome.campaign == bytecode::kNone || outcome.membership != 0) return;
    const store::LeadIndex member = outcome.account == store::kNoLead ? outcome.lead : outcome.account;
    auto& stays = by_campaign_[outcome.campaign];
    if (outcome.kind == Kind::Entered) stays.push_back({member, outcome.at, kNever, 0, 0, {}});
    if (stays.empty() || stays.back().member != member || !is_told(outcome.kind)) return;
    Stay& stay = stays.back();
    ++stay.done;
    if (outcome.kind == Kind::Sent) ++stay.sends;
    if (outcome.kind == Kind::HandedOff) stay.first_hand_off = std::min(stay.first_hand_off, outcome.at - stay.entered);
    stay.way.emplace_back(outcome.kind, outcome.place);
  }

  const std::vector<Stay>& of(std::size_t campaign) const { return by_campaign_[campaign]; }

 private:
  std::vector<std::vector<Stay>> by_campaign_;
};

/// A log of made-up people, read as any other.
class Stage {
 public:
  Stage(const bytecode::Module& module, const MadeUp& people, const std::function<bool(const MadeUpEvent&)>& happens)
      : module_(module) {
    std::string leads, log;
    for (const MadeUpLead& lead : people.leads) leads += lead.row;
    for (const MadeUpEvent& event : people.events) {
      if (happens(event)) log += event.line;
    }
    files_.put("leads.ndjson", leads);
    files_.put("log.ndjson", log);
    if (!people.accounts.empty()) files_.put("accounts.ndjson", people.accounts);
  }

  Status open() {
    eventlog::ImportOptions options;
    options.logs = {"log.ndjson"};
    options.leads = "leads.ndjson";
    if (files_.exists("accounts.ndjson")) options.accounts = "accounts.ndjson";
    auto imported = eventlog::import(module_, files_, options);
    if (!imported) return imported.error();
    store_ = std::move(imported->store);
    return Done{};
  }

  Status play(engine::RunOptions options, outcome::Sink& sink) {
    vm::BoundModule bound = vm::bind(module_, store_.texts, store_.lists);
    options.threads = 1;
    return engine::run(bound, store_, options, [&](std::size_t) { return &sink; });
  }

  const store::Store& store() const { return store_; }

 private:
  const bytecode::Module& module_;
  host::MemoryFileSystem files_;
  store::Store store_;
};

class Rehearsal {
 public:
  Rehearsal(const driver::Checked& checked, const bytecode::Module& module, Instant from, std::uint32_t leads)
      : model_(checked.unit->model),
        module_(module),
        palette_(palette_of(model_)),
        people_(make_up(model_, palette_, from, kReacting, leads)),
        from_(from),
        until_(from + kRehearsal) {}

  Result<std::vector<Calendars>> run() {
    Stage stage(module_, people_, [](const MadeUpEvent&) { return true; });
    Stays stays(module_.campaigns.size());
    engine::RunOptions options;
    options.until = until_;
    if (Status opened = stage.open(); !opened) return opened.error();
    if (Status played = stage.play(options, stays); !played) return played.error();
    std::vector<Calendars> out(module_.campaigns.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (Status done = campaign(i, stage, stays.of(i), out[i]); !done) return done.error();
    }
    return out;
  }

 private:
  using Profile = LeadCalendar::Profile;

  Status campaign(std::size_t index, Stage& stage, const std::vector<Stay>& stays, Calendars& out) {
    if (stays.empty()) return Done{};
    if (Status done = silent(index, stage, stays, out); !done) return done;
    const std::vector<const Stay*> calm = soon(of_manner(stage, stays, MadeUpLead::Manner::Calm));
    const std::vector<const Stay*> eager = soon(of_manner(stage, stays, MadeUpLead::Manner::Eager));
    if (!calm.empty()) {
      if (Status done = tell(index, stage, usual(calm), Profile::Typical, out); !done) return done;
    }
    return eager.empty() ? Status(Done{}) : tell(index, stage, hottest(eager), Profile::Hottest, out);
  }

  /// The way that most of those go who do nothing any more once they are in.
  Status silent(std::size_t index, Stage& all, const std::vector<Stay>& stays, Calendars& out) {
    std::map<std::string, Instant> entered;
    for (const Stay* stay : quiet_first(all, stays)) {
      if (entered.size() < kTried) entered.emplace(std::string(key_of(all, stay->member)), stay->entered);
    }
    Stage stage(module_, people_, [&](const MadeUpEvent& event) {
      const MadeUpLead& lead = people_.leads[event.lead];
      auto own = entered.find(account_campaign(index) ? lead.account : lead.key);
      return own != entered.end() && event.at <= own->second;
    });
    Stays again(module_.campaigns.size());
    engine::RunOptions options;
    options.until = until_;
    if (Status opened = stage.open(); !opened) return opened;
    if (Status played = stage.play(options, again); !played) return played;
    std::vector<const Stay*> those;
    for (const Stay& stay : again.of(index)) {
      if (entered.contains(std::string(key_of(stage, stay.member)))) those.push_back(&stay);
    }
    return those.empty() ? Status(Done{}) : tell(index, stage, most_common(those), Profile::Silent, out);
  }

  std::vector<const Stay*> quiet_first(const Stage& stage, const std::vector<Stay>& stays) const {
    std::vector<const Stay*> out = of_manner(stage, stays, MadeUpLead::Manner::Quiet);
    for (auto manner : {MadeUpLead::Manner::Calm, MadeUpLead::Manner::Eager}) {
      for (const Stay* stay : of_manner(stage, stays, manner)) out.push_back(stay);
    }
    return out;
  }

  /// Those who enter in the first days, if there are any: the calendar is about that time.
  std::vector<const Stay*> soon(std::vector<const Stay*> stays) const {
    std::vector<const Stay*> out;
    std::copy_if(stays.begin(), stays.end(), std::back_inserter(out),
                 [&](const Stay* stay) { return stay->entered < from_ + kSoon; });
    return out.empty() ? stays : out;
  }

  static const Stay& most_common(const std::vector<const Stay*>& stays) {
    std::map<std::vector<std::pair<Kind, bytecode::PlaceIndex>>, std::size_t> count;
    for (const Stay* stay : stays) ++count[stay->way];
    return **std::max_element(stays.begin(), stays.end(),
                              [&](const Stay* a, const Stay* b) { return count[a->way] < count[b->way]; });
  }

  /// The one in the middle, by messages and then by everything else that happens.
  static const Stay& usual(std::vector<const Stay*> stays) {
    std::stable_sort(stays.begin(), stays.end(), [](const Stay* a, const Stay* b) {
      return std::tuple(a->sends, a->done) < std::tuple(b->sends, b->done);
    });
    return *stays[stays.size() / 2];
  }

  /// Who comes to sales soonest; where nobody does, to whom most is done.
  static const Stay& hottest(const std::vector<const Stay*>& stays) {
    return **std::min_element(stays.begin(), stays.end(), [](const Stay* a, const Stay* b) {
      return std::tuple(a->first_hand_off, b->done) < std::tuple(b->first_hand_off, a->done);
    });
  }

  bool account_campaign(std::size_t index) const { return model_.campaigns[index].decl->for_account; }

  static std::string_view key_of(const Stage& stage, store::LeadIndex member) {
    return stage.store().texts.at(stage.store().leads[member]);
  }

  std::vector<const Stay*> of_manner(const Stage& stage, const std::vector<Stay>& stays,
                                     MadeUpLead::Manner manner) const {
    std::set<std::string_view> keys;
    for (const MadeUpLead& lead : people_.leads) {
      if (lead.manner != manner) continue;
      keys.insert(lead.key);
      if (!lead.account.empty()) keys.insert(lead.account);
    }
    std::vector<const Stay*> out;
    for (const Stay& stay : stays) {
      if (keys.contains(key_of(stage, stay.member))) out.push_back(&stay);
    }
    return out;
  }

  Status tell(std::size_t index, Stage& stage, const Stay& stay, Profile profile, Calendars& out) {
    outcome::StoryRecorder recorder;
    engine::RunOptions options;
    options.until = until_;
    options.texts = true;
    options.leads = {stay.member};
    options.tracer = &recorder;
    if (Status played = stage.play(options, recorder); !played) return played;
    const outcome::Story story = outcome::tell(module_, stage.store(), stay.member, recorder, until_);
    LeadCalendar calendar{profile, {}, {}, true};
    for (const auto& [name, value] : story.attributes) {
      if (palette_.lead.contains(name)) calendar.facts.push_back(fmt::format("{} {}", name, value));
    }
    lines(story, model_.campaigns[index].name, calendar);
    out.push_back(std::move(calendar));
    return Done{};
  }

  /// From the entry to the exit of the first membership.
  static void lines(const outcome::Story& story, const std::string& campaign, LeadCalendar& calendar) {
    static const std::set<std::string_view> kTold = [] {
      std::set<std::string_view> words;
      for (int kind = 0; kind <= static_cast<int>(outcome::kLastKind); ++kind) {
        if (is_told(static_cast<Kind>(kind))) words.insert(outcome::kind_word(static_cast<Kind>(kind)));
      }
      return words;
    }();
    for (const outcome::StoryStep& step : story.steps) {
      for (const outcome::StoryLine& line : step.lines) {
        if (line.campaign != campaign || !kTold.contains(line.action)) continue;
        calendar.lines.push_back({step.at, step.zone, line.action, line.text, line.where});
        if (line.action != outcome::kind_word(Kind::Exited)) continue;
        calendar.active = false;
        return;
      }
    }
  }

  const sema::Model& model_;
  const bytecode::Module& module_;
  Palette palette_;
  MadeUp people_;
  Instant from_, until_;
};

}  // namespace

Result<std::vector<Calendars>> rehearse(const driver::Checked& checked, const bytecode::Module& module, Instant from) {
  auto out = Rehearsal(checked, module, from, kLeads).run();
  if (!out || std::none_of(out->begin(), out->end(), [](const Calendars& each) { return each.empty(); })) return out;
  auto more = Rehearsal(checked, module, from, kMoreLeads).run();
  for (std::size_t i = 0; more && i < out->size(); ++i) {
    if ((*out)[i].empty()) (*out)[i] = std::move((*more)[i]);
  }
  return out;
}

}  // namespace nurture::tool
