// Points that fill the unit cube evenly and are random none the less.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace venturi {

/// The points of Sobol's sequence (direction numbers of Joe and Kuo, SIAM J. Sci. Comput. 30, 2008, from
/// Boost.Random), each coordinate scrambled as by Owen, "Randomly permuted (t, m, s)-nets and (t,
/// s)-sequences" (1995): every digit of 32 is turned over or not by a random bit that depends on the digits
/// before it. So each point is uniform in the cube, an average over the first 2^m points is unbiased, and its
/// error falls faster than that of independent points where the function is smooth. The same dimensions and
/// seed give the same points.
class ScrambledSobol {
  public:
    /// Throws ContractViolation unless there are 1 to 1000 dimensions.
    ScrambledSobol(std::size_t dimensions, std::uint64_t seed);

    [[nodiscard]] std::size_t dimensions() const { return dimensions_; }

    /// The first so many points, one after the other; each coordinate in (0, 1). Shape: points × dimensions.
    [[nodiscard]] std::vector<double> points(std::size_t count) const;

  private:
    std::size_t dimensions_;
    std::uint64_t seed_;
};

}  // namespace venturi
