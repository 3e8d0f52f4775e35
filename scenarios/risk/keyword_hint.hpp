// What somebody meant who wrote no word of a format.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace venturi {

/// The word that is nearest to `written`, as `nearest_name`; empty where another is as near, since short
/// words mean different things: 'pnd' may be 'and' or 'pand'.
[[nodiscard]] std::string keyword_hint(std::string_view written, std::span<const std::string> words);

}  // namespace venturi
