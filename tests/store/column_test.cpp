#include "runtime/store/column.h"

#include <map>
#include <rapidcheck.h>

#include "tests/catch.h"

using namespace nurture;
using store::Column;

namespace {

std::vector<Value> all(const Column& column, std::size_t rows) {
  std::vector<Value> values;
  for (std::size_t row = 0; row < rows; ++row) values.push_back(column.at(row));
  return values;
}

}  // namespace

TEST_CASE("a column keeps what was said while it grows wider") {
  const std::vector<std::int64_t> numbers = {0,      1,         -128,      127,       128,       -129,
                                             32'767, 40'000,    -32'769,   INT32_MAX, INT32_MIN, INT64_C(1) << 31,
                                             -7,     INT64_MAX, INT64_MIN, 0};
  Column column;
  std::vector<Value> said;
  for (std::int64_t number : numbers) {
    column.set(said.size(), Value::of(number));
    said.push_back(Value::of(number));
    CHECK(all(column, said.size()) == said);
  }
}

TEST_CASE("rows of a column come in any order, and a later word replaces an earlier one") {
  Column column;
  column.set(200, Value::of(5));
  column.set(3, Value::of(100'000));
  column.set(200, Value::of(6));
  CHECK(column.at(200) == Value::of(6));
  CHECK(column.at(3) == Value::of(100'000));
  for (std::size_t row : {0, 4, 199, 201, 100'000}) CHECK(column.at(row) == Value::unknown());
  column.set(3, Value::unknown());
  column.set(1'000'000, Value::unknown());
  CHECK(column.at(3) == Value::unknown());
}

TEST_CASE("rows that say nothing have the default") {
  Column column;
  column.set(1, Value::of(9));
  column.set_otherwise(Value::of_duration({2, 3, 4}));
  CHECK(all(column, 3) == std::vector{Value::of_duration({2, 3, 4}), Value::of(9), Value::of_duration({2, 3, 4})});
  const std::vector<std::uint32_t> rows = {2, 1, 0};
  CHECK(all(column.gathered(rows), 3) ==
        std::vector{Value::of_duration({2, 3, 4}), Value::of(9), Value::of_duration({2, 3, 4})});
}

TEST_CASE("durations keep their calendar part") {
  Column column;
  column.set(0, Value::of(7));
  column.set(1, Value::of_duration({1, -2, kDay}));
  column.set(2, Value::of_duration({0, 1, 0}));
  CHECK(all(column, 3) == std::vector{Value::of(7), Value::of_duration({1, -2, kDay}), Value::of_duration({0, 1, 0})});
}

TEST_CASE("a gathered column has the rows that were asked for, unknown ones and ones behind the end too") {
  CHECK(rc::check([](const std::map<std::uint8_t, std::int64_t>& said, const std::vector<std::uint8_t>& asked) {
    Column column;
    for (auto [row, number] : said) column.set(row, Value::of(number));
    const std::vector<std::uint32_t> rows(asked.begin(), asked.end());
    const Column found = column.gathered(rows);
    for (std::size_t i = 0; i < asked.size(); ++i) {
      auto at = said.find(asked[i]);
      RC_ASSERT(found.at(i) == (at == said.end() ? Value::unknown() : Value::of(at->second)));
    }
  }));
}
