#include "tests/catch.h"
#include "tests/syntax/parsed.h"

TEST_CASE("use and program") {
  CHECK(declaration("use std.b2b") == "(use std.b2b)");
  CHECK(declaration("use \"schema.nurture\"") == "(use \"schema.nurture\")");
  CHECK(declaration("program { name \"Acme\" timezone \"Europe/London\" currency \"GBP\" start_of_week Monday"
                    " sales hold at most 30 days }") ==
        "(program\n  (name \"Acme\")\n  (timezone \"Europe/London\")\n  (currency \"GBP\")\n  (start-of-week Monday)\n"
        "  (sales-hold <30 days>))");
}

TEST_CASE("attributes and their types") {
  CHECK(
      declaration("lead {\n  /// Where they live.\n  country: text?\n  role: choice [a, \"b c\"] = a\n"
                  "  tags: list of text, n: integer = 3 }") ==
      "(lead\n  (country text? doc \"Where they live.\")\n  (role choice [\"a\" \"b c\"] = a)\n  (tags list of text)\n"
      "  (n integer = 3))");
  CHECK(declaration("account { name: text }") == "(account\n  (name text))");
}

TEST_CASE("events") {
  CHECK(declaration("event a.b") == "(event a.b)");
  CHECK(declaration("event email.clicked by lead unless machine { machine: boolean  url: text }") ==
        "(event email.clicked by lead unless machine\n  (machine boolean)\n  (url text))");
  CHECK(declaration("event x.y by us of account starts sales hold ends sales hold answers hand off records send") ==
        "(event x.y by us of-account starts-sales-hold ends-sales-hold answers-hand-off records-send)");
  CHECK(declaration("event group activity: [a.b, c.d]") == "(event-group activity a.b c.d)");
}

TEST_CASE("constants and segments") {
  CHECK(declaration("let grace = 5 days") == "(let grace <5 days>)");
  CHECK(declaration("segment ready: lead.a and lead.b") == "(segment ready (and lead.a lead.b))");
}

TEST_CASE("content") {
  CHECK(
      declaration("/// A guide.\ncontent x: email { subject \"Hi {lead.name}\" body \"b.md\" for validation offers talk"
                  " class transactional }") ==
      "(content x email\n  (doc \"A guide.\")\n  (subject (text \"Hi \" lead.name))\n  (body \"b.md\")\n"
      "  (for validation)\n  (offers talk)\n  (class transactional))");
  CHECK(declaration("content x: sms { answers demo.requested }") ==
        "(content x sms\n  (class answers)\n  (answers demo.requested))");
  CHECK(declaration("content x: email { asks up to 2 of [a, b] tags [c] from \"a@b.c\" reply to lead.owner"
                    " available from 2026-01-01 until 2026-02-01 }") ==
        "(content x email\n  (asks 2 a b)\n  (from \"a@b.c\")\n  (reply-to lead.owner)\n  (available-from 2026-01-01)\n"
        "  (available-until 2026-02-01)\n  (tags c))");
}

