#include "runtime/bytecode/codec.h"

#include <bit>
#include <fmt/format.h>

#include "runtime/base/hash.h"
#include "runtime/bytecode/format.h"
#include "runtime/bytecode/layout.h"

namespace nurture::bytecode {
namespace {

using layout::Code;
using layout::fields;
using layout::Presence;
using layout::Table;
using layout::Words;

class Writer {
 public:
  template <typename Integer>
  void put(Integer value) {
    auto bits = static_cast<std::make_unsigned_t<Integer>>(value);
    for (std::size_t i = 0; i < sizeof bits; ++i) out.push_back(static_cast<char>(bits >> (8 * i) & 0xff));
  }
  void put_size(std::size_t size) { put(static_cast<std::uint32_t>(size)); }

  void ref(const char*, const std::uint16_t& x, Table, Presence) { put(x); }
  void code(const char*, const Pc& x, Code, Presence) { put(x); }
  void flag(const char*, const bool& x) { put(static_cast<std::uint8_t>(x ? 1 : 0)); }
  template <typename Integer>
  void number(const char*, const Integer& x) {
    put(x);
  }
  template <typename Enum>
  void word(const char*, const Enum& x, Words) {
    put(static_cast<std::uint8_t>(x));
  }
  void value(const char*, const Value& x) {
    flag("", x.known);
    put(x.bits);
    put(x.aux);
  }
  template <typename T>
  void group(const char*, const T& x) {
    fields(*this, x);
  }
  template <typename T>
  void rows(const char*, const std::vector<T>& x) {
    put_size(x.size());
    for (const T& row : x) fields(*this, row);
  }
  void refs(const char*, const std::vector<std::uint16_t>& x, Table, Presence) {
    put_size(x.size());
    for (std::uint16_t row : x) put(row);
  }
  void texts(const char*, const std::vector<std::string>& x) {
    put_size(x.size());
    for (const std::string& text : x) {
      put_size(text.size());
      out += text;
    }
  }
  void lists(const char*, const std::vector<std::vector<Value>>& x) {
    put_size(x.size());
    for (const auto& list : x) {
      put_size(list.size());
      for (const Value& item : list) value("", item);
    }
  }
  void bytes(const char*, const std::vector<std::uint8_t>& x) {
    put_size(x.size());
    out.append(x.begin(), x.end());
  }

  std::string out;
};

/// Reads what Writer wrote. Past the end or at a value no Writer writes it fails for good and reads zeros; a vector
/// grows only as rows are really read, so memory stays within a small multiple of the input.
class Reader {
 public:
  explicit Reader(std::string_view input) : rest_(input) {}
  bool failed() const { return failed_; }
  bool at_end() const { return rest_.empty(); }

  template <typename Integer>
  Integer get() {
    std::make_unsigned_t<Integer> bits = 0;
    const std::string_view from = take(sizeof bits);
    for (std::size_t i = 0; i < from.size(); ++i) {
      bits = static_cast<decltype(bits)>(bits | static_cast<decltype(bits)>(static_cast<unsigned char>(from[i]))
                                                    << (8 * i));
    }
    return static_cast<Integer>(bits);
  }

  void ref(const char*, std::uint16_t& x, Table, Presence) { x = get<std::uint16_t>(); }
  void code(const char*, Pc& x, Code, Presence) { x = get<Pc>(); }
  void flag(const char*, bool& x) {
    const auto byte = get<std::uint8_t>();
    failed_ = failed_ || byte > 1;
    x = byte == 1;
  }
  template <typename Integer>
  void number(const char*, Integer& x) {
    x = get<Integer>();
  }
  template <typename Enum>
  void word(const char*, Enum& x, Words words) {
    const auto byte = get<std::uint8_t>();
    failed_ = failed_ || byte >= words.size();
    x = static_cast<Enum>(byte < words.size() ? byte : 0);
  }
  void value(const char*, Value& x) {
    flag("", x.known);
    x.bits = get<std::int64_t>();
    x.aux = get<std::int32_t>();
  }
  template <typename T>
  void group(const char*, T& x) {
    fields(*this, x);
  }
  template <typename T>
  void rows(const char*, std::vector<T>& x) {
    each([&] { fields(*this, x.emplace_back()); });
  }
  void refs(const char*, std::vector<std::uint16_t>& x, Table, Presence) {
    each([&] { x.push_back(get<std::uint16_t>()); });
  }
  void texts(const char*, std::vector<std::string>& x) {
    each([&] { x.emplace_back(take(get<std::uint32_t>())); });
  }
  void lists(const char*, std::vector<std::vector<Value>>& x) {
    each([&] {
      auto& list = x.emplace_back();
      each([&] { value("", list.emplace_back()); });
    });
  }
  void bytes(const char*, std::vector<std::uint8_t>& x) {
    const std::string_view from = take(get<std::uint32_t>());
    x.assign(from.begin(), from.end());
  }

 private:
  std::string_view take(std::size_t size) {
    if (failed_ || size > rest_.size()) {
      failed_ = true;
      return {};
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  template <typename Read>
  void each(Read read) {
    for (auto left = get<std::uint32_t>(); left > 0 && !failed_; --left) read();
  }

  std::string_view rest_;
  bool failed_ = false;
};

Error bad_module(std::string message) { return {std::move(message), "build it again with `nurture build`"}; }

/// The bytes behind the header, or what is wrong with the envelope.
Result<std::string_view> open_envelope(std::string_view bytes) {
  if (bytes.substr(0, kMagic.size()) != kMagic.substr(0, bytes.size())) {
    return bad_module("this is not a compiled programme: it does not begin as a .nbc file does");
  }
  if (bytes.size() < kHeaderSize) return bad_module("the compiled programme is cut short: it ends within its header");
  Reader header(bytes.substr(kMagic.size()));
  const auto version = header.get<std::uint32_t>();
  const auto length = header.get<std::uint64_t>();
  const auto checksum = header.get<std::uint64_t>();
  const std::string_view body = bytes.substr(kHeaderSize);
  if (version != kFormatVersion) {
    return bad_module(fmt::format("the compiled programme is of format {}, and this version of nurture reads format {}",
                                  version, kFormatVersion));
  }
  if (body.size() < length) {
    return bad_module(fmt::format("the compiled programme is cut short: {} bytes are missing", length - body.size()));
  }
  if (body.size() > length) return bad_module("the compiled programme was altered: something follows its end");
  if (hash64(body) != checksum) return bad_module("the compiled programme was altered: its checksum does not match");
  return body;
}

}  // namespace

std::string encode(const Module& module) {
  Writer body;
  fields(body, module);
  Writer file;
  file.out = kMagic;
  file.put(kFormatVersion);
  file.put(std::uint64_t{body.out.size()});
  file.put(hash64(body.out));
  file.out += body.out;
  return file.out;
}

Result<Module> decode(std::string_view bytes) {
  auto body = open_envelope(bytes);
  if (!body) return body.error();
  Module module;
  Reader reader(*body);
  fields(reader, module);
  if (reader.failed() || !reader.at_end()) {
    return bad_module("the compiled programme is damaged: its tables do not fit together");
  }
  if (auto status = verify(module); !status) return bad_module(status.error().message);
  return module;
}

}  // namespace nurture::bytecode
