#include "compiler/findings/comments.h"

#include <algorithm>
#include <optional>

namespace nurture::findings {

namespace {

constexpr std::string_view kSpace = " \t\r";

std::string_view trimmed(std::string_view text) {
  std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

/// What stands after "allow(", or nothing: `///` tells what something is, and allows nothing.
std::optional<std::string_view> after_allow(std::string_view comment) {
  if (comment.starts_with("///")) return std::nullopt;
  comment.remove_prefix(comment.starts_with("//") ? 2 : 1);
  comment = trimmed(comment);
  constexpr std::string_view kWord = "allow(";
  if (!comment.starts_with(kWord)) return std::nullopt;
  return comment.substr(kWord.size());
}

std::uint32_t line_start(std::string_view text, std::uint32_t at) {
  std::size_t before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  return before == std::string_view::npos ? 0 : static_cast<std::uint32_t>(before + 1);
}

std::uint32_t line_end(std::string_view text, std::uint32_t at) {
  return static_cast<std::uint32_t>(std::min(text.find('\n', at), text.size()));
}

/// Where the last character before `at` ends that is no space; the start of its line if there is none on it.
std::uint32_t code_end(std::string_view text, std::uint32_t at) {
  std::uint32_t start = line_start(text, at);
  std::size_t last = text.substr(start, at - start).find_last_not_of(kSpace);
  return last == std::string_view::npos ? start : start + static_cast<std::uint32_t>(last) + 1;
}

/// The first character behind `at` that is neither space nor in a comment.
std::uint32_t next_code(const ast::File& file, std::string_view text, std::uint32_t at) {
  for (;;) {
    at = static_cast<std::uint32_t>(std::min(text.find_first_not_of(" \t\r\n", at), text.size()));
    auto comment = std::partition_point(file.comments.begin(), file.comments.end(),
                                        [&](const ast::Comment& each) { return each.span.begin < at; });
    if (comment == file.comments.end() || comment->span.begin != at) return at;
    at = comment->span.end;
  }
}

std::uint32_t length(const Span& span) { return span.end - span.begin; }

/// The longest of those that `wanted` takes.
template <typename Wanted>
std::optional<Span> outermost(const std::vector<Span>& constructs, Wanted wanted) {
  std::optional<Span> out;
  for (const Span& each : constructs) {
    if (wanted(each) && (!out || length(each) > length(*out))) out = each;
  }
  return out;
}

/// The shortest that holds the place.
std::optional<Span> innermost(const std::vector<Span>& constructs, std::uint32_t at) {
  std::optional<Span> out;
  for (const Span& each : constructs) {
    if (each.begin <= at && at < each.end && (!out || length(each) < length(*out))) out = each;
  }
  return out;
}

/// What stands at a place where no construct begins or ends: the one that goes on there, all of it, because layout may
/// break its lines elsewhere. Between the braces of one, the line.
Span around(const std::vector<Span>& constructs, std::string_view text, Span line, std::uint32_t at) {
  std::optional<Span> inside = innermost(constructs, at);
  if (!inside) return line;
  std::string_view before = text.substr(inside->begin, at - inside->begin);
  bool braced = std::count(before.begin(), before.end(), '{') > std::count(before.begin(), before.end(), '}');
  return braced ? line : *inside;
}

std::vector<AllowedCode> codes_in(std::string_view list, std::uint32_t at, FileId file) {
  std::vector<AllowedCode> out;
  while (true) {
    std::size_t comma = std::min(list.find(','), list.size());
    std::string_view code = trimmed(list.substr(0, comma));
    if (!code.empty()) {
      auto begin = at + static_cast<std::uint32_t>(code.data() - list.data());
      out.push_back({code, {file, begin, begin + static_cast<std::uint32_t>(code.size())}});
    }
    if (comma == list.size()) return out;
    list.remove_prefix(comma + 1);
    at += static_cast<std::uint32_t>(comma) + 1;
  }
}

}  // namespace

std::vector<AllowComment> allow_comments(const ast::File& file, const SourceFile& source) {
  std::vector<AllowComment> out;
  std::string_view all = source.content();
  for (const ast::Comment& each : file.comments) {
    auto rest = after_allow(all.substr(each.span.begin, each.span.end - each.span.begin));
    if (!rest) continue;
    AllowComment allow{each.span, code_end(all, each.span.begin) == line_start(all, each.span.begin), {}, {}, {}};
    std::size_t close = rest->find(')');
    allow.closed = close != std::string_view::npos;
    auto begin = static_cast<std::uint32_t>(rest->data() - all.data());
    allow.codes = codes_in(rest->substr(0, close), begin, source.id());
    std::string_view behind = allow.closed ? trimmed(rest->substr(close + 1)) : std::string_view();
    if (behind.starts_with(':')) allow.reason = trimmed(behind.substr(1));
    out.push_back(std::move(allow));
  }
  return out;
}

Span subject_of(const AllowComment& allow, const ast::File& file, const SourceFile& source,
                const std::vector<Span>& constructs) {
  std::string_view all = source.content();
  if (allow.alone) {
    std::uint32_t next = next_code(file, all, allow.comment.end);
    auto begins = outermost(constructs, [&](const Span& each) { return each.begin == next; });
    return begins ? *begins : around(constructs, all, {source.id(), next, line_end(all, next)}, next);
  }
  std::uint32_t end = code_end(all, allow.comment.begin);
  auto ends = outermost(constructs, [&](const Span& each) { return each.end == end; });
  if (!ends && all[end - 1] == '{') ends = innermost(constructs, end - 1);
  return ends ? *ends : around(constructs, all, {source.id(), line_start(all, end), end}, end - 1);
}

}  // namespace nurture::findings
