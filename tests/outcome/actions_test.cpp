#include "runtime/outcome/actions.h"

#include "runtime/outcome/tee.h"
#include "tests/catch.h"
#include "tests/outcome/expected.h"
#include "tests/outcome/fixture.h"

namespace nurture::outcome {
namespace {

using namespace fixture;

struct Memory : ByteSink {
  std::string text;
  std::size_t room = SIZE_MAX;
  Status write(std::string_view bytes) override {
    if (text.size() + bytes.size() > room) return Error{"cannot write: the disk is full", ""};
    text += bytes;
    return Done{};
  }
  Status commit() override { return Done{}; }
};

struct Run {
  bytecode::Module module = make_module();
  Script script{module};
  Run() {
    play_story(script);
    script.finish();
  }
  /// Ranges of one lead each, played in the order given.
  std::string write(ActionFormat format, std::vector<std::size_t> order) {
    Memory out;
    ActionsWriter writer(module, script.store(), out, format, script.leads());
    for (std::size_t lead : order) script.play(*writer.sink(lead), lead, lead + 1);
    CHECK(writer.finish());
    return out.text;
  }
};

TEST_CASE("actions, one line per decision") {
  Run run;
  check_expected("actions.ndjson", run.write(ActionFormat::Ndjson, {0, 1, 2}));
  check_expected("actions.csv", run.write(ActionFormat::Csv, {0, 1, 2}));
}

TEST_CASE("ranges that end in another order are written in theirs") {
  Run run;
  std::string in_order = run.write(ActionFormat::Csv, {0, 1, 2});
  CHECK(run.write(ActionFormat::Csv, {2, 1, 0}) == in_order);
  CHECK(run.write(ActionFormat::Csv, {1, 0, 2}) == in_order);
}

TEST_CASE("a range that is done is written before the run is over") {
  Run run;
  Memory out;
  ActionsWriter writer(run.module, run.script.store(), out, ActionFormat::Ndjson, 3);
  run.script.play(*writer.sink(1), 1, 2);
  CHECK(out.text.empty());
  run.script.play(*writer.sink(0), 0, 1);
  CHECK(out.text.find("bob@example.com") != std::string::npos);
}

TEST_CASE("a full disk is said once, at the end") {
  Run run;
  Memory out;
  out.room = 10;
  ActionsWriter writer(run.module, run.script.store(), out, ActionFormat::Ndjson, 1);
  run.script.play(*writer.sink(0));
  Status status = writer.finish();
  REQUIRE(!status);
  CHECK(status.error().message == "cannot write: the disk is full");
}

TEST_CASE("a tee gives every sink the same") {
  Run run;
  Memory a, b;
  ActionsWriter first(run.module, run.script.store(), a, ActionFormat::Csv, 1);
  ActionsWriter second(run.module, run.script.store(), b, ActionFormat::Csv, 1);
  Tee tee({first.sink(0), nullptr, second.sink(0)});
  run.script.play(tee);
  CHECK(a.text == b.text);
  CHECK(a.text.size() > 1000);
}

}  // namespace
}  // namespace nurture::outcome
