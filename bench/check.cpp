#include <fmt/format.h>

#include "bench/harness.h"
#include "runtime/host/memory_file_system.h"

namespace nurture::bench {

namespace {

constexpr int kFiles = 1'000;

std::string campaign(int number) {
  return fmt::format(R"(
content hello_{0}: email {{ subject "{{lead.first_name else 'Hello'}}, number {0}" }}
content story_{0}: email {{ subject "A story" }}
campaign number_{0} {{
  audience lead.country in ["US", "CA"]
  enter on form.submitted where form is "whitepaper {0}"
  lasts at most 90 days as expired
  goal won: opportunity.won within 180 days
  exit on email.unsubscribed as opted_out
  on demo.requested {{ go to with_sales }}
  stage educate {{
    send hello_{0}
    wait up to 7 days {{
      on email.clicked of hello_{0} {{ go to with_sales }}
      otherwise {{ send story_{0} }}
    }}
    exit as finished
  }}
  stage with_sales {{
    hand off to sales "Ready to talk" answer within 5 minutes
    wait up to 14 days {{
      on sales.accepted {{ exit as accepted }}
      on sales.rejected {{ go to educate }}
      otherwise {{ take back from sales }}
    }}
    exit as unanswered
  }}
}}
)",
                     number);
}

std::uint64_t check(host::MemoryFileSystem& files, const std::string& path) {
  auto checked = driver::check(path, files);
  NURTURE_CHECK(checked.ok() && !checked->failed());
  return checked->unit->model.campaigns.size();
}

}  // namespace

void bench_check() {
  host::MemoryFileSystem files;
  files.put("one/one.nurture", "use std.b2b\n" + campaign(0));
  files.put("many/a.nurture", "use std.b2b\n");
  for (int i = 0; i < kFiles; ++i) files.put(fmt::format("many/file_{}.nurture", i), campaign(i));
  headline(fmt::format("Check: {} files of one campaign each", kFiles));
  std::vector<Contender> contenders = {{"a programme of 1,000 files", [&] { return check(files, "many"); }}};
  auto seconds = race(contenders);
  report(contenders, seconds, kFiles, "files");
  std::vector<Contender> single = {{"one file (and std.b2b)", [&] { return check(files, "one"); }}};
  report(single, race(single), 1, "files");
}

}  // namespace nurture::bench
