#!/usr/bin/env bash
# graphology reads a GraphML weight as a number where an edge gives it, and as text where the key's <default> does.
#
# One would guess: attr.type="double" holds for the default as for the data, so that A-B has the weight 2.5 and B-C
#   has 4.
# What happens: the default stays the text "2.5". A sum in JavaScript then concatenates, and graphology's own weighted
#   degree counts an edge whose weight is no number as 1: B has 5 instead of 6.5. Nothing is warned of.
# Documentation: GraphML's primer says that the default is the value of each edge that has no data of its own.
# Why here: a network whose ties mostly have one weight is written with a default.
# Seen with: graphology 0.26.0, graphology-graphml 0.5.2, graphology-metrics 2.4.2.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --prefer-offline --no-audit --no-fund --ignore-scripts --prefix . \
    graphology@0.26.0 graphology-types@0.24.8 graphology-graphml@0.5.2 graphology-metrics@2.4.2 > /dev/null \
    || { echo 'the packages cannot be installed' >&2; exit 2; }

cat > ties.graphml <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="w" for="edge" attr.name="weight" attr.type="double"><default>2.5</default></key>
  <graph edgedefault="undirected">
    <node id="A"/><node id="B"/><node id="C"/>
    <edge source="A" target="B"/>
    <edge source="B" target="C"><data key="w">4</data></edge>
  </graph>
</graphml>
XML
cat > look.js <<'JS'
const Graph = require('graphology');
const graph = require('graphology-graphml').parse(Graph, require('fs').readFileSync('ties.graphml', 'utf8'));
graph.forEachEdge((edge, { weight }, source, target) => console.log(source, target, typeof weight, weight));
let sum = 0;
graph.forEachEdge((edge, { weight }) => { sum += weight; });
console.log('sum of the weights', JSON.stringify(sum));
console.log('weighted degree of B', require('graphology-metrics/node').weightedDegree(graph, 'B'));
JS
expected=$(cat <<'SEEN'
A B string 2.5
B C number 4
sum of the weights "02.54"
weighted degree of B 5
SEEN
)
seen=$(node look.js)
printf '%s\n' "$seen"
[[ $seen == "$expected" ]] || { printf 'this has changed; it was\n%s\n' "$expected"; exit 1; }
