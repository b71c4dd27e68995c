#include "tools/nurture/report/stories.h"

#include <algorithm>
#include <fmt/format.h>

#include "runtime/outcome/names.h"
#include "runtime/outcome/story.h"

namespace nurture::tool::report {

namespace {

std::string ending_text(const bytecode::Module& module, const review::Ending& ending) {
  const bytecode::Campaign& campaign = module.campaigns[ending.campaign];
  const std::string_view name = outcome::name_of(module, campaign.name);
  switch (ending.how) {
    case review::Ending::How::Exited:
      return fmt::format("{}: left as {}", name, outcome::name_of(module, campaign.reasons[ending.what]));
    case review::Ending::How::Inside:
      if (ending.what == bytecode::kNone) return fmt::format("{}: still held out", name);
      return fmt::format("{}: still in {}", name, outcome::name_of(module, campaign.stages[ending.what].name));
    case review::Ending::How::HeldOut:
      return fmt::format("{}: held out", name);
    case review::Ending::How::TurnedAway:
      return fmt::format("{}: turned away, {}", name,
                         outcome::refusal_text(static_cast<outcome::RefusalCause>(ending.what)));
  }
  return {};
}

class Teller {
 public:
  Teller(const bytecode::Module& module, store::Store& store, const engine::RunOptions& run, std::string assumed)
      : module_(module),
        store_(store),
        run_(run),
        assumed_(std::move(assumed)),
        bound_(vm::bind(module, store.texts, store.lists)) {
    run_.threads = 1;
    run_.texts = true;
    run_.scores = true;
    run_.progress = nullptr;
  }

  Result<Told> tell(store::LeadIndex lead) {
    outcome::StoryRecorder recorder;
    run_.leads = {lead};
    run_.tracer = &recorder;
    auto status = engine::run(bound_, store_, run_, [&](std::size_t) { return &recorder; });
    if (!status) return status.error();
    const Instant horizon = outcome::horizon_of(store_, run_.until);
    Told told;
    told.key = store_.texts.at(store_.leads[lead]);
    outcome::Story story = outcome::tell(module_, store_, lead, recorder, horizon);
    story.assumed = assumed_;
    told.json = outcome::to_json(story);
    return told;
  }

 private:
  const bytecode::Module& module_;
  store::Store& store_;
  engine::RunOptions run_;
  std::string assumed_;
  vm::BoundModule bound_;
};

}  // namespace

Result<Stories> tell_stories(const bytecode::Module& module, store::Store& store, const engine::RunOptions& run,
                             const std::string& assumed, const std::vector<store::LeadIndex>& asked_for,
                             const review::Sample& sample) {
  Teller teller(module, store, run, assumed);
  Stories stories;
  for (store::LeadIndex lead : asked_for) {
    auto told = teller.tell(lead);
    if (!told) return told.error();
    told->asked_for = true;
    stories.told.push_back(std::move(*told));
  }
  std::size_t bytes = 0;
  for (const review::Sample::Chosen& chosen : sample.choose(kMostStories)) {
    if (std::find(asked_for.begin(), asked_for.end(), chosen.lead) != asked_for.end()) continue;
    auto told = teller.tell(chosen.lead);
    if (!told) return told.error();
    if (bytes + told->json.size() > kMostStoryBytes) {
      ++stories.left_out;
      continue;
    }
    bytes += told->json.size();
    for (const review::Ending& ending : chosen.endings) told->because.push_back(ending_text(module, ending));
    stories.told.push_back(std::move(*told));
  }
  return stories;
}

}  // namespace nurture::tool::report
