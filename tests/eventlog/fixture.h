#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "runtime/bytecode/module.h"
#include "runtime/bytecode/opcode.h"
#include "runtime/calendar/calendar.h"
#include "runtime/eventlog/eventlog.h"
#include "runtime/host/memory_file_system.h"

/// Modules made by hand and logs in memory, so that importing is tested without the compiler.
namespace nurture::eventlog::test {

using bytecode::Opcode;
using bytecode::Pc;

class ModuleMaker {
 public:
  ModuleMaker();

  std::uint16_t text(std::string_view string);
  bytecode::Type choice(std::initializer_list<const char*> values);
  bytecode::Field field(std::string_view name, bytecode::Type type);
  std::uint16_t kind(std::string_view name, std::vector<bytecode::Field> properties = {});
  std::uint16_t attribute(std::string_view name, bytecode::Type type);
  void campaign(std::string_view name);

  bytecode::SourceSpec& source(std::string_view name);
  /// Expressions of the latest source: a column; whether a column starts with, or is, a text.
  Pc column(std::string_view name);
  Pc starts_with(std::string_view column, std::string_view text);
  Pc is(std::string_view column, std::string_view text);

  bytecode::Module module;

 private:
  Pc op(Opcode opcode, std::initializer_list<std::uint16_t> operands = {});
  std::uint16_t column_index(std::string_view name);
  std::uint16_t constant(std::string_view text);
};

inline bytecode::Type optional(TypeKind kind) { return {kind, true, TypeKind::Text, bytecode::kNone}; }
inline bytecode::Type required(TypeKind kind) { return {kind, false, TypeKind::Text, bytecode::kNone}; }

/// form.submitted { form: text, pages: integer? }, page.viewed { url: text? }, lead.updated; lead { country: text?,
/// timezone: text?, seats: integer? }; a campaign welcome.
ModuleMaker sample();

/// A reject with its text kept.
struct KeptReject {
  Rejected reject;
  std::string text;
};

struct Outcome {
  Imported imported;
  std::vector<KeptReject> rejects;

  const store::Store& store() const { return imported.store; }
  const ImportTotals& totals() const { return imported.totals; }
  bool reconciles() const;
  /// Reason of the only reject, or a failed test.
  RejectReason only_reason() const;
};

/// Imports; a failed import fails the test.
Outcome import_files(const bytecode::Module& module, FileSystem& files, ImportOptions options);
/// One log of that name and content.
Outcome import_text(const bytecode::Module& module, const std::string& path, const std::string& content,
                    ImportOptions options = {});

/// The store as text, one event a line, independent of the numbers of its texts.
std::string dump(const bytecode::Module& module, const store::Store& store);

std::string gzipped(std::string_view content);
std::string zstd_packed(std::string_view content);

}  // namespace nurture::eventlog::test
