// Reads our own form of a fault tree, static or dynamic: YAML.
//
//     top: service_lost                       # a gate, an event, or a formula in place
//     gates:
//       service_lost: {or: [power_lost, both_pumps, {and: [fire, -sprinklers]}]}
//       both_pumps: {and: [pump_a, pump_b]}
//       two_of_three: {at_least: 2, of: [a, b, c]}
//       swap: {spare: [pump_a, pump_c]}
//     events:
//       power_lost: 0.01                      # a probability; also 1%
//       pump_a: {rate: 0.5 per year, repair: 3 days, dormancy: 0.3}
//       fire: once every 40 years             # a rate
//       sprinklers: true                      # a house event
//
// A formula is a name, a name with a minus for its complement, or a map with one connective:
//
//     {and: [...]}  {or: [...]}  {nand: [...]}  {nor: [...]}  {xor: [...]}    xor: an odd number of them
//     {at_least: k, of: [...]}   {between: [k, m], of: [...]}                 of the list's formulas
//     {not: x}  {imply: [x, y]}  {iff: [x, y]}                                one, and two formulas
//     {priority_and: [...]}  {priority_or: [...]}                             in order; the first before all
//     others
//         may have simultaneity: exclusive, where inputs that fail together are not in order
//     {spare: [...]}                                                          the first, then its spares in
//     order
//
// A gate gives a formula a name. Constraints are gates without an output, which no formula needs to name:
//
//     {functional_dependency: [trigger, a, b]}     may have probability: 40%
//     {sequence: [...]}   {mutual_exclusion: [...]}
//
// An event is true or false (a house event), a probability, a rate (an exponential life), or a map with one
// of
//
//     probability: 1%                                 has failed from the start, or never fails
//     rate: 0.5 per year        mean: 2 years         exponential life
//     erlang: {phases: 3, mean: 2 years}              or {phases: 3, rate: 18 per year} of each phase
//     weibull: {shape: 1.5, scale: 2 years}
//     log_normal: {median: 2 years, spread: 0.5}      spread: standard deviation of the logarithm
//
// and, where wanted, `repair` (a mean duration or a rate; exponential) and `dormancy` (a spare that is not
// used ages so much slower: 0 cold, 1 hot, the default). Quantities are written as in a scenario
// (quantity.hpp); times are months, rates per month. Names have letters, digits, underscores, hyphens and
// dots, no hyphen first.
//
// Complements and not, nand, nor, xor, imply, iff and between don't go together with priority, spares and
// constraints: what fails by order isn't undone. TreeContents says which models a tree gives.
#pragma once

#include "scenarios/document.hpp"
#include "scenarios/problem.hpp"
#include "scenarios/risk/tree_contents.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace venturi {

/// Reads a file. Throws ScenarioError with all problems that were found, each with its line and column: what
/// `load_document` refuses; names that are defined twice or not at all, cycles, wrong numbers of inputs,
/// unknown keys, quantities outside their range, gates that don't go together.
[[nodiscard]] TreeContents load_tree_file(const std::filesystem::path& file);

/// As load_tree_file, from text; `name` stands for the file in messages.
[[nodiscard]] TreeContents parse_tree_file(std::string_view text, const std::string& name);

/// As load_tree_file, from a part of a document: a map with `top`, `gates` and `events`. What is in
/// `problems` already is thrown with what is found.
[[nodiscard]] TreeContents read_tree(const DocumentNode& map, ProblemList& problems);

}  // namespace venturi
