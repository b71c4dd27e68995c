#include "runtime/store/image.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "runtime/base/hash.h"

namespace nurture::store::layout {
namespace {

/// One for each kBlock bytes.
class Checksums {
 public:
  void add(std::string_view bytes) {
    while (!bytes.empty()) {
      if (begun_.empty() && bytes.size() >= kBlock) {
        found_.push_back(checksum64(bytes.substr(0, kBlock)));
        bytes.remove_prefix(kBlock);
        continue;
      }
      const std::size_t taken = std::min(bytes.size(), kBlock - begun_.size());
      begun_.append(bytes.substr(0, taken));
      bytes.remove_prefix(taken);
      if (begun_.size() == kBlock) end_block();
    }
  }
  std::vector<std::uint64_t> finish() {
    if (!begun_.empty()) end_block();
    return std::move(found_);
  }

 private:
  void end_block() {
    found_.push_back(checksum64(begun_));
    begun_.clear();
  }

  std::vector<std::uint64_t> found_;
  std::string begun_;
};

void put_section(const Section& section, ByteWriter& out) {
  out.put(static_cast<std::uint8_t>(section.what));
  out.put(static_cast<std::uint8_t>(section.part));
  out.put(section.kind);
  out.put(section.field);
  out.put(section.width);
  out.put(section.count);
  out.put(section.offset);
  for (std::uint64_t checksum : section.checksums) out.put(checksum);
}

std::string directory_bytes(const Directory& about, const std::vector<Piece>& pieces) {
  ByteWriter out;
  write(about.names, out);
  out.text(about.facts);
  out.put(about.first_instant);
  out.put(about.last_instant);
  out.put(std::uint64_t{about.rows.size()});
  for (RowIndex rows : about.rows) out.put(rows);
  out.put(about.log_rows);
  out.put(about.account_attribute);
  out.put(std::uint64_t{about.row_attributes.size()});
  for (std::uint16_t attribute : about.row_attributes) out.put(attribute);
  out.put(std::uint64_t{pieces.size()});
  for (const Piece& each : pieces) put_section(each.section, out);
  return std::move(out).take();
}

std::string header(std::uint64_t directory_at, const std::string& directory) {
  ByteWriter out;
  for (char c : kMagic) out.put(c);
  out.put(kVersion);
  out.put(std::uint32_t{0});
  out.put(directory_at);
  out.put(std::uint64_t{directory.size()});
  out.put(checksum64(directory));
  out.put(directory_at + directory.size());
  out.put(hash64(out.bytes()));
  std::string page = std::move(out).take();
  page.resize(kHeader);
  return page;
}

/// Remembers the first failure, and where the file has come to.
class Writer {
 public:
  explicit Writer(ByteSink& sink) : sink_(sink) {}
  void put(std::string_view bytes) {
    at_ += bytes.size();
    if (failed_) return;
    if (Status done = sink_.write(bytes); !done) failed_ = done.error();
  }
  void pad_to(std::uint64_t offset) { put(std::string(offset - at_, '\0')); }
  Status status() const { return failed_ ? Status(*failed_) : Status(Done{}); }

 private:
  ByteSink& sink_;
  std::uint64_t at_ = 0;
  std::optional<Error> failed_;
};

}  // namespace

Status write_image(const Directory& about, std::vector<Piece> pieces, ByteSink& sink, Readers readers) {
  std::uint64_t at = kHeader;
  for (Piece& each : pieces) {
    at = aligned(at);
    each.section.offset = at;
    at += each.section.bytes();
    if (readers == Readers::ThisProcess) {
      each.section.checksums.resize(blocks(each.section.bytes()));
      continue;
    }
    Checksums checksums;
    each.bytes([&](std::string_view bytes) { checksums.add(bytes); });
    each.section.checksums = checksums.finish();
  }
  const std::uint64_t directory_at = aligned(at);
  const std::string directory = directory_bytes(about, pieces);
  Writer out(sink);
  out.put(header(directory_at, directory));
  for (const Piece& each : pieces) {
    out.pad_to(each.section.offset);
    each.bytes([&](std::string_view bytes) { out.put(bytes); });
    if (Status done = out.status(); !done) return done;
  }
  out.pad_to(directory_at);
  out.put(directory);
  return out.status();
}

void put_value(char* to, const Value& value) {
  std::memset(to, 0, sizeof value);
  std::memcpy(to + offsetof(Value, bits), &value.bits, sizeof value.bits);
  std::memcpy(to + offsetof(Value, aux), &value.aux, sizeof value.aux);
  std::memcpy(to + offsetof(Value, known), &value.known, sizeof value.known);
}

void put_change(char* to, const AttributeChange& change) {
  std::memset(to, 0, sizeof change);
  std::memcpy(to + offsetof(AttributeChange, attribute), &change.attribute, sizeof change.attribute);
  put_value(to + offsetof(AttributeChange, value), change.value);
}

}  // namespace nurture::store::layout
