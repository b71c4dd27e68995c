#include "compiler/sema/model.h"

#include <algorithm>

namespace nurture::sema {

namespace {

template <typename Row>
std::uint32_t find(const std::vector<Row>& rows, std::string_view name) {
  auto found = std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.name == name; });
  return found == rows.end() ? kNoIndex : static_cast<std::uint32_t>(found - rows.begin());
}

}  // namespace

std::uint32_t Model::find_kind(std::string_view name) const { return find(kinds, name); }
std::uint32_t Model::find_content(std::string_view name) const { return find(contents, name); }
std::uint32_t Model::find_campaign(std::string_view name) const { return find(campaigns, name); }
std::uint32_t Model::find_score(std::string_view name) const { return find(scores, name); }

}  // namespace nurture::sema