TEST_CASE("declarations of every kind") {
  CHECK(declaration("stream s: [a, b] again after 90 days") == "(stream s a b again-after <90 days>)");
  CHECK(declaration("score i { a.b where c gives 5 at most 3 times per 1 day  d.e gives -2.5 halves every 30 days cap "
                    "100 floor -5 }") ==
        "(score i\n  (a.b where c gives 5 at-most 3 per <1 day>)\n  (d.e gives (neg 2.5))\n  (halves-every <30 days>)\n"
        "  (cap 100)\n  (floor (neg 5)))");
  CHECK(declaration("window w { Monday to Friday 09:00 to 17:00 in lead.timezone except holidays }") ==
        "(window w\n  (Monday Tuesday Wednesday Thursday Friday 09:00-17:00)\n  (in lead.timezone)\n  (except "
        "holidays))");
  CHECK(declaration("calendar h { 2026-12-25 to 2026-12-26, 2027-01-01 \"New Year\" }") ==
        "(calendar h 2026-12-25 2026-12-26 2027-01-01)");
  CHECK(declaration("calendar h from \"h.ics\"") == "(calendar h from \"h.ics\")");
  CHECK(declaration("table reps from \"reps.csv\" by region") == "(table reps \"reps.csv\" by region)");
  CHECK(declaration("table reps from \"reps.csv\" by region { quota: integer  since: date }") ==
        "(table reps \"reps.csv\" by region (quota integer) (since date))");
  CHECK(declaration("template t(code: text, what: content) { audience a }") ==
        "(template t (code text) (what content)\n  (audience a))");
  CHECK(declaration("campaign c from t(code: \"x\", what: y)") == "(campaign c from t (code \"x\") (what y))");
  CHECK(declaration("campaign c for account { }") == "(campaign c for-account)");
  CHECK(declaration("rules r { holdout 5% }") == "(rules r\n  (holdout 5%))");
  CHECK(declaration("policy p { never email after email.unsubscribed throttle email to 100 per 1 hour sales hold at "
                    "most 30 days }") ==
        "(policy p\n  (never email after email.unsubscribed)\n  (throttle email 100 <1 hour>)\n  (sales-hold <30 "
        "days>))");
  CHECK(declaration("scenario s { }") == "(scenario s)");
  CHECK(declaration(
            "scenario s { after send of email if touch is 1 { email.opened 24.5% within 7 days, 10% by 12 minutes, "
            "half by 5 hours, times 95% per send of email in last 30 days email.opened by machine 8% within 1 "
            "hour } after send { } }") ==
        "(scenario s\n  (after send email if (is touch 1)\n    (email.opened 245000 within <7 days> 100000 by <12 "
        "minutes> 500000 by <5 hours> times 950000 email in <30 days>)\n    (email.opened by machine 80000 within <1 "
        "hour>))\n  (after send))");
  CHECK(declaration("scenario s { after hand off to sales { one of { sales.accepted 60% within 5 days sales.rejected { "
                    "reason: late } 0% within 1 day } a.b 1% within 1 day one of { } } after email.opened { } }") ==
        "(scenario s\n  (after hand-off\n    (sales.accepted 600000 within <5 days> one-of 0)\n    (sales.rejected "
        "(reason late) 0 within <1 day> one-of 0)\n    (a.b 10000 within <1 day>))\n  (after email.opened))");
  CHECK(declaration("property \"p\": never send email after email.unsubscribed until email.subscribed") ==
        "(property \"p\" never (send email) after email.unsubscribed until email.subscribed)");
  CHECK(declaration(
            "property \"p\": demo.requested leads to hand off to sales within 5 minutes unless lead is with sales") ==
        "(property \"p\" leads-to demo.requested (hand-off) within <5 minutes> unless (with-sales))");
  CHECK(declaration("property \"p\": at most 3 send email within 7 days") ==
        "(property \"p\" at-most 3 (send email) within <7 days>)");
  CHECK(declaration("property \"p\": every membership ends within 400 days") ==
        "(property \"p\" ends within <400 days>)");
}

TEST_CASE("comments are kept, in order") {
  Parsed parsed("// one\nlet a = 1 # two\n/// three\nlet b = 2\n");
  CHECK(parsed.codes().empty());
  REQUIRE(parsed.file.comments.size() == 3);
  CHECK(parsed.sources.text(parsed.file.comments[1].span) == "# two");
  CHECK(parsed.file.declarations[0]->doc.empty());
  CHECK(parsed.file.declarations[1]->doc == "three");
}

TEST_CASE("ids are dense over the files of one tree") {
  nurture::SourceManager sources;
  nurture::ast::Tree tree;
  nurture::Diagnostics diagnostics;
  for (const char* text : {"let a = 1 + 2", "let b = -3 or 4"}) {
    const auto& source = sources.add("f", text);
    auto file = nurture::syntax::parse(source, tree, diagnostics);
    REQUIRE(file.declarations.size() == 1);
    CHECK(file.declarations[0]->id < tree.size());
  }
  CHECK_FALSE(diagnostics.failed());
}
