#include "tests/catch.h"
#include "tests/syntax/parsed.h"

TEST_CASE("send") {
  CHECK(statement("send welcome") == "(send welcome)");
  CHECK(statement("send welcome now or skip") == "(send welcome now-or-skip)");
  CHECK(statement("send welcome for up to 3 days else { exit as none }") ==
        "(send welcome for <3 days> (else (exit none)))");
  CHECK(statement("send next of lib if none left { stay }") == "(send next-of lib (else (stay)))");
  CHECK(statement("send first permitted of [a, b]") == "(send first-permitted-of a b)");
  CHECK(statement("send x to leads where lead.role is champion") == "(send x to-leads where (is lead.role champion))");
  CHECK(statement("send x if none { stay }") == "(send x) (if (when none (stay)))");
}

TEST_CASE("wait for a length of time") {
  CHECK(statement("wait 5 days") == "(wait <5 days>)");
  CHECK(statement("wait 2 business days of office") == "(wait <2 days> business of office)");
  CHECK(statement("wait grace") == "(wait grace)");
  CHECK(statement("wait 5 days { on a.b { move on } }") == "(wait <5 days> (on a.b (move-on)))");
}

TEST_CASE("wait until") {
  CHECK(statement("wait until 09:00") == "(wait until 09:00)");
  CHECK(statement("wait until next Tuesday 09:00") == "(wait until next Tuesday 09:00)");
  CHECK(statement("wait until Monday") == "(wait until Monday)");
  CHECK(statement("wait until 09:00 in \"America/New_York\"") == "(wait until 09:00 in \"America/New_York\")");
  CHECK(statement("wait until 2026-05-12 15:00 { on a.b { move on } otherwise { stay } }") ==
        "(wait until 2026-05-12T15:00 (on a.b (move-on)) (otherwise (stay)))");
  CHECK(statement("wait until 1 day before lead.renewal_on, at least 1 hour, at most 60 days") ==
        "(wait until (before <1 day> lead.renewal_on) at-least <1 hour> at-most <60 days>)");
  CHECK(statement("wait until lead.renewal_on, at most 60 days") == "(wait until lead.renewal_on at-most <60 days>)");
}

TEST_CASE("handlers") {
  CHECK(
      statement(
          "wait up to 7 days { on a.b of c where d is \"e\" { keep waiting } when f > 1 becomes true { restart stage }"
          " otherwise { exit as quiet } }") ==
      "(wait up-to <7 days> (on a.b of c where (is d \"e\") (keep-waiting)) (when (> f 1) becomes-true (restart-stage))"
      " (otherwise (exit quiet)))");
}

TEST_CASE("choices") {
  CHECK(statement("if a { stay } else if b { stay } else { stay }") ==
        "(if (when a (stay)) (when b (stay)) (else (stay)))");
  CHECK(statement("split offer { 33.34% a { } 66.66% b { stay } }") == "(split offer (33.34% a) (66.66% b (stay)))");
  CHECK(statement("split offer drawn anew each pass { 100% a { } }") == "(split offer drawn-anew (100% a))");
}

TEST_CASE("repeat") {
  CHECK(statement("repeat every 2 weeks up to 5 times { send x }") == "(repeat every <14 days> times 5 (send x))");
  CHECK(statement("repeat every Tuesday 10:00 up to 3 times { send x }") ==
        "(repeat every Tuesday 10:00 times 3 (send x))");
}

TEST_CASE("going and leaving") {
  CHECK(statement("go to other") == "(go-to other)");
  CHECK(statement("restart stage") == "(restart-stage)");
  CHECK(statement("exit as done") == "(exit done)");
  CHECK(statement("stay") == "(stay)");
}

TEST_CASE("sales") {
  CHECK(statement("hand off to sales") == "(hand-off sales)");
  CHECK(statement("hand off to sales \"Came for {entry.form}\" answer within 5 minutes of office") ==
        "(hand-off sales (text \"Came for \" entry.form) answer-within <5 minutes> of office)");
  CHECK(statement("take back from sales") == "(take-back sales)");
  CHECK(statement("assign call as first to lead.owner else \"desk\" due in 1 day of office \"Call\"") ==
        "(assign call as first to (else lead.owner \"desk\") due-in <1 day> of office (text \"Call\"))");
  CHECK(statement("notify \"desk\" \"Look\"") == "(notify \"desk\" (text \"Look\"))");
}

TEST_CASE("values") {
  CHECK(statement("set lead.status to dormant") == "(set lead.status dormant)");
  CHECK(statement("clear lead.status") == "(clear lead.status)");
  CHECK(statement("remember started as now") == "(remember started (now))");
}

TEST_CASE("statements of every kind") {
  CHECK(statement("add -40 to score.interest") == "(add (neg 40) score.interest)");
  CHECK(statement("reset score.interest") == "(reset score.interest)");
  CHECK(statement("add to audience vip") == "(add-to-audience vip)");
  CHECK(statement("remove from audience vip") == "(remove-from-audience vip)");
  CHECK(statement("enroll in other") == "(enroll other)");
  CHECK(statement("remove from campaign other") == "(remove-from other)");
  CHECK(statement("call webhook \"https://x\"") == "(call-webhook \"https://x\")");
}

TEST_CASE("messages") {
  CHECK(statement("notify a \"Hello {lead.first_name else 'you'}, {{braces}} and {'}'}\"") ==
        "(notify a (text \"Hello \" (else lead.first_name \"you\") \", {braces} and \" \"}\"))");
  CHECK(statement("notify a \"{a}{b}\"") == "(notify a (text a b))");
  CHECK(statement("notify a \"\"") == "(notify a (text))");
  CHECK(statement("notify a \"50% off, don't \\\"miss\\\" it\"") ==
        "(notify a (text \"50% off, don't \\\"miss\\\" it\"))");
}

TEST_CASE("the expressions of a message have their own places") {
  Parsed parsed("content a: email {\n  subject \"é {lead.x + }\"\n}");
  CHECK(parsed.codes() == "E0102 2:23");
}
