#include "tools/nurture/recorded.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "runtime/host/overlay_file_system.h"

namespace nurture::tool {

namespace {

constexpr std::string_view kCampaign = "recorded_experiment";
constexpr std::string_view kArm = "experiment_arm";
constexpr std::string_view kLater = "experiment_arm_later";
constexpr std::string_view kBy = "experiment_by";
constexpr std::string_view kRule = "experiment_rule";
constexpr std::string_view kAlone = "experiment.nurture";

std::string trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\n");
  if (begin == std::string_view::npos) return "";
  return std::string(text.substr(begin, text.find_last_not_of(" \t\n") - begin + 1));
}

/// The attributes that a text names.
void note_attributes(std::string_view text, std::set<std::string>& into) {
  constexpr std::string_view kLead = "lead.";
  for (std::size_t at = text.find(kLead); at != std::string_view::npos; at = text.find(kLead, at + 1)) {
    std::size_t end = at + kLead.size();
    while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '_')) ++end;
    into.emplace(text.substr(at + kLead.size(), end - at - kLead.size()));
  }
}

/// A goal as given: its name for people, and what the language is told.
struct WrittenGoal {
  std::string name, event, rest;  ///< rest: from the event on
};

WrittenGoal parse_goal(const std::string& text) {
  WrittenGoal goal;
  std::size_t begin = 0;
  const auto colon = text.find(':');
  const auto quote = text.find('"');
  if (colon != std::string::npos && colon < quote) {
    goal.name = trimmed(std::string_view(text).substr(0, colon));
    begin = colon + 1;
  }
  goal.rest = trimmed(std::string_view(text).substr(begin));
  goal.event = goal.rest.substr(0, goal.rest.find_first_of(" \t\n"));
  if (goal.name.empty()) goal.name = goal.rest;
  return goal;
}

/// What says the arm.
struct ArmSource {
  std::string kind;  ///< empty: an attribute of the lead
  std::string name;
};

Result<ArmSource> parse_arm(const std::string& text) {
  const auto dot = text.rfind('.');
  if (dot == std::string::npos || dot == 0 || dot + 1 == text.size()) {
    return Error{fmt::format("--arm \"{}\" is neither an attribute of leads nor a property of an event", text),
                 "Write lead.ATTRIBUTE, or EVENT.PROPERTY: `--arm mail.assigned.arm`."};
  }
  if (text.substr(0, dot) == "lead") return ArmSource{"", text.substr(dot + 1)};
  return ArmSource{text.substr(0, dot), text.substr(dot + 1)};
}

/// The programme's text, and which option each part of it is from.
class Script {
 public:
  explicit Script(std::string before) : text_(std::move(before)) {}

  void add(std::string_view text, const std::string& option = "") {
    parts_.push_back({text_.size(), option});
    text_ += text;
  }
  const std::string& text() const { return text_; }
  /// The option behind what is at a byte; empty: none.
  std::string option_at(std::size_t byte) const {
    auto after = std::upper_bound(parts_.begin(), parts_.end(), byte,
                                  [](std::size_t at, const Part& part) { return at < part.begin; });
    return after == parts_.begin() ? "" : std::prev(after)->option;
  }

 private:
  struct Part {
    std::size_t begin;
    std::string option;
  };
  std::string text_;
  std::vector<Part> parts_;
};

class Writer {
 public:
  Writer(const Question& question, ArmSource arm, Script& script)
      : question_(question), arm_(std::move(arm)), script_(script) {
    for (const std::string& goal : question.goals) goals_.push_back(parse_goal(goal));
  }

  /// What a programme would declare.
  void declare() {
    std::set<std::string> attributes;
    for (const std::string& goal : question_.goals) note_attributes(goal, attributes);
    note_attributes(question_.by, attributes);
    for (const WrittenPolicy& policy : question_.policies) note_attributes(policy.text, attributes);
    if (arm_.kind.empty()) attributes.insert(arm_.name);
    script_.add("program { name \"experiment\" }\nlead {\n");
    for (const std::string& name : attributes) script_.add(fmt::format("  {}: text?\n", name));
    script_.add("}\n");
    std::set<std::string> declared;
    if (!arm_.kind.empty()) {
      declared.insert(arm_.kind);
      script_.add(fmt::format("event {} by system {{ {}: text? }}\n", arm_.kind, arm_.name), arm_option());
    }
    for (std::size_t g = 0; g < goals_.size(); ++g) {
      if (declared.insert(goals_[g].event).second)
        script_.add(fmt::format("event {} by lead {{}}\n", goals_[g].event), goal_option(g));
    }
  }

