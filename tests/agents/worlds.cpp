#include "tests/agents/worlds.hpp"

#include "scenarios/scenario.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <limits>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace venturi::testing {

namespace {

std::vector<RoundParameters> five_rounds() {
    std::vector<RoundParameters> rounds(5);
    const std::array<double, 5> medians = {1.0e7, 2.8e7, 5.5e7, 1.2e8, 2.5e8};
    const std::array<double, 5> odds = {0.5, 0.8, 0.8, 0.8, 0.8};
    for (std::size_t i = 0; i < rounds.size(); ++i) {
        rounds[i].name = std::string(1, static_cast<char>('A' + i));
        rounds[i].median_pre_money = medians[i];
        rounds[i].success_odds = odds[i];
        rounds[i].revenue_weight = 0.3 + 0.15 * static_cast<double>(i);
    }
    return rounds;
}

// Finds a leaf by its path, as a visitor of describe().
class LeafFinder {
  public:
    explicit LeafFinder(std::string_view path) : path_(path) {}

    void number(double&, const Description& description) { see(description); }
    void whole(std::int64_t&, const Description& description) { see(description); }
    void flag(bool&, const Description& description) { see(description); }
    template <class Enum>
    void choice(Enum&, const Description& description, std::span<const std::string_view>) {
        see(description);
    }
    void distribution(Distribution&, const Description& description) { see(description); }
    void reference(std::string&, const Description& description, std::string_view) { see(description); }
    template <class Group>
    void group(std::string_view name, std::string_view, Group& members) {
        inside(name, members);
    }
    template <class Element>
    void collection(std::string_view name, std::string_view, std::vector<Element>& elements) {
        for (Element& element : elements) inside(std::string(name) + "." + element.name, element);
    }

    [[nodiscard]] std::size_t found() const {
        if (found_ == nothing) throw std::invalid_argument("no parameter at " + std::string(path_));
        return found_;
    }

  private:
    static constexpr std::size_t nothing = std::numeric_limits<std::size_t>::max();

    void see(const Description& description) {
        if (prefix_ + std::string(description.name) == path_) found_ = count_;
        ++count_;
    }
    template <class Group>
    void inside(std::string_view name, Group& members) {
        const std::string outside = prefix_;
        prefix_ += std::string(name) + ".";
        describe(members, *this);
        prefix_ = outside;
    }

    std::string_view path_;
    std::string prefix_;
    std::size_t count_ = 0;
    std::size_t found_ = nothing;
};

}  // namespace

std::size_t leaf_number(const WorldParameters& parameters, std::string_view path) {
    WorldParameters copy = parameters;
    LeafFinder finder(path);
    describe(copy, finder);
    return finder.found();
}

WorldParameters cohort(std::int64_t startups) {
    WorldParameters world;
    world.market.segments.resize(1);
    world.market.segments[0].name = "software";
    world.finance.rounds = five_rounds();
    world.startups.resize(1);
    world.startups[0].name = "founders";
    world.startups[0].count = startups;
    world.startups[0].segment = "software";
    world.startups[0].founded = Uniform{0, 36};
    world.investors.resize(1);
    world.investors[0].name = "funds";
    return world;
}

WorldParameters quiet_world() {
    WorldParameters world;
    EnvironmentParameters& environment = world.environment;
    environment.climate = {.initial = InitialClimate::normal,
                           .cold_to_normal = 0,
                           .normal_to_cold = 0,
                           .normal_to_warm = 0,
                           .warm_to_normal = 0,
                           .cold = {},
                           .normal = {},
                           .warm = {}};
    environment.compute_price_cuts = 0;
    environment.wage_rise = 0;
    environment.wage_rise_spread = 0;
    environment.frontier_advances = 0;
    world.market.segments.resize(1);
    world.market.segments[0].name = "software";
    world.market.segments[0].size = 0;
    world.finance.rounds = five_rounds();
    return world;
}

