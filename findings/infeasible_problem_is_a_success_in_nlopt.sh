#!/usr/bin/env bash
# NLopt ends with a positive code, that of success, on a problem whose constraints cannot be met.
#
# One would guess: to minimise x + y with x >= 2 and x <= 1 ends with a failure, or with a code that says so.
# What happens: three algorithms that take such constraints (COBYLA, SLSQP, MMA) stop with 4, XTOL_REACHED: the steps
#   became small. What they return violates a constraint by half to one. MMA's point isn't even the best for y, which
#   may be -10.
# Documentation: NLopt's page says that a positive code is success; whether a point is feasible one has to compute.
# Why here: a portfolio under a budget, a reserve and a share of each firm is easily over-constrained, and looks
#   solved.
# Seen with: libnlopt-dev and libnlopt0 2.7.1-5, the compiler of the machine.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir -p debs/partial root
apt-get -qq -y install --reinstall --download-only --no-install-recommends -o Dir::Cache::archives="$work/debs" \
    -o Debug::NoLocking=1 -o APT::Sandbox::User=root libnlopt-dev=2.7.1-5 libnlopt0=2.7.1-5 > /dev/null \
    || { echo 'the packages cannot be downloaded' >&2; exit 2; }
for deb in debs/*.deb; do dpkg-deb -x "$deb" root; done

libraries=$(echo "$work"/root/usr/lib/*-linux-gnu)
export LD_LIBRARY_PATH=$libraries
cat > look.cpp <<'CPP'
#include <nlopt.h>
#include <cmath>
#include <cstdio>
double sum(unsigned, const double* x, double* gradient, void*) {
    if (gradient) gradient[0] = gradient[1] = 1;
    return x[0] + x[1];
}
double at_least_two(unsigned, const double* x, double* gradient, void*) {
    if (gradient) gradient[0] = -1, gradient[1] = 0;
    return 2 - x[0];
}
double at_most_one(unsigned, const double* x, double* gradient, void*) {
    if (gradient) gradient[0] = 1, gradient[1] = 0;
    return x[0] - 1;
}
void minimise(nlopt_algorithm algorithm, const char* name) {
    nlopt_opt problem = nlopt_create(algorithm, 2);
    nlopt_set_lower_bounds1(problem, -10);
    nlopt_set_upper_bounds1(problem, 10);
    nlopt_set_min_objective(problem, sum, nullptr);
    nlopt_add_inequality_constraint(problem, at_least_two, nullptr, 1e-8);
    nlopt_add_inequality_constraint(problem, at_most_one, nullptr, 1e-8);
    nlopt_set_xtol_rel(problem, 1e-6);
    nlopt_set_maxeval(problem, 5000);
    double x[] = {0, 0}, value = 0;
    const nlopt_result result = nlopt_optimize(problem, x, &value);
    std::printf("%s ends with %d, %s, at x = %.3f, y = %.3f\n", name, result, nlopt_result_to_string(result), x[0],
                std::abs(x[1]) < 1e-9 ? 0 : x[1]);
    nlopt_destroy(problem);
}
int main() {
    minimise(NLOPT_LN_COBYLA, "COBYLA");
    minimise(NLOPT_LD_SLSQP, "SLSQP");
    minimise(NLOPT_LD_MMA, "MMA");
}
CPP
expected=$(cat <<'SEEN'
COBYLA ends with 4, XTOL_REACHED, at x = 1.500, y = -10.000
SLSQP ends with 4, XTOL_REACHED, at x = 1.000, y = -10.000
MMA ends with 4, XTOL_REACHED, at x = 1.000, y = 0.000
SEEN
)
seen=$(g++ -I root/usr/include look.cpp -L "$libraries" -lnlopt -o look && ./look)
printf '%s\n' "$seen"
[[ $seen == "$expected" ]] || { printf 'this has changed; it was\n%s\n' "$expected"; exit 1; }
