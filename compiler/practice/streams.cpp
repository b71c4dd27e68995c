#include <algorithm>

#include "compiler/practice/sends.h"

namespace nurture::practice {

namespace {

struct Drawn {
  const ast::Send* first = nullptr;
  std::int64_t per_run = 0;
  bool looked_after = true;  ///< each says what happens when the stream has run out
};

/// What each run of a repeat takes from a stream; what stands in an `if` is taken by some only.
Drawn drawn_in(const ast::Block& body, const std::string& stream) {
  Drawn found;
  for (const ast::Stmt* statement : body.statements) {
    const auto* send = ast::try_as<ast::Send>(statement);
    if (!send || send->what != ast::Send::What::NextOf || send->content.text != stream) continue;
    if (!found.first) found.first = send;
    ++found.per_run;
    found.looked_after = found.looked_after && send->otherwise;
  }
  return found;
}

void look(const Review& review, const ast::Repeat& repeat, const std::string& name) {
  const std::uint32_t index = review.model.find_stream(name);
  if (index == sema::kNoIndex) return;
  const sema::Stream& stream = review.model.streams[index];
  const Drawn drawn = drawn_in(repeat.body, stream.name);
  const auto has = static_cast<std::int64_t>(stream.contents.size());
  if (drawn.per_run == 0 || drawn.looked_after || stream.decl->again_after || repeat.times * drawn.per_run <= has)
    return;
  const std::string times = drawn.per_run == 1 ? counted(repeat.times, "run")
                                               : fmt::format("{} runs of {} each", repeat.times, drawn.per_run);
  Diagnostic& said = review.diagnostics.report(DiagnosticId::StreamTooShort, drawn.first->content.span, stream.name,
                                               counted(has, "message"), times);
  said.labels.push_back({repeat.times_span, "it runs so often"});
  const std::int64_t enough = has / drawn.per_run;
  if (enough < 1) {
    said.hint = "Say what comes then: `if none left { … }`.";
    return;
  }
  said.hint = fmt::format("Write `up to {}`, add to the stream, or say what comes then: `if none left {{ … }}`.",
                          counted(enough, "time"));
  said.edits.push_back({repeat.times_span, std::to_string(enough)});
}

}  // namespace

/// Practice, rule 7: content runs out.
void stream_too_short(const Review& review) {
  for (const sema::Campaign& campaign : review.model.campaigns) {
    auto home = sema::about(review.diagnostics, campaign);
    for_each_statement(campaign, [&](const ast::Stmt& statement) {
      const auto* repeat = ast::try_as<ast::Repeat>(&statement);
      if (!repeat) return;
      std::vector<std::string> names;
      for (const ast::Stmt* inner : repeat->body.statements) {
        const auto* send = ast::try_as<ast::Send>(inner);
        const bool draws = send && send->what == ast::Send::What::NextOf;
        if (draws && std::find(names.begin(), names.end(), send->content.text) == names.end())
          names.push_back(send->content.text);
      }
      for (const std::string& name : names) look(review, *repeat, name);
    });
  }
}

}  // namespace nurture::practice
