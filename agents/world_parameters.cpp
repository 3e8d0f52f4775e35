#include "agents/world_parameters.hpp"

namespace venturi {

template void describe(WorldParameters& world, SetByIndex& visit);
template ParameterValue parameter_value(WorldParameters& parameters, std::size_t target);
template void set_parameter_value(WorldParameters& parameters, std::size_t target,
                                  const ParameterValue& value);

}  // namespace venturi
