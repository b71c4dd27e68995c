#pragma once

#include <cstring>
#include <string>
#include <string_view>

#include "runtime/base/hash.h"

namespace nurture::eventlog::test {

/// Makes a store file's checksums right again, block by block, as somebody would who wants it believed. Knows the
/// layout of one-block sections: their checksum is the last of their row in the directory. A file that does not even
/// say where its directory stands is left alone.
inline std::string sealed(std::string file) {
  const auto number = [&](std::size_t at) {
    std::uint64_t value = 0;
    std::memcpy(&value, file.data() + at, sizeof value);
    return value;
  };
  const auto put = [&](std::size_t at, std::uint64_t value) { std::memcpy(file.data() + at, &value, sizeof value); };
  if (file.size() < 4096) return file;
  const std::size_t directory = number(16);
  const std::size_t directory_size = number(24);
  if (directory > file.size() || directory_size > file.size() - directory) return file;
  // Rows look like: … width u8, count u64, offset u64, checksum u64.
  for (std::size_t at = directory; at + 25 <= directory + directory_size; ++at) {
    const std::uint64_t width = static_cast<unsigned char>(file[at]), count = number(at + 1), offset = number(at + 9);
    const bool row = (width == 1 || width == 2 || width == 4 || width == 8 || width == 16 || width == 24) &&
                     offset >= 4096 && offset % 64 == 0 && offset < directory && count > 0 && count < directory &&
                     offset + width * count <= directory;
    if (row) put(at + 17, checksum64(std::string_view(file).substr(offset, width * count)));
  }
  put(32, checksum64(std::string_view(file).substr(directory, directory_size)));
  put(48, hash64(std::string_view(file).substr(0, 48)));
  return file;
}

}  // namespace nurture::eventlog::test
