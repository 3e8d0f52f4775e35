// Typed ids: agents refer to each other by an index into a vector, never by address, so a world can be
// copied.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>

namespace venturi {

/// An index that knows what it indexes; `Id<Startup>` and `Id<Investor>` do not mix. Default: no one.
template <class Tag>
class Id {
  public:
    static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

    constexpr Id() = default;
    constexpr explicit Id(std::size_t index) : index_(static_cast<std::uint32_t>(index)) {}

    [[nodiscard]] constexpr std::uint32_t index() const { return index_; }
    [[nodiscard]] constexpr bool valid() const { return index_ != none; }

    friend constexpr auto operator<=>(Id, Id) = default;

  private:
    std::uint32_t index_ = none;
};

}  // namespace venturi

template <class Tag>
struct std::hash<venturi::Id<Tag>> {
    std::size_t operator()(venturi::Id<Tag> id) const noexcept {
        return std::hash<std::uint32_t>{}(id.index());
    }
};
