// Worlds that sum the score of the mix: what likelihood ratios of it are made of.
#include "agents/world_rules.hpp"

namespace venturi {

template class World<ScoreDraws<5>>;

}  // namespace venturi
