# nurture_embed(<target> <symbol> <root> <files>...): compiles files into the target as an array of texts named below root,
# `nurture::EmbeddedFile <symbol>[]`, declared in runtime/base/embedded.h.
function(nurture_embed target symbol root)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${symbol}.cpp)
  list(JOIN ARGN "|" joined)
  add_custom_command(OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DSYMBOL=${symbol} "-DFILES=${joined}" -DROOT=${root}
            -P ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${ARGN} ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
    COMMENT "Embedding ${symbol}" VERBATIM)
  target_sources(${target} PRIVATE ${out})
endfunction()
