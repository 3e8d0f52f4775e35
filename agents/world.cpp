#include "agents/world_rules.hpp"

namespace venturi {

template class World<PlainDraws>;

}  // namespace venturi