WorldParameters lone_startup() {
    WorldParameters world = quiet_world();
    world.finance.raising.duration = Constant{1e5};
    world.finance.exits.offers = 0;
    world.finance.exits.shutdown = 0;
    world.startups.resize(1);
    StartupGroupParameters& group = world.startups[0];
    group.name = "founders";
    group.segment = "software";
    group.count = 1;
    group.seed_round = Constant{1.2e6};
    group.burn = Constant{6e4};
    group.quality = Constant{0};
    group.launch = Constant{1e5};
    group.improvements = 0;
    return world;
}

std::shared_ptr<const WorldSetup> eventful_setup() {
    WorldParameters world = cohort(40);
    world.market.segments.push_back(world.market.segments[0]);
    world.market.segments[1].name = "health";
    world.market.segments[1].price = 6000;
    world.market.segments[1].churn = 0.05;
    world.startups.push_back(world.startups[0]);
    world.startups[1].name = "late";
    world.startups[1].count = 15;
    world.startups[1].segment = "health";
    world.startups[1].founded = Constant{20};
    world.startups.push_back(world.startups[0]);
    world.startups[2].name = "compute_heavy";
    world.startups[2].count = 10;
    world.startups[2].compute_share = 0.7;
    world.startups[2].seed_round = Gamma{2, 3e6};
    world.finance.terms.seniority = Seniority::pari_passu;
    world.investors.push_back(world.investors[0]);
    world.investors[1].name = "small_funds";
    world.investors[1].count = 30;
    world.investors[1].fund_size = Pareto{1.8, 1e7};
    const auto setting = [&](std::string_view path, double value) {
        return Setting{leaf_number(world, path), value};
    };
    std::vector<Intervention> interventions;
    interventions.push_back({.name = "crash",
                             .at = 30.0,
                             .when = {},
                             .settings = {setting("environment.climate.normal_to_cold", 0.5),
                                          setting("environment.climate.cold_to_normal", 0.01)}});
    interventions.push_back({.name = "boom",
                             .at = {},
                             .when = Condition{Measure::named("rounds"), Crossing::above, 10},
                             .settings = {setting("market.segments.software.imitation", 0.2),
                                          setting("market.segments.health.size", 20000)}});
    interventions.push_back({.name = "relief",
                             .at = {},
                             .when = Condition{Measure::named("share_alive"), Crossing::below, 0.5},
                             .settings = {setting("finance.exits.shutdown", 0.001),
                                          setting("investors.small_funds.new_fund", 0.2)}});
    return make_setup(std::move(world), std::move(interventions));
}

RiskLeafParameters& leaf_named(WorldParameters& world, std::string_view name) {
    for (RiskLeafParameters& leaf : world.risk.leaves)
        if (leaf.name == name) return leaf;
    throw std::invalid_argument("there is no leaf " + std::string(name));
}

WorldParameters lone_organisation() {
    WorldParameters world = lone_startup();
    StartupGroupParameters& group = world.startups[0];
    group.inside = Inside::five_advantages;
    group.seed_round = Constant{1e9};
    group.burn = Constant{2e5};
    world.risk.leaves.clear();
    world.risk.gates.clear();
    return world;
}

