#!/usr/bin/env bash
# Whether a Pajek file has directions depends, in igraph, on the order of its sections; in networkx an edge becomes an arc.
#
# One would guess: a file with an arc from A to B and an edge between B and C is refused, or read as three arcs, and
#   the same whichever of the two sections comes first.
# What happens: igraph lets the last section decide for all. *Arcs before *Edges: nothing has a direction; *Edges
#   before *Arcs: the edge is an arc from B to C. networkx is directed in the first case, with the edge one way only,
#   and undirected in the second. So the two contradict each other on both files, and no one warns.
# Documentation: igraph's manual says that graphs with both kinds are not supported, not that they are read all the
#   same; networkx's page speaks of directed and undirected graphs.
# Why here: contracts have a direction and partnerships have none; Pajek is the one common format that can hold both.
# Seen with: python3-networkx 2.8.8-1, python3-igraph 0.10.2-1+b1 on libigraph3 0.10.2+ds-2.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir -p debs/partial root
apt-get -qq -y install --reinstall --download-only --no-install-recommends -o Dir::Cache::archives="$work/debs" \
    -o Debug::NoLocking=1 -o APT::Sandbox::User=root python3-networkx=2.8.8-1 python3-igraph=0.10.2-1+b1 \
    libigraph3=0.10.2+ds-2 > /dev/null \
    || { echo 'the packages cannot be downloaded' >&2; exit 2; }
for deb in debs/*.deb; do dpkg-deb -x "$deb" root; done
libraries=$(echo "$work"/root/usr/lib/*-linux-gnu)
export PYTHONPATH=$work/root/usr/lib/python3/dist-packages PYTHONDONTWRITEBYTECODE=1
export LD_LIBRARY_PATH=$libraries:$libraries/blas:$libraries/lapack:$libraries/hdf5/serial

cat > look.py <<'PY'
import igraph, networkx, warnings
warnings.simplefilter('error')
vertices = '*Vertices 3\n1 "A"\n2 "B"\n3 "C"\n'
arcs, edges = '*Arcs\n1 2 1\n', '*Edges\n2 3 1\n'
for name, sections in (('arcs first', arcs + edges), ('edges first', edges + arcs)):
    with open('ties.net', 'w') as file:
        file.write(vertices + sections)
    theirs, ours = igraph.Graph.Read_Pajek('ties.net'), networkx.read_pajek('ties.net')
    print(name, '- igraph', 'directed' if theirs.is_directed() else 'undirected',
          sorted(theirs.vs[e.source]['name'] + theirs.vs[e.target]['name'] for e in theirs.es),
          '- networkx', 'directed' if ours.is_directed() else 'undirected', sorted(a + b for a, b in ours.edges()))
PY
expected=$(cat <<'SEEN'
arcs first - igraph undirected ['AB', 'BC'] - networkx directed ['AB', 'BC']
edges first - igraph directed ['AB', 'BC'] - networkx undirected ['AB', 'BC']
SEEN
)
seen=$(/usr/bin/python3 look.py)
printf '%s\n' "$seen"
[[ $seen == "$expected" ]] || { printf 'this has changed; it was\n%s\n' "$expected"; exit 1; }
