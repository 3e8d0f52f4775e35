#!/usr/bin/env bash
# The median survival of firms that fail after 2, 4, 10 and 20 months is 10 in statsmodels, 7 in R, and 4 by definition.
#
# One would guess: the median survival is the first time at which half or fewer survive: 4 months. So says the
#   textbook definition.
# What happens: the curve is exactly 1/2 from 4 to 10. R takes the middle of that step, 7; statsmodels its end, 10:
#   the first time with less than a half. With ten firms failing at 1 to 10 it is 5.5 in R and 6 in statsmodels.
# Documentation: R's page for the print of a survfit says that it takes the midpoint; statsmodels's says "estimated
#   quantile".
# Why here: cohorts without censoring and with an even number of firms all have such a step; a published median may be
#   either end.
# Seen with: r-cran-survival 3.5-3-1, python3-statsmodels 0.13.5+dfsg-7.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir -p debs/partial root
apt-get -qq -y install --reinstall --download-only --no-install-recommends -o Dir::Cache::archives="$work/debs" \
    -o Debug::NoLocking=1 -o APT::Sandbox::User=root r-base-core=4.2.2.20221110-2 r-cran-survival=3.5-3-1 \
    python3-statsmodels=0.13.5+dfsg-7 > /dev/null \
    || { echo 'the packages cannot be downloaded' >&2; exit 2; }
for deb in debs/*.deb; do dpkg-deb -x "$deb" root; done
libraries=$(echo "$work"/root/usr/lib/*-linux-gnu)
export PYTHONPATH=$work/root/usr/lib/python3/dist-packages PYTHONDONTWRITEBYTECODE=1
export LD_LIBRARY_PATH=$libraries:$libraries/blas:$libraries/lapack:$libraries/hdf5/serial

export R_HOME=$work/root/usr/lib/R EDITOR=vi
ln -sf /dev/null "$R_HOME/etc/Renviron"
export LD_LIBRARY_PATH=$R_HOME/lib:$libraries:$libraries/blas:$libraries/lapack
cat > look.R <<'R'
suppressMessages(library(survival))
median_of <- function(months) summary(survfit(Surv(months, rep(1, length(months))) ~ 1))$table["median"]
cat("survival", median_of(c(2, 4, 10, 20)), median_of(1:10), fill = TRUE)
R
cat > look.py <<'PY'
from statsmodels.duration.survfunc import SurvfuncRight
print('statsmodels', *[SurvfuncRight(months, [1] * len(months)).quantile(0.5) for months in ([2, 4, 10, 20], range(1, 11))])
PY
expected=$(cat <<'SEEN'
survival 7 5.5
statsmodels 10 6
SEEN
)
seen=$("$R_HOME"/bin/exec/R --no-echo --no-restore --no-init-file -f look.R 2> /dev/null; /usr/bin/python3 look.py)
printf '%s\n' "$seen"
[[ $seen == "$expected" ]] || { printf 'this has changed; it was\n%s\n' "$expected"; exit 1; }
