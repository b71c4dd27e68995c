#include "runtime/outcome/story.h"

#include <algorithm>
#include <fmt/format.h>

#include "runtime/base/check.h"
#include "runtime/outcome/names.h"
#include "runtime/outcome/story_words.h"
#include "runtime/vm/vm.h"

namespace nurture::outcome {
namespace {

using What = StoryStep::What;

bool tells_the_end(const Outcome& o) {
  return o.kind == Kind::InFlight || o.kind == Kind::GoalCensored || o.kind == Kind::Pending ||
         (o.kind == Kind::WaitEnded && o.b == static_cast<std::int64_t>(WaitEnd::Horizon));
}

What what_of(const Outcome& o) {
  if (tells_the_end(o)) return What::Horizon;
  switch (o.cause.kind) {
    case Cause::Kind::Beginning:
      return What::Beginning;
    case Cause::Kind::Event:
    case Cause::Kind::Assumed:
      return What::Event;
    case Cause::Kind::Timer:
      return What::Timer;
    case Cause::Kind::Settled:
      return What::Timer;
  }
  return What::Timer;
}

/// Cuts the records of a lead into steps and puts them into words.
class Teller {
 public:
  Teller(const bytecode::Module& module, const store::Store& store, store::LeadIndex lead, Instant horizon)
      : module_(module), store_(store), lead_(lead), horizon_(horizon), words_(module, store) {}

  Story tell(const StoryRecorder& recorder) {
    about_the_lead();
    for (const auto& item : recorder.items()) {
      std::visit([this](const auto& record) { take(record); }, item);
    }
    add_unread_events();
    settle_zones();
    drop_empty_steps();
    never_entered();
    story_.not_sent = words_.take_not_sent();
    return std::move(story_);
  }

 private:
  struct Key {
    Instant at;
    What what;
    store::EventIndex event;
    auto operator<=>(const Key&) const = default;
  };

  void about_the_lead();
  void take(const Outcome& o);
  void take(const Remark& r);
  store::EventIndex own(store::EventIndex event) const;
  void note_stay(const Outcome& o);
  void note_refusal(const Outcome& o);
  void note_sent_for(const Outcome& o);
  void goes_on_elsewhere(const Outcome& o);
  std::string other_lead(const Outcome& o) const {
    return std::string(store_.texts.at(store_.leads[static_cast<std::size_t>(o.a)]));
  }
  void open(Key key, const Cause& cause);
  store::EventIndex event_of(const Cause& cause) const;
  void describe_event(StoryStep& step, store::EventIndex event) const;
  void describe_assumed(StoryStep& step, const Cause& cause) const;
  void describe_changes(StoryStep& step, store::EventIndex event) const;
  void add_unread_events();
  void settle_zones();
  void drop_empty_steps();
  void never_entered();
  StoryStay* stay(const Outcome& o);

  struct Refusals {
    Count count = 0;
    std::string last;
  };

