// Reads fault trees in Galileo's text format (.dft): Sullivan, Dugan & Coppit, "The Galileo fault tree
// analysis tool", FTCS-29 (1999), with the extensions that collections of dynamic trees use.
//
//     toplevel "System";                  // exactly one
//     "System" and "Pumps" "Power";       /* a gate: name, kind, inputs */
//     "Pumps" wsp "P1" "P2";
//     "Power" lambda=0.5 dorm=0.3;        // a basic event: name, attributes
//
// Names stand in quotes or bare, without white space or semicolons when bare. Statements may come in any
// order.
//
//     and, or, KofN, votK                  N must be the number of inputs
//     pand, pand-incl, pand<=              priority-and; inputs that fail together are in order
//     pand-excl, pand<                     ... are not
//     por, por-incl, por<=, por-excl, por< priority-or, likewise; also -inc and -ex
//     wsp, csp, hsp, spare                 spare gates; see below
//     seq, mutex                           inputs fail from left to right only; at most one fails
//     fdep                                 the first input's failure fails all others
//     pdep=p                               ... with probability p
//
//     lambda=r                             exponential life
//     lambda=r phases=k                    Erlang
//     rate=s shape=k                       Weibull; s is the scale (a time), in spite of its name
//     mean=m stddev=s                      log-normal: mean and standard deviation of the logarithm
//     prob=p                               has failed from the start with probability p, else never fails
//     dorm=d                               dormancy: ages so much slower as a spare that isn't used
//     repair=r                             rate of an exponential time to repair
//     res=p, cov=c                         coverage: a failure is transient with probability p, else covered
//
// Numbers are decimals or ratios (1/3), times have no unit. What is done where tools differ:
//
// - dorm, where it is written, counts whatever the kind of spare gate. Where it isn't, an event that is a
// spare
//   (not the first input) of a csp gate has 0, any other 1. A dorm that contradicts a csp or hsp gate is a
//   warning. (Some tools ignore dorm at csp and hsp gates, others the gate's kind.)
// - res thins the failures of an exponential life, lambda (1 - p): exact, as a transient failure leaves an
//   exponential life as it was. With other lives it must be 0. A failure that is neither transient nor
//   covered would fail the whole system at once: res + cov must be 1, or cov be left out.
// - Constraints (seq, mutex, fdep, pdep) have no output: as inputs of gates they are ignored.
// - repl (other than 1) is refused, and so are trees with parameters (param), which have no number for an
//   answer. Words of newer dialects (rdep, sand, repair units, inspections, variants of spare and pand) are
//   refused as such: what they mean is not published, or differs.
//
// Passed over with a warning: a quote too many before a semicolon; what follows a semicolon on its line and
// is no statement; `page`, which says where a tree is drawn.
#pragma once

#include "scenarios/risk/galileo_syntax.hpp"
#include "scenarios/risk/tree_contents.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace venturi {

/// Reads a file. Throws ScenarioError with all problems that were found, each with its line and column: what
/// `split_galileo` refuses; names that are defined twice or not at all, cycles, wrong numbers of inputs,
/// unknown kinds and attributes, numbers outside their range.
[[nodiscard]] TreeContents load_galileo(const std::filesystem::path& file, const GalileoLimits& limits = {});

/// As load_galileo, from text; `name` stands for the file in messages.
[[nodiscard]] TreeContents parse_galileo(std::string_view text, const std::string& name,
                                         const GalileoLimits& limits = {});

}  // namespace venturi
