// Worlds that tell of their luck.
#include "agents/world_rules.hpp"

namespace venturi {

template class World<LedgerDraws>;

}  // namespace venturi
