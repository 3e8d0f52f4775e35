// Whatever the bytes, every reader accepts them or says in words of its own what is wrong: changes of small
// files, the same in every run. The same targets go to libFuzzer, for as long as one likes: tests/fuzz/run.
#include "tests/fuzz/mutation.hpp"
#include "tests/fuzz/targets.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

// There under sanitizers, which end the program themselves.
extern "C" void __sanitizer_set_death_callback(void (*callback)()) __attribute__((weak));  // NOLINT

using namespace venturi;
using namespace venturi::fuzz;

namespace {

constexpr std::uint64_t seed = 20'240'613;

struct CorpusFile {
    std::string name;
    std::string text;
};

std::vector<CorpusFile> corpus_of(std::string_view target) {
    std::vector<CorpusFile> files;
    const std::filesystem::path folder =
        std::filesystem::path(VENTURI_SOURCE_FOLDER) / "tests/fuzz/corpus" / target;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        std::ifstream stream(entry.path(), std::ios::binary);
        files.push_back({entry.path().filename().string(), {std::istreambuf_iterator<char>(stream), {}}});
    }
    std::ranges::sort(files, {}, &CorpusFile::name);
    return files;
}

// What is being read, for whoever finds the program dead.
struct Reading {
    std::string_view target;
    std::uint64_t number = 0;
    const std::string* input = nullptr;
};
Reading reading;

std::string in_words(const Reading& each) {
    return fmt::format("target {}, seed {}, mutation {}, input \"{}\"", each.target, seed, each.number,
                       as_literal(*each.input));
}

void tell_reading() {
    if (reading.input != nullptr) std::fprintf(stderr, "%s\n", in_words(reading).c_str());
}

// Empty where the target keeps its promises.
std::string failure_of(const Target& target, std::string_view bytes) {
    try {
        static_cast<void>(target.feed(bytes));
    } catch (const std::exception& error) {
        return error.what();
    }
    return {};
}

void feed_mutants(std::string_view name, std::uint64_t count) {
    if (__sanitizer_set_death_callback != nullptr) __sanitizer_set_death_callback(tell_reading);
    const Target* const target = find_target(name);
    REQUIRE(target != nullptr);
    std::vector<std::string> texts;
    for (CorpusFile& file : corpus_of(name)) texts.push_back(std::move(file.text));
    REQUIRE(!texts.empty());
    const Mutator mutator(std::move(texts), seed);
    std::size_t failures = 0;
    for (std::uint64_t number = 0; number < count && failures < 3; ++number) {
        const std::string input = mutator.mutant(number);
        reading = {name, number, &input};
        INFO(name << ", mutation " << number);  // in case of a signal
        const std::string failure = failure_of(*target, input);
        if (!failure.empty()) {
            ++failures;
            FAIL_CHECK(failure << "\n" << in_words(reading));
        }
    }
    reading = {};
    CHECK(failures == 0);
}

}  // namespace

TEST_CASE("Every file that changes are made of is accepted, but for those that say otherwise", "[fuzz]") {
    for (const Target& target : targets()) {
        const std::vector<CorpusFile> files = corpus_of(target.name);
        CHECK(files.size() >= 5);
        for (const CorpusFile& file : files) {
            CAPTURE(target.name, file.name);
            bool accepted = false;
            CHECK_NOTHROW(accepted = target.feed(file.text));
            CHECK(accepted != file.name.starts_with("refused"));
        }
    }
    CHECK(find_target("nothing") == nullptr);
}

TEST_CASE("A change is the same for the same seed and number, and another for others", "[fuzz]") {
    const std::vector<std::string> texts = {"source,target,weight\na,b,1.5\nb,c,2\n", "x y\ny z\n"};
    const Mutator one(texts, 1);
    const Mutator same(texts, 1);
    const Mutator other(texts, 2);
    std::size_t changed = 0;
    std::size_t different = 0;
    constexpr std::uint64_t many = 1000;
    for (std::uint64_t i = 0; i < many; ++i) {
        const std::string mutant = one.mutant(i);
        CHECK(mutant == same.mutant(i));
        CHECK(mutant.size() <= std::size_t{16} << 10);
        changed += mutant != texts[0] && mutant != texts[1] ? 1 : 0;
        different += mutant != other.mutant(i) ? 1 : 0;
    }
    CHECK(changed > 900);
    CHECK(different > 900);
    CHECK(one.mutant(7) == "source,target,weight\na,1.5,b\nb,c,2\n");
    CHECK(as_literal(std::string_view("a\"\\\n\0"
                                      "7\xFF",
                                      7))
          == "a\\\"\\\\\\n\\0007\\377");
    CHECK_NOTHROW(Mutator({""}, 1).mutant(3));
}

TEST_CASE("No change of a scenario, a setting or a value brings their readers out of step", "[fuzz]") {
    feed_mutants("document", 20'000);
    feed_mutants("scenario", 1'500);
    feed_mutants("setting", 1'200);
    feed_mutants("quantity", 50'000);
    feed_mutants("distribution", 10'000);
}

TEST_CASE("No change of a file of a network brings its readers out of step", "[fuzz]") {
    feed_mutants("network", 20'000);
    feed_mutants("interactions", 10'000);
    feed_mutants("assets", 20'000);
}

TEST_CASE("No change of a fault tree brings its readers out of step", "[fuzz]") {
    feed_mutants("tree", 10'000);
    feed_mutants("galileo", 20'000);
    feed_mutants("open_psa", 10'000);
}

TEST_CASE("No change of a manifest or of its encoding brings readers out of step", "[fuzz]") {
    feed_mutants("manifest", 10'000);
    feed_mutants("text", 50'000);
}
