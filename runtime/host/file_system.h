#pragma once

#include <string>

#include "runtime/base/io.h"

namespace nurture::host {

/// The machine's files. Without state; shared by all threads. "-" is standard input for open and read_file, and
/// standard output for create. Errors say in plain words what was being done to which path, and why it failed.
FileSystem& real_file_system();

/// "no such file", "no permission", "the disk is full": an errno in the words of our messages.
std::string errno_text(int error);

}  // namespace nurture::host
