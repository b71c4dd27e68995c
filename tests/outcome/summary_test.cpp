#include "runtime/outcome/summary.h"

#include <fmt/format.h>

#include "tests/catch.h"
#include "tests/outcome/fixture.h"

namespace nurture::outcome {
namespace {

using namespace fixture;

struct Played {
  bytecode::Module module = make_module();
  Script script{module};
  Summary summary() {
    const store::Store& store = script.finish();
    SummarySink sink(module, store.last_instant);
    script.play(sink);
    Tally total(module);
    total.merge(sink.tally());
    return summarize(module, run_facts(module, store, kNever), store, total);
  }
};

TEST_CASE("the text of a summary") {
  Played played;
  play_story(played.script);
  Summary s = played.summary();
  std::string text = to_text(s);
  fmt::print("{}\n", text);
  fmt::print("{}\n", to_json(s));
}

}  // namespace
}  // namespace nurture::outcome
#include "runtime/outcome/story.h"
namespace nurture::outcome {
TEST_CASE("st") {
  using namespace fixture;
  bytecode::Module module = make_module();
  for (int i = 0; i < 3; ++i) {
    Script s(module);
    play_story(s);
    s.finish();
    StoryRecorder r;
    s.play_one(i, r, r);
    fmt::print("{}\n", to_text(tell(module, s.store(), i, r, s.store().last_instant)));
  }
}
}
