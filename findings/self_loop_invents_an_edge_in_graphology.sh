#!/usr/bin/env bash
# A self-loop in the middle of a network makes graphology measure it as if its last vertex led to its first.
#
# One would guess: no shortest path uses a loop, so on the path A - B - C - D - E a loop on C changes neither
#   betweenness (0, 3, 4, 3, 0) nor closeness (E: 4 / (1 + 2 + 3 + 4)).
# What happens: A, an end of the path, gets a betweenness of 1 and C 2.25; E, the other end, gets a closeness of 2/3.
#   The index of neighbours under these measures has room for both ends of a loop and fills one; the cell left over
#   belongs to the last vertex and holds 0, the number of the first: E has the neighbours D and A. No error, no
#   warning.
# Documentation: graphology allows loops by default; its metrics name no exception.
# Why here: an edge list with the same firm in both columns (a group's internal contract) has loops.
# Seen with: graphology 0.26.0, graphology-metrics 2.4.2, graphology-indices 0.17.0.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --prefer-offline --no-audit --no-fund --ignore-scripts --prefix . \
    graphology@0.26.0 graphology-types@0.24.8 graphology-metrics@2.4.2 graphology-indices@0.17.0 > /dev/null \
    || { echo 'the packages cannot be installed' >&2; exit 2; }

cat > look.js <<'JS'
const { UndirectedGraph } = require('graphology');
const { NeighborhoodIndex } = require('graphology-indices/neighborhood');
const { betweenness, closeness } = require('graphology-metrics/centrality');
for (const loop of [false, true]) {
  const graph = new UndirectedGraph();
  for (const pair of ['AB', 'BC', 'CD', 'DE']) graph.mergeEdge(pair[0], pair[1]);
  if (loop) graph.addEdge('C', 'C');
  const between = betweenness(graph, { normalized: false });
  console.log(loop ? 'with a loop on C:' : 'without a loop:', 'betweenness', Object.values(between).join(', '));
  const neighbours = new NeighborhoodIndex(graph).project().E;
  console.log(`  closeness of E ${closeness(graph).E.toFixed(3)}, neighbours of E ${neighbours.join(', ')}`);
}
JS
expected=$(cat <<'SEEN'
without a loop: betweenness 0, 3, 4, 3, 0
  closeness of E 0.400, neighbours of E D
with a loop on C: betweenness 1, 2, 2.25, 1.75, 0.75
  closeness of E 0.667, neighbours of E D, A
SEEN
)
seen=$(node look.js)
printf '%s\n' "$seen"
[[ $seen == "$expected" ]] || { printf 'this has changed; it was\n%s\n' "$expected"; exit 1; }
