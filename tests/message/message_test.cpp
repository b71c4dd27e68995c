#include "runtime/message/message.h"

#include "runtime/vm/content.h"
#include "tests/catch.h"

// Values in bodies: shown as they are, never read as markup.

namespace nurture::message {

namespace {

using bytecode::BodyFormat;

/// `{}` stands for the next of the values.
Pieces body(std::string_view text, std::vector<std::string> values) {
  Pieces out;
  std::size_t next = 0;
  for (std::size_t at = 0;;) {
    std::size_t hole = text.find("{}", at);
    out.push_back({std::string(text.substr(at, hole - at)), false});
    if (hole == std::string_view::npos) return out;
    out.push_back({values.at(next++), true});
    at = hole + 2;
  }
}

std::string inside(std::string_view text, std::vector<std::string> values, BodyFormat format = BodyFormat::Markdown) {
  std::string all = to_html(body(text, std::move(values)), format, "T");
  std::size_t from = all.find("<body>\n") + 7;
  return all.substr(from, all.find("</body>") - from);
}

}  // namespace

TEST_CASE("Markdown becomes HTML") {
  CHECK(inside("# Hello\n\nTwo *words*.", {}) == "<h1>Hello</h1>\n<p>Two <em>words</em>.</p>\n");
  CHECK(to_html(body("x", {}), BodyFormat::Markdown, "A & B")
            .starts_with("<!doctype html>\n<html>\n<head><meta charset=\"utf-8\"><title>A &amp; B</title></head>"));
}

TEST_CASE("a value is no markup") {
  CHECK(inside("Dear {},", {"*<b>Ada</b>* & co"}) == "<p>Dear *&lt;b&gt;Ada&lt;/b&gt;* &amp; co,</p>\n");
  CHECK(inside("**{}**", {"Ada"}) == "<p><strong>Ada</strong></p>\n");
  CHECK(inside("{}", {"# Not a heading"}) == "<p># Not a heading</p>\n");
  CHECK(inside("<span title=\"{}\">x</span>", {"\"><script>"}) ==
        "<p><span title=\"&quot;&gt;&lt;script&gt;\">x</span></p>\n");
}

TEST_CASE("a value in an address") {
  CHECK(inside("[here](https://acme.example/?q={}&r=1)", {"a b&c=d"}) ==
        "<p><a href=\"https://acme.example/?q=a%20b%26c%3Dd&amp;r=1\">here</a></p>\n");
  CHECK(inside("[here]({})", {"https://acme.example/a?b=c&d"}) ==
        "<p><a href=\"https://acme.example/a?b=c&amp;d\">here</a></p>\n");
  CHECK(inside("[here]({})", {"javascript:alert(1)"}) == "<p><a href=\"#\">here</a></p>\n");
  CHECK(inside("[here]({})", {"/pricing"}) == "<p><a href=\"/pricing\">here</a></p>\n");
}

TEST_CASE("a value that looks like what stands for one") {
  CHECK(inside("zq0v1z {} {}", {"zq1v0z", "b"}) == "<p>zq0v1z zq1v0z b</p>\n");
}

TEST_CASE("HTML as written, with values") {
  Pieces page = body("<style>p { }</style><p>Dear {}</p><a href='/x?n={}'>x</a>", {"A<B", "a b"});
  CHECK(to_html(page, BodyFormat::Html, "T") == "<style>p { }</style><p>Dear A&lt;B</p><a href='/x?n=a%20b'>x</a>");
  CHECK(to_text(page, BodyFormat::Html) == "Dear A<B\nx\n");
}

TEST_CASE("text as written, with values") {
  CHECK(to_text(body("Dear {}\n", {"*Ada*"}), BodyFormat::Markdown) == "Dear *Ada*\n");
  CHECK(inside("One\ntwo\n\nthree {}\n", {"<"}, BodyFormat::Plain) == "<p>One<br>\ntwo</p>\n<p>three &lt;</p>\n");
}

TEST_CASE("only what is unknown is asked for") {
  bytecode::Content content;
  content.asks = {2, 0, 1};
  content.asks_up_to = 2;
  std::vector<Value> lead(3);
  CHECK(vm::asked(content, lead.data()) == 0b011);
  lead[2] = Value::of(1);
  CHECK(vm::asked(content, lead.data()) == 0b110);
  lead[0] = lead[1] = Value::of(1);
  CHECK(vm::asked(content, lead.data()) == 0);
}

}  // namespace nurture::message
