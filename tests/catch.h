#pragma once

// The one place that knows which Catch2 this machine has: Debian 12 ships 2.13, newer systems 3.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
