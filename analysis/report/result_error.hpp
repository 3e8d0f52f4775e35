// What is thrown where a result can't be written or read.
#pragma once

#include <stdexcept>

namespace venturi {

/// A result could not be written: a full disk, a folder in the way, no permission. The text is for the user.
class ResultError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

}  // namespace venturi
