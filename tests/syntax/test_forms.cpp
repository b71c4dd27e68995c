#include "tests/catch.h"
#include "tests/syntax/parsed.h"

// What people type, and what is answered with the right form: one diagnostic each, the tree of the right form, and an
// edit that leads to it where there is one way only.

namespace {

struct Form {
  std::string_view code;     ///< with line and column
  std::string_view written;  ///< in a stage
  std::string_view meant;    ///< empty: nothing to compare with
  bool edited = true;        ///< the edits give what was meant
};

std::string in_stage(std::string_view statement) {
  return fmt::format("campaign c {{ stage s {{\n{}\n}} }}", statement);
}

void check(const Form& form) {
  Parsed parsed(in_stage(form.written));
  INFO(form.written << "\n" << parsed.shown());
  CHECK(parsed.codes() == form.code);
  for (const auto& d : parsed.diagnostics.all()) CHECK_FALSE(d.hint.empty());
  if (form.meant.empty()) return;
  Parsed meant(in_stage(form.meant));
  CHECK(meant.codes().empty());
  CHECK(parsed.dump() == meant.dump());
  if (form.edited) CHECK(mended(parsed) == in_stage(form.meant));
}

}  // namespace

TEST_CASE("E0201 to E0204: other ways to compare") {
  check({"E0201 2:6", "if a = 3 { stay }", "if a is 3 { stay }"});
  check({"E0201 2:6", "if a == 3 { stay }", "if a is 3 { stay }"});
  check({"E0201 2:6", "if a equals 3 { stay }", "if a is 3 { stay }"});
  check({"E0202 2:6", "if a != 3 { stay }", "if a is not 3 { stay }"});
  check({"E0202 2:6", "if a <> 3 { stay }", "if a is not 3 { stay }"});
  check({"E0203 2:6", "if a is one of [1, 2] { stay }", "if a in [1, 2] { stay }"});
  check({"E0203 2:6", "if a is not one of [1] { stay }", "if a not in [1] { stay }"});
  check({"E0203 2:6", "if a is in [1] { stay }", "if a in [1] { stay }"});
  check({"E0204 2:6", "if a is empty { stay }", "if a is unknown { stay }"});
  check({"E0204 2:6", "if a is not empty { stay }", "if a is known { stay }"});
  check({"E0204 2:6", "if a == null { stay }", "if a is unknown { stay }"});
  check({"E0204 2:6", "if a != null { stay }", "if a is known { stay }"});
}

TEST_CASE("E0205 to E0207: other ways to go and to leave") {
  check({"E0205 2:1", "goto b", "go to b"});
  check({"E0205 2:1", "move to b", "go to b"});
  check({"E0206 2:1", "stop", "exit as finished"});
  check({"E0207 2:1", "exit", "exit as finished"});
  check({"E0207 2:1", "exit accepted", "exit as accepted"});
}

TEST_CASE("E0208 to E0210: other names of statements") {
  check({"E0208 2:1", "add to campaign b", "enroll in campaign b"});
  check({"E0209 2:1", "create task to lead.owner \"Call\"", "assign task to lead.owner \"Call\""});
  check({"E0209 2:1", "create call to lead.owner due in 1 day \"Call\"",
         "assign call to lead.owner due in 1 day \"Call\""});
  check({"E0209 2:1", "create task \"Call\"", ""});
  check({"E0210 2:1", "alert lead.owner \"Look\"", "notify lead.owner \"Look\""});
}

TEST_CASE("E0211: other ways to say that time ran out") {
  check({"E0211 2:15", "wait 5 days { else { stay } }", "wait 5 days { otherwise { stay } }"});
  check({"E0211 2:15", "wait 5 days { on timeout { stay } }", "wait 5 days { otherwise { stay } }"});
  check({"E0211 2:15", "wait 5 days { if no response { stay } }", "wait 5 days { otherwise { stay } }"});
  check({"E0211 2:15", "wait 5 days { if no reply { stay } }", "wait 5 days { otherwise { stay } }"});
}

