#include "programme.h"
#include "tests/catch.h"

// Programmes with one mistake each. `@` stands where the diagnostic must point; it is taken out before the text is
// read.

namespace nurture::tests {

namespace {

using Wrap = std::string (*)(const std::string&);
std::string whole(const std::string& text) { return text; }

struct Broken {
  std::string_view code;
  Wrap wrap;
  std::string text;
};

const std::vector<Broken>& names() {
  static const std::vector<Broken> rows = {
      {"E0301", whole, "use @std.b2c"},
      {"E0302", whole, "use @\"missing.nurture\""},
      {"E0303", condition, "@vipp"},
      {"E0303", condition, "lead.country is @US"},
      {"E0303", condition, "@lead.account.industry is \"x\""},
      {"E0303", condition, "@page.viewed is \"x\""},
      {"E0304", statements, "go to @strat"},
      {"E0304", whole, "campaign c {\n  enter on form.submitted at stage @nowhere\n  stage start { stay }\n}"},
      {"E0305", whole, "lead { vat: text?  @vat: text? }"},
      {"E0305", whole, "lead { @country: text? }"},
      {"E0305", whole, "let a = 1\nlet @a = 2"},
      {"E0305", whole, "let a = 1\nsegment @a: lead.vip"},
      {"E0305", whole, "content @hello: email { subject \"x\" }"},
      {"E0305", whole, "event x.y { a: text }\nevent @x.y { b: text }"},
      {"E0305", whole, "event x.y { a: text  @a: text }"},
      {"E0305", whole, "program { name \"a\" }\n@program { name \"b\" }"},
      {"E0305", whole,
       "campaign c { enter on form.submitted stage start { stay } }\ncampaign @c { enter on form.submitted stage start "
       "{ stay } }"},
      {"E0305", whole, "campaign c {\n  enter on form.submitted\n  stage start { stay }\n  stage @start { stay }\n}"},
      {"E0305", clauses, "goal g: demo.requested\n  goal @g: email.replied"},
      {"E0305", statements, "split s { 50% a { stay } 50% @a { stay } }"},
      {"E0305", statements, "split s { 100% a { } }\n    split @s { 100% b { stay } }"},
      {"E0305", whole, "lead { size: choice [small, big, @small]? }"},
      {"E0306", statements, "send @helo"},
      {"E0306", clauses, "on email.clicked of @helo { }"},
      {"E0307", clauses, "on @form.submited { }"},
      {"E0307", whole,
       "campaign c {\n  enter on @form.sent where form is \"x\"\n  stage start { send hello wait 1 day exit as done "
       "}\n}"},
      {"E0308", condition, "lead.@contry is \"US\""},
      {"E0308", condition, "account.@size > 5"},
      {"E0308", statements, "set lead.@visit to 1"},
      {"E0309", clauses, "on page.viewed where event.@uri is \"x\" { }"},
      {"E0309", whole, "event x.y by lead unless @robot { a: text }"},
      {"E0310", whole, "test \"t\" for @c { at 2026-01-01 10:00 form.submitted { form: \"x\" }  expect no send }"},
      {"E0311", whole, "program { timezone @\"London\" }"},
      {"E0311", statements, "wait until 2026-01-01 10:00 in @\"Europe/Londn\""},
      {"E0313", whole, "let @a = b + 1\nlet b = a + 1"},
      {"E0313", whole, "segment @a: not b\nsegment b: not a"},
      {"E0313", statements, "remember @n as n + 1"},
      {"E0314", whole, "let url = \"x\"\n" + clauses("on page.viewed where @url is \"y\" { }")},
      {"E0315", condition, "@event.form is \"x\""},
      {"E0316", condition, "entry.@from is \"x\""},
      {"E0316", whole, "segment s: @entry.form is \"x\""},
      {"E0321", statements,
       "wait up to 3 days {\n      on page.viewed { send hello  notify \"x\" \"saw {@url}\"  move on }\n    }"},
      {"E0322", whole, "event form.submitted by @us { a: text? }"},
      {"E0322", whole, "event lead.updated { @a: text? }"},
      {"E0323", whole, "content x: @emial { subject \"x\" }"},
      {"E0323", whole, "content x: email { subject \"x\" class @promotional }"},
      {"E0324", whole,
       "campaign c {\n  enter on form.submitted\n  enter on webinar.registered\n  stage start { if @entry.form is "
       "\"x\" { stay } stay }\n}"},
  };
  return rows;
}

const std::vector<Broken>& types() {
  static const std::vector<Broken> rows = {
      {"E0401", condition, "lead.role is @champoin"},
      {"E0401", condition, "lead.role is @\"nobody\""},
      {"E0401", condition, "lead.role in [champion, @byer]"},
      {"E0401", condition, "@nobody is lead.role"},
      {"E0401", statements, "set lead.lifecycle to @client"},
      {"E0401", whole, "lead { size: choice [s, m, l] = @xl }"},
      {"E0401", condition, "(lead.role else @nobdy) is champion"},
      {"E0402", condition, "lead.visits > @\"3\""},
      {"E0402", condition, "lead.country is @5"},
      {"E0402", condition, "lead.renewal_on < @10:00"},
      {"E0402", condition, "lead.visits in @[\"a\", \"b\"]"},
      {"E0402", condition, "lead.visits between 1 and @\"9\""},
      {"E0402", condition, "lead.budget > @lead.fit"},
      {"E0403", condition, "@lead.country"},
      {"E0403", condition, "lead.vip and @lead.visits"},
      {"E0403", condition, "lead.role is champion or @buyer"},
      {"E0403", whole, "segment s: @lead.visits + 1"},
      {"E0404", statements, "set lead.visits to @\"many\""},
      {"E0404", statements, "wait @lead.visits"},
      {"E0404", statements, "notify @lead.visits \"x\""},
      {"E0404", whole, "lead { size: integer = @\"big\" }"},
      {"E0404", statements, "wait until @lead.country"},
      {"E0405", condition, "@lead.role > champion"},
      {"E0405", condition, "@lead.vip >= true"},
      {"E0406", condition, "@lead.country + 1 > 2"},
      {"E0406", condition, "@lead.visits starts with \"1\""},
      {"E0406", condition, "@lead.topics contains \"x\""},
      {"E0406", condition, "@lead.visits is 3 ignoring case"},
      {"E0407", statements, "notify @lead.owner \"x\""},
      {"E0407", statements, "notify \"x\" \"Call {@lead.first_name}\""},
      {"E0407", whole, "content x: email { subject \"Hello {@lead.first_name}\" }"},
      {"E0407", statements, "set lead.visits to @account.employees"},
      {"E0408", statements, "notify \"x\" \"{@lead.topics}\""},
      {"E0409", whole, "let a = @lead.visits"},
      {"E0409", whole, "lead { since: date = @today }"},
      {"E0410", whole, "lead { a: @string? }"},
      {"E0411", condition, "lead.country in @lead.owner"},
      {"E0412", condition, "lead.country in [\"US\", @5]"},
      {"E0413", statements, "remember a as 1\n    remember a as @\"x\""},
      {"E0414", whole, "let a = @1 / 0"},
      {"E0415", statements, "clear lead.@visits"},
  };
  return rows;
}

const std::vector<Broken>& campaigns() {
  static const std::vector<Broken> rows = {
      {"E0601", whole, "campaign @c {\n  enter on form.submitted\n}"},
      {"E0602", whole, "campaign @c {\n  stage start { stay }\n}"},
      {"E0603", whole,
       "campaign c {\n  enter on @form.submitted\n  one membership per webinar\n  stage start { stay }\n}"},
      {"E0604", whole, "campaign c {\n  enter on order.placed\n  one membership per @tags\n  stage start { stay }\n}"},
      {"E0605", statements, "wait @0 days"},
      {"E0605", clauses, "reenter after @0 days"},
      {"E0606", statements, "hand off to @support \"x\""},
      {"E0606", statements, "take back from @support"},
      {"E0607", statements, "send @email ping"},
      {"E0608", statements, "set @account.industry to \"x\""},
      {"E0608", statements, "set @visits to 3"},
      {"E0609", clauses, "lasts at most 5 days as a\n  @lasts at most 6 days as b"},
      {"E0610", clauses, "holdout @120%"},
      {"E0610", statements, "split s { @0% a { } 100% b { } }"},
      {"E0611", statements, "split s { @33.333% a { } 66.667% b { } }"},
      {"E0612", statements, "split @s { 50% a { } 49% b { } }"},
      {"E0620", statements, "@split { 50% a { } 50% b { } }"},
      {"E0613", clauses, "on @page.viewed including machine { }"},
      {"E0614", clauses, "on page.viewed of @hello { }"},
      {"E0615", statements, "@wait until 30 days before lead.renewal_on"},
      {"E0616", clauses, "on demo.requested { @send hello  exit as raised }"},
      {"E0616", statements, "wait up to 2 days { on demo.requested { if lead.vip { @send hello } exit as raised } }"},
      {"E0617", statements, "repeat every 2 weeks up to @0 times { send hello }"},
      {"E0618", statements, "repeat every @20 seconds up to 5 times { send hello }"},
  };
  return rows;
}

const std::vector<Broken>& others() {
  const std::string campaign =
      "campaign c {\n  enter on form.submitted\n  goal g: demo.requested\n  exit on demo.requested as raised\n"
      "  stage start { split s { 50% a { } 50% b { } } stay }\n}\n";
  const std::string at = "at 2026-03-05 10:00 form.submitted { form: \"x\" } ";
  auto test = [&](const std::string& items) { return campaign + "test \"t\" for c { " + items + " }"; };
  auto source = [](const std::string& items) { return "source s { " + items + " }"; };
  static const std::vector<Broken> rows = {
      {"E0317", whole, test(at + "expect exit as @rased")},
      {"E0318", whole, test(at + "expect goal @won")},
      {"E0319", whole, test("given split @t is a " + at + "expect no send")},
      {"E0320", whole, test("given split s is @c " + at + "expect no send")},
      {"E0304", whole, test(at + "expect stage @stop")},
      {"E0306", whole, test(at + "expect send @hallo")},
      {"E0307", whole, test("at 2026-03-05 10:00 @form.sent expect no send")},
      {"E0309", whole, test("at 2026-03-05 10:00 form.submitted { @fom: \"x\" } expect no send")},
      {"E0308", whole, test("given lead { @contry: \"US\" } " + at + "expect no send")},
      {"E0404", whole, test("given lead { visits: @\"x\" } " + at + "expect no send")},
      {"E0401", whole, test("given lead { role: @boss } " + at + "expect no send")},
      {"E0310", whole, test("also @d " + at + "expect no send")},
      {"E0701", whole, test(at + "at @2026-03-04 10:00 demo.requested expect exit as raised")},
      {"E0702", whole, test("@after 1 day demo.requested expect exit as raised")},
      {"E0801", whole, "source @s { at day  event demo.requested }"},
      {"E0802", whole, "source @s { lead who  event demo.requested }"},
      {"E0803", whole, "source @s { lead who  at day }"},
      {"E0804", whole, source("lead who  at when_column as @\"sometimes\"  event demo.requested")},
      {"E0805", whole, source("lead who  at t  event form.submitted { form: f as @\"yyyy-mm-dd\" }")},
      {"E0806", whole, source("lead who  at t  event order.placed { invoice: i  @tags: t }")},
      {"E0307", whole, source("lead who  at t  event @demo.request")},
      {"E0309", whole, source("lead who  at t  event form.submitted { form: f  @pge: p }")},
      {"E0311", whole, source("lead who  at t as \"yyyy-mm-dd\" in @\"Europe/Lundon\"  event demo.requested")},
      {"E0303", whole, source("lead who  at t  event demo.requested where @lead.vip")},
      {"E0401", whole, source("lead who  at t  event order.placed { invoice: i  state: @\"lost\" }")},
      {"E0641", condition, "score.@interest >= 60"},
      {"E0642", condition, "any(page.viewed where @lead.vip in last 2 days)"},
      {"E0642", condition, "any(page.viewed where @count(page.viewed) > 2)"},
      {"E0642", condition, "any(page.viewed where @today > 2026-01-01)"},
      {"E0643", whole, "segment busy: @any(page.viewed since entry)\n" + clauses("when busy { }")},
      {"E0644", condition, "@sum(page.viewed) > 3"},
      {"E0644", condition, "any(@page.viewed.url)"},
      {"E0309", condition, "latest(page.viewed.@link) is known"},
      {"E0323", condition, "@average(page.viewed) > 3"},
      {"E0645", clauses, "when @count(page.viewed in last 7 days) > days since last(page.viewed) { }"},
      {"E0647", clauses, "when @now > 2026-01-01 00:00 { }"},
      {"E0647", whole, "segment late: @now > 2026-01-01 00:00\n" + clauses("when late { }")},
      {"E0304", condition, "visits of @nowhere > 1"},
      {"E0310", condition, "was in @nowhere as done"},
      {"E0617", clauses, "limit email to @0 per 7 days"},
      {"E0323", clauses, "limit @mail to 2 per 7 days"},
      {"E0325", clauses, "send only in @office"},
      {"E0609", clauses, "active from 2026-01-01  @active until 2026-02-01"},
      {"E0404", clauses, "active from @3"},
      {"E0623", clauses, "@quiet hours 20:00 to 08:00"},
      {"E0325", clauses, "send only in @office_hours"},
      {"E0306", whole, "stream more: [hello, @byes]"},
      {"E0624", whole, "stream @more: []"},
      {"E0325", whole, "window office { Monday 09:00 to 17:00 except @holidays }"},
      {"E0311", whole, "window office { Monday 09:00 to 17:00 in @\"Europe/Londn\" }"},
      {"E0622", whole, "window office { Monday 09:00 to 17:00 in @lead.country }"},
      {"E0627", whole, "@calendar holidays from \"missing.ics\""},
      {"E0305", whole, "policy p { sales hold at most 3 days }\npolicy q { @sales hold at most 4 days }"},
      {"E0623", whole, "policy p { @reenter always }"},
      {"E0323", whole, "policy p { never @call when lead.vip }"},
      {"E0307", whole, "policy p { never send email after @email.unsubscribd }"},
      {"E0625", whole, "policy p { @never send email until email.replied }"},
      {"E0325", statements, "wait 3 hours of @office_hours"},
      {"E0325", statements, "send next of @more"},
  };
  return rows;
}

std::string after_email(const std::string& lines) { return "scenario s { after send of email { " + lines + " } }"; }

const std::vector<Broken>& scenarios() {
  static const std::vector<Broken> rows = {
      {"E1003", after_email, "@form.submitted 5% within 1 day"},
      {"E1003", after_email, "email.clicked { @content: \"x\" } 5% within 1 day"},
      {"E1003", after_email, "email.clicked { @machine: true } 5% within 1 day"},
      {"E1003", after_email, "page.viewed { url: \"x\" } @by machine 5% within 1 day"},
      {"E1003", after_email, "order.placed { invoice: \"x\"  @due_on: 2026-01-01 } 5% within 1 day"},
      {"E1003", after_email, "order.placed { invoice: \"x\"  @tags: [\"a\"] } 5% within 1 day"},
      {"E1003", after_email, "@lead.updated 5% within 1 day"},
      {"E1003", whole, "event letter.sent by us records send\n" + after_email("@letter.sent 5% within 1 day")},
      {"E1003", whole, "event firm.moved of account\n" + after_email("@firm.moved 5% within 1 day")},
      {"E1003", whole, "scenario s { after hand off { @email.clicked 5% within 1 day } }"},
      {"E1003", whole,
       "scenario s { after hand off { demo.requested 5% within 1 day } after demo.requested { @email.clicked 5% within "
       "1 day } }"},
      {"E0309", after_email, "page.viewed { @uri: \"x\" } 5% within 1 day"},
      {"E0305", after_email, "page.viewed { url: \"x\"  @url: \"y\" } 5% within 1 day"},
      {"E0404", after_email, "page.viewed { url: @5 } 5% within 1 day"},
      {"E0401", after_email, "order.placed { invoice: \"x\"  state: @lost } 5% within 1 day"},
      {"E0409", after_email, "page.viewed { url: @lead.owner } 5% within 1 day"},
      {"E0307", after_email, "@email.cliked 5% within 1 day"},
      {"E0610", after_email, "demo.requested @101% within 1 day"},
      {"E0610", after_email, "demo.requested 5% within 1 day, @times 101% per send of email in last 3 days"},
      {"E0323", after_email, "demo.requested 5% within 1 day, times 90% per send of @mail in last 3 days"},
      {"E0648", after_email, "demo.requested 5% within @1 month"},
      {"E0617", after_email, "demo.requested 5% within @4000 days"},
      {"E0605", after_email, "demo.requested 5% within @0 days"},
      {"E1002", after_email, "demo.requested 5% within 1 day, half by 2 hours, @90% by 1 hour"},
      {"E1002", after_email, "demo.requested 5% within 1 day, half by 2 hours, @40% by 3 hours"},
      {"E1002", after_email, "demo.requested 5% within 1 day, half by 2 hours, @half by 3 hours"},
      {"E1002", after_email, "demo.requested 5% within 1 day, @half by 1 day"},
      {"E1002", after_email, "demo.requested 5% within 1 day, @100% by 2 hours"},
      {"E1002", after_email, "demo.requested 5% within 1 day, @0% by 2 hours"},
      {"E0126", after_email, "demo.requested 5% within 1 day, @third by 2 hours"},
      {"E0123", after_email, "demo.requested 5% within 1 day  @demo.requested 6% within 1 day"},
      {"E0123", after_email,
       "demo.requested 5% within 1 day, times 90% per send of email in last 3 days, @times 80% per send of email in "
       "last 3 days"},
      {"E1001", after_email, "@one of { demo.requested 60% within 1 day  email.replied 41% within 1 day }"},
      {"E0306", whole, "scenario s { after send of @emial { demo.requested 1% within 1 day } }"},
      {"E0306", whole, "scenario s { after send of @helo { demo.requested 1% within 1 day } }"},
      {"E0307", whole, "scenario s { after @email.cliked { demo.requested 1% within 1 day } }"},
      {"E0307", whole, "scenario s { after @handoff { demo.requested 1% within 1 day } }"},
      {"E0305", whole, "scenario s { }\nscenario @s { }"},
      {"E0606", whole, "scenario s { after hand off to @support { demo.requested 1% within 1 day } }"},
      {"E0303", whole, "scenario s { after send if @toch is 1 { demo.requested 1% within 1 day } }"},
      {"E0303", condition, "@touch is 1"},
  };
  return rows;
}

void run(const std::vector<Broken>& rows) {
  for (const Broken& row : rows) {
    std::string text = "use mini\n" + row.wrap(row.text);
    std::size_t at = text.find('@');
    REQUIRE(at != std::string::npos);
    text.erase(at, 1);
    std::unique_ptr<sema::Unit> unit = check(text.substr(9));
    INFO(text << "\n" << listing(*unit));
    CHECK(unit->diagnostics.all().size() == 1);
    if (unit->diagnostics.all().empty()) continue;
    const Diagnostic& found = unit->diagnostics.all().front();
    CHECK(info(found.id).code == row.code);
    CHECK(found.span.file == 0);
    LineColumn wanted = unit->sources.file(0).locate(static_cast<std::uint32_t>(at));
    LineColumn got = unit->sources.file(0).locate(found.span.begin);
    CHECK(got.line == wanted.line);
    CHECK(got.column == wanted.column);
  }
}

}  // namespace

TEST_CASE("one diagnostic, where the mistake is: names") { run(names()); }
TEST_CASE("one diagnostic, where the mistake is: types") { run(types()); }
TEST_CASE("one diagnostic, where the mistake is: campaigns") { run(campaigns()); }
TEST_CASE("one diagnostic, where the mistake is: tests and sources") { run(others()); }
TEST_CASE("one diagnostic, where the mistake is: scenarios") { run(scenarios()); }

}  // namespace nurture::tests
