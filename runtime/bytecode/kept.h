#pragma once

#include <string>
#include <vector>

#include "runtime/bytecode/module.h"

/// What a programme must remember of each lead to answer its questions about the past (§3.2): bounded, and known before
/// it runs.
namespace nurture::bytecode {

struct Kept {
  std::string question;  ///< as written: "count(page.viewed in last 14 days)", "score.interest"
  std::string what;      ///< "5 instants"
  PlaceIndex place = 0;  ///< where it is asked first
};

/// Each question once, in the order of the module.
std::vector<Kept> kept(const Module& module);

}  // namespace nurture::bytecode
