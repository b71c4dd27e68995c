#include <cstdlib>
#include <fmt/format.h>
#include <sys/resource.h>

#include "bench/harness.h"
#include "compiler/recall/memory.h"
#include "runtime/host/memory_file_system.h"

namespace nurture::bench {

namespace {

constexpr int kFiles = 1'000;

/// About 4 KB, with every kind of statement that campaigns have most of. Each `#` becomes its number.
constexpr std::string_view kCampaign = R"(
content hello_#: email {
  subject "{lead.first_name else 'Hello'}, a short guide to less downtime, number #"
  for     problem_identification
  offers  sales_conversation
}
content report_#: email {
  subject "What changed in {account.industry else 'your industry'} this year"
  for     solution_exploration
  offers  sales_conversation
}
content story_#: email { subject "How a plant like yours did it"  for supplier_selection  offers sales_conversation }
content prices_#: email { subject "What it costs, and what it saves"  for consensus_creation  offers sales_conversation }
content checklist_#: email { subject "A buyer's checklist"  for requirements_building  offers sales_conversation }
content benchmark_#: email { subject "Where do you stand?"  for requirements_building  offers sales_conversation }
content visit_#: email { subject "See it running"  for validation  offers sales_conversation }
stream library_#: [story_#, prices_#, checklist_#, benchmark_#, visit_#]

score interest_# {
  page.viewed where url starts with "/pricing/#" gives 5 at most 3 times per 1 day
  asset.downloaded                               gives 20
  webinar.attended                               gives 25
  halves every 30 days
  cap 200
}
segment ready_#: score.interest_# >= 60 or (lead.timeframe is "this quarter" and lead.budget_approved)
segment turned_down_#: any(sales.rejected in last 60 days)

/// Turns readers of whitepaper # into leads who are ready to talk, within half a year.
campaign number_# {
  audience lead.country in ["US", "CA"] and nurturable
  exclude  turned_down_#
  enter    on form.submitted where form is "whitepaper #"
  reenter  after 180 days
  lasts    at most 300 days as expired
  goal     won: opportunity.won within 180 days

  exit on email.unsubscribed  as opted_out
  exit on opportunity.created as in_sales_cycle

  limit email to 2 per 7 days

  on demo.requested { go to with_sales }
  when ready_#      { go to with_sales }

  stage educate {
    on email.clicked of hello_# { go to compare }

    send hello_#
    wait 5 days
    if lead.role in [champion, decision_maker] and count(page.viewed in last 5 days) >= 3 {
      send report_#
    } else if lead.seniority is director {
      send checklist_#
    } else {
      assign task to lead.owner else "sales desk" due in 2 days "Find out who decides at {account.name else 'this company'}"
    }
    wait until next Tuesday 09:00
    go to keep_warm
  }

  stage compare {
    on page.viewed where url starts with "/pricing" { notify lead.owner else "sales desk" "Looks at prices" }

    split offer_# {
      50% prices { send prices_# }
      50% story  { send story_# }
    }
    wait up to 7 days {
      on email.replied    { go to with_sales }
      on asset.downloaded { notify lead.owner else "sales desk" "Took {asset} as well"  keep waiting }
      otherwise           { assign call to lead.owner else "sales desk" due in 1 day "Compared offers, then went quiet" }
    }
    go to keep_warm
  }

  stage keep_warm {
    repeat every 2 weeks up to 5 times { send next of library_# }
    exit as finished
  }

  stage with_sales {
    hand off to sales "Ready to talk, came for {entry.form}" answer within 5 minutes
    wait up to 14 days {
      on sales.accepted { exit as accepted }
      on sales.rejected { go to at_rest }
      otherwise         { take back from sales  notify "sales manager" "Two weeks untouched" }
    }
    go to keep_warm
  }

  stage at_rest {
    // Sixty days without a call; mail goes on below.
    reset score.interest_#
    wait 60 days
    if was in number_# as accepted { exit as accepted_before }
    send visit_#
    wait up to 10 days {
      on email.replied { go to with_sales }
      on webinar.registered {
        notify lead.owner else "sales desk" "Comes to {webinar}"
        keep waiting
      }
      otherwise { assign task to lead.owner else "sales desk" due in 3 days "Ask {lead.first_name else 'them'} what has changed" }
    }
    go to keep_warm
  }
}
)";

