#include "runtime/store/array.h"

#include "tests/catch.h"

using nurture::store::Array;

TEST_CASE("a view reads the memory of another, and is its own from the first change on") {
  const std::vector<int> memory = {1, 2, 3};
  Array<int> array = Array<int>::view(memory);
  CHECK(array.data() == memory.data());
  const Array<int> copy = array;
  CHECK(copy.data() == memory.data());
  array.edit(1) = 7;
  CHECK(array.data() != memory.data());
  CHECK(array == Array<int>(std::vector{1, 7, 3}));
  CHECK(copy == Array<int>(memory));
  array = copy;
  array.push_back(4);
  CHECK(array == Array<int>(std::vector{1, 2, 3, 4}));
}

TEST_CASE("an array that moves leaves an empty one, and a copy has memory of its own") {
  Array<int> array(std::vector{1, 2});
  const int* const data = array.data();
  Array<int> moved = std::move(array);
  CHECK(moved.data() == data);
  CHECK(array.empty());  // NOLINT(bugprone-use-after-move): what it says
  Array<int> copy = moved;
  copy.edit(0) = 9;
  CHECK(moved[0] == 1);
  moved = Array<int>();
  CHECK(moved.empty());
  moved.push_back(3);
  CHECK(moved.back() == 3);
}

TEST_CASE("a view that becomes empty has nothing of the memory any more") {
  const std::vector<int> memory = {1, 2, 3};
  Array<int> array = Array<int>::view(memory);
  array.resize(0);
  CHECK(array.empty());
  array.push_back(5);
  CHECK(array == Array<int>(std::vector{5}));
}
