#include "analysis/report/survival_picture.hpp"

namespace venturi {

LinePlot survival_plot(const SurvivalPicture& picture) {
    LinePlot plot;
    plot.title = picture.title;
    plot.subtitle = picture.subtitle;
    plot.x = {.label = "age (years)", .dimension = Dimension::number, .low = 0};
    plot.y = {.label = "share surviving", .dimension = Dimension::share, .low = 0, .high = 1};
    plot.lines.push_back({.name = picture.name,
                          .x = picture.age,
                          .y = picture.survival,
                          .low = picture.low,
                          .high = picture.high,
                          .band_name = picture.low.empty() ? std::string() : picture.band_name,
                          .shape = picture.shape});
    for (const PublishedSurvival& published : picture.published)
        plot.points.push_back({.name = published.name, .x = published.age, .y = published.survival});
    return plot;
}

std::string survival_svg(const SurvivalPicture& picture, const PictureSize& size) {
    return line_plot_svg(survival_plot(picture), size);
}

}  // namespace venturi