/// What they have in common.
const std::string kHead = R"(use std.b2b

policy consent {
  never send email after email.unsubscribed, email.complained until email.subscribed
  never send email after email.bounced where kind is hard
}
)";

std::string campaign(int number) {
  std::string out;
  for (char c : kCampaign) out += c == '#' ? std::to_string(number) : std::string(1, c);
  return out;
}

std::uint64_t check(FileSystem& files, const std::string& path, driver::Depth depth) {
  auto checked = driver::check(path, files, depth);
  NURTURE_CHECK(checked.ok() && !checked->failed());
  return checked->unit->model.campaigns.size();
}

/// The command as it is started from a shell; its memory goes into `peak`.
std::uint64_t command(const Folder& folder, const std::string& arguments, std::uint64_t& peak) {
  const std::string line = fmt::format("cd '{0}' && XDG_CACHE_HOME='{0}/cache' '{1}' check {2} > /dev/null 2>&1",
                                       folder.path(), NURTURE_BINARY, arguments);
  NURTURE_CHECK(std::system(line.c_str()) == 0);
  rusage used{};
  ::getrusage(RUSAGE_CHILDREN, &used);
  peak = static_cast<std::uint64_t>(used.ru_maxrss) * 1024;
  return 1;
}

/// The file in which a check of the programme is remembered.
std::string remembered(FileSystem& files, const std::string& path) {
  recall::RecordingFileSystem recorded(files);
  auto checked = driver::check(path, recorded, driver::Depth::Review);
  NURTURE_CHECK(checked.ok() && recorded.complete());
  recall::Memory memory("bench");
  memory.remember(path, recorded.inputs(), *checked->unit);
  return memory.save();
}

/// What a check costs of which nothing has changed.
std::uint64_t check_again(FileSystem& files, const std::string& path, const std::string& bytes) {
  recall::Memory memory("bench");
  memory.load(bytes);
  auto found = memory.recall(path, files);
  NURTURE_CHECK(found.has_value());
  return found->campaigns;
}

}  // namespace

namespace {

void in_memory() {
  host::MemoryFileSystem files;
  files.put("one/one.nurture", kHead + campaign(0));
  files.put("many/a.nurture", kHead);
  for (int i = 0; i < kFiles; ++i) files.put(fmt::format("many/file_{}.nurture", i), campaign(i));
  const std::string memory = remembered(files, "many");
  headline(fmt::format("Check: one programme of {} files, a campaign of {} bytes each", kFiles, campaign(0).size()));
  std::vector<Contender> contenders = {
      {"the language alone", [&] { return check(files, "many", driver::Depth::Meaning); }},
      {"with guards and practice", [&] { return check(files, "many", driver::Depth::Review); }},
      {"again, nothing has changed", [&] { return check_again(files, "many", memory); }},
  };
  report(contenders, race(contenders), kFiles, "files");
}

/// The command itself, from starting the process to its end.
void as_processes() {
  Folder folder;
  folder.put("one/one.nurture", kHead + campaign(0));
  folder.put("many/a.nurture", kHead);
  for (int i = 0; i < kFiles; ++i) {
    folder.put(fmt::format("many/file_{}.nurture", i), campaign(i));
    folder.put(fmt::format("apart/programme_{0}/file_{0}.nurture", i), kHead + campaign(i));
  }
  std::uint64_t peak = 0;
  auto check = [&](const char* arguments) { return [&, arguments] { return command(folder, arguments, peak); }; };
  headline(fmt::format("`nurture check` as a process: {} campaigns of {} bytes", kFiles, campaign(0).size()));
  std::vector<Contender> contenders = {
      {"one programme, --no-cache", check("many --no-cache")},
      {"1,000 programmes, --no-cache", check("apart --no-cache")},
      {"one programme again", check("many")},
      {"1,000 programmes again", check("apart")},
      {"one file", check("one --no-cache")},
  };
  report(contenders, race(contenders), kFiles, "campaigns");
  fmt::print("  {:.0f} MiB at most\n", static_cast<double>(peak) / (1 << 20));
}

}  // namespace

void bench_check() {
  // First: what a process takes counts what the one that started it took before.
  as_processes();
  in_memory();
}

}  // namespace nurture::bench