  void campaign() {
    script_.add(fmt::format("\ncampaign {} {{\n", kCampaign));
    script_.add(arm_.kind.empty() ? fmt::format("  enter when lead.{} is known\n", arm_.name)
                                  : fmt::format("  enter on {} if event.{} is known\n", arm_.kind, arm_.name),
                arm_option());
    for (std::size_t g = 0; g < goals_.size(); ++g)
      script_.add(fmt::format("  goal experiment_goal_{}: {}\n", g, goals_[g].rest), goal_option(g));
    if (!arm_.kind.empty())
      script_.add(fmt::format("  on {0} where event.{1} is known {{ remember {2} as event.{1} }}\n", arm_.kind,
                              arm_.name, kLater),
                  arm_option());
    script_.add("  lasts at most 30000 days as over\n  stage given {\n");
    script_.add(fmt::format("    remember {} as {}.{}\n", kArm, arm_.kind.empty() ? "lead" : "entry", arm_.name),
                arm_option());
    if (!question_.by.empty()) by();
    for (std::size_t p = 0; p < question_.policies.size(); ++p) policy(p);
    script_.add("    wait 29000 days\n    exit as over\n  }\n}\n");
  }

  std::vector<std::string> goal_names() const {
    std::vector<std::string> names;
    for (const WrittenGoal& goal : goals_) names.push_back(goal.name);
    return names;
  }

 private:
  std::string arm_option() const { return fmt::format("--arm \"{}\"", question_.arm); }
  std::string goal_option(std::size_t g) const { return fmt::format("--goal \"{}\"", question_.goals[g]); }

  void by() {
    const std::string option = fmt::format("--by \"{}\"", question_.by);
    const bool attribute = question_.by.starts_with("lead.") && question_.by.find(' ') == std::string::npos;
    script_.add(attribute ? fmt::format("    remember {} as {}\n", kBy, question_.by)
                          : fmt::format("    if {1} {{ remember {0} as \"yes\" }} else {{ remember {0} as \"no\" }}\n",
                                        kBy, question_.by),
                option);
  }

  void policy(std::size_t p) {
    const WrittenPolicy& policy = question_.policies[p];
    std::string text = "   ";
    for (std::size_t i = 0; i < policy.rules.size(); ++i) {
      const std::string& condition = policy.rules[i].condition;
      const std::string body = fmt::format("remember {}_{} as {}", kRule, p, i);
      if (policy.rules.size() == 1) {
        text += " " + body;
      } else {
        text +=
            fmt::format(" {}{}{{ {} }}", i > 0 ? "else " : "", condition.empty() ? "" : "if " + condition + " ", body);
      }
    }
    script_.add(text + "\n", fmt::format("--counterfactual \"{}\"", policy.text));
  }

  const Question& question_;
  ArmSource arm_;
  Script& script_;
  std::vector<WrittenGoal> goals_;
};

int fail_at(const Diagnostic& found, const Script& script, bool alone) {
  const std::string option = script.option_at(found.span.begin);
  const std::string hint =
      alone ? "Attributes and properties are texts unless `--programme` names a file that declares them." : found.hint;
  return fail({(option.empty() ? "" : option + ": ") + found.message, hint}, kUsage);
}

bytecode::StringIndex find_name(const bytecode::Module& module, std::string_view name) {
  auto found = std::find(module.strings.begin(), module.strings.end(), name);
  return found == module.strings.end() ? bytecode::kNone
                                       : static_cast<bytecode::StringIndex>(found - module.strings.begin());
}

/// Of an attribute or a property; text if it is neither.
bytecode::Type type_of(const bytecode::Module& module, const ArmSource& what) {
  const std::vector<bytecode::Field>* fields = &module.schema.lead;
  for (const bytecode::EventKind& kind : module.schema.kinds) {
    if (!what.kind.empty() && module.strings[kind.name] == what.kind) fields = &kind.properties;
  }
  for (const bytecode::Field& field : *fields) {
    if (module.strings[field.name] == what.name) return field.type;
  }
  return {};
}

