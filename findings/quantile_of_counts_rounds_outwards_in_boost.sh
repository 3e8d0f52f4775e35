#!/usr/bin/env bash
# Boost.Math's quantile of a count is not the least count whose probability reaches p, and of a geometric one no whole number.
#
# One would guess: quantile(poisson(2), 0.3) is 1, the least k with F(k) >= 0.3, as F(0) = 0.135 and F(1) = 0.406; so
#   say R's qpois and SciPy's ppf. That of a geometric distribution is a whole number too.
# What happens: below the median it is the largest k with F(k) <= p, so 0 here, and 1 at p = 0.49; above, the usual
#   one. So the distribution function at the quantile may be below p, and a draw by inversion of a uniform number has
#   too small a mean. For the geometric distribution with 0.3 no rounding takes place at all: 0.94 at p = 0.5, where 1
#   is right.
# Documentation: "integer_round_outwards" is Boost's stated default for the quantiles of discrete distributions, and a
#   policy can change it.
# Why here: numbers of failures, hires and rounds are drawn or bounded by quantiles.
# Seen with: libboost1.74-dev 1.74.0+ds1-21 (the installed one, where it is this), the compiler of the machine.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

headers=/usr/include
if [[ $(dpkg-query -W -f='${Version}' libboost1.74-dev 2> /dev/null) != 1.74.0+ds1-21 ]]; then
    apt-get -qq -y download -o APT::Sandbox::User=root libboost1.74-dev=1.74.0+ds1-21 > /dev/null \
        || { echo 'the package cannot be downloaded' >&2; exit 2; }
    dpkg-deb -x libboost1.74-dev_*.deb root
    headers=$work/root/usr/include
fi
cat > look.cpp <<'CPP'
#include <boost/math/distributions/geometric.hpp>
#include <boost/math/distributions/poisson.hpp>
#include <cstdio>
int main() {
    const boost::math::poisson counts(2);
    const boost::math::geometric waits(0.3);
    for (const double p : {0.3, 0.49, 0.51, 0.7}) {
        const double k = quantile(counts, p);
        std::printf("p = %.2f: Poisson %g, where F is %.3f; geometric %.2f\n", p, k, cdf(counts, k), quantile(waits, p));
    }
    const int draws = 1000;
    double mean = 0;
    for (int i = 0; i < draws; ++i) mean += quantile(counts, (i + 0.5) / draws) / draws;
    std::printf("mean of %d draws by inversion %.2f, of the distribution 2\n", draws, mean);
}
CPP
expected=$(cat <<'SEEN'
p = 0.30: Poisson 0, where F is 0.135; geometric 0.00
p = 0.49: Poisson 1, where F is 0.406; geometric 0.89
p = 0.51: Poisson 2, where F is 0.677; geometric 1.00
p = 0.70: Poisson 3, where F is 0.857; geometric 2.38
mean of 1000 draws by inversion 1.64, of the distribution 2
SEEN
)
seen=$(g++ -I "$headers" look.cpp -o look && ./look)
printf '%s\n' "$seen"
[[ $seen == "$expected" ]] || { printf 'this has changed; it was\n%s\n' "$expected"; exit 1; }
