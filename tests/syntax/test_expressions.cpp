#include "tests/catch.h"
#include "tests/syntax/parsed.h"

TEST_CASE("operators bind from or to else") {
  CHECK(expression("not lead.x is 3 and b or c") == "(or (and (not (is lead.x 3)) b) c)");
  CHECK(expression("1 + 2 * 3 - -4 / (5 - 6)") == "(- (+ 1 (* 2 3)) (/ (neg 4) (- 5 6)))");
  CHECK(expression("lead.owner else account.owner else \"sales desk\"") ==
        "(else (else lead.owner account.owner) \"sales desk\")");
  CHECK(expression("a * b else 2 + c") == "(+ (* a (else b 2)) c)");
  CHECK(expression("not not a") == "(not (not a))");
}

TEST_CASE("comparisons") {
  CHECK(expression("a is not b") == "(is-not a b)");
  CHECK(expression("a < 1") == "(< a 1)");
  CHECK(expression("a <= 1") == "(<= a 1)");
  CHECK(expression("a > 1") == "(> a 1)");
  CHECK(expression("a >= 1") == "(>= a 1)");
  CHECK(expression("lead.country in [\"US\", \"CA\"]") == "(in lead.country [\"US\" \"CA\"])");
  CHECK(expression("lead.role not in [champion, \"b c\",]") == "(not-in lead.role [champion \"b c\"])");
  CHECK(expression("url starts with \"/p\" ignoring case") == "(starts-with/i url \"/p\")");
  CHECK(expression("url ends with \"x\"") == "(ends-with url \"x\")");
  CHECK(expression("url contains \"y\"") == "(contains url \"y\")");
  CHECK(expression("url matches \"a*\"") == "(matches url \"a*\")");
  CHECK(expression("a is \"B\" ignoring case") == "(is/i a \"B\")");
  CHECK(expression("x between 1 and 3 and y") == "(and (between x 1 3) y)");
}

TEST_CASE("unknown and sales") {
  CHECK(expression("a is known") == "(known a)");
  CHECK(expression("a is not known") == "(unknown a)");
  CHECK(expression("a is unknown") == "(unknown a)");
  CHECK(expression("a is not unknown") == "(known a)");
  CHECK(expression("lead is with sales") == "(with-sales)");
  CHECK(expression("lead is not with sales") == "(not-with-sales)");
}

TEST_CASE("literals") {
  CHECK(expression("5") == "5");
  CHECK(expression("2.50") == "2.50");
  CHECK(expression("12.5%") == "12.5%");
  CHECK(expression("33.3333 %") == "33.3333%");
  CHECK(expression("2026-03-05") == "2026-03-05");
  CHECK(expression("2028-02-29") == "2028-02-29");
  CHECK(expression("09:30") == "09:30");
  CHECK(expression("2026-05-12 15:00") == "2026-05-12T15:00");
  CHECK(expression("2026-05-12 15:00 in \"Europe/London\"") == "2026-05-12T15:00 in \"Europe/London\"");
  CHECK(expression("1 month 2 days") == "<1 month 2 days>");
  CHECK(expression("90 seconds") == "<1 minute 30 seconds>");
  CHECK(expression("2 years") == "<24 months>");
  CHECK(expression("\"say \\\"hi\\\" \\\\ \\n {no}\"") == "\"say \\\"hi\\\" \\\\ \\\\n {no}\"");
  CHECK(expression("[]") == "[]");
  CHECK(expression("true") == "true");
  CHECK(expression("now") == "(now)");
  CHECK(expression("today") == "(today)");
}

TEST_CASE("dates that hang on another") {
  CHECK(expression("1 day before lead.renewal_on") == "(before <1 day> lead.renewal_on)");
  CHECK(expression("3 hours after entry.starts_at") == "(after <3 hours> entry.starts_at)");
  CHECK(expression("1 day before lead.renewal_on else 2026-01-01") ==
        "(before <1 day> (else lead.renewal_on 2026-01-01))");
}

TEST_CASE("history") {
  CHECK(
      expression(
          "count(page.viewed of x including machine where url starts with \"/a\" and n > 1 in last 30 days) >= 3") ==
      "(>= (count page.viewed of x including-machine where (and (starts-with url \"/a\") (> n 1)) last <30 days>) 3)");
  CHECK(expression("none(sales.rejected in last 60 days)") == "(none sales.rejected last <60 days>)");
  CHECK(expression("sum(order.placed.amount since entry)") == "(sum order.placed.amount since entry)");
  CHECK(expression("any(a.b where x is 1 since stage)") == "(any a.b where (is x 1) since stage)");
  CHECK(expression("sent(welcome)") == "(sent welcome)");
  CHECK(expression("reps.quota of lead.country else 0") == "(else (lookup reps.quota lead.country) 0)");
  CHECK(expression("a.b of c.d of (lead.x else \"k\")") == "(lookup a.b (lookup c.d (else lead.x \"k\")))");
  CHECK(expression("days since lead.created > 3") == "(> (days-since lead.created) 3)");
  CHECK(expression("lead.d in last 5 days") == "(in-last lead.d <5 days>)");
  CHECK(expression("lead.d not in last 5 days") == "(not-in-last lead.d <5 days>)");
  CHECK(expression("lead.d within next 90 days") == "(within-next lead.d <90 days>)");
  CHECK(expression("visits of keep_warm > 2") == "(> (visits-of keep_warm) 2)");
  CHECK(expression("was in other as done in last 30 days") == "(was-in other as done last <30 days>)");
}

TEST_CASE("keywords stay names") {
  CHECK(expression("stage is call") == "(is stage call)");
  CHECK(expression("content is email and form is \"x\"") == "(and (is content email) (is form \"x\"))");
  CHECK(expression("event.due") == "event.due");
  CHECK(expression("lead.campaign.send.at") == "lead.campaign.send.at");
  CHECK(expression("lead.consent is given and days > 3") == "(and (is lead.consent given) (> days 3))");
  CHECK(expression("starts and ends and column") == "(and (and starts ends) column)");
  CHECK(declaration("campaign campaign { stage stage { go to stage } }") ==
        "(campaign campaign\n  (stage stage\n    (go-to stage)))");
  CHECK(declaration("lead { at: text  stage: date  days: integer }") ==
        "(lead\n  (at text)\n  (stage date)\n  (days integer))");
}
