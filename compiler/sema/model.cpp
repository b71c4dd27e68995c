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
std::vector<std::uint32_t> Model::kinds_of(std::string_view name) const {
  if (std::uint32_t kind = find_kind(name); kind != kNoIndex) return {kind};
  std::uint32_t group = find(groups, name);
  return group == kNoIndex ? std::vector<std::uint32_t>{} : groups[group].kinds;
}
std::uint32_t Model::find_content(std::string_view name) const { return find(contents, name); }
std::uint32_t Model::find_window(std::string_view name) const { return find(windows, name); }
std::uint32_t Model::find_stream(std::string_view name) const { return find(streams, name); }
std::uint32_t Model::find_campaign(std::string_view name) const { return find(campaigns, name); }
std::uint32_t Model::find_score(std::string_view name) const { return find(scores, name); }

Diagnostics::About about(Diagnostics& diagnostics, const Campaign& campaign) {
  if (!campaign.made_from)
    return {
        diagnostics, campaign.decl->span, {campaign.decl->name.span, fmt::format("followed by \"{}\"", campaign.name)}};
  const ast::CampaignFrom& from = *campaign.made_from;
  return {diagnostics, from.span, {from.from.span, fmt::format("in the template \"{}\", from here", from.from.text())}};
}

}  // namespace nurture::sema
