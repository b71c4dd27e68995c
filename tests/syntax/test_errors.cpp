#include "tests/catch.h"
#include "tests/syntax/parsed.h"

namespace {

void check(std::string_view text, std::string_view codes, std::string_view says = {}) {
  Parsed parsed(text);
  std::string shown = parsed.shown();
  INFO(text << "\n" << shown);
  CHECK(parsed.codes() == codes);
  if (!says.empty()) CHECK(shown.find(says) != std::string::npos);
  // Never ANTLR's own words.
  for (const char* word : {"mismatched", "extraneous", "viable", "IDENT", "LBRACE", "<EOF>"})
    CHECK(shown.find(word) == std::string::npos);
}

std::string in_stage(std::string_view statement) {
  return fmt::format("campaign c {{ stage s {{\n{}\n}} }}", statement);
}

}  // namespace

TEST_CASE("E0101 and E0102: something else is expected") {
  check(in_stage("go to \"b\""), "E0101 2:7", "expected a stage name after \"go to\", found a text");
  check(in_stage("go to"), "E0102 2:6", "expected a stage name after \"go to\"");
  check(in_stage("go b"), "E0101 2:4", "expected \"to\" after \"go\", found \"b\"");
  check(in_stage("exit as"), "E0102 2:8", "expected a reason after \"exit as\"");
  check(in_stage("wait \"x\""), "E0101 2:6", "after \"wait\", found a text");
  check(in_stage("wait up to"), "E0102 2:11", "expected a length of time such as 5 days after \"wait up to\"");
  check(in_stage("hand off sales"), "E0101 2:10", "expected \"to\" after \"hand off\"");
  check(in_stage("if { stay }"), "E0101 2:4", "expected a value or a condition after \"if\"");
  check(in_stage("assign call lead.owner \"x\""), "E0101 2:13", "\"to\"");
  check("campaign { }", "E0101 1:10", "expected a campaign name after \"campaign\", found \"{\"");
  check("campaign c { exit on a.b }", "E0101 1:26", "\"as\"");
  check("campaign c { exit as x }", "E0101 1:19", "expected \"on\" and an event, or \"when\" and a condition");
  check("let x =", "E0102 1:8", "expected a value or a condition after \"let x =\"");
  check("let x = (1 + 2", "E0102 1:15", "\")\"");
  check("lead { a: }", "E0101 1:11", "a type such as text");
  check("content a: { }", "E0101 1:12", "a channel such as email");
  check("test \"t\" for c { expect no }", "E0101 1:28", "what is expected");
}

TEST_CASE("what few words fit is named") {
  check("property \"p\": with x", "E0101 1:20", "expected \"leads\"");
  check(in_stage("send"), "E0102 2:5", "expected a content name after \"send\"");
}

TEST_CASE("E0104: what begins no item") {
  check("campain c { }", "E0104 1:1", "\"campain\" does not begin a declaration in a file");
  check("campain c { }", "E0104 1:1", "Did you mean \"campaign\"?");
  check(in_stage("sned a"), "E0104 2:1", "Did you mean \"send\"?");
  check("campaign c { audiance lead.x }", "E0104 1:14", "Did you mean \"audience\"?");
  check("content a: email { subjct \"x\" }", "E0104 1:20", "Did you mean \"subject\"?");
  check("test \"t\" for c { exepct send x }", "E0104 1:25");
  check(in_stage("wait 5 days { send x }"), "E0104 2:15", "does not begin a handler");
}

TEST_CASE("E0105: a word of the language is no name") {
  check("campaign when { }", "E0105 1:10", "\"when\" is a word of the language and cannot be a campaign name");
  check(in_stage("go to until"), "E0105 2:7");
}

