#include <fmt/format.h>

#include "runtime/engine/engine.h"
#include "runtime/message/message.h"
#include "runtime/outcome/names.h"
#include "tools/nurture/logs.h"

namespace nurture::tool {

namespace {

/// What stands for a value that is known only once the lead has entered.
constexpr std::string_view kLater = "[known when it is sent]";

struct Options {
  std::string programme;
  std::string content;
  LogOptions logs;
  std::string lead;
  std::string until;
  bool html = false;
};

Result<std::uint16_t> find_content(const bytecode::Module& module, const std::string& name) {
  std::vector<std::string_view> names;
  for (std::uint16_t i = 0; i < module.contents.size(); ++i) {
    names.push_back(module.strings[module.contents[i].name]);
    if (names.back() == name) return i;
  }
  return Error{fmt::format("there is no content \"{}\" in this programme", name), did_you_mean(name, names)};
}

/// As it would look now, by the lead table alone.
message::Rendered preview(const vm::BoundModule& bound, const store::Store& store, store::LeadIndex lead,
                          const bytecode::Content& content) {
  const bytecode::Module& module = *bound.module;
  std::vector<Value> attributes;
  for (const auto& column : store.lead_attributes) attributes.push_back(column.at(lead));
  std::vector<Value> account;
  std::uint32_t row = store.lead_account[lead];
  if (row < store.accounts.size()) {
    for (const auto& column : store.account_attributes) account.push_back(column.at(row));
  }
  vm::Frame frame;
  frame.program = &bound;
  frame.zone = outcome::programme_zone(module);
  if (module.schema.lead_timezone != bytecode::kNone) {
    Value zone = attributes[module.schema.lead_timezone];
    const calendar::Zone* own = zone.known ? calendar::find_zone(store.texts.at(zone.text())) : nullptr;
    if (own != nullptr) frame.zone = own;
  }
  frame.lead = attributes.data();
  frame.account = account.empty() ? nullptr : account.data();
  return message::render(frame, nullptr, content, kLater);
}

/// As it was sent in the replay of the log, the last time.
Result<message::Rendered> replayed(const vm::BoundModule& bound, const store::Store& store, store::LeadIndex lead,
                                   std::uint16_t content, Instant until) {
  struct Deaf : outcome::Sink {
    void on(const outcome::Outcome&) override {}
    outcome::Kinds wants() const override { return 0; }
  } nobody;
  std::optional<message::Rendered> last;
  engine::RunOptions run;
  run.until = until;
  run.leads = {lead};
  run.on_sent = [&](const vm::Frame& frame, std::uint16_t campaign, std::uint16_t sent) {
    if (sent == content)
      last = message::render(frame, &bound.module->campaigns[campaign], bound.module->contents[content]);
  };
  auto status = engine::run(bound, store, run, [&](std::size_t) { return &nobody; });
  if (!status) return status.error();
  if (last) return std::move(*last);
  return Error{
      fmt::format("\"{}\" is not sent to \"{}\" in this log",
                  bound.module->strings[bound.module->contents[content].name], store.texts.at(store.leads[lead])),
      "`nurture explain` tells what the lead got instead; without --events the message is shown by the lead "
      "table alone."};
}

std::string as_text(const bytecode::Module& module, const bytecode::Content& content, const message::Rendered& made) {
  std::string out;
  const auto line = [&](std::string_view name, const std::string& text) {
    if (!text.empty()) out += fmt::format("{:<10}{}\n", fmt::format("{}:", name), text);
  };
  line("Channel", module.strings[content.channel]);
  line("From", made.from);
  line("Reply to", made.reply_to);
  line("Subject", made.subject);
  std::string asks;
  for (std::uint16_t attribute : made.asks)
    asks += (asks.empty() ? "" : ", ") + module.strings[module.schema.lead[attribute].name];
  line("Asks for", asks);
  std::string body = message::to_text(made.body, made.format);
  if (!body.empty()) out += "\n" + body + (body.ends_with('\n') ? "" : "\n");
  return out;
}

int run(const Options& options, Host& host) {
  int exit_code = kOk;
  auto loaded = load_programme(options.programme, host, exit_code);
  if (!loaded) return exit_code;
  auto index = find_content(loaded->module, options.content);
  if (!index) return fail(index.error(), kUsage);
  auto until = parse_until(options.until, outcome::programme_zone(loaded->module));
  if (!until) return fail(until.error(), kUsage);
  if (options.logs.events.empty() && options.logs.leads.empty())
    return fail({"neither --leads nor --events is given", "Name the lead table: --leads leads.csv."}, kUsage);
  auto logs = read_logs(loaded->module, options.logs, {}, host, exit_code);
  if (!logs) return exit_code;
  auto lead = find_lead(logs->store, options.lead);
  if (!lead) return fail(lead.error(), kUsage);
  const bytecode::Content& content = loaded->module.contents[*index];
  vm::BoundModule bound = vm::bind(loaded->module, logs->store.texts, logs->store.lists);
  Result<message::Rendered> made = options.logs.events.empty() ? Result(preview(bound, logs->store, *lead, content))
                                                               : replayed(bound, logs->store, *lead, *index, *until);
  if (!made) return fail(made.error(), kFindings);
  return print(options.html ? message::to_html(made->body, made->format, made->subject)
                            : as_text(loaded->module, content, *made));
}

}  // namespace

void register_render(Command app, Host& host, int& exit_code) {
  Command command = app.add_command("render", "Show a message as one lead would get it");
  auto options = std::make_shared<Options>();
  command.add_option("programme", options->programme, "a .nurture file, a folder of them, or a .nbc").required();
  command.add_option("content", options->content, "the name of the content").required();
  command.add_option("--lead", options->lead, "for whom: the lead's key as in the table or the log").required();
  add_log_options(command, options->logs, false);
  command.add_option("--until", options->until, "with --events: as last sent until this date or instant");
  command.add_flag("--html", options->html, "the body as HTML");
  command.footer(
      "Without --events the lead is as the lead table says. With --events the log is replayed, and the message shown "
      "as\n"
      "it was last sent: with the attributes of that moment and what the lead came for.\n\n"
      "Example:\n"
      "  nurture render examples/welcome welcome_1 --leads leads.csv --lead lead-7@example.com\n\n"
      "Exit codes: 0 shown; 1 the programme has errors, or the message was not sent; 2 wrong command line, no such "
      "lead or\n"
      "content; 3 a file could not be read.");
  command.runs([options, &host, &exit_code] { exit_code = run(*options, host); });
}

}  // namespace nurture::tool
