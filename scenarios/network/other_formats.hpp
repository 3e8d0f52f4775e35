// Formats of networks that are not read, known by what marks them, so that none becomes another network.
#pragma once

#include "scenarios/network/network_draft.hpp"

namespace venturi {

/// Does nothing where a text shows no mark of JSON, Graphviz, UCINET, GUESS, LEMON, LEDA or DIMACS; else
/// throws ScenarioError with the format's name and what is read instead.
void refuse_other_formats(const SourceText& source, FileProblems& problems);

}  // namespace venturi
