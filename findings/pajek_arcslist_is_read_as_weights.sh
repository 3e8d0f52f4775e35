#!/usr/bin/env bash
# networkx takes Pajek's lists of neighbours for weighted arcs.
#
# One would guess: a section that is not understood is refused. In Pajek's *Arcslist a line "1 2 3" gives arcs from 1
#   to 2 and to 3, "2 1 3 4" arcs from 2 to 1, 3 and 4: five arcs without weights. igraph reads five.
# What happens: *Arcslist begins with *Arcs, so networkx reads its lines as arcs, the third number as a weight and the
#   rest as nothing: two arcs, A to B of weight 3 and B to A of weight 3. No error, no warning.
# Documentation: networkx's page says that it reads directed and undirected graphs of Pajek's format and names no
#   section it can't.
# Why here: published networks (of boards, patents, citations) come in these lists, as they are shorter.
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

cat > ties.net <<'NET'
*Vertices 4
1 "A"
2 "B"
3 "C"
4 "D"
*Arcslist
1 2 3
2 1 3 4
NET
cat > look.py <<'PY'
import igraph, networkx, warnings
warnings.simplefilter('error')
print('networkx', list(networkx.read_pajek('ties.net').edges(data='weight')))
read = igraph.Graph.Read_Pajek('ties.net')
print('igraph', ' '.join(read.vs[e.source]['name'] + read.vs[e.target]['name'] for e in read.es), read.es.attributes())
PY
expected=$(cat <<'SEEN'
networkx [('A', 'B', 3.0), ('B', 'A', 3.0)]
igraph AB AC BA BC BD []
SEEN
)
seen=$(/usr/bin/python3 look.py)
printf '%s\n' "$seen"
[[ $seen == "$expected" ]] || { printf 'this has changed; it was\n%s\n' "$expected"; exit 1; }
