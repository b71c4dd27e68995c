// What native code wins over the interpreter.
#include <fmt/format.h>

#include "bench/world.h"
#include "runtime/jit/jit.h"

namespace nurture::bench {

namespace {

/// The world's programme in native code; what that took is a line of its own.
vm::BoundModule in_native_code(const World& world) {
  const auto compiled = [&] {
    auto code = jit::compile(world.bound);
    NURTURE_CHECK(code.ok());
    return std::move(*code);
  };
  vm::BoundModule program = world.bound;
  program.native = compiled();
  const double seconds = race({{"", [&] { return compiled()->pieces.size(); }}}, Clock::Processor).front();
  fmt::print("  {} bytes of bytecode are compiled in {:.1f} ms\n", world.compiled.module.code.size(), seconds * 1e3);
  return program;
}

/// Beside `by_hand`, if there is any.
void bench_programme(const std::string& title, const World& world, std::vector<Contender> contenders) {
  headline(fmt::format("{}: {} events, one thread, processor time", title, world.store.events()));
  const vm::BoundModule native = in_native_code(world);
  const bool flat = !contenders.empty();  // what is written by hand counts, too
  const Counts wanted = simulate(world);
  for (const bool one_by_one : {false, true}) {
    if (one_by_one && !flat) break;
    const std::string told = one_by_one ? ", each move told" : flat ? ", counted" : "";
    for (const vm::BoundModule* program : {&world.bound, &native}) {
      const How how{.one_by_one = one_by_one, .program = program};
      NURTURE_CHECK(simulate(world, how) == wanted);
      contenders.push_back({(program == &native ? "in native code" : "interpreted") + told,
                            [&world, how] { return simulate(world, how).sum(); }});
    }
  }
  report(contenders, race(contenders, Clock::Processor), static_cast<double>(world.store.events()), "events");
}

}  // namespace

void bench_native() {
  if (Status can = jit::available(); !can) {
    fmt::print("\nnative code: {}\n", can.error().message);
    return;
  }
  const auto sparse = make_world(sparse_programme(), {});
  bench_programme("W1 sparse", *sparse,
                  {{"hand-written loop", [&] { return sparse_by_hand(sparse->store).sum(); }},
                   {"hand-written with jumps", [&] { return sparse_with_jumps(sparse->store).sum(); }}});
  const auto dense = make_world(dense_programme(), {});
  bench_programme("W2 dense", *dense, {{"hand-written loop", [&] { return dense_by_hand(dense->store).sum(); }}});
  bench_programme("W3 history and scores", *make_world(history_programme(), {}), {});
  LogShape shape;
  shape.entering = kCampaigns;
  bench_programme("W4 200 campaigns with a policy", *make_world(many_programme(), shape), {});
}

}  // namespace nurture::bench