TEST_CASE("E0212: a repeat without an end") {
  check({"E0212 2:1", "repeat every 2 weeks { send a }", "repeat every 2 weeks up to 6 times { send a }"});
  check({"E0212 2:1", "repeat every Tuesday 10:00 { send a }", "repeat every Tuesday 10:00 up to 6 times { send a }"});
}

TEST_CASE("E0213 and E0214: other ways to write a length of time") {
  check({"E0213 2:6", "wait 5d", "wait 5 days"});
  check({"E0213 2:6", "wait 48 hrs", "wait 48 hours"});
  check({"E0213 2:6", "wait 1h", "wait 1 hour"});
  check({"E0213 2:12", "wait up to 90 mins", "wait up to 90 minutes"});
  check({"E0214 2:6", "wait two weeks", "wait 2 weeks"});
  check({"E0214 2:6", "wait a week", "wait 1 week"});
  check({"E0214 2:6", "wait three business days", "wait 3 business days"});
}

TEST_CASE("E0215: a date with slashes") {
  check({"E0215 2:12", "wait until 3/5/2026", ""});
  check({"E0215 2:12", "wait until 25/12/2026", "wait until 2026-12-25"});
  check({"E0215 2:12", "wait until 12/25/26", "wait until 2026-12-25"});
  Parsed both(in_stage("wait until 3/5/2026"));
  CHECK(both.diagnostics.all()[0].hint == "Write 2026-03-05 or 2026-05-03: year, month, day.");
}

TEST_CASE("E0216: the shares of a split at once") {
  check({"E0216 2:7", "split 50/50 { a { stay } b { stay } }", "split { 50% a { stay } 50% b { stay } }", false});
  check({"E0216 2:13", "split offer 30/70 { a { stay } b { stay } }", "split offer { 30% a { stay } 70% b { stay } }",
         false});
  check({"E0213 2:9, E0213 2:23", "split { 50 a { stay } 50 b { stay } }", "split { 50% a { stay } 50% b { stay } }"});
}

TEST_CASE("E0217: placeholders of other tools") {
  check({"E0217 2:11", "notify a \"{{lead.First Name:default=there}}!\"", ""});
  check({"E0217 2:11", "notify a \"%%first_name%%\"", ""});
  check({"E0217 2:11", "notify a \"{{ contact.name | upper }}\"", ""});
  check({"", "notify a \"50%% and 60%% of {{x}} and {{ and }}\"", ""});
  Parsed parsed(in_stage("notify a \"{{lead.First Name:default=there}} %%name%%\""));
  CHECK(mended(parsed) == in_stage("notify a \"{lead.first_name else 'there'} {lead.name}\""));
}

TEST_CASE("E0218: an alternative that is no condition") {
  check({"E0218 2:30", "if role is not \"champion\" or \"sponsor\" { stay }",
         "if role not in [\"champion\", \"sponsor\"] { stay }"});
  check({"E0218 2:16", "if a is \"x\" or \"y\" { stay }", "if a in [\"x\", \"y\"] { stay }"});
  check({"E0218 2:22", "if b and a is \"x\" or \"y\" { stay }", "if b and a in [\"x\", \"y\"] { stay }"});
  check({"E0218 2:14, E0218 2:19", "if a is 1 or 2 or 3 { stay }", ""});
}

TEST_CASE("E0219: signs for words") {
  check({"E0219 2:6", "if a && b { stay }", "if a and b { stay }"});
  check({"E0219 2:6", "if a || b { stay }", "if a or b { stay }"});
  Parsed parsed(in_stage("if !a { stay }"));
  CHECK(parsed.codes() == "E0219 2:4");
}

TEST_CASE("E0220 and E0221: quotes") {
  check({"E0220 2:9", "if a is 'US' { stay }", "if a is \"US\" { stay }"});
  check({"E0221 2:30", "notify a \"Hi {lead.name else \"you\"}, hello\"",
         "notify a \"Hi {lead.name else 'you'}, hello\""});
}
