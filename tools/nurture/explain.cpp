#include <algorithm>
#include <fmt/format.h>

#include "runtime/engine/engine.h"
#include "runtime/outcome/names.h"
#include "runtime/outcome/story.h"
#include "tools/nurture/logs.h"
#include "tools/nurture/run_options.h"

namespace nurture::tool {

namespace {

struct Options {
  std::string programme;
  LogOptions logs;
  std::string lead;
  std::string account;
  std::string until;
  AssumeText assume;
  std::string format = "text";
  std::string jit = "off";
};

Result<std::string> tell(const bytecode::Module& module, store::Store& store, store::LeadIndex lead, Instant until,
                         const Assuming& assumed, const Options& options, Host& host) {
  vm::BoundModule bound = vm::bind(module, store.texts, store.lists);
  outcome::StoryRecorder recorder;
  engine::RunOptions run;
  run.until = until;
  run.texts = true;
  run.leads = {lead};
  run.tracer = &recorder;
  run.scores = true;
  run.assumed = assumed.first;
  auto native = native_code(options.jit, RunLength::Few);
  if (!native) return native.error();
  run.native = std::move(*native);
  auto status = engine::run(bound, store, run, [&](std::size_t) { return &recorder; });
  if (!status) return status.error();
  auto story = outcome::tell(module, store, lead, recorder, outcome::horizon_of(store, until));
  story.assumed = assumed.words;
  return options.format == "json" ? outcome::to_json(story) : outcome::to_text(story, {100, host.color_out});
}

int run(const Options& options, Host& host) {
  if (options.lead.empty() == options.account.empty()) {
    return fail(Error{"say whose story to tell", "Name a lead with --lead, or an account with --account."}, kUsage);
  }
  int exit_code = kOk;
  auto loaded = load_programme(options.programme, host, exit_code);
  if (!loaded) return exit_code;
  auto until = parse_until(options.until, outcome::programme_zone(loaded->module));
  if (!until) return fail(until.error(), kUsage);
  auto assumed = assuming(loaded->module, options.assume);
  if (!assumed) return fail(assumed.error(), kUsage);
  auto logs = read_logs(loaded->module, options.logs, {}, host, exit_code);
  if (!logs) return exit_code;
  auto lead =
      options.account.empty() ? find_lead(logs->store, options.lead) : find_account(logs->store, options.account);
  if (!lead) return fail(lead.error(), kUsage);
  auto text = tell(loaded->module, logs->store, *lead, *until, *assumed, options, host);
  return text ? print(*text) : fail(text.error());
}

}  // namespace

void register_explain(Command app, Host& host, int& exit_code) {
  Command command =
      app.add_command("explain", "Tell the story of one lead or account: what happened, what did not, and why");
  auto options = std::make_shared<Options>();
  command.add_option("programme", options->programme, "a .nurture file, a folder of them, or a .nbc").required();
  add_log_options(command, options->logs);
  command.add_option("--lead", options->lead, "whose story: the lead's key as in the log");
  command.add_option("--account", options->account, "or an account's, where campaigns are for accounts");
  command.add_option("--until", options->until, "end here instead of at the log's last event: a date or an instant");
  add_assumption_option(command, options->assume);
  add_jit_option(command, options->jit);
  add_format(command, options->format);
  command.footer(
      "Example:\n"
      "  nurture explain examples/welcome --events log.ndjson --leads leads.csv --lead lead-7@example.com\n\n"
      "Exit codes: 0 told; 1 the programme has errors; 2 wrong command line, or no such lead; 3 a file could not be "
      "read.");
  command.runs([options, &host, &exit_code] { exit_code = run(*options, host); });
}

}  // namespace nurture::tool
