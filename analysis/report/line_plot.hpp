// Lines, bands and points over two axes, as a picture in SVG.
#pragma once

#include "sim/parameter.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace venturi {

/// How a line goes from one point to the next.
enum class LineShape : std::uint8_t {
    straight,
    steps,  ///< level until the next point, then up or down: a Kaplan–Meier curve
};

/// A line, with a shaded band around it where `low` and `high` are given. All that is given has the length of
/// `x`; a value that is not finite interrupts line or band.
struct PlotLine {
    std::string name;
    std::vector<double> x;
    std::vector<double> y;
    std::vector<double> low = {};
    std::vector<double> high = {};
    std::string band_name = {};  ///< "95% confidence"
    LineShape shape = LineShape::straight;
    std::optional<std::size_t> colour = {};  ///< of the line with that number; its own where not given
};

/// Points, with error bars where `low` and `high` are given.
struct PlotPoints {
    std::string name;
    std::vector<double> x;
    std::vector<double> y;
    std::vector<double> low = {};
    std::vector<double> high = {};
};

/// An axis of a picture; its ends are those of the data, made round, where they are not given.
struct PlotAxis {
    std::string label;
    Dimension dimension = Dimension::number;  ///< how ticks are written: shares as per cent, money as $1.2M
    std::optional<double> low = {};
    std::optional<double> high = {};
    /// From a power of ten to a power of ten, with ticks at such; what is not above 0 lies on the lower edge.
    bool is_logarithmic = false;
    std::vector<std::string> names = {};  ///< where given, 1, 2, ... are these, and nothing else has a tick
};

struct LinePlot {
    std::string title;
    std::string subtitle = {};
    PlotAxis x;
    PlotAxis y;
    std::vector<PlotLine> lines = {};
    std::vector<PlotPoints> points = {};
    /// Stands in place of the panel where no line has a stretch and there is no point to draw.
    std::string if_empty = "Nothing is drawn: no value is known";
};

/// Gives all the same vertical axis, from the lowest to the highest of their lines' bands and 0: by height is
/// seen which matters.
void share_vertical_axis(std::vector<LinePlot>& plots);

/// In CSS pixels.
struct PictureSize {
    int width = 900;
    int height = 560;
};

/// A picture that stands alone: no script, no font file, no link; a white background, so that it reads on any
/// page; its title and a description for readers who do not see it. Colours are those of Okabe and Ito
/// (2008), which colour-blind readers can tell apart. Lower than `size` where there is nothing to draw.
/// Throws ContractViolation where lengths differ.
[[nodiscard]] std::string line_plot_svg(const LinePlot& plot, const PictureSize& size = {});

/// The same with a second panel beneath, on a picture that is `lower_height` pixels higher than `size`, and
/// higher still where the lower legend takes more than two rows. The lower one's title and subtitle stand
/// above it.
[[nodiscard]] std::string two_panels_svg(const LinePlot& upper, const LinePlot& lower,
                                         const PictureSize& size = {}, int lower_height = 340);

/// Any number of panels, one beneath the other, the first as high as `size` and the others `lower_height`,
/// higher where the legend takes more than two rows; the first one's title is the picture's.
[[nodiscard]] std::string panels_svg(const std::vector<LinePlot>& panels, const PictureSize& size = {},
                                     int lower_height = 340);

}  // namespace venturi
