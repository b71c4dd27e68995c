#pragma once

#include "runtime/store/join.h"
#include "runtime/store/tidy.h"

// What the parts of Join share.

namespace nurture::store {

/// Values on their way to who uses them, many at a time.
class Join::Values {
 public:
  explicit Values(const UseValues& use) : use_(use) { block_.reserve(kBlock); }
  Values(const Values&) = delete;
  Values& operator=(const Values&) = delete;
  ~Values() { flush(); }
  void put(Value value) {
    block_.push_back(value);
    if (block_.size() == kBlock) flush();
  }

 private:
  static constexpr std::size_t kBlock = 1024;
  void flush() {
    if (!block_.empty()) use_(block_);
    block_.clear();
  }

  const UseValues& use_;
  std::vector<Value> block_;
};

/// Calls `use(part, first row, rows)` with what is kept.
template <typename Use>
void Join::each_step(const Plan& plan, Use use) const {
  std::vector<std::uint64_t> next(parts_.size());
  for (const Step& step : plan.steps.items()) {
    const std::size_t part = step.part & ~kFlag;
    if ((step.part & kFlag) == 0) use(part, next[part], std::uint64_t{step.rows});
    next[part] += step.rows;
  }
}

template <typename Use>
void Join::each_row(const Plan& plan, Use use) const {
  each_step(plan, [&](std::size_t part, std::uint64_t first, std::uint64_t rows) {
    for (std::uint64_t row = first; row < first + rows; ++row) use(part, row);
  });
}

/// Calls `use(text, rows)` with each account, and per part its row there, or kNoAccount.
template <typename Use>
void Join::each_account(Use use) const {
  std::vector<std::uint32_t> next(parts_.size()), rows(parts_.size());
  account_texts_.for_each([&](std::uint32_t text) {
    for (std::size_t part = 0; part < parts_.size(); ++part) {
      const auto& accounts = store(part).accounts;
      const auto is = [&] { return texts_of_[part][accounts[next[part]]]; };
      while (next[part] < accounts.size() && is() < text) ++next[part];
      rows[part] = next[part] < accounts.size() && is() == text ? next[part] : kNoAccount;
    }
    use(text, rows);
  });
}

}  // namespace nurture::store
