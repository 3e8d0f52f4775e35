#include "scenarios/risk/keyword_hint.hpp"

#include "scenarios/problem.hpp"

#include <algorithm>

namespace venturi {

std::string keyword_hint(std::string_view written, std::span<const std::string> words) {
    const std::string nearest = nearest_name(written, words);
    if (nearest.empty()) return {};
    const std::size_t distance = edit_distance(written, nearest);
    const bool is_alone = std::none_of(words.begin(), words.end(), [&](const std::string& word) {
        return word != nearest && edit_distance(written, word) <= distance;
    });
    return is_alone ? nearest : std::string{};
}

}  // namespace venturi
