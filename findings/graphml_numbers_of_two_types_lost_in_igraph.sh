#!/usr/bin/env bash
# igraph loses some of the weights of a GraphML file in which networkx wrote whole numbers and fractions.
#
# One would guess: weights 1 and 2.5, written as GraphML by networkx, come out of igraph as 1 and 2.5.
# What happens: networkx declares a key for each type of Python's numbers, d0 for whole and d1 for real ones, both
#   with attr.name="weight", and gives each edge the one of its type. igraph shows one column of that name, filled
#   from one of the two keys: A-B keeps 1 and B-C becomes NaN, without a warning. The file is valid; its keys' ids are
#   unique.
# Documentation: networkx's write_graphml has infer_numeric_types=True against it, False by default; igraph's manual
#   is silent.
# Why here: amounts and numbers of contracts are often whole and sometimes not, and these two are what such networks
#   pass through.
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
given = networkx.Graph()
given.add_edge('A', 'B', weight=1)
given.add_edge('B', 'C', weight=2.5)
for infer in (False, True):
    networkx.write_graphml(given, 'ties.graphml', infer_numeric_types=infer)
    read = igraph.Graph.Read_GraphML('ties.graphml')
    print('infer_numeric_types', infer, [(read.vs[e.source]['id'] + read.vs[e.target]['id'], e['weight']) for e in read.es])
PY
expected=$(cat <<'SEEN'
infer_numeric_types False [('AB', 1.0), ('BC', nan)]
infer_numeric_types True [('AB', 1.0), ('BC', 2.5)]
SEEN
)
seen=$(/usr/bin/python3 look.py)
printf '%s\n' "$seen"
[[ $seen == "$expected" ]] || { printf 'this has changed; it was\n%s\n' "$expected"; exit 1; }
