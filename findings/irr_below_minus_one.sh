#!/usr/bin/env bash
# Three implementations of the internal rate of return call a loss of 35% a year a loss of 165% a year.
#
# One would guess: of 134.34 invested and 10.16 and 19.08 returned after two and four years, the rate is the only r >
#   -1 with net present value 0: -35.46% a year. A solver that doesn't find it says so (a spreadsheet answers #NUM!).
# What happens: Newton's method steps over -1, where the powers of a negative base have a second, meaningless root,
#   and -164.54% is returned as a number. Nobody can lose more than all. The flows change sign once, and no option is
#   used.
# Documentation: none of the three says that an answer may be below -100%; @webcarrot/xirr names LibreOffice's XIRR as
#   its model.
# Why here: most startups of a cohort return little, so a table of a fund's deals is full of such flows.
# Seen with: @formulajs/formulajs 4.6.1 (XIRR), @webcarrot/xirr 3.0.1, financial 0.2.4 (irr); xirr 1.1.0 is right.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --prefer-offline --no-audit --no-fund --ignore-scripts --prefix . \
    @formulajs/formulajs@4.6.1 @webcarrot/xirr@3.0.1 financial@0.2.4 xirr@1.1.0 > /dev/null \
    || { echo 'the packages cannot be installed' >&2; exit 2; }

cat > look.js <<'JS'
const flows = [-134.34, 0, 10.16, 0, 19.08];
const dates = flows.map((_, year) => new Date(Date.UTC(2021, 0, 1) + year * 365 * 86400000));
const show = (name, rate) => console.log(name, `${(100 * rate).toFixed(2)}%`);
show('formulajs XIRR', require('@formulajs/formulajs').XIRR(flows, dates));
show('@webcarrot/xirr', require('@webcarrot/xirr').xirr(flows.map((amount, i) => ({ amount, date: dates[i] }))));
show('financial irr', require('financial').irr(flows));
show('xirr', require('xirr')(flows.map((amount, i) => ({ amount, when: dates[i] }))));
JS
expected=$(cat <<'SEEN'
formulajs XIRR -164.54%
@webcarrot/xirr -164.54%
financial irr -164.54%
xirr -35.46%
SEEN
)
seen=$(node look.js)
printf '%s\n' "$seen"
[[ $seen == "$expected" ]] || { printf 'this has changed; it was\n%s\n' "$expected"; exit 1; }
