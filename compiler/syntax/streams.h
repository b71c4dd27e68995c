#pragma once

#include <string_view>
#include <vector>

#include "compiler/syntax/antlr.h"

namespace nurture::syntax {

/// Where the first byte is that belongs to no UTF-8 character; its size if there is none.
std::size_t first_not_utf8(std::string_view text);

/// The bytes [begin, end) of a file as ANTLR's characters. Its index is the byte offset in the file, so that tokens
/// carry the spans of the diagnostics; a code point counts as one character at its first byte.
class ByteStream : public antlr4::CharStream {
 public:
  ByteStream(std::string_view content, std::size_t begin, std::size_t end) : text_(content), at_(begin), end_(end) {}

  void consume() override;
  std::size_t LA(ssize_t i) override;
  ssize_t mark() override { return -1; }
  void release(ssize_t) override {}
  std::size_t index() override { return at_; }
  void seek(std::size_t index) override { at_ = index; }
  std::size_t size() override { return end_; }
  std::string getSourceName() const override { return {}; }
  std::string getText(const antlr4::misc::Interval& interval) override;
  std::string toString() const override { return std::string(text_); }

 private:
  std::string_view text_;
  std::size_t at_;
  std::size_t end_;
};

/// The filtered tokens, all in memory, the last one EOF.
class TokenList : public antlr4::TokenStream {
 public:
  explicit TokenList(std::vector<TokenPtr> tokens);

  antlr4::Token* LT(ssize_t k) override;
  antlr4::Token* get(std::size_t index) const override { return tokens_[index].get(); }
  /// With the EOF.
  std::size_t count() const { return tokens_.size(); }
  antlr4::TokenSource* getTokenSource() const override { return nullptr; }
  std::string getText(const antlr4::misc::Interval&) override { return {}; }
  std::string getText() override { return {}; }
  std::string getText(antlr4::RuleContext*) override { return {}; }
  std::string getText(antlr4::Token*, antlr4::Token*) override { return {}; }
  void consume() override;
  std::size_t LA(ssize_t i) override;
  ssize_t mark() override { return 0; }
  void release(ssize_t) override {}
  std::size_t index() override { return at_; }
  void seek(std::size_t index) override { at_ = index; }
  std::size_t size() override { return tokens_.size(); }
  std::string getSourceName() const override { return {}; }

 private:
  std::vector<TokenPtr> tokens_;
  std::size_t at_ = 0;
};

}  // namespace nurture::syntax
