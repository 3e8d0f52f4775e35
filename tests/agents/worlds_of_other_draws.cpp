// Worlds of the policies that the library leaves to those who want them.
#include "agents/world_rules.hpp"

namespace venturi {

template class World<InversionDraws>;
template class World<RecordingDraws<PlainDraws>>;

}  // namespace venturi
