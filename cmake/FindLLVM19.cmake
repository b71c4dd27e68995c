# LLVM's libraries, as the package llvm-19-dev has them: what native code is made with (runtime/jit). Nothing else of the
# product needs them.
find_package(LLVM 19.1 QUIET CONFIG HINTS /usr/lib/llvm-19/lib/cmake/llvm)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LLVM19 REQUIRED_VARS LLVM_DIR LLVM_INCLUDE_DIRS VERSION_VAR LLVM_PACKAGE_VERSION)
