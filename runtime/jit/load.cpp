#include <array>
#include <climits>
#include <dlfcn.h>
#include <unistd.h>

#include "runtime/jit/backend.h"
#include "runtime/jit/jit.h"

namespace nurture::jit {
namespace {

constexpr const char* kFile = "libnurture_jit.so";

#ifdef NURTURE_JIT_LIBRARY
constexpr const char* kBuilt = NURTURE_JIT_LIBRARY;
#else
constexpr const char* kBuilt = nullptr;
#endif

/// The folder of the running program, with a slash; empty if the system does not say.
std::string own_folder() {
  std::array<char, PATH_MAX> path;
  const ssize_t length = readlink("/proc/self/exe", path.data(), path.size());
  const std::string whole(path.data(), length < 0 ? 0 : static_cast<std::size_t>(length));
  return whole.substr(0, whole.rfind('/') + 1);
}

/// Beside the program, or where it was built.
const Backend* open_backend() {
  const std::string beside = own_folder() + kFile;
  for (const char* path : {beside.c_str(), kBuilt}) {
    if (path == nullptr || access(path, R_OK) != 0) continue;
    void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);  // for as long as the process lives: its code is in use
    if (library == nullptr) continue;
    const auto* backend = static_cast<const Backend*>(dlsym(library, kBackend));
    if (backend != nullptr && backend->layout == kLayout) return backend;
  }
  return nullptr;
}

const Backend* backend() {
  static const Backend* const kOpened = open_backend();
  return kOpened;
}

}  // namespace

Status available() {
  if (backend() != nullptr) return Done{};
  return Error{
      "this nurture cannot compile to native code: it was built without LLVM",
      "./dev jit installs LLVM and builds nurture with it; --jit=auto and --jit=off interpret, with the same result"};
}

Result<std::shared_ptr<const vm::NativeCode>> compile(const vm::BoundModule& program) {
  if (Status can = available(); !can) return can.error();
  auto code = std::make_shared<vm::NativeCode>();
  if (std::string flaw = backend()->compile(program, vm::operations(), *code); !flaw.empty()) {
    return Error{"the native code could not be made: " + flaw, "--jit=off interprets, with the same result"};
  }
  return std::shared_ptr<const vm::NativeCode>(std::move(code));
}

}  // namespace nurture::jit
