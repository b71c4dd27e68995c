#include "runtime/store/directory.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "runtime/base/hash.h"
#include "runtime/store/tidy.h"

namespace nurture::store::layout {
namespace {

/// Bytes of an item; nothing for a column, whose items have the width that they need.
constexpr std::array<std::uint8_t, kTables> kWidths = {8, 1, 8, sizeof(Value),           4, 8, 8, 4, 4, 1, 8, 4,
                                                       4, 8, 4, sizeof(AttributeChange), 1, 1, 8, 1};
constexpr std::array<std::string_view, kWhats> kNames = {"the places of the texts",
                                                         "the texts",
                                                         "the places of the lists",
                                                         "the lists",
                                                         "the leads",
                                                         "the first events of the leads",
                                                         "the beginnings of the leads",
                                                         "the accounts of the leads",
                                                         "the accounts",
                                                         "the kinds",
                                                         "the instants",
                                                         "the rows",
                                                         "the positions",
                                                         "the events with changes",
                                                         "the places of the changes",
                                                         "the changes",
                                                         "the marks of the leads",
                                                         "the marks of the accounts",
                                                         "the ids",
                                                         "the rejected lines",
                                                         "the attribute lead.",
                                                         "the attribute account.",
                                                         "the property ",
                                                         "what a table took back of lead.",
                                                         "what a table took back of account.",
                                                         "what the rows said of lead.",
                                                         "what the programme says of lead."};
constexpr std::array<std::string_view, 3> kParts = {"", " (calendar parts)", " (which are known)"};

bool is_column(What what) { return what >= What::LeadAttribute; }

bool width_fits(const Section& section) {
  const std::uint8_t width = section.width;
  if (!is_column(section.what)) return width == kWidths[static_cast<std::size_t>(section.what)];
  if (section.part == Part::Known) return width == sizeof(std::uint64_t);
  return width == 0 || width == 1 || width == 2 || width == 4 || width == 8;
}

/// Whether there is such a column.
bool field_fits(const Section& section, const SchemaNames& names, std::size_t row_attributes) {
  switch (section.what) {
    case What::LeadAttribute:
    case What::LeadCleared:
    case What::Otherwise:
      return section.field < names.lead.size();
    case What::Said:
      return section.field < row_attributes;
    case What::AccountAttribute:
    case What::AccountCleared:
      return section.field < names.account.size();
    case What::Property:
      return section.kind < names.kinds.size() && section.field < names.kinds[section.kind].properties.size();
    default:
      return section.part == Part::Bits && section.kind == 0 && section.field == 0;
  }
}

auto key(const Section& section) { return std::tuple(section.what, section.kind, section.field, section.part); }

/// Reads the directory proper: bytes whose checksum is right, and which may still say anything.
class Reader {
 public:
  Reader(std::string_view bytes, std::uint64_t end) : in_(bytes), end_(end) {}

  std::optional<Directory> run() {
    Directory out;
    out.names = read_names(in_);
    out.facts = in_.text();
    out.first_instant = in_.get<Instant>();
    out.last_instant = in_.get<Instant>();
    out.rows.resize(in_.rows(sizeof(RowIndex)));
    for (RowIndex& rows : out.rows) rows = in_.get<RowIndex>();
    out.log_rows = in_.get<std::uint32_t>();
    out.account_attribute = in_.get<std::uint16_t>();
    const bool names_account = out.account_attribute != bytecode::kNone;
    if (names_account &&
        (out.account_attribute >= out.names.lead.size() || !is_text(out.names.lead[out.account_attribute].kind))) {
      return std::nullopt;
    }
    out.row_attributes.resize(in_.rows(sizeof(std::uint16_t)));
    for (std::uint16_t& attribute : out.row_attributes) {
      attribute = in_.get<std::uint16_t>();
      if (attribute >= out.names.lead.size()) return std::nullopt;
    }
    out.sections.resize(in_.rows(kLeast));
    for (Section& section : out.sections) {
      if (!in_.ok() || !read(section, out)) return std::nullopt;
    }
    const bool whole = in_.finished() && aligned(at_) == end_ && out.rows.size() == out.names.kinds.size();
    return whole && all_there(out) ? std::optional(std::move(out)) : std::nullopt;
  }

 private:
  static constexpr std::size_t kLeast = 23;  ///< bytes of a section without checksums

  bool read(Section& section, const Directory& out) {
    const auto what = in_.get<std::uint8_t>();
    const auto part = in_.get<std::uint8_t>();
    if (what >= kWhats || part >= kParts.size()) return false;
    section.what = static_cast<What>(what);
    section.part = static_cast<Part>(part);
    section.kind = in_.get<std::uint16_t>();
    section.field = in_.get<std::uint16_t>();
    section.width = in_.get<std::uint8_t>();
    section.count = in_.get<std::uint64_t>();
    section.offset = in_.get<std::uint64_t>();
    const bool fits = width_fits(section) && field_fits(section, out.names, out.row_attributes.size());
    if (!in_.ok() || !fits || !fits_file(section)) return false;
    section.checksums.resize(blocks(section.bytes()));
    for (std::uint64_t& checksum : section.checksums) checksum = in_.get<std::uint64_t>();
    return in_.ok();
  }
  /// Sections stand one behind the other, nothing between them but zeros up to the next multiple of kAlignment.
  bool fits_file(const Section& section) {
    if (section.offset != aligned(at_) || section.offset > end_) return false;
    constexpr std::uint64_t kMost = std::uint64_t{1} << 40;  ///< items: far from where products overflow
    if (section.count > kMost || section.bytes() > end_ - section.offset) return false;
    at_ = section.offset + section.bytes();
    return true;
  }
  static bool all_there(const Directory& out) {
    for (std::size_t what = 0; what < kWidths.size(); ++what) {
      if (what >= out.sections.size() || out.sections[what].what != static_cast<What>(what)) return false;
    }
    return std::is_sorted(out.sections.begin(), out.sections.end(),
                          [](const Section& a, const Section& b) { return key(a) <= key(b); }) &&
           std::adjacent_find(out.sections.begin(), out.sections.end(), [](const Section& a, const Section& b) {
             return key(a) >= key(b);
           }) == out.sections.end();
  }

