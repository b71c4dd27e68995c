#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/ast/ast.h"

/// The parts of the dump that its own files share; nobody else includes this.
namespace nurture::ast {

std::string quoted(std::string_view text);
std::string written(const Duration& duration);
std::string written_date(std::int64_t days);
std::string written_time(std::int64_t time_of_day);
std::string written_days(std::uint8_t weekdays);

/// On one line.
std::string expr(const Expr* e);
std::string event_ref(const EventRef& event);
std::string message(const Message& message);
std::string when(const When& when);
std::string record(const std::vector<RecordField>& fields);

/// One node a line, its parts inside it indented by two.
class DumpWriter {
 public:
  void open(std::string_view head);
  void close();
  void line(std::string_view text);
  /// Only if there is something to say.
  void part(std::string_view name, std::string_view value);
  std::string take() { return std::move(out_); }

 private:
  void new_line();
  std::string out_;
  std::size_t depth_ = 0;
};

void dump(DumpWriter& out, const Stmt* statement);
void dump(DumpWriter& out, const Block& block);
void dump(DumpWriter& out, const Trigger& trigger);
void dump(DumpWriter& out, const Clause& clause);
void dump(DumpWriter& out, const Decl* declaration);

}  // namespace nurture::ast
