#include "agents/risk/set_family.hpp"
#include "sim/contract.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <functional>
#include <random>
#include <set>
#include <vector>

namespace {

using namespace venturi;

// Sets as bits of a word, families of them as lists of words: what the diagrams are compared with.
using Word = std::uint32_t;
using Words = std::set<Word>;
constexpr std::uint32_t variables = 7;

SetFamily family_of(SetFamilyTable& table, const Words& words, std::uint32_t variable = 0) {
    if (words.empty()) return SetFamily::none();
    if (variable == variables) return SetFamily::empty_set();
    Words with;
    Words without;
    for (const Word word : words) ((word >> variable & 1) != 0 ? with : without).insert(word);
    return table.node(variable, family_of(table, with, variable + 1),
                      family_of(table, without, variable + 1));
}

void collect(const SetFamilyTable& table, SetFamily family, Word above, Words& words) {
    if (family == SetFamily::none()) return;
    if (family == SetFamily::empty_set()) {
        words.insert(above);
        return;
    }
    collect(table, table.with(family), above | Word{1} << table.variable(family), words);
    collect(table, table.without(family), above, words);
}

Words words_of(const SetFamilyTable& table, SetFamily family) {
    Words words;
    collect(table, family, 0, words);
    return words;
}

Words filtered(const Words& words, const std::function<bool(Word)>& keep) {
    Words result;
    std::copy_if(words.begin(), words.end(), std::inserter(result, result.end()), keep);
    return result;
}

bool includes_one_of(Word word, const Words& others) {
    return std::any_of(others.begin(), others.end(), [&](Word other) { return (word & other) == other; });
}

Words minimal_words(const Words& words) {
    return filtered(words, [&](Word word) {
        return std::none_of(words.begin(), words.end(),
                            [&](Word other) { return other != word && (word & other) == other; });
    });
}

Words random_words(std::mt19937_64& random) {
    Words words;
    const std::size_t number = random() % 12;
    // An "and" of two words has few bits, as cut sets do.
    while (words.size() < number) words.insert(static_cast<Word>(random() & random()) % (1U << variables));
    return words;
}

}  // namespace

TEST_CASE("A family is one node, however it was made") {
    SetFamilyTable table;
    const auto empty = SetFamily::empty_set();
    const auto none = SetFamily::none();
    const SetFamily a = table.node(0, empty, none);
    const SetFamily b = table.node(1, empty, none);
    const SetFamily either = table.node(0, empty, b);
    CHECK(table.minimal_union(a, b) == either);
    CHECK(table.minimal_union(b, a) == either);
    const SetFamily both = table.node(0, b, none);
    CHECK(table.minimal_product(a, b) == both);
    CHECK(table.minimal_product(b, a) == both);
    CHECK(table.without_supersets(either, both) == either);
    CHECK(table.without_supersets(both, either) == none);
    // A variable that no set has is no node.
    CHECK(table.node(0, none, b) == b);
    CHECK(words_of(table, either) == Words{1, 2});
    CHECK(words_of(table, both) == Words{3});
}

TEST_CASE("A set includes the empty set and itself") {
    SetFamilyTable table;
    const SetFamily family = family_of(table, {0b011, 0b110});
    CHECK(table.without_supersets(family, SetFamily::empty_set()) == SetFamily::none());
    CHECK(table.without_supersets(family, family) == SetFamily::none());
    CHECK(table.without_supersets(family, SetFamily::none()) == family);
    CHECK(table.without_supersets(SetFamily::empty_set(), family) == SetFamily::empty_set());
    CHECK(table.minimal(family_of(table, {0, 0b011, 0b110})) == SetFamily::empty_set());
}

