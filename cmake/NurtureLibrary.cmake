# nurture_library(<side> <stage> [LINKS <nurture targets and packages>...])
# One static library per stage folder. Its link line is its row in the architecture diagram: a header of a stage that is
# not linked cannot be relied upon, and tests/links checks the forbidden directions.
function(nurture_library side stage)
  cmake_parse_arguments(ARG "" "" "LINKS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  set(target nurture_${stage})
  if(sources)
    add_library(${target} STATIC ${sources})
    target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR})
    target_link_libraries(${target} PUBLIC ${ARG_LINKS} PRIVATE nurture_options)
    if(side STREQUAL "runtime")
      # No function is replaced when the program is loaded, so those of one file may be inlined into each other: replay
      # is a fifth faster.
      target_compile_options(${target} PRIVATE -fno-semantic-interposition)
    endif()
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE ${PROJECT_SOURCE_DIR})
    target_link_libraries(${target} INTERFACE ${ARG_LINKS})
  endif()
endfunction()
