#pragma once

#include <random>
#include <string>

#include "tests/eventlog/fixture.h"

/// Logs with everything that makes joining parts of one hard: few leads and instants, repeats, ties, disorder, lists,
/// accounts, merges, rows that are rejected or of no interest.
namespace nurture::eventlog::test {

/// A module, and how logs of it are read.
struct Case {
  ModuleMaker maker;
  std::string source;     ///< empty: the native form
  std::string extension;  ///< of its logs
};
Case native_case();
/// Rows with ids, and attributes of the lead in each.
Case source_case();

/// So many rows of a log; `year`: of most instants.
std::string random_rows(const Case& c, std::mt19937& draw, int rows, int year = 2026);
/// What a log file begins with.
std::string header(const Case& c);
std::string random_leads(std::mt19937& draw, int rows);
std::string random_accounts(std::mt19937& draw, int rows);

}  // namespace nurture::eventlog::test
