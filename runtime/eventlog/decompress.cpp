#include "runtime/eventlog/decompress.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <vector>
#include <zlib.h>
#include <zstd.h>

namespace nurture::eventlog {
namespace {

constexpr std::size_t kChunk = 128 * 1024;
constexpr std::string_view kGzipMagic{"\x1f\x8b", 2};
constexpr std::string_view kZstdMagic{"\x28\xb5\x2f\xfd", 4};

/// A source whose next bytes can be looked at: input of the decompressors.
class Input final : public UnpackedSource {
 public:
  explicit Input(std::unique_ptr<ByteSource> source) : source_(std::move(source)), buffer_(kChunk) {}

  /// Bytes at hand; refilled when there are fewer than `least`, and then fewer only at the end.
  Result<std::string_view> peek(std::size_t least) {
    while (end_ - begin_ < least && !finished_) {
      std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
      auto count = source_->read(buffer_.data() + end_, buffer_.size() - end_);
      if (!count) return count.error();
      finished_ = *count == 0;
      end_ += *count;
    }
    return std::string_view(buffer_.data() + begin_, end_ - begin_);
  }
  void consume(std::size_t count) {
    begin_ += count;
    position_ += count;
  }
  std::uint64_t position() const { return position_; }
  std::uint64_t packed_position() const override { return position_; }

  Result<std::size_t> read(char* buffer, std::size_t size) override {
    if (begin_ == end_ && size >= kChunk) return read_past(buffer, size);
    auto bytes = peek(1);
    if (!bytes) return bytes.error();
    std::size_t count = std::min(size, bytes->size());
    std::memcpy(buffer, bytes->data(), count);
    consume(count);
    return count;
  }

 private:
  /// A large piece needs no stop in between.
  Result<std::size_t> read_past(char* buffer, std::size_t size) {
    auto count = finished_ ? Result<std::size_t>(0) : source_->read(buffer, size);
    if (!count) return count;
    finished_ = *count == 0;
    position_ += *count;
    return count;
  }

  std::unique_ptr<ByteSource> source_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;
  std::uint64_t position_ = 0;  // of begin_, in the compressed file
  bool finished_ = false;
};

Error damaged(const std::string& path, std::uint64_t byte, const std::string& why) {
  return {"cannot read " + path + ": its compression is damaged at byte " + std::to_string(byte) + ": " + why,
          "fetch the file again; the lines before the damage may be kept by unpacking it by hand"};
}

class GzipSource final : public UnpackedSource {
 public:
  GzipSource(std::unique_ptr<Input> input, std::string path) : input_(std::move(input)), path_(std::move(path)) {
    ready_ = inflateInit2(&stream_, 15 + 16) == Z_OK;
  }
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;
  ~GzipSource() override { inflateEnd(&stream_); }

  Result<std::size_t> read(char* buffer, std::size_t size) override {
    if (!ready_) return Error{"cannot unpack " + path_ + ": out of memory", ""};
    while (true) {
      auto bytes = input_->peek(1);
      if (!bytes) return bytes.error();
      if (between_members_) {
        auto more = next_member();
        if (!more) return more.error();
        if (!*more) return std::size_t{0};
        continue;
      }
      if (bytes->empty()) return damaged(path_, input_->position(), "it ends early");
      auto produced = inflate_some(*bytes, buffer, size);
      if (!produced || *produced > 0) return produced;
    }
  }

  std::uint64_t packed_position() const override { return input_->position(); }

 private:
  /// After a member: true if another follows. Padding with zeros is no member.
  Result<bool> next_member() {
    while (true) {
      auto bytes = input_->peek(kGzipMagic.size());
      if (!bytes) return bytes.error();
      if (bytes->empty()) return false;
      if (bytes->starts_with(kGzipMagic)) break;
      if (bytes->front() != '\0') return damaged(path_, input_->position(), "something else follows the packed data");
      input_->consume(1);
    }
    between_members_ = false;
    inflateReset(&stream_);
    return true;
  }

  Result<std::size_t> inflate_some(std::string_view bytes, char* buffer, std::size_t size) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    stream_.next_out = reinterpret_cast<Bytef*>(buffer);
    stream_.avail_out = static_cast<uInt>(std::min<std::size_t>(size, 1U << 30));
    uInt room = stream_.avail_out;
    int status = inflate(&stream_, Z_NO_FLUSH);
    input_->consume(bytes.size() - stream_.avail_in);
    if (status == Z_STREAM_END) {
      between_members_ = true;
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      return damaged(path_, input_->position(), stream_.msg ? stream_.msg : "the packed data makes no sense");
    }
    return static_cast<std::size_t>(room - stream_.avail_out);
  }

  std::unique_ptr<Input> input_;
  std::string path_;
  z_stream stream_{};
  bool ready_ = false;
  bool between_members_ = false;
};

class ZstdSource final : public UnpackedSource {
 public:
  ZstdSource(std::unique_ptr<Input> input, std::string path)
      : input_(std::move(input)), path_(std::move(path)), stream_(ZSTD_createDStream()) {}
  ZstdSource(const ZstdSource&) = delete;
  ZstdSource& operator=(const ZstdSource&) = delete;
  ~ZstdSource() override { ZSTD_freeDStream(stream_); }

  Result<std::size_t> read(char* buffer, std::size_t size) override {
    if (!stream_) return Error{"cannot unpack " + path_ + ": out of memory", ""};
    ZSTD_outBuffer out{buffer, size, 0};
    while (out.pos == 0) {
      auto bytes = input_->peek(1);
      if (!bytes) return bytes.error();
      if (bytes->empty() && frame_done_) return std::size_t{0};
      // Output may be waiting inside although the input has ended.
      ZSTD_inBuffer in{bytes->data(), bytes->size(), 0};
      std::size_t left = ZSTD_decompressStream(stream_, &out, &in);
      input_->consume(in.pos);
      if (ZSTD_isError(left)) return damaged(path_, input_->position(), ZSTD_getErrorName(left));
      frame_done_ = left == 0;
      if (bytes->empty() && out.pos == 0 && !frame_done_) return damaged(path_, input_->position(), "it ends early");
    }
    return out.pos;
  }

  std::uint64_t packed_position() const override { return input_->position(); }

 private:
  std::unique_ptr<Input> input_;
  std::string path_;
  ZSTD_DStream* stream_;
  bool frame_done_ = false;
};

}  // namespace

Result<std::unique_ptr<UnpackedSource>> decompressed(std::unique_ptr<ByteSource> source, const std::string& path) {
  auto input = std::make_unique<Input>(std::move(source));
  auto start = input->peek(kZstdMagic.size());
  if (!start) return start.error();
  if (start->starts_with(kGzipMagic)) {
    return std::unique_ptr<UnpackedSource>(new GzipSource(std::move(input), path));
  }
  if (start->starts_with(kZstdMagic)) {
    return std::unique_ptr<UnpackedSource>(new ZstdSource(std::move(input), path));
  }
  bool named_so = path.ends_with(".gz") || path.ends_with(".zst");
  if (named_so && !start->empty()) return damaged(path, 0, "its name says that it is packed, its first bytes do not");
  return std::unique_ptr<UnpackedSource>(std::move(input));
}

}  // namespace nurture::eventlog
