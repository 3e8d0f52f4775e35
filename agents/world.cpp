#include "agents/world_rules.hpp"

namespace venturi {

template class World<PlainDraws>;

// Beside the world, which they are compiled with.
std::span<const MeasureRecord<PlainDraws>> measures() {
    return MeasureTable<PlainDraws>::all();
}

}  // namespace venturi
