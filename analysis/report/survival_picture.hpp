// The picture of a cohort's survival: simulated against published.
#pragma once

#include "analysis/report/line_plot.hpp"

#include <string>
#include <vector>

namespace venturi {

/// Published shares of survivors, by age in years.
struct PublishedSurvival {
    std::string name;  ///< "BLS, total private, 1994 cohort"
    std::vector<double> age;
    std::vector<double> survival;
};

/// A survival curve over age in years, with a confidence band unless `low` and `high` are empty.
struct SurvivalPicture {
    std::string title;
    std::string subtitle = {};
    std::string name = "simulated";
    std::string band_name = "95% confidence band";
    std::vector<double> age;
    std::vector<double> survival;
    std::vector<double> low = {};
    std::vector<double> high = {};
    LineShape shape = LineShape::steps;
    std::vector<PublishedSurvival> published = {};
};

/// The picture as lines and points, for whoever wants to add to it.
[[nodiscard]] LinePlot survival_plot(const SurvivalPicture& picture);

/// The picture in SVG, see `line_plot_svg`.
[[nodiscard]] std::string survival_svg(const SurvivalPicture& picture, const PictureSize& size = {});

}  // namespace venturi
