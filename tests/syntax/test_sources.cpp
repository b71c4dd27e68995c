#include "tests/catch.h"
#include "tests/syntax/parsed.h"

TEST_CASE("a source") {
  CHECK(
      declaration(
          "source s {\n  format csv\n  lead CustomerID\n  at InvoiceDate as \"yyyy-mm-dd\" in \"Europe/London\"\n"
          "  id column \"Invoice No\"\n  origin from_campaign\n  missing \"?\", \"NULL\"\n"
          "  leave out where StockCode is \"POST\"\n"
          "  event order.cancelled where InvoiceNo starts with \"C\" { invoice: InvoiceNo  country: Country }\n"
          "  event order.placed { due: DueDate as \"d/m/yyyy\" in \"Europe/London\" }\n  event seen\n"
          "  lead.country: Country\n}") ==
      "(source s\n  (format csv)\n  (lead CustomerID)\n  (at InvoiceDate as \"yyyy-mm-dd\" in \"Europe/London\")\n"
      "  (id Invoice No)\n  (origin from_campaign)\n  (missing \"?\")\n  (missing \"NULL\")\n"
      "  (leave-out (is StockCode \"POST\"))\n"
      "  (event order.cancelled where (starts-with InvoiceNo \"C\")\n    (invoice InvoiceNo)\n    (country Country))\n"
      "  (event order.placed\n    (due DueDate as \"d/m/yyyy\" in \"Europe/London\"))\n  (event seen)\n"
      "  (lead (country Country)))");
}

TEST_CASE("a test") {
  CHECK(declaration("test \"t\" for c {\n  given lead { country: \"US\", age: 3 }\n  given account { name: \"A\" }\n"
                    "  given split offer is story\n  given holdout\n  also other\n"
                    "  at 2026-03-05 10:00  form.submitted { form: \"x\" }\n  after 1 day\n  signup\n"
                    "  at 2026-03-07 09:00 in \"Europe/London\"\n  after 1 hour page.viewed\n}") ==
        "(test \"t\" for c\n  (given lead (country \"US\") (age 3))\n  (given account (name \"A\"))\n"
        "  (given split offer story)\n  (given holdout)\n  (also other)\n"
        "  (event at 2026-03-05T10:00 form.submitted (form \"x\"))\n  (event after <1 day> signup)\n"
        "  (event at 2026-03-07T09:00 in \"Europe/London\")\n  (event after <1 hour> page.viewed))");
}

TEST_CASE("expectations") {
  auto expect = [](std::string_view what) {
    std::string dump = declaration(fmt::format("test \"t\" for c {{ expect {} }}", what));
    constexpr std::string_view kHead = "(test \"t\" for c\n  (expect ";
    return dump.substr(kHead.size(), dump.size() - kHead.size() - 2);
  };
  CHECK(expect("send x within 1 hour") == "send x within <1 hour>");
  CHECK(expect("no send") == "no send");
  CHECK(expect("no send x for 3 days") == "no send x for <3 days>");
  CHECK(expect("stage compare") == "stage compare");
  CHECK(expect("exit as accepted by 2026-03-09 10:00") == "exit accepted by 2026-03-09T10:00");
  CHECK(expect("exit") == "exit");
  CHECK(expect("hand off to sales") == "hand-off sales");
  CHECK(expect("no hand off") == "no hand-off");
  CHECK(expect("take back") == "take-back");
  CHECK(expect("assign call") == "assign call");
  CHECK(expect("notify") == "notify");
  CHECK(expect("goal won") == "goal won");
  CHECK(expect("entry") == "entry");
  CHECK(expect("outside") == "outside");
  CHECK(expect("score.interest >= 60") == "score (>= score.interest 60)");
}

TEST_CASE("an expectation without a name, and what follows it") {
  CHECK(declaration("test \"t\" for c { expect no send\n  email.clicked { url: \"x\" }\n  expect no send\n  also d\n"
                    "  expect send\n  expect stage s }") ==
        "(test \"t\" for c\n  (expect no send)\n  (event email.clicked (url \"x\"))\n  (expect no send)\n  (also d)\n"
        "  (expect send)\n  (expect stage s))");
}
