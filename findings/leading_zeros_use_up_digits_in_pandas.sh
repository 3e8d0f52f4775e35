#!/usr/bin/env bash
# pandas' read_csv makes 0 of 0.00000000000000001234567 and loses digits of every small number that is written out.
#
# One would guess: a decimal is read as the nearest double, or within a unit in its last place, as by Python's float.
# What happens: the reader keeps 17 digits from the first zero on, and the zeros after the point count:
#   0.000000000000123456789 is read as 1.234e-13, 5e-4 off, and after 17 zeros nothing is left. The same numbers with
#   an exponent are right.
# Documentation: float_precision="round_trip" exists against it; the page calls what is used without it the ordinary
#   converter.
# Why here: probabilities of rare failures are written out by spreadsheets and by printf's %f, and a tree's 0 is taken
#   for certain.
# Seen with: python3-pandas 1.5.3+dfsg-2.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir -p debs/partial root
apt-get -qq -y install --reinstall --download-only --no-install-recommends -o Dir::Cache::archives="$work/debs" \
    -o Debug::NoLocking=1 -o APT::Sandbox::User=root python3-pandas=1.5.3+dfsg-2 > /dev/null \
    || { echo 'the packages cannot be downloaded' >&2; exit 2; }
for deb in debs/*.deb; do dpkg-deb -x "$deb" root; done
libraries=$(echo "$work"/root/usr/lib/*-linux-gnu)
export PYTHONPATH=$work/root/usr/lib/python3/dist-packages PYTHONDONTWRITEBYTECODE=1
export LD_LIBRARY_PATH=$libraries:$libraries/blas:$libraries/lapack:$libraries/hdf5/serial

cat > look.py <<'PY'
import io, pandas
for text in ('0.000000000000123456789', '1.23456789e-13', '0.00000000000000001234567', '1.234567e-17'):
    read = [pandas.read_csv(io.StringIO('p\n' + text + '\n'), float_precision=how).p[0] for how in (None, 'round_trip')]
    print(text, 'is read as', read[0], 'and with round_trip as', read[1])
PY
expected=$(cat <<'SEEN'
0.000000000000123456789 is read as 1.234e-13 and with round_trip as 1.23456789e-13
1.23456789e-13 is read as 1.23456789e-13 and with round_trip as 1.23456789e-13
0.00000000000000001234567 is read as 0.0 and with round_trip as 1.234567e-17
1.234567e-17 is read as 1.2345670000000001e-17 and with round_trip as 1.234567e-17
SEEN
)
seen=$(/usr/bin/python3 look.py)
printf '%s\n' "$seen"
[[ $seen == "$expected" ]] || { printf 'this has changed; it was\n%s\n' "$expected"; exit 1; }
