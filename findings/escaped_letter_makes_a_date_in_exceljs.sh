#!/usr/bin/env bash
# exceljs reads the number 18.5 as a date where its cell's format writes the unit as an escaped letter.
#
# One would guess: the format 0.0 \\m shows 18.5 as "18.5 m": a backslash makes the next letter text, as quotes do,
#   and the value is a number. In quotes, 0.0 "m", it is read as 18.5.
# What happens: exceljs takes the escaped m for a month and returns a Date in January 1900; d, h, s, y likewise.
#   openpyxl returns 18.5 from the same file.
# Documentation: the format's standard (ECMA-376, 18.8.31) has a backslash show the next character as it is;
#   spreadsheets store one letter so. exceljs's page is silent.
# Why here: months of runway (m), days (d) and $1.5m in cap tables and plans; a Date then goes on as milliseconds
#   since 1970.
# Seen with: exceljs 4.4.0; python3-openpyxl 3.0.9-1 reads numbers.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --prefer-offline --no-audit --no-fund --ignore-scripts --prefix . exceljs@4.4.0 > /dev/null \
    || { echo 'the packages cannot be installed' >&2; exit 2; }
mkdir -p debs/partial root
apt-get -qq -y install --reinstall --download-only --no-install-recommends -o Dir::Cache::archives="$work/debs" \
    -o Debug::NoLocking=1 -o APT::Sandbox::User=root python3-openpyxl=3.0.9-1 > /dev/null \
    || { echo 'the packages cannot be downloaded' >&2; exit 2; }
for deb in debs/*.deb; do dpkg-deb -x "$deb" root; done
libraries=$(echo "$work"/root/usr/lib/*-linux-gnu)
export PYTHONPATH=$work/root/usr/lib/python3/dist-packages PYTHONDONTWRITEBYTECODE=1
export LD_LIBRARY_PATH=$libraries:$libraries/blas:$libraries/lapack:$libraries/hdf5/serial

cat > look.js <<'JS'
const { Workbook } = require('exceljs');
const formats = ['0.0 "m"', '0.0 \\m', '0 \\d', '0.0\\x'];
(async () => {
  const written = new Workbook();
  formats.forEach((format, i) => Object.assign(written.addWorksheet(`s${i}`).getCell('A1'), { value: 18.5, numFmt: format }));
  await written.xlsx.writeFile('plan.xlsx');
  const read = new Workbook();
  await read.xlsx.readFile('plan.xlsx');
  formats.forEach((format, i) => {
    const { value } = read.getWorksheet(`s${i}`).getCell('A1');
    console.log('exceljs', format, value instanceof Date ? value.toISOString() : value);
  });
})();
JS
cat > look.py <<'PY'
import openpyxl
for sheet in openpyxl.load_workbook('plan.xlsx'):
    print('openpyxl', sheet['A1'].number_format, sheet['A1'].value)
PY
expected=$(cat <<'SEEN'
exceljs 0.0 "m" 18.5
exceljs 0.0 \m 1900-01-17T12:00:00.000Z
exceljs 0 \d 1900-01-17T12:00:00.000Z
exceljs 0.0\x 18.5
openpyxl 0.0 "m" 18.5
openpyxl 0.0 \m 18.5
openpyxl 0 \d 18.5
openpyxl 0.0\x 18.5
SEEN
)
seen=$(node look.js; /usr/bin/python3 look.py)
printf '%s\n' "$seen"
[[ $seen == "$expected" ]] || { printf 'this has changed; it was\n%s\n' "$expected"; exit 1; }
