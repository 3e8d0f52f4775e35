#include "agents/event_rush.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <sstream>
#include <string_view>

namespace venturi {

namespace {

constexpr std::uint32_t looked_through = 10'000;

double agents_of(const WorldParameters& parameters) {
    double agents = 0;
    const auto leaves = static_cast<double>(parameters.risk.leaves.size());
    for (const StartupGroupParameters& group : parameters.startups)
        agents += static_cast<double>(group.count) * (group.inside == Inside::outline ? 1 : 1 + leaves);
    for (const InvestorGroupParameters& group : parameters.investors)
        agents += static_cast<double>(group.count);
    for (const InsurerGroupParameters& group : parameters.insurers)
        agents += static_cast<double>(group.count);
    for (const PartnerGroupParameters& group : parameters.partners)
        agents += static_cast<double>(group.count);
    return agents;
}

double accounts_and_people_of(const WorldParameters& parameters) {
    double sum = 0;
    for (const SegmentParameters& segment : parameters.market.segments) sum += segment.size;
    for (const Role role : {Role::researcher, Role::engineer, Role::data, Role::business})
        sum += parameters.talent.of(role).looking;
    for (const PartnerGroupParameters& group : parameters.partners)
        sum += static_cast<double>(group.count) * group.people;
    return sum;
}

}  // namespace

std::uint64_t most_events_a_month(const WorldParameters& parameters) {
    constexpr double most = 1e15;
    return static_cast<std::uint64_t>(
        std::min(1e6 + 1e4 * agents_of(parameters) + 100 * accounts_and_people_of(parameters), most));
}

void EventWatch::look(const Event& event, double now) {
    constexpr double month = 1;
    if (watching_ == 0 && now - looked_ >= month) {
        looked_ = now;
        look_at_ = delivered_ + most_;
        return;
    }
    look_at_ = delivered_ + 1;
    ++seen_[static_cast<std::size_t>(event.what)];
    if (++watching_ < looked_through) return;
    const auto commonest = std::max_element(seen_.begin(), seen_.end());
    const auto kind = static_cast<std::size_t>(commonest - seen_.begin());
    const std::string_view name = kind < happening_names.size() ? happening_names[kind] : "interventions";
    std::ostringstream text;
    text << "more than " << most_ << " events within a month, from month " << looked_ << " to month " << now
         << "; " << std::round(100.0 * *commonest / looked_through) << "% of the last are " << name
         << ". Some rate is too high for this world, or some time too short";
    throw EventRush(text.str());
}

}  // namespace venturi
