// Texts that are nearly right: changes of others, the same on every machine for the same seed and number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace venturi::fuzz {

class Mutator {
  public:
    /// `corpus` has one text or more.
    Mutator(std::vector<std::string> corpus, std::uint64_t seed);

    /// One of the texts with one to eight changes: bytes flipped, pieces taken out, doubled, or put in from
    /// another text, lines and words swapped, numbers replaced by what breaks arithmetic. At most 16 KiB.
    [[nodiscard]] std::string mutant(std::uint64_t number) const;

  private:
    std::vector<std::string> corpus_;
    std::vector<std::string> words_;  ///< of all texts
    std::uint64_t seed_;
};

/// The bytes as what stands between the quotes of a literal in C++.
[[nodiscard]] std::string as_literal(std::string_view bytes);

}  // namespace venturi::fuzz
