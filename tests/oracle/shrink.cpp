#include <algorithm>
#include <functional>

#include "tests/oracle/compare.h"

namespace nurture::oracle {

namespace {

bool differs(const Piece& programme, const Log& log, const Asked& asked) {
  Built built = build(render(programme));
  return built.ok() && !compare(built, log, asked).agree();
}

/// Leaves out leads, then events, in ever smaller runs.
template <typename T>
bool thin(std::vector<T>& items, const std::function<bool()>& still) {
  bool smaller = false;
  for (std::size_t step = std::max<std::size_t>(items.size() / 2, 1);; step /= 2) {
    for (std::size_t at = 0; at < items.size();) {
      std::vector<T> before = items;
      std::size_t n = std::min(step, items.size() - at);
      items.erase(items.begin() + static_cast<std::ptrdiff_t>(at), items.begin() + static_cast<std::ptrdiff_t>(at + n));
      if (still()) {
        smaller = true;
      } else {
        items = std::move(before);
        at += n;
      }
    }
    if (step <= 1) return smaller;
  }
}

bool thin_fields(Fields& fields, const std::function<bool()>& still) {
  bool smaller = false;
  for (auto it = fields.begin(); it != fields.end();) {
    auto kept = *it;
    it = fields.erase(it);
    if (still()) {
      smaller = true;
      continue;
    }
    it = std::next(fields.insert(kept).first);
  }
  return smaller;
}

template <typename T>
bool forget(T& value, T nothing, const std::function<bool()>& still) {
  if (value == nothing) return false;
  std::swap(value, nothing);
  if (still()) return true;
  std::swap(value, nothing);
  return false;
}

bool thin_log(Log& log, const std::function<bool()>& still) {
  bool smaller = thin(log.leads, still);
  for (auto& [name, fields] : log.accounts) smaller |= thin_fields(fields, still);
  for (LogLead& lead : log.leads) {
    smaller |= forget(lead.created, kNever, still);
    smaller |= thin(lead.events, still);
    smaller |= thin_fields(lead.attributes, still);
    for (LogEvent& event : lead.events) {
      smaller |= thin_fields(event.properties, still);
      smaller |= thin_fields(event.changes, still);
    }
  }
  return smaller;
}

bool thin_programme(Piece& programme, const std::function<bool(const Piece&)>& still) {
  bool smaller = false;
  for (std::size_t i = 0; i < droppable(programme);) {
    Piece candidate = without(programme, i);
    if (still(candidate)) {
      programme = std::move(candidate);
      smaller = true;
      continue;
    }
    Piece inner = unwrapped(programme, i);
    if (render(inner) != render(candidate) && still(inner)) {
      programme = std::move(inner);
      smaller = true;
    } else {
      ++i;
    }
  }
  return smaller;
}

}  // namespace

void shrink(Piece& programme, Log& log, Asked& asked) {
  if (asked.until == kNever) asked.until = log.last();
  int tries = 5'000;  // a small case is worth some seconds, not minutes
  for (int round = 0; round < 4; ++round) {
    bool smaller = false;
    {
      Built built = build(render(programme));
      smaller |= thin_log(log, [&] { return tries-- > 0 && !compare(built, log, asked).agree(); });
    }
    smaller |= thin_programme(programme, [&](const Piece& p) { return tries-- > 0 && differs(p, log, asked); });
    if (!smaller) return;
  }
}

}  // namespace nurture::oracle
