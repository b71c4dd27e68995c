#include "tests/catch.h"
#include "tests/syntax/parsed.h"

namespace {

std::string many(std::string_view text, int times = 10'000) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

void too_deep(const std::string& text) {
  Parsed parsed(text);
  REQUIRE(parsed.diagnostics.all().size() == 1);
  CHECK(nurture::info(parsed.diagnostics.all()[0].id).code == "E0112");
  (void)parsed.dump();
}

}  // namespace

TEST_CASE("ten thousand levels give one error, whatever nests") {
  too_deep("let x = " + many("(") + "1" + many(")"));
  too_deep("let x = " + many("[") + many("]"));
  too_deep("campaign x { stage a { " + many("if a { ") + many("}") + "}}");
  too_deep("let x = " + many("not ") + "a");
  too_deep("let x = " + many("- ") + "1");
  too_deep("let x = " + many("a or ") + "a");
  too_deep("let x = " + many("1 + ") + "1");
  too_deep("let x = " + many("a else ") + "a");
  too_deep("let x = " + many("1 day before ") + "a");
  too_deep("let x = " + many("days since ") + "a");
  too_deep("lead { x: " + many("list of ") + "text }");
  too_deep("content a: email { subject \"{" + many("(") + "1" + many(")") + "}\" }");
  too_deep(many("{"));
}

TEST_CASE("what is long but not deep parses") {
  CHECK(Parsed("let x = [" + many("a, ") + "a]").codes().empty());
  CHECK(Parsed("campaign x { stage a { if a { } " + many("else if a { } ") + "} }").codes().empty());
  CHECK(Parsed("campaign x { stage a { " + many("send b ") + "} }").codes().empty());
  CHECK(Parsed("let x = " + many("a or ", 150) + "a").codes().empty());
  CHECK(Parsed(many("event a.b\n")).codes().empty());
}

TEST_CASE("nesting up to the limit parses") {
  CHECK(Parsed("let x = " + many("(", 190) + "1" + many(")", 190)).codes().empty());
  CHECK(Parsed("campaign x { stage a { " + many("if a { ", 190) + many("}", 190) + "}}").codes().empty());
}

TEST_CASE("errors are counted beyond the limit") {
  Parsed parsed("campaign c { stage s {\n" + many("sned x\n", 150) + "} }");
  CHECK(parsed.diagnostics.all().size() == 100);
  CHECK(parsed.diagnostics.left_out() == 50);
}
