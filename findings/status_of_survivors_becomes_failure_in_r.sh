#!/usr/bin/env bash
# In R a cohort in which nobody failed becomes one in which all failed, where status is coded 1 and 2.
#
# One would guess: with 1 for censored and 2 for failed, a coding that Surv accepts, a group whose status is 1
#   throughout has no failures, alone as in the whole.
# What happens: Surv looks at the largest value it is given. Where that is 2, 1 is censored; where it is 1, 1 is
#   failed. Group B, of which all three survived, has no event and no median in a fit of both groups; taken by itself
#   it has three and a median of 6.
# Documentation: Surv's page names the codings 0/1, 1/2 and TRUE/FALSE, not that a subset may change from one to
#   another.
# Why here: survival by sector or cohort is often computed in a loop over subsets, and a lucky small group is one
#   without failures.
# Seen with: r-cran-survival 3.5-3-1, r-base-core 4.2.2.20221110-2.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir -p debs/partial root
apt-get -qq -y install --reinstall --download-only --no-install-recommends -o Dir::Cache::archives="$work/debs" \
    -o Debug::NoLocking=1 -o APT::Sandbox::User=root r-base-core=4.2.2.20221110-2 r-cran-survival=3.5-3-1 > /dev/null \
    || { echo 'the packages cannot be downloaded' >&2; exit 2; }
for deb in debs/*.deb; do dpkg-deb -x "$deb" root; done

libraries=$(echo "$work"/root/usr/lib/*-linux-gnu)
export R_HOME=$work/root/usr/lib/R EDITOR=vi
ln -sf /dev/null "$R_HOME/etc/Renviron"
export LD_LIBRARY_PATH=$R_HOME/lib:$libraries:$libraries/blas:$libraries/lapack
cat > look.R <<'R'
suppressMessages(library(survival))
firms <- data.frame(months = c(5, 8, 12, 3, 6, 9), status = c(1, 2, 1, 1, 1, 1), group = c("A", "A", "A", "B", "B", "B"))
both <- summary(survfit(Surv(months, status) ~ group, data = firms))$table
cat("B beside A: events", both["group=B", "events"], "median", both["group=B", "median"], fill = TRUE)
alone <- summary(survfit(Surv(months, status) ~ 1, data = subset(firms, group == "B")))$table
cat("B alone: events", alone["events"], "median", alone["median"], fill = TRUE)
R
expected=$(cat <<'SEEN'
B beside A: events 0 median NA
B alone: events 3 median 6
SEEN
)
seen=$("$R_HOME"/bin/exec/R --no-echo --no-restore --no-init-file -f look.R 2> /dev/null)
printf '%s\n' "$seen"
[[ $seen == "$expected" ]] || { printf 'this has changed; it was\n%s\n' "$expected"; exit 1; }
