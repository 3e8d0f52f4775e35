// Every reader of other people's bytes, for whoever wants to feed it: libFuzzer (libfuzzer.cpp) and the
// tests' own mutations (test_mutation.cpp).
#pragma once

#include <span>
#include <stdexcept>
#include <string_view>

namespace venturi::fuzz {

/// Thrown where a reader has accepted what it says that it refuses, or what it made can't be read again.
class BrokenPromise : public std::logic_error {
  public:
    using std::logic_error::logic_error;
};

struct Target {
    std::string_view name;  ///< and the folder of its inputs in tests/fuzz/corpus
    /// Reads the bytes, and returns whether they are accepted. To refuse them in words of our own is right
    /// too; whatever is thrown is not.
    bool (*feed)(std::string_view bytes);
};

[[nodiscard]] std::span<const Target> targets();

/// Null where there is none of that name.
[[nodiscard]] const Target* find_target(std::string_view name);

}  // namespace venturi::fuzz
