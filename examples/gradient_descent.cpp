// Technology as optimisation, the first worked case: minimise a loss L(w) by w ← w − η ∇L(w), until it
// converges or the iterations are used up; then by AdamW with a learning rate of 2e-5 and 10,000 iterations.
//
// The loss is L(w) = ½ Σ aᵢ (wᵢ − cᵢ)² with a = (1, 10, 0.1) and c = (0.5, −0.25, 2), begun at w = (1, 1, 1):
// the least is 0 at w = c, and one direction is a hundred times as steep as another, as in the training of a
// model.
//
//     example_gradient_descent [picture.svg]
#include "analysis/report/line_plot.hpp"
#include "analysis/report/result_error.hpp"
#include "analysis/report/whole_file.hpp"
#include "sim/update_rules.hpp"

#include <Eigen/Core>

#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

using namespace venturi;

namespace {

constexpr std::size_t iteration_limit = 10'000;
constexpr double small_gradient = 1e-6;  // converged where the gradient is no longer than this

const Eigen::Vector3d steepness{1, 10, 0.1};
const Eigen::Vector3d minimum{0.5, -0.25, 2};

double loss_at(const Eigen::Vector3d& w) {
    return steepness.dot((w - minimum).cwiseAbs2()) / 2;
}

Eigen::Vector3d gradient_at(const Eigen::Vector3d& w) {
    return steepness.cwiseProduct(w - minimum);
}

/// The losses of a descent, before the first iteration and after each.
struct Descent {
    std::string name;
    std::vector<double> losses;
    bool converged = false;
    Eigen::Vector3d end;
};

template <UpdateRule<Eigen::Vector3d> Rule>
Descent descend(const std::string& name, const Rule& rule) {
    Descent descent{.name = name, .losses = {}, .converged = false, .end = Eigen::Vector3d::Ones()};
    Eigen::Vector3d& w = descent.end;
    auto state = rule.initial_state(w);
    descent.losses.push_back(loss_at(w));
    for (std::size_t iteration = 0; iteration < iteration_limit; ++iteration) {
        const Eigen::Vector3d gradient = gradient_at(w);
        descent.converged = gradient.norm() <= small_gradient;
        if (descent.converged) break;
        rule.step(state, w, gradient);
        descent.losses.push_back(loss_at(w));
    }
    return descent;
}

void print_table(const std::vector<Descent>& descents) {
    std::printf("%9s", "iteration");
    for (const Descent& descent : descents) std::printf("  %26s", descent.name.c_str());
    std::printf("\n");
    for (const std::size_t iteration : {0, 1, 10, 100, 500, 1000, 2000, 5000, 10'000}) {
        std::printf("%9zu", iteration);
        for (const Descent& descent : descents) {
            if (iteration < descent.losses.size())
                std::printf("  %26.6g", descent.losses[iteration]);
            else
                std::printf("  %26s", "");
        }
        std::printf("\n");
    }
    std::printf("\n");
    for (const Descent& descent : descents) {
        std::printf("%-26s  %s after %zu iterations: loss %.3g at w = (%.6f, %.6f, %.6f)\n",
                    descent.name.c_str(), descent.converged ? "converged" : "stopped",
                    descent.losses.size() - 1, descent.losses.back(), descent.end[0], descent.end[1],
                    descent.end[2]);
    }
}

// Each iteration at first, when much happens, then every fortieth.
PlotLine line_of(const Descent& descent) {
    PlotLine line{.name = descent.name, .x = {}, .y = {}};
    for (std::size_t i = 0; i < descent.losses.size(); ++i) {
        if (i > 100 && i % 40 != 0 && i + 1 != descent.losses.size()) continue;
        line.x.push_back(static_cast<double>(i));
        line.y.push_back(std::log10(descent.losses[i]));
    }
    return line;
}

LinePlot picture_of(const std::vector<Descent>& descents) {
    LinePlot plot;
    plot.title = "Four descents of one loss";
    plot.subtitle = "L(w) = ½ Σ aᵢ (wᵢ − cᵢ)², a = (1, 10, 0.1); beside each name, the learning rate";
    plot.x = {.label = "iterations", .low = 0, .high = static_cast<double>(iteration_limit)};
    plot.y = {.label = "log₁₀ of the loss"};
    for (const Descent& descent : descents) plot.lines.push_back(line_of(descent));
    return plot;
}

}  // namespace

int main(int count, char** arguments) {
    const std::filesystem::path picture = count > 1 ? arguments[1] : "gradient_descent.svg";
    const std::vector<Descent> descents = {
        descend("gradient descent, 0.1", GradientDescent{.learning_rate = 0.1}),
        descend("gradient descent, 2e-5", GradientDescent{.learning_rate = 2e-5}),
        descend("AdamW, 2e-5", AdamW{.learning_rate = 2e-5, .weight_decay = 0.01}),
        descend("AdamW, 0.01", AdamW{.learning_rate = 0.01, .weight_decay = 0.01}),
    };
    std::printf("Loss of gradient descent and of AdamW (weight decay 0.01), each with its learning rate\n\n");
    print_table(descents);
    std::printf(
        "\nGradient descent steps in proportion to the gradient: at 0.1 it converges as fast as its "
        "flattest\n"
        "direction lets it, and at 2e-5 only the steepest has moved much. AdamW steps by about its learning\n"
        "rate whatever the gradient: at 2e-5, which suits the many small weights of a language model, it "
        "covers\n"
        "0.2 in 10,000 iterations; at 0.01 it arrives. Weight decay then holds it a little to the side of "
        "the\n"
        "minimum, ever less as its memory of large gradients fades.\n\n");
    try {
        write_whole_file(picture, line_plot_svg(picture_of(descents)));
    } catch (const ResultError& error) {
        (void)std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    std::printf("Picture: %s\n", picture.string().c_str());
    return 0;
}
