#include "analysis/statistics/batch_means.hpp"

#include "sim/contract.hpp"
#include "sim/ensemble/critical_value.hpp"
#include "sim/ensemble/moments.hpp"

#include <cmath>
#include <limits>
#include <vector>

namespace venturi {

BatchMeans batch_means(std::span<const double> series, std::size_t batches, double level) {
    expects(batches >= 2 && batches <= series.size(), "there are two batches or more, and a value in each");
    expects(level > 0 && level < 1, "a confidence lies between 0 and 1");
    const std::size_t length = series.size() / batches;
    const std::span<const double> used = series.subspan(series.size() - batches * length);
    std::vector<double> means(batches);
    Moments between;
    for (std::size_t batch = 0; batch < batches; ++batch) {
        Moments within;
        for (const double value : used.subspan(batch * length, length)) within.add(value);
        means[batch] = within.mean();
        between.add(means[batch]);
    }
    BatchMeans found{.mean = between.mean(),
                     .standard_error = between.standard_error(),
                     .batches = batches,
                     .length = length};
    const double reach =
        student_critical_value(level, static_cast<double>(batches) - 1) * found.standard_error;
    found.interval = {found.mean - reach, found.mean + reach};
    double products = 0;
    double squares = 0;
    for (std::size_t batch = 0; batch < batches; ++batch) {
        const double distance = means[batch] - found.mean;
        squares += distance * distance;
        if (batch > 0) products += distance * (means[batch - 1] - found.mean);
    }
    found.correlation = squares > 0 ? products / squares : std::numeric_limits<double>::quiet_NaN();
    return found;
}

}  // namespace venturi
