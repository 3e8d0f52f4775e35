// All measures of a network by name, with what each means: a table for a command or a report.
#pragma once

#include "agents/network/network.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace venturi {

/// How the time that a measure takes grows with the network.
enum class MeasureCost {
    near_linear,  ///< seconds for a million edges
    all_pairs,    ///< vertices · edges
};

/// What weights may be to a measure, where it is asked to go by them.
enum class WeightRole {
    none,       ///< it never goes by them, or always, as its name says
    lengths,    ///< of edges, whose sum is the length of a path; must be positive
    strengths,  ///< of ties; must be positive
};

/// What a measure is computed by: of a network, and throwing Stopped where `stop` asks for that.
template <class Value>
class MeasureFunction {
  public:
    constexpr MeasureFunction() = default;
    /// `function` captures nothing, and takes a network and, where it may take long, a stop.
    template <class Function>
    requires std::is_empty_v<Function>
    constexpr MeasureFunction(Function /*function*/)  // NOLINT(google-explicit-constructor)
        : function_([](const Network& network, [[maybe_unused]] const StopRequest* stop) -> Value {
              if constexpr (std::is_invocable_v<Function, const Network&, const StopRequest*>)
                  return Function{}(network, stop);
              else
                  return Function{}(network);
          }) {}

    Value operator()(const Network& network, const StopRequest* stop = nullptr) const {
        return function_(network, stop);
    }
    constexpr explicit operator bool() const { return function_ != nullptr; }
    friend constexpr bool operator==(const MeasureFunction& one, std::nullptr_t) { return !one; }

  private:
    Value (*function_)(const Network&, const StopRequest*) = nullptr;
};

/// A number for each vertex. `of` ignores weights but where the name says otherwise.
struct VertexMeasure {
    std::string_view name = {};
    std::string_view meaning = {};  ///< one line, with its convention
    MeasureCost cost = MeasureCost::near_linear;
    MeasureFunction<std::vector<double>> of = {};  ///< shape: vertices
    WeightRole role = WeightRole::none;
    /// By weights, which are what `role` says; null where that is nothing. Shape: vertices.
    MeasureFunction<std::vector<double>> by_weights = {};
};

/// A number for the network as a whole.
struct NetworkMeasure {
    std::string_view name = {};
    std::string_view meaning = {};
    MeasureCost cost = MeasureCost::near_linear;
    MeasureFunction<double> of = {};
    WeightRole role = WeightRole::none;
    MeasureFunction<double> by_weights = {};  ///< as of VertexMeasure
};

[[nodiscard]] std::span<const VertexMeasure> vertex_measures();
[[nodiscard]] std::span<const NetworkMeasure> network_measures();

/// The measures of vertices that a list names, in its order: names with commas between them, or "all". Throws
/// std::invalid_argument, with a message that names the stranger and all that there are, where there is no
/// measure of a name.
[[nodiscard]] std::vector<VertexMeasure> vertex_measures_named(std::string_view list);

}  // namespace venturi