std::shared_ptr<const WorldSetup> advantages_setup() {
    WorldParameters world = cohort(6);
    SegmentParameters& software = world.market.segments[0];
    software.size = 3000;
    software.sales_cycle = LogNormal{1.5, 0.5};
    software.regulation = 0.2;
    SegmentParameters health = software;
    health.name = "health";
    health.price = 6000;
    health.sales_cycle = Constant{0};
    health.privacy = 0.9;
    health.regulation = 1;
    world.market.segments.push_back(health);
    StartupGroupParameters& founders = world.startups[0];
    founders.inside = Inside::five_advantages;
    founders.founded = Uniform{0, 10};
    founders.seed_round = LogNormal{4e6, 0.5};
    founders.burn = LogNormal{1.6e5, 0.3};
    founders.launch = LogNormal{5, 0.4};
    StartupGroupParameters careful = founders;
    careful.name = "careful";
    careful.segment = "health";
    careful.mix = {.technology = 0.3, .data = 0.25, .talent = 0.2, .partnership = 0.1, .risk = 0.15};
    StartupGroupParameters outlined = founders;
    outlined.name = "outlined";
    outlined.count = 1;
    outlined.inside = Inside::outline;
    world.startups.push_back(careful);
    world.startups.push_back(outlined);
    for (RiskLeafParameters& leaf : world.risk.leaves) {
        leaf.rate *= 4;
        leaf.harm.severity.median /= 10;
    }
    leaf_named(world, "data_leak").rate = 0.1;
    leaf_named(world, "data_leak").damage_share = 0.8;
    leaf_named(world, "violation").rate = 0.1;
    world.insurers.push_back({.name = "insurers", .count = 2, .surplus = 1e5, .deductible = 5000});
    world.technology.run_failures = 0.15;
    world.technology.breakthroughs = 0.1;
    world.talent.researcher.looking = 12;
    world.talent.engineer.looking = 40;
    world.talent.data.looking = 15;
    world.talent.business.looking = 30;
    world.talent.hiring.poaching = 0.5;
    const auto setting = [&](std::string_view path, double value) {
        return Setting{leaf_number(world, path), value};
    };
    std::vector<Intervention> interventions;
    interventions.push_back({.name = "turn_to_data",
                             .at = 20.0,
                             .when = {},
                             .settings = {setting("startups.founders.mix.technology", 0.3),
                                          setting("startups.founders.mix.data", 0.45),
                                          setting("market.segments.health.privacy", 0.2)}});
    return make_setup(std::move(world), std::move(interventions));
}

std::vector<NamedSetup> all_worlds() {
    std::vector<NamedSetup> worlds = {{"cohort", make_setup(cohort(60))},
                                      {"quiet world", make_setup(quiet_world())},
                                      {"lone startup", make_setup(lone_startup())},
                                      {"eventful world", eventful_setup()},
                                      {"lone organisation", make_setup(lone_organisation())},
                                      {"advantages", advantages_setup()}};
    const std::filesystem::path library =
        std::filesystem::path(VENTURI_SOURCE_FOLDER) / "scenarios" / "library";
    if (!std::filesystem::is_directory(library)) return worlds;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(library))
        if (entry.path().extension() == ".yaml") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
#ifdef __SANITIZE_ADDRESS__
    // Seven times as slow: of the seven applications, which differ in their numbers, two.
    std::erase_if(files, [](const std::filesystem::path& file) {
        constexpr auto some = std::to_array<std::string_view>(
            {"customer_service", "ecosystem", "foundation_model_lab", "healthcare", "seed_cohort"});
        return std::find(some.begin(), some.end(), file.stem().string()) == some.end();
    });
#endif
    for (const std::filesystem::path& file : files) {
        Scenario scenario = load_scenario(file.string(), std::span(&library, 1));
        // Large ones are cut down, so that tests that look at all worlds stay quick.
        for (StartupGroupParameters& group : scenario.world.startups)
            if (scenario.world.startups.size() > 1) group.count = std::min<std::int64_t>(group.count, 12);
        worlds.push_back(
            {file.stem().string(), make_setup(std::move(scenario.world), std::move(scenario.interventions))});
    }
    return worlds;
}

std::vector<NamedSetup> worlds_with_organisations() {
    std::vector<NamedSetup> worlds = all_worlds();
    const auto without = [](const NamedSetup& world) {
        const auto& groups = world.setup->parameters.startups;
        return std::none_of(groups.begin(), groups.end(), [](const StartupGroupParameters& group) {
            return group.inside == Inside::five_advantages;
        });
    };
    std::erase_if(worlds, without);
    return worlds;
}

}  // namespace venturi::testing
