#include "tools/nurture/mending.h"

#include <fmt/format.h>

#include "compiler/format/diff.h"
#include "runtime/outcome/format.h"

namespace nurture::tool {

namespace {

constexpr std::uint64_t kLargestFile = 64u << 20;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

int Mending::run(const Checker::Visit& first) {
  constexpr int kRounds = 10;
  bool changed = true;
  for (int number = 0; number < kRounds && changed; ++number) {
    if (int code = round(number == 0 ? first : nullptr, changed); code != kOk) return code;
  }
  return kOk;
}

int Mending::round(const Checker::Visit& visit, bool& changed) {
  findings::Mender mender;
  int code = checker_.run(Severity::Advice, [&](const CheckedProgramme& each) -> int {
    mender.take(each.diagnostics, each.sources);
    return visit ? visit(each) : kOk;
  });
  if (code != kOk) return code;
  findings::Mender::Result made = mender.run();
  changed = !made.files.empty();
  unreadable_ = made.unreadable;
  if (changed) mended_ += made.mended;
  for (findings::Mender::File& file : made.files) {
    if (code = put(file); code != kOk) return code;
  }
  return kOk;
}

int Mending::put(findings::Mender::File& file) {
  auto now = files_.read_file(file.path, kLargestFile);
  if (!now) return fail(now.error());
  std::string mark(now->starts_with(kByteOrderMark) ? kByteOrderMark : "");
  if (*now != mark + file.before)
    return fail({file.path + " was changed while it was checked", "Nothing was written; try again."});
  files_.put(file.path, mark + file.after);
  return kOk;
}

int Mending::write() {
  auto written = files_.write();
  return written ? int{kOk} : fail(written.error());
}

int Mending::show() const {
  std::string text;
  for (const auto& [path, after] : files_.replaced()) {
    auto before = host_.files.read_file(path, kLargestFile);
    if (!before) return fail(before.error());
    text += format::unified_diff(*before, after, path, path);
  }
  return print(text);
}

std::string Mending::text() const {
  std::string out = fmt::format("{} mended in {}\n", outcome::counted(mended_, "finding", "findings"),
                                outcome::counted(files_.replaced().size(), "file", "files"));
  if (unreadable_ > 0) {
    out += fmt::format("{} left: after the change the file could not be read\n",
                       outcome::counted(unreadable_, "finding", "findings"));
  }
  return out;
}

}  // namespace nurture::tool
