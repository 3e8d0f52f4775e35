#!/usr/bin/env bash
# An edge with directed="false" in a directed GraphML file is an arc for graphology and igraph, without a word.
#
# One would guess: the attribute, which is GraphML's way to write a mixed network, is honoured by a library that holds
#   mixed graphs, and refused by one that doesn't. networkx refuses it with a message.
# What happens: graphology looks for directed="true" only, in undirected files; igraph doesn't look. Both return B ->
#   C without a way back and without a warning: C reaches nobody, and B and C have a degree in one direction only.
# Documentation: GraphML's specification has edgedefault for edges without the attribute only; graphology-graphml's
#   page is silent; igraph's graphs are of one kind.
# Why here: contracts have a direction and alliances have none, and one file holds both.
# Seen with: graphology-graphml 0.5.2, python3-igraph 0.10.2-1+b1 on libigraph3 0.10.2+ds-2, python3-networkx 2.8.8-1.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --prefer-offline --no-audit --no-fund --ignore-scripts --prefix . \
    graphology@0.26.0 graphology-types@0.24.8 graphology-graphml@0.5.2 > /dev/null \
    || { echo 'the packages cannot be installed' >&2; exit 2; }
mkdir -p debs/partial root
apt-get -qq -y install --reinstall --download-only --no-install-recommends -o Dir::Cache::archives="$work/debs" \
    -o Debug::NoLocking=1 -o APT::Sandbox::User=root python3-networkx=2.8.8-1 python3-igraph=0.10.2-1+b1 \
    libigraph3=0.10.2+ds-2 > /dev/null \
    || { echo 'the packages cannot be downloaded' >&2; exit 2; }
for deb in debs/*.deb; do dpkg-deb -x "$deb" root; done
libraries=$(echo "$work"/root/usr/lib/*-linux-gnu)
export PYTHONPATH=$work/root/usr/lib/python3/dist-packages PYTHONDONTWRITEBYTECODE=1
export LD_LIBRARY_PATH=$libraries:$libraries/blas:$libraries/lapack:$libraries/hdf5/serial

cat > ties.graphml <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <graph edgedefault="directed">
    <node id="A"/><node id="B"/><node id="C"/>
    <edge source="A" target="B"/>
    <edge source="B" target="C" directed="false"/>
  </graph>
</graphml>
XML
cat > look.js <<'JS'
const Graph = require('graphology');
const graph = require('graphology-graphml').parse(Graph, require('fs').readFileSync('ties.graphml', 'utf8'));
console.log('graphology', graph.type, graph.mapEdges((edge, data, source, target) =>
  `${source} ${graph.isDirected(edge) ? '->' : '-'} ${target}`).join(', '));
JS
cat > look.py <<'PY'
import igraph, networkx, warnings
warnings.simplefilter('error')
read = igraph.Graph.Read_GraphML('ties.graphml')
print('igraph', 'directed' if read.is_directed() else 'undirected',
      ', '.join(read.vs[e.source]['id'] + ' -> ' + read.vs[e.target]['id'] for e in read.es))
try:
    networkx.read_graphml('ties.graphml')
except networkx.NetworkXError as error:
    print('networkx', error)
PY
expected=$(cat <<'SEEN'
graphology directed A -> B, B -> C
igraph directed A -> B, B -> C
networkx directed=false edge found in directed graph.
SEEN
)
seen=$(node look.js; /usr/bin/python3 look.py)
printf '%s\n' "$seen"
[[ $seen == "$expected" ]] || { printf 'this has changed; it was\n%s\n' "$expected"; exit 1; }
