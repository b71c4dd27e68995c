#include "programme.h"

namespace nurture::tests {

namespace {

constexpr std::string_view kMini = R"(
lead {
  first_name: text?  country: text?  timezone: text?  owner: text?
  role: choice [champion, buyer, "end user"]?
  lifecycle: choice [inquiry, customer] = inquiry
  visits: integer = 0  discount: percent?  budget: decimal?  fit: number?
  renewal_on: date?  seen_at: datetime?  asked: boolean?  vip: boolean = false
  topics: list of text = []
}
account { industry: text?  employees: integer?  open: integer = 0 }
event form.submitted by lead { form: text  page: text? }
event page.viewed by lead { url: text  seconds: integer?  form: text? }
event email.clicked by lead unless machine { content: text  machine: boolean = false }
event email.replied by lead { content: text? }
event demo.requested by lead
event webinar.registered by lead { webinar: text  starts_at: datetime?  form: integer? }
event order.placed by lead { invoice: text  total: decimal?  due_on: date?  tags: list of text = []  state: choice [open, paid]? }
event lead.updated by system
content hello: email { subject "Hello" }
content bye: email { subject "Bye" }
content ping: sms { body "ping.md" }
)";
const std::string_view kMiniText = kMini;

}  // namespace

Result<std::string> MemoryFiles::read_file(const std::string& path, std::uint64_t) {
  auto found = files.find(path);
  if (found == files.end()) return Error{"cannot read " + path + ": no such file", {}};
  return found->second;
}

Result<std::unique_ptr<ByteSource>> MemoryFiles::open(const std::string& path) {
  return Error{"cannot open " + path, {}};
}
Result<std::unique_ptr<ByteSink>> MemoryFiles::create(const std::string& path) {
  return Error{"cannot write " + path, {}};
}

bool MemoryFiles::is_directory(const std::string& path) {
  auto next = files.lower_bound(path + "/");
  return next != files.end() && next->first.starts_with(path + "/");
}

Result<std::vector<std::string>> MemoryFiles::list(const std::string& folder) {
  std::vector<std::string> paths;
  for (const auto& [path, text] : files) {
    if (path.starts_with(folder + "/")) paths.push_back(path);
  }
  return paths;
}

const sema::Library& mini_library() {
  static const EmbeddedFile kModules[] = {{"mini.nurture", kMiniText}};
  static const sema::Library library(kModules);
  return library;
}

std::unique_ptr<sema::Unit> load(MemoryFiles& files, const std::string& path) {
  auto unit = std::make_unique<sema::Unit>();
  Status status = sema::load(*unit, path, mini_library(), files);
  NURTURE_CHECK(status.ok());
  return unit;
}

std::unique_ptr<sema::Unit> check(const std::string& text) {
  MemoryFiles files;
  files.files["main.nurture"] = "use mini\n" + text;
  return load(files, "main.nurture");
}

std::string clauses(const std::string& text) {
  return "campaign c {\n  enter on form.submitted\n  " + text + "\n  stage start { stay }\n}\n";
}

std::string statements(const std::string& text) {
  return "campaign c {\n  enter on form.submitted\n  stage start {\n    " + text +
         "\n  }\n  stage other { exit as gone }\n}\n";
}

std::string condition(const std::string& text) { return statements("if " + text + " { stay }"); }

std::string listing(const sema::Unit& unit) {
  std::string result;
  for (const Diagnostic& each : unit.diagnostics.all()) {
    LineColumn at = unit.sources.file(each.span.file).locate(each.span.begin);
    result += fmt::format("{} {}:{}:{} {}\n", info(each.id).code, unit.sources.file(each.span.file).path(), at.line,
                          at.column, each.message);
  }
  return result;
}

}  // namespace nurture::tests
