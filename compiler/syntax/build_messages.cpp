#include <algorithm>
#include <cctype>

#include "compiler/syntax/builder.h"
#include "compiler/syntax/literals.h"

namespace nurture::syntax {

using namespace ast;

namespace {

bool word_char(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }
bool tag_char(char c) { return word_char(c) || c == '.' || c == ' ' || c == '-'; }

/// The placeholders that every tool has.
bool names_a_person(std::string_view word) {
  while (word.ends_with(' ')) word.remove_suffix(1);
  for (std::string_view usual : {"name", "first_name", "firstname", "First Name", "last_name", "lastname", "Last Name",
                                 "email", "company", "company_name"}) {
    if (word == usual) return true;
  }
  return false;
}

/// The end of a placeholder that opens at `at` with `mark` and begins with a letter; 0 if there is none.
std::size_t placeholder_end(std::string_view text, std::size_t at, std::string_view open, std::string_view close) {
  std::size_t begin = at + open.size();
  while (begin < text.size() && text[begin] == ' ') ++begin;
  if (begin >= text.size() || !std::isalpha(static_cast<unsigned char>(text[begin]))) return 0;
  std::size_t end = text.find(close, begin);
  if (end == std::string_view::npos) return 0;
  // `50%% off, 20%% more` is no placeholder: it would have to read like a name.
  std::size_t name = begin;
  while (name < end && tag_char(text[name])) ++name;
  bool one_word = text.substr(begin, name - begin).find(' ') == std::string_view::npos;
  if (open == "%%") return name == end && one_word ? end + close.size() : 0;
  // `{{name}}` may well be meant as {name} in braces; with a path or a default it is a placeholder, or if it names a
  // person.
  bool path = text.substr(begin, name - begin).find('.') != std::string_view::npos && name == end;
  bool given = name < end && (text[name] == ':' || text[name] == '|');
  return path || given || names_a_person(text.substr(begin, end - begin)) ? end + close.size() : 0;
}

/// The end of a `<style>` element that begins here, or 0.
std::size_t style_sheet(std::string_view text, std::size_t at) {
  constexpr std::string_view kOpen = "<style";
  constexpr std::string_view kClose = "</style>";
  auto same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
  std::string_view rest = text.substr(at);
  if (rest.size() < kOpen.size() ||
      !std::equal(kOpen.begin(), kOpen.end(), rest.begin(), [&](char b, char a) { return same(a, b); }))
    return 0;
  auto close = std::search(rest.begin(), rest.end(), kClose.begin(), kClose.end(), same);
  return close == rest.end() ? 0 : at + static_cast<std::size_t>(close - rest.begin()) + kClose.size();
}

/// `lead.First Name` → `lead.first_name`
std::string snake(std::string_view name) {
  std::string out;
  for (char c : name) {
    if (c == ' ' || c == '-')
      out += '_';
    else
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  while (!out.empty() && out.back() == '_') out.pop_back();
  return out;
}

/// What the placeholder of another tool is here: `{{lead.First Name:default=there}}` → `{lead.first_name else
/// 'there'}`.
std::string translated(std::string_view tag) {
  std::string_view inner = tag.substr(2, tag.size() - 4);
  while (inner.starts_with(' ')) inner.remove_prefix(1);
  while (inner.ends_with(' ')) inner.remove_suffix(1);
  std::string_view name = inner.substr(0, inner.find_first_of(":|"));
  std::string out = snake(name);
  if (out.find('.') == std::string::npos) out = "lead." + out;
  std::size_t given = inner.find("default=");
  if (given != std::string_view::npos) {
    std::string_view value = inner.substr(given + 8);
    if (value.find('\'') == std::string_view::npos) out += fmt::format(" else '{}'", value);
  }
  return '{' + out + '}';
}

}  // namespace

/// Reads a text with `{expression}` in it; `{{` and `}}` are braces.
Message Builder::message(Parser::TextContext* context) {
  Message out;
  if (!sound(context)) return out;
  out.span = span(context);
  out.present = true;
  text_literal(context);
  Quotes quotes = quotes_of(text(out.span));
  Span inside{out.span.file, out.span.begin + static_cast<std::uint32_t>(quotes.open),
              out.span.end - static_cast<std::uint32_t>(quotes.close)};
  pieces(out, inside, false);
  return out;
}

Message Builder::body() {
  Message out;
  out.span = {source_.id(), 0, static_cast<std::uint32_t>(source_.content().size())};
  out.present = true;
  pieces(out, out.span, true);
  return out;
}

/// In a file a backslash is a backslash, an expression ends on its line, and braces of a style sheet are its own.
void Builder::pieces(Message& out, Span inside, bool of_file) {
  std::string_view all = source_.content().substr(0, inside.end);
  MessagePart literal;
  std::uint32_t literal_begin = inside.begin;
  auto spot = [](std::size_t i) { return static_cast<std::uint32_t>(i); };
  auto flush = [&](std::size_t at) {
    literal.span = {inside.file, literal_begin, spot(at)};
    if (!literal.literal.empty()) out.parts.push_back(std::move(literal));
    literal = {};
  };
  for (std::size_t i = inside.begin; i < inside.end; ++i) {
    if (std::size_t past = of_file ? style_sheet(all, i) : 0) {
      literal.literal += all.substr(i, past - i);
      i = past - 1;
      continue;
    }
    if (std::size_t past = foreign(all, i)) {
      report_foreign({inside.file, spot(i), spot(past)});
      i = past - 1;
      continue;
    }
    char c = all[i];
    char next = i + 1 < inside.end ? all[i + 1] : '\0';
    if (!of_file && c == '\\' && (next == '"' || next == '\\'))
      literal.literal += all[++i];
    else if ((c == '{' || c == '}') && next == c)
      literal.literal += all[++i];
    else if (c != '{')
      literal.literal += c;
    else {
      std::string_view within = of_file ? all.substr(0, all.find('\n', i)) : all;
      std::size_t close = closing(within, i);
      flush(i);
      if (close == std::string_view::npos) {
        diagnostics_.report(DiagnosticId::MessageBrace, Span{inside.file, spot(i), spot(i + 1)}).hint =
            "Close it with \"}\"; a brace itself is written \"{{\".";
        return;
      }
      message_part(out, {inside.file, spot(i), spot(close + 1)});
      i = close;
      literal_begin = spot(close + 1);
    }
  }
  flush(inside.end);
}

/// The `}` for the `{` at `at`: single quotes hide one.
std::size_t Builder::closing(std::string_view all, std::size_t at) {
  bool quoted = false;
  for (std::size_t i = at + 1; i < all.size(); ++i) {
    if (all[i] == '\'') quoted = !quoted;
    if (all[i] == '}' && !quoted) return i;
  }
  // An apostrophe that opens nothing must not swallow the rest.
  return all.find('}', at);
}

void Builder::message_part(Message& out, Span braces) {
  Span inside{braces.file, braces.begin + 1, braces.end - 1};
  MessagePart part;
  part.span = braces;
  bool empty = text(inside).find_first_not_of(" \t") == std::string_view::npos;
  if (empty) {
    diagnostics_.report(DiagnosticId::MessageEmpty, braces).hint =
        "Name what is to stand there, such as {lead.first_name}.";
    part.expression = error(inside);
  } else {
    part.expression = parse_lone(source_, inside.begin, inside.end, tree_, diagnostics_, limits_);
  }
  out.parts.push_back(std::move(part));
}

/// The end of another tool's placeholder that begins here, or 0.
std::size_t Builder::foreign(std::string_view all, std::size_t at) {
  if (all.substr(at).starts_with("{{")) return placeholder_end(all, at, "{{", "}}");
  if (all.substr(at).starts_with("%%")) return placeholder_end(all, at, "%%", "%%");
  return 0;
}

void Builder::report_foreign(Span at) {
  std::string here = translated(text(at));
  auto& d = diagnostics_.report(DiagnosticId::MergeTag, at, text(at));
  d.hint = fmt::format("Here it is {}.", here);
  d.edits.push_back({at, here});
}

}  // namespace nurture::syntax
