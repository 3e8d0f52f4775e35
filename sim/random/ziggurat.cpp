#include "sim/random/ziggurat.hpp"

namespace venturi::detail {

double finish_unit_exponential(LayerPoint point, DrawEngine& engine) {
    const ExponentialLayers& layers = exponential_layers;
    double shift = 0;
    for (;;) {
        if (point.x < layers.edge[point.layer + 1]) return shift + point.x;
        if (point.layer == 0) {
            // Beyond the last layer the exponential looks as it does at 0: start over, that much later.
            shift += layers.edge[1];
        } else {
            const double height =
                layers.density[point.layer]
                + unit_uniform(engine()) * (layers.density[point.layer + 1] - layers.density[point.layer]);
            if (height < std::exp(-point.x)) return shift + point.x;
        }
        point = layer_point(engine());
    }
}

}  // namespace venturi::detail
