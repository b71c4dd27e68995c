#include "runtime/review/owners.h"

#include <algorithm>

#include "runtime/outcome/format.h"
#include "runtime/outcome/names.h"
#include "runtime/review/breakdown.h"

namespace nurture::review {

using outcome::Kind;

void WorkCounts::merge(const WorkCounts& other) {
  hand_offs += other.hand_offs;
  calls += other.calls;
  tasks += other.tasks;
}

WorkCounts OwnerTally::sum() const {
  WorkCounts out;
  for (const auto& [week, counts] : weeks) out.merge(counts);
  return out;
}

void OwnerTally::merge(const OwnerTally& other) {
  for (const auto& [week, counts] : other.weeks) weeks[week].merge(counts);
  answers.merge(other.answers);
  missed += other.missed;
}

void merge(Owners& into, const Owners& other) {
  for (const auto& [owner, tally] : other) into[owner].merge(tally);
}

namespace {

std::optional<std::uint16_t> owner_among(const bytecode::Module& module, const std::vector<bytecode::Field>& fields) {
  for (std::uint16_t i = 0; i < fields.size(); ++i) {
    if (outcome::name_of(module, fields[i].name) == "owner" && fields[i].type.kind == TypeKind::Text) return i;
  }
  return std::nullopt;
}

std::optional<TextId> text_of(Value value) { return value.known ? std::optional(value.text()) : std::nullopt; }

}  // namespace

OwnerSink::OwnerSink(const bytecode::Module& module, const store::Store& store)
    : module_(module),
      store_(store),
      zone_(outcome::programme_zone(module)),
      of_lead_(owner_among(module, module.schema.lead)),
      of_account_(owner_among(module, module.schema.account)) {}

outcome::Kinds OwnerSink::wants() const {
  return outcome::kinds({Kind::HandedOff, Kind::Answered, Kind::PromiseMissed, Kind::Assigned});
}

/// At the instant of the record.
std::optional<TextId> OwnerSink::owner_of(const outcome::Outcome& o) const {
  if (store_.is_account(o.lead)) {
    if (!of_account_) return std::nullopt;
    return text_of(store_.account_attributes[*of_account_].at(o.lead - store_.lead_count()));
  }
  return of_lead_ ? text_of(attribute_at(store_, o.lead, *of_lead_, o.at)) : std::nullopt;
}

/// Whose hand-off it is that this record is about.
std::optional<TextId> OwnerSink::whose(const outcome::Outcome& o) const {
  const auto found = std::find_if(handed_.rbegin(), handed_.rend(), [&](const Handed& each) {
    return each.campaign == o.campaign && each.membership == o.membership;
  });
  return found == handed_.rend() ? owner_of(o) : found->owner;
}

void OwnerSink::on(const outcome::Outcome& o) {
  const std::int64_t week = outcome::week_of(o.at, zone_, module_.week_starts_on);
  if (o.kind == Kind::HandedOff) {
    handed_.push_back({o.campaign, o.membership, owner_of(o)});
    ++owners_[handed_.back().owner].weeks[week].hand_offs;
  } else if (o.kind == Kind::Answered) {
    owners_[whose(o)].answers.add(o.b);
  } else if (o.kind == Kind::PromiseMissed) {
    ++owners_[whose(o)].missed;
  } else if (o.kind == Kind::Assigned) {
    const auto& site = module_.campaigns[o.campaign].assigns[static_cast<std::size_t>(o.a)];
    WorkCounts& counts = owners_[text_of(o.value)].weeks[week];
    ++(site.kind == bytecode::WorkKind::Call ? counts.calls : counts.tasks);
  }
}

}  // namespace nurture::review
