// Compiled with the precompiled header that the test programs share; main() is in test_main.cpp.
#include "tests/catch.h"
