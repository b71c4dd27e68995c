#pragma once

#include <cstdio>
#include <cstdlib>

/// Stops the process on a bug of ours. Never for anything a user can cause: that is an Error or a Diagnostic.
#define NURTURE_CHECK(condition)                                                                      \
  do {                                                                                                \
    if (!(condition)) {                                                                               \
      std::fprintf(stderr, "nurture: internal error at %s:%d: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                                   \
    }                                                                                                 \
  } while (false)
