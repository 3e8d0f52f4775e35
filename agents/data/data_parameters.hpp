// Data governance: where data come from, how they are cleaned and kept, what can happen to them.
#pragma once

#include "sim/parameter.hpp"

namespace venturi {

/// One kind of source.
struct DataSourceParameters {
    Distribution tokens = LogNormal{2e9, 0.6};
    double noise = 0.2;
    double missing = 0.05;
    double duplicates = 0.2;
};

template <class Visitor>
void describe(DataSourceParameters& source, Visitor& visit) {
    const Range junk = {.low = 0, .high = 1, .high_open = true};
    visit.distribution(source.tokens,
                       {.name = "tokens", .legal = above(0), .meaning = "tokens in a batch, junk included"});
    visit.number(source.noise, {.name = "noise",
                                .dimension = Dimension::share,
                                .legal = junk,
                                .plausible = {0.02, 0.5},
                                .meaning = "part of a batch that is wrong or useless"});
    visit.number(source.missing, {.name = "missing",
                                  .dimension = Dimension::share,
                                  .legal = junk,
                                  .plausible = {0, 0.2},
                                  .meaning = "part of a batch with values missing"});
    visit.number(
        source.duplicates,
        {.name = "duplicates",
         .dimension = Dimension::share,
         .legal = junk,
         .plausible = {0, 0.5},
         .meaning = "part of a batch that repeats what is there; Lee et al. 2022 find a sentence 60,000 "
                    "times in C4"});
}

/// Security, compliance and backup.
struct DataIncidentParameters {
    double leaks = 0.01;
    double violations = 0.01;
    double destroyed = 0.3;
    double backup = 0.7;
    double cost = 150000;
    double turnover_share = 0.04;
    double customers_lost = 0.05;
    double brand_lost = 0.2;
    double investors_doubt = 1;
    double doubt_fades = 12;
};

template <class Visitor>
void describe(DataIncidentParameters& incidents, Visitor& visit) {
    visit.number(
        incidents.leaks,
        {.name = "leaks",
         .dimension = Dimension::rate,
         .legal = between(0, 30),
         .plausible = {0.002, 0.05},
         .meaning = "rate of security incidents without data culture",
         .source = "Ponemon 2017: 27.7% chance of a breach of 10,000 records or more in two years, 0.0135 a "
                   "month"});
    visit.number(incidents.violations,
                 {.name = "violations",
                  .dimension = Dimension::rate,
                  .legal = between(0, 30),
                  .plausible = {0, 0.05},
                  .meaning = "rate of compliance incidents without data culture, under full regulation"});
    visit.number(incidents.destroyed, {.name = "destroyed",
                                       .dimension = Dimension::share,
                                       .legal = between(0, 1),
                                       .plausible = {0, 1},
                                       .meaning = "part of the stock that a security incident reaches"});
    visit.number(incidents.backup, {.name = "backup",
                                    .dimension = Dimension::share,
                                    .legal = between(0, 1),
                                    .plausible = {0, 1},
                                    .meaning = "part of what it reaches that backup brings back"});
    visit.number(incidents.cost, {.name = "cost",
                                  .dimension = Dimension::money,
                                  .legal = at_least(0),
                                  .plausible = {20000, 2000000},
                                  .meaning = "what an incident costs, without risk culture"});
    visit.number(
        incidents.turnover_share,
        {.name = "turnover_share",
         .dimension = Dimension::share,
         .legal = between(0, 10),
         .plausible = {0, 0.1},
         .meaning = "what it costs besides, as a share of a year's revenue",
         .source = "the highest fine of the EU's General Data Protection Regulation, article 83(5), is 4% of "
                   "turnover; that fines and repairs come to as much on average is assumed"});
    visit.number(incidents.customers_lost, {.name = "customers_lost",
                                            .dimension = Dimension::share,
                                            .legal = between(0, 1),
                                            .plausible = {0, 0.2},
                                            .meaning = "part of the accounts that leave at an incident"});
    visit.number(incidents.brand_lost, {.name = "brand_lost",
                                        .dimension = Dimension::share,
                                        .legal = between(0, 1),
                                        .plausible = {0, 0.5},
                                        .meaning = "part of the brand's value that an incident takes"});
    visit.number(incidents.investors_doubt, {.name = "investors_doubt",
                                             .legal = between(0, 20),
                                             .plausible = {0, 2},
                                             .meaning = "log-odds of a raise that a recent incident takes"});
    visit.number(incidents.doubt_fades, {.name = "doubt_fades",
                                         .dimension = Dimension::duration,
                                         .legal = above(0),
                                         .plausible = {6, 24},
                                         .meaning = "time in which that falls to a third"});
}

/// How data become a stock that models can be trained on.
struct DataParameters {
    DataSourceParameters purchase = {
        .tokens = LogNormal{4e9, 0.5}, .noise = 0.08, .missing = 0.03, .duplicates = 0.05};
    DataSourceParameters scrape = {
        .tokens = LogNormal{8e9, 0.8}, .noise = 0.3, .missing = 0.08, .duplicates = 0.35};
    DataSourceParameters feedback = {
        .tokens = LogNormal{5e8, 0.6}, .noise = 0.15, .missing = 0.1, .duplicates = 0.1};
    DataIncidentParameters incidents;
    double people_share = 0.6;
    double purchase_share = 0.25;
    double batch_price = 15000;
    double scraped = 0.4;
    double feedback_batches = 0.03;
    bool flywheel = true;
    double initial_tokens = 2e10;
    Distribution collection = Exponential{0.1};
    Distribution cleaning = Exponential{0.3};
    Distribution storage = Exponential{0.05};
    Distribution query = Exponential{0.1};
    double removal = 0.6;
    double removal_by_tools = 0.3;
    double tools_scale = 5000;
    double inspection = 0.2;
    double tolerated_noise = 0.15;
    std::int64_t most_passes = 3;
    double half_life = 30;
};

template <class Visitor>
void describe(DataParameters& data, Visitor& visit) {
    visit.group("purchase", "data that are bought", data.purchase);
    visit.group("scrape", "data that are collected from open places", data.scrape);
    visit.group("feedback", "data that customers make by using the product", data.feedback);
    visit.group("incidents", "security, compliance and backup", data.incidents);
    visit.number(data.people_share, {.name = "people_share",
                                     .dimension = Dimension::share,
                                     .legal = between(0, 1),
                                     .plausible = {0.3, 0.8},
                                     .meaning = "part of the data budget that pays data people"});
    visit.number(data.purchase_share,
                 {.name = "purchase_share",
                  .dimension = Dimension::share,
                  .legal = between(0, 1),
                  .plausible = {0, 0.6},
                  .meaning = "part of the data budget that buys data; what is left pays for "
                             "tools: cleaning, monitoring, security, backup"});
    visit.number(data.batch_price, {.name = "batch_price",
                                    .dimension = Dimension::money,
                                    .legal = above(0),
                                    .plausible = {2000, 100000},
                                    .meaning = "price of a batch that is bought"});
    visit.number(data.scraped, {.name = "scraped",
                                .dimension = Dimension::rate,
                                .legal = between(0, 100),
                                .plausible = {0, 2},
                                .meaning = "batches that one data engineer collects from open places"});
    visit.number(
        data.feedback_batches,
        {.name = "feedback_batches",
         .dimension = Dimension::rate,
         .legal = between(0, 100),
         .plausible = {0, 0.2},
         .meaning = "batches that the use of the product by one account makes, where privacy allows it"});
    visit.flag(data.flywheel, {.name = "flywheel", .meaning = "whether customers' feedback becomes data"});
    visit.number(data.initial_tokens, {.name = "initial_tokens",
                                       .legal = above(0),
                                       .plausible = {1e9, 1e12},
                                       .meaning = "clean tokens that a startup begins with: open data",
                                       .takes = Takes::effect_at_start_only});
    visit.distribution(data.collection, {.name = "collection",
                                         .dimension = Dimension::duration,
                                         .legal = at_least(0),
                                         .meaning = "time to collect a batch"});
    visit.distribution(data.cleaning,
                       {.name = "cleaning",
                        .dimension = Dimension::duration,
                        .legal = at_least(0),
                        .meaning = "time that one data person of skill 1 takes to clean a batch"});
    visit.distribution(data.storage, {.name = "storage",
                                      .dimension = Dimension::duration,
                                      .legal = at_least(0),
                                      .meaning = "time to store a batch"});
    visit.distribution(data.query, {.name = "query",
                                    .dimension = Dimension::duration,
                                    .legal = at_least(0),
                                    .meaning = "time to index a batch, so that runs can query it"});
    visit.number(data.removal,
                 {.name = "removal",
                  .dimension = Dimension::share,
                  .legal = between(0, 1),
                  .plausible = {0.3, 0.9},
                  .meaning = "part of the junk that one pass of cleaning removes without tools"});
    visit.number(
        data.removal_by_tools,
        {.name = "removal_by_tools",
         .dimension = Dimension::share,
         .legal = between(0, 1),
         .plausible = {0, 0.4},
         .meaning = "part of the junk left over that tools without limit would remove too; culture scales "
                    "what people and tools remove"});
    visit.number(data.tools_scale, {.name = "tools_scale",
                                    .dimension = Dimension::money_per_month,
                                    .legal = above(0),
                                    .plausible = {1000, 50000},
                                    .meaning = "spending on tools that brings half of what tools can bring"});
    visit.number(data.inspection,
                 {.name = "inspection",
                  .dimension = Dimension::share,
                  .legal = between(0, 1),
                  .plausible = {0, 1},
                  .meaning = "part of the cleaned batches that quality monitoring samples, at full "
                             "tools; without tools half as many"});
    visit.number(data.tolerated_noise,
                 {.name = "tolerated_noise",
                  .dimension = Dimension::share,
                  .legal = between(0, 1),
                  .plausible = {0.02, 0.3},
                  .meaning = "junk in a sampled batch above which it is cleaned again"});
    visit.whole(data.most_passes, {.name = "most_passes",
                                   .dimension = Dimension::count,
                                   .legal = between(1, 100),
                                   .plausible = {1, 6},
                                   .meaning = "how often a batch is cleaned before it is given up"});
    visit.number(data.half_life, {.name = "half_life",
                                  .dimension = Dimension::duration,
                                  .legal = above(0),
                                  .plausible = {12, 120},
                                  .meaning = "age at which data are worth half as many fresh ones"});
}

}  // namespace venturi
