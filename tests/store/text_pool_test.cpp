#include "runtime/base/text_pool.h"

#include <string>

#include "tests/catch.h"

using namespace nurture;

TEST_CASE("equal texts have equal ids, counted from 0, and stay where they are") {
  TextPool pool;
  CHECK(pool.find("") == nullptr);
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
  CHECK(pool.find("nobody") == nullptr);
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
