#include <algorithm>
#include <stdexcept>

#include "tests/oracle/unit_run.h"

namespace nurture::oracle {

namespace {

/// As people read it; only types that the generator puts into messages.
std::string printed(const Datum& d) {
  if (!d.known) return "";
  if (d.kind == TypeKind::Boolean) return d.whole ? "yes" : "no";
  if (d.kind == TypeKind::Date) return calendar::format_date(d.whole);
  if (d.kind == TypeKind::Time) return calendar::format_time(d.whole);
  if (d.kind == TypeKind::Integer) return std::to_string(d.whole);
  return d.text;
}

}  // namespace

LeadRun::LeadRun(UnitRun& unit, const Programme& programme, const Log& log, const LogLead& lead, Instant horizon,
                 bool of_accounts)
    : programme_(programme),
      model_(programme.unit->model),
      log_(log),
      lead_(lead),
      horizon_(horizon),
      of_accounts_(of_accounts),
      unit_(unit) {
  auto starting = [](const std::vector<sema::Field>& fields, const Fields& given, std::vector<Datum>& out) {
    for (const sema::Field& field : fields) {
      auto found = given.find(field.name);
      out.push_back(found == given.end() ? Datum::unknown() : found->second);
    }
  };
  starting(model_.lead, lead.attributes, attributes_);
  belongs_to_ = of_accounts ? lead.key : account_in(lead.attributes);
  if (of_accounts) scenes_ = [this] { return leads_seen(); };
  belong();
  begins_at_ = begins(lead_, log_);
  zones_.emplace_back(Stamp{INT64_MIN, 0, false}, zone());
}

const calendar::Zone* LeadRun::zone() const {
  const auto& fields = of_accounts_ ? model_.account : model_.lead;
  const auto& values = of_accounts_ ? account_ : attributes_;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name != "timezone" || !values[i].known) continue;
    if (const calendar::Zone* found = calendar::find_zone(values[i].text)) return found;
  }
  return calendar::find_zone(model_.program.timezone);
}

Scene LeadRun::scene(const Membership* m) const {
  return {.model = &model_,
          .now = now_,
          .zone = zone(),
          .lead = of_accounts_ && event_ && actor_ ? &actor_->attributes_ : &attributes_,
          .account = &account_,
          .event = event_,
          .entry = m ? &m->entry : nullptr,
          .remembered = m ? &m->remembered : nullptr,
          .with_sales = held_,
          .leads = of_accounts_ ? &scenes_ : nullptr,
          .looking = {.past = &past_,
                      .entry = m ? m->since_entry : past_.events.size(),
                      .stage = m ? m->since_stage : past_.events.size(),
                      .visits = m ? &m->visits : nullptr}};
}

/// One more event of the lead's past: of the log, or a send of this run.
void LeadRun::happened(LogEvent event, const LogEvent* logged) {
  auto [at, position, done] = stamp();
  past_.events.push_back({std::move(event), zone(), logged, {at, position, logged == nullptr}});
  score_event(past_, past_.events.back(), scene(nullptr));
}

/// Of what a step does now.
Stamp LeadRun::stamp() const { return {now_, unit_.position(), true}; }

const calendar::Zone* LeadRun::zone_at(const Stamp& stamp) const {
  const calendar::Zone* found = zones_.front().second;
  for (const auto& [from, zone] : zones_) {
    if (from <= stamp) found = zone;
  }
  return found;
}

Instant LeadRun::after(Instant at, Duration d) const { return calendar::add(at, d, zone()).value_or(kNever); }

Duration LeadRun::length(const ast::Expr& expr) const { return evaluate(expr, scene(nullptr)).duration; }

void LeadRun::say(Told told) {
  told.assumed = told.at > unit_.assumed_since();
  lines_.push_back(line_of(told));
}

std::uint32_t LeadRun::line_at(Span span) const {
  return programme_.unit->sources.file(span.file).locate(span.begin).line;
}

void LeadRun::tell(Kind kind, const Membership* m, std::uint32_t line, std::string what, std::string text,
                   std::string text2, outcome::Detail detail) {
  Told told{.kind = kind,
            .detail = detail,
            .at = now_,
            .lead = lead_.key,
            .account = told_for_ ? told_for_->key() : "",
            .line = line,
            .what = std::move(what),
            .text = std::move(text),
            .text2 = std::move(text2)};
  if (m != nullptr) {
    told.campaign = m->campaign->name;
    told.membership = m->ordinal;
    if (!m->held_out) told.stage = for_ ? for_->stage : stages(*m)[m->stage].name;
  }
  say(told);
  if (m != nullptr && !model_.properties.empty()) {
    const std::string word = told.what.substr(0, told.what.find(' '));
    const std::uint32_t content = kind == Kind::Sent ? model_.find_content(word) : sema::kNoIndex;
    claim_act(kind, m, word, content == sema::kNoIndex ? "" : model_.contents[content].channel);
  }
  // A few dozen events that tell this much: a circle, or a fault of the reference.
  if (++told_ < 2'000'000) return;
  std::string message = "the reference runs without end";
  for (auto last = lines_.end() - 20; last != lines_.end(); ++last) message += "\n" + *last;
  throw std::runtime_error(message);
}

std::string LeadRun::words(const ast::Message& message, const Membership& m) {
  std::string out;
  for (const ast::MessagePart& part : message.parts) {
    out += part.expression ? printed(evaluate(*part.expression, scene(&m))) : part.literal;
  }
  return out;
}

std::vector<Membership*> LeadRun::active(std::uint32_t campaign) {
  std::vector<Membership*> out;
  for (Membership& m : memberships_) {
    if (m.active && m.campaign_index == campaign) out.push_back(&m);
  }
  return out;
}

Membership* LeadRun::latest(std::uint32_t campaign, const Datum* key) {
  Membership* found = nullptr;
  for (Membership& m : memberships_) {
    if (m.campaign_index == campaign && (key == nullptr || same(m.key, *key))) found = &m;
  }
  return found;
}

}  // namespace nurture::oracle
