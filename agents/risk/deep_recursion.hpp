// Room for recursions that go as deep as a tree has variables: deeper than a stack of the usual size.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <stdexcept>
#include <utility>

namespace venturi {

/// Thrown where there is no memory for a stack.
class NoRoomForStack : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

namespace detail {
/// Runs `work` on a thread of its own with a stack of so many bytes, and waits for it.
void run_with_stack(std::size_t bytes, const std::function<void()>& work);
}  // namespace detail

/// What `work` returns, with room for so many levels of a recursion, of a kilobyte each; where the present
/// stack suffices, on it. What it throws is passed on. Throws NoRoomForStack.
template <class Work>
auto with_levels(std::size_t levels, Work&& work) {
    constexpr std::size_t few = 2000;
    constexpr std::size_t bytes_a_level = 1024;
    constexpr std::size_t others = std::size_t{4} << 20;
    if (levels <= few) return std::forward<Work>(work)();
    std::optional<decltype(work())> result;
    detail::run_with_stack(others + bytes_a_level * levels, [&] { result.emplace(work()); });
    return std::move(*result);
}

}  // namespace venturi
