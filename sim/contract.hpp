// Preconditions, stated in code and kept in release builds: a broken one is a bug of the caller.
#pragma once

#include <stdexcept>

namespace venturi {

/// Thrown where a caller breaks a stated precondition.
class ContractViolation : public std::logic_error {
  public:
    using std::logic_error::logic_error;
};

namespace detail {
// Out of line and cold, so that a check in a hot loop costs one predicted branch.
[[noreturn, gnu::cold, gnu::noinline]] inline void report_violation(const char* expectation) {
    throw ContractViolation(expectation);
}
}  // namespace detail

/// Throws ContractViolation with the text of the expectation where it does not hold.
inline void expects(bool holds, const char* expectation) {
    if (!holds) [[unlikely]]
        detail::report_violation(expectation);
}

}  // namespace venturi
