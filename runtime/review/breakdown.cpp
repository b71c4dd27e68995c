#include "runtime/review/breakdown.h"

#include <algorithm>
#include <map>

#include "runtime/base/check.h"
#include "runtime/vm/vm.h"

namespace nurture::review {

using outcome::Kind;

Value attribute_at(const store::Store& store, store::LeadIndex lead, std::uint16_t attribute, Instant at) {
  Value value = store.lead_attributes[attribute].at(lead);
  const store::EventIndex* first = store.change_events.data();
  const store::EventIndex* last = first + store.change_events.size();
  for (const auto* event = std::lower_bound(first, last, store.lead_begin[lead]);
       event != last && *event < store.lead_begin[lead + 1] && store.at[*event] <= at; ++event) {
    if (!store.live(*event) || (!store.actor.empty() && store.actor[*event] != lead)) continue;
    const auto rank = static_cast<std::size_t>(event - first);
    for (std::uint32_t i = store.change_begin[rank]; i < store.change_begin[rank + 1]; ++i) {
      if (store.changes[i].attribute == attribute) value = store.changes[i].value;
    }
  }
  return value;
}

bool AttributeGroups::groupable(const bytecode::Type& type) {
  switch (type.kind) {
    case TypeKind::Text:
    case TypeKind::Choice:
    case TypeKind::Boolean:
    case TypeKind::Integer:
      return true;
    case TypeKind::Number:
    case TypeKind::Decimal:
    case TypeKind::Date:
    case TypeKind::Time:
    case TypeKind::DateTime:
    case TypeKind::Duration:
    case TypeKind::Percent:
    case TypeKind::List:
    case TypeKind::Content:
      return false;
  }
  return false;
}

AttributeGroups::AttributeGroups(const bytecode::Module& module, const store::Store& store, std::uint16_t attribute)
    : store_(store), attribute_(attribute) {
  std::map<std::int64_t, std::uint64_t> leads_of;
  for (store::LeadIndex lead = 0; lead < store.lead_count(); ++lead) {
    if (const Value value = value_at(lead, kNever); value.known) ++leads_of[value.bits];
  }
  const bytecode::Type& type = module.schema.lead[attribute].type;
  struct Row {
    std::uint64_t leads;
    std::string name;
    std::int64_t bits;
  };
  std::vector<Row> rows;
  for (const auto& [bits, leads] : leads_of) {
    rows.push_back({leads, vm::format_value(Value::of(bits), type, store.texts, store.lists, nullptr), bits});
  }
  std::sort(rows.begin(), rows.end(),
            [](const Row& a, const Row& b) { return a.leads != b.leads ? a.leads > b.leads : a.name < b.name; });
  if (rows.size() > kMostValues) rows.resize(kMostValues);
  for (Row& row : rows) {
    values_.push_back(row.bits);
    names_.push_back(std::move(row.name));
  }
  names_.emplace_back("other values");
  names_.emplace_back("not known");
}

std::size_t AttributeGroups::of(store::LeadIndex member, Instant at) const {
  const Value value = store_.is_account(member) ? Value{} : value_at(member, at);
  if (!value.known) return names_.size() - 1;
  return static_cast<std::size_t>(std::find(values_.begin(), values_.end(), value.bits) - values_.begin());
}

outcome::Kinds StaySink::wants() const { return outcome::kinds({Kind::Entered, Kind::Exited}); }

void StaySink::on(const outcome::Outcome& o) {
  if (o.campaign != campaign_) return;
  if (o.kind == Kind::Entered) stays_.push_back({o.lead, o.at, kNever});
  if (o.kind != Kind::Exited) return;
  for (auto stay = stays_.rbegin(); stay != stays_.rend() && stay->lead == o.lead; ++stay) {
    if (stay->to == kNever) stay->to = o.at;
  }
}

SegmentGroups::SegmentGroups(const std::string& segment, std::vector<Stay> stays)
    : stays_(std::move(stays)), names_{"in " + segment, "not in " + segment} {
  std::stable_sort(stays_.begin(), stays_.end(), [](const Stay& a, const Stay& b) { return a.lead < b.lead; });
}

std::size_t SegmentGroups::of(store::LeadIndex member, Instant at) const {
  const auto less = [](const Stay& stay, store::LeadIndex lead) { return stay.lead < lead; };
  for (auto stay = std::lower_bound(stays_.begin(), stays_.end(), member, less);
       stay != stays_.end() && stay->lead == member; ++stay) {
    if (stay->from <= at && (at < stay->to || stay->from == at)) return 0;
  }
  return 1;
}

BreakdownSink::BreakdownSink(const bytecode::Module& module, Instant horizon, const Groups& groups) : groups_(groups) {
  sinks_.reserve(groups.names().size());
  for (std::size_t i = 0; i < groups.names().size(); ++i) sinks_.emplace_back(module, horizon);
  NURTURE_CHECK(!sinks_.empty());
}

void BreakdownSink::on(const outcome::Outcome& o) {
  merged_ |= o.kind == Kind::MergedInto;
  outcomes_.push_back(o);
}

/// That of the first entry; where there is none, of the first outcome.
std::size_t BreakdownSink::group() const {
  const auto entry = std::find_if(outcomes_.begin(), outcomes_.end(), [](const outcome::Outcome& o) {
    return o.kind == Kind::Entered || o.kind == Kind::HeldOut;
  });
  const outcome::Outcome& first = entry != outcomes_.end() ? *entry : outcomes_.front();
  return groups_.of(first.lead, first.at);
}

void BreakdownSink::lead_done(store::LeadIndex lead) {
  done_.push_back({outcomes_.size(), lead});
  if (merged_) {
    merged_ = false;
    return;
  }
  if (!outcomes_.empty()) {
    outcome::SummarySink& sink = sinks_[group()];
    std::size_t next = 0;
    for (const Done& done : done_) {
      for (; next < done.before; ++next) sink.on(outcomes_[next]);
      sink.lead_done(done.lead);
    }
  }
  outcomes_.clear();
  done_.clear();
}

}  // namespace nurture::review
