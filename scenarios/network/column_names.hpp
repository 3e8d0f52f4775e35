// What columns of a table of edges are by their names, as Gephi, SNAP, igraph, networkx, Neo4j, Cytoscape and
// others write them.
#pragma once

#include "scenarios/network/delimited_text.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace venturi {

/// How sure it is that two names in a first row are those of columns: `FromNodeId, ToNodeId` are hardly two
/// vertices, `v1, v2` may be.
enum class NameStrength { weak, strong };

struct NamedColumns {
    std::size_t source = 0;
    std::size_t target = 0;
    NameStrength strength = NameStrength::strong;
};

/// In lower case, of letters and digits alone, without the type that Neo4j writes behind a colon:
/// `:START_ID(Person)` is startid, `weight:double` is weight.
[[nodiscard]] std::string plain_name(std::string_view name);

/// The columns of the ends: those whose names are a pair such as source and target, from and to, src and dst,
/// start and end, tail and head, debtor and creditor, u and v, or one name with 1 and 2, a and b, or i and j
/// at its end. Where several are, the plainest. Empty where none is, or where several are equally plain.
[[nodiscard]] std::optional<NamedColumns> ends_by_name(const std::vector<DelimitedField>& header);

/// Whether a column of this name holds weights: weight, value, amount, strength, count, trust, ...
[[nodiscard]] bool is_weight_name(std::string_view name);

/// Whether a column of this name describes edges without being a weight: id, label, type, time, ...
[[nodiscard]] bool is_description_name(std::string_view name);

/// Whether these are the columns of a table of vertices, as of Gephi: id and label, and no ends.
[[nodiscard]] bool is_table_of_vertices(const std::vector<DelimitedField>& header);

}  // namespace venturi
