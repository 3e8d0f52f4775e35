#!/usr/bin/env bash
# networkx gives no structural constraint to a firm that only receives, though its formula looks at ties of both directions.
#
# One would guess: Burt's constraint weighs each contact by the ties to and from it, a_ij + a_ji. In A -> B, B -> C, A
#   -> C all three stand alike, and C has 1.125 as A and B have; igraph and Burt's definition agree.
# What happens: C, from which nothing leads away, has nan, as if it had no tie at all, and so has whatever is averaged
#   over it.
# Documentation: networkx's page sums over the neighbours that are predecessors or successors.
# Why here: in a network of investments or debts most vertices receive only, and brokers are looked for by this
#   measure.
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
import igraph, networkx
ties = [('A', 'B'), ('B', 'C'), ('A', 'C')]
print('networkx', {v: round(value, 3) for v, value in networkx.constraint(networkx.DiGraph(ties)).items()})
given = igraph.Graph.TupleList(ties, directed=True)
print('igraph  ', {v: round(value, 3) for v, value in zip(given.vs['name'], given.constraint())})
PY
expected=$(cat <<'SEEN'
networkx {'A': 1.125, 'B': 1.125, 'C': nan}
igraph   {'A': 1.125, 'B': 1.125, 'C': 1.125}
SEEN
)
seen=$(/usr/bin/python3 look.py)
printf '%s\n' "$seen"
[[ $seen == "$expected" ]] || { printf 'this has changed; it was\n%s\n' "$expected"; exit 1; }
