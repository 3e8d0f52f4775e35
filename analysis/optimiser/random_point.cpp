#include "analysis/optimiser/random_point.hpp"

#include "sim/random/draws.hpp"

#include <cmath>

namespace venturi::optimiser {

Vector random_point(const FeasibleSet& set, std::uint64_t seed, std::uint32_t number) {
    const InversionVariates variates(seed, number);
    DrawSource source{.agent = 0xFFFF'FFFF, .purpose = purpose_limit - 2, .next = 0};
    const Vector centre = set.centre();
    Vector point(set.dimension());
    Index at = 0;
    for (const Block& block : set.blocks()) {
        if (const auto* shares = std::get_if<Simplex>(&block)) {
            Vector parts(shares->size());
            for (double& part : parts) part = variates.unit_exponential(source);
            point.segment(at, parts.size()) = shares->low + (1 - shares->low.sum()) / parts.sum() * parts;
            at += parts.size();
            continue;
        }
        const Box& box = std::get<Box>(block);
        for (Index i = 0; i < box.size(); ++i, ++at) {
            const double u = variates.uniform(source);
            point[at] = std::isfinite(box.low[i]) && std::isfinite(box.high[i])
                            ? box.low[i] + u * (box.high[i] - box.low[i])
                            : centre[at] + (u < 0.5 ? std::log(2 * u) : -std::log(2 - 2 * u));
        }
    }
    return project(set, point);
}

}  // namespace venturi::optimiser
