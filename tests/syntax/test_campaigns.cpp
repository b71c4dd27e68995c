#include "tests/catch.h"
#include "tests/syntax/parsed.h"

TEST_CASE("who comes in") {
  CHECK(clause("audience lead.country in [\"US\"]") == "(audience (in lead.country [\"US\"]))");
  CHECK(clause("exclude lead.customer") == "(exclude lead.customer)");
  CHECK(clause("enter on form.submitted where form is \"x\" if lead.ready at stage s") ==
        "(enter on form.submitted where (is form \"x\") if lead.ready at-stage s)");
  CHECK(clause("enter on email.clicked of guide including machine") ==
        "(enter on email.clicked of guide including-machine)");
  CHECK(clause("enter when lead.ready if lead.x") == "(enter when lead.ready if lead.x)");
  CHECK(clause("enter every Monday 09:00") == "(enter every Monday 09:00)");
  CHECK(clause("enter once at 2026-06-09 09:00") == "(enter once 2026-06-09T09:00)");
  CHECK(clause("enter 90 days before lead.renewal_on at 09:00 or at once if late") ==
        "(enter dated <90 days> before lead.renewal_on at 09:00 or-at-once-if-late)");
  CHECK(clause("enter on silence of 60 days") == "(enter silence <60 days>)");
  CHECK(clause("enter when a also those already true, spread over 20 days") == "(enter when a also-already <20 days>)");
}

TEST_CASE("again, and at once") {
  CHECK(clause("reenter never") == "(reenter never)");
  CHECK(clause("reenter always") == "(reenter always)");
  CHECK(clause("reenter after 180 days") == "(reenter after <180 days>)");
  CHECK(clause("one membership per webinar") == "(one-membership-per webinar)");
  CHECK(clause("one membership per webinar up to 3 at once") == "(one-membership-per webinar 3)");
}

TEST_CASE("how it ends") {
  CHECK(clause("lasts at most 200 days as expired") == "(lasts-at-most <200 days> as expired)");
  CHECK(clause("exit on email.unsubscribed where a as opted_out") ==
        "(exit on email.unsubscribed where a as opted_out)");
  CHECK(clause("exit when lead.customer as customer") == "(exit when lead.customer as customer)");
  CHECK(clause("on exit { notify \"x\" \"y\" }") == "(on-exit (notify \"x\" (text \"y\")))");
}

TEST_CASE("goals and holdouts") {
  CHECK(clause("holdout 10%") == "(holdout 10%)");
  CHECK(clause("goal won: opportunity.won") == "(goal won opportunity.won)");
  CHECK(
      clause("goal won: opportunity.won of x where amount > 5 within 180 days of send worth amount then exit as won") ==
      "(goal won opportunity.won of x where (> amount 5) <180 days> of-send amount as won)");
  CHECK(clause("goal ready: when lead.ready within 3 days of entry") == "(goal ready lead.ready <3 days>)");
}

TEST_CASE("triggers") {
  CHECK(clause("on demo.requested { go to b }") == "(on demo.requested (go-to b))");
  CHECK(clause("when lead.ready becomes true { go to b }") == "(when lead.ready becomes-true (go-to b))");
}

TEST_CASE("settings") {
  CHECK(clause("while with sales pause") == "(while-with-sales pause)");
  CHECK(clause("while with sales leave as sold") == "(while-with-sales leave as sold)");
  CHECK(clause("priority 80") == "(priority 80)");
  CHECK(clause("owner \"lifecycle\"") == "(owner \"lifecycle\")");
  CHECK(clause("version \"2\"") == "(version \"2\")");
}

TEST_CASE("clauses of every kind") {
  CHECK(clause("send only in office") == "(send-only-in office)");
  CHECK(clause("limit email to 2 per 7 days") == "(limit email 2 <7 days>)");
  CHECK(clause("exclusive in welcome_group") == "(exclusive-in welcome_group)");
  CHECK(clause("active from 2026-01-01 until 2026-06-30") == "(active 2026-01-01 2026-06-30)");
  CHECK(clause("overdue spread over 3 days") == "(overdue <3 days> \"spread\")");
  CHECK(clause("on edit continue recompute waits") == "(on-edit \"continue\" recompute-waits)");
  CHECK(clause("status paused") == "(status \"paused\")");
  CHECK(clause("follow house_rules") == "(follow house_rules)");
}

TEST_CASE("a stage has triggers, then statements") {
  CHECK(clause("/// The first.\nstage s { on a.b { go to t } when c { exit as d } send e  stay }") ==
        "(stage s (doc \"The first.\") (on a.b (go-to t)) (when c (exit d)) (send e) (stay))");
}
