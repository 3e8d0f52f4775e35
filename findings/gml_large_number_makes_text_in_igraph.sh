#!/usr/bin/env bash
# One amount above 2147483647 turns a whole column of numbers into text between networkx and igraph.
#
# One would guess: the cash of two firms, 3000000000 and 5, written as GML by networkx, is numbers in igraph: GML's
#   integers have as many digits as they like in its grammar.
# What happens: networkx writes a whole number that needs more than 32 bits as a string, in quotes, and says nothing;
#   igraph, which gives a column one type, then makes text of the other firm's 5 as well. Read back by networkx
#   itself, one is text, one is not.
# Documentation: networkx's page says that int is written as the format requires, and does not mention the strings.
# Why here: balances, valuations and debts in dollars pass 2147483647 as soon as a company is large.
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
for cash in (2_000_000_000, 3_000_000_000):
    given = networkx.Graph()
    given.add_node('A', cash=cash)
    given.add_node('B', cash=5)
    networkx.write_gml(given, 'firms.gml')
    print(cash, 'igraph', igraph.Graph.Read_GML('firms.gml').vs['cash'],
          'networkx', [data['cash'] for _, data in networkx.read_gml('firms.gml').nodes(data=True)])
PY
expected=$(cat <<'SEEN'
2000000000 igraph [2000000000.0, 5.0] networkx [2000000000, 5]
3000000000 igraph ['3000000000', '5'] networkx ['3000000000', 5]
SEEN
)
seen=$(/usr/bin/python3 look.py)
printf '%s\n' "$seen"
[[ $seen == "$expected" ]] || { printf 'this has changed; it was\n%s\n' "$expected"; exit 1; }
