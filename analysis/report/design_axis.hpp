// A parameter of a design as an axis of a picture.
#pragma once

#include "analysis/experiments/design.hpp"
#include "analysis/report/line_plot.hpp"

#include <span>
#include <vector>

namespace venturi {

/// "finance.exits.offers (1/month)". Of choices those that are among the values stand at 1, 2, ..., each with
/// its name.
class DesignAxis {
  public:
    DesignAxis(const DesignColumn& column, std::span<const double> values);

    [[nodiscard]] const PlotAxis& plot() const { return plot_; }
    /// Where a value stands; NaN for a choice that is not among the values.
    [[nodiscard]] double place(double value) const;

  private:
    PlotAxis plot_;
    std::vector<double> places_;  // by number of the choice
};

}  // namespace venturi