  const bytecode::Module& module_;
  const store::Store& store_;
  store::LeadIndex lead_;
  Instant horizon_;
  StoryWords words_;
  Story story_;
  std::vector<Key> keys_;                                         // of story_.steps
  std::vector<std::pair<std::uint16_t, std::uint32_t>> members_;  // of story_.stays
  std::vector<Refusals> refusals_;                                // per campaign
  bool own_zone_ = false;
};

void Teller::about_the_lead() {
  NURTURE_CHECK(lead_ < store_.leads.size());
  story_.lead = store_.texts.at(store_.leads[lead_]);
  story_.tzdata = calendar::tzdata_version();
  story_.horizon = horizon_;
  refusals_.resize(module_.campaigns.size());
  const bool account = store_.is_account(lead_);
  const auto& fields = account ? module_.schema.account : module_.schema.lead;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    Value value =
        account ? store_.account_attributes[i].at(store_.lead_account[lead_]) : store_.lead_attributes[i].at(lead_);
    if (!value.known) continue;
    const bytecode::Field& field = fields[i];
    story_.attributes.emplace_back(
        name_of(module_, field.name),
        vm::format_value(value, field.type, store_.texts, store_.lists, programme_zone(module_)));
  }
}

// Steps -------------------------------------------------------------------------------------------

void Teller::describe_event(StoryStep& step, store::EventIndex event) const {
  const bytecode::EventKind& kind = module_.schema.kinds[store_.kind[event]];
  step.event = name_of(module_, kind.name);
  const bool became_it = !store_.merged_into.empty() && store_.merged_into[lead_] == store_.actor[event];
  if (!store_.actor.empty() && store_.actor[event] != lead_ && !became_it)
    step.by = store_.texts.at(store_.leads[store_.actor[event]]);
  const store::KindBlock& block = store_.blocks[store_.kind[event]];
  for (std::size_t i = 0; i < block.columns.size(); ++i) {
    Value value = block.columns[i].at(store_.row[event]);
    if (!value.known || kind.updates_lead) continue;  // told as what changes
    const bytecode::Field& field = kind.properties[i];
    step.properties.emplace_back(name_of(module_, field.name), vm::format_value(value, field.type, store_.texts,
                                                                                store_.lists, programme_zone(module_)));
  }
  describe_changes(step, event);
}

/// Attributes that the event changes (lead.updated, and a source's lead attributes).
void Teller::describe_changes(StoryStep& step, store::EventIndex event) const {
  auto found = std::lower_bound(store_.change_events.begin(), store_.change_events.end(), event);
  if (found == store_.change_events.end() || *found != event) return;
  auto i = static_cast<std::size_t>(found - store_.change_events.begin());
  step.updates = true;
  for (std::uint32_t c = store_.change_begin[i]; c < store_.change_begin[i + 1]; ++c) {
    const store::AttributeChange& change = store_.changes[c];
    const bytecode::Field& field = module_.schema.lead[change.attribute];
    std::string value = change.value.known ? vm::format_value(change.value, field.type, store_.texts, store_.lists,
                                                              programme_zone(module_))
                                           : "(unknown)";
    step.properties.emplace_back(fmt::format("lead.{}", name_of(module_, field.name)), std::move(value));
  }
}

void Teller::describe_assumed(StoryStep& step, const Cause& cause) const {
  step.assumed = true;
  step.event = name_of(module_, module_.schema.kinds[cause.reaction->kind].name);
  if (cause.of != lead_) step.by = store_.texts.at(store_.leads[cause.of]);
  if (cause.content != bytecode::kNone) step.properties.emplace_back("content", content_name(module_, cause.content));
  for (auto& given : assumed_record(module_, *cause.reaction)) step.properties.push_back(std::move(given));
  if (cause.reaction->by_machine) step.properties.emplace_back("by", "machine");
}

void Teller::open(Key key, const Cause& cause) {
  StoryStep step;
  step.what = key.what;
  step.at = key.at;
  if (key.what == What::Event && cause.kind == Cause::Kind::Assumed) {
    describe_assumed(step, cause);
  } else if (key.what == What::Event) {
    describe_event(step, key.event);
  }
  story_.steps.push_back(std::move(step));
  keys_.push_back(key);
}

void Teller::take(const Remark& r) {
  if (r.kind == Remark::Kind::EventRead) return open({r.at, What::Event, event_of(r.cause)}, r.cause);
  if (r.kind == Remark::Kind::TimerDue) return open({r.at, What::Timer, 0}, r.cause);
  if (keys_.empty() || keys_.back().at != r.at) open({r.at, What::Timer, 0}, r.cause);
  StoryLine line = words_.line(r);
  if (!line.text.empty()) story_.steps.back().lines.push_back(std::move(line));
}

/// What is assumed comes after the log's events of its instant, in the order in which it was caused.
store::EventIndex Teller::event_of(const Cause& cause) const {
  return cause.kind == Cause::Kind::Assumed ? store_.events() + cause.event : own(cause.event);
}

/// The account's copy of an event of this lead is that event.
store::EventIndex Teller::own(store::EventIndex event) const {
  if (!store_.linked()) return event;
  const auto place = [this](store::EventIndex e) { return std::pair(store_.at[e], store_.position[e]); };
  store::EventIndex first = store_.lead_begin[lead_];
  for (store::EventIndex count = store_.lead_begin[lead_ + 1] - first; count > 0;) {
    const store::EventIndex half = count / 2;
    const bool before = place(first + half) < place(event);
    first += before ? half + 1 : 0;
    count = before ? count - half - 1 : half;
  }
  const bool found = first < store_.lead_begin[lead_ + 1] && place(first) == place(event);
  return found ? first : event;
}

void Teller::take(const Outcome& o) {
  What what = what_of(o);
  const store::EventIndex event = what == What::Event ? event_of(o.cause) : 0;
  bool same = !keys_.empty() && keys_.back().at == o.at &&
              (what == What::Horizon) == (keys_.back().what == What::Horizon) &&
              (what != What::Event || keys_.back().what != What::Event || keys_.back().event == event);
  if (!same) open({o.at, what, event}, o.cause);
  if (o.assumed) story_.assumed_since = std::min(story_.assumed_since, o.at);
  note_stay(o);
  StoryStep& step = story_.steps.back();
  step.zone = zone_of(module_, o);
  own_zone_ = o.zone != nullptr;
  StoryLine line = words_.line(o);
  if (o.kind == Kind::Refused) note_refusal(o);
  if (!line.text.empty()) step.lines.push_back(std::move(line));
}

/// Events that the engine passed over, since no campaign was listening: their place is before the timers of their
/// instant.
void Teller::add_unread_events() {
  std::vector<StoryStep> steps;
  std::vector<Key> keys;
  store::EventIndex event = store_.lead_begin[lead_];
  const store::EventIndex end = store_.lead_begin[lead_ + 1];
  auto add_until = [&](const Key* key) {
    for (; event < end && store_.at[event] <= horizon_; ++event) {
      Key own{store_.at[event], What::Event, event};
      if (key != nullptr && own >= *key) break;
      if (!store_.live(event)) continue;
      StoryStep step;
      step.at = own.at;
      step.noticed = false;
      describe_event(step, event);
      steps.push_back(std::move(step));
    }
  };
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    add_until(&keys_[i]);
    if (keys_[i].what == What::Event && event < end && keys_[i].event == event) ++event;
    steps.push_back(std::move(story_.steps[i]));
  }
  add_until(nullptr);
  story_.steps = std::move(steps);
}

