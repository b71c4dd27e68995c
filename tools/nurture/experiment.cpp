#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "runtime/engine/engine.h"
#include "runtime/experiment/counterfactual.h"
#include "runtime/outcome/names.h"
#include "runtime/outcome/summary.h"
#include "tools/nurture/logs.h"
#include "tools/nurture/recorded.h"

namespace nurture::tool {

namespace {

struct Options {
  LogOptions logs;
  Question question;
  std::vector<std::string> policies;
  std::vector<std::string> shares;
  std::string against;
  std::string until;
  std::string format = "text";
};

/// "ARM=NUMBER", of several.
Result<std::map<std::string, double>> shares_of(const std::vector<std::string>& given) {
  std::map<std::string, double> out;
  for (const std::string& each : given) {
    const auto equals = each.rfind('=');
    double share = 0;
    const char* end = each.data() + each.size();
    const bool read = equals != std::string::npos && std::from_chars(each.data() + equals + 1, end, share).ptr == end &&
                      share > 0 && share < 1e9;
    if (!read || !out.emplace(each.substr(0, equals), share).second) {
      return Error{fmt::format("--share \"{}\" is not an arm and its share, each arm once", each),
                   "Write `--share Mens=50 --share Womens=50`, on any scale."};
    }
  }
  return out;
}

Result<experiment::Recorded> observe(const Asked& asked, store::Store& store, Instant until, unsigned threads,
                                     Host& host) {
  vm::BoundModule bound = vm::bind(asked.module, store.texts, store.lists);
  engine::RunOptions run;
  run.threads = thread_count(threads);
  run.until = until;
  run.campaigns = {asked.lookout.campaign};
  Progress progress(host, "looking at the experiment");
  run.progress = [&](std::uint64_t done) { progress.show(done, store.leads.size(), "leads"); };
  std::vector<std::unique_ptr<experiment::RecordedSink>> sinks;
  auto status = engine::run(bound, store, run, [&](std::size_t) {
    sinks.push_back(std::make_unique<experiment::RecordedSink>(asked.module, store, asked.lookout,
                                                               outcome::horizon_of(store, until)));
    return sinks.back().get();
  });
  if (!status) return status.error();
  experiment::Recorded out;
  for (const auto& sink : sinks) out.merge(sink->recorded());
  return out;
}

Result<Question> question_of(const Options& options) {
  Question question = options.question;
  for (const std::string& text : options.policies) {
    auto policy = parse_policy(text);
    if (!policy) return policy.error();
    question.policies.push_back(std::move(*policy));
  }
  return question;
}

std::vector<experiment::PolicyEstimate> estimates(const Question& question, const experiment::Recorded& recorded,
                                                  const experiment::Experiment& experiment) {
  std::vector<experiment::PolicyEstimate> out;
  for (std::size_t i = 0; i < question.policies.size(); ++i) {
    experiment::Policy policy{question.policies[i].text, {}, {}};
    for (const PolicyRule& rule : question.policies[i].rules) {
      policy.arms.push_back(rule.arm);
      policy.rules.push_back(rule.condition);
    }
    out.push_back(experiment::estimate(policy, i, recorded, experiment));
  }
  return out;
}

int print_document(const Options& options, const eventlog::ImportTotals& totals,
                   const experiment::Experiment& experiment, const std::vector<experiment::PolicyEstimate>& policies,
                   Host& host) {
  if (options.format != "json") {
    const std::string other = policies.empty() ? "" : "\n" + experiment::to_text(policies, host.color_out);
    return print(totals_text(totals, options.logs.rejects) + "\n" + experiment::to_text({experiment}, host.color_out) +
                 other);
  }
  return print(fmt::format("{{\"log\":{},\"experiments\":{},\"counterfactual\":{}}}\n", totals_json(totals),
                           experiment::to_json({experiment}), experiment::to_json(policies)));
}

int run(const Options& options, Host& host) {
  int exit_code = kOk;
  auto shares = shares_of(options.shares);
  if (!shares) return fail(shares.error(), kUsage);
  auto question = question_of(options);
  if (!question) return fail(question.error(), kUsage);
  auto asked = ask(*question, host, exit_code);
  if (!asked) return exit_code;
  auto until = parse_until(options.until, outcome::programme_zone(asked->module));
  if (!until) return fail(until.error(), kUsage);
  auto logs = read_logs(asked->module, options.logs, {asked->lookout.campaign}, host, exit_code);
  if (!logs) return exit_code;
  auto recorded = observe(*asked, logs->store, *until, options.logs.threads, host);
  if (!recorded) return fail(recorded.error());
  auto experiment =
      experiment::experiment_of(*recorded, {question->arm, asked->goals, std::move(*shares), options.against});
  if (!experiment) return fail(experiment.error(), kFindings);
  const auto policies = estimates(*question, *recorded, *experiment);
  const bool refused = std::any_of(policies.begin(), policies.end(), [](const auto& p) { return !p.refusals.empty(); });
  const int printed = print_document(options, logs->totals, *experiment, policies, host);
  return printed == kOk && refused ? kFindings : printed;
}

constexpr std::string_view kFooter =
    "An experiment that is in the log: which arm each lead was given, as an attribute or a property of an event.\n"
    "The splits and holdouts of a programme are compared by `nurture simulate`.\n\n"
    "Examples:\n"
    "  nurture experiment log.ndjson --arm mail.assigned.arm --goal 'visit within 14 days' --against 'No E-Mail'\n"
    "  nurture experiment log.ndjson --leads leads.csv --arm lead.variant --goal order.placed\n"
    "  nurture experiment shop.csv --programme shop --source orders --arm lead.test_group \\\n"
    "    --goal 'sale: order.placed where amount > 50 within 30 days' --share test=90 --share control=10\n\n"
    "  nurture experiment log.ndjson --leads leads.csv --arm mail.assigned.arm --goal visit \\\n"
    "    --counterfactual 'Mens if lead.bought is \"mens\"; Womens otherwise'\n\n"
    "Exit codes: 0 told; 1 the log has no such experiment, a policy was refused, or a line was rejected under\n"
    "--strict; 2 wrong command line; 3 a file could not be read.";

void add_question(Command command, Options& options) {
  command
      .add_option("log", options.logs.events,
                  "files, folders, globs, - for standard input; NDJSON or CSV, plain, .gz or .zst; or a store")
      .required();
  command.add_option("--arm", options.question.arm, "what says the arm: lead.ATTRIBUTE or EVENT.PROPERTY").required();
  command
      .add_option("--goal", options.question.goals,
                  "'[NAME:] EVENT [where CONDITION] [within DURATION]', counted from when the arm was given (may be "
                  "repeated)")
      .required()
      .takes_all();
  command.add_option("--against", options.against,
                     "the arm that the others are compared with (else the first by name)");
  command.add_option("--share", options.shares, "ARM=SHARE as it was meant, for each arm (else equal parts)");
  command
      .add_option("--counterfactual", options.policies,
                  "'ARM if CONDITION; ARM otherwise': what this would have done instead (may be repeated)")
      .takes_all();
  command.add_option("--by", options.question.by,
                     "within what arms were drawn, where their chances differed: lead.ATTRIBUTE, or a condition");
  command.add_option("--programme", options.question.programme,
                     "declares the events and attributes, with their types; `source`s and segments of it may be used");
}

}  // namespace

void register_experiment(Command app, Host& host, int& exit_code) {
  Command command = app.add_command("experiment", "Compare the arms of an experiment that a log records");
  auto options = std::make_shared<Options>();
  add_question(command, *options);
  command.add_option("--until", options->until, "end here instead of at the log's last event: a date or an instant");
  add_reading_options(command, options->logs);
  add_format(command, options->format);
  command.footer(std::string(kFooter));
  command.runs([options, &host, &exit_code] { exit_code = run(*options, host); });
}

}  // namespace nurture::tool
