#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runtime/experiment/recorded.h"
#include "tools/nurture/command.h"

/// Experiments that a log records, as programmes: the question is written in the language and compiled with the
/// programme that describes the log, so that goals, conditions and times mean what they mean everywhere.
namespace nurture::tool {

/// Who gets which arm: the first rule that holds decides.
struct PolicyRule {
  std::string arm;
  std::string condition;  ///< an expression of the language; empty: everybody else
};
struct WrittenPolicy {
  std::string text;  ///< as given
  std::vector<PolicyRule> rules;
};
/// "Mens if lead.bought_mens; Womens otherwise", or an arm alone.
Result<WrittenPolicy> parse_policy(const std::string& text);

struct Question {
  std::string programme;           ///< a file or folder that declares events and attributes; empty: none
  std::string arm;                 ///< "lead.ATTRIBUTE" or "EVENT.PROPERTY"
  std::vector<std::string> goals;  ///< "[NAME:] EVENT [where CONDITION] [within DURATION]"
  std::string by;                  ///< "lead.ATTRIBUTE", or a condition; empty: arms were drawn within everybody
  std::vector<WrittenPolicy> policies;
};

struct Asked {
  bytecode::Module module;
  experiment::Lookout lookout;
  std::vector<std::string> goals;  ///< what people call them
};

/// Without a programme, the events that are named are declared, with properties and attributes as texts. On failure
/// `exit_code` is set and what is wrong with which option is printed.
std::optional<Asked> ask(const Question& question, Host& host, int& exit_code);

}  // namespace nurture::tool
