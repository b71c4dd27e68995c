#include "compiler/sema/model.h"

namespace nurture::sema {

std::uint32_t Model::find_kind(std::string_view name) const { return kind_names_.find(kinds, name); }
std::vector<std::uint32_t> Model::kinds_of(std::string_view name) const {
  if (std::uint32_t kind = find_kind(name); kind != kNoIndex) return {kind};
  std::uint32_t group = group_names_.find(groups, name);
  return group == kNoIndex ? std::vector<std::uint32_t>{} : groups[group].kinds;
}
std::uint32_t Model::find_content(std::string_view name) const { return content_names_.find(contents, name); }
std::uint32_t Model::find_window(std::string_view name) const { return window_names_.find(windows, name); }
std::uint32_t Model::find_stream(std::string_view name) const { return stream_names_.find(streams, name); }
std::uint32_t Model::find_campaign(std::string_view name) const { return campaign_names_.find(campaigns, name); }
std::uint32_t Model::find_score(std::string_view name) const { return score_names_.find(scores, name); }

std::vector<std::uint32_t> Model::contents_of(const ast::Send& send) const {
  if (send.what == ast::Send::What::NextOf) {
    const std::uint32_t stream = find_stream(send.content.text);
    return stream == kNoIndex ? std::vector<std::uint32_t>{} : streams[stream].contents;
  }
  std::vector<std::uint32_t> out;
  const auto add = [&](const ast::Name& name) {
    if (const std::uint32_t content = find_content(name.text); content != kNoIndex) out.push_back(content);
  };
  if (send.what == ast::Send::What::Content) add(send.content);
  for (const ast::Name& choice : send.choices) add(choice);
  return out;
}

Diagnostics::About about(Diagnostics& diagnostics, const Campaign& campaign) {
  if (!campaign.made_from)
    return {
        diagnostics, campaign.decl->span, {campaign.decl->name.span, fmt::format("followed by \"{}\"", campaign.name)}};
  const ast::CampaignFrom& from = *campaign.made_from;
  return {diagnostics, from.span, {from.from.span, fmt::format("in the template \"{}\", from here", from.from.text())}};
}

}  // namespace nurture::sema
