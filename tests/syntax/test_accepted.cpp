#include "tests/catch.h"
#include "tests/syntax/parsed.h"

// What people type, and what is taken as if the right form had been written.

TEST_CASE("curly quotes") {
  CHECK(expression("a is “US”") == "(is a \"US\")");
  CHECK(statement("notify “desk” “Hello {lead.name else ‘you’}”") ==
        "(notify \"desk\" (text \"Hello \" (else lead.name \"you\")))");
}

TEST_CASE("times of day") {
  CHECK(expression("9am") == "09:00");
  CHECK(expression("12am") == "00:00");
  CHECK(expression("12 pm") == "12:00");
  CHECK(expression("9:30pm") == "21:30");
  CHECK(expression("9:00") == "09:00");
}

TEST_CASE("days of the week") {
  CHECK(declaration("window w { Mon-Fri 9:00-17:00 }") == declaration("window w { Monday to Friday 09:00 to 17:00 }"));
  CHECK(declaration("window w { Mon..Fri 9:00..17:00 }") ==
        declaration("window w { Monday to Friday 09:00 to 17:00 }"));
  CHECK(declaration("window w { Sat, Sun 9am-5pm }") == "(window w\n  (Saturday Sunday 09:00-17:00))");
  CHECK(declaration("window w { Fri-Mon 9am-5pm }") == "(window w\n  (Monday Friday Saturday Sunday 09:00-17:00))");
  CHECK(statement("wait until next tuesday 9am") == "(wait until next Tuesday 09:00)");
}

TEST_CASE("words that may be there") {
  CHECK(statement("wait for 5 days") == "(wait <5 days>)");
  CHECK(statement("send email welcome") == "(send [email] welcome)");
  CHECK(statement("send email") == "(send email)");
  // Any word can name what is sent by a channel.
  for (std::string name :
       {"reply", "stage", "entry", "now", "wait", "stay", "exit", "next", "email", "days", "given"}) {
    INFO(name);
    CHECK(statement("send email " + name) == "(send [email] " + name + ")");
    CHECK(statement("send email " + name + " now or skip") == "(send [email] " + name + " now-or-skip)");
    CHECK(statement("send email " + name + " for up to 2 days") == "(send [email] " + name + " for <2 days>)");
  }
}

TEST_CASE("a content that is called like a channel") {
  CHECK(statement("send email now or skip") == "(send email now-or-skip)");
  CHECK(statement("send email for up to 2 days") == "(send email for <2 days>)");
  CHECK(statement("send email else { }") == "(send email (else))");
  for (std::string next : {"wait 5 days", "wait for 5 days", "wait up to 5 days", "exit as done", "go to b",
                           "send other", "keep waiting", "restart stage", "if lead.a { }", "notify \"x\" \"y\""}) {
    INFO(next);
    CHECK(statement("send email  " + next) == statement("send guide  " + next).replace(6, 5, "email"));
  }
}

TEST_CASE("the content of a trigger, without its `of`") {
  CHECK(clause("on email.clicked problem_guide { go to b }") == "(on email.clicked of problem_guide (go-to b))");
}

TEST_CASE("yes, no, at least, at most") {
  CHECK(expression("lead.a is yes") == "(is lead.a true)");
  CHECK(expression("lead.a is no") == "(is lead.a false)");
  CHECK(expression("score.x at least 60") == "(>= score.x 60)");
  CHECK(expression("score.x at most 60") == "(<= score.x 60)");
  CHECK(expression("score.x is at least 60") == "(>= score.x 60)");
  CHECK(expression("score.x is not at most 60") == "(not (<= score.x 60))");
}

TEST_CASE("comments with a hash sign") { CHECK(declaration("# a note\nlet a = 1 # another") == "(let a 1)"); }