experiment::Lookout lookout_of(const bytecode::Module& module, const Question& question, const ArmSource& arm) {
  experiment::Lookout out;
  for (std::uint16_t c = 0; c < module.campaigns.size(); ++c) {
    if (module.strings[module.campaigns[c].name] == kCampaign) out.campaign = c;
  }
  out.arm = find_name(module, kArm);
  out.arm_type = type_of(module, arm);
  if (!arm.kind.empty()) out.later = find_name(module, kLater);
  if (!question.by.empty()) {
    out.by = find_name(module, kBy);
    if (question.by.starts_with("lead.")) out.by_type = type_of(module, {"", question.by.substr(5)});
  }
  for (std::size_t p = 0; p < question.policies.size(); ++p)
    out.policies.push_back(find_name(module, fmt::format("{}_{}", kRule, p)));
  return out;
}

/// Where the question is added, and the text before it.
struct Home {
  std::string root, path, text;
};

std::optional<Home> home_of(const Question& question, host::OverlayFileSystem& overlay, Host& host, int& exit_code) {
  if (question.programme.empty()) return Home{std::string(kAlone), std::string(kAlone), ""};
  if (question.programme.ends_with(".nbc")) {
    exit_code = fail({"--programme needs the source of a programme, not a .nbc", ""}, kUsage);
    return std::nullopt;
  }
  auto checked = check_programme(question.programme, host, exit_code);
  if (!checked) return std::nullopt;
  for (const ast::File& file : checked->unit->files) {
    const SourceFile& source = checked->unit->sources.file(file.file);
    if (!source.path().starts_with('<')) overlay.put(source.path(), std::string(source.content()));
  }
  const SourceFile& first = checked->unit->sources.file(checked->unit->files.front().file);
  return Home{question.programme, std::string(first.path()), std::string(first.content()) + "\n"};
}

}  // namespace

Result<WrittenPolicy> parse_policy(const std::string& text) {
  WrittenPolicy policy{text, {}};
  const auto wrong = [&](const std::string& why) {
    return Error{fmt::format("--counterfactual \"{}\": {}", text, why),
                 "Write `ARM if CONDITION; ARM if CONDITION; ARM otherwise`, or one arm for everybody."};
  };
  for (std::size_t begin = 0; begin <= text.size();) {
    std::size_t end = begin;
    for (bool quoted = false; end < text.size() && (quoted || text[end] != ';'); ++end) quoted ^= text[end] == '"';
    const std::string part = trimmed(std::string_view(text).substr(begin, end - begin));
    begin = end + 1;
    const auto condition = part.find(" if ");
    constexpr std::string_view kOtherwise = " otherwise";
    if (!policy.rules.empty() && policy.rules.back().condition.empty())
      return wrong("nothing may follow everybody else");
    if (condition != std::string::npos) {
      policy.rules.push_back({trimmed(part.substr(0, condition)), trimmed(part.substr(condition + 4))});
    } else if (part.ends_with(kOtherwise)) {
      policy.rules.push_back({trimmed(part.substr(0, part.size() - kOtherwise.size())), ""});
    } else {
      if (part.empty() || !policy.rules.empty()) return wrong("it does not say what everybody else gets");
      policy.rules.push_back({part, ""});
    }
  }
  if (!policy.rules.back().condition.empty()) return wrong("it does not say what everybody else gets");
  return policy;
}

std::optional<Asked> ask(const Question& question, Host& host, int& exit_code) {
  auto arm = parse_arm(question.arm);
  if (!arm) {
    exit_code = fail(arm.error(), kUsage);
    return std::nullopt;
  }
  host::OverlayFileSystem overlay(host.files);
  auto home = home_of(question, overlay, host, exit_code);
  if (!home) return std::nullopt;
  Script script(home->text);
  Writer writer(question, *arm, script);
  if (question.programme.empty()) writer.declare();
  writer.campaign();
  overlay.put(home->path, script.text());
  auto checked = driver::check(home->root, overlay);
  if (!checked) {
    exit_code = fail(checked.error());
    return std::nullopt;
  }
  for (const Diagnostic& found : checked->unit->diagnostics.all()) {
    if (found.severity != Severity::Error) continue;
    exit_code = fail_at(found, script, question.programme.empty());
    return std::nullopt;
  }
  auto compiled = driver::compile(*checked);
  if (!compiled) {
    exit_code = fail(compiled.error(), kFindings);
    return std::nullopt;
  }
  experiment::Lookout lookout = lookout_of(compiled->module, question, *arm);
  return Asked{std::move(compiled->module), std::move(lookout), writer.goal_names()};
}

}  // namespace nurture::tool
