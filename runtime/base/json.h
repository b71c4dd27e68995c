#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nurture {

/// Appends `text` as a JSON string, quotes included. Bytes that are not UTF-8 become U+FFFD, so the result is always
/// JSON.
void append_json_string(std::string& out, std::string_view text);

/// Writes JSON front to back; members stand in the order in which they are written. Nesting and keys are the caller's
/// duty: a key inside an object before each value, every begin with its end.
///
///   JsonWriter w(JsonWriter::Layout::Indented);
///   w.begin_object().member("leads", 3).key("names").begin_array().value("a").end_array().end_object();
class JsonWriter {
 public:
  enum class Layout : std::uint8_t { Compact, Indented };  ///< Indented: two spaces a level
  explicit JsonWriter(Layout layout = Layout::Compact) : layout_(layout) {}

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }
  JsonWriter& key(std::string_view name);

  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
  JsonWriter& value(bool truth);
  JsonWriter& value(double number);  ///< shortest form that reads back the same; not finite: null
  template <std::integral T>
  JsonWriter& value(T number) {
    return raw(std::to_string(number));
  }
  JsonWriter& null() { return raw("null"); }

  template <typename T>
  JsonWriter& member(std::string_view name, const T& what) {
    return key(name).value(what);
  }

  const std::string& text() const { return out_; }
  std::string take() && { return std::move(out_); }

 private:
  struct Level {
    bool empty = true;
  };
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  JsonWriter& raw(std::string_view text);
  void before_value();
  void new_line();

  Layout layout_;
  std::string out_;
  std::vector<Level> levels_;
  bool after_key_ = false;
};

}  // namespace nurture
