#!/usr/bin/env bash
# jStat's median of a Pareto distribution is not its own quantile at a half, by far.
#
# One would guess: with scale 1 and shape 3 the median is 1 · 2^(1/3) = 1.26, as inv(0.5), and below the mean 1.5.
# What happens: median(1, 3) is 4.24, scale · shape · √2: above the mean, where the distribution function is 0.987. A
#   sample of it has a median of 1.26.
# Documentation: jStat's page says that median returns the value of the median, with the parameters of the others.
# Why here: values of exits and of losses are modelled by Pareto tails, and their medians are compared with simulated
#   ones.
# Seen with: jstat 1.9.6.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --prefer-offline --no-audit --no-fund --ignore-scripts --prefix . jstat@1.9.6 > /dev/null \
    || { echo 'the packages cannot be installed' >&2; exit 2; }

cat > look.js <<'JS'
const { jStat } = require('jstat');
const { pareto } = jStat;
console.log('median', pareto.median(1, 3).toFixed(3), 'inv(0.5)', pareto.inv(0.5, 1, 3).toFixed(3), 'mean', pareto.mean(1, 3));
console.log('cdf at the median', pareto.cdf(pareto.median(1, 3), 1, 3).toFixed(3));
JS
expected=$(cat <<'SEEN'
median 4.243 inv(0.5) 1.260 mean 1.5
cdf at the median 0.987
SEEN
)
seen=$(node look.js)
printf '%s\n' "$seen"
[[ $seen == "$expected" ]] || { printf 'this has changed; it was\n%s\n' "$expected"; exit 1; }
