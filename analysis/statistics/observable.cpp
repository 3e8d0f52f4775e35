#include "analysis/statistics/observable.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

namespace venturi {

namespace {

bool is_observable_name(std::string_view name) {
    return !name.empty()
           && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

bool has_its_functions(const Observable& observable) {
    switch (observable.kind) {
        case ObservableKind::scalar:
        case ObservableKind::series:
            return bool(observable.measure);
        case ObservableKind::pooled:
            return bool(observable.collect);
        case ObservableKind::distribution:
            return observable.categories && observable.fill;
        case ObservableKind::survival:
        case ObservableKind::restricted_mean:
            return true;
    }
    return false;
}

}  // namespace

Observable scalar_observable(std::string_view name, Dimension dimension, std::string_view meaning,
                             std::function<double(const PlainWorld&)> measure, Counting counting) {
    return {.kind = ObservableKind::scalar,
            .name = std::string(name),
            .dimension = dimension,
            .meaning = std::string(meaning),
            .counting = counting,
            .measure = std::move(measure)};
}

Observable series_observable(std::string_view name, Dimension dimension, std::string_view meaning,
                             std::function<double(const PlainWorld&)> measure, Counting counting) {
    Observable observable = scalar_observable(name, dimension, meaning, std::move(measure), counting);
    observable.kind = ObservableKind::series;
    return observable;
}

Observable pooled_observable(std::string_view name, Dimension dimension, std::string_view meaning,
                             std::function<void(const PlainWorld&, PooledValues&)> collect) {
    return {.kind = ObservableKind::pooled,
            .name = std::string(name),
            .dimension = dimension,
            .meaning = std::string(meaning),
            .collect = std::move(collect)};
}

Observable distribution_observable(std::string_view name, Dimension dimension, std::string_view meaning,
                                   std::string_view category,
                                   std::function<std::vector<std::string>(const WorldParameters&)> categories,
                                   std::function<void(const PlainWorld&, std::span<double>)> fill) {
    return {.kind = ObservableKind::distribution,
            .name = std::string(name),
            .dimension = dimension,
            .meaning = std::string(meaning),
            .counting = dimension == Dimension::number ? Counting::events : Counting::none,
            .category = std::string(category),
            .categories = std::move(categories),
            .fill = std::move(fill)};
}

ObservableSet::ObservableSet(std::vector<Observable> observables) : all_(std::move(observables)) {
    std::set<std::string_view> names;
    for (const Observable& observable : all_) {
        if (!is_observable_name(observable.name))
            throw std::invalid_argument("'" + observable.name
                                        + "' can't be an observable's name; legal are a-z, 0-9 and _");
        if (!names.insert(observable.name).second)
            throw std::invalid_argument("there are two observables '" + observable.name + "'");
        if (!has_its_functions(observable))
            throw std::invalid_argument("observable '" + observable.name
                                        + "' lacks the function that collects it");
    }
    std::ranges::stable_sort(all_, {}, &Observable::kind);
}

std::span<const Observable> ObservableSet::of(ObservableKind kind) const {
    const auto first = std::ranges::lower_bound(all_, kind, {}, &Observable::kind);
    const auto last = std::ranges::upper_bound(all_, kind, {}, &Observable::kind);
    return {first, last};
}

std::optional<ObservableReference> ObservableSet::find(std::string_view name) const {
    constexpr std::string_view mean = ".mean";
    constexpr std::string_view median = ".median";
    ObservableReference reference;
    const std::string_view whole = name;
    if (name.ends_with(median)) reference.statistic = PooledStatistic::median;
    if (name.ends_with(median))
        name.remove_suffix(median.size());
    else if (name.ends_with(mean))
        name.remove_suffix(mean.size());
    if (const auto bracket = name.find('['); bracket != std::string_view::npos && name.ends_with(']')) {
        reference.category = name.substr(bracket + 1, name.size() - bracket - 2);
        name = name.substr(0, bracket);
    }
    const auto found = std::ranges::find(all_, name, &Observable::name);
    if (found == all_.end()) return std::nullopt;
    reference.kind = found->kind;
    reference.place = static_cast<std::size_t>(&*found - of(found->kind).data());
    const bool is_distribution = found->kind == ObservableKind::distribution;
    if (is_distribution == reference.category.empty()) return std::nullopt;
    // Only pooled values have more than one statistic.
    const bool has_ending = whole.ends_with(mean) || whole.ends_with(median);
    if (has_ending && found->kind != ObservableKind::pooled) return std::nullopt;
    return reference;
}

std::vector<std::string> ObservableSet::names() const {
    std::vector<std::string> names;
    for (const ObservableKind kind : {ObservableKind::survival, ObservableKind::restricted_mean,
                                      ObservableKind::scalar, ObservableKind::series})
        for (const Observable& observable : of(kind)) names.push_back(observable.name);
    for (const Observable& observable : of(ObservableKind::pooled)) {
        names.push_back(observable.name + ".median");
        names.push_back(observable.name + ".mean");
    }
    return names;
}

std::string_view udunits_of(Dimension dimension) {
    switch (dimension) {
        case Dimension::number:
        case Dimension::share:
        case Dimension::count:
            return "1";
        case Dimension::money:
            return "USD";
        case Dimension::money_per_month:
            return "USD month-1";
        case Dimension::duration:
            return "month";
        case Dimension::rate:
            return "month-1";
    }
    return "1";
}

}  // namespace venturi