/// A step without an outcome keeps the clock of the one before; the first ones, that of the first that has one.
void Teller::settle_zones() {
  const calendar::Zone* zone = nullptr;
  for (const StoryStep& step : story_.steps) {
    if (zone == nullptr) zone = step.zone;
  }
  if (zone == nullptr) {
    const bool account = store_.is_account(lead_);
    const std::uint16_t attribute = account ? module_.schema.account_timezone : module_.schema.lead_timezone;
    if (attribute != bytecode::kNone) {
      Value name = account ? store_.account_attributes[attribute].at(store_.lead_account[lead_])
                           : store_.lead_attributes[attribute].at(lead_);
      if (name.known) zone = calendar::find_zone(store_.texts.at(name.text()));
    }
    own_zone_ = zone != nullptr;
    if (zone == nullptr) zone = programme_zone(module_);
  }
  for (StoryStep& step : story_.steps) {
    if (step.zone != nullptr) zone = step.zone;
    step.zone = zone;
  }
  story_.clock = zone;
  story_.zone = calendar::zone_name(zone);
  const bool account = store_.is_account(lead_);
  const std::string attribute = account ? "account.timezone" : "lead.timezone";
  bool declared = (account ? module_.schema.account_timezone : module_.schema.lead_timezone) != bytecode::kNone;
  story_.zone_from = own_zone_  ? "by " + attribute
                     : declared ? "the programme's zone, since " + attribute + " names none"
                                : "the programme's zone";
}

/// A timer that changed nothing (midnight, where a condition reads today) is no part of the story.
void Teller::drop_empty_steps() {
  std::erase_if(story_.steps, [](const StoryStep& step) {
    bool silent = std::all_of(step.lines.begin(), step.lines.end(),
                              [](const StoryLine& line) { return line.tone == StoryLine::Tone::Same; });
    return step.what != What::Event && silent;
  });
  for (StoryStep& step : story_.steps) step.noticed = step.noticed && !(step.what == What::Event && step.lines.empty());
}

