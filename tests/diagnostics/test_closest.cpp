#include "compiler/diagnostics/diagnostics.h"
#include "tests/catch.h"

using nurture::closest;

TEST_CASE("a slip of the pen finds the word that was meant") {
  std::vector<std::string_view> words = {"problem_guide", "roi_calculator", "send", "wait", "email.clicked"};
  CHECK(closest("problem_giude", words) == "problem_guide");
  CHECK(closest("sned", words) == "send");
  CHECK(closest("Send", words) == "send");
  CHECK(closest("email.cliked", words) == "email.clicked");
  CHECK(closest("wiat", words) == "wait");
}

TEST_CASE("a different word finds nothing") {
  std::vector<std::string_view> words = {"send", "wait", "go"};
  CHECK(closest("notify", words).empty());
  CHECK(closest("a", words).empty());
  CHECK(closest("", words).empty());
  CHECK(closest("is", {"or"}).empty());
  CHECK(closest(std::string(5000, 'x'), words).empty());
}

TEST_CASE("the closest wins, and of equals the first") {
  CHECK(closest("stage_on", {"stage_one", "stage_two"}) == "stage_one");
  CHECK(closest("story_c", {"story_a", "story_b"}) == "story_a");
}
