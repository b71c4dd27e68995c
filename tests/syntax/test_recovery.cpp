#include "tests/catch.h"
#include "tests/syntax/parsed.h"

TEST_CASE("independent errors come out of one run, and the rest has its tree") {
  Parsed parsed(
      "lead { a: text }\n"
      "content x: emial { subjct \"a\"  body \"b\" }\n"
      "campaign c {\n"
      "  audience lead.a is\n"
      "  enter on a.b\n"
      "  on d.e { go b }\n"
      "  stage s {\n"
      "    send x\n"
      "    wait up 5 days\n"
      "    if lead.a { sned x  stay }\n"
      "    go to t\n"
      "  }\n"
      "  stage t { stay }\n"
      "}\n");
  INFO(parsed.shown());
  CHECK(parsed.codes() == "E0104 2:20, E0102 4:21, E0101 6:15, E0101 9:13, E0104 10:17");
  CHECK(parsed.dump() ==
        "(lead\n  (a text))\n"
        "(content x emial\n  (body \"b\"))\n"
        "(campaign c\n"
        "  (enter on a.b)\n"
        "  (on d.e\n    (error))\n"
        "  (stage s\n    (send x)\n    (error)\n    (if\n      (when lead.a\n        (stay)))\n    (go-to t))\n"
        "  (stage t\n    (stay)))");
}

TEST_CASE("an error in one declaration leaves the next alone") {
  Parsed parsed("let a = = 1\nlet b = 2\nfoo bar { baz }\nlet c = 3\n");
  CHECK(parsed.codes() == "E0101 1:9, E0104 3:1");
  CHECK(parsed.dump() == "(let b 2)\n(let c 3)");
}

TEST_CASE("a handler that breaks leaves the others alone") {
  Parsed parsed("campaign c { stage s { wait 5 days {\n on { stay }\n on a.b { move on }\n otherwise { stay } } } }");
  CHECK(parsed.codes() == "E0101 2:5");
  CHECK(parsed.dump() ==
        "(campaign c\n  (stage s\n    (wait <5 days>\n      (on a.b\n        (move-on))\n      (otherwise\n        "
        "(stay)))))");
}

TEST_CASE("an expression in a message breaks alone") {
  Parsed parsed("content x: email { subject \"a {lead. } b {lead.c}\" }");
  CHECK(parsed.codes() == "E0102 1:37");
  CHECK(parsed.dump() == "(content x email\n  (subject (text \"a \" (error) \" b \" lead.c)))");
}

TEST_CASE("empty files and files of comments parse") {
  CHECK(Parsed("").codes().empty());
  CHECK(Parsed("\xEF\xBB\xBF// x").codes().empty());
  CHECK(Parsed("\r\n\t // x\r\nlet a = 1\r\n").dump() == "(let a 1)");
}

TEST_CASE("whatever the bytes, it ends") {
  for (const char* text :
       {"{", "}", "}{", "((((", "\"", "'", "\\", "{{{{}}}}", "campaign", "on on on on", "split 50/50 {", "\x80\xff",
        "campaign c { stage s { wait { on", "let a = [1, , 2", "test \"x\" for", "“", "missing \"x\","}) {
    Parsed parsed(text);
    CHECK(parsed.shown().find("internal") == std::string::npos);
  }
}

TEST_CASE("a brace that is missing or too many is one error, where the layout says it is") {
  CHECK(Parsed("test \"t\" for c {\n  given lead { a: 1\n  at 2026-03-05 09:00 b.c\n  expect exit\n}\n").codes() ==
        "E0106 2:14");
  CHECK(Parsed("campaign c {\n  stage s {\n    wait 5 days {\n      on a.b { move on }\n    go to t\n  }\n  stage t { "
               "stay }\n}\n")
            .codes() == "E0106 3:17");
  CHECK(Parsed("campaign c {\n  stage s {\n    split x {\n      50% a send y }\n      50% b { stay }\n    }\n  }\n}\n")
            .codes() == "E0107 4:20");
  CHECK(Parsed("test \"t\" for c {\n  given lead { a \"x\"  b: 2 }\n  expect exit\n}\n").codes() == "E0101 2:18");
}