TEST_CASE("Operations on families do to graphs what they do to lists of sets") {
    std::mt19937_64 random(1);
    SetFamilyTable table;  // one for all, so that remembered results are put to the test too
    for (int repetition = 0; repetition < 3000; ++repetition) {
        const Words first = random_words(random);
        const Words second = random_words(random);
        const SetFamily f = family_of(table, first);
        const SetFamily g = family_of(table, second);
        REQUIRE(words_of(table, f) == first);
        CHECK(table.difference(f, g)
              == family_of(table, filtered(first, [&](Word word) { return !second.contains(word); })));
        CHECK(table.without_supersets(f, g) == family_of(table, filtered(first, [&](Word word) {
                                                             return !includes_one_of(word, second);
                                                         })));
        CHECK(table.minimal(f) == family_of(table, minimal_words(first)));
        for (const int most : {0, 1, 2, 3})
            CHECK(
                table.up_to_order(f, static_cast<std::uint32_t>(most))
                == family_of(table, filtered(first, [&](Word word) { return std::popcount(word) <= most; })));

        Words either = minimal_words(first);
        Words both;
        for (const Word word : minimal_words(second)) {
            for (const Word other : minimal_words(first)) both.insert(word | other);
            either.insert(word);
        }
        CHECK(table.minimal_union(table.minimal(f), table.minimal(g))
              == family_of(table, minimal_words(either)));
        CHECK(table.minimal_product(table.minimal(f), table.minimal(g))
              == family_of(table, minimal_words(both)));

        Word used = 0;
        for (const Word word : first) used |= word;
        Word found = 0;
        for (const std::uint32_t variable : table.variables_below(f)) found |= Word{1} << variable;
        CHECK(found == used);
    }
}

TEST_CASE("Every pair of families over three variables is told apart and compared") {
    SetFamilyTable table;
    std::vector<Words> lists;
    std::vector<SetFamily> families;
    for (std::uint32_t code = 0; code < 256; ++code) {  // bit w: whether word w is in it
        Words words;
        for (Word word = 0; word < 8; ++word)
            if ((code >> word & 1) != 0) words.insert(word);
        families.push_back(family_of(table, words));
        lists.push_back(words);
    }
    CHECK(std::set<std::uint32_t>{families[0].node(), families[1].node()} == std::set<std::uint32_t>{0, 1});
    std::size_t wrong = 0;
    for (std::uint32_t a = 0; a < 256; ++a)
        for (std::uint32_t b = 0; b < 256; ++b) {
            std::uint32_t kept = 0;
            for (const Word word : lists[a]) kept |= includes_one_of(word, lists[b]) ? 0 : 1U << word;
            wrong += a != b && families[a] == families[b] ? 1 : 0;
            wrong += table.difference(families[a], families[b]) != families[a & ~b] ? 1 : 0;
            wrong += table.without_supersets(families[a], families[b]) != families[kept] ? 1 : 0;
        }
    CHECK(wrong == 0);
}

TEST_CASE("Variables that don't grow towards the children are refused") {
    SetFamilyTable table;
    const SetFamily family = table.node(3, SetFamily::empty_set(), SetFamily::none());
    CHECK_THROWS_AS(table.node(3, family, SetFamily::none()), ContractViolation);
    CHECK_THROWS_AS(table.node(4, SetFamily::empty_set(), family), ContractViolation);
    CHECK_NOTHROW(table.node(2, family, family));
}

TEST_CASE("A table stops at its limits and keeps what it has") {
    const auto empty = SetFamily::empty_set();
    const auto none = SetFamily::none();
    // Products of disjunctions of every sixth variable each.
    const auto build = [&](SetFamilyTable& table) {
        SetFamily product = empty;
        for (std::uint32_t k = 0; k < 6; ++k) {
            SetFamily any = none;
            for (std::uint32_t i = 6; i-- > 0;) any = table.node(6 * i + k, empty, any);
            product = table.minimal_product(product, any);
        }
        return product;
    };
    SetFamilyTable free;
    CHECK(free.variables_below(build(free)).size() == 36);
    SetFamilyTable enough({.steps = free.steps()});
    CHECK_NOTHROW(build(enough));
    SetFamilyTable few({.steps = free.steps() - 1});
    CHECK_THROWS_AS(build(few), SetFamilyLimitReached);

    // One node for each set {i}.
    const std::size_t bytes = SetFamilyTable().bytes() * 5;  // grows from one to two to four times that
    SetFamilyTable small({.bytes = bytes});
    const SetFamily before = family_of(small, {0b011, 0b110});
    std::uint32_t made = 0;
    const auto fill = [&] {
        for (;; ++made) static_cast<void>(small.node(1000 + made, empty, none));
    };
    CHECK_THROWS_AS(fill(), SetFamilyLimitReached);
    CHECK(made > 1000);
    CHECK(small.bytes() <= bytes);
    CHECK(2 * small.bytes() > bytes);
    CHECK(words_of(small, before) == Words{0b011, 0b110});
    const std::size_t size = small.size();
    for (std::uint32_t i = 0; i < made; ++i) static_cast<void>(small.node(1000 + i, empty, none));
    CHECK(small.size() == size);  // they were there
    CHECK_THROWS_AS(small.node(1000 + made, empty, none), SetFamilyLimitReached);
}
