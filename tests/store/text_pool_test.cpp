#include "runtime/base/text_pool.h"

#include <string>

#include "tests/catch.h"

using namespace nurture;

TEST_CASE("equal texts have equal ids, counted from 0, and stay where they are") {
  TextPool pool;
  CHECK(!pool.find(""));
  std::vector<std::string> texts = {"", "a", std::string(1, '\0'), std::string(200'000, 'x')};
  for (int i = 0; i < 20'000; ++i) texts.push_back("lead-" + std::to_string(i));
  std::vector<std::string_view> seen;
  for (TextId id = 0; id < texts.size(); ++id) {
    REQUIRE(pool.intern(texts[id]) == id);
    seen.push_back(pool.at(id));
  }
  for (TextId id = 0; id < texts.size(); ++id) {
    REQUIRE(pool.intern(texts[id]) == id);
    REQUIRE(*pool.find(texts[id]) == id);
    REQUIRE(seen[id] == texts[id]);
    REQUIRE(seen[id].data() == pool.at(id).data());
  }
  CHECK(pool.size() == texts.size());
  CHECK(!pool.find("nobody"));
}

TEST_CASE("a pool that moves leaves its texts in place and an empty pool behind") {
  TextPool pool;
  pool.intern("first");
  const std::string_view text = pool.at(0);
  TextPool moved = std::move(pool);
  CHECK(moved.at(0).data() == text.data());
  CHECK(moved.intern("first") == 0);
  pool = TextPool();
  CHECK(pool.intern("other") == 0);
  CHECK(moved.intern("other") == 1);
}

TEST_CASE("a pool that stands on texts of a file finds those, and numbers others behind them") {
  const std::string bytes = "aabb";  // "", "a", "abb"
  const std::vector<std::uint64_t> begins = {0, 0, 1, 4};
  TextPool pool(SortedTexts{begins, bytes.data()});
  CHECK(pool.size() == 3);
  CHECK(pool.at(2) == "abb");
  CHECK(pool.at(2).data() == bytes.data() + 1);
  CHECK(pool.intern("a") == 1);
  CHECK(pool.find("") == 0U);
  CHECK(!pool.find("b"));
  for (int i = 0; i < 1'000; ++i) REQUIRE(pool.intern("own-" + std::to_string(i)) == 3U + static_cast<TextId>(i));
  CHECK(pool.find("own-77") == 80U);
  CHECK(pool.at(80) == "own-77");
  CHECK(pool.intern("abb") == 2);
}

TEST_CASE("lists of a file come first, and are found") {
  const std::vector<Value> items = {Value::of(4), Value::of(1), Value::of(2)};
  const std::vector<std::uint64_t> begins = {0, 0, 1, 3};  // [], [4], [1, 2]
  ListPool pool(SortedLists{begins, items.data()});
  CHECK(pool.intern({Value::of(1), Value::of(2)}) == 2);
  CHECK(pool.intern({}) == 0);
  const ListId other = pool.intern({Value::of(2), Value::of(1)});
  CHECK(other == 3);
  CHECK(pool.intern({Value::of(2), Value::of(1)}) == other);
  CHECK(pool.at(other)[0] == Value::of(2));
  CHECK(pool.at(1)[0] == Value::of(4));
  CHECK(pool.size() == 4);
}