// Stays -------------------------------------------------------------------------------------------

StoryStay* Teller::stay(const Outcome& o) {
  for (std::size_t i = members_.size(); i-- > 0;) {
    if (members_[i] == std::pair(o.campaign, o.membership)) return &story_.stays[i];
  }
  return nullptr;
}

void Teller::note_stay(const Outcome& o) {
  if (o.kind == Kind::MergedInto) return goes_on_elsewhere(o);
  if (o.campaign == bytecode::kNone || o.kind == Kind::Refused) return;
  if (o.account != store::kNoLead && !o.of_account()) return note_sent_for(o);
  if (o.kind == Kind::Entered || o.kind == Kind::HeldOut || (o.kind == Kind::MovedHere && o.value.truth())) {
    StoryStay stay;
    stay.campaign = name_of(module_, module_.campaigns[o.campaign].name);
    stay.entered = stay.active = true;
    stay.of_account = o.of_account();
    stay.held_out = o.kind == Kind::HeldOut || (o.kind == Kind::MovedHere && o.stage == bytecode::kNone);
    if (o.kind == Kind::MovedHere) stay.came_from = other_lead(o);
    if (o.stage != bytecode::kNone) stay.stage = name_of(module_, module_.campaigns[o.campaign].stages[o.stage].name);
    stay.from = o.at;
    story_.stays.push_back(std::move(stay));
    members_.emplace_back(o.campaign, o.membership);
    return;
  }
  StoryStay* own = stay(o);
  if (own == nullptr) return;
  if (o.kind == Kind::StageEntered) own->stage = name_of(module_, module_.campaigns[o.campaign].stages[o.stage].name);
  if (o.kind == Kind::Sent) ++own->messages;
  if (o.kind != Kind::Exited) return;
  own->active = false;
  own->to = o.at;
  own->reason = name_of(module_, module_.campaigns[o.campaign].reasons[static_cast<std::size_t>(o.a)]);
}

void Teller::goes_on_elsewhere(const Outcome& o) {
  for (StoryStay& stay : story_.stays) {
    if (!stay.active) continue;
    stay.active = false;
    stay.to = o.at;
    stay.goes_on_as = other_lead(o);
  }
}

/// What an account's campaign sends is counted there, though it is the account that is in it.
void Teller::note_sent_for(const Outcome& o) {
  if (o.kind != Kind::Sent) return;
  const std::string campaign(name_of(module_, module_.campaigns[o.campaign].name));
  const std::string account(store_.texts.at(store_.leads[o.account]));
  for (StoryStay& stay : story_.stays) {
    if (stay.campaign != campaign || stay.account != account) continue;
    ++stay.messages;
    return;
  }
  StoryStay stay;
  stay.campaign = campaign;
  stay.account = account;
  stay.messages = 1;
  story_.stays.push_back(std::move(stay));
  members_.emplace_back(o.campaign, UINT32_MAX);
}

void Teller::note_refusal(const Outcome& o) {
  Refusals& refusals = refusals_[o.campaign];
  ++refusals.count;
  refusals.last = refusal_text(static_cast<RefusalCause>(o.a));
}

void Teller::never_entered() {
  for (std::size_t i = 0; i < module_.campaigns.size(); ++i) {
    bool entered = std::any_of(members_.begin(), members_.end(), [&](const auto& m) { return m.first == i; });
    if (entered || module_.campaigns[i].for_account != store_.is_account(lead_)) continue;
    StoryStay stay;
    stay.campaign = name_of(module_, module_.campaigns[i].name);
    stay.turned_away = refusals_[i].count;
    stay.turned_away_why = refusals_[i].last;
    story_.stays.push_back(std::move(stay));
  }
}

}  // namespace

Story tell(const bytecode::Module& module, const store::Store& store, store::LeadIndex lead,
           const StoryRecorder& recorder, Instant horizon) {
  return Teller(module, store, lead, horizon).tell(recorder);
}

}  // namespace nurture::outcome