TEST_CASE("E0106 and E0107: braces") {
  check("campaign c {\n  stage s {\n    stay\n}\n", "E0106 2:11", "a \"}\" is missing by here");
  check("campaign c {\n  stage s {\n    stay\n  }\n\ncampaign d {\n}\n", "E0106 1:12");
  check("campaign c {\n  stage s {\n    if a {\n      stay\n  }\n}\n", "E0106 3:10");
  check("campaign c {", "E0106 1:12");
  check("campaign c {\n}\n}\n", "E0107 3:1");
  check("campaign c {\n  stage s {\n    stay\n  }\n  }\n  stage t { stay }\n}\n", "E0107 5:3");
}

TEST_CASE("E0108: a text without an end") {
  check("content a: email { subject \"abc }\nlet b = 1\n", "E0108 1:28");
  check(in_stage("notify a \"abc\nstay"), "E0108 2:10");
}

TEST_CASE("E0109 and E0110: characters") {
  check(in_stage("stay;"), "E0109 2:5", "leave the \";\" out");
  check("let a = 1 @ 2", "E0109 1:11");
  check("let a = \xff\xfe 1", "E0110 1:9");
}

TEST_CASE("E0111 and E0112: limits") {
  nurture::syntax::Limits small;
  small.max_bytes = 10;
  Parsed big("let abc = 12345", small);
  CHECK(big.codes() == "E0111 1:1");
  CHECK(big.file.declarations.empty());
}

TEST_CASE("E0113 and E0114: dates and times that are not there") {
  check("let a = 2026-02-30", "E0113 1:9", "there is no day \"2026-02-30\"");
  check("let a = 2026-13-01", "E0113 1:9");
  check("let a = 2025-02-29", "E0113 1:9");
  check(in_stage("wait until 25:00"), "E0114 2:12", "there is no time of day \"25:00\"");
  check(in_stage("wait until 24:00"), "E0114 2:12", "at 00:00");
  check(in_stage("wait until 13pm"), "E0114 2:12");
}

TEST_CASE("E0115 to E0117: lengths and numbers") {
  check(in_stage("wait 5 dyas"), "E0115 2:8", "Did you mean \"days\"?");
  check(in_stage("wait 5 fortnights"), "E0115 2:8", "Units are");
  check(in_stage("wait 5"), "E0116 2:6", "\"5\" of what?");
  check("let a = 99999999999999999999", "E0117 1:9");
  check("let a = 99999 days", "E0117 1:9");
}

TEST_CASE("E0118: comparisons in a chain") { check("let a = 1 < b < 3", "E0118 1:15", "between"); }

TEST_CASE("E0119 and E0120: braces in a text") {
  check(in_stage("notify a \"{lead.x\""), "E0119 2:11");
  check(in_stage("notify a \"x {} y\""), "E0120 2:13");
}

TEST_CASE("E0121: triggers stand first") {
  check("campaign c { stage s {\n stay\n on a.b { stay } } }", "E0121 3:2", "the statements begin here");
}

TEST_CASE("E0122: otherwise stands last") {
  check(in_stage("wait 5 days { otherwise { stay } otherwise { stay } }"), "E0122 2:34");
  check(in_stage("wait 5 days { otherwise { stay } on a.b { move on } }"), "E0122 2:34");
}

TEST_CASE("E0123 and E0124: once is enough") {
  check("content a: email {\n subject \"x\"\n subject \"y\" }", "E0123 3:2", "\"subject\" is said twice");
  check(in_stage("if a { stay } else { stay } else { stay }"), "E0124 2:29");
}

TEST_CASE("E0125: the comma before a bound") {
  check(in_stage("wait until lead.renewal_on at most 30 days"), "E0125 2:28");
  check(in_stage("wait until lead.renewal_on, at least 1 day at most 30 days"), "E0104 2:44");
}

TEST_CASE("E0126: one of a few words") {
  check("event a.b by customer", "E0126 1:14", "\"lead\", \"us\" or \"system\"");
  check(in_stage("assign visit to lead.owner \"x\""), "E0126 2:8");
}

TEST_CASE("E0127: a zone where none can be") { check("let a = 09:00 in \"Europe/London\"", "E0127 1:15"); }
