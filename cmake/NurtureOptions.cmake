# Build switches that the presets set. Every target gets its warnings from here and from nowhere else.
option(NURTURE_TESTS "Build the tests" ON)
option(NURTURE_BENCH "Build the benchmarks" OFF)
option(NURTURE_FUZZ "Build the libFuzzer targets (needs clang)" OFF)
set(NURTURE_SANITIZE "" CACHE STRING "Sanitizers for every target, as in -fsanitize=; empty for none")

find_program(NURTURE_CCACHE ccache)
if(NURTURE_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${NURTURE_CCACHE})
endif()

add_library(nurture_options INTERFACE)
target_compile_options(nurture_options INTERFACE
  -Wall -Wextra -Werror -Wswitch -Wshadow -Wnon-virtual-dtor
  # Figures are the same on every machine: no fused multiply-add, no reassociation.
  -ffp-contract=off
  # clang finds libstdc++'s own use of what libstdc++ deprecates.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>)
if(NURTURE_SANITIZE)
  # What a sanitizer adds to the code makes g++ see uninitialized memory where there is none; the release build judges.
  target_compile_options(nurture_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  add_compile_options(-fsanitize=${NURTURE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${NURTURE_SANITIZE})
endif()
if(NURTURE_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
