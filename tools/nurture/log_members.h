#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "runtime/store/store.h"

namespace nurture::tool {

/// The leads, then the accounts, of two readings of one log: each under one number, in the order of keys.
class LogMembers {
 public:
  LogMembers(const store::Store& before, const store::Store& after);

  std::size_t size() const { return before_lead_.size(); }
  std::size_t leads() const { return leads_; }
  /// Per lead of a store, its number.
  const std::vector<std::uint32_t>& of_before() const { return of_before_; }
  const std::vector<std::uint32_t>& of_after() const { return of_after_; }
  std::string_view key(std::uint32_t member) const;

  /// Cut into parts of about so many, none of which shares a unit of replay with another. Each in ascending order.
  std::vector<std::vector<std::uint32_t>> parts(std::size_t size) const;
  /// Those of a part that the store has, in ascending order.
  std::vector<store::LeadIndex> leads_before(const std::vector<std::uint32_t>& part) const;
  std::vector<store::LeadIndex> leads_after(const std::vector<std::uint32_t>& part) const;

 private:
  void join(std::size_t before_begin, std::size_t before_end, std::size_t after_begin, std::size_t after_end);
  std::vector<std::uint32_t> roots() const;

  const store::Store& before_;
  const store::Store& after_;
  std::size_t leads_ = 0;
  std::vector<std::uint32_t> of_before_, of_after_;
  std::vector<store::LeadIndex> before_lead_, after_lead_;  ///< per member; kNoLead where that store has none
};

}  // namespace nurture::tool
