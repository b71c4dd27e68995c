#include "tests/outcome/fixture.h"

#include <algorithm>

namespace nurture::outcome::fixture {
namespace {

using namespace bytecode;

class Builder {
 public:
  StringIndex text(std::string_view s) {
    auto& strings = module.strings;
    auto found = std::find(strings.begin(), strings.end(), s);
    if (found != strings.end()) return static_cast<StringIndex>(found - strings.begin());
    strings.emplace_back(s);
    return static_cast<StringIndex>(strings.size() - 1);
  }
  /// Line n of welcome.nurture; the place's index is the line's.
  PlaceIndex line(std::uint32_t n) {
    while (module.places.size() <= n) {
      module.places.push_back({text("welcome.nurture"), static_cast<std::uint32_t>(module.places.size()), 3});
    }
    return static_cast<PlaceIndex>(n);
  }
  std::uint16_t days(std::int16_t n) {
    module.constants.push_back({{TypeKind::Duration}, Value::of_duration({0, n, 0})});
    return static_cast<std::uint16_t>(module.constants.size() - 1);
  }
  std::uint16_t minutes(std::int64_t n) {
    module.constants.push_back({{TypeKind::Duration}, Value::of_duration({0, 0, n * kMinute})});
    return static_cast<std::uint16_t>(module.constants.size() - 1);
  }
  void kind(std::string_view name, std::vector<std::string_view> properties) {
    EventKind k;
    k.name = text(name);
    for (auto p : properties) k.properties.push_back({text(p), {TypeKind::Text, true}, kNone});
    module.schema.kinds.push_back(std::move(k));
  }
  Trigger trigger(std::string_view label, std::uint16_t kind, std::uint32_t at) {
    Trigger t;
    t.event.kinds = {kind};
    t.label = text(label);
    t.place = line(at);
    return t;
  }
  Module module;
};

Campaign campaign(Builder& b) {
  Campaign c;
  c.name = b.text("welcome");
  c.entries.resize(1);
  c.entries[0].event.kinds = {kForm};
  c.entries[0].label = b.text("on form.submitted");
  c.entries[0].place = b.line(12);
  c.reasons = {b.text("done"), b.text("opted_out")};
  c.exits = {b.trigger("exit on email.unsubscribed", kUnsubscribed, 14)};
  c.triggers = {b.trigger("on demo.requested", kForm, 16)};
  c.goals.resize(2);
  c.goals[0].name = b.text("won");
  c.goals[0].event.kinds = {kWon};
  c.goals[0].within = b.days(30);
  c.goals[0].place = b.line(17);
  c.goals[1].name = b.text("any_order");
  c.goals[1].place = b.line(18);
  c.stages.resize(2);
  c.stages[kEducate].name = b.text("educate");
  c.stages[kEducate].place = b.line(20);
  c.stages[kWithSales].name = b.text("with_sales");
  c.stages[kWithSales].place = b.line(30);
  c.states.resize(3);
  c.states[kWait].kind = StateKind::Wait;
  c.states[kWait].stage = kEducate;
  c.states[kWait].anchor = b.text("wait_1");
  c.states[kWait].label = b.text("wait up to 7 days");
  c.states[kWait].handlers = {b.trigger("on email.clicked", kClicked, 23)};
  c.states[kWait].has_otherwise = true;
  c.states[kWait].place = b.line(22);
  c.states[kHeld].kind = StateKind::Deferred;
  c.states[kHeld].stage = kEducate;
  c.states[kHeld].anchor = b.text("send_1");
  c.states[kHeld].label = b.text("send guide");
  c.states[kHeld].place = b.line(21);
  c.states[kAnswer].kind = StateKind::Wait;
  c.states[kAnswer].stage = kWithSales;
  c.states[kAnswer].anchor = b.text("wait_1");
  c.states[kAnswer].label = b.text("wait up to 14 days");
  c.states[kAnswer].handlers = {b.trigger("on sales.accepted", kAccepted, 33)};
  c.states[kAnswer].place = b.line(32);
  c.sends.resize(2);
  c.sends[kSendGuide].content = kGuide;
  c.sends[kSendGuide].state = kHeld;
  c.sends[kSendGuide].place = b.line(21);
  c.sends[kSendReminder].content = kReminder;
  c.sends[kSendReminder].now_or_skip = true;
  c.sends[kSendReminder].place = b.line(25);
  c.hand_offs.resize(1);
  c.hand_offs[0].answer_within = b.minutes(5);
  c.hand_offs[0].place = b.line(31);
  c.assigns.resize(1);
  c.assigns[0].kind = WorkKind::Call;
  c.assigns[0].name = b.text("first_call");
  c.assigns[0].due_in = b.days(1);
  c.assigns[0].place = b.line(26);
  c.notifies.resize(1);
  c.notifies[0].place = b.line(34);
  c.splits.resize(1);
  c.splits[0].name = b.text("offer");
  c.splits[0].branches = {{b.text("calculator"), 5000, kNoCode}, {b.text("story"), 5000, kNoCode}};
  c.splits[0].place = b.line(24);
  c.place = b.line(10);
  return c;
}

}  // namespace

Module make_module() {
  Builder b;
  b.text("");
  b.module.name = b.text("Acme");
  b.module.seed = 7;
  b.module.timezone = b.text("Europe/London");
  b.line(0);
  b.kind("form.submitted", {"form"});
  b.kind("email.clicked", {"content"});
  b.kind("sales.accepted", {});
  b.kind("email.unsubscribed", {});
  b.kind("opportunity.won", {});
  b.module.schema.lead = {{b.text("timezone"), {TypeKind::Text, true}, kNone},
                          {b.text("role"), {TypeKind::Text, true}, kNone}};
  b.module.schema.lead_timezone = 0;
  b.module.contents.resize(2);
  b.module.contents[kGuide].name = b.text("guide");
  b.module.contents[kGuide].channel = b.text("email");
  b.module.contents[kReminder].name = b.text("reminder");
  b.module.contents[kReminder].channel = b.text("sms");
  b.module.campaigns = {campaign(b)};
  return std::move(b.module);
}

Instant start() { return *calendar::parse_rfc3339("2026-03-05T10:00:00Z"); }

Script::Script(const Module& module) : module_(module) {
  for (const std::string& s : module.strings) store_.texts.intern(s);
  store_.blocks.resize(module.schema.kinds.size());
  for (std::size_t k = 0; k < store_.blocks.size(); ++k) {
    store_.blocks[k].columns.resize(module.schema.kinds[k].properties.size());
  }
  store_.lead_attributes.resize(module.schema.lead.size());
  store_.lead_begin.push_back(0);
}

Script& Script::lead(std::string_view key, std::string_view zone) {
  if (!store_.leads.empty()) store_.lead_begin.push_back(store_.events());
  store_.leads.push_back(store_.texts.intern(key));
  store_.lead_created.push_back(start());
  store_.lead_account.push_back(store::kNoAccount);
  if (!zone.empty()) store_.lead_attributes[0].set(store_.leads.size() - 1, Value::of_text(store_.texts.intern(zone)));
  zone_ = calendar::find_zone(zone);
  now_ = start();
  cause_ = {};
  stage_ = kNone;
  membership_ = 0;
  sequence_ = 0;
  lines_.emplace_back();
  return *this;
}

Script& Script::after(Instant micros) {
  now_ += micros;
  return *this;
}

Script& Script::event(std::uint16_t kind, std::vector<std::string_view> texts) {
  store::KindBlock& block = store_.blocks[kind];
  cause_ = {Cause::Kind::Event, store_.events()};
  store_.kind.push_back(static_cast<std::uint8_t>(kind));
  store_.at.push_back(now_);
  store_.row.push_back(block.rows);
  for (std::size_t i = 0; i < std::min(texts.size(), block.columns.size()); ++i) {
    block.columns[i].set(block.rows, Value::of_text(store_.texts.intern(texts[i])));
  }
  ++block.rows;
  return remark(Remark::Kind::EventRead, kind);
}

Script& Script::timer() {
  cause_ = {Cause::Kind::Timer, 0};
  return remark(Remark::Kind::TimerDue);
}

Script& Script::add(Kind kind, std::int64_t a, std::int64_t b, std::string text, std::string text2) {
  Outcome o{};
  o.kind = kind;
  o.campaign = 0;
  o.stage = stage_;
  o.membership = membership_;
  o.lead = static_cast<store::LeadIndex>(lines_.size() - 1);
  o.sequence = sequence_++;
  o.at = now_;
  o.zone = zone_;
  o.a = a;
  o.b = b;
  o.cause = cause_;
  o.text = std::move(text);
  o.text2 = std::move(text2);
  lines_.back().push_back({false, std::move(o), {}});
  return *this;
}

Script& Script::detail(Detail detail) {
  lines_.back().back().outcome.detail = detail;
  return *this;
}

Script& Script::place(PlaceIndex place) {
  lines_.back().back().outcome.place = place;
  return *this;
}

Script& Script::value(Value value) {
  lines_.back().back().outcome.value = value;
  return *this;
}

Script& Script::stage(std::uint16_t stage) {
  stage_ = stage;
  return *this;
}

Script& Script::membership(std::uint32_t number) {
  membership_ = number;
  return *this;
}

Script& Script::without_campaign() {
  lines_.back().back().outcome.campaign = kNone;
  lines_.back().back().outcome.stage = kNone;
  return *this;
}

Script& Script::remark(Remark::Kind kind, std::int64_t a, std::int64_t b, PlaceIndex place) {
  Remark r{kind, kNone, kNone, place, now_, a, b, cause_};
  if (kind != Remark::Kind::EventRead && kind != Remark::Kind::TimerDue) r.campaign = 0;
  lines_.back().push_back({true, {}, r});
  return *this;
}

const store::Store& Script::finish() {
  if (store_.lead_begin.size() == store_.leads.size()) store_.lead_begin.push_back(store_.events());
  if (store_.events() > 0) {
    store_.first_instant = *std::min_element(store_.at.begin(), store_.at.end());
    store_.last_instant = *std::max_element(store_.at.begin(), store_.at.end());
  }
  return store_;
}

void Script::play(Sink& sink, std::size_t from, std::size_t to) const {
  for (std::size_t i = from; i < std::min(to, lines_.size()); ++i) {
    for (const Line& line : lines_[i]) {
      if (!line.is_remark) sink.on(line.outcome);
    }
    sink.lead_done(static_cast<store::LeadIndex>(i));
  }
  sink.range_done();
}

void Script::play_one(std::size_t lead, Sink& sink, Tracer& tracer) const {
  for (const Line& line : lines_[lead]) line.is_remark ? tracer.remark(line.remark) : sink.on(line.outcome);
  sink.lead_done(static_cast<store::LeadIndex>(lead));
  sink.range_done();
}

void play_story(Script& s) {
  s.lead("ada@example.com", "America/New_York").add(Kind::Began).without_campaign();
  s.event(kForm, {"whitepaper"}).add(Kind::Entered).place(12);
  s.stage(kEducate).add(Kind::StageEntered, kNone).place(20);
  s.add(Kind::Sent, kGuide, kSendGuide, "Ada, a \"short\" guide").place(21);
  s.add(Kind::WaitBegan, kWait, s.now() + 7 * kDay).place(22);
  s.after(2 * kDay + 3 * kHour).event(kClicked, {"guide"}).add(Kind::TriggerFired, 1, 0).place(23);
  s.add(Kind::WaitEnded, kWait, static_cast<std::int64_t>(WaitEnd::Handler)).place(23);
  s.add(Kind::Split, 0, 1).place(24);
  s.add(Kind::Assigned, 0, calendar::parse_rfc3339("2026-03-08T12:00:00Z").value(), "Kim", "Ring, then write")
      .place(26);
  s.add(Kind::StageLeft, kWithSales, 2 * kDay + 3 * kHour).place(27);
  s.stage(kWithSales).add(Kind::StageEntered, kEducate).place(30);
  s.add(Kind::HandedOff, 0, 0, "Ready to talk").place(31);
  s.add(Kind::WaitBegan, kAnswer, s.now() + 14 * kDay).place(32);
  s.after(5 * kMinute).timer().add(Kind::PromiseMissed).place(31);
  s.after(10 * kMinute).event(kAccepted).add(Kind::Answered, kAccepted, 15 * kMinute).place(31);
  s.add(Kind::TriggerFired, 1, 0).place(33);
  s.add(Kind::WaitEnded, kAnswer, static_cast<std::int64_t>(WaitEnd::Handler)).place(33);
  s.add(Kind::StageLeft, kNone, 15 * kMinute).place(33);
  s.add(Kind::Exited, kDone, 2 * kDay + 3 * kHour + 15 * kMinute).place(33);
  s.stage(kNone).after(9 * kDay).event(kWon).add(Kind::GoalCredited, 0, 11 * kDay + 3 * kHour + 15 * kMinute).place(17);
  s.add(Kind::GoalCensored, 1).place(18);

  s.lead("bob@example.com").add(Kind::Began).without_campaign();
  s.event(kAccepted).add(Kind::HoldBegan, kAccepted).without_campaign();
  s.after(kHour).event(kForm, {"webinar, \"spring\""}).add(Kind::Entered).place(12);
  s.stage(kEducate).add(Kind::StageEntered, kNone).place(20);
  s.add(Kind::Deferred, kGuide, kSendGuide).detail(Detail::WithSales).place(21);
  s.after(30 * kDay)
      .timer()
      .add(Kind::HoldEnded, static_cast<int>(HoldEnd::Expired), 30 * kDay + kHour)
      .without_campaign();
  s.add(Kind::Sent, kGuide, kSendGuide, "Hello").place(21);
  s.add(Kind::WaitBegan, kWait, s.now() + 7 * kDay).place(22);
  s.add(Kind::WaitEnded, kWait, static_cast<std::int64_t>(WaitEnd::Horizon)).place(22);
  s.add(Kind::InFlight, kWait);
  s.add(Kind::GoalCensored, 0).place(17).add(Kind::GoalCensored, 1).place(18);

  s.lead("cyd@example.com", "Asia/Tokyo").add(Kind::Began).without_campaign();
  s.stage(kNone).event(kForm, {"whitepaper"}).add(Kind::HeldOut).place(12);
  s.after(kDay).event(kForm, {"whitepaper"}).remark(Remark::Kind::AlreadyInside, 0, 0, 12);
  s.after(kDay).event(kUnsubscribed).add(Kind::Exited, kOptedOut, 2 * kDay).place(14);
  s.after(kDay).event(kForm, {"whitepaper"});
  s.add(Kind::Refused, static_cast<int>(RefusalCause::Reentry), 0).place(12);
  s.after(28 * kDay).event(kClicked, {"guide"});
  s.add(Kind::GoalCensored, 1).place(18);
}

}  // namespace nurture::outcome::fixture
