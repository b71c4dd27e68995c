#include "runtime/base/xml.h"

#include "runtime/base/utf8.h"

namespace nurture {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

void append_ascii(std::string& out, char c) {
  if (c == '&') {
    out += "&amp;";
  } else if (c == '<') {
    out += "&lt;";
  } else if (c == '>') {
    out += "&gt;";
  } else if (c == '"') {
    out += "&quot;";
  } else if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') {
    out += kReplacement;
  } else {
    out += c;
  }
}

}  // namespace

std::string xml_text(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t length = utf8_length(text, i);
    std::string_view character = text.substr(i, length);
    if (length == 1) {
      append_ascii(out, text[i]);
    } else {
      bool none = length == 0 || character == "\xEF\xBF\xBE" || character == "\xEF\xBF\xBF";
      out += none ? kReplacement : character;
    }
    i += length == 0 ? 1 : length;
  }
  return out;
}

}  // namespace nurture
