// One target for libFuzzer, named by VENTURI_FUZZ_TARGET; tests/fuzz/run goes through all.
#include "tests/fuzz/targets.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace {
const venturi::fuzz::Target* target = nullptr;
}

extern "C" int LLVMFuzzerInitialize(int* /*count*/, char*** /*arguments*/) {
    const char* const name = std::getenv("VENTURI_FUZZ_TARGET");
    if (name != nullptr) target = venturi::fuzz::find_target(name);
    if (target != nullptr) return 0;
    std::fputs("VENTURI_FUZZ_TARGET must be one of:", stderr);
    for (const venturi::fuzz::Target& each : venturi::fuzz::targets())
        std::fprintf(stderr, " %.*s", static_cast<int>(each.name.size()), each.name.data());
    std::fputs("\n", stderr);
    std::exit(2);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static_cast<void>(target->feed(std::string_view(reinterpret_cast<const char*>(bytes), size)));
    return 0;
}