  ByteReader in_;
  std::uint64_t end_;  // of the sections
  std::uint64_t at_ = kHeader;
};

template <typename Number>
Number number_at(std::string_view bytes, std::size_t at) {
  return ByteReader(bytes.substr(at, sizeof(Number))).get<Number>();
}

bool zeros(std::string_view bytes) { return bytes.find_first_not_of('\0') == std::string_view::npos; }

/// `file`: from the header on, which is at byte `begin`. The size of the image.
Result<std::uint64_t> check_header(std::string_view file, const std::string& path, std::uint64_t begin) {
  const std::uint64_t has = begin + file.size();
  if (file.size() < kHeader) return damaged(path, fmt::format("it is cut short, after {} bytes", has));
  const auto version = number_at<std::uint32_t>(file, 8);
  if (version != kVersion && hash64(file.substr(0, 48)) == number_at<std::uint64_t>(file, 48)) {
    return Error{fmt::format("the store {} has version {} of the format, and this nurture reads version {}", path,
                             version, kVersion),
                 "import the log again with this nurture: nurture log import"};
  }
  const bool rest = zeros(file.substr(kHeaderUsed, kHeader - kHeaderUsed));
  if (!is_store(file) || !rest || hash64(file.substr(0, 48)) != number_at<std::uint64_t>(file, 48) ||
      number_at<std::uint32_t>(file, 12) != 0) {
    return damaged(path, fmt::format("the header (bytes {} to {}) is not what was written", begin, begin + kHeader));
  }
  const auto size = number_at<std::uint64_t>(file, 40);
  if (size >= kHeader && size <= file.size()) return size;
  return damaged(path, fmt::format("it has {} bytes, and {} were written", has, begin + size));
}

}  // namespace

const Section* Directory::find(What what, Part part, std::size_t kind, std::size_t field) const {
  const auto wanted = std::tuple(what, static_cast<std::uint16_t>(kind), static_cast<std::uint16_t>(field), part);
  const auto found = std::lower_bound(sections.begin(), sections.end(), wanted,
                                      [](const Section& section, const auto& k) { return key(section) < k; });
  return found != sections.end() && key(*found) == wanted ? &*found : nullptr;
}

Result<Directory> read_directory(std::string_view image, const std::string& path, std::uint64_t begin) {
  if (auto checked = check_header(image, path, begin); !checked) return checked.error();
  const auto offset = number_at<std::uint64_t>(image, 16);
  const auto size = number_at<std::uint64_t>(image, 24);
  const bool inside = offset >= kHeader && offset <= image.size() && size == image.size() - offset;
  const std::string_view bytes = inside ? image.substr(offset, size) : std::string_view();
  const std::string where = fmt::format("the directory (bytes {} to {})", begin + offset, begin + offset + size);
  if (!inside || checksum64(bytes) != number_at<std::uint64_t>(image, 32)) {
    return damaged(path, where + " is not what was written");
  }
  auto directory = Reader(bytes, offset).run();
  if (!directory) return damaged(path, where + " says what no store can be");
  return std::move(*directory);
}

std::string Directory::name_of(const Section& section) const {
  std::string name(kNames[static_cast<std::size_t>(section.what)]);
  const bool of_lead = section.what == What::LeadAttribute || section.what == What::LeadCleared ||
                       section.what == What::Said || section.what == What::Otherwise;
  if (of_lead) name += names.lead[section.what == What::Said ? row_attributes[section.field] : section.field].name;
  if (section.what == What::AccountAttribute || section.what == What::AccountCleared) {
    name += names.account[section.field].name;
  }
  if (section.what == What::Property) {
    const KindNames& kind = names.kinds[section.kind];
    name += fmt::format("{}.{}", kind.name, kind.properties[section.field].name);
  }
  return name + std::string(kParts[static_cast<std::size_t>(section.part)]);
}

Error damaged(const std::string& path, const std::string& how) {
  return {
      fmt::format("the store {} is damaged: {}", path, how),
      "import the log again, or take the file from a backup; `nurture log verify` names everything that is damaged"};
}

}  // namespace nurture::store::layout

namespace nurture::store {

Result<Images> images_in(std::string_view file, const std::string& path) {
  Images found;
  std::uint64_t begin = 0;
  while (true) {
    const auto size = layout::check_header(file.substr(begin), path, begin);
    if (!size) return size.error();
    found.all.push_back({begin, *size});
    found.end = begin + *size;
    begin = layout::next_image(found.end);
    const std::string_view header = file.substr(found.end, begin + layout::kHeader - found.end);
    if (layout::zeros(header)) {
      found.unfinished = found.end < file.size();
      return found;
    }
    if (begin >= file.size() || !layout::zeros(file.substr(found.end, begin - found.end))) {
      return layout::damaged(path,
                             fmt::format("the gap behind a part (bytes {} to {}) is not empty", found.end, begin));
    }
  }
}

}  // namespace nurture::store
