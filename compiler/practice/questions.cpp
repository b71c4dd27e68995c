#include <algorithm>
#include <array>

#include "compiler/practice/sends.h"

namespace nurture::practice {

namespace {

bool asks(const sema::Model& model, const Sent& at) {
  return !at.contents.empty() && std::all_of(at.contents.begin(), at.contents.end(), [&](std::uint32_t content) {
    return !model.contents[content].decl->asks.empty();
  });
}

/// Who comes in by this has talked with us before: a customer, a deal, an answer to what we sent.
bool is_known_to_us(const sema::EventKind& kind) {
  static constexpr std::array<std::string_view, 9> kLater{
      "contract.", "subscription.", "opportunity.", "product.", "ticket.", "sales.", "invoice.", "email.", "sms."};
  return kind.starts_sales_hold || kind.ends_sales_hold || kind.answers_hand_off ||
         std::any_of(kLater.begin(), kLater.end(), [&](std::string_view word) { return kind.name.starts_with(word); });
}

/// Whether somebody whom nobody has written to yet can come in: by what a stranger does, or by being new.
const ast::Clause* entry_of_strangers(const sema::Model& model, const sema::Campaign& campaign) {
  for (const ast::Clause* entry : campaign.entries) {
    if (entry->entry != ast::Clause::EntryForm::On) continue;
    for (std::uint32_t kind : model.kinds_of(entry->event.kind.text())) {
      if (!is_known_to_us(model.kinds[kind])) return entry;
    }
  }
  return nullptr;
}

/// Those that a lead may get first, without having done anything since the entry.
std::vector<const Sent*> first_sends(const flow::CampaignGraph& graph, const std::vector<Sent>& sends) {
  Search search;
  search.follow = [](const flow::Edge& edge) { return !is_reaction(edge); };
  search.ends = [&](NodeIndex at) { return graph.nodes[at].kind == flow::Node::Kind::SendWork; };
  const std::vector<Instant> times = least_times(graph, {0}, search);
  std::vector<const Sent*> found;
  for (const Sent& at : sends) {
    if (times[at.node] != kNever) found.push_back(&at);
  }
  return found;
}

}  // namespace

/// Practice, rule 12: one or two facts at a time.
void asks_too_much(const Review& review) {
  const std::vector<bool> sent = sent_by_any(review);
  for (std::size_t i = 0; i < sent.size(); ++i) {
    const ast::ContentDecl& decl = *review.model.contents[i].decl;
    if (!sent[i] || decl.asks_up_to <= 2) continue;
    Diagnostic& said =
        review.diagnostics.report(DiagnosticId::AsksTooMuch, decl.asks.front().span, decl.name.text, decl.asks_up_to);
    said.hint =
        "Ask for one or two, and for the rest next time: `asks up to 2 of […]` leaves out what is known already.";
  }
}

/// Practice, rule 12: never on first contact.
void asks_at_first(const Review& review) {
  for (const flow::CampaignGraph& graph : review.graphs) {
    const sema::Campaign& campaign = review.model.campaigns[graph.campaign];
    const ast::Clause* entry = entry_of_strangers(review.model, campaign);
    if (!entry) continue;
    const std::vector<Sent>& sends = review.facts.campaigns[graph.campaign].sends;
    // Those whom an `if` picks out are known.
    const auto of_some = sends_of_some(campaign);
    auto home = sema::about(review.diagnostics, campaign);
    for (const Sent* at : first_sends(graph, sends)) {
      if (!at->marketing || of_some.contains(at->statement) || !asks(review.model, *at)) continue;
      Diagnostic& said = review.diagnostics.report(DiagnosticId::AsksAtFirst, named(*at->statement), campaign.name);
      said.labels.push_back({entry->span, "nobody has written to a lead who enters here"});
      said.labels.push_back({review.model.contents[at->contents.front()].decl->asks.front().span, "it asks here"});
      said.hint = "Give something first: ask from the second message on.";
      break;
    }
  }
}

/// Practice, rule 12: not every offer behind a form.
void everything_gated(const Review& review) {
  for (const flow::CampaignGraph& graph : review.graphs) {
    std::vector<std::uint32_t> contents;
    bool all = true;
    for (const Sent& at : review.facts.campaigns[graph.campaign].sends) {
      if (!at.marketing) continue;
      all = all && asks(review.model, at);
      contents.insert(contents.end(), at.contents.begin(), at.contents.end());
    }
    std::sort(contents.begin(), contents.end());
    contents.erase(std::unique(contents.begin(), contents.end()), contents.end());
    if (!all || contents.size() < 3) continue;
    const sema::Campaign& campaign = review.model.campaigns[graph.campaign];
    Diagnostic& said =
        review.diagnostics.report(DiagnosticId::EverythingGated, campaign.decl->name.span, campaign.name);
    said.hint = fmt::format("Let some of its {} be read without a form: take `asks` out of them.",
                            counted(static_cast<std::int64_t>(contents.size()), "message"));
  }
}

}  // namespace nurture::practice
