#include "sim/random/normal_quantile.hpp"

#include <boost/math/special_functions/erf.hpp>

namespace venturi {

double standard_normal_quantile(double probability) {
    constexpr double root_two = 1.41421356237309504880;
    return root_two * boost::math::erf_inv(2 * probability - 1);
}

}  // namespace venturi
