#include <algorithm>

#include "tests/oracle/unit_run.h"

/// Properties (§10), judged anew from everything that was done and happened to the lead.
namespace nurture::oracle {

namespace {

using Form = ast::PropertyDecl::Form;
using ActKind = ast::Act::Kind;

bool enters(outcome::Kind kind) { return kind == outcome::Kind::Entered || kind == outcome::Kind::HeldOut; }

}  // namespace

bool LeadRun::is_act(const sema::Property& property, const Moment& moment) const {
  const ast::Act& act = property.decl->act;
  if (property.campaign != sema::kNoIndex && model_.campaigns[property.campaign].name != moment.campaign) return false;
  switch (act.kind) {
    case ActKind::Send: {
      if (moment.kind != Kind::Sent) return false;
      const std::uint32_t content = model_.find_content(moment.word);
      if (property.content != sema::kNoIndex) return content == property.content;
      return property.channel.empty() || property.channel == moment.channel;
    }
    case ActKind::HandOff:
      return moment.kind == Kind::HandedOff;
    case ActKind::TakeBack:
      return moment.kind == Kind::TakenBack;
    case ActKind::Assign:
      return moment.kind == Kind::Assigned;
    case ActKind::Notify:
      return moment.kind == Kind::Notified;
    case ActKind::Enter:
      return enters(moment.kind);
    case ActKind::Exit:
      return moment.kind == Kind::Exited && (!act.name || act.name.text == moment.word);
    case ActKind::Event:
      return false;  // told apart when it happened: `where` looks at the event
  }
  return false;
}

/// What an event is to each property, while it is at hand.
void LeadRun::claim_event(const LogEvent& event) {
  Moment moment{.at = now_, .zone = zone(), .ours = deployed_};
  for (std::size_t i = 0; i < model_.properties.size(); ++i) {
    const ast::PropertyDecl& decl = *model_.properties[i].decl;
    auto any = [&](const std::vector<ast::EventRef>& refs) {
      return std::any_of(refs.begin(), refs.end(), [&](const auto& ref) { return matches(ref, event, nullptr); });
    };
    if (decl.act.event && matches(decl.act.event, event, nullptr)) moment.acts.insert(i);
    if (any(decl.until)) moment.ends.insert(i);
    if (decl.form == Form::Never && any(decl.after)) moment.begins.insert(i);
    if (decl.form == Form::LeadsTo && deployed_ && matches(decl.event, event, nullptr) &&
        !(decl.condition && true_for(decl.condition, nullptr))) {
      moment.begins.insert(i);
    }
  }
  // Each property sees an act before what the same event ends and begins.
  Moment before = moment;
  before.begins.clear();
  before.ends.clear();
  moments_.push_back(before);
  for (std::size_t i : moment.acts) judge(i, "", 0);
  moments_.back() = moment;
  for (std::size_t i : moment.ends) forbidden_since_.erase(i);
  for (std::size_t i : moment.begins) {
    if (model_.properties[i].decl->form == Form::Never) forbidden_since_[i] = now_;
  }
}

/// What a campaign has just done, or (without a membership) what the log says was sent.
void LeadRun::claim_act(Kind kind, const Membership* m, const std::string& word, const std::string& channel) {
  Moment moment{.at = now_, .zone = zone(), .kind = kind, .word = word, .channel = channel, .ours = m != nullptr};
  if (m != nullptr) {
    moment.campaign = m->campaign->name;
    moment.ordinal = m->ordinal;
  }
  for (std::size_t i = 0; i < model_.properties.size(); ++i) {
    const sema::Property& property = model_.properties[i];
    if (of_accounts_ && property.decl->form != Form::Ends) continue;
    if (property.decl->form == Form::Ends) {
      const bool meant =
          property.campaign == sema::kNoIndex || model_.campaigns[property.campaign].name == moment.campaign;
      if (meant && enters(kind)) moment.begins.insert(i);
    } else if (is_act(property, moment) && (moment.ours || property.decl->form == Form::AtMost)) {
      moment.acts.insert(i);
    }
  }
  moments_.push_back(moment);
  for (std::size_t i : moment.acts) judge(i, moment.campaign, moment.ordinal);
}

/// The act that was noted last: whether it violates the property.
void LeadRun::judge(std::size_t index, const std::string& campaign, std::uint32_t ordinal) {
  const ast::PropertyDecl& decl = *model_.properties[index].decl;
  const Moment& last = moments_.back();
  if (!last.ours) return;
  if (decl.form == Form::AtMost) {
    std::vector<Instant> counted;
    for (const Moment& each : moments_) {
      if (!each.acts.contains(index)) continue;
      if (now_ < calendar::add(each.at, length(*decl.within), each.zone).value_or(kNever)) counted.push_back(each.at);
    }
    if (static_cast<std::int64_t>(counted.size()) > decl.number) violated(index, campaign, ordinal, counted.front());
    return;
  }
  if (decl.form != Form::Never) return;
  Instant from = now_;
  if (!decl.after.empty()) {
    if (!forbidden_since_.contains(index)) return;
    from = forbidden_since_[index];
  }
  if (holds(decl.condition, scene(nullptr))) violated(index, campaign, ordinal, from);
}

void LeadRun::violated(std::size_t index, const std::string& campaign, std::uint32_t ordinal, Instant from) {
  Told told{.kind = Kind::PropertyViolated,
            .at = now_,
            .lead = lead_.key,
            .account = told_for_ ? told_for_->key() : "",
            .campaign = campaign,
            .membership = ordinal,
            .what = model_.properties[index].name + " " + calendar::format_utc(from)};
  say(std::move(told));
}

/// Whether what came since it was last looked at answers it, or ends the membership.
bool LeadRun::answered(OpenMoment& open) const {
  const Moment& began = open.began;
  const bool leads_to = model_.properties[open.property].decl->form == Form::LeadsTo;
  for (; open.looked < moments_.size(); ++open.looked) {
    const Moment& next = moments_[open.looked];
    if (leads_to && next.acts.contains(open.property)) return true;
    const bool ended = next.kind == Kind::Exited && next.campaign == began.campaign && next.ordinal == began.ordinal;
    if (!leads_to && ended) return true;
  }
  return false;
}

/// What is waited for, in the order in which it began.
const std::vector<LeadRun::OpenMoment>& LeadRun::open_moments() {
  for (; moments_seen_ < moments_.size(); ++moments_seen_) {
    for (std::size_t property : moments_[moments_seen_].begins) {
      if (model_.properties[property].decl->form == Form::Never) continue;
      open_.push_back({property, moments_[moments_seen_], moments_seen_ + 1});
    }
  }
  std::erase_if(open_, [this](OpenMoment& open) { return answered(open); });
  return open_;
}

/// A property's time runs out after everything else of that instant, and nothing comes of it.
void LeadRun::claim_timers(std::vector<Timer>& out) {
  std::int64_t order = 0;
  for (const OpenMoment& open : open_moments()) {
    const Moment& began = open.began;
    const Instant due =
        calendar::add(began.at, length(*model_.properties[open.property].decl->within), began.zone).value_or(kNever);
    if (due == kNever) continue;
    Timer timer{due, {4, order}, [this, order] {
                  const OpenMoment over = open_[static_cast<std::size_t>(order)];
                  open_.erase(open_.begin() + order);
                  violated(over.property, over.began.campaign, over.began.ordinal, over.began.at);
                }};
    ++order;
    timer.observes = true;
    out.push_back(timer);
  }
}

void LeadRun::close_claims() {
  for (const OpenMoment& open : open_moments()) {
    const Moment& began = open.began;
    Told told{.kind = Kind::PropertyOpen,
              .at = now_,
              .lead = lead_.key,
              .campaign = began.campaign,
              .membership = began.ordinal,
              .what = model_.properties[open.property].name + " " + calendar::format_utc(began.at)};
    say(std::move(told));
  }
}

}  // namespace nurture::oracle
