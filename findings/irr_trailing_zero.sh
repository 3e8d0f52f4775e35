#!/usr/bin/env bash
# Periods without payments after the last one turn an internal rate of return of +200% into -100%.
#
# One would guess: a cash flow of 0 at the end changes nothing, as it adds 0 to the net present value at any rate.
# What happens: both libraries discount to the last date and look for a root in x = 1 + r. Each period of 0 at the end
#   multiplies what they solve by a power of x, so that x = 0, the loss of everything, becomes a root, and Newton's
#   method ends there: a tripling is reported as a total loss, without an error. node-irr does so for equal periods
#   (irr), xirr for dates.
# Documentation: neither mentions it; xirr's page says that it throws where it does not converge.
# Why here: a simulator writes one row a month to the horizon, paid or not: rows of zeros at the end are usual.
# Seen with: node-irr 2.0.5, xirr 1.1.0.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --prefer-offline --no-audit --no-fund --ignore-scripts --prefix . node-irr@2.0.5 \
    xirr@1.1.0 > /dev/null \
    || { echo 'the packages cannot be installed' >&2; exit 2; }

cat > look.js <<'JS'
const percent = rate => `${(100 * rate).toFixed(1)}%`;
const { irr } = require('node-irr');
console.log('node-irr', percent(irr([-100, 300])), 'and with three periods of 0 after it', percent(irr([-100, 300, 0, 0, 0])));
const xirr = require('xirr');
const yearly = flows =>
  xirr(flows.map((amount, year) => ({ amount, when: new Date(Date.UTC(2021, 0, 1) + 365 * 86400000 * year) })));
console.log('xirr', percent(yearly([-100, 250, 50])), 'and with one year of 0 after it', percent(yearly([-100, 250, 50, 0])));
JS
expected=$(cat <<'SEEN'
node-irr 200.0% and with three periods of 0 after it -100.0%
xirr 168.6% and with one year of 0 after it -100.0%
SEEN
)
seen=$(node look.js)
printf '%s\n' "$seen"
[[ $seen == "$expected" ]] || { printf 'this has changed; it was\n%s\n' "$expected"; exit 1; }
