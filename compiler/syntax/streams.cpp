#include "compiler/syntax/streams.h"

namespace nurture::syntax {

namespace {

constexpr std::size_t kReplacement = 0xFFFD;

struct CodePoint {
  std::size_t value;
  std::size_t bytes;
};

/// Bytes that are no UTF-8 are one replacement character each.
CodePoint decode(std::string_view text, std::size_t at) {
  auto byte = [&](std::size_t i) { return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u; };
  unsigned lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
  if (length == 0 || lead > 0xF4) return {kReplacement, 1};
  std::size_t value = lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {kReplacement, 1};
    value = value << 6 | (byte(i) & 0x3F);
  }
  return {value, length};
}

}  // namespace

std::size_t first_not_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    CodePoint next = decode(text, at);
    if (next.bytes == 1) return at;
    at += next.bytes;
  }
  return at;
}

void ByteStream::consume() {
  if (at_ >= end_) return;
  at_ += static_cast<unsigned char>(text_[at_]) < 0x80 ? 1 : decode(text_.substr(0, end_), at_).bytes;
}

std::size_t ByteStream::LA(ssize_t i) {
  if (i < 1) return 0;  // the lexer never looks back
  std::size_t at = at_;
  for (; i > 1 && at < end_; --i) at += decode(text_.substr(0, end_), at).bytes;
  if (at >= end_) return antlr4::IntStream::EOF;
  auto byte = static_cast<unsigned char>(text_[at]);
  return byte < 0x80 ? byte : decode(text_.substr(0, end_), at).value;
}

std::string ByteStream::getText(const antlr4::misc::Interval& interval) {
  if (interval.a < 0 || interval.b < interval.a) return {};
  auto begin = static_cast<std::size_t>(interval.a);
  return std::string(text_.substr(begin, static_cast<std::size_t>(interval.b) - begin + 1));
}

TokenList::TokenList(std::vector<TokenPtr> tokens) : tokens_(std::move(tokens)) {
  for (std::size_t i = 0; i < tokens_.size(); ++i) static_cast<antlr4::CommonToken&>(*tokens_[i]).setTokenIndex(i);
}

antlr4::Token* TokenList::LT(ssize_t k) {
  if (k == 0) return nullptr;
  if (k < 0) return at_ >= static_cast<std::size_t>(-k) ? tokens_[at_ - static_cast<std::size_t>(-k)].get() : nullptr;
  return tokens_[std::min(at_ + static_cast<std::size_t>(k) - 1, tokens_.size() - 1)].get();
}

std::size_t TokenList::LA(ssize_t i) {
  antlr4::Token* token = LT(i);
  return token ? token->getType() : 0;
}

void TokenList::consume() {
  if (at_ + 1 < tokens_.size()) ++at_;
}

}  // namespace nurture::syntax
