#!/usr/bin/env bash
# No normal tail is below 0.001 in simple-statistics: six standard deviations are as likely as three.
#
# One would guess: cumulativeStdNormalProbability(-6) is 9.9e-10, and that at -3.2 differs from that at -8.
# What happens: the function looks z up in a printed table that ends at 3.09, to four digits, and takes its last row
#   for all that lies further out: 0.001. Its inverse, probit, goes by another approximation: probit(0.975) is 1.957
#   where 1.960 is right.
# Documentation: its page says that a standard normal table is used; not where it ends, nor how many digits it has.
# Why here: rare failures, and Bonferroni's many comparisons, are tails of 1e-4 and less; here they are all the same.
# Seen with: simple-statistics 7.12.1.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --prefer-offline --no-audit --no-fund --ignore-scripts --prefix . \
    simple-statistics@7.12.1 > /dev/null \
    || { echo 'the packages cannot be installed' >&2; exit 2; }

cat > look.js <<'JS'
const { cumulativeStdNormalProbability, probit } = require('simple-statistics');
for (const z of [-3, -3.5, -6, -38]) console.log('below', z, cumulativeStdNormalProbability(z));
console.log('probit(0.975)', probit(0.975).toFixed(3));
JS
expected=$(cat <<'SEEN'
below -3 0.0013
below -3.5 0.001
below -6 0.001
below -38 0.001
probit(0.975) 1.957
SEEN
)
seen=$(node look.js)
printf '%s\n' "$seen"
[[ $seen == "$expected" ]] || { printf 'this has changed; it was\n%s\n' "$expected"; exit 1; }
