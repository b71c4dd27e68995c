#include "runtime/store/join_inner.h"
#include "runtime/store/parallel.h"

// Columns of the parts, one behind the other as the plan says.

namespace nurture::store {

/// What was said last of each lead counts; `cleared`: whether that was that it is unknown.
void Join::lead_values(std::size_t attribute, bool cleared, const UseValues& use) {
  Values out(use);
  std::vector<std::size_t> next(parts_.size());
  Value value;
  bool is_cleared = false;
  for (const std::uint16_t each : lead_parts_.items()) {
    const std::size_t part = each & ~kFlag;
    const std::size_t lead = next[part]++;
    if (kept(part).lead_cleared[attribute].known(lead)) {
      value = Value::unknown();
      is_cleared = true;
    } else if (store(part).lead_attributes[attribute].known(lead)) {
      value = merged(part, names().lead[attribute], store(part).lead_attributes[attribute].at(lead));
      is_cleared = false;
    }
    if ((each & kFlag) == 0) continue;
    out.put(cleared ? Value{0, 0, is_cleared} : value);
    value = Value::unknown();
    is_cleared = false;
    space_.looked_at(sizeof(Value));
  }
}

void Join::account_values(std::size_t attribute, bool cleared, const UseValues& use) {
  Values out(use);
  each_account([&](std::uint32_t, const std::vector<std::uint32_t>& rows) {
    Value value;
    bool is_cleared = false;
    for (std::size_t part = 0; part < rows.size(); ++part) {
      if (rows[part] == kNoAccount) continue;
      const Column& column = store(part).account_attributes[attribute];
      if (kept(part).account_cleared[attribute].known(rows[part])) {
        value = Value::unknown();
        is_cleared = true;
      } else if (column.known(rows[part])) {
        value = merged(part, names().account[attribute], column.at(rows[part]));
        is_cleared = false;
      }
    }
    out.put(cleared ? Value{0, 0, is_cleared} : value);
  });
}

/// In the order of a file.
void Join::collect_columns() {
  static const FieldNames kFlagType{"", TypeKind::Boolean, TypeKind::Text, ""};
  for_each_column(parts_.front().file, [&](const Column&, const ColumnPlace& place, std::size_t) {
    using layout::What;
    const auto kind = static_cast<std::uint16_t>(place.kind), field = static_cast<std::uint16_t>(place.field);
    MergedColumn column{place.what, kind, field, &place.type, {}};
    // Where it is in each part.
    const auto along = [&](const Plan& plan, auto column_of) {
      column.values = [this, &plan, column_of, type = &place.type](const UseValues& use) {
        Values out(use);
        each_row(plan, [&](std::size_t part, std::uint64_t row) {
          const Column& from = column_of(part);
          out.put(from.known(row) ? merged(part, *type, from.at(row)) : Value::unknown());
          space_.looked_at(sizeof(Value));
        });
      };
    };
    const bool cleared = place.what == What::LeadCleared || place.what == What::AccountCleared;
    switch (place.what) {
      case What::LeadAttribute:
      case What::LeadCleared:
        column.values = [this, field, cleared](const UseValues& use) { lead_values(field, cleared, use); };
        break;
      case What::AccountAttribute:
      case What::AccountCleared:
        column.values = [this, field, cleared](const UseValues& use) { account_values(field, cleared, use); };
        break;
      case What::Property:
        along(kind_plans_[kind], [this, kind, field](std::size_t part) -> const Column& {
          return store(part).blocks[kind].columns[field];
        });
        break;
      case What::Said:
        along(plan_, [this, field](std::size_t part) -> const Column& { return kept(part).said[field]; });
        break;
      default:
        column.values = [this, field](const UseValues& use) {
          const Value value = otherwise(field);
          use({&value, 1});
        };
    }
    columns_.push_back(std::move(column));
  });
  for (const LogPart& part : parts_) {
    std::size_t i = 0;
    for_each_column(part.file, [&](const Column& column, const ColumnPlace&, std::size_t) {
      columns_[i++].said |= !column.known_bits().empty();
    });
  }
}

Status Join::merge_changes() {
  if (kept(0).row_attributes.empty()) {
    copy_changes();
  } else if (Status done = derive_changes(); !done) {
    return done;
  }
  change_begin_.push(static_cast<std::uint32_t>(changes_.size()));
  if (changes_.size() >= UINT32_MAX) {
    return Error{"the parts of the log have too many changed attributes for one store: 4,294,967,294 at most",
                 "cut the log into parts by lead"};
  }
  if (Status done = change_events_.finish(); !done) return done;
  if (Status done = change_begin_.finish(); !done) return done;
  return changes_.finish();
}

void Join::copy_changes() {
  std::vector<std::size_t> next(parts_.size());
  EventIndex event = 0;
  each_step(plan_, [&](std::size_t part, std::uint64_t first, std::uint64_t rows) {
    const Store& from = store(part);
    std::size_t& i = next[part];
    while (i < from.change_events.size() && from.change_events[i] < first) ++i;
    for (; i < from.change_events.size() && from.change_events[i] < first + rows; ++i) {
      change_events_.push(event + (from.change_events[i] - first));
      change_begin_.push(static_cast<std::uint32_t>(changes_.size()));
      for (std::uint32_t c = from.change_begin[i]; c < from.change_begin[i + 1]; ++c) {
        const AttributeChange& change = from.changes[c];
        changes_.push({change.attribute, merged(part, names().lead[change.attribute], change.value)});
      }
      space_.looked_at(sizeof(AttributeChange) + 2 * sizeof(EventIndex));
    }
    event += rows;
  });
}

/// What the rows of a lead say and the rows before did not.
Status Join::derive_changes() {
  const auto& attributes = kept(0).row_attributes;
  std::vector<Spool<Value>> begins;
  for (const std::uint16_t attribute : attributes) {
    const Value none = otherwise(attribute);
    Spool<Value>& begin = begins.emplace_back(space_);
    lead_values(attribute, false, [&](std::span<const Value> values) {
      for (const Value& value : values) begin.push(value.known ? value : none);
    });
    if (Status done = begin.finish(); !done) return done;
  }
  std::vector<Value> latest(attributes.size());
  EventIndex event = 0;
  std::size_t leads = 0;  // that have begun
  each_row(plan_, [&](std::size_t part, std::uint64_t row) {
    while (lead_begin_[leads] <= event) {
      for (std::size_t i = 0; i < latest.size(); ++i) latest[i] = begins[i][leads];
      ++leads;
    }
    const std::uint64_t before = changes_.size();
    for (std::size_t i = 0; i < latest.size(); ++i) {
      const Value value = merged(part, names().lead[attributes[i]], kept(part).said[i].at(row));
      if (!value.known || value == latest[i]) continue;
      changes_.push({attributes[i], value});
      latest[i] = value;
    }
    if (changes_.size() > before) {
      change_events_.push(event);
      change_begin_.push(static_cast<std::uint32_t>(before));
    }
    ++event;
    space_.looked_at(latest.size() * sizeof(Value));
  });
  return Done{};
}

}  // namespace nurture::store
