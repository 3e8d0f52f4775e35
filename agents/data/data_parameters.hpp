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

/// How data become a stock that models can be trained on.
struct DataParameters {
    DataSourceParameters purchase = {
        .tokens = LogNormal{4e9, 0.5}, .noise = 0.08, .missing = 0.03, .duplicates = 0.05};
    DataSourceParameters scrape = {
        .tokens = LogNormal{8e9, 0.8}, .noise = 0.3, .missing = 0.08, .duplicates = 0.35};
    DataSourceParameters feedback = {
        .tokens = LogNormal{5e8, 0.6}, .noise = 0.15, .missing = 0.1, .duplicates = 0.1};
    DataSourceParameters partners = {
        .tokens = LogNormal{2e9, 0.8}, .noise = 0.1, .missing = 0.05, .duplicates = 0.05};
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
    double backup = 0.7;
};

template <class Visitor>
void describe(DataParameters& data, Visitor& visit) {
    visit.group("purchase", "data that are bought", data.purchase);
    visit.group("scrape", "data that are collected from open places", data.scrape);
    visit.group("feedback", "data that customers make by using the product", data.feedback);
    visit.group("partners", "data that partners share", data.partners);
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
                                    .legal = at_least(1),  // for less, batches come without end
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
    visit.number(data.backup,
                 {.name = "backup",
                  .dimension = Dimension::share,
                  .legal = between(0, 1),
                  .plausible = {0, 1},
                  .meaning = "part of the data that an incident reaches that backup brings back"});
}

}  // namespace venturi
